"""What a lock held over a sleep costs a pool: measured in virtual time, with and without it."""

from . import bounds


def measure(new_run, plan, kind):
    """(seconds as it is, seconds if each sleep gave the locks back) for so many requests on so many threads."""
    took = []
    for gives_back in (False, True):
        run = new_run(plan, gives_back=gives_back)
        run.open()
        start = 0
        if kind != "create":
            for number in range(1, bounds.pool_requests + 1):
                run.do("create", number)
        start = run.world.now
        calls = [[] for _ in range(bounds.pool_workers)]
        for index in range(bounds.pool_requests):
            calls[index % bounds.pool_workers].append((kind, index + 1))
        jobs = []
        for client, wanted in enumerate(calls, 1):
            made = [run.call(kind, number, client) for kind, number in wanted]
            jobs.append(("client %d" % client, lambda made=made: [run.make(call) for call in made], client))
        run.world.run_phase(jobs)
        took.append(run.world.now - start)
        run.close()
    return took
