"""A world: a cloud of its own, and its time."""

from __future__ import annotations

import datetime
import urllib.parse
from dataclasses import dataclass
from typing import Any, List, Optional, Sequence, Union

from ._client import Client, GuichetError


@dataclass(frozen=True)
class Advanced:
    """What moving time on came to."""

    #: What time it is in the world.
    now: datetime.datetime
    #: Whether it got there; if not, asking again goes on.
    reached: bool
    #: How many times the clock was set on the way.
    steps: int


class Clock:
    """The time of a world, which its machines and stamps go by."""

    def __init__(self, client: Client, world: str) -> None:
        self._client = client
        self._path = f"worlds/{world}/clock"

    def now(self) -> datetime.datetime:
        """What time it is."""
        return _instant(self._client.ask("GET", self._path)["clock"]["now"])

    def freeze(self) -> None:
        """Stops it."""
        self.run(speed=0)

    def run(self, speed: float = 1) -> None:
        """Has it go on, so many seconds in a second: 0 to 10,000."""
        self._client.ask("PUT", self._path, {"speed": float(speed), "jumps": False})

    def jump(self) -> None:
        """Has it jump, before each request that the world is sent, to where nothing is under way: nobody
        waits for a machine, and ``wait=True`` is over at once. Until ``run`` or ``freeze``."""
        self._client.ask("PUT", self._path, {"jumps": True})

    def tokens(self, by: str) -> None:
        """Has tokens expire and rates be counted by the ``world``'s time, or by the ``real`` one again."""
        self._client.ask("PUT", self._path, {"tokens": by})

    def advance(
        self,
        seconds: Optional[float] = None,
        *,
        to: Union[datetime.datetime, str, None] = None,
        until_idle: bool = False,
    ) -> Advanced:
        """Moves it on, from one thing that is to happen to the next: by so many seconds, to an instant, or
        until no operation waits or runs. It goes on afterwards as before."""
        how: dict[str, Any] = {}
        if seconds is not None:
            how["by_s"] = float(seconds)
        if to is not None:
            how["to"] = to if isinstance(to, str) else to.isoformat()
        if until_idle:
            how["until_idle"] = True
        answer = self._client.ask("POST", f"{self._path}/advance", how)
        now = _instant(answer["clock"]["now"])
        return Advanced(now=now, reached=answer["reached"], steps=answer["steps"])


def _instant(text: str) -> datetime.datetime:
    # Before Python 3.11 a Z is not understood.
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


@dataclass(frozen=True)
class Fault:
    """A rule that has requests or operations go wrong, and what became of it."""

    #: Its number in the world, from 1.
    rule: int
    #: How many requests or operations it is about have come.
    seen: int
    #: How many of them it struck.
    struck: int
    #: The latest that it struck: ids of requests, or of servers.
    latest: list[str]
    #: What it says.
    says: dict[str, Any]


class Faults:
    """What is to go wrong in a world."""

    def __init__(self, client: Client, world: str) -> None:
        self._client = client
        self._path = f"worlds/{world}/faults"

    def add(self, **rule: Any) -> List[int]:
        """Adds a rule; the fields are those of ``POST /guichet/v1/worlds/{id}/faults``, with ``do_`` for
        ``do``, such as ``on="request", method="POST", nth=3, do_="answer", status=503``."""
        if "do_" in rule:
            rule["do"] = rule.pop("do_")
        numbers: List[int] = self._client.ask("POST", self._path, rule)["rules"]
        return numbers

    def scenario(self, name: str, **beside: Any) -> List[int]:
        """Adds ready rules: ``outage``, ``brown-out``, ``api-throttled``, ``flapping``, ``creates-fail``, with a window
        beside if one is said (``from_s``, ``until_s``), and ``host-dies`` (``host``, ``servers``)."""
        return self.add(scenario=name, **beside)

    def remove(self, rule: int) -> None:
        """Takes a rule out: a host that was dead lives again."""
        self._client.ask("DELETE", f"{self._path}/{rule}")

    def list(self) -> List[Fault]:
        """All rules, and what they struck."""
        return [Fault(**row) for row in self._client.ask("GET", self._path)["faults"]]

    def clear(self) -> None:
        """Takes all rules out."""
        self._client.ask("DELETE", self._path)


