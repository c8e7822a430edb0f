"""The service: one process that holds all worlds."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any, Optional

from ._client import Client
from ._program import program
from ._world import World

#: How long a stop is waited for before the process is killed.
STOP_S = 10

_LISTENING = re.compile(r"listening on (http://\S+)")


class Service:
    """``guichet serve --dev`` on a free port of this machine, from ``start`` to ``stop`` or as long as a
    ``with`` lasts. Further arguments are its flags, such as ``"--profile", "flaky"``.

    With ``url`` it is a service that somebody else runs: it is not started, nor stopped.
    """

    def __init__(self, *flags: str, url: Optional[str] = None, token: Optional[str] = None) -> None:
        self._flags = flags
        self._process: Optional[subprocess.Popen[str]] = None
        self._token = token
        self._client = Client(url, token) if url else None

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._running().url

    def _running(self) -> Client:
        if self._client is None:
            raise RuntimeError("the service is not started: use it in a with, or call start()")
        return self._client

    def start(self) -> Service:
        """Starts it, and waits until it listens; nothing if it runs.

        :raises RuntimeError: it does not start; the end of what it said.
        """
        if self._client is not None:
            return self
        log = os.environ.get("GUICHET_SERVICE_LOG", os.devnull)
        # What configures a service of the user's own is not meant.
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GUICHET_")}
        with open(log, "a", encoding="utf-8") as errors:
            # It ends with us, also if we are killed: its input does.
            command = [program(), "serve", "--dev", "--listen", "127.0.0.1:0"]
            command += ["--drain", "1s", "--until-input-ends", *self._flags]
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(
                command, stdin=pipe, stdout=pipe, stderr=errors, text=True, env=environment
            )
        assert self._process.stdout is not None
        # One line, or the end if it does not start.
        said = self._process.stdout.readline()
        found = _LISTENING.search(said)
        if found is None:
            code = self._process.wait()
            self._process = None
            why = " ".join(str(part) for part in command)
            raise RuntimeError(f"exit code {code} of {why} (GUICHET_SERVICE_LOG=FILE has what it said)")
        self._client = Client(found.group(1), self._token)
        return self

    def stop(self) -> None:
        """Stops it, if it was started here."""
        process, self._process = self._process, None
        if process is None:
            return
        self._client = None
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    def world(
        self,
        *,
        profile: Optional[str] = None,
        seed: Optional[int] = None,
        config: Optional[str] = None,
        idle_s: Optional[int] = None,
        speed: Optional[float] = None,
        jump: bool = False,
    ) -> World:
        """Makes a world: a cloud of its own.

        :param profile: how machines behave: ``instant``, ``fast``, ``realistic``, ``flaky``.
        :param seed: what ids, delays and faults are drawn from.
        :param config: the text of a configuration, or the path of a file that ends in ``.toml``.
        :param idle_s: it ends when nobody has used it for so many seconds.
        :param speed: how fast its time goes.
        :param jump: whether its time jumps: see :meth:`Clock.jump`.
        """
        asked: dict[str, Any] = {"profile": profile, "seed": seed, "idle_s": idle_s}
        if config is not None:
            is_path = config.endswith(".toml") and "\n" not in config
            asked["config"] = Path(config).read_text(encoding="utf-8") if is_path else config
        asked = {name: value for name, value in asked.items() if value is not None}
        client = self._running()
        world = World(client, client.ask("POST", "worlds", asked))
        if speed is not None:
            world.clock.run(speed)
        if jump:
            world.clock.jump()
        return world

    def __enter__(self) -> Service:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
