"""What else could happen: the states that other choices of the next thread lead to.

A page shows the shortest schedule of a finding and lets its reader choose who goes next. The class
cannot run there, so its states are gathered here: each run takes the way to a choice that nobody
has made yet, makes it, and goes on to the end by choices that are new as well. A state that was
met before (see `canon`) is the same state, so what comes after it is known. At the end some ways
through the states are run once more: if one leads elsewhere, nothing but the schedule is kept.
"""

import collections
import json
import random

from . import bounds, canon, oracle, report, shown


class Table:
    """Things by number, each there once."""

    def __init__(self):
        self.values = []
        self.places = {}
        self.bytes = 0

    def place(self, value):
        key = json.dumps(value, default=repr)
        if key not in self.places:
            self.places[key] = len(self.values)
            self.values.append(value)
            self.bytes += len(key)
        return self.places[key]


class State:
    def __init__(self, parent, actor):
        # The way to it: a state and who went on from there; None for the first.
        self.parent, self.actor = parent, actor
        self.rows = 0
        self.statuses = []
        # By actor: [step, state], or None as long as nobody went there.
        self.moves = {}
        self.harm = None
        # What each thread could read, by its number.
        self.reads = {}


class Graph:
    def __init__(self, new_run, plan, scenario, answers, most_states, most_bytes, end, clock):
        self.new_run, self.plan, self.scenario, self.answers = new_run, plan, scenario, answers
        self.most_states, self.most_bytes, self.end, self.clock = most_states, most_bytes, end, clock
        self.states, self.by_key, self.keys = [], {}, []
        self.actors, self.actor_names = {}, []
        self.rows, self.statuses, self.steps, self.harms = Table(), Table(), Table(), Table()
        self.open = collections.deque()
        self.shortest = []
        self.is_cut = self.is_stray = False

    # Building.

    def build(self, choices):
        """Runs the schedule, and then what else there is."""
        walk = self._walk(None, choices)
        self.shortest = walk.taken
        first_only = len(self.states)
        if self.is_stray:
            return
        while self.open and not self._is_spent():
            state, actor = self.open.popleft()
            if self.states[state].moves.get(actor) is None:
                self._walk(self._way(state) + [actor])
            if self.is_stray:
                break
        if self.is_stray or not self._is_confirmed():
            self._keep(first_only)

    def _is_spent(self):
        tables = (self.rows, self.statuses, self.steps, self.harms)
        written = sum(table.bytes for table in tables) + len(self.states) * bounds.page_state_bytes
        if len(self.states) >= self.most_states or written >= self.most_bytes or self.clock() > self.end:
            self.is_cut = True
        return self.is_cut

    def _way(self, state):
        way = []
        while self.states[state].parent is not None:
            way.append(self.states[state].actor)
            state = self.states[state].parent
        return way[::-1]

    def _walk(self, script, choices=None, is_checked=False):
        run = self.new_run(self.plan, choices=dict(choices or ()), is_recorded=True)
        run.open()
        walk = Walk(self, run, script, is_checked)
        if oracle.start(run, self.scenario):
            run.world.watcher = walk
            run.race(self.scenario.clients)
            run.world.watcher = None
            walk.end()
        else:
            self.is_stray = True
        run.close()
        self.is_stray = self.is_stray or run.world.is_stray
        return walk

    def _keep(self, count):
        """Only the schedule: the class does not do the same each time."""
        self.is_stray = True
        del self.states[count:]
        for state in self.states:
            for actor, move in state.moves.items():
                if move is not None and move[1] >= count:
                    state.moves[actor] = None

    def _is_confirmed(self):
        """Whether ways through the states, drawn at random, lead where they should."""
        draws = random.Random(1)
        for _ in range(bounds.page_walks):
            at, script, passed = 0, [], {0}
            while True:
                moves = [(actor, move[1]) for actor, move in self.states[at].moves.items() if move is not None]
                if not moves:
                    break
                actor, to = draws.choice(moves)
                script.append(actor)
                # A loop that waits for another thread comes by a state again.
                if to in passed and len(passed) >= bounds.steps_shown:
                    break
                passed.add(to)
                at = to
            self._walk(script, is_checked=True)
            if self.is_stray:
                return False
        return True

    # What walks ask.

    def actor_of(self, task):
        key = (task.number, task.name)
        if key not in self.actors:
            self.actors[key] = len(self.actor_names)
            self.actor_names.append({"task": task.number, "name": task.name, "client": task.client})
        return self.actors[key]

    def data(self):
        """All of it, for the parent."""
        count = len(self.actor_names)
        states = []
        for state in self.states:
            moves = [[actor, *(move or (-1, -1))] for actor, move in sorted(state.moves.items())]
            statuses = state.statuses + [-1] * (count - len(state.statuses))
            states.append([state.rows, statuses, moves, -1 if state.harm is None else state.harm])
        return {
            "actors": self.actor_names, "rows": self.rows.values, "statuses": self.statuses.values,
            "steps": self.steps.values, "harms": self.harms.values, "states": states,
            "shortest": self.shortest, "cut": self.is_cut, "stray": self.is_stray,
        }


