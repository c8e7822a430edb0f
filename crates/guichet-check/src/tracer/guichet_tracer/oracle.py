"""What counts as wrong.

A run with several clients is right if some order of their calls, one after the other, gives the
same servers, the same counters and the same answers. Which answers mean yes and which mean no is
learned from runs with one thread; an answer that they never gave can be either.
"""

import itertools

from . import bounds, state


class Answers:
    """The answers of a class, by kind of call: which came with a change, and which without."""

    def __init__(self):
        self.yes = {}
        self.no = {}

    def learn(self, call, changed):
        if call.status in ("done", "refused"):
            known = self.yes if changed else self.no
            known.setdefault(call.kind, set()).add(call.shape())

    def meaning(self, call):
        """yes, no, or ? if that cannot be told."""
        if call.status == "refused":
            return "no"
        if call.status != "done" or call.kind not in ("create", "delete"):
            return "?"
        shape = call.shape()
        is_yes = shape in self.yes.get(call.kind, ())
        is_no = shape in self.no.get(call.kind, ())
        if is_yes == is_no:
            return "?"
        return "yes" if is_yes else "no"


class Outcome:
    def __init__(self, run, plan, calls, answers):
        self.count = plan.count(run)
        there = state.elements(plan.container(run))
        labels = sorted({call.server.label for call in run.calls if call.kind == "create"})
        self.labels = [
            label for label in labels if any(state.holds(key, element, label) for key, element in there)
        ] if plan.has_names else []
        ids = [state.identity(key, element) for key, element in there] if plan.has_ids else []
        self.doubled = len(ids) - len({repr(value) for value in ids})
        self.counters = {path: state.at(run, path) for path in plan.counters}
        self.answers = [answers.meaning(call) for call in calls]
        self.calls = calls

    def same_answers(self, other):
        return all(a == b or "?" in (a, b) for a, b in zip(self.answers, other.answers))

    def same_servers(self, other):
        return (self.count, self.labels) == (other.count, other.labels)

    def is_like(self, other):
        return (
            self.same_servers(other) and self.same_answers(other)
            and self.doubled <= other.doubled and self.counters == other.counters
        )


def orders(scenario, new_run, plan, answers):
    """Every order of the calls, one after the other, and what comes of each."""
    tagged = [(index, call) for index, calls in enumerate(scenario.clients) for call in calls]
    found = []
    for order in itertools.permutations(range(len(tagged))):
        # The calls of one client stay in their order.
        if any(
            tagged[a][0] == tagged[b][0] and order.index(a) > order.index(b)
            for a in range(len(tagged)) for b in range(a + 1, len(tagged))
        ):
            continue
        run = new_run(plan)
        run.open()
        made = start(run, scenario)
        calls = [None] * len(tagged)
        for position in order if made else ():
            before = plan.count(run)
            calls[position] = run.do(*tagged[position][1])
            if run.is_stuck:
                scenario.may_wait = len(tagged) > 1
                break
            answers.learn(calls[position], plan.count(run) != before)
        if made and not run.is_stuck:
            found.append((run, calls))
        run.close()
    return found


def start(run, scenario):
    for kind, number in scenario.start:
        call = run.do(kind, number)
        if run.is_stuck or call.status != "done":
            return False
    return True


def judge(run, plan, scenario, answers):
    """(kind, details) of everything that is wrong with a run that is over."""
    found = []
    calls = run.calls[-sum(len(calls) for calls in scenario.clients):]
    for call in calls:
        if call.status == "crash":
            found.append(_crash(run, call.error, call.client, call.text, scenario))
    for task in run.background_errors():
        found.append(_crash(run, task.error, None, task.name, scenario))
    if run.world.is_too_long:
        found.append(("never_ends", {"steps": run.world.steps}))
        return found
    leaked = [(call, lock) for call in calls for lock in call.leaks if any(lock in t.held for t in run.world.tasks)]
    for call, lock in leaked[:1]:
        found.append(("lock_not_released", {
            "lock": lock, "call": call.text, "client": call.client, "status": call.status,
        }))
    if any(call.status == "unable" for call in calls):
        return found
    if plan.capacity and (plan.count(run) or 0) > plan.capacity:
        found.append(("too_many_servers", {
            "count": plan.count(run), "expected": [plan.capacity], "labels": [], "counters": [],
        }))
        return found
    if run.is_stuck:
        # A class may make a client wait, for a place for example: then it does so in some order too.
        if not leaked and not scenario.may_wait:
            found.append(_deadlock(run))
        return found
    if found or run.world.timeouts or run.world.is_stray or not scenario.orders:
        return found
    outcome = Outcome(run, plan, calls, answers)
    if not any(outcome.is_like(order) for order in scenario.orders):
        found.append(_explain(outcome, scenario.orders))
    return found


def _crash(run, error, client, text, scenario):
    is_empty = isinstance(error, IndexError) and "pop" in str(error) or (
        isinstance(error, KeyError) and "popitem" in str(error)
    )
    return ("empty_pop" if is_empty else "uncaught_exception", {
        "error": ("%s: %s" % (type(error).__name__, error))[: bounds.shown_error],
        "line": run.error_line(error), "client": client, "call": text,
        "alone": len(scenario.clients) == 1,
    })


def _deadlock(run):
    waiting = []
    for task in run.world.tasks:
        if task.waits_for is not None and (task.client is not None or task.held):
            owners = [t.number for t in run.world.tasks if task.waits_for in t.held]
            waiting.append({
                "task": task.number, "line": task.line, "waits_for": task.waits_for,
                "held": list(task.held), "owners": owners,
            })
    return ("deadlock", {"waiting": waiting})


def _explain(outcome, found):
    """What to call an outcome that no order has."""
    likely = [order for order in found if order.same_answers(outcome)] or found
    counts = sorted({order.count for order in likely})
    details = {
        "count": outcome.count, "expected": counts, "labels": outcome.labels,
        "counters": [
            {"name": path, "value": value, "expected": sorted({order.counters[path] for order in likely})}
            for path, value in outcome.counters.items()
            if value not in [order.counters[path] for order in likely]
        ],
    }
    deletes = [a for a, call in zip(outcome.answers, outcome.calls) if call.kind == "delete"]
    most = max(
        sum(a == "yes" for a, call in zip(order.answers, order.calls) if call.kind == "delete")
        for order in found
    )
    if deletes.count("yes") > most:
        details["deletes"] = deletes.count("yes")
        return ("double_delete", details)
    gone = [call.server.label for a, call in zip(outcome.answers, outcome.calls)
            if call.kind == "delete" and a != "no" and call.server.label in outcome.labels]
    if gone and not any(set(gone) <= set(order.labels) for order in likely):
        details["labels"] = gone
        return ("resurrected", details)
    if outcome.count < counts[0]:
        return ("lost_server", details)
    if outcome.count > counts[-1]:
        return ("too_many_servers", details)
    if outcome.doubled > max(order.doubled for order in found):
        return ("duplicate_id", details)
    if any(order.same_servers(outcome) for order in likely) and details["counters"]:
        return ("wrong_count", details)
    if not any(order.same_servers(outcome) for order in likely):
        return ("lost_server", details)
    return ("wrong_answer", details)
