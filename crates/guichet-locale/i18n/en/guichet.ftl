# What Guichet's lab says. The French file has the same messages with the same arguments.
# A number shows with its thousands apart; what is measured comes written already.

## Numbers and times

times = { $factor } times
days = { $count ->
   *[other] { $number } days
}
listed = { $first } and { $last }

## The program

error = error: { $what }

## simulate

simulate-try-next = Try next
simulate-label-requests = requests
simulate-label-actions = actions
simulate-label-operations = operations
simulate-label-failed = failed by
simulate-label-servers = servers
simulate-label-bounds = bounds
simulate-label-speed = speed
simulate-label-journal = journal
simulate-column-count = count
simulate-row-wait = wait
simulate-row-service = service time
simulate-row-latency = latency
simulate-row-reads = reads
simulate-no-action = none
simulate-no-server = none
simulate-requests = { $sent } sent: { $accepted } accepted, { $repeated } repeated, { $refused } refused{ $reasons }{ $reads }
simulate-and-reads = { $count ->
    [one] ; and { $count } read
   *[other] ; and { $count } reads
}
simulate-operations = { $accepted } accepted = { $succeeded } succeeded + { $failed } failed + { $cancelled } cancelled; { $retried } retried
simulate-failed-by = no valid host { $host }, driver { $driver }, deadline { $deadline }
simulate-failed-interrupted = , interrupted { $count }
simulate-servers = { $total } at the end ({ $active } ACTIVE, { $shutoff } SHUTOFF, { $error } ERROR); at most { $peak } at once
simulate-busiest-hour = , { $count } creates in the busiest hour
simulate-bounds = { $flight } in flight at most, { $waiting } waiting at most (queue { $queue }), { $again } waiting for another attempt at most
simulate-span = { $span } of virtual time in { $seconds }
simulate-cpu-each = , { $micros } µs an operation
simulate-speed = { $span }: { $requests } requests/s, { $operations } operations/s; { $cpu } s CPU{ $each }; lock held { $lock } µs at most; { $memory } MiB
simulate-invariants = invariants: { $checked } checked, { $broken } broken
simulate-journal = { $batches } batches of { $rows } rows and { $answers } answers; { $backlog } waited at most
simulate-holds = { $checks ->
    [one] Everything that was checked holds ({ $checks } check): no request was lost, and no server was lost, doubled or brought back.
   *[other] Everything that was checked holds ({ $checks } checks): no request was lost, and no server was lost, doubled or brought back.
}
simulate-broken = { $checks ->
    [one] Something is wrong: { $broken } of { $checks } check failed. The lines with "broken" say which.
   *[other] Something is wrong: { $broken } of { $checks } checks failed. The lines with "broken" say which.
}
simulate-accepted = { $count } accepted
simulate-repeated = { $count } repeated
simulate-refused = { $count } refused
simulate-reads = { $count ->
    [one] { $count } read
   *[other] { $count } reads
}
simulate-none-sent = No request was sent.
simulate-answered = { $count ->
    [1] The one request was answered: { $parts }.
   *[other] All { $count } requests were answered: { $parts }.
}
simulate-interrupted = { $count ->
    [1] It was interrupted; { $count } request had been sent and was answered: { $parts }.
   *[other] It was interrupted; { $count } requests had been sent and were answered: { $parts }.
}
simulate-succeeded = { $count } succeeded
simulate-failed = { $count } failed
simulate-gave-way = { $count } gave way to a delete or a hard reboot
simulate-ends = Of what was accepted { $ends }.
simulate-ends-left = Of what was accepted { $ends }; { $left } not finished in time.
simulate-durations = Half of them took { $half } at most from the request to its end, 99 of 100 took { $most } at most; half waited { $wait } at most for their turn.

## simulate: the live view and the log

live-requests = { $over } of { $all }, { $rate } a second
live-requests-virtual = { $over } of { $all }, { $rate } a second, { $span } of virtual time
live-operations = { $flight } in flight, { $waiting } of { $queue } waiting; { $ends }
live-operations-again = { $flight } in flight, { $waiting } of { $queue }, { $again } for another attempt waiting; { $ends }
live-succeeded = { $count } succeeded
live-failed = { $count } failed
live-cancelled = { $count } cancelled
live-left = { $span } left
log-accepted = accepted
log-started = started
log-succeeded = succeeded
log-requeued = requeued
log-cancelled = cancelled
log-failed = failed
log-refused = refused
log-dropped = dropped
log-dropped-count = { $count }, read too slowly
log-dropped-records = { $count } records: read too slowly
log-wait = wait
log-service = service
log-after = after
log-in = in
log-attempt = attempt

## simulate: what is about to run, and what it says beside figures

count-requests = { $count ->
    [one] { $count } request
   *[other] { $count } requests
}
count-clients = { $count ->
    [one] { $count } client
   *[other] { $count } clients
}
simulate-heading = guichet simulate: { $load }
simulate-heading-virtual = guichet simulate: { $load }, in virtual time
simulate-setup = model { $model }, { $flight } in flight at most, queue { $queue }, profile { $profile }, seed { $seed }
simulate-load-closed = { $requests } from { $clients }, each waiting for its last
simulate-load-open = { $requests } from { $clients } at { $rate } a second
simulate-load-bursts = { $requests } from { $clients } at { $rate } a second, bursts { $bursts }
simulate-load-trace = { $requests } of a trace from { $clients }
simulate-load-faster = { $requests } of a trace from { $clients }, { $speed } times as fast
simulate-hosts = { $count ->
    [one] { $count } host of { $vcpus } vcpus and { $ram } MiB
   *[other] { $count } hosts of { $vcpus } vcpus and { $ram } MiB
}
simulate-hosts-enough = { $count ->
    [one] { $count } host of { $vcpus } vcpus and { $ram } MiB: enough for every create of this load, were none deleted (--hosts for another fleet)
   *[other] { $count } hosts of { $vcpus } vcpus and { $ram } MiB: enough for every create of this load, were none deleted (--hosts for another fleet)
}
simulate-hosts-from = { $count ->
    [one] { $count } host from { $file }
   *[other] { $count } hosts from { $file }
}
simulate-log-dropped = log: { $lines } lines written, { $dropped } records dropped because they were read too slowly
simulate-profile-rule = profile: { $rule }
simulate-not-finished = { $waiting ->
    [one] not finished in time: { $waiting } operation left waiting, { $running } left running
   *[other] not finished in time: { $waiting } operations left waiting, { $running } left running
}
simulate-violation = broken: { $found }
simulate-active-none = active servers: none
simulate-active-first = active servers: the first { $shown } of { $total } (--all lists all)
simulate-active = active servers: { $total }
simulate-column-id = id
simulate-column-name = name
simulate-column-project = project
simulate-column-status = status
simulate-column-flavor = flavor
simulate-column-host = host
simulate-column-created = created
simulate-next-compare = with and without the pool, measured
simulate-next-pool = eight threads: requests wait for their turn
simulate-next-race = what goes wrong without the lock
simulate-next-report = the run as a page of charts
simulate-next-log = each transition as a line
simulate-stopping = finishing what was accepted; press Ctrl-C again to stop at once
simulate-stopping-line = guichet: stopping: { $what }
simulate-error-profile = --profile: found { $name }, expected { $known }, or a TOML file
simulate-error-client-threads = --client-threads: found { $found } clients, expected { $most } at most: each is a thread with a stack of its own; without --client-threads clients are tasks
simulate-error-bursts = --bursts: there are peaks in an open loop only: give its --rate, such as --rate 500
simulate-error-speed = --speed: only what was recorded can be replayed faster: give its --trace

## The command line and the walk through the sheet (French alone has the help of flags)

