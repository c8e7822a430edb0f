"""`queue` and `concurrent.futures` under control."""

import heapq
import queue as real_queue
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as FutureTimeout

from . import bounds
from .sync import caller_line
from .world import DONE, world


class Queue:
    word = "Queue"

    def __init__(self, maxsize=0):
        self.maxsize = maxsize
        self.items = []
        self.unfinished = 0
        self.made_at = caller_line()
        # Two more to wait for than the queue itself: a free place, and the end of all work.
        self.room = Part(self, "a free place")
        self.all_done = Part(self, "task_done")

    def _add(self, item):
        self.items.append(item)

    def _take(self):
        return self.items.pop(0)

    def qsize(self):
        world().point()
        return len(self.items)

    def empty(self):
        return self.qsize() == 0

    def full(self):
        return 0 < self.maxsize <= self.qsize()

    def put(self, item, block=True, timeout=None):
        here = world()
        here.point()
        while 0 < self.maxsize <= len(self.items):
            if not block or not here.block(self.room, timeout):
                raise real_queue.Full
        self._add(item)
        self.unfinished += 1
        here.record(here.current, "puts", self)
        here.wake(self)

    def get(self, block=True, timeout=None):
        here = world()
        here.point()
        while not self.items:
            if not block or not here.block(self, timeout):
                raise real_queue.Empty
        item = self._take()
        here.record(here.current, "gets", self)
        here.wake(self.room)
        return item

    def put_nowait(self, item):
        return self.put(item, block=False)

    def get_nowait(self):
        return self.get(block=False)

    def task_done(self):
        if world().is_aborting:
            return
        if self.unfinished <= 0:
            raise ValueError("task_done() called too many times")
        self.unfinished -= 1
        if self.unfinished == 0:
            world().wake(self.all_done)

    def join(self):
        here = world()
        here.point()
        while self.unfinished:
            here.block(self.all_done)


class Part:
    """One of several things of an object that threads wait for."""

    word = "Queue"

    def __init__(self, whole, what):
        self.whole = whole
        self.what = what


class LifoQueue(Queue):
    def _take(self):
        return self.items.pop()


class PriorityQueue(Queue):
    def _add(self, item):
        heapq.heappush(self.items, item)

    def _take(self):
        return heapq.heappop(self.items)


class SimpleQueue(Queue):
    def __init__(self):
        super().__init__()
        self.made_at = caller_line()


class Future:
    word = "Future"

    def __init__(self):
        self.state = "pending"
        self.value = None
        self.error = None
        self.callbacks = []
        self.made_at = 0

    def _settle(self, state, value=None, error=None):
        self.state, self.value, self.error = state, value, error
        world().wake(self)
        for callback in self.callbacks:
            callback(self)

    def set_result(self, value):
        self._settle("finished", value)

    def set_exception(self, error):
        self._settle("finished", None, error)

    def set_running_or_notify_cancel(self):
        if self.state == "cancelled":
            return False
        self.state = "running"
        return True

    def cancel(self):
        if self.state in ("running", "finished"):
            return False
        self._settle("cancelled")
        return True

    def cancelled(self):
        return self.state == "cancelled"

    def running(self):
        return self.state == "running"

    def done(self):
        world().point()
        return self.state in ("finished", "cancelled")

    def add_done_callback(self, callback):
        if self.state in ("finished", "cancelled"):
            callback(self)
        else:
            self.callbacks.append(callback)

    def _await(self, timeout):
        here = world()
        here.point()
        while self.state not in ("finished", "cancelled"):
            if not here.block(self, timeout):
                raise FutureTimeout
        if self.state == "cancelled":
            raise CancelledError

    def result(self, timeout=None):
        self._await(timeout)
        if self.error is not None:
            raise self.error
        return self.value

    def exception(self, timeout=None):
        self._await(timeout)
        return self.error


class ThreadPoolExecutor:
    word = "ThreadPoolExecutor"

    def __init__(self, max_workers=None, thread_name_prefix="", initializer=None, initargs=()):
        if max_workers is not None and max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        # The real one asks how many processors there are; here it is the same everywhere.
        self.max_workers = max_workers or bounds.default_workers
        self._max_workers = self.max_workers
        self.prefix = thread_name_prefix or "pool"
        self.initializer, self.initargs = initializer, initargs
        self.work = []
        self.workers = []
        self.idle = 0
        self.is_shut = False
        self.made_at = caller_line()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.shutdown()

    def submit(self, function, /, *args, **kwargs):
        here = world()
        here.point()
        if self.is_shut:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future = Future()
        self.work.append((future, function, args, kwargs))
        here.record(here.current, "submits", self)
        if self.idle > 0:
            self.idle -= 1
            here.wake(self, 1)
        elif len(self.workers) < self.max_workers:
            name = "%s_%d" % (self.prefix, len(self.workers))
            self.workers.append(here.spawn(name, self._serve))
        return future

    def map(self, function, *iterables, timeout=None, chunksize=1):
        futures = [self.submit(function, *args) for args in zip(*iterables)]
        return (future.result(timeout) for future in futures)

    def shutdown(self, wait=True, *, cancel_futures=False):
        here = world()
        if here.is_aborting:
            return
        here.point()
        self.is_shut = True
        if cancel_futures:
            dropped, self.work = self.work, []
            for future, *_ in dropped:
                future.cancel()
        here.wake(self)
        for worker in self.workers if wait else []:
            while worker.state != DONE:
                here.block(worker)

    def _serve(self):
        here = world()
        if self.initializer:
            self.initializer(*self.initargs)
        while True:
            while not self.work:
                if self.is_shut:
                    return
                self.idle += 1
                here.block(self)
            future, function, args, kwargs = self.work.pop(0)
            if not future.set_running_or_notify_cancel():
                continue
            try:
                value = function(*args, **kwargs)
            except Exception as error:
                future.set_exception(error)
            else:
                future.set_result(value)
            here.point()


FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED = "FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED"


def as_completed(futures, timeout=None):
    for future in list(futures):
        try:
            future._await(timeout)
        except CancelledError:
            pass
        yield future


def wait(futures, timeout=None, return_when=ALL_COMPLETED):
    done = set(as_completed(futures, timeout))
    return done, set()
