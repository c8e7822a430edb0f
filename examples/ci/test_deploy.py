"""A test that wants servers, and the cloud it gets: see workflow.yml."""

import openstack
import pytest


@pytest.fixture
def cloud():
    cloud = openstack.connect(cloud="guichet")
    yield cloud
    for server in cloud.list_servers():
        cloud.delete_server(server.id, wait=True)


def test_two_web_servers_come_up_and_one_goes(cloud):
    for name in ["web-1", "web-2"]:
        cloud.create_server(name, image="cirros", flavor="m1.tiny", network="private", wait=True)
    cloud.compute.reboot_server(cloud.get_server("web-1").id, "HARD")
    cloud.delete_server("web-2", wait=True)
    assert [server.name for server in cloud.list_servers()] == ["web-1"]
