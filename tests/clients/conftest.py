"""What all tests share: the clouds of the server that `run` started, and a clean slate."""

import contextlib
import os
import subprocess
import time

import openstack
import pytest
import yaml

# Clients ask every 2 to 5 s whether a server is there yet; the profile `fast` takes 20 ms. Only
# how long they pause is changed, nothing of what they send or make of the answers.
PAUSE_MAX_S = 0.2
_sleep = time.sleep
time.sleep = lambda seconds: _sleep(min(seconds, PAUSE_MAX_S))

DEADLINE_S = 20


def until(condition, what):
    """Waits until a condition holds and gives what it gave."""
    deadline = time.monotonic() + DEADLINE_S
    while not (value := condition()):
        assert time.monotonic() < deadline, f"waited {DEADLINE_S} s for {what}"
        _sleep(0.02)
    return value


@contextlib.contextmanager
def serving(directory, *flags):
    """A server of a test's own; gives what its clouds.yaml says, as long as it runs."""
    path = directory / "clouds.yaml"
    argv = [os.environ["GUICHET_BIN"], "serve", *flags]
    argv += ["--listen", "127.0.0.1:0", "--write-clouds-yaml", path]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(argv, **quiet) as server:
        try:
            until(lambda: path.exists() and path.read_text().endswith("\n"), "the clouds.yaml")
            yield yaml.safe_load(path.read_text())["clouds"]
        finally:
            server.terminate()


def connect(cloud, **auth):
    """A connection to one of those clouds, with other words in its login."""
    auth = {**cloud["auth"], **auth}
    more = {"cacert": cloud["cacert"]} if "cacert" in cloud else {}
    return openstack.connect(
        load_yaml_config=False, region_name=cloud["region_name"], auth=auth, **more
    )


@pytest.fixture(scope="session")
def demo():
    """The project `demo`, through openstacksdk."""
    return openstack.connect(cloud="guichet")


@pytest.fixture(scope="session")
def alt():
    """Another project."""
    return openstack.connect(cloud="guichet-alt")


@pytest.fixture(scope="session")
def admin():
    """An administrator."""
    return openstack.connect(cloud="guichet-admin")


@pytest.fixture(autouse=True)
def no_servers_left(admin):
    """A project has a quota of 10: what a test leaves is deleted."""
    yield

    def all_gone():
        left = list(admin.compute.servers(all_projects=True))
        for server in left:
            admin.compute.delete_server(server)
        return not left

    until(all_gone, "the deletion of what a test left")
