"""What a reader is shown of a state: values, locks, and where each thread is.

Nothing here calls a method of the file: it would run in the middle of what is looked at."""

import collections
import datetime
import types

from . import bounds, canon, pools, state, sync, world
from .subject import clip

# What an object holds besides data.
UNSHOWN = canon.FUNCTIONS + (sync.Thread, sync.Barrier, pools.ThreadPoolExecutor)
STATES = {world.READY: "ready", world.BLOCKED: "waits", world.SLEEPING: "sleeps", world.DONE: "done"}


def text(value):
    return clip(_text(value, bounds.shown_depth), bounds.shown_value)


def _text(value, depth):
    if type(value) in canon.PLAIN:
        return repr(value)
    if depth == 0:
        return "…"
    inner = lambda part: _text(part, depth - 1)
    if isinstance(value, dict):
        return "{%s}" % ", ".join("%s: %s" % (inner(key), inner(part)) for key, part in list(value.items()))
    if isinstance(value, (list, collections.deque)):
        return "[%s]" % ", ".join(map(inner, list(value)))
    if isinstance(value, tuple):
        return "(%s)" % ", ".join(map(inner, value))
    if isinstance(value, (set, frozenset)):
        return "{%s}" % ", ".join(sorted(map(inner, value))) if value else "set()"
    if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
        return str(value)
    if isinstance(value, BaseException):
        return "%s(%s)" % (type(value).__name__, ", ".join(map(inner, value.args)))
    name = type(value).__name__
    fields = getattr(value, "__dict__", None)
    if not fields or isinstance(value, canon.FUNCTIONS) or type(value).__module__ in (sync.__name__, pools.__name__):
        return name
    shown = ["%s=%s" % (key, inner(part)) for key, part in list(fields.items())]
    return "%s(%s)" % (name, ", ".join(shown))


def rows(run, changed_names, actor_of):
    """[label, text] of each value that threads share, and [label, who has it, who waits] of each lock."""
    found = []
    for owner, values in state.places(run):
        for name, value in list(values.items()):
            label = "%s.%s" % (owner, name) if owner else name
            lock = getattr(value, "lock", value) if isinstance(value, sync.Condition) else value
            if isinstance(lock, sync.Exclusive):
                found.append([label, *_of_lock(run, value, lock, actor_of)])
            elif isinstance(value, pools.Queue):
                found.append([label, text(value.items)])
            elif isinstance(value, sync.Event):
                found.append([label, repr(value.flag)])
            elif _is_data(owner, name, value, changed_names):
                found.append([label, text(value)])
    return found


def _of_lock(run, thing, lock, actor_of):
    tasks = run.world.tasks
    waits = lambda task: task.waits_for is lock or getattr(task.waits_for, "condition", None) is thing
    return [
        [actor_of(task) for task in tasks if lock in task.held],
        [actor_of(task) for task in tasks if task.state == world.BLOCKED and waits(task)],
    ]


def _is_data(owner, name, value, changed_names):
    if isinstance(value, UNSHOWN) or type(value).__module__.split(".")[0] in ("logging", "abc"):
        return False
    if owner == "self":
        return True
    # Of a class or the file: what changes. A constant is in the code.
    return isinstance(value, state.CONTAINERS) and not isinstance(value, types.MappingProxyType) or name in changed_names


def status(task, stack, pending, names):
    """Where a thread is: what it does, on which line, what comes next, what it knows and has."""
    what, line, kind, name = STATES[task.state], task.line, "", ""
    if task.state == world.READY and not stack.frames:
        what = "new" if task.line == 0 else what
    if task.state == world.BLOCKED:
        name = names.of(task.waits_for)
    elif pending is not None:
        line, kind, name = pending
    known = [[label, text(value)] for label, value in stack.locals() if not isinstance(value, UNSHOWN)]
    held = [names.of(lock) for lock in task.held]
    return [what, 0 if task.state == world.DONE else line, kind, name, known, held]