tp-list = The lab sheet's twelve points. Each says what to watch, runs it, shows the figures and asks a question.
tp-list-next = One of them: guichet tp 3. With the answer to its question: guichet tp 3 --answer. A class of your own: guichet tp check serveur_manager.py
tp-question = Question: { $question }
tp-answer = Answer: { $answer }
tp-answer-how = The answer: guichet tp { $point } --answer
tp-ask = Press Enter for the answer, or type anything else first:{" "}
tp-next = Next: guichet tp { $point }
tp-last = That was the last one. A class of your own: guichet tp check serveur_manager.py
tp-figures-fleet = { $accepted } requests accepted, { $refused } refused; { $servers } servers at the end, { $peak } at most at once
tp-figures-checks = { $checks } checks of what clients were told, what the list says and what the machines have: { $broken } broken
tp-figures-actions = { $actions }; { $succeeded } succeeded, { $cancelled } gave way to a delete or a hard reboot, { $refused } refused
tp-figures-run = { $flight } in flight at most; { $rate } operations/s; half waited { $wait } for their turn and were then served in { $service }; { $cpu } µs of CPU an operation; { $memory } MiB
tp-figures-refusals = { $sent } requests, { $refused } refused ({ $kinds }); { $servers } servers in the list
tp-figures-queue = { $accepted } accepted, { $ended } brought to an end, { $lost } lost; { $waiting } waited at most, 99 of 100 waited { $wait } at most; { $refused } refused because the queue was full
tp-figures-row-io = work that waits, { $name }: { $rate } requests/s, { $times } times one at a time
tp-figures-row-cpu = work that computes, { $name }: { $rate } requests/s, { $times } times one at a time
tp-figures-race-threads = threads without the lock: { $kinds } kinds of harm within { $requests } requests; with the lock { $locked }
tp-figures-race-schedules = every schedule of two or three clients: without the lock { $broken } of { $schedules } break, with it { $lockedbroken } of { $lockedschedules }
tp-1-title = A manager and its shared list
tp-1-watch = 64 clients share one list of servers. Watch whether what they were told, what the list says and what the machines have agree at the end.
tp-1-question = A client is told "accepted" before its server exists. What would a counter be like that answers only at the end?
tp-1-answer = It would hold a connection, and a thread, for each client while the machine works; and if the connection broke, nobody would know what became of the request.
tp-2-title = Create, reboot and delete
tp-2-watch = Each action is allowed in some states only. Watch how many requests are refused, and how many are given up for another.
tp-2-question = Why are some reboots refused with "conflict"?
tp-2-answer = The server has an operation under way: it is still being created, or being rebooted. A delete, or a hard reboot, takes its place instead of being refused.
tp-3-title = A lock
tp-3-watch = The same manager without its lock and with it, first on real threads, then in every order in which the steps of two or three clients can follow each other.
tp-3-question = A ServeurManager often holds its lock while it "creates" a server with sleep. What becomes of the gain of its pool?
tp-3-answer = It is gone: only one thread at a time sleeps, so four threads are as fast as one. Take the lock to decide and write down, and let it go before the machine is waited for.
tp-4-title = Clients in threads, random requests
tp-4-watch = 200 clients, each a thread, and a thread for each request; then the same with tasks. Watch the CPU an operation and the memory.
tp-4-question = What does a thread cost that a task does not?
tp-4-answer = A stack of its own, and a switch by the system's scheduler each time it waits. A task is some hundred bytes and is resumed by the program itself.
tp-5-title = A bounded pool
tp-5-watch = 8 workers, then 64, on the same requests of about 10 ms. Watch the wait and the service time: which of the two does the pool change?
tp-5-question = With Little's law (in flight = rate × time): how many workers do 2,000 requests a second need, at 10 ms each?
tp-5-answer = 2,000 × 0.010 s = 20, and some more, because not all of them are busy all the time. The pool changes the wait; the service time is the machine's.
tp-6-title = A log with timestamps
tp-6-watch = One line for each transition and each refusal: the time, the worker, the action, the server, what it becomes. Watch how each accepted request is started and ends.
tp-6-question = Why is print from eight threads without a lock a mess, and what does a lock around print cost?
tp-6-answer = Text and line end are written one after the other, so lines of several threads mix. With a lock all of them wait for the slowest terminal; here one thread writes what the others put into a queue.
tp-7-title = A semaphore
tp-7-watch = 64 workers, first without a semaphore, then with four permits. Watch how many are in flight at most.
tp-7-question = Pool and semaphore both bound what runs at once. When does one want both? And is a semaphore a lock?
tp-7-answer = The pool bounds threads, the semaphore what they do with one resource: with several resources one wants both. With one permit it excludes as a lock does, but has no owner, so that anybody can give it back; with two it is no lock at all (guichet race --with semaphore=2).
tp-8-title = No deletion from an empty list
tp-8-watch = Five deletions, and nothing there. Watch how they are refused.
tp-8-question = "if servers: servers.pop()" looks safe. What happens with two threads between the if and the pop?
tp-8-answer = Both see the one server. The first takes it, the second gets an IndexError: pop from empty list. The test and the deletion belong under the same lock.
tp-9-title = With and without the pool, measured
tp-9-watch = The same requests one at a time, with a thread each and in pools, with work that waits and with work that computes. Watch what a pool of 16 does for each. This takes some seconds.
tp-9-question = Why is a pool of 16 so much faster for the one and not for the other? What would it be on eight cores? And in Python?
tp-9-answer = Waits overlap without a processor; computing gets no more than there are cores. On eight cores work that computes would go up to eight times as fast. In Python a sleep lets the interpreter lock go, so waiting gains as here; computing stays at 1.
tp-10-title = The active servers
tp-10-watch = At the end the servers that are ACTIVE are listed, a page at a time, while others may go on.
tp-10-question = What would clients see if the list were read under the lock, all in one go?
tp-10-answer = They would all wait for the longest list. Read in small steps it holds nobody up; so it is not one instant, and says so.
tp-11-title = A queue for peaks
tp-11-watch = 500 requests a second and three peaks of 5,000, in virtual time: 16 workers, then 64. Watch how many wait, how long, and how many are refused.
tp-11-question = When is a refusal better than a place in the queue?
tp-11-answer = When the client would give up before its turn anyway. A peak brings some 7,000 more requests than 16 workers do: the last of them would wait about five seconds.
tp-12-title = What concurrency does to data
tp-12-watch = The shortest way in which two clients that create a server each lose one, step by step. Watch the cross: it stands at a read.
tp-12-question = Python's interpreter lock makes list.append whole. Does it help here?
tp-12-answer = No: what is read is already old when it is written, and each step is whole as it is. What must not be cut is the read and the write together: that is what the lock is for.
cli-commands = Commands
cli-help = Print help
cli-version = Print version
cli-default = [default: { $value }]
cli-env = [env: { $name }]
error-join = {": "}
cli-usage = Usage: { $usage }
cli-more = For more information, try '--help'.
cli-error-no-value = { $arg }: a value is missing
cli-error-value = { $arg }: { $value } is not one of: { $known }
cli-error-wrong = { $arg }: found { $value }: { $why }
cli-error-unknown = there is no flag { $arg }
cli-error-command = there is no command { $command }
cli-error-similar = { $sentence }; did you mean { $suggested }?
cli-error-twice = { $arg } was given twice
cli-error-conflict = { $arg } and { $other } do not go together
cli-error-missing = missing: { $arg }
cli-error-no-command = no command was given
cli-error-utf8 = what was typed is not UTF-8
cli-error-other = { $arg } cannot be understood
expected-whole = expected a whole number from { $min } to { $max }
expected-speed = expected a decimal number from { $min } to { $max }; past that use --virtual-time, where waits cost nothing

## tp check: a class under many schedules

check-none = none
check-a-thread = a thread
check-a-lock = a lock
check-or = { $first } or { $last }
check-schedules = { $count ->
    [one] { $count } schedule
   *[other] { $count } schedules
}
check-heading = { $file }: class { $class }, methods { $methods }
check-cut-short = Ended at the end of its time; what was found until then:
check-nothing = Nothing found in { $schedules }
check-kinds = { $count ->
    [one] { $count } kind of mistake found in { $schedules }
   *[other] { $count } kinds of mistakes found in { $schedules }
}
check-depth-none = , among them all tried without a preemption
check-depth = { $count ->
    [one] , up to { $count } preemption
   *[other] , up to { $count } preemptions
}
check-stopped-time = ; stopped by --time, so another run may get further
check-stopped-schedules = ; stopped by --schedules
check-stopped-stuck = ; one client alone hangs, so nothing else was tried
check-stopped-stubborn = ; stopped because a thread could not be ended
check-stopped-cut = ; more could be tried with --schedules
check-no-proof = That is no proof that it is right.
check-stray = The class does not do the same each time (random numbers, dates), so some schedules could not be run as planned.
check-headed-none = { $title } (no preemption needed)
check-headed = { $count ->
    [one] { $title } ({ $count } preemption)
   *[other] { $title } ({ $count } preemptions)
}
check-before = before: { $calls }
check-before-nothing = before: nothing
check-not-shown = { $title }: its time was up before it was shown
check-step = step
check-by = { $name }:
check-by-thread = line, by thread
check-takes = takes { $name }
check-gives = gives { $name } back
check-waits = waits for { $name }
check-puts = puts into { $name }
check-gets = gets from { $name }
check-submits = hands work to { $name }
check-starts = starts { $name }
check-sleeps = sleeps { $seconds } s
check-ends = ends
check-stops-before = stopped before it { $access }
check-calls = calls
check-reads = reads { $name }
check-writes = writes { $name }
check-reads-something = reads
check-writes-something = writes
check-title-lost-server = a lost server
check-title-too-many-servers = more servers than there may be
check-title-double-delete = one server deleted twice
check-title-resurrected = a deleted server that is there again
check-title-duplicate-id = two servers with one id
check-title-wrong-count = a counter that is wrong
check-title-wrong-answer = answers that no order of the requests gives
check-title-empty-pop = a pop from an empty list
check-title-uncaught-exception = an exception where a refusal is due
check-title-deadlock = a request that waits for ever
check-title-lock-not-released = a lock that is never given back
check-title-lock-over-sleep = a lock held during a sleep
check-title-never-ends = a request that never ends
check-servers = { $count ->
    [one] At the end { $count } server is there; one after the other, these requests leave { $expected }.
   *[other] At the end { $count } servers are there; one after the other, these requests leave { $expected }.
}
check-double-delete = { $deletes } requests were told that they deleted a server, and there was one fewer to delete.
check-resurrected = { $labels } was deleted, and it is in the list at the end.
check-duplicate-id = At the end two of the { $count } servers have one id.
check-wrong-answer = The servers at the end go with no order of the requests that gives these answers.
check-raised-alone = One client is enough: line { $line } ends { $call } with { $error }. A client should get a refusal.
check-raised = Line { $line } ends { $call } with { $error }. A client should get a refusal.
check-counter = { $name } is { $value } at the end; one after the other, these requests make it { $expected }.
check-waits-itself = { $who } waits in line { $line } for { $what }, which it has itself.
check-waits-other = { $who } waits in line { $line } for { $what }, which { $owner } has.
check-waits-nobody = { $who } waits in line { $line } for { $what }, and nobody is left to wake it.
check-not-released = { $call } is over, and it still has { $lock }: whoever wants it next waits for ever. `with` gives a lock back whatever happens.
check-over-sleep = Line { $line } sleeps and holds { $lock }. { $requests } calls of { $method } by { $workers } threads take { $took } s; if the sleep gave the lock back they would take { $without } s. The pool could be { $times } times as fast.
check-never-ends = It was stopped after { $steps } instructions: a loop waits for what does not come.
check-syntax = line { $line }: { $reason }: Python cannot read it
check-python = Python { $version } is too old: 3.9 or newer is needed
check-no-such-class = there is no class { $name }; its classes are: { $there }
check-no-class = no class has methods to create and to delete servers. Name it with --class, and its methods with --map create=METHOD,delete=METHOD. Its classes are: { $there }
check-no-method = class { $class } has no method to { $kind } servers that its name would tell: name it with --map { $kind }=METHOD. It has: { $there }
check-no-such-method = class { $class } has no method { $name }. It has: { $there }
check-import = line { $line }: { $reason }, when it was loaded
check-import-ends-not = loading it does not end: put what starts clients below `if __name__ == "__main__":`
check-refused-module = line { $line }: it imports { $name }, which the check cannot control: threads only
check-coroutine = its methods are coroutines (`async def`): threads only
check-create-fails = line { $line }: { $call } with one thread and an empty list: { $reason }
check-grows-not = { $call } adds nothing to any list, dict or set of the object, and no method lists the servers. If a thread does the work, start it in __init__
check-cannot-call = how to call { $call } could not be found out: give its parameters defaults
check-delete-removes-not = { $call } removed no server, whatever it was given (name, id, object, index): if another method deletes, name it with --map delete=METHOD
check-memory = it used more memory than it may (512 MiB)
check-recursion = it calls itself without an end
check-other = it cannot be checked: { $what }
check-not-utf8 = its path is not UTF-8: rename it
check-no-file = it is no file: name the file with the class
check-too-long = it is longer than 1 MiB, the most that is read
check-late = it was ended after { $seconds } s without a result: a loop in it does not end, or --time is too short
check-too-much = it reported more than 4 MiB and was ended
check-ended-with = Python ended early: { $last }
check-ended-early = Python ended early: the file may have ended its process (os._exit), or used more memory than it may (512 MiB)
check-no-python = { $python }: { $error }. Python 3.9 or newer runs the class: install it (Debian and Ubuntu: apt install python3), or name it with --python
check-stopped = the check was interrupted
check-io = the check could not be run: { $error }
check-expected-method = found { $found }, expected the name of a method
check-expected-pair = found { $found }, expected KIND=METHOD with a KIND of create, reboot, delete, list
check-twice = { $kind } is there twice
check-report-one = found { $found } files, expected one: --report writes the page of one class
check-files-most = found { $found } files, expected at most { $most }


