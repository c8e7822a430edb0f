"""The classes of `threading` under control. They do what the standard library's do; who gets a
lock that several wait for is the schedule's decision."""

from .world import DONE, world

NO_TIMEOUT = -1


def caller_line(depth=2):
    import sys

    return sys._getframe(depth).f_lineno


class Exclusive:
    """What Lock, RLock and Semaphore share: a thread has it, and others wait."""

    word = "Lock"
    is_exclusive = True

    def __init__(self):
        self.made_at = caller_line(3)

    def __enter__(self):
        self.acquire()
        return self

    def __exit__(self, *_):
        self.release()

    def _take(self, is_free, blocking, timeout):
        here = world()
        here.point()
        if not blocking and timeout != NO_TIMEOUT:
            raise ValueError("can't specify a timeout for a non-blocking call")
        while not is_free():
            if not blocking:
                return False
            if not here.block(self, None if timeout in (NO_TIMEOUT, None) else timeout):
                return False
        me = here.current
        me.held.append(self)
        here.record(me, "takes", self)
        return True

    def _drop(self, task):
        here = world()
        for held_by in [task, *here.tasks]:
            if held_by is not None and self in held_by.held:
                # The newest of its holds.
                index = len(held_by.held) - 1 - held_by.held[::-1].index(self)
                del held_by.held[index]
                break
        here.record(here.current, "gives", self)
        here.wake(self)


class Lock(Exclusive):
    def __init__(self):
        super().__init__()
        self.owner = None

    def acquire(self, blocking=True, timeout=NO_TIMEOUT):
        taken = self._take(lambda: self.owner is None, blocking, timeout)
        if taken:
            self.owner = world().current
        return taken

    def release(self):
        here = world()
        if here.is_aborting:
            return
        if self.owner is None:
            raise RuntimeError("release unlocked lock")
        owner, self.owner = self.owner, None
        self._drop(owner)

    def locked(self):
        return self.owner is not None

    def give_all(self):
        self.owner = None
        self._drop(world().current)
        return 1

    def take_all(self, _):
        Lock.acquire(self)

    def is_owned(self):
        return self.owner is world().current


class RLock(Exclusive):
    word = "RLock"

    def __init__(self):
        super().__init__()
        self.owner = None
        self.depth = 0

    def acquire(self, blocking=True, timeout=NO_TIMEOUT):
        me = world().current
        if self.owner is me:
            self.depth += 1
            return True
        taken = self._take(lambda: self.owner is None, blocking, timeout)
        if taken:
            self.owner = me
            self.depth = 1
        return taken

    def release(self):
        here = world()
        if here.is_aborting:
            return
        if self.owner is not here.current:
            raise RuntimeError("cannot release un-acquired lock")
        self.depth -= 1
        if self.depth == 0:
            owner, self.owner = self.owner, None
            self._drop(owner)

    def give_all(self):
        depth, self.depth, self.owner = self.depth, 0, None
        self._drop(world().current)
        return depth

    def take_all(self, depth):
        self.acquire()
        self.depth = depth

    def is_owned(self):
        return self.owner is world().current


class Semaphore(Exclusive):
    word = "Semaphore"

    def __init__(self, value=1):
        super().__init__()
        if value < 0:
            raise ValueError("semaphore initial value must be >= 0")
        self.value = value
        self.initial = value

    @property
    def is_exclusive(self):
        return self.initial == 1

    def acquire(self, blocking=True, timeout=None):
        taken = self._take(lambda: self.value > 0, blocking, NO_TIMEOUT if timeout is None else timeout)
        if taken:
            self.value -= 1
        return taken

    def release(self, n=1):
        if world().is_aborting:
            return
        self._check(n)
        for _ in range(n):
            self.value += 1
            self._drop(world().current)

    def _check(self, n):
        pass

    def give_all(self):
        self.value += 1
        self._drop(world().current)
        return 1

    def take_all(self, _):
        self.acquire()


class BoundedSemaphore(Semaphore):
    word = "BoundedSemaphore"

    def _check(self, n):
        if self.value + n > self.initial:
            raise ValueError("Semaphore released too many times")


