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
log-wait = wait { $time }
log-service = service { $time }
log-after = after { $time }
log-in = in { $time }
log-attempt = attempt { $number }

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
    [one] { $count } host of { $vcpus } vcpus and { $ram } MiB: enough for every create of this load
   *[other] { $count } hosts of { $vcpus } vcpus and { $ram } MiB: enough for every create of this load
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
