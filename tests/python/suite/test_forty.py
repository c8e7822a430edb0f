"""Forty tests that each make three servers on machines that take their time, and wait for them: what a world
for each is worth. Not among the other tests; to measure, in an environment that has the package:

    pytest --numprocesses 2 tests/python/suite
    SHARED=1 guichet run --profile realistic -- pytest --numprocesses 2 tests/python/suite

The second uses one cloud for all of them, as tests of an installation do, and takes minutes."""

from __future__ import annotations

import os

import openstack
import pytest


@pytest.fixture
def cloud(request):
    if os.environ.get("SHARED"):
        connection = openstack.connect()
        yield connection
        for server in connection.list_servers():
            if server.name.startswith(f"{request.node.name}-"):
                connection.delete_server(server.id, wait=True)
    else:
        yield request.getfixturevalue("guichet_world").connection()


@pytest.mark.guichet(profile="realistic", jump=True)
@pytest.mark.parametrize("number", range(40))
def test_three_servers(request, cloud, number):
    names = [f"{request.node.name}-{n}" for n in range(3)]
    for name in names:
        server = cloud.create_server(
            name, image="cirros", flavor="m1.tiny", network="private", wait=True, timeout=600
        )
        assert server.status == "ACTIVE"
    found = {server.name for server in cloud.list_servers()}
    if os.environ.get("SHARED"):
        assert found >= set(names)
    else:
        assert found == set(names), "no test sees another's servers"
