//! Limits of the lab: loads, traces, profiles, reports, races.

use std::time::Duration;

use super::limit::Limit;

limits! { LAB:
    CLIENTS_MAX: usize = 100_000, "100,000 clients",
        "Clients of one simulation, each a task of about 2 kB.";
    REQUESTS_MAX: u64 = 100_000_000, "100,000,000 requests",
        "Requests of one simulation.";
    ARRIVALS_IN_FLIGHT_MAX: usize = 1_100_000, "1,100,000 requests",
        "Open-loop requests not yet answered or finished: all that may wait (QUEUE_MAX) and run, so the load is never held back by its own generator.";
    TRACE_ROWS_MAX: usize = 5_000_000, "5,000,000 rows",
        "Rows of a trace, which is held in memory: about 500 MB.";
    TRACE_FILE_MAX: u64 = 1 << 30, "1 GiB",
        "Size of a trace or host file that is read.";
    PROFILE_FILE_MAX: u64 = 1 << 20, "1 MiB",
        "Size of a driver profile; one written by hand is a few kB.";
    PROFILE_RULES_MAX: usize = 256, "256 rules",
        "Fault rules of a profile: each is tried for every call.";
    PROFILE_DELAY_MAX_MS: f64 = 86_400_000.0, "24 h",
        "Longest delay that a profile may name: past every deadline by far, and the bound of every distribution that names none.";
    PROFILE_CPU_MAX_MS: f64 = 60_000.0, "60 s",
        "Largest CPU part that a profile may name: a third of the shortest deadline, on one processor.";
    PROFILE_SIGMA_MAX: f64 = 4.0, "4",
        "Largest spread of a log-normal delay: at 4, one call in a hundred takes 10,000 times the median.";
    PROFILE_MESSAGE_MAX: usize = 1_000, "1,000 characters",
        "Length of the message of a fault rule: it is shown whole in answers and in log lines.";
    PROBLEM_TEXT_MAX: usize = 1_000, "1,000 characters",
        "What is shown of what is wrong with a configuration or a profile, which may quote a key or a value of it.";
    LOG_LINE_BATCH_BYTES: usize = 64 * 1024, "64 KiB",
        "Log text written to the terminal in one call.";
    LIVE_PERIOD: Duration = Duration::from_millis(250), "250 ms",
        "Time between two frames of a run's live view: as often as figures can be read, and a thousandth of a core.";
    LIVE_LINES_MAX: usize = 8, "8 lines",
        "Latest transitions in a frame of the live view: with the rest of it they fit 24 lines, and more than that nobody reads in a quarter of a second.";
    LIVE_SCAN_SHARE: u32 = 50, "1/50 of the time",
        "The part of the time that the live view may spend counting servers by status: the more there are, the less often they are counted.";
    SHORT_IDS_MAX: usize = 262_144, "262,144 ids",
        "Short ids of one run that are held, so that no two of them are the same: some 10 MB. Past that a new one is unlike those, and may be like another that is not held.";
    CLIENT_THREADS_MAX: usize = 1_024, "1,024 threads",
        "Clients of a run that are threads: with the threads of the model `threads` their stacks fit in 1.25 GiB of address space.";
    COMPARE_RUN: Duration = Duration::from_millis(400), "0.4 s",
        "How long one run of a comparison is made to take: hundreds of requests for the slowest row, and the default comparison stays under 90 s.";
    COMPARE_REQUESTS_MIN: u64 = 200, "200 requests",
        "Requests of one run of a comparison at least, however slow the row: fewer tell no rate.";
    COMPARE_REQUESTS_MAX: u64 = 1_000_000, "1,000,000 requests",
        "Requests of one run of a comparison at most: it keeps when each ran, 16 bytes.";
    COMPARE_TIME_MAX: Duration = Duration::from_secs(3_600), "1 h",
        "Longest comparison that is begun; a longer one is told how to become shorter. Also how long a single run may go on sending.";
    COMPARE_RUNS_MAX: usize = 1_000, "1,000 runs",
        "Measured runs of each row of a comparison.";
    COMPARE_SIZES_MAX: usize = 32, "32 sizes",
        "Pool sizes of one comparison: more than a chart can tell apart.";
    BOOTSTRAP_SAMPLES: usize = 2_000, "2,000 samples",
        "Samples drawn for a 95 % interval: its ends then rest on 50 of them each.";
    REPORT_POINTS_MAX: usize = 1_000, "1,000 points",
        "Points of a curve over time in a report: about one for each pixel across. A longer run has wider points, each with the most there was in it.";
    REPORT_RATES_MAX: usize = 120, "120 stretches",
        "Stretches of time that a report counts requests in: each holds enough of them for a rate that is not noise.";
    REPORT_SPANS_MAX: usize = 2_000, "2,000 operations",
        "Operations that a report draws one by one, those around the busiest moment: more make a page slow and are narrower than a pixel.";
    REPORT_LANES_MAX: usize = 64, "64 workers",
        "Workers that a report draws a lane for: as many as one can still tell apart.";
    REPORT_FILES_MAX: usize = 8, "8 files",
        "Results that are laid side by side: as many as a page has colours and a wide screen has columns for.";
    REPORT_FILE_MAX: u64 = 16 * 1024 * 1024, "16 MiB",
        "The longest result that is read to be laid beside others: that of the largest comparison, with its 1,000 runs of every row, has some 2 MB.";
    LOAD_RATE_MAX: f64 = 10_000_000.0, "10,000,000 requests/s",
        "Highest rate that an open load may have: one request in 100 ns, a tenth of what the engine itself may take for one, so no higher rate means anything.";
    LOAD_BURSTS_MAX: u64 = 1_000, "1,000 bursts",
        "Bursts of one load: more of them are no peaks but the load itself.";
    MIX_WEIGHT_MAX: u64 = 1_000_000, "1,000,000",
        "Largest weight of a kind of request in a mix: shares down to one in a million can be asked for.";
    INPUT_TIME_MAX: Duration = Duration::from_secs(100 * 365 * 24 * 3600), "100 years",
        "Largest time that is read from a trace or a flag: a stamp counted from 1970 is read for what it is, and no sum of a few of them leaves what a clock can show.";
    TRACE_LEAD_MAX: Duration = Duration::from_secs(24 * 3600), "24 h",
        "Time before a trace's first request that is waited for. A later one counts from somewhere else, such as from 1970, and the trace begins with it.";
    INPUT_LINE_MAX: usize = 64 * 1024, "64 KiB",
        "Longest line of a trace or host file: five times a row of the longest names. A file that is no table is not held as one row of a thousand million fields.";
    OBSERVER_PERIOD: Duration = Duration::from_millis(1), "1 ms",
        "Time between two looks at a run that is compared: a few hundred in the shortest run, and a thousandth of a core.";
    OBSERVER_LOOKS_MAX: usize = 65_536, "65,536 looks",
        "Looks at one run that are held, 16 bytes each; past that every second one goes and the rest are twice as far apart.";
    SPEED_MAX: f64 = 1_000.0, "1,000",
        "Speed-up of a replayed trace in real time: past that the timer's millisecond is coarser than the trace's second.";
    EXPLORE_STATES_MAX: u64 = 10_000_000, "10,000,000 states",
        "States of one manager that `race` explores before it says that it is not complete: five times what the listed cases have, half a minute on one core. Kept in memory for one case at a time.";
    REPLAY_STATES_MAX: u64 = 200_000, "200,000 states",
        "States explored to find the moment of harm of a replayed schedule: twice the largest listed case, about 100 MB; past that the schedule is shown without it.";
    PLAY_STATES_MAX: usize = 2_500, "2,500 states",
        "States of one case in the part of a race's page that can be played: each choice of two requests and every second one of three fits, 40,000 states or 400 kB in all. A larger one is named, with its command for the terminal.";
    RACE_CLIENTS_MAX: usize = 64, "64 threads",
        "Clients of `race` that are real threads: each round of all of them fits in the small tables of its values.";
    RACE_REQUESTS_MAX: u64 = 10_000_000, "10,000,000 requests",
        "Requests of the threads of `race`: some minutes on one core.";
    RACE_REQUESTS_DEFAULT: u64 = 100_000, "100,000 requests",
        "Requests after which the threads of `race` stop looking for an anomaly that has not shown: a few seconds.";
    RACE_REQUESTS_PER_ROUND: usize = 2, "2 requests",
        "What a thread of `race` asks for before the rows are judged: few enough that each harm can be told from the others.";
    SCHEDULE_CLIENTS_MAX: usize = 4, "4 clients",
        "Clients of a schedule: a column each in a timeline that fits a terminal.";
    SCHEDULE_REQUESTS_MAX: usize = 4, "4 requests",
        "Requests of one client of a schedule: twice what is explored.";
    SCHEDULE_STEPS_MAX: usize = 1_000, "1,000 steps",
        "Steps of a schedule: more than 4 clients with 4 requests each can take.";
}
