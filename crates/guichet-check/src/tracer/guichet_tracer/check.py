"""The whole check of one file."""

import os
import time

from . import bounds, explore, graph, modules, oracle, points, pool_cost, report, scenarios, subject
from .plan import Stuck, make_plan
from .run import Run


class Check:
    def __init__(self, options, writer):
        self.options, self.writer = options, writer
        # Before the file is loaded: it could replace what it finds.
        self.clock = time.monotonic
        # The rest of the time is for telling what was found.
        self.begun = self.clock()
        self.end = self.begun + options["seconds"] * bounds.exploring_percent / 100
        self.best = {}
        self.sleeps = {}
        self.run_file = None

    def run(self):
        options = self.options
        file = subject.File(os.path.abspath(options["path"]))
        own = file.is_own
        marks = points.Marks(own, file.code)
        imports = modules.Imports(own)
        imports.install()
        import sys

        sys.path.append(file.directory)

        def new_run(plan, **more):
            return Run(file, marks, imports, plan, **more)

        self.new_run = new_run
        try:
            plan = make_plan(new_run, file, options["class"], options["map"])
        except Stuck as stuck:
            self._stuck(stuck, file)
            return
        self.plan = plan
        self.writer.write("subject", **report.subject_of(plan))
        self._explore(plan)

    def _explore(self, plan):
        options = self.options
        answers = oracle.Answers()
        wanted = scenarios.scenarios_of(plan)
        budget = explore.Budget(
            options["schedules"], options["preemptions"], self.end, self.clock
        )
        runs = []
        for scenario in wanted:
            if budget.is_spent():
                break
            found = oracle.orders(scenario, self.new_run, plan, answers)
            runs.append((scenario, found))
        for scenario, found in runs:
            for run, calls in found:
                self._note_sleeps(run)
                if all(call.status in ("done", "refused") for call in calls):
                    scenario.orders.append(oracle.Outcome(run, plan, calls, answers))
        self.explorer = explore.Explorer(self.new_run, plan, answers, budget, self._found)
        self.explorer.explore(wanted)
        for kind in sorted(self.best):
            self._tell(kind)
        self._tell_sleeps(plan)
        self.writer.write(
            "done", schedules=budget.used, preemptions=self.explorer.done_bound, stopped=budget.stopped,
            cut=self.explorer.is_cut, stray=self.explorer.is_stray, scenarios=len(wanted),
        )
        if options["page"]:
            self._graphs()

    def _graphs(self):
        """For a page: what else could happen, for each schedule that was told. All share the room."""
        start, most = self.clock(), len(self.best)
        left = self.options["seconds"] * bounds.page_percent / 100 - (start - self.begun)
        for number, kind in enumerate(sorted(self.best), 1):
            _, scenario, choices = self.best[kind]
            made = graph.Graph(
                self.new_run, self.plan, scenario, self._answers(), bounds.page_states // most,
                bounds.page_bytes // most, start + left * number / most, self.clock,
            )
            made.build(choices)
            self.writer.write("graph", kind=kind, **made.data())

    def _found(self, scenario, choices, cost, run, kind, _details):
        self._note_sleeps(run)
        rank = (cost, sum(map(len, scenario.clients)), len(run.calls), run.world.switches, run.world.steps)
        if kind not in self.best or rank < self.best[kind][0]:
            is_first = kind not in self.best
            self.best[kind] = (rank, scenario, choices)
            if is_first:
                self.writer.write("kind", kind=kind)

    def _note_sleeps(self, run):
        for lock, line, seconds in run.world.sleeps_under:
            kinds = [call.kind for call in run.calls]
            if line not in self.sleeps and kinds:
                self.sleeps[line] = (report.Names(run).of(lock), seconds)

    def _tell(self, kind):
        """Runs the shortest schedule again, this time writing everything down."""
        (cost, _, _, switches, _), scenario, choices = self.best[kind]
        new_run = self.new_run
        run = new_run(self.plan, choices=dict(choices), is_recorded=True)
        run.open()
        if oracle.start(run, scenario):
            first = len(run.world.log)
            tasks = len(run.world.tasks)
            run.race(scenario.clients)
        else:
            first = tasks = 0
        again = oracle.judge(run, self.plan, scenario, self._answers())
        details = next((details for found, details in again if found == kind), None)
        self._write_found(kind, run, scenario, details, first, cost, switches)
        run.close()

    def _answers(self):
        return self.explorer.answers

    def _write_found(self, kind, run, scenario, details, first, cost, switches):
        names = report.Names(run)
        count = sum(len(calls) for calls in scenario.clients)
        self.writer.write(
            "found", kind=kind, scenario=scenario.name, preemptions=cost, switches=switches,
            repeated=details is not None, details=report.plain(details or {}, names),
            start=report.calls_of(run, len(run.calls))[: len(scenario.start)],
            calls=report.calls_of(run, count),
            tasks=[{"task": task.number, "name": task.name, "client": task.client} for task in run.world.tasks],
            steps=report.steps_of(run, first, bounds.steps_shown),
        )

    def _tell_sleeps(self, plan):
        if not self.sleeps or "deadlock" in self.best or "lock_not_released" in self.best:
            return
        line, (lock, seconds) = min(self.sleeps.items())
        costs = {}
        for kind in ("create", "reboot", "delete"):
            if kind in plan.methods:
                took, without = pool_cost.measure(self.new_run, plan, kind)
                if took > 0 and without <= took * bounds.worth_saying_percent / 100:
                    costs[kind] = (took, without)
        if not costs:
            return
        kind, (took, without) = max(costs.items(), key=lambda item: item[1][0] / max(item[1][1], 1e-9))
        self.writer.write(
            "found", kind="lock_over_sleep", scenario="a pool", preemptions=0, switches=0, repeated=True,
            details={
                "lock": lock, "line": line, "seconds": seconds, "took": round(took, 6),
                "without": round(without, 6), "method": plan.methods[kind],
                "workers": bounds.pool_workers, "requests": bounds.pool_requests,
            },
            start=[], calls=[], tasks=[], steps=[],
        )

    def _stuck(self, stuck, file):
        """One thread is enough to hang: shown as a schedule of one client."""
        plan = stuck.plan
        scenario = scenarios.Scenario("one client", stuck.calls[:-1], [[stuck.calls[-1]]])
        self.plan = plan
        self.writer.write("subject", **report.subject_of(plan))
        run = self.new_run(plan, is_recorded=True)
        run.open()
        oracle.start(run, scenario)
        first = len(run.world.log)
        if not run.is_stuck:
            run.race(scenario.clients)
        found = oracle.judge(run, plan, scenario, oracle.Answers())
        for kind, details in found[:1]:
            self._write_found(kind, run, scenario, details, first, 0, 0)
        run.close()
        self.writer.write("done", schedules=1, preemptions=0, stopped="stuck", cut=False, stray=False, scenarios=1)
