"""Who runs next.

Each thread of the checked file is a real thread, and exactly one of them runs at any time: the
others wait, each for its own baton. A running thread comes to `point` before it touches anything
that others could touch, and there the schedule says who goes on. Time is virtual: a sleep ends
when the schedule says so, and costs nothing.

A schedule is the list of its decisions. Without instructions a decision takes the first option:
the running thread goes on until it waits. `choices` overrides single decisions by their number,
so the same `choices` give the same run again.
"""

import _thread
import os
import sys

from . import bounds

READY, BLOCKED, SLEEPING, DONE = range(4)


OURS = os.path.dirname(__file__)


def own_line():
    """The line of the checked file that is being run: the nearest frame that is not ours."""
    frame = sys._getframe(1)
    while frame is not None and os.path.dirname(frame.f_code.co_filename) == OURS:
        frame = frame.f_back
    return 0 if frame is None or frame.f_code.co_filename.startswith("<") else frame.f_lineno


class Stop(BaseException):
    """Ends a thread whose schedule is over. Not an Exception: the checked file must not catch it."""


class Task:
    """A thread under control."""

    def __init__(self, number, name, run, client):
        self.number = number
        self.name = name
        self.run = run
        # The number of the client that it plays; None for a thread that the file started.
        self.client = client
        self.baton = _thread.allocate_lock()
        self.baton.acquire()
        self.ended = _thread.allocate_lock()
        self.ended.acquire()
        self.state = READY
        # What it waits for, and until when at most.
        self.waits_for = None
        self.wake = None
        self.timed_out = False
        # The locks and semaphores that it has taken and not given back, oldest first.
        self.held = []
        self.error = None
        self.printed = ""
        self.thread = None
        # It runs in the thread of the explorer.
        self.is_inline = False
        self.line = 0
        # Points passed without a switch, for fairness.
        self.points = 0
        # How often it has been woken from a sleep after the clients were done.
        self.woken = 0


class Carrier:
    """A real thread, which carries one task after the other: starting one is dear."""

    def __init__(self):
        self.go = _thread.allocate_lock()
        self.go.acquire()
        self.work = None
        _thread.start_new_thread(self._run, ())

    def _run(self):
        while True:
            self.go.acquire()
            world, task = self.work
            self.work = None
            world.carry(task)
            IDLE.append(self)
            task.ended.release()


# Carriers without a task. As many as the busiest run had threads.
IDLE = []


