"""Worlds: each test its own cloud, through unmodified clients."""

import json
import os
import subprocess
import urllib.error
import urllib.request

import openstack
import pytest


@pytest.fixture(scope="module")
def service(demo):
    """Where the server that `run` started is."""
    return demo.config.auth["auth_url"].removesuffix("/identity")


def steer(service, method, path, body=None, token=None):
    """A request to the API that steers worlds; what was answered."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = json.dumps(body).encode() if body is not None else None
    url = f"{service}/guichet/v1/{path}"
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    with urllib.request.urlopen(request, timeout=20) as answer:
        text = answer.read()
    return json.loads(text) if text else None


@pytest.fixture
def world(service, request):
    """A world for one test; with machines that take their time, if its name says so."""
    slow = "slow" in request.node.name
    made = steer(service, "POST", "worlds", {"profile": "realistic"} if slow else {})
    yield made
    steer(service, "DELETE", f"worlds/{made['world']['id']}", token=made["control_token"])


def connect(made):
    """A connection to a world as its answer's environment says."""
    environment = {name.removeprefix("OS_").lower(): value for name, value in made["environment"].items()}
    return openstack.connect(load_yaml_config=False, load_envvars=False, **environment)


def make(cloud, name):
    image = cloud.image.find_image("cirros", ignore_missing=False)
    flavor = cloud.compute.find_flavor("m1.tiny", ignore_missing=False)
    network = cloud.network.find_network("private", ignore_missing=False)
    made = cloud.compute.create_server(
        name=name, image_id=image.id, flavor_id=flavor.id, networks=[{"uuid": network.id}]
    )
    return cloud.compute.wait_for_server(made, wait=20)


def test_a_world_has_its_own_servers(world, demo):
    cloud = connect(world)
    make(cloud, "inside")
    make(demo, "outside")
    assert [server.name for server in cloud.compute.servers()] == ["inside"]
    assert [server.name for server in demo.compute.servers()] == ["outside"]
    assert cloud.compute.get_limits().absolute.instances_used == 1


def test_pages_stay_in_the_world(world):
    cloud = connect(world)
    for n in range(5):
        make(cloud, f"server-{n}")
    names = [server.name for server in cloud.compute.servers(limit=2)]
    assert names == [f"server-{n}" for n in reversed(range(5))]


def test_a_reset_world_is_empty_and_wants_a_new_token(service, world):
    cloud = connect(world)
    make(cloud, "before")
    old_token = cloud.auth_token
    steer(service, "POST", f"worlds/{world['world']['id']}/reset", token=world["control_token"])
    assert list(connect(world).compute.servers()) == []
    request = urllib.request.Request(
        f"{world['world']['url']}/compute/v2.1/servers", headers={"X-Auth-Token": old_token}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=20)
    assert refused.value.code == 401


def test_the_command_makes_one_for_a_shell(service):
    """What `eval "$(guichet world create --format env)"` sets is all that `openstack` needs."""
    guichet = os.environ["GUICHET_BIN"]
    script = f"""
        set -e
        lines=$({guichet} world create --url {service} --profile instant --format env)
        eval "$lines"
        unset OS_CLIENT_CONFIG_FILE
        openstack server create --flavor m1.tiny --image cirros --network private --wait \\
            -f value -c status one
        openstack server list -f value -c Name
        {guichet} world end
        {guichet} world show && exit 9 || echo "exit $?"
    """
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "ACTIVE" in done.stdout and "\none\n" in done.stdout
    assert "has ended" in done.stdout and "exit 2" in done.stdout
    assert "The control token is for something else, or has ended." in done.stderr


def test_a_slow_cloud_is_waited_for_in_no_time(service, world):
    """Its machines take tens of seconds, of a world whose time goes a thousand times as fast."""
    path = f"worlds/{world['world']['id']}"
    steer(service, "PUT", f"{path}/clock", {"speed": 1000}, world["control_token"])
    cloud = connect(world)
    assert make(cloud, "fast").status == "ACTIVE"
    steer(service, "PUT", f"{path}/clock", {"speed": 0}, world["control_token"])
    server = cloud.compute.find_server("fast")
    cloud.compute.reboot_server(server, "HARD")
    assert cloud.compute.get_server(server.id).status == "HARD_REBOOT"
    moved = steer(
        service, "POST", f"{path}/clock/advance", {"until_idle": True}, world["control_token"]
    )
    assert moved["reached"]
    assert cloud.compute.get_server(server.id).status == "ACTIVE"
