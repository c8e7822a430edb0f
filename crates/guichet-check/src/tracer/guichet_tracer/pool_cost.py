"""What a lock held over a sleep costs a pool: measured in virtual time, with and without it."""

WORKERS = 4
REQUESTS = 8


def measure(new_run, plan, kind):
    """(seconds as it is, seconds if each sleep gave the locks back) for 8 requests on 4 threads."""
    took = []
    for gives_back in (False, True):
        run = new_run(plan, gives_back=gives_back)
        run.open()
        start = 0
        if kind != "create":
            for number in range(1, REQUESTS + 1):
                run.do("create", number)
        start = run.world.now
        calls = [[] for _ in range(WORKERS)]
        for index in range(REQUESTS):
            calls[index % WORKERS].append((kind, index + 1))
        jobs = []
        for client, wanted in enumerate(calls, 1):
            made = [run.call(kind, number, client) for kind, number in wanted]
            jobs.append(("client %d" % client, lambda made=made: [run.make(call) for call in made], client))
        run.world.run_phase(jobs)
        took.append(run.world.now - start)
        run.close()
    return took
