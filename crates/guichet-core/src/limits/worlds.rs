//! The limits of worlds beside a service's own, of their time, and of what steers them.

use std::time::Duration;

use super::limit::Limit;

limits! { WORLDS:
    WORLDS_MAX: usize = 1_000, "1,000 worlds",
        "Worlds beside the first at once: an idle one costs some 200 KiB, so all of them fit in 256 MiB.";
    WORLD_SERVERS_MAX: usize = 20_000, "20,000 servers",
        "Servers that a world beside the first holds: its tables are made for so many when it is, and a test needs few.";
    WORLD_IDLE_DEFAULT: Duration = Duration::from_secs(3_600), "1 h",
        "How long nobody may use a world before it ends, where its maker says nothing: longer than a test waits, and one that was forgotten is gone soon.";
    WORLD_IDLE_MAX: Duration = Duration::from_secs(7 * 86_400), "7 d",
        "The longest such time that one may ask for.";
    BODY_CONTROL_MAX: usize = 256 * 1024, "256 KiB",
        "Body of a request that steers worlds: the text of a configuration with hundreds of hosts and flavors.";
    CONTROL_TOKEN_MIN: usize = 16, "16 characters",
        "Shortest control token that one may choose: a shorter one could be found by trying.";
    CLOCK_SPEED_MAX: f64 = 10_000.0, "10,000 times",
        "The fastest that a world's time may go: timers of the process are exact to a millisecond, ten seconds of the world then.";
    CLOCK_ADVANCE_MAX: Duration = Duration::from_secs(10 * 365 * 86_400), "10 years",
        "The furthest that a world's time is moved on in one request: more is a mistake in a unit.";
    ADVANCE_TIME: Duration = Duration::from_secs(30), "30 s",
        "How long one request moves a world's time on, step by step; then it says that it is not there yet, inside ANSWER_TIME.";
    CLOCK_REST: Duration = Duration::from_secs(1), "1 s",
        "How long moving on waits at one step for what follows from it: what takes longer is not a matter of the world's time.";
    REQUEST_TEXT_MAX: usize = 256, "256 bytes",
        "What is remembered of a request's path, program and key, and written of it in a recording, each.";
    REQUESTS_REMEMBERED: usize = 200, "200 requests",
        "Requests that a world beside the first remembers unless it is told otherwise: a test sends some dozens; at 300 bytes to 1 KiB each, 200 KiB at most.";
    REQUESTS_REMEMBERED_MAX: usize = 10_000, "10,000 requests",
        "The most that a world remembers: 3 to 10 MiB.";
    REQUEST_HEADERS_MAX: usize = 16, "16 headers",
        "Headers that a world writes down of each request if it is told to: more than any client of ours sends.";
    REQUEST_BODY_MAX: usize = 64 * 1024, "64 KiB",
        "The longest body that a world writes down if it is told to: a create with its user_data at the most.";
    REQUEST_BODIES_MAX: usize = 1024 * 1024, "1 MiB",
        "Bodies that a world remembers together; of the oldest requests they are forgotten: some thousand creates.";
    RECORDING_LINES_MAX: usize = 4_096, "4,096 lines",
        "Lines of a recording that wait for the disk: some 2 MiB, 16 MiB whatever is sent; a tenth of a second of the fastest load; more are left out and counted.";
    RECORDING_FLUSH: Duration = Duration::from_secs(1), "1 s",
        "How long the end of the process waits for the last lines of a recording; what a disk did not take by then is missing, and counted.";
    RECORDING_BODY_MAX: usize = 256 * 1024, "256 KiB",
        "The longest body of a request or an answer that a recording looks into: of a create what it asks for, and which server it made.";
    RECORDED_CREATE_MAX: u32 = 1_000, "1,000 servers",
        "Servers that one create of a recording stands for at most when it is replayed: as many as a page of a list.";
    RECORDED_SERVERS_MAX: usize = 64, "64 servers",
        "Servers of one create that a recording names: 2.5 KB, so that no line is longer than 4 KiB.";
    OPERATIONS_SHOWN_MAX: usize = 1_000, "1,000 operations",
        "The latest operations that are listed of a world at once: an answer of some 300 KiB.";
    FAULT_RULES_MAX: usize = 100, "100 rules",
        "Fault rules of a world: each is looked at for every request and operation, some µs for all of them.";
    FAULT_IDS_MAX: usize = 100, "100 ids",
        "Requests or servers that a fault rule struck and still names.";
    FAULT_LIST_MAX: usize = 16 * 1024 * 1024, "16 MiB",
        "The longest answer that a fault takes one out of: a page of 1,000 servers with all that each may carry is shorter.";
    FAULT_STARS_MAX: usize = 8, "8 stars",
        "Stars of one pattern of a fault rule.";
    FAULT_DELAY_MAX: Duration = Duration::from_secs(30), "30 s",
        "The longest that a fault holds up a request: inside ANSWER_TIME, as whoever waits may hold a connection.";
    FAULT_SLOW_MAX: Duration = Duration::from_secs(86_400), "1 d",
        "The longest that a fault holds up an operation, of the world's time.";
    WAIT_DEFAULT: Duration = Duration::from_secs(10), "10 s",
        "How long guichet wait waits unless it is told otherwise: a service with a large data directory opens in less.";
    WAIT_PAUSE: Duration = Duration::from_millis(20), "20 ms",
        "How often guichet wait asks: a service without data answers after some ms.";
    SNAPSHOT_NAME_MAX: usize = 64, "64 characters",
        "Name of a snapshot: it is the name of a file with `--data`, and 255 bytes are what a file may be called.";
    SNAPSHOTS_PER_WORLD_MAX: usize = 32, "32 snapshots",
        "Snapshots that one world has: a test goes back to one or two of them.";
    SNAPSHOT_SERVERS_MAX: usize = 2_000_000, "2,000,000 servers",
        "Servers in all snapshots of a service together, with those that were deleted and are remembered: at 160 bytes each some 320 MB, and up to 1 GiB more once all of these servers have changed.";
    SNAPSHOT_DOCUMENT_MAX: usize = 28 << 20, "28 MiB",
        "A snapshot as a document, imported, exported or kept in a file: more servers than a world beside the first holds, at 600 bytes to 1 KiB each, and as long as one answer may be. One is read at a time.";
    SNAPSHOT_DOCUMENT_SERVERS_MAX: usize = 110_000, "110,000 servers",
        "Servers in one document: the shortest row that is written has 270 bytes, so more do not fit one. What they are read into is then 110 MB at most.";
    SNAPSHOT_DOCUMENT_OBJECTS_MAX: usize = 500_000, "500,000 objects",
        "JSON objects in one document, counted before they are read: one for each 58 bytes, and the shortest that are written have 60. Half a million operations are 150 MB.";
    SNAPSHOT_BYTES_MAX: usize = 1 << 30, "1 GiB",
        "What servers in all snapshots of a service carry together beside their rows, roughly: names, metadata, tags, user data, ports, operations that are over, records. Some 500 bytes for each of the most servers.";
    SNAPSHOT_IMPORTS_MAX: usize = 4, "4 documents",
        "Documents that are read at once, one of a world: 112 MiB. They are put in order one at a time.";
    WORLD_SWEEP: Duration = Duration::from_secs(1), "1 s",
        "How often worlds are looked at that nobody may be using: a thousand cost some µs.";
}

const _: () = assert!(
    // The one that is written is beside those that are read.
    SNAPSHOT_DOCUMENT_MAX * (SNAPSHOT_IMPORTS_MAX + 1) <= 160 << 20,
    "documents hold 160 MiB at most"
);
const _: () = assert!(
    SNAPSHOT_SERVERS_MAX >= WORLD_SERVERS_MAX * SNAPSHOTS_PER_WORLD_MAX
        && SNAPSHOT_SERVERS_MAX <= u32::MAX as usize,
    "a world has all the snapshots it may, and servers are counted with 32 bits"
);
const _: () = assert!(
    // With ".json" and ".tmp" behind it.
    SNAPSHOT_NAME_MAX + 5 <= 255,
    "a snapshot's name is a file's"
);