## compare: how things are called

compare-work-io = I/O-bound work
compare-work-cpu = CPU-bound work
compare-io = io
compare-cpu = cpu
compare-sequential = one at a time
compare-threads = a thread for each request
compare-pool = a pool of { $workers }
compare-async = async with { $workers }
compare-interval = 95 % interval { $low } to { $high }

## compare: what the figures say

compare-winner = { $work }: { $first } did most, { $rate } requests/s, { $ahead } what { $second } did{ $verdict ->
    [draw] { " " }({ $interval }): no more than the noise, so call it a draw
    [little] { " " }({ $interval }): more than the noise, and little
    [unknown] : one run each does not say whether that is more than the noise
   *[more] { " " }({ $interval }): more than the noise
 }.
compare-gain = { $work } with { $pool } went { $gain } as fast as one at a time ({ $interval }): { $rate } instead of { $alone } requests/s, { $each } for each worker.{ $verdict ->
    [slower] { " " }That is slower than without it.
    [noise] { " " }That is within the noise: it gains nothing here.
   *[faster] { "" }
 }
compare-cores = { $work } is limited by the cores: a request costs { $cpu } ms of CPU, so { $cores ->
    [one] 1 core does
   *[other] { $cores } cores do
 } { $most } a second and no more. { $pool } has { $busy } of them busy already; more workers only share them.
compare-cores-shared = { $work } is limited by the cores: a request costs { $cpu } ms of CPU, so { $cores ->
    [one] 1 core does
   *[other] { $cores } cores do
 } { $most } a second and no more. { $pool } has { $busy } of them busy already (others on the machine { $others }); more workers only share them.
compare-waits = { $work } waits: a request takes { $service } ms and costs { $cpu } ms of CPU (its client's part included), and while one waits others can run. { $pool } keeps only { $busy } of { $cores ->
    [one] 1 core
   *[other] { $cores } cores
 } busy, so not the cores are the limit but how many may wait at once.
compare-others = The machine was not quiet: others kept { $busy } of its { $cores ->
    [one] 1 core
   *[other] { $cores } cores
 } busy meanwhile, so work that computes was slower than it can be, and the intervals are wider. Compare again when it is quiet.
compare-turns = { $work }: half of the requests wait { $alone } ms or more for their turn one at a time, and { $wait } ms with { $pool }; from sending to the end one in a hundred takes { $alone_latency } ms or more, and { $latency } ms.
compare-threads-stop = { $work }: { $pool } does as much as a thread for each request ({ $rate } against { $threads } requests/s), so from there on such threads do not pay.
compare-threads-pay = { $work }: a thread for each request still does more than any pool tried, { $threads } against { $rate } requests/s with { $pool }: { $threads_flight } were in flight at most, not { $flight }.
compare-threads-cost = A request costs { $threads_cpu } µs of CPU with a thread of its own and { $cpu } µs with { $pool }; { $threads_count } threads and { $threads_memory } MiB at most against { $count } and { $memory }.
compare-both = The same worker count, another limit: { $pool } makes work that waits { $waits } as fast and work that computes { $computes }. Waits overlap, computing only as far as there are cores ({ $cores } here).
compare-permits = From { $workers } workers on the semaphore is the limit, not the pool: { $permits ->
    [one] 1 permit
   *[other] { $permits } permits
 }, { $flight } in flight at most, { $rate } requests/s with { $pool }.
compare-clients = From { $workers } workers on the clients are the limit, not the pool: { $clients } of them, each with one request under way, { $flight } in flight at most. Give more --clients to fill it.
compare-queue-full = The queue was full { $count ->
    [one] once
   *[other] { $count } times
 } with { $pool }: { $count ->
    [one] this request was refused, and not lost
   *[other] these requests were refused, none was lost
 }.

## compare: the laws

compare-little = Little's law, in flight = rate × mean time: { $best } ({ $best_work }) had { $seen } in flight on average, and { $rate } requests/s × { $time } ms is { $product }. The two are furthest apart for { $worst } ({ $worst_work }), { $worst_seen } and { $worst_product }, { $apart } apart: { $verdict ->
    [holds] it holds
   *[fails] it does not hold there: the observer was held up, or the run was not steady
 }.
compare-amdahl-none = Amdahl's law on { $model }, { $work }: the serial share is nothing one could measure; the speed-up grows with the workers.
compare-amdahl-cores = Amdahl's law on { $model }, { $work }: a serial share of { $share } fits best, and it is not the program's: workers past the { $cores ->
    [one] only core wait for it
   *[other] { $cores } cores wait for them
 }, which the law takes for serial work.
compare-amdahl = Amdahl's law on { $model }, { $work }: a serial share of { $share } fits best, the part that only one does at a time with the queue, the lock and the processors; no number of workers makes it more than { $most } as fast.
compare-usl-unread = { $model }, { $work }: { $measured }. No scalability law is read from these sizes: they go past the { $cores ->
    [one] only core
   *[other] { $cores } cores
 }, of which it knows nothing.
compare-usl = Universal Scalability Law on { $model }, { $work }: contention { $contention }, coherency { $coherency }, at most { $error } off a measured rate; { $predicted }; { $measured }.
compare-knee = its knee, where more workers make it slower, lies at { $knee }
compare-knee-far = its knee would lie at { $knee } workers, far beyond what was tried: read it as none
compare-knee-none = it has no knee: more workers never make it slower
compare-measured = measured, { $best ->
    [one] 1 worker
   *[other] { $best } workers
 } did most
compare-measured-knee = measured, { $best ->
    [one] 1 worker
   *[other] { $best } workers
 } did most and { $knee } as much within the noise

## compare: tables

compare-col-work = work
compare-col-model = model
compare-col-workers = workers
compare-col-rate = requests/s (95 %)
compare-col-speedup = speed-up (95 %)
compare-col-efficiency = efficiency
compare-col-wait = wait ms p50
compare-col-latency = latency ms p50
compare-col-flight = in flight
compare-col-refused = refused
compare-col-cpu = CPU s
compare-col-cpu-each = µs a request
compare-col-busy = cores busy
compare-col-others = others
compare-col-threads = threads
compare-col-memory = MiB
compare-col-switches = switches

## compare: the page

compare-page-measured = The same random requests of { $clients ->
    [one] 1 client
   *[other] { $clients } clients
 }, through { $models }: { $rows ->
    [one] 1 row
   *[other] { $rows } rows
 }, each measured { $runs ->
    [one] once
   *[other] { $runs } times
 } in a process of its own, in rounds, so that what drifts on the machine hits all rows alike. Profile { $profile }, mix { $mix }, { $cores ->
    [one] 1 core
   *[other] { $cores } cores
 }.
compare-page-holds = { $checked ->
    [one] 1 fact was checked after the runs and it holds
   *[other] { $checked } facts were checked after the runs and all hold
 }.
compare-page-broken = { $broken } of { $checked } facts checked do NOT hold: see the end.
compare-page-rates = { $work }: how much is done
compare-page-times = { $work }: how long it takes
compare-page-costs = { $work }: what it costs
compare-page-io = A request waits for others most of its time, as for a hypervisor.
compare-page-cpu = A request computes most of its time.
compare-page-throughput = Throughput over the size of the pool
compare-page-throughput-read = Median of the runs with its 95 % interval. Models without a pool stand at the most they had in flight.
compare-page-logarithmic = Both axes are logarithmic: a straight line doubles as the workers do.
compare-page-law = What the law says of { $model }
compare-page-law-read = Measured medians, and dashed the fitted Universal Scalability Law.
compare-page-speedup = Speed-up for each worker
compare-page-speedup-read = The speed-up over one at a time, divided by the workers: 100 % is as many times as fast as there are workers. Where a curve falls, something else than the pool is the limit.
compare-page-amdahl-read = Dashed: Amdahl's law with the fitted serial share.
compare-page-wait = Wait
compare-page-wait-read = From a request's acceptance to its start: half wait as long as the point or longer, one in a hundred as long as the upper end of its line or longer. Times below 1 µs are drawn as 1 µs.
compare-page-latency = Latency
compare-page-latency-read = From sending to the end, drawn in the same way: the wait and the service.
compare-page-cpu-each = CPU for each request
compare-page-cpu-each-read = CPU of the whole process, its clients included, for each request that was run.
compare-page-switches = Thread switches for each request
compare-page-switches-read = How often the system took a core from one thread of the process and gave it to another.
compare-page-figures = All figures
compare-page-violation = Broken: { $what }
compare-page-best = { $name }: { $rate }/s
compare-page-fitted = { $model }, fitted
compare-page-amdahl = { $model }, Amdahl { $share }
compare-axis-workers = workers
compare-axis-rate = requests/s
compare-axis-each = speed-up for each worker, %
compare-axis-ms = ms
compare-axis-cpu = µs of CPU
compare-axis-switches = thread switches

