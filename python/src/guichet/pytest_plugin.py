"""Fixtures for pytest: a service a session, a world a test.

With pytest-xdist all workers share one service, which the process that steers them starts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ._service import Service
from ._world import World

_SERVICE = pytest.StashKey[Service]()
#: What a worker of xdist is told: where the service is.
_URL = "guichet_url"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "guichet(profile, seed, config, idle_s, speed, jump): what the world of a test is like",
    )


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """A worker of xdist is about to be started."""
    node.workerinput[_URL] = _service(node.config).url


def _service(config: pytest.Config) -> Service:
    """The service of this session, started when it is first wanted."""
    if _SERVICE not in config.stash:
        told = getattr(config, "workerinput", {}).get(_URL)
        config.stash[_SERVICE] = Service(url=told) if told else Service().start()
    return config.stash[_SERVICE]


def pytest_unconfigure(config: pytest.Config) -> None:
    service = config.stash.get(_SERVICE, None)
    if service is not None:
        service.stop()


@pytest.fixture(scope="session")
def guichet_cloud(pytestconfig: pytest.Config) -> Service:
    """The service, one a session: it makes worlds."""
    return _service(pytestconfig)


@pytest.fixture
def guichet_world(request: pytest.FixtureRequest, guichet_cloud: Service) -> Iterator[World]:
    """A world for this test, as its mark ``guichet`` says, gone at the end of the test."""
    marks = [mark.kwargs for mark in request.node.iter_markers("guichet")]
    wanted = {name: value for mark in reversed(marks) for name, value in mark.items()}
    with guichet_cloud.world(**wanted) as world:
        yield world
