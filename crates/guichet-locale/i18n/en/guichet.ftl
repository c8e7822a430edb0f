# What Guichet's lab says. The French file has the same messages with the same arguments.
# A number shows with its thousands apart; what is measured comes written already.

## Numbers and times

times = { $factor } times
days = { $number } days
listed = { $first } and { $last }

## The program

error = error: { $what }

## simulate

simulate-try-next = Try next

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

compare-winner = { $work }: { $first } did most, { $rate } requests/s, { $ahead } what { $second } did ({ $interval }): { $verdict ->
    [draw] no more than the noise, so call it a draw
    [little] more than the noise, and little
   *[more] more than the noise
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
compare-output = standard output

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
