"""What the checked file gets when it imports a module: ours for threads, queues, pools and time,
the real one for all others."""

import builtins
import concurrent.futures
import datetime
import os
import queue
import random
import sys
import threading
import time
import types

from . import pools, sync
from .world import world

START_TIME = 1_700_000_000.0

# Concurrency that is not threads, which the schedule could not stop.
REFUSED = {"asyncio", "multiprocessing", "_thread", "ctypes", "subprocess"}


class Refused(ImportError):
    """The file needs a module that cannot be controlled."""


def _like(real, **replaced):
    module = types.ModuleType(real.__name__, real.__doc__)
    module.__dict__.update({key: value for key, value in vars(real).items() if not key.startswith("__")})
    module.__dict__.update(replaced)
    return module


def _clock(offset=0.0):
    return lambda: offset + world().now


_threading = _like(
    threading,
    Lock=sync.Lock, RLock=sync.RLock, Semaphore=sync.Semaphore,
    BoundedSemaphore=sync.BoundedSemaphore, Condition=sync.Condition, Event=sync.Event,
    Barrier=sync.Barrier, Thread=sync.Thread, Timer=sync.Timer,
    current_thread=sync.current_thread, currentThread=sync.current_thread,
    get_ident=sync.get_ident, get_native_id=sync.get_ident,
    main_thread=sync.current_thread,
    enumerate=sync.enumerate_threads, active_count=lambda: len(sync.enumerate_threads()),
)
_queue = _like(
    queue,
    Queue=pools.Queue, LifoQueue=pools.LifoQueue, PriorityQueue=pools.PriorityQueue,
    SimpleQueue=pools.SimpleQueue,
)
_futures = _like(
    concurrent.futures,
    ThreadPoolExecutor=pools.ThreadPoolExecutor, Future=pools.Future, wait=pools.wait,
    as_completed=pools.as_completed, FIRST_COMPLETED=pools.FIRST_COMPLETED,
    FIRST_EXCEPTION=pools.FIRST_EXCEPTION, ALL_COMPLETED=pools.ALL_COMPLETED,
)
_concurrent = types.ModuleType("concurrent")
_concurrent.futures = _futures
_futures.thread = types.ModuleType("concurrent.futures.thread")
_futures.thread.ThreadPoolExecutor = pools.ThreadPoolExecutor
_time = _like(
    time,
    strftime=lambda form, at=None: time.strftime(form, _utc() if at is None else at),
    localtime=lambda seconds=None: _utc(seconds), gmtime=lambda seconds=None: _utc(seconds),
    ctime=lambda seconds=None: time.asctime(_utc(seconds)),
    asctime=lambda at=None: time.asctime(_utc() if at is None else at),
    sleep=lambda seconds: world().sleep(_not_negative(seconds)),
    time=_clock(START_TIME), monotonic=_clock(), perf_counter=_clock(),
    time_ns=lambda: int((START_TIME + world().now) * 1e9),
    perf_counter_ns=lambda: int(world().now * 1e9),
    monotonic_ns=lambda: int(world().now * 1e9),
)


def _utc(seconds=None):
    return time.gmtime(START_TIME + world().now if seconds is None else seconds)


class _Now(datetime.datetime):
    """Says what time it is in the run: two runs of one schedule say the same."""

    @classmethod
    def now(cls, tz=None):
        at = cls.fromtimestamp(START_TIME + world().now, datetime.timezone.utc)
        return at.replace(tzinfo=None) if tz is None else at.astimezone(tz)

    @classmethod
    def utcnow(cls):
        return cls.now()

    @classmethod
    def today(cls):
        return cls.now()


class _Today(datetime.date):
    @classmethod
    def today(cls):
        return cls.fromtimestamp(START_TIME + world().now)


def _not_negative(seconds):
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    return float(seconds)


for _class, _name in ((_Now, "datetime"), (_Today, "date")):
    _class.__name__ = _class.__qualname__ = _name
    _class.__module__ = "datetime"
_datetime = _like(datetime, datetime=_Now, date=_Today)

CONTROLLED = {
    "datetime": _datetime,
    "threading": _threading,
    "queue": _queue,
    "time": _time,
    "concurrent": _concurrent,
    "concurrent.futures": _futures,
    "concurrent.futures.thread": _futures.thread,
}


class Output:
    """Takes what the file prints. One of them stands for stdout, one for stderr."""

    encoding = "utf-8"
    errors = "replace"
    closed = False

    def write(self, text):
        here = world()
        if here is not None:
            here.write(str(text))
        return len(text)

    def writelines(self, lines):
        for text in lines:
            self.write(text)

    def flush(self):
        pass

    def isatty(self):
        return False


def _no_keyboard(*_):
    raise EOFError("there is no keyboard here")


class Imports:
    """Stands in for `import` while the file runs."""

    def __init__(self, is_own):
        self.is_own = is_own
        self.real = builtins.__import__
        self.siblings = set()

    def install(self):
        builtins.__import__ = self._import
        builtins.input = _no_keyboard
        sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = Output()

    def _import(self, name, globals=None, locals=None, fromlist=(), level=0):
        file = (globals or {}).get("__file__")
        if level or not file or not self.is_own(file):
            return self.real(name, globals, locals, fromlist, level)
        if name.split(".")[0] in REFUSED:
            raise Refused(name)
        if name in CONTROLLED:
            return CONTROLLED[name] if fromlist or "." not in name else CONTROLLED[name.split(".")[0]]
        module = self.real(name, globals, locals, fromlist, level)
        path = getattr(module, "__file__", None)
        if path and self.is_own(path):
            self.siblings.add(module.__name__)
        return module

    def forget_siblings(self):
        """Files beside the checked one are loaded again by each run, so that none has a past."""
        for name in self.siblings:
            sys.modules.pop(name, None)


# Where draws from the system come from; set anew for each run.
draws = None


def same_chance():
    """The same draws in each run."""
    global draws
    random.seed(1)
    draws = random.Random(1)
    os.urandom = lambda count: bytes(draws.getrandbits(8) for _ in range(count))
    import uuid

    uuid.uuid4 = lambda: uuid.UUID(int=draws.getrandbits(128), version=4)
