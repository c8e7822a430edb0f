"""What was found, as plain data. Sentences are made by whoever reads it."""

import json

from . import state, subject


class Names:
    """What the file calls its locks and queues."""

    def __init__(self, run):
        self.known = []
        for owner, values in state.places(run):
            for name, value in values.items():
                self.known.append((value, "%s.%s" % (owner, name) if owner else name))
                inner = getattr(value, "lock", None)
                if inner is not None and type(value).__name__ == "Condition":
                    self.known.append((inner, "%s.%s" % (owner, name) if owner else name))
        self.run = run

    def of(self, thing):
        if hasattr(thing, "condition"):
            thing = thing.condition
        if hasattr(thing, "whole"):
            thing = thing.whole
        for value, name in self.known:
            if value is thing:
                return name
        if hasattr(thing, "baton"):
            return thing.name
        made_at = getattr(thing, "made_at", 0)
        word = getattr(thing, "word", type(thing).__name__)
        return "%s of line %d" % (word, made_at) if made_at else word


class Steps:
    """The log of a run as steps: a thread on a line, with notes."""

    def __init__(self, run):
        self.run = run
        self.names = Names(run)
        self.steps = []
        # By thread: a line that was begun but has touched nothing yet, how much that is shared it
        # has touched, and where it was stopped inside a line.
        self.begun = {}
        self.touched = {}
        self.stopped = {}

    def open(self, task, line, again):
        last = self.steps[-1] if self.steps else None
        is_same = last is not None and (last["task"], last["line"]) == (task, line)
        if not is_same or (last["notes"] and not again):
            self.steps.append({"task": task, "line": line, "again": again, "notes": []})

    def note(self, task, line, what, **more):
        if not self.steps or self.steps[-1]["task"] != task:
            self.open(task, line, True)
        self.steps[-1]["notes"].append({"what": what, **more})

    def flush(self, task):
        """What the thread was about to do, it does now."""
        if task in self.stopped:
            line, kind, name = self.stopped.pop(task)
            self.open(task, line, True)
            self.note(task, line, "goes_on", kind=kind, name=name)
        if task in self.begun:
            self.open(task, self.begun.pop(task), False)

    def before(self, task, detail, is_stopped):
        """The thread is about to touch something shared, and is stopped there or not."""
        self.touched[task] = self.touched.get(task, 0) + 1
        if not is_stopped:
            self.flush(task)
            return
        # At the first of a line nothing of it has happened yet: the whole line comes later.
        if self.touched[task] > 1 or task not in self.begun:
            self.flush(task)
            line, kind, name = detail
            self.note(task, line, "stops_before", kind=kind, name=name)
            self.stopped[task] = detail

    def add(self, task, what, line, detail):
        if what == "line":
            self.flush(task)
            self.begun[task] = detail
            self.touched[task] = 0
            return
        self.flush(task)
        if what == "calls":
            self.steps.append({"task": task, "line": 0, "again": False, "notes": []})
            self.note(task, 0, what, text=detail)
        elif what == "returns":
            self.note(task, line, what, text=detail)
        elif what == "sleeps":
            self.note(task, line, what, seconds=round(detail, 6))
        elif what in ("takes", "gives", "waits", "puts", "gets", "submits"):
            self.note(task, line, what, name=self.names.of(detail))
        elif what == "starts":
            self.note(task, line, what, name=self.run.world.tasks[detail].name)


def steps_of(run, first, most):
    """The steps of a run from entry `first` of its log on."""
    made = Steps(run)
    entries = run.world.log[first:]
    for index, (task, what, line, detail) in enumerate(entries):
        following = entries[index + 1][0] if index + 1 < len(entries) else task
        if what == "before":
            made.before(task, detail, following != task)
        else:
            made.add(task, what, line, detail)
    return made.steps[:most]


def move_of(run, names, entries, pending):
    """What a thread did from one stop to the next, as (lines, notes): the entries of the log."""
    entries = list(entries)
    # What it stops before comes later: a line that was begun, but of which nothing was done.
    if entries and entries[-1][1] == "before":
        entries.pop()
    if entries and entries[-1][1] == "line":
        entries.pop()
    lines, notes = [], []
    if pending is not None and pending[0]:
        lines.append(pending[0])
        if pending[1]:
            notes.append({"what": "goes_on", "kind": pending[1], "name": pending[2]})
    for task, what, line, detail in entries:
        if what == "line":
            if not lines or lines[-1] != detail:
                lines.append(detail)
        elif what in ("calls", "returns"):
            notes.append({"what": what, "text": detail})
        elif what == "sleeps":
            notes.append({"what": what, "seconds": round(detail, 6)})
        elif what in ("takes", "gives", "waits", "puts", "gets", "submits"):
            notes.append({"what": what, "name": names.of(detail)})
        elif what == "starts":
            notes.append({"what": what, "name": run.world.tasks[detail].name})
        elif what == "ends" and run.world.tasks[task].client is None:
            notes.append({"what": what})
    return [lines, notes]


def plain(value, names):
    """Details without objects: a lock is its name."""
    if isinstance(value, dict):
        return {key: plain(part, names) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part, names) for part in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return names.of(value)


def calls_of(run, count):
    calls = run.calls[-count:] if count else []
    return [
        {"client": call.client, "text": call.text, "status": call.status, "result": call.shown_result()}
        for call in calls
    ]


class Writer:
    """Lines of JSON for the parent."""

    def __init__(self, stream):
        self.stream = stream

    def write(self, event, **data):
        text = json.dumps({"event": event, **data}, ensure_ascii=True, default=repr)
        self.stream.write(text.encode("ascii", "replace") + b"\n")
        self.stream.flush()


def subject_of(plan):
    return {
        "class": plan.class_name,
        "methods": dict(sorted(plan.methods.items())),
        "named_by": {kind: by for kind, by in sorted(plan.by.items()) if kind in plan.methods},
        "servers": plan.measure,
        "counters": sorted(plan.counters),
        "capacity": plan.capacity,
    }