class Condition:
    word = "Condition"

    def __init__(self, lock=None):
        self.lock = RLock() if lock is None else lock
        self.lock.made_at = caller_line(2) if lock is None else self.lock.made_at
        self.waiting = []
        self.acquire = self.lock.acquire
        self.release = self.lock.release

    def __enter__(self):
        self.lock.acquire()
        return self

    def __exit__(self, *_):
        self.lock.release()

    def wait(self, timeout=None):
        if not self.lock.is_owned():
            raise RuntimeError("cannot wait on un-acquired lock")
        here = world()
        ticket = Ticket(self)
        self.waiting.append(ticket)
        state = self.lock.give_all()
        try:
            came = True
            while not ticket.is_called and came:
                came = here.block(ticket, timeout)
        finally:
            if ticket in self.waiting:
                self.waiting.remove(ticket)
        self.lock.take_all(state)
        return ticket.is_called

    def wait_for(self, predicate, timeout=None):
        end = None if timeout is None else world().now + timeout
        result = predicate()
        while not result:
            left = None if end is None else end - world().now
            if left is not None and left <= 0:
                break
            self.wait(left)
            result = predicate()
        return result

    def notify(self, n=1):
        if not self.lock.is_owned():
            raise RuntimeError("cannot notify on un-acquired lock")
        for ticket in self.waiting[:n]:
            self.waiting.remove(ticket)
            ticket.is_called = True
            world().wake(ticket)

    def notify_all(self):
        self.notify(len(self.waiting))

    notifyAll = notify_all


class Ticket:
    """One wait on a condition."""

    word = "Condition"

    def __init__(self, condition):
        self.condition = condition
        self.is_called = False


class Event:
    word = "Event"

    def __init__(self):
        self.flag = False
        self.made_at = caller_line()

    def is_set(self):
        world().point()
        return self.flag

    isSet = is_set

    def set(self):
        world().point()
        self.flag = True
        world().wake(self)

    def clear(self):
        world().point()
        self.flag = False

    def wait(self, timeout=None):
        here = world()
        here.point()
        while not self.flag:
            if not here.block(self, timeout):
                break
        return self.flag


class Barrier:
    word = "Barrier"

    def __init__(self, parties, action=None, timeout=None):
        self.parties = parties
        self.action = action
        self.timeout = timeout
        self.count = 0
        self.round = 0
        self.made_at = caller_line()

    def wait(self, timeout=None):
        here = world()
        here.point()
        index, mine = self.count, self.round
        self.count += 1
        if self.count == self.parties:
            if self.action:
                self.action()
            self.count = 0
            self.round += 1
            here.wake(self)
            return index
        while self.round == mine:
            if not here.block(self, timeout or self.timeout):
                import threading

                raise threading.BrokenBarrierError
        return index


class Thread:
    word = "Thread"
    _count = 0

    def __init__(self, group=None, target=None, name=None, args=(), kwargs=None, *, daemon=None):
        self._target, self._args, self._kwargs = target, tuple(args), dict(kwargs or {})
        number = getattr(world(), "threads_made", 0) + 1
        world().threads_made = number
        self.name = str(name) if name else "Thread-%d" % number
        self.daemon = bool(daemon)
        self.task = None
        self.ident = None
        self.native_id = None

    def run(self):
        if self._target is not None:
            self._target(*self._args, **self._kwargs)

    def start(self):
        if self.task is not None:
            raise RuntimeError("threads can only be started once")
        here = world()
        here.point()
        self.task = here.spawn(self.name, self.run)
        self.task.thread = self
        self.ident = self.native_id = 1000 + self.task.number
        here.record(here.current, "starts", self.task.number)

    def join(self, timeout=None):
        if self.task is None:
            raise RuntimeError("cannot join thread before it is started")
        here = world()
        here.point()
        while self.task.state != DONE:
            if not here.block(self.task, timeout):
                return

    def is_alive(self):
        return self.task is not None and self.task.state != DONE

    def getName(self):
        return self.name

    def setName(self, name):
        self.name = name

    def isDaemon(self):
        return self.daemon

    def setDaemon(self, daemon):
        self.daemon = daemon


class Timer(Thread):
    def __init__(self, interval, function, args=None, kwargs=None):
        super().__init__()
        self.interval, self.function = interval, function
        self.args, self.kwargs = args or (), kwargs or {}
        self.is_cancelled = False

    def cancel(self):
        self.is_cancelled = True

    def run(self):
        world().sleep(self.interval)
        if not self.is_cancelled:
            self.function(*self.args, **self.kwargs)


class Stranger(Thread):
    """The thread that a client is, as the file may look at it."""

    def __init__(self, task):
        self.task, self.name, self.daemon = task, task.name, False
        self.ident = self.native_id = 1000 + task.number


def current_thread():
    task = world().current
    if task.thread is None:
        task.thread = Stranger(task)
    return task.thread


def get_ident():
    return 1000 + world().current.number


def enumerate_threads():
    alive = [task for task in world().tasks if task.state != DONE]
    return [task.thread or Stranger(task) for task in alive]
