"""The state of a run as a text: of two runs with the same text, the same steps lead to the same.

What a thread has on its stack inside a statement cannot be seen. So a statement that is under way
counts with all that its thread could read since it began, and a function with a loop, whose place
in what it goes through cannot be seen either, with all since it was entered. What holds something
that cannot be looked into, such as a generator that is stopped, is like nothing else.
"""

import collections
import dis
import hashlib
import itertools
import random
import sys
import types

from . import bounds, modules

# Types of which the text is the value.
PLAIN = (type(None), bool, int, float, complex, str, bytes, range, slice)
FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, type, types.ModuleType,
             property, staticmethod, classmethod, types.MemberDescriptorType, types.GetSetDescriptorType,
             types.MethodDescriptorType, types.WrapperDescriptorType)
# Instances of classes that are written in C, whose text says all that there is to them.
TELLING = ("datetime", "decimal", "fractions", "uuid", "itertools")
HEAP_TYPE = 1 << 9


class Unseen(Exception):
    """Something that cannot be looked into."""


class Text:
    """Writes values down. What is met a second time is a number: that two names mean one list matters."""

    def __init__(self):
        self.met = {}
        self.parts = []

    def digest(self, first=0, before=b""):
        text = "\n".join(self.parts[first:]).encode("utf-8", "replace")
        return hashlib.blake2b(before + text, digest_size=16).digest()

    def add(self, value):
        if len(self.parts) > bounds.state_parts:
            raise Unseen
        kind = type(value)
        if kind in PLAIN:
            self.parts.append(repr(value))
        elif isinstance(value, FUNCTIONS):
            self._function(value)
        elif id(value) in self.met:
            self.parts.append("#%d" % self.met[id(value)])
        else:
            self.met[id(value)] = len(self.met)
            self.parts.append("(" + kind.__name__)
            self._inside(kind, value)
            self.parts.append(")")

    def _function(self, value):
        self.parts.append(getattr(value, "__qualname__", None) or getattr(value, "__name__", None) or repr(type(value)))
        if isinstance(value, types.MethodType):
            self.add(value.__self__)
        for cell in getattr(value, "__closure__", None) or ():
            try:
                self.add(cell.cell_contents)
            except ValueError:
                self.parts.append("an empty cell")

    def _inside(self, kind, value):
        if kind.__module__ == "logging" or kind.__module__.startswith("logging."):
            return
        if kind.__name__ == "Task" and hasattr(value, "baton"):
            self.parts.append(str(value.number))
            return
        if isinstance(value, random.Random):
            self.parts.append(repr(hash(value.getstate())))
            return
        is_seen = self._contents(value)
        if isinstance(value, BaseException):
            self.add(value.args)
            return
        fields = getattr(value, "__dict__", None)
        for name in [] if fields is None else list(fields):
            self.parts.append(name)
            self.add(fields[name])
        for cls in kind.__mro__:
            names = cls.__dict__.get("__slots__", ())
            for name in [names] if isinstance(names, str) else names:
                self.parts.append(name)
                if hasattr(value, name):
                    self.add(getattr(value, name))
                is_seen = True
        if kind.__module__ in TELLING:
            self.parts.append(repr(value))
        elif not is_seen and (fields is None or not kind.__flags__ & HEAP_TYPE):
            raise Unseen

    def _contents(self, value):
        if isinstance(value, (list, tuple, collections.deque)):
            for part in list(value):
                self.add(part)
        elif isinstance(value, dict):
            for key, part in list(value.items()):
                self.add(key)
                self.add(part)
        elif isinstance(value, (set, frozenset)):
            # Its order is the same for the same members only as long as nothing is removed.
            for part in list(value):
                self.add(part)
        else:
            return False
        return True


def shared(run, text):
    """What all threads can reach by names."""
    own = vars(run.module)
    for name in sorted(own):
        if not name.startswith("__") and not isinstance(own[name], types.ModuleType):
            value = own[name]
            text.parts.append(name)
            text.add(value)
            if isinstance(value, type) and value.__module__ == run.module.__name__:
                for field, inner in sorted(vars(value).items()):
                    if not field.startswith(("__", "_abc_")):
                        text.parts.append(field)
                        text.add(inner)
    text.add(run.manager)
    text.add(hash(random.getstate()))
    text.add(hash(modules.draws.getstate()))
    text.add(run.world.now)
    for call in run.calls:
        text.parts.append(call.status)
        for value in (call.value, call.error, call.handed, call.printed, call.size_at_return):
            text.add(value)


# A number for each state that is like no other.
unlike = itertools.count()

# Whether a function has a loop over something, by its code.
loops = {}


def has_loop(code):
    found = loops.get(code)
    if found is None:
        found = loops[code] = any(it.opname == "FOR_ITER" for it in dis.get_instructions(code))
    return found


class Stack:
    """The functions of the file that a thread is in, the innermost last, as it was stopped."""

    def __init__(self):
        # (frame, statement, digest of what it could read since that began)
        self.frames = []

    def stop(self, file, marks):
        """Called by the thread itself."""
        frame, found = sys._getframe(1), []
        while frame is not None:
            if file.is_own(frame.f_code.co_filename):
                found.append(frame)
            frame = frame.f_back
        before = {id(frame): (frame, statement, past) for frame, statement, past in self.frames}
        self.frames = []
        for frame in reversed(found):
            statement = marks.statement(frame)
            known, at, past = before.get(id(frame), (None, None, b""))
            is_on = known is frame and (has_loop(frame.f_code) or at == statement)
            self.frames.append((frame, statement, past if is_on else b""))

    def reads(self, digest):
        """The thread goes on, and what it can read is this."""
        self.frames = [(frame, statement, hashlib.blake2b(past + digest, digest_size=16).digest())
                       for frame, statement, past in self.frames]

    def write(self, text):
        for frame, _, past in self.frames:
            code = frame.f_code
            text.parts.append("%s %d %d %s" % (code.co_name, code.co_firstlineno, frame.f_lasti, past.hex()))
            for name, value in sorted(frame.f_locals.items()):
                text.parts.append(name)
                text.add(value)

    def locals(self):
        """What the innermost function knows, but for its object."""
        if not self.frames:
            return []
        found = sorted(self.frames[-1][0].f_locals.items())
        return [(name, value) for name, value in found if name not in ("self", "cls") and not name.startswith(".")]


def seen(run, stacks):
    """The digest of a state, and for each thread what it can read. None for what cannot be told."""
    text, reads = Text(), {}
    try:
        shared(run, text)
        base = text.digest()
        _threads(run, stacks, text, base, reads)
    except Unseen:
        # Nor is anything that comes of it like anything else.
        alone = b"%d" % next(unlike)
        return None, {task.number: alone for task in run.world.tasks}
    return text.digest(), reads


def _threads(run, stacks, text, base, reads):
    for task in run.world.tasks:
        stack = stacks.get(task.number)
        first = len(text.parts)
        text.parts.append("task %d %s %d %r %r" % (task.number, task.name, task.state, task.wake, task.timed_out))
        text.add(task.waits_for)
        text.add(task.held)
        text.add(task.error)
        if stack is not None:
            stack.write(text)
        reads[task.number] = text.digest(first, base)
