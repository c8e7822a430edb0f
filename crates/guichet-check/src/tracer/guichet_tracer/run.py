"""One run of the checked class under one schedule."""

import inspect
import opcode

from . import bounds, modules, pools, state, subject, sync
from .world import Stop, World, activate

RAISES = {opcode.opmap["RAISE_VARARGS"]}


class Call:
    """One call of a method, and what came of it."""

    def __init__(self, kind, server, client):
        self.kind = kind
        self.server = server
        self.client = client
        self.text = ""
        # "open" until it ends: "done", "refused", "crash", or "unable" if it cannot be called so.
        self.status = "open"
        self.value = None
        # What the method itself gave, before what it hands out came to its end.
        self.handed = None
        self.error = None
        self.printed = ""
        self.leaks = []
        self.task = None
        # Of a create: how many servers there were when it answered.
        self.size_at_return = None

    def shape(self):
        if self.status == "refused":
            return ("raises", type(self.error).__name__)
        return state.shape(self.value, self.printed)

    def shown_result(self):
        if self.error is not None:
            return subject.clip("%s: %s" % (type(self.error).__name__, self.error), bounds.shown_error)
        return subject.clip(repr(self.value), bounds.shown_value)


class Run:
    def __init__(self, file, marks, imports, plan, choices=None, is_recorded=False, gives_back=False):
        self.file, self.plan, self.marks = file, plan, marks
        imports.forget_siblings()
        marks.prepare()
        modules.same_chance()
        self.world = World(choices, is_recorded, gives_back)
        self.world.trace = marks.tracer(self.world)
        activate(self.world)
        self.module = None
        self.manager = None
        self.servers = {}
        self.calls = []
        self.is_stuck = False
        self.error = None

    def open(self):
        """Loads the file and makes a manager."""
        def job():
            try:
                self.module = self.file.load()
                if self.plan.make is not None:
                    self.manager = self.plan.make(self.module)
            except Stop:
                raise
            except BaseException as error:
                self.error = error

        self.is_stuck = not self.world.run_alone("the main thread", job, 0)
        return self.error is None and not self.is_stuck

    def server(self, number):
        """The server of this number, which may not exist yet."""
        label = subject.MISSING if number is None else "web-%d" % number
        key = label
        if key not in self.servers:
            self.servers[key] = subject.Server(label, number or 99)
        return self.servers[key]

    def do(self, kind, number, client=0):
        """One call with nothing beside it."""
        before = state.elements(self.plan.container(self)) if kind == "create" else []
        call = self.call(kind, number, client)
        self.is_stuck = not self.world.run_alone("the main thread", lambda: self.make(call), client)
        self.settle_leaks()
        if kind == "create" and not self.is_stuck:
            self._learn(call, before)
        return call

    def _learn(self, call, before):
        call.server.result = call.value
        known = [id(element) for _, element in before]
        keys = [key for key, _ in before]
        for key, element in state.elements(self.plan.container(self)):
            is_new = key not in keys if key is not None else id(element) not in known
            if is_new or (key is None and state.holds(key, element, call.server.label)):
                call.server.key, call.server.element = key, element

    def _learn_here(self, call):
        """What a client that has just made a server can know of it, others being at work too."""
        call.server.result = call.value
        if call.server.element is not None or not self.plan.has_names:
            return
        for key, element in state.elements(self.plan.container(self)):
            if state.holds(key, element, call.server.label):
                call.server.key, call.server.element = key, element

    def call(self, kind, number, client):
        call = Call(kind, self.server(number), client)
        self.calls.append(call)
        return call

    def race(self, clients):
        """Calls of several clients at once: a list of (kind, number) for each."""
        jobs = []
        for index, wanted in enumerate(clients, 1):
            calls = [self.call(kind, number, index) for kind, number in wanted]
            jobs.append(("client %d" % index, lambda calls=calls: [self.make(call) for call in calls], index))
        self.is_stuck = not self.world.run_phase(jobs, is_branching=True)
        self.settle_leaks()

    def make(self, call):
        me = self.world.current
        name = self.plan.methods[call.kind]
        method = getattr(self.manager, name)
        try:
            positional, keywords = subject.arguments(method, call.server, self.plan.by.get(call.kind, "label"), call.client)
        except LookupError:
            call.status = "unable"
            return
        call.text = subject.shown_call(name, positional, keywords)
        call.task = me
        me.printed = ""
        self.world.record(me, "calls", call.text)
        try:
            call.handed = method(*positional, **keywords)
            call.value = _settled(call.handed)
            call.status = "done"
            if call.kind == "create":
                call.size_at_return = state.size(self.plan.container(self))
                self._learn_here(call)
        except Stop:
            raise
        except BaseException as error:
            call.error = error
            call.status = "refused" if self.is_refusal(error) else "crash"
        call.printed = me.printed
        call.leaks = list(me.held)
        self.world.record(me, "returns", call.shown_result())

    def settle_leaks(self):
        """Of the locks that a finished call had, those that nobody has given back since."""
        for call in self.calls:
            if call.leaks:
                call.leaks = [lock for lock in call.leaks if lock in call.task.held]

    def is_refusal(self, error):
        """Whether the file raised this itself: a refusal. An error of an operation is none."""
        frame = error.__traceback__
        if frame is None:
            return False
        while frame.tb_next is not None:
            frame = frame.tb_next
        code = frame.tb_frame.f_code
        return self.file.is_own(code.co_filename) and code.co_code[frame.tb_lasti] in RAISES

    def error_line(self, error):
        """The last line of the file that an error passed."""
        line, frame = 0, error.__traceback__
        while frame is not None:
            if self.file.is_own(frame.tb_frame.f_code.co_filename):
                line = frame.tb_lineno
            frame = frame.tb_next
        return line

    def background_errors(self):
        """Errors that ended threads of the file."""
        return [task for task in self.world.tasks if task.error is not None]

    def close(self):
        """Ends what is left. False if a thread would not end."""
        return self.world.abort()


def _settled(value):
    """What a call gives in the end: it may hand out work that is still going on."""
    if isinstance(value, pools.Future):
        return _settled(value.result())
    if isinstance(value, sync.Thread):
        if value.task is not None:
            value.join()
        return None
    if inspect.isgenerator(value):
        return list(value)
    if inspect.iscoroutine(value):
        value.close()
        raise subject.BadFile("coroutine")
    return value