class Walk:
    """One run, seen at each of its stops."""

    def __init__(self, graph, run, script, is_checked):
        self.graph, self.run = graph, run
        # Whether it looks at states that it is sure to know, and goes no further than its script.
        self.is_checked = is_checked
        # Who goes on at each stop; None for what the run itself decides.
        self.script = script
        self.place = None
        self.taken = []
        self.is_over = False
        self.stacks = {}
        self.pending = {}
        self.names = None
        # (state, actor, first entry of the log, what was pending) of each move.
        self.moves = []
        self.last = None

    def decide(self, tasks):
        """Sees a stop. None if the run is to decide."""
        if self.is_over:
            return None
        self._stop()
        self._arrive(tasks)
        if self.is_over or self.script is None:
            return None
        chosen = self._choose(tasks)
        if not self.is_over:
            self._go(chosen)
        return chosen

    def decided(self, chosen):
        if not self.is_over:
            self._go(chosen)

    def end(self):
        """The run is over: what it came to, and what each move did."""
        if not self.is_over:
            self._stop()
            self._arrive([])
        run, graph = self.run, self.graph
        if not self.is_over:
            found = oracle.judge(run, graph.plan, graph.scenario, graph.answers)
            names = report.Names(run)
            told = [[kind, report.plain(details, names)] for kind, details in found]
            harm = graph.harms.place(told) if told else None
            if self.is_checked and harm != graph.states[self.place].harm:
                graph.is_stray = True
            graph.states[self.place].harm = harm
        for number, (state, actor, first, pending, to) in enumerate(self.moves):
            last = self.moves[number + 1][2] if number + 1 < len(self.moves) else self.last
            move = graph.states[state].moves[actor]
            if move[0] is None:
                entries = run.world.log[first:last]
                move[0] = graph.steps.place(report.move_of(run, self.names, entries, pending))

    def _choose(self, tasks):
        graph, at = self.graph, len(self.taken)
        by_actor = {graph.actor_of(task): task for task in tasks}
        if at < len(self.script):
            if self.script[at] in by_actor:
                return by_actor[self.script[at]]
            graph.is_stray = True
            return tasks[0]
        if self.is_checked:
            self.is_over = True
            return tasks[0]
        moves = graph.states[self.place].moves
        new = [actor for actor in by_actor if moves.get(actor) is None]
        return by_actor[new[0]] if new else tasks[0]

    def _stop(self):
        """The thread that was running says where it stops."""
        run = self.run
        if self.names is None:
            self.names = report.Names(run)
        me = run.world.current
        if me is None:
            return
        stack = self.stacks.setdefault(me.number, canon.Stack())
        stack.stop(run.file, run.marks)
        log = run.world.log
        last = log[-1] if log else None
        is_before = last is not None and last[:2] == (me.number, "before")
        self.pending[me.number] = last[3] if is_before else (me.line, "", "")

    def _arrive(self, tasks):
        """Which state this is: one that was met, or a new one."""
        graph = self.graph
        known = 0 if graph.states else None
        if self.moves:
            state, actor = self.moves[-1][:2]
            move = graph.states[state].moves.get(actor)
            known = None if move is None else move[1]
        is_way = self.script is not None and len(self.taken) < len(self.script)
        # A state that is like no other can only be trusted.
        is_unlike = known is not None and graph.keys[known] is None
        if known is not None and (is_unlike or is_way and not self.is_checked):
            self.place = known
        else:
            place = self._place(tasks)
            if known is not None and known != place:
                graph.is_stray = True
            self.place = place if known is None else known
        if self.place is None:
            # There is room for no more.
            self.is_over = True
            self.last = len(self.run.world.log)
            del self.moves[-1:]
            return
        self.last = len(self.run.world.log)
        if self.moves:
            state, actor, first, pending, _ = self.moves[-1]
            self.moves[-1] = (state, actor, first, pending, self.place)
            if graph.states[state].moves.get(actor) is None:
                graph.states[state].moves[actor] = [None, self.place]

    def _place(self, tasks):
        graph, run = self.graph, self.run
        key, reads = canon.seen(run, self.stacks)
        if key is not None and key in graph.by_key:
            return graph.by_key[key]
        if len(graph.states) >= graph.most_states:
            graph.is_cut = True
            return None
        parent, actor = self.moves[-1][:2] if self.moves else (None, None)
        state = State(parent, actor)
        place = len(graph.states)
        graph.states.append(state)
        graph.keys.append(key)
        if key is not None:
            graph.by_key[key] = place
        state.reads = reads
        self._show(state)
        for task in tasks:
            actor = graph.actor_of(task)
            state.moves[actor] = None
            graph.open.append((place, actor))
        return place

    def _show(self, state):
        graph, run = self.graph, self.run
        changed = set()
        for source in run.marks.sources.values():
            changed |= source.changed_names
        state.rows = graph.rows.place(shown.rows(run, changed, graph.actor_of))
        there = {}
        for task in run.world.tasks:
            if task.number >= self.first_task():
                stack = self.stacks.get(task.number, canon.Stack())
                pending = self.pending.get(task.number)
                there[graph.actor_of(task)] = graph.statuses.place(shown.status(task, stack, pending, self.names))
        state.statuses = [there.get(actor, -1) for actor in range(len(graph.actor_names))]

    def first_task(self):
        """The threads of the calls before are of no interest, unless they are still there."""
        clients = [task.number for task in self.run.world.tasks if task.client]
        return min(clients) if clients else 0

    def _go(self, chosen):
        graph = self.graph
        state = graph.states[self.place]
        self.taken.append(graph.actor_of(chosen))
        stack = self.stacks.setdefault(chosen.number, canon.Stack())
        stack.reads(state.reads.get(chosen.number, b""))
        pending = self.pending.pop(chosen.number, None)
        self.moves.append((self.place, self.taken[-1], len(self.run.world.log), pending, None))
