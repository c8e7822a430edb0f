"""openstacksdk: what programs call."""

from concurrent.futures import ThreadPoolExecutor

import openstack
import pytest
from conftest import until
from openstack import exceptions

THREADS = 16
EACH = 2


@pytest.fixture(scope="session")
def plain(demo):
    """What a create needs at least."""
    return {
        "image_id": demo.image.find_image("cirros").id,
        "flavor_id": demo.compute.find_flavor("m1.tiny").id,
        "networks": "none",
    }


def create(cloud, name):
    return cloud.create_server(
        name, image="cirros", flavor="m1.tiny", network="private", auto_ip=False, wait=True
    )


def waited(cloud, server, status="ACTIVE"):
    """The server once it is there. Looked up anew: the SDK believes the status in its hand."""
    return cloud.compute.wait_for_server(cloud.compute.get_server(server.id), status, interval=1)


def test_create_server_waits_for_an_address(demo):
    server = create(demo, "web")
    assert server.status == "ACTIVE"
    assert server.private_v4.startswith("10.0.")
    assert server.admin_password


def test_create_server_looks_for_a_floating_ip_and_lives_without(demo):
    """Its default, `auto_ip`: networks, subnets, ports and floating addresses are asked for."""
    server = demo.create_server(
        "web", image="cirros", flavor="m1.tiny", network="private", wait=True
    )
    assert (server.status, server.public_v4) == ("ACTIVE", "")


def test_reboot_stop_and_start(demo):
    server = create(demo, "web")
    for kind in ["SOFT", "HARD"]:
        demo.compute.reboot_server(server, kind)
        assert demo.compute.get_server(server.id).status in {"REBOOT", "HARD_REBOOT", "ACTIVE"}
        assert waited(demo, server).task_state is None
    demo.compute.stop_server(server)
    assert waited(demo, server, "SHUTOFF").power_state == 4
    demo.compute.start_server(server)
    assert waited(demo, server).power_state == 1


def test_servers_are_found_by_name_and_by_id(demo):
    server = create(demo, "web")
    assert demo.get_server("web").id == server.id
    assert demo.compute.find_server(server.id).name == "web"
    assert demo.compute.find_server("nosuch") is None
    with pytest.raises(exceptions.NotFoundException):
        demo.compute.get_server("nosuch")


def test_lists_filter_sort_and_page(demo, plain):
    for name in ["b", "a", "c"]:
        waited(demo, demo.compute.create_server(name=name, tags=[f"is-{name}"], **plain))
    names = lambda **query: [server.name for server in demo.compute.servers(**query)]
    assert names(sort_key="display_name", sort_dir="asc") == ["a", "b", "c"]
    assert names(name="^a$") == ["a"]
    assert names(tags="is-b") == ["b"]
    assert names(status="SHUTOFF") == []
    assert len(names(status="ACTIVE", limit=1)) == 3, "the SDK follows the link of each page"
    assert sorted(names(details=False)) == ["a", "b", "c"]


def test_metadata_is_set_merged_and_deleted(demo, plain):
    server = waited(demo, demo.compute.create_server(name="web", metadata={"a": "1"}, **plain))
    demo.compute.set_server_metadata(server, b="2")
    assert demo.compute.get_server_metadata(server).metadata == {"a": "1", "b": "2"}
    demo.compute.delete_server_metadata(server, ["a"])
    assert demo.compute.get_server(server.id).metadata == {"b": "2"}


def test_tags_are_added_checked_replaced_and_removed(demo, plain):
    server = waited(demo, demo.compute.create_server(name="web", **plain))
    server.add_tag(demo.compute, "one")
    assert server.check_tag(demo.compute, "one")
    server.set_tags(demo.compute, ["two", "three"])
    assert sorted(server.fetch_tags(demo.compute).tags) == ["three", "two"]
    server.remove_tag(demo.compute, "two")
    server.remove_all_tags(demo.compute)
    assert demo.compute.get_server(server.id).tags == []


def test_update_lock_and_unlock(demo, plain):
    server = waited(demo, demo.compute.create_server(name="old", **plain))
    assert demo.compute.update_server(server, name="new", description="text").name == "new"
    demo.compute.lock_server(server, locked_reason="mine")
    locked = demo.compute.get_server(server.id)
    assert (locked.is_locked, locked.locked_reason, locked.description) == (True, "mine", "text")
    with pytest.raises(exceptions.ConflictException, match="is locked"):
        demo.compute.delete_server(server)
    demo.compute.unlock_server(server)


def test_delete_waits_until_the_server_is_gone(demo):
    server = create(demo, "web")
    assert demo.delete_server("web", wait=True) is True
    assert demo.get_server("web") is None
    assert demo.delete_server(server.id) is False, "there is nothing left to delete"


def test_actions_outlive_their_server(demo, plain):
    server = waited(demo, demo.compute.create_server(name="web", **plain))
    demo.compute.delete_server(server)
    demo.compute.wait_for_delete(server, interval=1)
    actions = [action.action for action in demo.compute.server_actions(server.id)]
    assert actions == ["delete", "create"]