@dataclass(frozen=True)
class Request:
    """A request that a world was sent."""

    #: Its number among those of the world, from 1.
    number: int
    #: Its method.
    method: str
    #: Its path inside the world, with its query.
    path: str
    #: The status of its answer.
    status: int
    #: Its id, as its answer had it.
    id: Optional[str]
    #: How long the answer took, in milliseconds.
    took_ms: float
    #: Which program sent it, as it says itself.
    user_agent: Optional[str]
    #: The key under which a create may be sent again.
    idempotency_key: Optional[str]
    #: Headers that are written down, by their names in lower case.
    headers: dict[str, str]
    #: Its body, if bodies are written down; what is secret in it is ``***``.
    body: Any
    #: How many bytes of a body were read, if bodies are written down.
    body_bytes: Optional[int]


@dataclass(frozen=True)
class Operation:
    """One server's part of a request that was accepted. Its times are the world's."""

    #: The id of the request, as its answer had it.
    request: str
    #: What is done, such as ``create``.
    action: str
    #: The id of the server.
    server: str
    #: Its name.
    name: str
    #: The name of its project.
    project: str
    #: The name of the host that it is on.
    host: Optional[str]
    #: ``queued``, ``running``, ``succeeded``, ``failed`` or ``cancelled``.
    state: str
    #: How often it was started.
    attempts: int
    #: When it was accepted.
    queued_at: datetime.datetime
    #: When it was first started.
    running_at: Optional[datetime.datetime]
    #: When it was over.
    done_at: Optional[datetime.datetime]
    #: Why it failed: ``no_valid_host``, ``driver``, ``deadline`` or ``interrupted``.
    failure: Optional[str]


_TIMES = ("queued_at", "running_at", "done_at")


def _operation(row: dict[str, Any]) -> Operation:
    times = {name: _instant(row[name]) if row[name] else None for name in _TIMES}
    return Operation(**{**row, **times})


@dataclass(frozen=True)
class Snapshot:
    """A world as it was at one moment."""

    #: Its name.
    name: str
    #: Servers that exist in it.
    servers: int
    #: Operations that waited or ran.
    operations: int
    #: What time it was in the world; ``None``: whoever goes back to it begins with the present.
    now: Optional[datetime.datetime]


class Snapshots:
    """The snapshots of a world."""

    def __init__(self, client: Client, world: str) -> None:
        self._client = client
        self._path = f"worlds/{world}/snapshots"

    def _of(self, name: str) -> str:
        return f"{self._path}/{urllib.parse.quote(name, safe='') or '-'}"

    def take(self, name: str, *, replace: bool = False) -> Snapshot:
        """Takes one: all of the world at one moment, with what is under way. ``replace``: in place of one of
        that name, if there is one."""
        asked = {"name": name, "replace": replace}
        return _snapshot(self._client.ask("POST", self._path, asked)["snapshot"])

    def list(self) -> List[Snapshot]:
        """All of them, by name."""
        return [_snapshot(row) for row in self._client.ask("GET", self._path)["snapshots"]]

    def restore(self, name: str) -> None:
        """Has the world be again as this one has it, with the time that was then. Tokens stay good."""
        self._client.ask("POST", f"{self._of(name)}/restore")

    def export(self, name: str) -> dict[str, Any]:
        """It as a document, for worlds where the same is declared."""
        document: dict[str, Any] = self._client.ask("GET", f"{self._of(name)}/document")
        return document

    def load(self, name: str, document: dict[str, Any]) -> Snapshot:
        """Makes one of a document, which may be written by hand, in place of one of that name."""
        return _snapshot(self._client.ask("PUT", f"{self._of(name)}/document", document)["snapshot"])

    def delete(self, name: str) -> None:
        """Deletes one. Worlds that began from it go on."""
        self._client.ask("DELETE", self._of(name))


def _snapshot(row: dict[str, Any]) -> Snapshot:
    now = row["now"]
    return Snapshot(
        name=row["name"],
        servers=row["servers"],
        operations=row["operations"],
        now=None if now is None else _instant(now),
    )


