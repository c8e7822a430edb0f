"""Finds out how to call the class and where its servers are, by trying with one thread."""

from . import bounds, modules, state, subject
from .run import Run


class Plan:
    def __init__(self):
        self.make = None
        self.class_name = ""
        self.methods = {}
        # By what each kind of method is told of a server.
        self.by = {"create": "label", "list": "nothing"}
        self.measure = None
        self.counters = []
        self.capacity = None
        self.has_names = False
        self.has_ids = False
        # A create answers before its server is there: a thread of the class makes it.
        self.answers_early = False

    def container(self, run):
        """Where the servers are; None as long as that is not known."""
        if self.measure is None or self.measure == "list()":
            return None
        return state.at(run, self.measure)

    def count(self, run):
        if self.measure == "list()":
            return state.size(run.do("list", None).value)
        return state.size(self.container(run))


class Stuck(Exception):
    """The class does not even get through with one thread: a finding, not bad input."""

    def __init__(self, calls):
        super().__init__("stuck")
        # The (kind, number) that lead there, the last of which never ends.
        self.calls = calls


def make_plan(new_run, file, wanted, mapping):
    plan = Plan()
    run = new_run(plan)
    _open(run, file)
    cls, plan.methods = subject.find_class(run.module, wanted, mapping)
    run.close()
    plan.class_name = cls.__name__
    for kind, name in mapping.items():
        if not callable(getattr(cls, name, None)):
            raise subject.BadFile("no_method", name=name, kind=kind, cls=cls.__name__, there=_public(cls))
    if "create" not in plan.methods:
        raise subject.BadFile("no_method", name="", kind="create", cls=cls.__name__, there=_public(cls))
    plan.make = lambda module: _make(getattr(module, plan.class_name))
    try:
        _find_all(plan, new_run, file)
    except Stuck as stuck:
        stuck.plan = plan
        raise
    return plan


def _find_all(plan, new_run, file):
    _find_create(plan, new_run, file)
    if "delete" in plan.methods:
        _find_delete(plan, new_run)
    if "reboot" in plan.methods:
        _find_reboot(plan, new_run)
    if "list" in plan.methods:
        _find_list(plan, new_run)
    _find_capacity(plan, new_run)


def _make(cls):
    positional, keywords = subject.constructor_arguments(cls)
    return cls(*positional, **keywords)


def _public(cls):
    return sorted(name for name in dir(cls) if not name.startswith("_"))


def _open(run, file):
    if run.open():
        return
    error, line = run.error, 0
    is_stuck, too_long = run.is_stuck, run.world.is_too_long
    if error is not None:
        line = run.error_line(error)
    run.close()
    if error is None:
        raise subject.BadFile("import_ends_not", too_long=too_long, stuck=is_stuck)
    if isinstance(error, modules.Refused):
        raise subject.BadFile("refused_module", name=str(error), line=line)
    if isinstance(error, subject.BadFile):
        raise error
    raise subject.BadFile("import", line=line, text=subject.clip("%s: %s" % (type(error).__name__, error), bounds.shown_error))


def _sizes(run, plan):
    sizes = {path: len(value) for path, value in state.containers(run)}
    if "list" in plan.methods:
        call = run.do("list", None)
        if call.status == "done" and state.size(call.value) is not None and not isinstance(call.value, str):
            sizes["list()"] = state.size(call.value)
    return sizes


