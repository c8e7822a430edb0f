"""The workflow of examples/ci, as a runner would take its steps."""

import os
import signal
import subprocess
from pathlib import Path

import openstack
import yaml

WORKFLOW = Path(__file__).parents[2] / "examples/ci/workflow.yml"


def test_the_step_that_starts_a_cloud_starts_one(tmp_path, monkeypatch):
    steps = yaml.safe_load(WORKFLOW.read_text())["jobs"]["tests"]["steps"]
    (step,) = [step for step in steps if step.get("name") == "a cloud for this job"]
    (tmp_path / "guichet").symlink_to(os.environ["GUICHET_BIN"])
    # A free port: another test run may have the usual one.
    env = {
        **os.environ,
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "GUICHET_LISTEN": "127.0.0.1:0",
    }
    # A session of its own, so that the cloud can be ended with it.
    shell = subprocess.Popen(
        ["bash", "-e", "-c", step["run"]], cwd=tmp_path, env=env, start_new_session=True
    )
    try:
        assert shell.wait(timeout=30) == 0
        monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "clouds.yaml"))
        assert list(openstack.connect(cloud="guichet").compute.servers()) == []
    finally:
        os.killpg(shell.pid, signal.SIGTERM)
