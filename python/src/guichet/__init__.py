"""An OpenStack-compatible cloud for tests: worlds, and their time.

    with guichet.Service() as service, service.world() as world:
        cloud = world.connection()
"""

from ._client import GuichetError
from ._program import program
from ._service import Service
from ._world import Advanced, Clock, Fault, Faults, Operation, Request, Snapshot, Snapshots, World

__all__ = [
    "Advanced",
    "Clock",
    "Fault",
    "Faults",
    "GuichetError",
    "Operation",
    "Request",
    "Service",
    "Snapshot",
    "Snapshots",
    "World",
    "program",
]
