"""The `openstack` command, run inside this process: an interpreter for each would take a second."""

import contextlib
import io
import json
import shlex

from openstackclient.common.clientmanager import ClientManager
from openstackclient.shell import OpenStackShell
from osc_lib.clientmanager import ClientCache


def openstack(line, cloud="guichet"):
    """Runs `openstack LINE`; gives what it ends with, its output and its error output."""
    # The command keeps its clients, and with them the user's token, in the class: a process has
    # one user. Here each command is one of its own.
    for owner in ClientManager.__mro__:
        for value in vars(owner).values():
            if isinstance(value, ClientCache):
                value._handle = None
    argv = ["--os-cloud", cloud, *shlex.split(line)]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            ended = OpenStackShell().run(argv)
        except SystemExit as exit:
            ended = exit.code
    return ended, out.getvalue(), err.getvalue()


def do(line, cloud="guichet"):
    """A command that succeeds; gives its output."""
    ended, out, err = openstack(line, cloud)
    assert ended == 0, f"openstack {line}: {err}"
    return out


def show(line, cloud="guichet"):
    """A command that prints something; gives it as data."""
    return json.loads(do(f"{line} -f json", cloud))


def refused(line, cloud="guichet"):
    """A command that fails; gives what it says."""
    ended, out, err = openstack(line, cloud)
    assert ended == 1, f"openstack {line}: ended with {ended}: {out}{err}"
    return err


def names(line, cloud="guichet"):
    """The names in a list."""
    return [row["Name"] for row in show(line, cloud)]