def _find_create(plan, new_run, file):
    problem = None
    for by in ("label", "number", "nothing"):
        plan.by["create"] = by
        run = new_run(plan)
        _open(run, file)
        counts, last = [state.numbers(run)], None
        sizes = [{path: len(value) for path, value in state.containers(run)}]
        for number in (1, 2):
            last = run.do("create", number)
            if last.status != "done" or run.is_stuck:
                break
            sizes.append({path: len(value) for path, value in state.containers(run)})
            counts.append(state.numbers(run))
        if run.is_stuck:
            calls = [("create", n) for n in range(1, len(sizes) + 1)]
            run.close()
            raise Stuck(calls)
        if last.status == "done":
            listed = _sizes(run, plan).get("list()")
            steps = lambda path: [size.get(path) for size in sizes]
            grown = [path for path in sizes[0] if steps(path) == [n + (steps(path)[0]) for n in range(3)]]
            if not grown and listed == 2:
                grown = ["list()"]
            if grown:
                plan.measures = grown
                plan.measure = grown[0]
                plan.counters = [
                    path for path, first in counts[0].items()
                    if [count.get(path) for count in counts] == [first, first + 1, first + 2]
                ]
                _look_at_elements(plan, run)
                run.close()
                return
            problem = problem or ("grows_not", last.text, "", 0)
        elif last.error is not None:
            if isinstance(last.error, subject.BadFile):
                run.close()
                raise last.error
            text = last.shown_result()
            problem = ("create_fails", last.text, text, run.error_line(last.error))
        run.close()
    what, call, text, line = problem or ("cannot_call", plan.methods["create"], "", 0)
    raise subject.BadFile(what, call=call, text=text, line=line)


def _look_at_elements(plan, run):
    there = state.elements(plan.container(run))
    labels = ["web-1", "web-2"]
    plan.has_names = len(there) == 2 and all(
        any(state.holds(key, element, label) for key, element in there) for label in labels
    )
    ids = [state.identity(key, element) for key, element in there]
    plan.has_ids = len(ids) == 2 and None not in ids and ids[0] != ids[1]


def _find_delete(plan, new_run):
    measures = plan.measures if "list" not in plan.methods else plan.measures + ["list()"]
    stuck = None
    for by in subject.NAMED_BY:
        for measure in measures:
            plan.by["delete"], plan.measure = by, measure
            run = new_run(plan)
            run.open()
            run.do("create", 1)
            run.do("create", 2)
            before = plan.count(run)
            call = run.do("delete", 1)
            if run.is_stuck:
                stuck = stuck or by
                run.close()
                continue
            after = plan.count(run) if call.status == "done" else None
            names = plan.has_names and by != "nothing"
            is_right = not names or not any(
                state.holds(key, element, "web-1") for key, element in state.elements(plan.container(run))
            )
            run.close()
            if after is not None and before == 2 and after == 1 and is_right:
                return
    plan.measure = plan.measures[0]
    if stuck is not None:
        plan.by["delete"] = stuck
        raise Stuck([("create", 1), ("create", 2), ("delete", 1)])
    raise subject.BadFile("delete_removes_not", call=plan.methods["delete"])


def _find_reboot(plan, new_run):
    first = plan.by.get("delete", "label")
    fallback = None
    for by in [first, *subject.NAMED_BY]:
        plan.by["reboot"] = by
        run = new_run(plan)
        run.open()
        run.do("create", 1)
        call = run.do("reboot", 1)
        if run.is_stuck:
            run.close()
            raise Stuck([("create", 1), ("reboot", 1)])
        missing = run.do("reboot", None) if call.status == "done" and by in ("label", "nothing") else None
        run.close()
        if call.status == "done":
            if missing is None or missing.status != "done" or missing.shape() != call.shape():
                return
            fallback = fallback or by
    if fallback is None:
        del plan.methods["reboot"]
    else:
        plan.by["reboot"] = fallback


def _find_list(plan, new_run):
    for by in ("nothing", "number", "label"):
        plan.by["list"] = by
        run = new_run(plan)
        run.open()
        run.do("create", 1)
        call = run.do("list", None)
        is_stuck = run.is_stuck
        run.close()
        if is_stuck:
            raise Stuck([("create", 1), ("list", None)])
        if call.status == "done":
            return
    del plan.methods["list"]


def _find_capacity(plan, new_run):
    run = new_run(plan)
    run.open()
    for number in range(1, bounds.created + 1):
        before = plan.count(run)
        call = run.do("create", number)
        if call.status == "crash" or call.status == "unable":
            break
        if number == 1 and call.size_at_return == before:
            plan.answers_early = True
        if run.is_stuck or plan.count(run) == before:
            plan.capacity = number - 1
            break
    run.close()