## compare: the program

compare-heading = guichet compare: { $rows ->
    [one] 1 row
   *[other] { $rows } rows
 } of { $runs ->
    [one] 1 run
   *[other] { $runs } runs
 } and a first one that does not count, { $each }: up to { $time }
compare-heading-about = about { $seconds } s each
compare-heading-requests = { $requests ->
    [one] 1 request
   *[other] { $requests } requests
 } each
compare-heading-load = { $clients ->
    [one] 1 client
   *[other] { $clients } clients
 }, mix { $mix }, profile { $profile }, { $cores ->
    [one] 1 core
   *[other] { $cores } cores
 }, seed { $seed }
compare-bar = {"{bar:40}"} {"{percent}"} %  {"{eta}"} left
compare-broken = broken: { $what }
compare-of-row = { $row } ({ $work }): { $what }
compare-of-first = first run: { $what }
compare-invariants = invariants: { $checked } checked, { $broken } broken
compare-too-long = this comparison would take about { $time }, at most { $most } is begun: take a faster --profile, or fewer --requests, --runs, --models or --workers
compare-sizes = --workers: found { $found } sizes, expected { $most } at most
compare-run-of = the run of { $model } with { $workers ->
    [one] 1 worker
   *[other] { $workers } workers
 }
output-standard = standard output

## report: what every page says it was made with

report-fact-command = command
report-fact-seed = seed
report-fact-version = version
report-fact-machine = machine
report-fact-created = created
report-fact-run = run
report-machine = { $system } ({ $architecture }), { $cores ->
    [one] 1 core
   *[other] { $cores } cores
 }, { $processor }
report-machine-cores-unknown = { $system } ({ $architecture }), unknown cores, { $processor }
report-processor-unknown = processor unknown
report-cannot = { $path }: cannot be written
report-is-read = { $flag }: { $path } is read by this run; name another file
report-is-written = { $flag }: { $path } is written by this run; name another file

## report: of a run, what came of it

report-unit-days = days
report-load-closed = { $clients ->
    [one] 1 client
   *[other] { $clients } clients
 }, each waiting for its last request
report-load-open = { $clients ->
    [one] 1 client
   *[other] { $clients } clients
 } at { $rate } requests a second
report-load-bursts = { $load }, bursts { $bursts }
report-load-trace = a trace of { $clients ->
    [one] 1 client
   *[other] { $clients } clients
 }
report-setup = { $load }; model { $model }, { $flight } in flight at most, queue { $queue }, profile { $profile }
report-setup-virtual = { $load }; model { $model }, { $flight } in flight at most, queue { $queue }, profile { $profile }, in virtual time
report-interrupted = The run was interrupted: this is what happened until then.
report-requests-sent = { $sent ->
    [one] 1 request
   *[other] { $sent } requests
 } in { $time }: { $accepted } accepted, { $refused } refused.
report-requests-repeated = { $sent ->
    [one] 1 request
   *[other] { $sent } requests
 } in { $time }: { $accepted } accepted, { $repeated } repeated, { $refused } refused.
report-virtual-time = { $time } of virtual time
report-operations = Of the operations { $succeeded } succeeded, { $failed } failed and { $cancelled } were cancelled.
report-peak-none = At most { $running ->
    [one] 1 operation
   *[other] { $running } operations
 } ran at once; none ever waited.
report-peak = At most { $running ->
    [one] 1 operation
   *[other] { $running } operations
 } ran at once, and at most { $waiting } waited, { $at } after the start.
report-peak-start = At most { $running ->
    [one] 1 operation
   *[other] { $running } operations
 } ran at once, and at most { $waiting } waited, at the very start.
report-limit-pool = The pool was the limit: on average { $used } of { $places } places to run were in use.
report-limit-clients = The clients were the limit, since each waits for its last request to be over: on average { $used } of { $places } places to run were in use.
report-limit-load = The load was the limit, not the pool: on average { $used } of { $places } places to run were in use.
report-limit-queue = The queue of { $queue } was the limit: { $refused ->
    [one] 1 request was refused
   *[other] { $refused } requests were refused
 } for want of a place in it; on average { $used } of { $places } places to run were in use.
report-over-within = From the moment it was meant to be sent, half of all operations were over within { $half }, 99 in 100 within { $most }.
report-holds = Clients, store and driver agree: { $checks ->
    [one] 1 check
   *[other] { $checks } checks
 } of the invariants, none broken.
report-broke = { $broken } of { $checks ->
    [one] 1 check
   *[other] { $checks } checks
 } of the invariants broke: see the end of this page.

## report: of a run, its parts

report-queue-title = Queue and operations in flight
report-queue-text = An operation waits from its acceptance until one of the { $places ->
    [one] 1 place
   *[other] { $places } places
 } to run is free; it is in flight until it is over.
report-queue-kept = Once there is more than one project, the last places of the queue are kept for those with nothing waiting: others are refused before it is full.
report-queue-again = At most { $again ->
    [one] 1 operation
   *[other] { $again } operations
 } waited for another attempt, after one that failed in passing.
report-requests-title = Requests
report-sent = What was sent: { $sent }.
report-sent-of = { $sent } { $action }
report-refused-none = Nothing was refused.
report-latency-title = Latency
report-latency-text = Wait is from the acceptance to the first start, service time from there to the end, latency from the moment the request was meant to be sent to the end.
report-latency-share = On average an operation waited { $waited } of the { $latency } that it took in all, { $share }.
report-latency-virtual = In virtual time deciding costs nothing: only waits and the driver's work count.
report-workers-title = Workers
report-workers-some = { $attempts ->
    [one] 1 attempt was
   *[other] { $attempts } attempts were
 } run; drawn are { $drawn } around the busiest moment.
report-workers-all = All { $attempts ->
    [one] 1 attempt that was
   *[other] { $attempts } attempts that were
 } run.
report-servers-title = Servers
report-servers-text = At the end there are { $total ->
    [one] 1 server
   *[other] { $total } servers
 }: { $active } ACTIVE, { $shutoff } SHUTOFF and { $error } in ERROR. At most { $peak } there were at once.
report-cost-title = What it cost
report-cost-text = The hold of the lock includes the time for which the system had suspended its holder.
report-cost-seconds = real time, s
report-cost-requests = requests a second
report-cost-operations = operations a second
report-cost-cpu = CPU of the process, clients too, s
report-cost-cpu-each = CPU for each accepted operation, µs
report-cost-lock = longest hold of the lock, µs
report-cost-memory = most memory, MiB
report-measured = measured
report-value = value
report-checked-title = What was checked
report-violation = Broken: { $what }
report-profile = Profile: { $rule }
report-unfinished = Not finished in time: { $waiting ->
    [one] 1 operation
   *[other] { $waiting } operations
 } left waiting, { $running } left running.
report-missed = This report missed { $missed ->
    [one] 1 record
   *[other] { $missed } records
 }.

## report: of a run, its charts and tables

report-since-start = { $unit } since the start
report-since-start-from = { $unit }, counted from { $origin } after the start
report-step = Each step is the most there was within { $step }.
report-step-cancelled = Each step is the most there was within { $step }. An operation that is cancelled while it runs counts as over at once.
report-waiting = waiting
report-waiting-bound = waiting at most: { $bound }
report-waiting-peak = most waiting: { $peak }, at { $at }
report-waiting-title = Operations waiting
report-again = for another attempt
report-running = in flight
report-running-bound = in flight at most: { $bound }
report-running-peak = most in flight: { $peak }, at { $at }
report-running-title = Operations in flight
report-axis-operations = operations
report-axis-requests-s = requests/s
report-axis-requests = requests
report-axis-servers = servers
report-refused = refused
report-rates-title = Requests a second, by what became of them
report-rates-caption = Accepted ones by what they ask for, on top of them the refused. Counted in stretches of { $step }; reads are left out.
report-refusals-title = Refused requests, by kind
report-refusals-caption = A refusal says why and what to do, and changes nothing.
report-status-title = Servers over time, by status
report-status-caption = A server that is being deleted keeps the status it had until it is gone.
report-cut-short = failed or cancelled
report-spans-title = What each worker ran
report-spans-caption = One line for each worker; a gap is a worker that has nothing to do.
report-spans-shown = Shown are { $shown } of { $all ->
    [one] 1 worker
   *[other] { $all } workers
 }.
report-span = { $worker }: { $action } of { $server }… for client { $client }, { $end ->
    [succeeded] succeeded
    [failed] failed
    [requeued] requeued
    [cancelled] cancelled
   *[other] { $end }
 } in { $time }
report-span-attempt = { $worker }: { $action } of { $server }… for client { $client }, attempt { $attempt }, { $end ->
    [succeeded] succeeded
    [failed] failed
    [requeued] requeued
    [cancelled] cancelled
   *[other] { $end }
 } in { $time }
report-span-why = { $span } ({ $why })
report-tail-title = How long the slowest took
report-tail-axis = the slowest one in …
report-tail-caption = Both axes are logarithmic: at 2 stands the median, at 10 the 90th percentile, at 100 the 99th, at 1,000 the 99.9th. Times below 1 µs are drawn as 1 µs.
report-time-wait = wait
report-time-service = service time
report-time-latency = latency
report-time-reads = reads
report-time-count = count

## report: results side by side

