//! The limits of what administrators ask of a service that runs.

use std::time::Duration;

use super::limit::Limit;

limits! { ADMIN:
    RELOADS_WAITING_MAX: usize = 4, "4 requests",
        "Who may wait at once for the configuration to be read again: each reads files, one after the other.";
    LOCAL_CONNECTIONS_MAX: usize = 64, "64 connections",
        "Connections to the control socket at once: of root and the service's own user alone; more wait to be accepted.";
    SOCKET_TRY: Duration = Duration::from_secs(1), "1 s",
        "How long a socket file that is there already is tried: whoever listens there takes a connection at once, and a busy one is not replaced.";
    ADMIN_PAGE: usize = 100, "100 rows",
        "Rows of one answer to an administrator who says no number: more than a screen.";
    ADMIN_PAGE_MAX: usize = 1_000, "1,000 rows",
        "Rows of one answer to an administrator: some 300 KiB.";
    QUEUE_SHOWN: usize = 20, "20 operations",
        "The first of the queue that are shown to an administrator who says no number.";
    OPERATIONS_LOOKED_AT_MAX: usize = 10_000, "10,000 servers",
        "Servers that changed last which are looked at for operations of a project or a state: some 10 ms, in steps of ROWS_PER_LOCK_MAX. Without such a filter it is about as many as there are rows.";
    FOLLOW_SILENCE: Duration = Duration::from_secs(20), "20 s",
        "How long a stream that is followed may be silent before it is taken for dead and asked for anew: it says something each second.";
    FOLLOW_PAUSE_FIRST: Duration = Duration::from_millis(500), "0.5 s",
        "Pause before a stream that broke is asked for again; doubled each time.";
    FOLLOW_PAUSE_MAX: Duration = Duration::from_secs(15), "15 s",
        "Longest such pause: a service that was started again is found soon.";
    DRAIN_LOOK_PERIOD: Duration = Duration::from_secs(1), "1 s",
        "How often whoever waits for a host to be empty asks how far that is: an answer goes through no list of servers.";
    TOP_PERIOD: Duration = Duration::from_secs(1), "1 s",
        "How often `guichet top` asks for figures unless another time is named: as often as there is a new sample.";
    TOP_PERIOD_MIN: Duration = Duration::from_millis(500), "0.5 s",
        "The shortest such time: there is one sample a second, and an answer goes through the projects and hosts.";
    TOP_PERIOD_MAX: Duration = Duration::from_secs(60), "60 s",
        "The longest such time: what is older shows nothing of how a service works at present.";
    TOP_OPERATIONS: usize = 50, "50 operations",
        "Operations in flight that `guichet top` asks for, those that began first: more than a screen.";
    TOP_SAMPLES: usize = 120, "120 samples",
        "Samples that `guichet top` remembers for its line of rates: two minutes, as wide as a wide screen.";
    TOP_LOOK: Duration = Duration::from_millis(200), "0.2 s",
        "How long `guichet top` waits for a key before it looks whether an answer came: nobody sees that it is late.";
    TOP_PATIENCE: Duration = Duration::from_secs(3), "3 s",
        "How long `guichet top` waits for an answer before it says that none comes; it goes on waiting.";
    FOLLOW_LINE_MAX: usize = 256 * 1024, "256 KiB",
        "The longest line of a stream that is read: a sample with all that it may have is shorter.";
    FOLLOW_EVENTS_MAX: usize = 256, "256 events",
        "Events of a stream that wait to be shown: past that it is read no further until they are.";
}
