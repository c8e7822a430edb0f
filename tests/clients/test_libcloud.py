"""apache-libcloud: programs that speak to any cloud."""

import os

import pytest
import yaml
from libcloud.compute.providers import get_driver
from libcloud.compute.types import NodeState, Provider
from conftest import until


@pytest.fixture
def driver():
    with open(os.environ["OS_CLIENT_CONFIG_FILE"]) as file:
        cloud = yaml.safe_load(file)["clouds"]["guichet"]
    auth = cloud["auth"]
    return get_driver(Provider.OPENSTACK)(
        auth["username"],
        auth["password"],
        api_version="2.2",
        ex_force_auth_url=auth["auth_url"],
        ex_force_auth_version="3.x_password",
        ex_tenant_name=auth["project_name"],
        ex_force_service_region=cloud["region_name"],
    )


def test_create_reboot_stop_start_and_destroy(driver):
    (image,) = [image for image in driver.list_images() if image.name == "cirros"]
    (size,) = [size for size in driver.list_sizes() if size.name == "m1.tiny"]
    (network,) = driver.ex_list_networks()
    node = driver.create_node("web", size, image, networks=[network])
    assert node.extra["password"]

    def running():
        waits = {"wait_period": 0.1, "timeout": 20, "ssh_interface": "private_ips"}
        ((there, _),) = driver.wait_until_running([node], **waits)
        return there

    assert running().private_ips[0].startswith("10.0.")
    assert driver.reboot_node(node)
    assert running().id == node.id
    assert driver.stop_node(node)
    state = lambda: driver.ex_get_node_details(node.id).state
    until(lambda: state() == NodeState.STOPPED, "the stop")
    assert driver.start_node(node)
    until(lambda: state() == NodeState.RUNNING, "the start")
    assert [one.name for one in driver.list_nodes()] == ["web"]
    assert driver.destroy_node(node)
    until(lambda: driver.list_nodes() == [], "the deletion")