report-unreadable = { $path }: cannot be read: { $why }
report-long = { $path }: found more than { $most } MiB, expected the result of one run or one comparison
report-no-json = { $path }: found no JSON ({ $why }), expected what guichet simulate or guichet compare prints with --format json
report-other = { $path }: found other JSON, expected what guichet simulate or guichet compare prints with --format json
report-without = { $path }: found no { $field }, expected what guichet simulate or guichet compare prints with --format json
report-unlike = { $path }: found a result of { $found }, expected one of { $expected } as in the first file
report-beside-lead = The results of { $files ->
    [one] 1 file
   *[other] { $files } files
 }, side by side.
report-beside-ratio = In parentheses: how many times the first file's figure it is.
report-beside-charts = What people look at first
report-beside-figures = All figures
report-beside-figure = figure
report-beside-seconds = time of the run, s
report-beside-requests = requests/s
report-beside-refused = requests refused
report-beside-failed = operations failed
report-beside-wait = wait p50, ms
report-beside-wait-slow = wait p99, ms
report-beside-latency = latency p50, ms
report-beside-latency-slow = latency p99, ms
report-beside-flight = in flight at most
report-beside-queue = waiting at most
report-beside-cpu = CPU an operation, µs
report-beside-memory = memory at most, MiB
report-beside-rate = { $row }: requests/s
report-beside-row-cpu = { $row }: CPU, µs
report-beside-row-slow = { $row }: latency p99, ms
report-beside-most = { $row }: most requests/s


## race

race-title-lost = lost server
race-title-overbooked = overbooked host
race-title-quota = quota passed
race-title-double = double delete
race-title-back = deleted server back
race-title-count = wrong count
race-why-lost = two creates read the same length of the list, so both put their server into the same place
race-why-overbooked = two creates read the same room of a host before either wrote what it had taken
race-why-quota = two creates read the same usage, and each found room for itself in the quota
race-why-double = two deletes read the server before either wrote that it is being deleted
race-why-back = an action read the server before it was deleted and wrote it back afterwards
race-why-count = usage or room was worked out from what was read before another's writes, and written after them
race-harm-lost = server { $server } was accepted, nobody deleted it, and it is not in the list
race-harm-overbooked = host { $host } has room for { $room ->
    [one] { $room } server
   *[other] { $room } servers
 }, and { $holds } are placed on it
race-harm-quota = the quota allows { $allowed ->
    [one] { $allowed } server
   *[other] { $allowed } servers
 }, and { $exist } exist
race-harm-double = server { $server } was deleted { $times } times, each accepted as the first
race-harm-back = server { $server } was deleted and gone, and came back
race-harm-usage = the usage says { $says ->
    [one] { $says } server
   *[other] { $says } servers
 }, and { $exist } exist
race-harm-room = host { $host } says it has room for { $says } more, and has room for { $room }
race-start-empty = no server; one host with room for four
race-start-active = server A is ACTIVE; its host has room for three more
race-start-waiting = the create of server A was accepted and still waits for a worker
race-start-room = server A is ACTIVE; its host has room for one more, a second host for one
race-start-quota = server A is ACTIVE; the project's quota allows one more
race-answered = { $done }; { $answer }
race-whole = { $request } as one step; { $answer }
race-a-job = a job
race-a-request = a request
race-accepted = accepted
race-repeated = same answer as the first
race-refused = refused: { $code }
race-gone = { $server } gone
race-empty = empty
race-uncounted = { $server } (not counted yet)
race-usage-of = { $used } of { $allowed }
race-host-room = host { $host }: room for { $room }
race-beside = { $first }; { $second }
race-rows = list: { $list }; usage: { $usage }; { $hosts }; { $waiting } wait
race-reads-usage = reads usage: { $usage }
race-reads-host = reads host { $host }: room for { $room }
race-reads-length = reads length of list: { $length }
race-reads-queue = reads queue: { $waiting } wait
race-reads-nothing = reads nothing
race-looks-up = looks up { $server }
race-looks-up-absent = looks up { $server }: not there
race-writes-over = writes { $server } to place { $place }, over { $over }
race-writes-place = writes { $server } to place { $place }
race-writes-server = writes { $server }
race-writes-length = writes length of list: { $length }
race-writes-usage = writes usage: { $usage }
race-writes-host = writes host { $host }: room for { $room }
race-job-off = takes job of { $server } off queue
race-job-on = puts job of { $server } into queue
race-job-ran = runs a job: { $server }
race-job-void = runs a job of { $server }: it was done or is gone
race-step = step
race-column = client { $client }: { $requests }
race-worker = worker
race-by-client = client { $client }
race-by-worker = the worker
race-no-job = nothing is in the queue
race-no-request = it has nothing left to ask for
race-no-permit = no permit is free
race-step-refused = step { $step } of the schedule cannot be taken by { $who }: { $why }
race-no-threads = could not start the clients' threads: { $error }
race-harm-step = { $mark } step { $step }: { $why }.
race-unavoidable = From here on it cannot be avoided: each of the { $ways } ways to go on ends with it.
race-not-judged = Somebody is still in the middle of a request: not judged.
race-sound = Nothing is broken.
race-broken = { $kind }: { $sentence }.
race-start-fleet = start fleet { $name }: { $about }
race-unmarked = The moment of harm is not marked: { $states } states were not enough to tell.
race-breaks-nothing = It breaks nothing.
race-breaks-above = It breaks what is said above.
race-shows = It shows what it says: { $kind }.
race-shows-not = It does not show what it says: { $kind }.
race-heading = guichet race: what goes wrong without the lock
race-heading-threads = { $clients ->
    [one] { $clients } client
   *[other] { $clients } clients
 } on threads of their own, at most { $requests } requests, seed { $seed }
race-too-few = --requests: found { $requests }, expected at least { $round }: one round of { $clients } clients
race-doing-threads = racing on threads
race-doing-unlocked = exploring every schedule without the lock
race-doing-locked = exploring every schedule with it
race-doing-semaphore = exploring every schedule with the semaphore
race-threads = Real threads
race-explored = Every schedule
race-shortest = The shortest schedule for each
race-shortest-semaphore = The shortest schedule with a semaphore of { $permits }
race-is-semaphore-lock = Is a semaphore of { $permits } a lock?
race-mark = { $mark } marks the step after which the harm can no longer be avoided, whoever goes on.
race-threads-all = { $requests ->
    [one] { $requests } request
   *[other] { $requests } requests
 } on { $clients ->
    [one] { $clients } thread
   *[other] { $clients } threads
 } without the lock, until each anomaly had shown; then { $again ->
    [one] { $again } request
   *[other] { $again } requests
 } with it.
race-threads-some = { $requests ->
    [one] { $requests } request
   *[other] { $requests } requests
 } on { $clients ->
    [one] { $clients } thread
   *[other] { $clients } threads
 } without the lock, { $shown } of { $kinds } anomalies shown; then { $again ->
    [one] { $again } request
   *[other] { $again } requests
 } with it.
race-head-anomaly = anomaly
race-head-unlocked = without lock
race-head-locked = with lock
race-head-first = the first one found
race-first-found = The first one found of each:
race-first-of = { $name }: { $what }
race-scope = { $cases ->
    [one] { $cases } case
   *[other] { $cases } cases
 }: { $starts } start fleets, and from each every choice of create, reboot and delete for 2 clients with 1 or 2 requests each and for 3 clients with 1 each, with the worker that runs what they queue.
race-a-step-is = A step is one cell read or written, or one job run; with the lock a whole request. A schedule is one order of all their steps, to the end. It is broken if the rows are wrong at a moment when nobody is in the middle of a request.
race-a-permit-is = With a semaphore each request and each job needs a permit from its first step to its last.
race-incomplete = Not complete ({ $manager }): stopped at { $states } states; the figures are of what was seen.
race-without-lock = without the lock
race-with-lock = with the lock
race-with-semaphore = semaphore of { $permits }
race-head-manager = manager
race-head-states = states
race-head-schedules = schedules
race-head-broken = broken
race-head-share = share
race-head-complete = complete
race-yes = yes
race-no = no
race-unlocked-breaks = Without the lock { $broken } of { $schedules } schedules { $count ->
    [one] breaks
   *[other] break
 }: each read and each write is whole, but what was read may be old by the time something is written from it, for somebody else came in between.
race-unlocked-on-threads = Without the lock threads did harm, but no schedule that was seen breaks.
race-unlocked-holds = Without the lock nothing broke: this says nothing about the lock.
race-locked-holds = With the lock nothing breaks in any of its { $schedules } schedules, nor on threads: nobody comes in between the first read of a request and its last write.
race-locked-unsure = With the lock nothing breaks in the { $schedules } schedules that were seen, but that is not all of them: explore more states.
race-locked-breaks = With the lock { $broken } of { $schedules } schedules { $count ->
    [one] breaks
   *[other] break
 }, and { $kinds ->
    [one] { $kinds } kind
   *[other] { $kinds } kinds
 } of harm showed on threads: the lock does not hold.
race-semaphore-breaks = A semaphore of { $permits } is not a lock: { $broken } of { $schedules } schedules { $count ->
    [one] breaks
   *[other] break
 }, the shortest in { $steps ->
    [one] { $steps } step
   *[other] { $steps } steps
 }.
race-semaphore-holds = A semaphore of { $permits } is a lock: none of its { $schedules } schedules breaks.
race-semaphore-unsure = A semaphore of { $permits }: nothing broke, but not every schedule was seen.
race-a-schedule = schedule
race-found = { $kind }, in { $steps ->
    [one] { $steps } step
   *[other] { $steps } steps
 }
race-replay-with = replay with: { $command }
race-fact-threads = threads
race-fact-requests = requests
race-chart-title = What was found when each round was over
race-chart-caption = Clients on real threads; with the lock, as many requests.
race-chart-found = times found
race-timelines = One column for each client, time goes down. The marked step is the one after which the harm can no longer be avoided, whoever goes on.
race-timelines-rows = The last column is nobody's: it says what all the shared rows hold once the step is done, and is empty where the step changed nothing. A server whose row is written before the length of the list is “not counted yet”: nobody who reads the list sees it.
race-timeline = { $kind }; at the start { $about }

## play