class World:
    """A cloud of its own. At the end of a ``with`` it is gone, and all that runs in it."""

    def __init__(self, service: Client, made: dict[str, Any]) -> None:
        world = made["world"]
        self._service = service
        self._client = Client(service.url, made["control_token"])
        #: Its id.
        self.id: str = world["id"]
        #: Where its APIs lie.
        self.url: str = world["url"]
        #: Where clients log in.
        self.auth_url: str = world["auth_url"]
        #: What ids, delays and faults are drawn from.
        self.seed: Optional[int] = world["seed"]
        #: What lets one steer it.
        self.control_token: str = made["control_token"]
        #: The text of a clouds.yaml.
        self.clouds_yaml: str = made["clouds_yaml"]
        #: ``OS_*`` for programs, of the first user that is no administrator.
        self.environment: dict[str, str] = made["environment"]
        #: What is to go wrong in it.
        self.faults = Faults(self._client, self.id)
        #: Its snapshots.
        self.snapshots = Snapshots(self._client, self.id)
        #: Its time.
        self.clock = Clock(self._client, self.id)

    def connection(self, **auth: Any) -> Any:
        """An ``openstack.connection.Connection`` to it; arguments take the place of what the environment
        says, such as ``username`` and ``project_name``.

        :raises ImportError: openstacksdk is not installed.
        """
        import openstack

        known: dict[str, Any] = {name[3:].lower(): value for name, value in self.environment.items()}
        known.update(auth)
        connect: Any = openstack.connect
        return connect(load_yaml_config=False, load_envvars=False, **known)

    def servers(self) -> int:
        """How many servers exist in it, of all projects."""
        return int(self._client.ask("GET", f"worlds/{self.id}")["world"]["servers"])

    def requests(
        self,
        method: Optional[str] = None,
        path: Optional[str] = None,
        status: Union[int, str, None] = None,
    ) -> list[Request]:
        """The latest requests that it was sent, from the oldest on: those of a method, for a path without its
        query (a ``*`` is any text), with a status (or ``"4*"``)."""
        wanted = {"method": method, "path": path, "status": status}
        query = urllib.parse.urlencode({k: v for k, v in wanted.items() if v is not None})
        answer = self._client.ask("GET", f"worlds/{self.id}/requests?{query}")
        rows = answer["requests"]
        return [Request(**{k: v for k, v in row.items() if k != "at"}) for row in rows]

    def remember(
        self,
        most: Optional[int] = None,
        *,
        bodies: Optional[int] = None,
        headers: Optional[Sequence[str]] = None,
    ) -> None:
        """Says how many requests it remembers, with bodies of up to how many bytes, and with which headers; what
        is left out stays."""
        asked: dict[str, Any] = {"most": most, "bodies": bodies}
        asked["headers"] = None if headers is None else [*headers]
        asked = {name: value for name, value in asked.items() if value is not None}
        self._client.ask("PUT", f"worlds/{self.id}/requests", asked)

    def operations(
        self,
        *,
        request: Optional[str] = None,
        action: Optional[str] = None,
        state: Optional[str] = None,
        server: Optional[str] = None,
    ) -> list[Operation]:
        """Its latest operations, from the oldest on, and what became of them: those of a request, of an action, in
        a state, of servers with a name or id (a ``*`` is any text)."""
        wanted = {"request": request, "action": action, "state": state, "server": server}
        query = urllib.parse.urlencode({k: v for k, v in wanted.items() if v is not None})
        answer = self._client.ask("GET", f"worlds/{self.id}/operations?{query}")
        return [_operation(row) for row in answer["operations"]]

    def forget_requests(self) -> None:
        """Forgets them, and begins to count anew."""
        self._client.ask("DELETE", f"worlds/{self.id}/requests")

    def snapshot(self, name: str = "snapshot", *, replace: bool = False) -> Snapshot:
        """Takes a snapshot: ``snapshots.take``."""
        return self.snapshots.take(name, replace=replace)

    def restore(self, name: str = "snapshot") -> None:
        """Has it be again as a snapshot has it: ``snapshots.restore``."""
        self.snapshots.restore(name)

    def fork(
        self,
        snapshot: Optional[str] = None,
        *,
        profile: Optional[str] = None,
        idle_s: Optional[int] = None,
    ) -> World:
        """Makes a world that begins as this one is now, or as a snapshot of it has it. It has no tokens yet.

        :param profile: how machines behave: ``instant``, ``fast``, ``realistic``, ``flaky``; as here otherwise.
        :param idle_s: it ends when nobody has used it for so many seconds.
        """
        asked = {"snapshot": snapshot, "profile": profile, "idle_s": idle_s}
        asked = {name: value for name, value in asked.items() if value is not None}
        return World(self._service, self._service.ask("POST", f"worlds/{self.id}/fork", asked))

    def reset(self) -> None:
        """Has it begin anew as it was made, without tokens: with no servers, or as the snapshot it began from."""
        self._client.ask("POST", f"worlds/{self.id}/reset")

    def end(self) -> None:
        """Ends it at once; nothing if it has ended."""
        try:
            self._client.ask("DELETE", f"worlds/{self.id}")
        except GuichetError as refused:
            # A token that has ended with its world is foreign.
            if refused.status not in (403, 404):
                raise

    def __enter__(self) -> World:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def __repr__(self) -> str:
        return f"<guichet.World {self.id} at {self.url}>"
