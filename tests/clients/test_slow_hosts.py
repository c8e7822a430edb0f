"""What is seen of a server while its host is still busy: with hosts that take their time."""

import pytest
from conftest import connect, serving
from openstack import exceptions

# Far longer than any client's next request takes on a busy machine.
PROFILE = "[default]\ndelay = { fixed = { ms = 2_000 } }\n"


@pytest.fixture(scope="module")
def slow(tmp_path_factory):
    directory = tmp_path_factory.mktemp("slow")
    (directory / "slow.toml").write_text(PROFILE)
    with serving(directory, "--dev", "--profile", directory / "slow.toml") as clouds:
        yield connect(clouds["guichet"])


def test_what_is_under_way_is_seen_and_holds_up_other_actions(slow):
    server = slow.compute.create_server(
        name="web",
        image_id=slow.image.find_image("cirros").id,
        flavor_id=slow.compute.find_flavor("m1.tiny").id,
        networks="none",
    )
    now = lambda: slow.compute.get_server(server.id)
    assert now().status == "BUILD", "the answer comes before the server"
    slow.compute.wait_for_server(now(), interval=1)
    slow.compute.reboot_server(server, "HARD")
    assert now().status == "HARD_REBOOT"
    with pytest.raises(exceptions.ConflictException, match="while it is in task_state reboot"):
        slow.compute.stop_server(server)
    slow.compute.delete_server(server)
    assert now().task_state == "deleting", "a delete does not wait for the reboot's end"
    slow.compute.wait_for_delete(server, interval=1)
