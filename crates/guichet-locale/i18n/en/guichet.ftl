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

## page

page-facts = What this report was made with
page-fact-command = command
page-fact-seed = seed
page-fact-version = version
page-fact-machine = machine
page-fact-created = created
page-cores = { $cores ->
    [one] { $cores } core
   *[other] { $cores } cores
 }
page-cores-unknown = unknown cores
page-processor-unknown = processor unknown
page-contents = Contents
page-table = Table: { $title }
page-step = step
page-afterwards = shared rows after the step
page-harm = harm
page-scrolls = This goes on to the right: swipe, or press the arrow keys once it has the focus.
page-play-unmoved = This part is moved by a script, which is switched off here. In the terminal, { $command } shows any schedule.
page-charts-undrawn = The charts are drawn by a script, which is switched off here; text and tables are complete without it.
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
