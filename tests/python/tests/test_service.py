"""The service without pytest's plugin."""

import os
import signal
import subprocess
import sys
import time
import unittest
import urllib.request

import pytest

import guichet


class InUnittest(unittest.TestCase):
    """As in a test of unittest."""

    def test_a_world_in_a_with(self):
        with guichet.Service("--profile", "instant") as service, service.world() as world:
            cloud = world.connection()
            cloud.create_server("web", image="cirros", flavor="m1.tiny", network="private", wait=True)
            self.assertEqual([server.name for server in cloud.compute.servers()], ["web"])


def test_what_does_not_start_says_so():
    with pytest.raises(RuntimeError, match="exit code 2 of .*--no-such-flag"):
        guichet.Service("--no-such-flag").start()
    with pytest.raises(RuntimeError, match="not started"):
        guichet.Service().world()


def test_the_module_is_the_program_too():
    done = subprocess.run([sys.executable, "-m", "guichet", "--version"], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.startswith("guichet ")


def test_the_service_ends_with_who_started_it():
    script = """
import guichet, time
print(guichet.Service().start().url, flush=True)
time.sleep(600)
"""
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as starter:
        url = starter.stdout.readline().strip()
        assert urllib.request.urlopen(f"{url}/identity/v3", timeout=20).status == 200
        os.kill(starter.pid, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(f"{url}/identity/v3", timeout=5).close()
        except OSError:
            break
        assert time.monotonic() < deadline, "it goes on"
