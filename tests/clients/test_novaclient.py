"""python-novaclient: older programs, at the oldest microversion and at the newest."""

import os

import pytest
import yaml
from conftest import until
from novaclient import client


@pytest.fixture(params=["2.1", "2.96"])
def nova(request):
    with open(os.environ["OS_CLIENT_CONFIG_FILE"]) as file:
        cloud = yaml.safe_load(file)["clouds"]["guichet"]
    return client.Client(request.param, region_name=cloud["region_name"], **cloud["auth"])


@pytest.fixture
def server(nova):
    # From 2.37 on one has to say which network, also that it is none.
    nics = None if nova.api_version.get_string() == "2.1" else "none"
    image = nova.glance.find_image("cirros")
    flavor = nova.flavors.find(name="m1.tiny")
    server = nova.servers.create("web", image, flavor, nics=nics)
    assert server.adminPass
    return waited(nova, server, "ACTIVE")


def waited(nova, server, status):
    def there():
        now = nova.servers.get(server.id)
        done = now.status == status and getattr(now, "OS-EXT-STS:task_state") is None
        return done and now

    return until(there, status)


def test_reboot_stop_start_and_delete(nova, server):
    for kind in ["SOFT", "HARD"]:
        server.reboot(kind)
        waited(nova, server, "ACTIVE")
    server.stop()
    waited(nova, server, "SHUTOFF")
    server.start()
    waited(nova, server, "ACTIVE")
    server.delete()
    until(lambda: not nova.servers.list(), "the deletion")


def test_lists_go_on_until_the_last_page(nova, server):
    assert [one.id for one in nova.servers.list()] == [server.id]
    assert [one.id for one in nova.servers.list(limit=-1)] == [server.id]
    assert nova.servers.list(search_opts={"status": "SHUTOFF"}) == []


def test_actions_limits_and_quota(nova, server):
    assert [action.action for action in nova.instance_action.list(server)] == ["create"]
    absolute = {limit.name: limit.value for limit in nova.limits.get().absolute}
    assert (absolute["maxTotalInstances"], absolute["totalInstancesUsed"]) == (10, 1)
    assert nova.quotas.get(server.tenant_id).instances == 10