class World:
    """One run of one schedule."""

    def __init__(self, choices=None, is_recorded=False, gives_back=False):
        self.choices = choices or {}
        self.is_recorded = is_recorded
        # "What if": a sleep gives every lock back while it lasts.
        self.gives_back = gives_back
        self.tasks = []
        self.current = None
        self.now = 0.0
        self.steps = 0
        self.switches = 0
        self.decisions = []
        self.is_branching = False
        self.is_aborting = False
        self.is_too_long = False
        self.is_stray = False
        self.timeouts = 0
        self.over = _thread.allocate_lock()
        self.over.acquire()
        # The task that runs in the caller's thread.
        self.inline = None
        self.trace = None
        # Sees each stop of a race and may decide itself; see `graph`.
        self.watcher = None
        self.log = []
        # (lock, line) of each sleep under a lock.
        self.sleeps_under = []
        self.slept = 0.0
        self.printed_total = 0

    # Threads.

    def spawn(self, name, run, client=None):
        if len(self.tasks) >= bounds.tasks:
            raise RuntimeError("can't start new thread: %d is the most here" % bounds.tasks)
        task = Task(len(self.tasks), name, run, client)
        self.tasks.append(task)
        carrier = IDLE.pop() if IDLE else Carrier()
        carrier.work = (self, task)
        carrier.go.release()
        return task

    def carry(self, task):
        task.baton.acquire()
        if not self.is_aborting:
            self._attempt(task)
        task.state = DONE
        if not self.is_aborting:
            self.record(task, "ends", None)
            self.wake(task)
            self._hand_over(task)

    def _attempt(self, task):
        """Runs a job under the trace. Its error is the task's."""
        try:
            sys.settrace(self.trace)
            task.run()
        except Stop:
            pass
        except BaseException as error:
            task.error = error
        finally:
            sys.settrace(None)

    def run_phase(self, jobs, is_branching=False):
        """Runs (name, function, client) until nothing goes on any more. True if all came to an end."""
        tasks = [self.spawn(*job) for job in jobs]
        self.is_branching = is_branching
        self.current = None
        self._hand_over(None)
        self.over.acquire()
        self.is_branching = False
        return all(task.state == DONE for task in tasks) and not self.is_too_long

    def run_alone(self, name, run, client):
        """The same for one job, in the caller's own thread: most phases are one call by one thread,
        and need neither a thread nor a change of threads."""
        task = Task(len(self.tasks), name, run, client)
        task.is_inline = True
        self.tasks.append(task)
        self.inline = self.current = task
        self._attempt(task)
        self.inline = self.current = None
        task.state = DONE
        if self.is_aborting:
            return False
        self.record(task, "ends", None)
        self.wake(task)
        options = self._free_options(None)
        if options:
            self._hand_over(None)
            self.over.acquire()
        return not self.is_too_long

    def _no_more(self):
        """Nobody goes on. Whoever waits for that is told."""
        if self.inline is None:
            self.over.release()
        else:
            # Its call never ends: there is nothing to see but that.
            self.is_aborting = True
            self.inline.baton.release()

    def abort(self):
        """Ends all threads that are left, one after the other. True if that worked."""
        self.is_aborting = True
        ended = True
        for task in self.tasks:
            if task.is_inline:
                continue
            if task.state != DONE:
                self.current = task
                task.baton.release()
            ended = task.ended.acquire(True, bounds.end_seconds) and ended
        self.current = None
        return ended

    # Decisions.

    def point(self, line=None):
        """The running thread is about to touch what others may touch."""
        me = self.current
        if self.is_aborting:
            raise Stop
        if line is not None:
            me.line = line
        self._count()
        if len(self.tasks) == 1:
            return
        options = [(me, 0)]
        timed = None
        for task in self.tasks:
            if task is me:
                continue
            if task.state == READY:
                options.append((task, 1))
            elif task.state == SLEEPING and self.is_branching:
                if timed is None or task.wake < timed.wake:
                    timed = task
        if timed is not None:
            options.append((timed, 1))
        if len(options) == 1:
            me.points = 0
            if self.watcher is None:
                return
        me.points += 1
        if me.points > bounds.fair_points:
            me.points = 0
            options = self._others_first(me)
        chosen = self._decide(options)
        if chosen is not me:
            self._give(chosen)
            self._wait(me)

    def _others_first(self, me):
        others = self._free_options(me)
        return others + [(me, 0)] if not others else others

    def _free_options(self, me):
        """Who may go on when the running thread does not."""
        count = len(self.tasks)
        first = 0 if me is None else me.number
        ready = [task for task in self.tasks if task.state == READY and task is not me]
        ready.sort(key=lambda task: (task.number - first) % count)
        timed = [task for task in self.tasks if task.state != DONE and task.wake is not None]
        timed.sort(key=lambda task: (task.wake, task.number))
        options = [(task, 0) for task in ready]
        for task in timed:
            is_first = task.wake == timed[0].wake
            if task.state == BLOCKED:
                # A time limit passes only when nothing else can happen: the file may rely on it.
                if not ready and is_first:
                    options.append((task, 0))
            else:
                options.append((task, 0 if is_first else 1))
        return options

    def _decide(self, options):
        if not self.is_branching:
            return options[0][0]
        if self.watcher is not None:
            chosen = self.watcher.decide([task for task, _ in options])
            if chosen is not None:
                return chosen
        chosen = options[0][0]
        if len(options) > 1:
            chosen = self._planned(options)
        if self.watcher is not None:
            self.watcher.decided(chosen)
        return chosen

    def _planned(self, options):
        """What the choices say, and otherwise the first option."""
        chosen = options[0][0]
        number = self.choices.get(len(self.decisions))
        if number is not None:
            for task, _ in options:
                if task.number == number:
                    chosen = task
                    break
            else:
                # The file did something else than last time.
                self.is_stray = True
        self.decisions.append((chosen.number, [(task.number, cost) for task, cost in options]))
        return chosen

    def _hand_over(self, me):
        """The running thread does not go on: somebody else does, or nobody."""
        options = self._free_options(me)
        if not self._clients_left():
            options = [option for option in options if self._may_go_on(option[0])]
        if not options:
            self.current = None
            self._no_more()
            return
        self._give(self._decide(options))

    def _clients_left(self):
        return any(task.client is not None and task.state != DONE for task in self.tasks)

    def _may_go_on(self, task):
        if task.state == SLEEPING:
            task.woken += 1
            return task.woken <= bounds.woken
        # A thread that waits with a time limit in a loop is at rest.
        return task.state != BLOCKED

    def _give(self, task):
        if task.state in (SLEEPING, BLOCKED):
            self.now = max(self.now, task.wake)
            if task.state == BLOCKED:
                task.timed_out = True
                self.timeouts += 1
        task.state = READY
        task.wake = None
        if task is not self.current:
            self.switches += 1
        self.current = task
        task.points = 0
        task.baton.release()

    def _wait(self, me):
        me.baton.acquire()
        if self.is_aborting:
            raise Stop

    def _count(self):
        self.steps += 1
        if self.steps > bounds.steps and not self.is_aborting:
            self.is_too_long = True
            me = self.current
            self._no_more()
            self._wait(me)

    def step(self):
        """An instruction of the checked file."""
        if self.is_aborting:
            raise Stop
        self._count()

    # Waiting.

    def block(self, waits_for, timeout=None):
        """The running thread waits for something. False if the time was up before it came."""
        me = self.current
        if self.is_aborting:
            raise Stop
        me.state = BLOCKED
        me.line = own_line() or me.line
        me.waits_for = waits_for
        me.timed_out = False
        me.wake = None if timeout is None else self.now + max(0.0, timeout)
        self.record(me, "waits", waits_for)
        self._hand_over(me)
        self._wait(me)
        me.waits_for = None
        return not me.timed_out

    def sleep(self, seconds):
        me = self.current
        if self.is_aborting:
            raise Stop
        self._count()
        locks = [lock for lock in me.held if lock.is_exclusive]
        if locks and seconds > 0:
            self.sleeps_under.append((locks[-1], own_line(), seconds))
        self.slept += seconds
        taken = []
        if self.gives_back:
            taken = [(lock, lock.give_all()) for lock in reversed(locks)]
        me.state = SLEEPING
        me.wake = self.now + seconds
        self.record(me, "sleeps", seconds)
        self._hand_over(me)
        self._wait(me)
        for lock, state in reversed(taken):
            lock.take_all(state)

    def wake(self, waited_for, count=None):
        """Threads that wait for something may look again."""
        for task in self.tasks:
            if task.state == BLOCKED and task.waits_for is waited_for:
                if count is not None:
                    if count == 0:
                        return
                    count -= 1
                task.state = READY
                task.wake = None

    # What is written down.

    def record(self, task, what, detail):
        if self.is_recorded and task is not None:
            self.log.append((task.number, what, task.line, detail))

    def write(self, text):
        """What the checked file prints."""
        task = self.current
        self.printed_total += len(text)
        if task is not None and len(task.printed) < bounds.output:
            task.printed += text[: bounds.output]


# The run that is under way. There is one at a time; the shims of `sync` and `pools` look it up.
active = None


def world():
    return active


def activate(new):
    global active
    active = new
