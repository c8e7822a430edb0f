//! The limits of `tp check`: of the process that runs a class, of what is tried, and of what is shown.

use std::time::Duration;

use super::limit::Limit;

limits! { CHECK:
    CHECK_SCHEDULES_DEFAULT: u64 = 1_000, "1,000 schedules",
        "Schedules that `tp check` runs of one class unless more are asked for: most mistakes show within a hundred, and they take a few seconds on a slow machine.";
    CHECK_SCHEDULES_MAX: u64 = 1_000_000, "1,000,000 schedules",
        "The most one may ask for: with the longest time they are some ten minutes.";
    CHECK_PREEMPTIONS_DEFAULT: u64 = 2, "2 preemptions",
        "Turns taken from a thread that could go on, in one schedule of `tp check`. A lost update needs one, and few mistakes need three.";
    CHECK_PREEMPTIONS_MAX: u64 = 4, "4 preemptions",
        "The most one may ask for; each more multiplies the schedules by the lines of the class.";
    CHECK_TIME_DEFAULT: Duration = Duration::from_secs(20), "20 s",
        "Time for the check of one file. What was found until then is shown; a file that hangs is ended.";
    CHECK_TIME_MAX: Duration = Duration::from_secs(600), "600 s",
        "The most time one may give a file.";
    CHECK_STEPS_MAX: u64 = 20_000, "20,000 instructions",
        "Instructions of the checked file in one schedule: a request has about a hundred, so what needs more than this is in a loop that does not end.";
    CHECK_THREADS_MAX: u64 = 32, "32 threads",
        "Threads of one schedule, clients and those that the class starts: a thread for each of a few requests, and small pools.";
    CHECK_FRONTIER_MAX: u64 = 100_000, "100,000 schedules",
        "Schedules of one scenario that wait to be run; at some 200 bytes each, 20 MB. What is left out is said.";
    CHECK_OUTPUT_MAX: u64 = 2_000, "2,000 characters",
        "What one request may print; the rest is dropped. Only its last line is looked at.";
    CHECK_ERRORS_MAX: usize = 4_096, "4 KiB",
        "What is read of what the checked file's process writes to its error stream, to say why it ended.";
    CHECK_REPORT_MAX: usize = 4 * 1024 * 1024, "4 MiB",
        "What the process that runs the checked file may report. Ten findings of the longest kind are 500 KB.";
    CHECK_STEPS_SHOWN: u64 = 200, "200 steps",
        "Steps of a schedule that are shown: three pages of a terminal.";
    CHECK_MEMORY_BYTES: u64 = 512 * 1024 * 1024, "512 MiB",
        "Address space of the process that runs the checked file: Python and 32 threads use a fifth of it.";
    CHECK_FILE_BYTES: u64 = 16 * 1024 * 1024, "16 MiB",
        "The longest file that the checked file may write, in a directory that is removed afterwards.";
    CHECK_OPEN_FILES: u64 = 64, "64 files",
        "Files that the checked file may have open.";
    CHECK_STACK_BYTES: u64 = 512 * 1024, "512 KiB",
        "Stack of one thread of the checked file, so that a recursion ends in an error and not in the process.";
    CHECK_SOURCE_MAX: u64 = 1024 * 1024, "1 MiB",
        "The longest file to check: a class of a lab has a few kilobytes.";
    CHECK_FILES_MAX: usize = 500, "500 files",
        "Files of one `tp check`: the classes of a large course.";
    CHECK_CHOICES_MAX: u64 = 3, "3 decisions",
        "Decisions of one schedule of `tp check` that differ from \"who runs goes on, and then the next\". Where a thread waits anyway another choice is no preemption, so their number alone would bound nothing.";
    CHECK_FAIR_POINTS: u64 = 300, "300 stops",
        "Stops that a thread passes while others could run, before they get their turn: a loop that asks again and again waits for them. A request has some dozens.";
    CHECK_WOKEN_MAX: u64 = 20, "20 times",
        "How often a thread of the checked class that sleeps in a loop is woken after the clients are done: what they left to it takes a few rounds.";
    CHECK_THREAD_END: Duration = Duration::from_secs(2), "2 s",
        "How long a thread of the checked file may take to end after its schedule: it is told so at its next instruction.";
    CHECK_GRACE: Duration = Duration::from_secs(5), "5 s",
        "How much longer than its time the process with the checked file lives at most if nobody is left to end it.";
    CHECK_EXPLORING_PERCENT: u64 = 70, "70 %",
        "Of the time for a file what may go by before its last schedule is run. The rest is for running the shortest ones again and writing them down.";
    CHECK_PAGE_PERCENT: u64 = 90, "90 %",
        "Of the time for a file what may go by before the last state for its page is looked for.";
    CHECK_PAGE_STATES: u64 = 12_000, "12,000 states",
        "States in the page of one checked file, shared among its findings: all that two short requests can do are a few hundred, and 12,000 are some 700 KB.";
    CHECK_PAGE_BYTES: u64 = 1_000_000, "1 MB",
        "What the states of a page may take as they come from the checked file's process. The page is at most half as large again, and goes into any mail.";
    CHECK_PAGE_STATE_BYTES: u64 = 60, "60 bytes",
        "What a state is taken to need in a page besides its texts, which are there once.";
    CHECK_PAGE_WALKS: u64 = 20, "20 ways",
        "Ways through the states of a page that are run once more, to see that they lead where the page says.";
    CHECK_PAGE_LINES: usize = 600, "600 lines",
        "Lines of a checked file that are in its page: the class of a lab has a hundred. Of a longer file those near a step are there.";
    CHECK_PAGE_AROUND: usize = 12, "12 lines",
        "Lines before and after a step that are in the page of a long file: one method.";
    CHECK_STATE_PARTS: u64 = 5_000, "5,000 values",
        "Values that are compared to tell whether two states of a checked class are the same: a list of a few servers has a hundred. Larger ones are taken to differ.";
    CHECK_SHOWN_ERROR: u64 = 200, "200 characters",
        "What is shown of an error's text, or compared of an answer's: two lines.";
    CHECK_SHOWN_VALUE: u64 = 60, "60 characters",
        "What is shown of a value: what fits a line of a terminal beside its name.";
    CHECK_SHOWN_ARGUMENT: u64 = 40, "40 characters",
        "What is shown of one argument of a call, so that a call fits a line.";
    CHECK_SHOWN_DEPTH: u64 = 4, "4 levels",
        "How deep a value is shown: a list of objects with a field that is a list.";
    CHECK_ANSWER_PARTS: u64 = 4, "4 parts",
        "Parts of an answer that is a tuple that are compared: `(True, \"web-1\", …)`.";
    CHECK_ELEMENT_DEPTH: u64 = 2, "2 levels",
        "How deep in an element of the list a server's name is looked for: a field of an object, or a value of a dict in a tuple.";
    CHECK_CREATES_MAX: u64 = 12, "12 servers",
        "Servers that are made one after the other to see whether the class has a bound: classes of a lab with one have 3 to 10.";
    CHECK_CAPACITY: u64 = 3, "3 servers",
        "Room that a class is given that asks how much it has: so that two clients can fight over the last place soon.";
    CHECK_POOL_WORKERS: u64 = 4, "4 threads",
        "Threads of the pool on which it is measured what a lock over a sleep costs.";
    CHECK_POOL_REQUESTS: u64 = 8, "8 requests",
        "Requests for that pool: two rounds.";
    CHECK_POOL_DEFAULT: u64 = 5, "5 threads",
        "Threads of a `ThreadPoolExecutor` of the checked class that does not say how many: the same on every machine, and more than there are clients.";
    CHECK_WORTH_SAYING_PERCENT: u64 = 75, "75 %",
        "A lock over a sleep is worth a word if without it the same requests take at most this part of the time.";
    CHECK_GARBAGE: u64 = 20_000, "20,000 objects",
        "Objects after which Python looks for garbage in a check: runs leave little behind, and looking for it after each 700 costs a tenth.";
}

const _: () = assert!(CHECK_SCHEDULES_DEFAULT <= CHECK_SCHEDULES_MAX);
const _: () = assert!(CHECK_PREEMPTIONS_DEFAULT <= CHECK_PREEMPTIONS_MAX);
const _: () = assert!(CHECK_TIME_DEFAULT.as_secs() <= CHECK_TIME_MAX.as_secs());
const _: () = assert!(
    CHECK_EXPLORING_PERCENT < CHECK_PAGE_PERCENT && CHECK_PAGE_PERCENT < 100,
    "schedules leave time for a page, and a page for its last states"
);
const _: () = assert!(
    CHECK_PAGE_STATES * CHECK_PAGE_STATE_BYTES <= CHECK_PAGE_BYTES,
    "as many states as a page may have fit into it, and some text besides"
);
const _: () =
    assert!(CHECK_PAGE_BYTES * 2 < CHECK_REPORT_MAX as u64, "a report has room for its page");
const _: () = assert!(CHECK_CAPACITY < CHECK_CREATES_MAX, "a bound that was asked for is found");
const _: () = assert!(
    CHECK_THREADS_MAX * CHECK_STACK_BYTES <= CHECK_MEMORY_BYTES / 4,
    "the stacks of all threads leave memory to the file"
);
