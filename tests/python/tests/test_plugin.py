"""What the plugin gives a test, with openstacksdk."""

import datetime

import keystoneauth1.exceptions
import openstack
import pytest

import guichet


def make(cloud, name, **kwargs):
    return cloud.create_server(
        name, image="cirros", flavor="m1.tiny", network="private", wait=True, timeout=60, **kwargs
    )


@pytest.mark.parametrize("number", range(3))
def test_each_test_has_a_cloud_of_its_own(guichet_world, number):
    cloud = guichet_world.connection()
    assert list(cloud.compute.servers()) == []
    assert make(cloud, f"server-{number}").status == "ACTIVE"
    assert guichet_world.servers() == 1


def test_another_user_sees_its_own(guichet_world):
    make(guichet_world.connection(), "of-demo")
    alt = guichet_world.connection(username="alt", project_name="alt")
    assert list(alt.compute.servers()) == []
    admin = guichet_world.connection(username="admin", project_name="admin")
    assert [server.name for server in admin.compute.servers(all_projects=True)] == ["of-demo"]


@pytest.mark.guichet(profile="realistic", speed=1000)
def test_what_takes_a_minute_takes_none(guichet_world):
    assert make(guichet_world.connection(), "slow").status == "ACTIVE"


@pytest.mark.guichet(profile="realistic", jump=True)
def test_nobody_waits_where_time_jumps(guichet_world):
    before = guichet_world.clock.now()
    server = make(guichet_world.connection(), "at-once")
    assert server.status == "ACTIVE"
    # Such machines take seconds, and they are in the world's time.
    assert guichet_world.clock.now() - before > datetime.timedelta(seconds=2)
    # Found ACTIVE at every look: who finds it in BUILD waits for two seconds before the next one.
    looks = guichet_world.requests(method="GET", path=f"/compute/v2.1/servers/{server.id}")
    assert 1 <= len(looks) <= 3


@pytest.mark.guichet(profile="realistic")
def test_time_stands_still_until_it_is_moved_on(guichet_world):
    cloud = guichet_world.connection()
    guichet_world.clock.freeze()
    before = guichet_world.clock.now()
    server = cloud.create_server(
        "slow", image="cirros", flavor="m1.tiny", network="private", wait=False
    )
    assert cloud.compute.get_server(server.id).status == "BUILD"
    assert guichet_world.clock.now() == before
    moved = guichet_world.clock.advance(until_idle=True)
    assert moved.reached and moved.now > before and moved.steps >= 1
    assert cloud.compute.get_server(server.id).status == "ACTIVE"
    new_year = datetime.datetime(2031, 1, 1, tzinfo=datetime.timezone.utc)
    assert guichet_world.clock.advance(to=new_year).now == new_year
    assert guichet_world.clock.advance(90).now == new_year + datetime.timedelta(seconds=90)
    with pytest.raises(guichet.GuichetError, match="never goes back") as refused:
        guichet_world.clock.advance(to="2030-01-01T00:00:00Z")
    assert refused.value.status == 400


def test_what_goes_wrong_is_what_was_asked_for(guichet_world):
    cloud = guichet_world.connection()
    faults = guichet_world.faults
    assert faults.add(on="operation", action="create", do_="error", message="no disk", times=1) == [1]
    with pytest.raises(openstack.exceptions.SDKException, match="no disk|rror"):
        make(cloud, "first")
    assert make(cloud, "second").status == "ACTIVE"
    # A connection that is lost once a server was made: the client does not know that it has one.
    faults.add(on="request", method="POST", path="/compute/v2.1/servers", times=1, do_="close", after=True)
    with pytest.raises(keystoneauth1.exceptions.ConnectFailure):
        make(cloud, "lost")
    assert [server.name for server in cloud.compute.servers()].count("lost") == 1
    rules = faults.list()
    assert [(rule.struck, rule.says["do"]) for rule in rules] == [(1, "error"), (1, "close")]
    faults.clear()
    faults.scenario("outage")
    with pytest.raises(openstack.exceptions.HttpException) as refused:
        list(cloud.compute.servers())
    assert refused.value.response.status_code == 503


