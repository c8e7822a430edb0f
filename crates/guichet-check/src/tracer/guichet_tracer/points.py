"""Where a thread is stopped: before each instruction that reads or writes what others may share.

An instruction that touches only locals, constants or names that nobody changes can be moved
before or after a step of another thread, and nothing would come out differently. So stopping at
the others is stopping everywhere, and it needs far fewer schedules.
"""

import ast
import dis
import os

from . import warm
from .world import Stop

OURS = os.path.dirname(__file__)

READS = {"BINARY_SUBSCR", "BINARY_SLICE", "CONTAINS_OP", "FOR_ITER", "LIST_EXTEND", "SET_UPDATE",
         "DICT_UPDATE", "LIST_TO_TUPLE", "UNPACK_SEQUENCE"}
WRITES = {"STORE_SUBSCR", "DELETE_SUBSCR", "STORE_SLICE"}
CALLS = {"CALL", "CALL_FUNCTION", "CALL_FUNCTION_KW", "CALL_FUNCTION_EX", "CALL_METHOD", "CALL_KW"}

# Calls that touch nothing shared, or stop by themselves.
HARMLESS = {"print", "str", "int", "float", "bool", "range", "isinstance", "super", "type", "repr",
            "format", "round", "abs", "sleep", "Thread", "Lock", "RLock", "Semaphore", "uuid4",
            "ValueError", "KeyError", "RuntimeError", "Exception", "IndexError", "LookupError",
            "datetime", "dict", "getattr", "hasattr"}
OWN_STOP = {"acquire", "release", "sleep", "start", "submit", "notify", "notify_all", "result",
            "put", "task_done", "upper", "lower", "strip", "format", "isoformat", "strftime"}
HARMLESS_OWNERS = {"random", "time", "logging", "logger", "log", "datetime", "uuid", "os", "math",
                   "threading", "itertools"}


def _untrace(frame):
    """A trace function that raises is the thread's last. But 3.12.1 still calls it, and crashes, for
    each instruction of a frame that wants that, as in the cleaning up of a `with`."""
    while frame is not None:
        frame.f_trace_opcodes = False
        frame = frame.f_back


class Source:
    """What can be said of the file without running it."""

    def __init__(self, tree):
        self.changed_names = set()
        functions = set()
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                functions.add(node.name)
                if node.name != "__init__":
                    self._changes(node)
            elif isinstance(node, (ast.Global, ast.Nonlocal)):
                self.changed_names.update(node.names)
        self.functions = functions
        self.quiet_lines = self._quiet_lines(tree)
        # The first line of the statement that a line belongs to.
        self.statements = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.stmt):
                self._statement(node)

    def _changes(self, function):
        for node in ast.walk(function):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, (ast.Store, ast.Del)):
                self.changed_names.add(node.attr)

    def _statement(self, node):
        """Of a statement with others below it only its head; those come later, and say so themselves."""
        below = getattr(node, "body", None)
        end = max(node.lineno, below[0].lineno - 1) if below else node.end_lineno
        for line in range(node.lineno, end + 1):
            self.statements[line] = node.lineno

    def _quiet_lines(self, tree):
        """Lines with calls, none of which can touch anything shared."""
        quiet, loud = set(), set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                (quiet if self._is_quiet(node.func) else loud).add(node.lineno)
        return quiet - loud

    def _is_quiet(self, function):
        if isinstance(function, ast.Name):
            return function.id in HARMLESS
        if not isinstance(function, ast.Attribute):
            return False
        owner = function.value
        if isinstance(owner, ast.Attribute):
            owner_name = owner.attr
        else:
            owner_name = getattr(owner, "id", None)
        if owner_name in HARMLESS_OWNERS or function.attr in OWN_STOP:
            return True
        # A method of the file is stopped in by its own lines.
        return owner_name == "self" and function.attr in self.functions


def kind_of(instruction, line, source):
    """What a stop before this instruction is a stop before: (what, name), or None."""
    name = instruction.opname
    operand = instruction.argval
    if name in ("LOAD_ATTR", "LOAD_METHOD", "LOAD_GLOBAL", "LOAD_DEREF", "LOAD_NAME"):
        return ("reads", operand) if operand in source.changed_names else None
    if name in ("STORE_ATTR", "STORE_GLOBAL", "STORE_DEREF"):
        return ("writes", operand) if operand in source.changed_names else None
    if name in ("DELETE_ATTR", "DELETE_GLOBAL"):
        return ("writes", operand)
    if name in READS or (name == "BINARY_OP" and instruction.argrepr == "[]"):
        return ("reads", "")
    if name in WRITES:
        return ("writes", "")
    if name in CALLS:
        return None if line in source.quiet_lines else ("calls", "")
    return None


class Marks:
    """The stops of each function, by the position of the instruction."""

    def __init__(self, is_own, code):
        self.is_own = is_own
        self.sources = {}
        self.of_code = {}
        # The functions of the file, and whether they have to be made ready for a run.
        self.codes = set(warm.functions_in(code))
        self.is_cold = warm.IS_NEEDED

    def marks(self, code):
        found = self.of_code.get(code)
        if found is None:
            found = self.of_code[code] = self._make(code)
            self.codes.add(code)
        return found

    def prepare(self):
        """Before a run."""
        if self.is_cold:
            warm.warm(self.codes)
            self.is_cold = False

    def statement(self, frame):
        """The first line of the statement in which a function of the file is."""
        source = self.sources.get(frame.f_code.co_filename)
        return frame.f_lineno if source is None else source.statements.get(frame.f_lineno, frame.f_lineno)

    def _make(self, code):
        source = self.sources.get(code.co_filename)
        if source is None:
            with open(code.co_filename, "rb") as file:
                source = Source(ast.parse(file.read()))
            self.sources[code.co_filename] = source
        marks = {}
        line = code.co_firstlineno
        lines = dict(dis.findlinestarts(code))
        extended = []
        for instruction in dis.get_instructions(code):
            line = lines.get(instruction.offset) or line
            if instruction.opname == "EXTENDED_ARG":
                extended.append(instruction.offset)
                continue
            kind = kind_of(instruction, line, source)
            if kind is not None:
                for offset in [*extended, instruction.offset]:
                    marks[offset] = kind
            extended = []
        return marks

    def tracer(self, world):
        """The trace function of a run."""
        is_recorded = world.is_recorded
        is_own, marks_of = self.is_own, self.of_code

        def follow(marks):
            def local(frame, event, _):
                if event == "opcode":
                    kind = marks.get(frame.f_lasti)
                    try:
                        if kind is None:
                            world.step()
                        else:
                            line = frame.f_lineno
                            if is_recorded:
                                world.record(world.current, "before", (line, *kind))
                            world.point(line)
                    except Stop:
                        self.is_cold = warm.IS_NEEDED
                        _untrace(frame)
                        raise
                elif event == "line":
                    world.current.line = frame.f_lineno
                    world.record(world.current, "line", frame.f_lineno)
                return local

            return local

        def enter(frame, event, _):
            code = frame.f_code
            marks = marks_of.get(code)
            if marks is None:
                if not is_own(code.co_filename):
                    return None
                marks = self.marks(code)
            # Under a frame of the standard library a real lock may be held: no stop there.
            back = frame.f_back
            if back is not None:
                caller = back.f_code.co_filename
                if not is_own(caller) and os.path.dirname(caller) != OURS:
                    return None
            frame.f_trace_opcodes = True
            frame.f_trace_lines = is_recorded
            return follow(marks)

        return enter