play-section = Be the scheduler
play-choose = Choose what the clients ask for, and decide at every step who goes next. A step is one read or one write of a shared row; the worker runs a whole job in one. Can you lose a server? And with the lock?
play-followed = Each state and each step was explored beforehand, with the manager's own rules; the page only follows them.
play-title = Who goes next?
play-left-out = This choice has more than { $states } states, too many for this page. Choose another start fleet or other requests, or play it in the terminal.
play-none = nothing
play-none-about = Each single read and write is whole; between two of them anybody may come in.
play-each = a lock for each read and write
play-each-about = The lock is given back after every single read and write. Nobody ever waits for another's request to end, so the same can happen as with nothing.
play-each-holder = nobody: it is taken for one read or write at a time
play-lock = the lock
play-lock-about = It is held from the first read of a request to its last write. The worker takes it too.
play-lock-label = lock
play-lock-waits = waits for the lock
play-two = a semaphore of 2
play-two-about = Two may be in the middle of something at once, and the third waits.
play-three = a semaphore of 3
play-three-about = Three may be in the middle of something at once. With two clients nobody ever waits.
play-permits-label = permits
play-permits-waits = waits for a permit
play-holder = client { $client }
play-nobody-holds = nobody
play-permits-free = { $names }; { $free } of { $permits } free
play-row-list = list
play-row-length = length of list
play-row-usage = usage
play-row-host = host { $host }
play-row-queue = queue
play-place = place { $place }: { $server }
play-room = room for { $room }
play-job = job { $number } of { $server }
play-shortest = play the shortest: { $kind }, { $steps ->
    [one] { $steps } step
   *[other] { $steps } steps
 }
play-client = client { $client }
play-worker = worker
play-the-client = client { $client }
play-the-worker = worker
play-button = client { $client }: { $request }
play-no-job = has nothing in the queue
play-no-request = has nothing left to ask for
play-absent = is not here
play-apart = What keeps requests apart
play-next = Who goes next
play-tools = Steps back and on
play-undo = undo
play-redo = redo
play-restart = restart
play-copy = copy link
play-ways = Shortest ways to harm
play-no-way = There is no way to harm: each one was tried.
play-steps = Steps so far
play-refused = { $who } { $why }.
play-stopped = Step { $step } of { $steps } cannot be taken: { $who } { $why }.
play-undone = Undone: { $who } { $what }.
play-not-undone = There is nothing to undo.
play-not-redone = There is no undone step.
play-copied = The link is copied.
play-in-address = The link is in the address bar.
play-bad-link = The link names something that is not in this page.
play-begin = Nobody has taken a step.
play-taken = Step { $step }: { $who } { $what }.
play-sealed = From here on harm is unavoidable, whoever goes next: { $kind }.
play-harm-shows = Now the harm shows: { $what }.
play-ended = That was the last step.
play-ended-sound = That was the last step, and nothing is broken.
play-terminal = In the terminal:
play-changed = changed
play-sealed-since = { $kind } has been unavoidable since step { $step }: { $why }.
play-shown-at = It showed at step { $step }: { $what }.
play-sound = No harm so far.
play-sound-yet = No harm so far, and it can still be avoided.
play-sign-sealed = unavoidable
play-sign-shown = shows
play-two-clients = two clients
play-three-clients = three clients
play-start = Start fleet
play-requests = Requests
play-rows = The shared rows
play-keys = Keys, once you are in this part: { $clients } a client, { $worker } the worker, { $undo } undo, { $redo } redo, { $restart } restart.
play-failed = This part could not be started.

## walk: a program whose threads the reader schedules

walk-section = Step through it
walk-choose = The code is on one side, what happens beside it. Take the shortest way step by step, or choose at each step which thread goes next: a step goes up to the next place where another thread may come in.
walk-gathered = All that follows from a choice was found by running the class, step for step; the page only follows it.
walk-title = Which thread goes next?
walk-finding = What was found
walk-code = Code of { $file }
walk-values = What the threads share, and what each one knows
walk-start = to the start
walk-back = back
walk-on = next step
walk-end = to the end
walk-again = the shortest way
walk-not-there = not there yet
walk-out = not in this page
walk-begin = The shortest way has { $steps } steps. Take them one by one, or choose yourself who goes next.
walk-taken = Step { $step }: { $who }, { $what }.
walk-line = line { $line }
walk-lines = lines { $first } to { $last }
walk-refused = { $who }: { $what }.
walk-absent = There is no such thread.
walk-sealed = From here on harm is unavoidable, whoever goes next.
walk-harm-shows = Now the harm shows: { $what }
walk-ended-sound = That was the last step, and nothing is broken.
walk-sealed-since = Harm has been unavoidable since step { $step }.
walk-sound = No harm so far.
walk-keys = Keys: { $back } { $on } a step back or on, { $actors } who goes next, { $start } { $end } to the start and the end, { $again } the shortest way.
walk-beyond = What comes of this choice is not in the page: it has room for { $states } states of this class, or there was no more time to look for them.
walk-beyond-stray = What comes of this choice is not in the page: the class does not do the same each time (random numbers), so only the shortest way is.
walk-begins = begins
walk-next-line = next: line { $line }
walk-next-access = next: line { $line }, { $access }
walk-waits = waits for { $name } (line { $line })
walk-sleeps = sleeps (line { $line })
walk-done = done
walk-goes-on = goes on
walk-holds = has { $names }
walk-lock-free = nobody has it
walk-lock-held = { $names }
walk-lock-waited = { $held }; waiting: { $waits }
walk-not-told = Its schedule could not be told: the time was up.

## page

page-facts = What this report was made with
page-contents = Contents
page-table = Table: { $title }
page-step = step
page-afterwards = shared rows after the step
page-harm = harm
page-scrolls = This goes on to the right: swipe, or press the arrow keys once it has the focus.
page-play-unmoved = This part is moved by a script, which is switched off here. In the terminal, { $command } shows any schedule.
page-charts-undrawn = The charts are drawn by a script, which is switched off here; text and tables are complete without it.
page-footer-plain = One file: nothing is fetched, nothing is sent.
page-footer = One file: nothing is fetched, nothing is sent. Point at a chart to read values, drag to zoom, double-click to see all again, click a name in the legend to hide or show it.
page-chart-failed = This chart could not be drawn.
page-chart-picture = Download the picture
page-chart-zoom = Zoom
page-chart-pan = Pan
page-chart-in = Zoom in
page-chart-out = Zoom out
page-chart-reset = Reset axes
page-chart-back = Double-click to zoom back out
page-chart-alone = Double-click on legend to isolate one trace
page-chart-saving = Taking snapshot - this may take a few seconds
page-chart-saved = Snapshot succeeded
page-chart-unsaved = Sorry, there was a problem downloading your snapshot!

## input: what is wrong with a file or with an option's value

input-unreadable = { $file }: cannot be read: { $reason }
input-directory = { $file }: is a directory, expected a CSV file
input-too-large = { $file }: larger than { $limit } bytes, the most that is read
input-not-text = { $file }:{ $line }: found the byte 0x{ $byte } at place { $column } of the line, expected UTF-8 text
input-long-line = { $file }:{ $line }: found a line of { $length } bytes, expected at most { $limit }
input-empty = { $file }: found an empty file, expected the header { $header }
input-no-rows = { $file }: found nothing after the header, expected at least one row
input-nothing-recorded = { $file }: found a recording with nothing to replay: { $rows ->
    [one] its request does not ask
   *[other] none of its { $rows } requests asks
} for servers on behalf of a project
input-many-rows = { $file }:{ $line }: found more than { $limit } rows, the most that are read
input-header = { $file }:{ $line }: header: found { $found }, expected { $expected }
input-header-unknown = the unknown column { $name } ({ $number })
input-header-twice = the column { $name } twice ({ $first } and { $second })
input-header-missing = no column { $name }
input-header-order = { $header } in any order
input-header-either = { $one } or { $other }
input-file-trace = a trace
input-file-pods = a trace of openb pods
input-file-hosts = a list of hosts
input-file-nodes = a list of openb nodes
input-field-count = { $file }:{ $line }: found { $found ->
    [one] { $found } field
   *[other] { $found } fields
 }, expected { $expected }: { $columns }