def test_what_was_sent_is_known(guichet_world):
    cloud = guichet_world.connection()
    guichet_world.forget_requests()
    make(cloud, "one")
    [sent] = guichet_world.requests(method="POST", path="/compute/v2.1/servers")
    assert (sent.status, sent.number) == (202, guichet_world.requests()[sent.number - 1].number)
    assert "openstacksdk" in sent.user_agent
    assert guichet_world.requests(status=404, method="DELETE") == []
    with pytest.raises(guichet.GuichetError, match="expected a number such as 202"):
        guichet_world.requests(status=1)


def test_bodies_and_operations_are_known(guichet_world):
    guichet_world.remember(bodies=16_384, headers=["X-Auth-Token"])
    make(guichet_world.connection(), "one")
    [sent] = guichet_world.requests(method="POST", path="*/servers", status="2*")
    assert sent.body["server"]["name"] == "one" and sent.headers == {"x-auth-token": "***"}
    [done] = guichet_world.operations(request=sent.id)
    assert (done.action, done.state, done.name) == ("create", "succeeded", "one")
    assert done.queued_at <= done.running_at <= done.done_at


def test_tokens_go_by_the_worlds_time(guichet_world):
    cloud = guichet_world.connection()
    before = cloud.auth_token
    guichet_world.clock.tokens("world")
    guichet_world.clock.advance(172_800)
    # The client logs in again.
    assert list(cloud.compute.servers()) == [] and cloud.auth_token != before


def test_a_host_dies_and_lives_again(guichet_world):
    cloud = guichet_world.connection()
    [rule] = guichet_world.faults.scenario("host-dies", host="*")
    with pytest.raises(openstack.exceptions.SDKException):
        make(cloud, "one")
    guichet_world.faults.remove(rule)
    make(cloud, "two")


def test_a_reset_world_is_empty(guichet_world):
    make(guichet_world.connection(), "before")
    guichet_world.reset()
    assert list(guichet_world.connection().compute.servers()) == []


def test_a_world_goes_back_and_is_forked(guichet_world):
    cloud = guichet_world.connection()
    make(cloud, "kept")
    taken = guichet_world.snapshot("base")
    assert (taken.name, taken.servers, taken.operations) == ("base", 1, 0)
    assert taken.now is not None
    with guichet_world.fork("base") as other:
        make(other.connection(), "its-own")
        assert sorted(row.name for row in other.connection().compute.servers()) == ["its-own", "kept"]
        assert other.snapshots.list() == []
    [server] = cloud.compute.servers()
    cloud.compute.delete_server(server)
    guichet_world.restore("base")
    # The same token as before.
    assert [row.name for row in cloud.compute.servers()] == ["kept"]
    with pytest.raises(guichet.GuichetError, match="has a snapshot"):
        guichet_world.snapshot("base")
    assert guichet_world.snapshot("base", replace=True) in guichet_world.snapshots.list()


def test_a_fleet_is_written_by_hand(guichet_world):
    server = {"name": "web", "flavor": "m1.tiny", "image": "cirros", "vm_state": "stopped"}
    document = {"format": "guichet-snapshot", "version": 1, "servers": [server]}
    assert guichet_world.snapshots.load("fleet", document).now is None
    guichet_world.restore("fleet")
    [row] = guichet_world.connection().compute.servers()
    assert (row.name, row.status) == ("web", "SHUTOFF")
    exported = guichet_world.snapshots.export("fleet")
    assert exported["servers"][0]["id"] == row.id
    guichet_world.snapshots.delete("fleet")
    assert guichet_world.snapshots.list() == []
    with pytest.raises(guichet.GuichetError, match="flavour: there is no such field"):
        guichet_world.snapshots.load("fleet", {**document, "servers": [{"flavour": "x"}]})


def test_a_world_is_made_of_what_is_said(guichet_cloud, tmp_path):
    config = '[[project]]\nname = "lab"\n[[user]]\nname = "ada"\nroles = [{ project = "lab", role = "member" }]\n'
    path = tmp_path / "lab.toml"
    path.write_text(config)
    for given in (config, str(path)):
        with guichet_cloud.world(config=given, seed=5) as world:
            assert (world.seed, world.environment["OS_USERNAME"]) == (5, "ada")
            assert world.connection().current_project.name == "lab"
    with pytest.raises(guichet.GuichetError, match="expected one of instant"):
        guichet_cloud.world(profile="nonsense")
    with pytest.raises(guichet.GuichetError, match="no such world|has ended"):
        world.servers()


def test_a_world_that_has_ended_can_be_ended(guichet_cloud):
    world = guichet_cloud.world()
    world.end()
    world.end()