def test_many_threads_create_and_delete_at_once(demo, plain):
    """More than the quota has room for: over quota, one waits until another has deleted."""

    def tried(cloud, name):
        try:
            return cloud.compute.create_server(name=name, **plain)
        except exceptions.ForbiddenException as refusal:
            assert "Quota exceeded for instances" in refusal.details
            return None

    def life(number):
        cloud = openstack.connect(cloud="guichet")
        lived = []
        for round in range(EACH):
            name = f"t{number}-{round}"
            server = until(lambda: tried(cloud, name), "a place in the quota")
            assert waited(cloud, server).name == name
            cloud.compute.delete_server(server)
            cloud.compute.wait_for_delete(server, interval=1)
            lived.append(server.id)
        return lived

    with ThreadPoolExecutor(THREADS) as threads:
        lived = [server for lives in threads.map(life, range(THREADS)) for server in lives]
    assert len(set(lived)) == THREADS * EACH
    assert list(demo.compute.servers()) == []


def test_of_more_creates_at_once_than_the_quota_allows_exactly_so_many_are_taken(demo, plain):
    def accepted(number):
        try:
            demo.compute.create_server(name=f"r{number}", **plain)
        except exceptions.ForbiddenException:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as threads:
        assert sum(threads.map(accepted, range(THREADS))) == 10
    assert len(list(demo.compute.servers())) == 10


def test_over_quota_raises_with_the_numbers(demo, plain):
    with pytest.raises(exceptions.ForbiddenException) as raised:
        demo.compute.create_server(name="many", min_count=11, max_count=11, **plain)
    assert (
        "Quota exceeded for instances: Requested 11, but already used 0 of 10 instances"
        in raised.value.details
    )


def test_another_projects_server_is_not_found(demo, alt):
    server = create(demo, "web")
    assert alt.compute.find_server(server.id) is None
    assert alt.get_server("web") is None
    with pytest.raises(exceptions.NotFoundException):
        alt.compute.reboot_server(server.id, "HARD")
    with pytest.raises(exceptions.NotFoundException):
        alt.compute.delete_server(server.id, ignore_missing=False)


def test_a_revoked_token_is_replaced_without_a_word():
    cloud = openstack.connect(cloud="guichet")
    token = cloud.session.get_token()
    revoked = cloud.identity.delete("/auth/tokens", headers={"X-Subject-Token": token})
    assert revoked.status_code == 204
    assert list(cloud.compute.servers()) == []
    assert cloud.session.get_token() != token


def test_a_wrong_password_is_refused(demo):
    auth = {**demo.config.config["auth"], "password": "wrong"}
    cloud = openstack.connect(load_yaml_config=False, region_name="RegionOne", auth=auth)
    with pytest.raises(Exception, match="401"):
        cloud.authorize()


def test_twenty_retries_of_one_create_give_one_server(demo, plain):
    """What a program does whose answers get lost on the way."""
    body = {
        "server": {
            "name": "once",
            "imageRef": plain["image_id"],
            "flavorRef": plain["flavor_id"],
            "networks": "none",
        }
    }

    def post(_):
        return demo.compute.post(
            "/servers", json=body, headers={"Idempotency-Key": "k1"}, microversion="2.96"
        )

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(post, range(20)))
    assert {answer.status_code for answer in answers} == {202}
    servers = [answer.json()["server"] for answer in answers]
    assert len({(server["id"], server["adminPass"]) for server in servers}) == 1
    assert [server.name for server in demo.compute.servers()] == ["once"]


def test_a_key_used_for_something_else_is_a_conflict(demo, plain):
    headers = {"Idempotency-Key": "k2"}
    body = {"imageRef": plain["image_id"], "flavorRef": plain["flavor_id"]}
    ask = lambda name: demo.compute.post(
        "/servers", json={"server": {"name": name, **body}}, headers=headers
    )
    assert ask("one").status_code == 202
    assert ask("two").status_code == 409


def test_every_answer_names_its_request(demo, plain):
    created = demo.compute.post(
        "/servers",
        json={"server": {"name": "web", "imageRef": plain["image_id"], "flavorRef": "1"}},
    )
    request = created.headers["X-OpenStack-Request-ID"]
    server = created.json()["server"]["id"]
    (action,) = demo.compute.server_actions(server)
    assert action.request_id == request
    missing = demo.compute.get("/servers/nosuch")
    assert missing.headers["X-OpenStack-Request-ID"].startswith("req-")


def test_the_security_group_of_a_server_is_one_that_network_knows(demo):
    server = create(demo, "web")
    (group,) = demo.compute.get(f"/servers/{server.id}/os-security-groups").json()[
        "security_groups"
    ]
    assert demo.network.get_security_group(group["id"]).name == group["name"] == "default"
    assert demo.network.find_security_group("default").id == group["id"]


def test_quota_and_limits(demo, admin):
    assert demo.compute.get_limits().absolute.instances == 10
    assert demo.get_compute_quotas("demo").instances == 10
    assert admin.compute.get_quota_set(demo.current_project_id).cores == 20
    with pytest.raises(exceptions.ForbiddenException):
        demo.compute.get_quota_set(admin.current_project_id)