input-field = { $file }:{ $line }: column { $name } ({ $column }): found { $found }, expected { $expected }
input-line = { $file }:{ $line }: found { $found }, expected { $expected }
input-recorded = a line of a recording: an object with time_s, and whole numbers for count, vcpus and ram_mib
control-unanswered = { $named } does not answer; is guichet serve running there (--url)? On its own machine its control socket is asked with --socket
control-untrusted = { $named } answers, but its certificate is not trusted: name the authority to check it by (--cacert FILE or OS_CACERT)
control-is-authority = { $named } answers with an authority’s certificate (CA:TRUE), which is not taken for a service’s: make one with basicConstraints=CA:FALSE, or let the service make one (--tls-self-signed)
control-wants-certificate = { $named } answers, but wants a certificate of you that it knows: name one in OS_CERT, and its key in OS_KEY
control-half-certificate = { $set } is set and { $unset } is not: a certificate is of use with its key only
control-no-socket = { $named }: there is no such socket (--socket); a service has one if it was started with --data (control.sock in that directory) or --control-socket
control-dead-socket = { $named }: nobody listens there any more: start guichet serve again
control-denied = { $named }: it is for root and the user that the service runs as: run this as one of them (sudo)
control-silent-socket = { $named }: the service does not answer
wait-in-vain = { $url } did not answer in { $timeout }: { $problem }
wait-strange = what answers there is no guichet serve (/healthz: { $status })
input-operation = expected SERVER/NUMBER, as guichet operation list shows it
input-remember = what is to be remembered? Say it by --most N, --bodies BYTES or --header NAME
input-advance = how far? Say it by --by TIME, --to INSTANT or --until-idle
input-recorded-newer = a line of version { $known } at most, as this program reads it; it is of version { $version }: use the guichet that wrote it, or a newer one
input-value = { $what }: found { $found }, expected { $expected }, for example { $example }
input-hinted = { $problem } ({ $hint })
input-hint-semicolons = it has semicolons where commas are expected
input-hint-quote = is a quote not closed?
input-hint-compressed = it looks compressed: decompress it with gunzip first
input-hint-utf16 = it looks like UTF-16: convert it first
input-whole = a whole number from { $min } to { $max }
input-seconds = seconds as a decimal number from 0 to { $most } (100 years), such as 12.5
input-name = a name of 1 to { $most } characters, none of them a control character
input-clients-most = at most { $most } different clients
input-projects-most = at most { $most } different projects
input-one-of = one of { $words }
input-list-no-server = nothing: a list names no server
input-no-size = nothing: only a create has a size
input-new-create = a name that no create before has
input-new-row = a name that no row before has
input-new-host = a name that no host before has
input-not-before = no time before creation_time, { $time }
input-part = part { $number }
input-pair = NAME=NUMBER
input-once = { $name } once
input-mix = mix
input-mix-kind = kind of request
input-mix-weight = weight of { $name }
input-mix-above = one weight above 0 at least
input-bursts = bursts
input-bursts-form = COUNTxLENGTH@RATE
input-bursts-count = number of bursts
input-bursts-length = length of a burst
input-bursts-length-form = a length of time above 0, such as 500ms, 2s or 1m
input-bursts-rate = rate of a burst
input-duration = length of time
input-duration-form = a decimal number of at most 100 years with its unit: ns, us, ms, s, m, h or d
input-duration-above = a length of time above 0
input-rate = rate
input-rate-form = requests per second as a decimal number above 0, at most { $most }
input-hosts-count = number of hosts
input-hosts-capacity = capacity of a host
input-hosts-vcpus = virtual processors of a host
input-hosts-ram = memory of a host
input-quota = quota
input-quota-form = { $unlimited }, or limits as NAME=NUMBER
input-quota-resource = resource
input-quota-resources = instances, cores or ram_mib
input-quota-of = quota of { $name }
input-cut = { $start }… ({ $bytes } bytes)
input-note-begins-late = the first request is at { $time } s: the trace begins with it
input-note-never-created = { $changes ->
    [one] { $changes } change names
   *[other] { $changes } changes name
 } a server that the trace never creates: not_found, or no_server where its project has none
input-note-created-later = { $changes ->
    [one] { $changes } change names
   *[other] { $changes } changes name
 } a server that the trace creates later only: not_found, or no_server where its project has none
input-note-left-out = { $requests } of { $rows } requests ask for something that is not replayed: left out
input-note-again = { $creates ->
    [one] { $creates } create was
   *[other] { $creates } creates were
} sent again under the same key: left out
input-note-gpus = { $asking } of { $rows } rows ask for GPUs, which are ignored
input-note-unscheduled = { $pods } of { $rows } rows were never scheduled on the original cluster; they are created all the same
input-system = { $kind ->
   *[other] { $told }
 }
input-semaphore = expected semaphore=N, for example semaphore=2
input-permits = permits: { $problem }
input-url = expected an address such as https://cloud.example.org
input-cpu-share = expected a decimal number from 0 (requests only wait) to 1 (they only compute)
input-program = this program's own path
input-profile-large = { $file }: larger than { $most } bytes, the most a profile may have
input-profile-bytes = { $file }: not UTF-8 text at line { $line }, byte { $column } of the line
input-profile-wrong = { $file }: { $problem }
input-toml-at = TOML parse error at line { $line }, column { $column }
input-toml-in = in `{ $path }`
input-toml-missing = missing field `{ $name }`
input-toml-twice = duplicate key
input-toml-expected = { $found }, expected { $expected }
input-toml-field = unknown field `{ $name }`
input-toml-variant = unknown variant `{ $name }`
input-toml-action = unknown action `{ $name }`
input-toml-type = invalid type: { $what }
input-toml-value = invalid value: { $what }
input-toml-text = a text of { $length } characters
input-toml-rules = { $count } `fault` rules
input-toml-empty = { $name } is empty
input-toml-order = { $name } is { $value } and `max_ms` is { $bound }
input-toml-nothing = nothing
input-toml-several = several
input-toml-integer = integer { $value }
input-toml-string = string { $value }
input-toml-boolean = boolean { $value }
input-toml-float = floating point { $value }
input-toml-map = map
input-toml-one-of = one of { $list }
input-toml-millis = a number of milliseconds
input-toml-cpu-millis = a number of milliseconds of CPU
input-toml-probability = a probability
input-toml-sigma = the standard deviation of the logarithm, a number
input-toml-range = { $what } from 0 to { $most }
input-toml-or-both = { $fields } or both
input-toml-table = a table with { $fields }
input-toml-most = at most { $most }
input-toml-one-to = 1 to { $most }
input-toml-sequence = sequence
input-toml-a-sequence = a sequence
input-toml-a-boolean = a boolean
input-toml-a-string = a string
input-toml-sample = at least one sample
input-toml-some-action = at least one, or no `actions` at all for every one
input-toml-distribution = one distribution, such as { $such }
input-toml-and = { $first } and { $last }
input-run-virtual = the model `{ $model }` waits for OS threads, which virtual time cannot; expected `async` or `sequential`
input-run-thread = could not start a worker thread: { $why }
input-run-history = history: { $why }
input-run-client-thread = no thread for each client: { $why }; take fewer
input-run-runtime = could not start: { $why }
input-run-short = only { $ran } operations were run: too few to tell a rate; ask for more --requests
input-unwritable = { $file }: cannot be written: { $reason }
expected-address = expected an address and a port, such as 127.0.0.1:8774 or localhost:8774
expected-share = expected a share from 0 to 1, such as 0.1
cli-options = Options
cli-arguments = Arguments
cli-error-extra = { $arg } is one too many
cli-error-beside = { $other } does not go with a command
cli-error-few = { $arg }: a value is missing
compare-interval-one = one run each, so nobody knows how much of it is noise
race-not-over = It is not over: somebody is in the middle of a request, so what it breaks is not known yet.
tp-figures-others = others kept { $busy } of this machine's cores busy meanwhile: compare again when it is quiet

## The console

