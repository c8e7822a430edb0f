//! The limits of what shows how a service is doing.

use std::time::Duration;

use super::limit::Limit;

limits! { OBSERVE:
    WATCH_PERIOD: Duration = Duration::from_millis(100), "100 ms",
        "How often what happened is read by who counts and shows it: the log of a console is as late. At 100,000 events a second that is a sixth of what is kept (EVENTS_MAX).";
    SAMPLE_PERIOD: Duration = Duration::from_secs(1), "1 s",
        "How much time a sample of figures is of, at least.";
    SAMPLES_KEPT: usize = 600, "600 samples",
        "Samples that are kept for charts: ten minutes. Some 1 KiB each.";
    WATCHED_MAX: usize = 32, "32 worlds",
        "Worlds beside the first that are watched at once: up to 1 MiB each. Who asks about one more makes the one be forgotten that was asked about longest ago; while all are listened to, it is not watched.";
    WATCH_IDLE: Duration = Duration::from_secs(600), "10 min",
        "How long a world beside the first is watched after somebody asked: as long as its samples are kept.";
    LISTENERS_MAX: usize = 64, "64 listeners",
        "Who may be sent what happens at once, of all worlds: each costs a connection and up to 100 entries a second. Past that one gets 429.";
    LISTENER_ENTRIES_PER_S: usize = 100, "100 entries",
        "Entries of the log that a listener is sent in a second: more than anybody reads; what is over is counted, and said.";
    LISTENER_BACKLOG: usize = 256, "256 events",
        "Events that wait for a listener that reads slowly: two seconds, some 100 KiB. Past that they are dropped, counted, and said.";
    LOG_ENTRIES_MAX: usize = 32_768, "32,768 entries",
        "Entries of the log that the service's own cloud still shows to who asks what was: two minutes of 100 operations a second, three hours of one. They are moved there by the task that counts them, as they are, and become text only for who asks.";
    LOG_ENTRIES_OF_WORLD_MAX: usize = 1_024, "1,024 entries",
        "The same of a world beside the first: there may be many.";
    LOG_BYTES_MAX: usize = 8 * 1024 * 1024, "8 MiB",
        "Memory of the log that is still shown: an entry has a fixed size below 256 bytes, so the number of entries bounds it. It grows as it fills.";
    METRICS_CONNECTIONS_MAX: usize = 32, "32 connections",
        "Connections to the address of --metrics-listen at once: a few that scrape and look at health; one address has half.";
    PROJECTS_SHOWN: usize = 20, "20 projects",
        "Projects whose place in the queue is shown one by one; the others are one sum.";
    HOSTS_SHOWN: usize = 200, "200 hosts",
        "Hosts that are shown one by one among the figures, the fullest: some 25 KiB.";
    OTLP_SPANS_MAX: usize = 16_384, "16,384 spans",
        "Spans that wait to be sent to a collector: some 10 MiB. One that is too slow is sent fewer: what comes past them is left out.";
    OTLP_BATCH_MAX: usize = 2_048, "2,048 spans",
        "Spans in one request to a collector: some 800 KB, which all collectors take.";
    OTLP_PERIOD: Duration = Duration::from_secs(1), "1 s",
        "How long spans wait for more to be sent with them.";
    OTLP_TIMEOUT: Duration = Duration::from_secs(5), "5 s",
        "How long a collector may take to answer, and how long the end of the process waits for it.";
    OTLP_CONTEXTS_MAX: usize = 65_536, "65,536 requests",
        "Requests of which it is known to which trace of their clients they belong: 6 MiB. An operation that becomes final after so many later ones is in the trace of its own request.";
}

const _: () = assert!(LISTENER_BACKLOG > LISTENER_ENTRIES_PER_S, "a second's entries fit");
const _: () = assert!(LOG_ENTRIES_MAX.is_power_of_two(), "what grows by doubling ends there");
const _: () = assert!(
    LOG_ENTRIES_OF_WORLD_MAX.is_power_of_two() && LOG_ENTRIES_OF_WORLD_MAX <= LOG_ENTRIES_MAX
);
