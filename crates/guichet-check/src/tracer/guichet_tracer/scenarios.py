"""What the clients ask for: a few servers to start with, and two or three requests at once."""


class Scenario:
    def __init__(self, name, start, clients):
        self.name = name
        # (kind, number) of the calls before, one after the other.
        self.start = start
        # For each client its calls. A number is the server's; None is one that there is not.
        self.clients = clients
        # Outcomes that some order without any interleaving has.
        self.orders = []
        self.found_at = None
        # Whether some order makes a client wait for ever.
        self.may_wait = False
        # Clients that ask for the same of a fleet that treats them alike: who is first says nothing.
        kinds = [[kind for kind, _ in calls] for calls in clients]
        fresh = {kind for calls in kinds for kind in calls} == {"create"}
        self.is_symmetric = len(clients) > 1 and all(k == kinds[0] for k in kinds) and (
            fresh or all(calls == clients[0] for calls in clients)
        )


def created(count):
    return [("create", number) for number in range(1, count + 1)]


def scenarios_of(plan):
    """The scenarios of a class, the shortest first."""
    has = plan.methods.__contains__
    found = []

    def add(name, start, *clients):
        kinds = {kind for calls in clients for kind, _ in calls}
        if all(has(kind) for kind in kinds):
            found.append(Scenario(name, created(start), [list(calls) for calls in clients]))

    anything = plan.by.get("delete") == "nothing"
    # One client alone: what has to be refused.
    add("delete of nothing", 0, [("delete", None)])
    add("reboot of nothing", 0, [("reboot", None)])
    if not anything:
        add("delete of a missing one", 1, [("delete", None)])
    add("list of nothing", 0, [("list", None)])
    # Two at once.
    add("two creates", 0, [("create", 1)], [("create", 2)])
    if plan.by["create"] != "nothing":
        add("one name twice", 0, [("create", 1)], [("create", 1)])
    add("two deletes of one", 1, [("delete", 1)], [("delete", 1)])
    add("create and delete", 1, [("create", 2)], [("delete", 1)])
    add("two deletes", 2, [("delete", 1)], [("delete", 2)])
    add("reboot and delete", 1, [("reboot", 1)], [("delete", 1)])
    add("reboot and create", 1, [("reboot", 1)], [("create", 2)])
    add("two reboots", 1, [("reboot", 1)], [("reboot", 1)])
    add("list and delete", 2, [("list", None)], [("delete", 1)])
    add("list and create", 2, [("list", None)], [("create", 3)])
    if plan.capacity:
        full = plan.capacity
        add("the last place", full - 1, [("create", full)], [("create", full + 1)])
        if not anything:
            add("one place becomes free", full, [("create", full + 1)], [("create", full + 2)], [("delete", 1)])
    # Longer: three clients, or two requests each.
    if not plan.answers_early:
        add("create, then delete, beside a create", 0, [("create", 1), ("delete", 1)], [("create", 2)])
    add("three creates", 0, [("create", 1)], [("create", 2)], [("create", 3)])
    add("two deletes and a create", 1, [("delete", 1)], [("delete", 1)], [("create", 2)])
    return found
