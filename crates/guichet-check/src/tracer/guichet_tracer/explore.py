"""Every schedule, those with few preemptions first.

A preemption takes the turn from a thread that could have gone on. Most races need one or two of
them, so all schedules with none are run, then all with one, then with two: iterative context
bounding, as in the CHESS tool of Musuvathi and Qadeer.
"""

import collections

from . import bounds, oracle


class Budget:
    def __init__(self, schedules, preemptions, end, clock):
        self.schedules = schedules
        self.preemptions = preemptions
        self.clock = clock
        self.end = end
        self.used = 0
        self.stopped = None

    def is_spent(self):
        if self.stopped is None:
            if self.clock() > self.end:
                self.stopped = "time"
            elif self.used >= self.schedules:
                self.stopped = "schedules"
        return self.stopped is not None


class Explorer:
    def __init__(self, new_run, plan, answers, budget, on_found):
        self.new_run, self.plan, self.answers, self.budget = new_run, plan, answers, budget
        # Takes (scenario, choices, cost, run, kind, details).
        self.on_found = on_found
        self.is_cut = False
        self.is_stray = False
        self.done_bound = -1

    def explore(self, scenarios):
        waiting = {scenario: collections.deque([((), 0)]) for scenario in scenarios}
        for bound in range(self.budget.preemptions + 1):
            later = {scenario: collections.deque() for scenario in scenarios}
            open_ones = [s for s in scenarios if s.found_at is None or s.found_at >= bound - 1 and bound < 2]
            for index, scenario in enumerate(open_ones):
                share = (self.budget.schedules - self.budget.used) // (len(open_ones) - index)
                if not self._explore(scenario, bound, waiting[scenario], later[scenario], max(1, share)):
                    return
            self.done_bound = bound if not self.is_cut else self.done_bound
            waiting = later

    def _explore(self, scenario, bound, waiting, later, share):
        """False if it is time to stop."""
        last = self.budget.used + share
        while waiting:
            if self.budget.is_spent():
                return False
            if self.budget.used >= last:
                self.is_cut = True
                return True
            choices, cost = waiting.popleft()
            run = self.run(scenario, dict(choices))
            self.budget.used += 1
            self.is_stray = self.is_stray or run.world.is_stray
            found = oracle.judge(run, self.plan, scenario, self.answers)
            for kind, details in found:
                scenario.found_at = bound if scenario.found_at is None else scenario.found_at
                self.on_found(scenario, choices, cost, run, kind, details)
            if not run.close():
                self.budget.stopped = "stubborn"
                return False
            self._branch(scenario, run, choices, cost, waiting, later)
        return True

    def _branch(self, scenario, run, choices, cost, waiting, later):
        if len(choices) >= bounds.choices:
            return
        first = choices[-1][0] + 1 if choices else 0
        decisions = run.world.decisions
        for number in range(first, len(decisions)):
            chosen, options = decisions[number]
            if number == 0 and scenario.is_symmetric:
                continue
            for task, extra in options:
                if task == chosen:
                    continue
                target = later if extra else waiting
                if len(target) >= bounds.frontier:
                    self.is_cut = True
                    return
                target.append((choices + ((number, task),), cost + extra))

    def run(self, scenario, choices, is_recorded=False):
        run = self.new_run(self.plan, choices=choices, is_recorded=is_recorded)
        run.open()
        if oracle.start(run, scenario):
            run.race(scenario.clients)
        return run