console-skip = Skip to the page
console-menu = Menu
console-menu-overview = Overview
console-menu-servers = Servers
console-menu-hosts = Hosts
console-menu-faults = Faults
console-menu-clock = Clock
console-menu-worlds = Worlds
console-languages = Language:
console-project = Project
console-project-go = Go
console-back = Back to the overview
console-problem-title = That cannot be shown or done
console-word-all = all
console-word-other = other
console-word-at = Time
console-word-wait = wait
console-word-service = service time
console-filter-go = Show
console-pages = Pages
console-pages-first = First page
console-pages-next = Next page
console-world = World
console-sign-in-title = Sign in
console-sign-in-text = With a name and password of this cloud.
console-sign-in-user = Name
console-sign-in-password = Password
console-sign-in-go = Sign in
console-sign-out = Sign out
console-overview-title = Overview
console-no-script = Without scripts this page stands still: load it again to see more. All else works as it is.
console-live-on = Live
console-live-connecting = Connecting
console-live-lost = No connection; trying again
console-live-full = Too many consoles are open; trying again
console-tile-servers = Servers
console-tile-running = Running
console-tile-waiting = Waiting
console-tile-requests = Requests a second
console-tile-wait = Wait, p95
console-tile-service = Service time, p95
console-tile-oldest = Oldest waiting
console-chart-outcome = Requests a second, by outcome
console-chart-action = Requests a second, by action
console-chart-wait = Wait, ms
console-chart-service = Service time, ms
console-chart-queue = Waiting operations
console-chart-workers = Workers in use
console-statuses-title = Servers by status
console-projects-title = Queue by project
console-log-title = Log
console-log-pause = Pause
console-log-go = Go on
console-log-missed = { $count } left out
console-log-request = Request
console-log-server = Server
console-log-kind = What
console-log-why = { $kind }: { $why }
console-kind-edited = edited
console-kind-powered-off = powered off
console-kind-gone = gone
console-state-queued = queued
console-state-running = running
console-column-id = Id
console-column-name = Name
console-column-status = Status
console-column-state = State
console-column-project = Project
console-column-flavor = Flavor
console-column-image = Image
console-column-network = Network
console-column-address = Address
console-column-host = Host
console-column-server = Server
console-column-created = Created
console-column-updated = Changed
console-column-action = Action
console-column-at = At
console-column-time = Took
console-column-accepted = Accepted
console-column-wait = Wait
console-column-service = Service time
console-column-by = By
console-column-request = Request
console-column-attempts = Attempts
console-servers-title = Servers
console-servers-begins = Name begins with
console-servers-all = of all projects
console-servers-none = No server fits.
console-flavor = { $name } ({ $cores } vCPU, { $ram } MiB, { $disk } GiB)
console-quota-title = Quota
console-quota-servers = Servers
console-quota-cores = vCPUs
console-quota-ram = Memory, MiB
console-server-facts = What it is
console-server-act = Do
console-server-history = History
console-server-console = Console
console-server-no-console = Its machine is still being made.
console-act-reboot = Reboot
console-act-reboot-hard = Reboot hard
console-act-start = Start
console-act-stop = Stop
console-act-flavor = Another size
console-act-resize = Resize
console-act-confirm = Keep the new size
console-act-revert = Go back to the old size
console-act-delete = Delete …
console-act-delete-text = { $name } and all that is on it is gone then.
console-act-delete-go = Delete it
console-create-title = New server
console-create-count = How many
console-create-go = Create
console-operation-title = { $action } of { $server }
console-operation-time = Timeline
console-step-accepted = accepted
console-step-started = started
console-step-again = to be tried again
console-step-succeeded = succeeded
console-step-failed = failed
console-step-cancelled = cancelled
console-hosts-title = Hosts
console-hosts-none = No host fits.
console-hosts-more = The first { $shown } of { $count }; a name narrows them down.
console-host-open = takes servers
console-host-closed = takes none
console-host-draining = being emptied
console-host-drained = emptied
console-host-down = down
console-host-dead = not heard of
console-host-set = Set
console-host-reason = Reason
console-host-disable = Take no more servers
console-host-enable = Take servers again
console-host-force = Say that it is down
console-host-up = Say that it is up
console-host-drain = Move its servers to other hosts
console-host-stay = Move no more servers
console-drain-counts = { $left } left, of which { $moving } are being moved; { $moved } moved.
console-drain-stuck = { $count ->
    [one] One cannot be moved at present:
   *[other] { $count } cannot be moved at present; the first of them:
}
console-drain-busy = something is being done to it ({ $state }); it is next.
console-drain-no-room = no other host that takes servers has room. Let one take servers again, or delete servers.
console-drain-state = nothing moves a server in { $state }. Bring it to ACTIVE or SHUTOFF, or delete it.
console-drain-unconfirmed = it holds its old place here until its owner confirms or reverts the resize.
console-drain-failed = it was tried and failed ({ $failure }); it is tried again.
console-faults-title = Faults
console-faults-text = What is to go wrong, for whoever tests with this cloud. A * is any text.
console-faults-there = Rules
console-faults-none = Nothing is to go wrong.
console-faults-add = One more
console-faults-what = What goes wrong
console-faults-about = With what
console-faults-when = When
console-faults-seen = Seen
console-faults-struck = Struck
console-faults-remove = Remove
console-faults-operation = Operations and hosts
console-faults-request = Requests
console-faults-both = Both
console-faults-method = Method
console-faults-path = Path
console-faults-status = Status of the answer
console-faults-message = What is said
console-faults-delay = Seconds
console-faults-every = Every so manieth
console-faults-percent = In % of cases
console-faults-times = So many at most
console-faults-go = Add
console-fault-operation-error = An operation fails for good
console-fault-operation-again = An operation fails and is tried again
console-fault-operation-done = An operation is done, and said to have failed
console-fault-operation-stuck = An operation never ends
console-fault-operation-slow = An operation takes longer
console-fault-request-answer = A request is answered with a status
console-fault-request-delay = A request waits
console-fault-request-close = A request's connection is closed
console-fault-request-expire = A request's token has expired
console-fault-request-lack = A list lacks one
console-fault-host-dies = A host is dead, its servers are shown as they were
console-fault-host-lost = A host is dead, its servers are lost
console-fault-message = A fault that was asked for.
console-fault-always = always
console-fault-nth = only number { $nth }
console-fault-every = every { $every }th
console-fault-share = in { $share } of cases
console-fault-times = at most { $times } times
console-clock-title = Clock
console-clock-text = The world's time: servers, delays and deadlines go by it.
console-clock-now = It is
console-clock-speed = Speed
console-clock-stopped = stopped
console-clock-next = Something happens next at
console-clock-operations = Operations
console-clock-how = How it goes
console-clock-run = Let it go on
console-clock-freeze = Stop it
console-clock-jump = Jump to the end of work before each request
console-clock-no-jump = Jump no more
console-clock-times = Times as fast
console-clock-set = Set
console-clock-on = Move it on
console-clock-seconds = Seconds
console-clock-advance = Move on
console-clock-idle = Until nothing waits or runs
console-worlds-title = Worlds
console-worlds-text = Clouds of their own, each for a test: { $count } of at most { $most } beside the service's own.
console-worlds-made = World { $id } takes requests
console-worlds-once = What follows is shown now and never again.
console-worlds-token = Control token:
console-worlds-url = Address
console-worlds-idle = Ends if unused for
console-worlds-seed = Seed
console-worlds-end = End
console-worlds-open = One more
console-worlds-profile = Machines behave as
console-worlds-same = the service's do
console-worlds-minutes = Minutes unused until it ends
console-worlds-go = Open
console-done-created = It was accepted, and is being made.
console-done-asked = It was accepted.
console-done-deleted = It is being deleted.
console-done-host = The host is set.
console-done-fault = The rule holds from now on.
console-done-fault-removed = The rule is gone.
console-done-clock = The time is set.
console-done-not-reached = It did not get there in time; asking again goes on.
console-done-ended = The world has ended.
console-refused-conflict = Cannot '{ $action }' the server while it is in { $state }.
console-refused-locked = The server is locked.
console-refused-quota = The quota does not allow it: { $requested } { $resource } asked for, { $used } of { $most } in use.
console-refused-full = The cloud holds { $most } servers, all that it can.
console-refused-address = The network has no address left.
console-refused-queue = The queue is full: { $waiting } operations wait.
console-refused-rate = The project sends too many requests.
console-refused-unrecorded = Nothing can be recorded at present. Nothing was changed.
console-refused-draining = The service is stopping and takes nothing new.
console-refused-repeat = This form was sent before, with something else in it.
console-refused-gone = The server is not there any more.
console-refused-host-down = The host of this server is down.
console-refused-not-ready = The machine is still being made.
console-refused-flavor = There is no such flavor.
console-refused-same-flavor = The server has that flavor already.
console-refused-image = There is no such image.
console-refused-network = There is no such network.
console-refused-shrinks = The flavor's disk is smaller than the server's.
console-refused-memory = The flavor has too little memory for the image.
console-refused-disk = The flavor's disk is too small for the image.
console-refused-count = One request makes 1 to { $most } servers.
console-refused-name-blank = The name is blank.
console-refused-name-ends = The name begins or ends with a blank.
console-refused-name-long = The name is longer than 255 characters.
console-refused-name-print = The name has a character in it that does not print.
console-refused-number = That is no whole number.
console-refused-reader = A reader looks, and changes nothing.
console-refused-marker = The server that this page was to begin behind is not there any more.
console-refused-admin = Only administrators see and do that.
console-refused-sign-in = Name or password is not right.
console-refused-no-project = This user has a role in no project.
console-refused-attempts = Too many tries to sign in.
console-refused-busy = Many sign in at this moment.
console-refused-form = This form is not from a page of this console, or from an earlier session.
console-refused-unread = The form cannot be read: { $error }
console-refused-method = Nothing can be sent to that address.
console-refused-not-found = There is no such page.
console-refused-worlds-off = This service makes no worlds.
console-refused-worlds-many = There are { $most } worlds, the most there may be.
console-refused-world-gone = There is no such world; it may have ended.
console-refused-world-first = The service's own world ends with the service.
console-refused-not-steerable = This world's time goes by the clock of its data directory.
console-refused-steered = Somebody else is moving this world's time on.
console-refused-speed = A speed is 0 to { $most }.
console-refused-far = Time is moved on by 0 s to { $days } days at a time.
console-refused-pattern = A pattern has { $bytes } bytes and { $stars } stars at most.
console-refused-when = Counts are 1 or more, a share is above 0 and at most 100 %.
console-refused-status = A status is 200 to 599.
console-refused-delay = Seconds are 0 to { $most }.
console-refused-action = No action is called so.
console-refused-host = No host is called { $pattern }; there are { $known }.
console-refused-rules = There are { $most } rules at most.
console-refused-no-faults = Nothing can be made to go wrong in this cloud.
console-do-again = Ask again in { $seconds } s.
console-do-wait = Wait until what is under way is over, then ask again.
console-do-unlock = Have its owner or an administrator unlock it.
console-do-quota = Delete servers, choose a smaller flavor, or ask an administrator for a larger quota.
console-do-delete = Delete servers that are not needed.
console-do-look = Look at the list and choose again.
console-do-choose = Put it right and send it again.
console-do-role = Ask an administrator for the role member in a project.
console-do-admin = Sign in as an administrator.
console-do-sign-in = Check both and try again.
console-do-form = Open the page anew and send the form again.
console-do-worlds-off = Start it with --worlds N.
console-do-worlds-many = End one, or wait until one that is unused has ended.
console-do-not-steerable = Open a world beside it, or start the service without --data.

## top
top-title = guichet top: { $place }
top-up = up { $span }
top-now = { $time } UTC, every { $period }
top-missed = ; { $missed } entries of the log were missed and are in no rate
top-paused = paused at { $time } UTC; p goes on
top-silent = no answer since { $since } UTC; what is below is older
top-trouble = not answering since { $since } UTC, asked again in { $left }: { $why }
top-stalled = nothing can be written to the disk: requests that change something are refused
top-small = guichet top needs { $columns } columns and { $rows } rows; this terminal has { $width } and { $height }. Make it larger, or use --once.
top-keys = q quit  p pause  Tab part  ↑↓ row  s order  Enter whole  ? help
top-help-title = Keys
top-help =
    q, Esc, Ctrl-C   quit
    p, space         stop the picture, and go on
    Tab, ← →         go to another part
    ↑ ↓, PgUp PgDn   go through its rows
    s                its rows in another order (▼)
    Enter            that part alone, and all again
    ?                this
top-rates = A SECOND
top-accepted = accept
top-started = start
top-succeeded = done
top-failed = fail
top-requeued = retry
top-cancelled = cancel
top-others = others
top-none = nothing accepted
top-most = ≤ { $most } accepted/s
top-refused = ; { $refused } refused: { $reason }
top-queue = QUEUE
top-of = { $count } of { $of }
top-waiting = waiting
top-oldest = oldest
top-again = again
top-permits = permits
top-workers = workers
top-times = TIMES
top-longest = max
top-wait-last = wait, last 1 s
top-service-last = run, last 1 s
top-wait-all = wait, all
top-service-all = run, all
top-servers = SERVERS
top-projects = PROJECTS
top-more-projects = { $count } others
top-wait = wait
top-run = run
top-hosts = HOSTS { $count }
top-shut = { $closed } shut
top-memory = mem
top-state = state
top-host-up = up
top-down = down
top-down-and = down, { $state }
top-disabled = disabled
top-drained = drained
top-left = { $left } left
top-stuck = { $stuck }/{ $left } stuck
top-flight = IN FLIGHT
top-action = action
top-server = server
top-project = project
top-waited = waited
top-ran = runs
top-attempt = { $state } { $attempt }
expected-output-file = standard output has the result already; expected the name of a file, or ./- for one of that name
expected-moment = expected a length of time such as 10m, or an instant such as 2026-12-01T10:00:00Z
expected-period = expected a length of time from { $min } to { $max }
