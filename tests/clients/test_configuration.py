"""A cloud as examples/guichet.toml declares it: other roles, other flavors, a rate limit."""

from pathlib import Path

import pytest
from conftest import connect, serving, until
from openstack import exceptions

EXAMPLE = Path(__file__).parents[2] / "examples/guichet.toml"


@pytest.fixture(scope="module")
def clouds(tmp_path_factory):
    """What its clouds.yaml says, as long as it runs."""
    directory = tmp_path_factory.mktemp("configured")
    with serving(directory, "--config", EXAMPLE, "--profile", "fast") as clouds:
        yield clouds


def refused(cloud):
    with pytest.raises(exceptions.ForbiddenException, match="Policy doesn't allow"):
        flavor, image = cloud.compute.find_flavor("b3-8"), cloud.image.find_image("debian-13")
        cloud.compute.create_server(
            name="never", flavor_id=flavor.id, image_id=image.id, networks="none"
        )


def test_passwords_that_were_drawn_are_in_the_file_and_open_the_cloud(clouds):
    cloud = connect(clouds["guichet"])
    assert cloud.compute.find_flavor("b3-8").ram == 8000
    assert cloud.get_project("web").id == cloud.current_project_id


def test_a_reader_looks_and_changes_nothing(clouds):
    runner = connect(clouds["guichet-runner"])
    server = runner.create_server(
        "ci-1", image="debian-13", flavor="b3-8", network="private", auto_ip=False, wait=True
    )
    reader = connect(clouds["guichet"], project_name="ci")
    assert [one.name for one in reader.compute.servers()] == ["ci-1"]
    refused(reader)
    for change in [reader.compute.stop_server, reader.compute.lock_server]:
        with pytest.raises(exceptions.ForbiddenException):
            change(server.id)
    with pytest.raises(exceptions.ForbiddenException):
        reader.compute.delete_server(server.id)
    assert runner.delete_server("ci-1", wait=True)


def test_a_flavor_that_is_not_public_is_the_administrators(clouds):
    assert connect(clouds["guichet"]).compute.find_flavor("gpu-1") is None
    admin = connect(clouds["guichet-admin"])
    names = [flavor.name for flavor in admin.compute.flavors(is_public="None")]
    assert sorted(names) == ["b3-8", "gpu-1"]


def test_a_project_of_which_one_is_no_member_gives_no_token(clouds):
    with pytest.raises(Exception, match="401"):
        connect(clouds["guichet-runner"], project_name="web").authorize()


def test_more_requests_than_the_rate_are_429_and_say_when_to_come_back(clouds):
    cloud = connect(clouds["guichet"])
    answers = [cloud.compute.get("/servers", raise_exc=False) for _ in range(100)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused and {answer.status_code for answer in answers} == {200, 429}
    pause_s = int(refused[-1].headers["Retry-After"])
    assert 1 <= pause_s <= 60
    assert refused[-1].json()["overLimit"]["retryAfter"] == str(pause_s)
    until(lambda: cloud.compute.get("/servers").status_code == 200, "a place in the rate")
