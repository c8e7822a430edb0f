//! Every limit of the service, each with its reason. What passes one gets a clear refusal;
//! nothing is lost and memory stays flat. Relations between limits are asserted at compile time.

use std::time::Duration;

/// Declares constants and, from the same lines, a table, which the documentation is made from.
macro_rules! limits {
    ($table:ident: $( $name:ident : $type:ty = $value:expr, $shown:literal, $reason:literal; )*) => {
        $( #[doc = $reason] #[doc = ""] #[doc = concat!("Value: ", $shown, ".")]
           pub const $name: $type = $value; )*
        /// The limits of this file, in its order.
        pub(super) const $table: &[Limit] = &[
            $( Limit { name: stringify!($name), value: $shown, reason: $reason }, )*
        ];
    };
}

mod admin;
mod check;
mod console;
mod copies;
mod h2;
mod lab;
mod limit;
mod nodes;
mod observe;
mod tls;
mod worlds;

pub use admin::*;
pub use check::*;
pub use console::*;
pub use copies::*;
pub use h2::*;
pub use lab::*;
pub use limit::Limit;
pub use nodes::*;
pub use observe::*;
pub use tls::*;
pub use worlds::*;

/// All limits, in the order of the documentation.
pub fn all() -> impl Iterator<Item = &'static Limit> {
    let of_service = [
        SERVICE,
        nodes::NODES,
        copies::COPIES,
        observe::OBSERVE,
        tls::TLS,
        h2::H2,
        admin::ADMIN,
        console::CONSOLE,
    ];
    let of_tests = [worlds::WORLDS, lab::LAB, check::CHECK];
    of_service.into_iter().chain(of_tests).flatten()
}

limits! { SERVICE:
    QUEUE_DEFAULT: usize = 10_000, "10,000 operations",
        "Operations that may wait for their first start. At 64 workers and 10 ms each they are served in 1.6 s, inside any client's patience; a slower driver is bounded by --queue.";
    QUEUE_MAX: usize = 1_000_000, "1,000,000 operations",
        "The largest queue one may ask for: at about 300 bytes a waiting operation, 300 MB.";
    QUEUE_RESERVE_DIVISOR: usize = 10, "1/10 of the places",
        "The part of the queue that only a project with nothing waiting may use once a second project is known, so that a flood never shuts the others out.";
    WORKERS_DEFAULT: usize = 64, "64 workers",
        "Operations wait on a driver far more than they compute: 64 keep a few hosts busy and cost 64 idle tasks.";
    WORKERS_MAX: usize = 4_096, "4,096 workers",
        "As many as there may be threads (THREADS_MAX), so that every model accepts the same --workers.";
    THREADS_MAX: usize = 4_096, "4,096 threads",
        "Live threads of the model `threads`, one for each accepted request; past that a create is refused with queue_full. With their stacks 1 GiB of address space.";
    THREAD_STACK_BYTES: usize = 256 * 1024, "256 KiB",
        "Stack of one worker thread: the deepest handler stays under 64 KiB, and 4,096 of them must fit in memory.";
    PERMITS_MAX: usize = 1_000_000, "1,000,000 permits",
        "The largest semaphore one may ask for; it is a count, not a table.";
    QUICK_SERVICE: Duration = Duration::from_micros(100), "100 µs",
        "Service time that a driver expects below which no more workers are woken than can run at once: waking one costs some 10 µs, and those that are awake have done its work by then.";
    ATTEMPTS_MAX: u32 = 5, "5 attempts",
        "Starts of one operation before a transient failure becomes final: with doubling pauses from 0.1 s that is about 3 s of trying.";
    BACKOFF_FIRST: Duration = Duration::from_millis(100), "100 ms",
        "Pause before the second attempt; doubled each time, halved to one-and-a-half by jitter so that retries spread out.";
    BACKOFF_MAX: Duration = Duration::from_secs(10), "10 s",
        "Longest pause between two attempts: an operation must not look forgotten.";
    EXPIRY_RETRY: Duration = Duration::from_secs(1), "1 s",
        "Pause before a state that time ends, and that could not be ended (the queue was full), is tried again.";
    EXPIRIES_PER_STEP: usize = 16, "16 states",
        "States ended by time in one look for work: more than a worker finds, so they do not pile up, and the lock is held a few µs at most.";
    CANCEL_GRACE: Duration = Duration::from_secs(10), "10 s",
        "How long a delete waits for the driver call it cancelled to return. A stuck call holds up a delete no longer than this.";
    OBSERVE_PAUSE_FIRST: Duration = Duration::from_secs(1), "1 s",
        "Pause before a driver that panicked while it was asked what it sees is asked again; doubled each time in a row.";
    OBSERVE_PAUSE_MAX: Duration = Duration::from_secs(60), "60 s",
        "Longest of these pauses: a broken driver costs one line of the log a minute, and one that works again is seen within one.";
    CREATE_DEADLINE: Duration = Duration::from_secs(600), "600 s",
        "One driver call of a create: image copies take minutes; a longer one is lost.";
    ACTION_DEADLINE: Duration = Duration::from_secs(180), "180 s",
        "One driver call of a reboot, start, stop or delete: a guest that shuts down cleanly has 60 s in OpenStack's own default, three times that is lost.";
    DRAIN_DEADLINE: Duration = Duration::from_secs(30), "30 s",
        "How long a graceful stop waits for what is queued and running before it leaves the rest queued and says so; what process supervisors grant before they kill.";
    SERVERS_MAX: usize = 1_000_000, "1,000,000 servers",
        "Servers held at once, and the size the tables are reserved for, so that none grows while the lock is held.";
    SERVERS_PER_REQUEST_MAX: usize = 100, "100 servers",
        "Servers of one create: the request is decided in one locked step, which must stay well under a millisecond.";
    DELETED_SERVERS_MAX: usize = 10_000, "10,000 servers",
        "Deleted servers that are listed among what changed, and whose operations can still be looked up; the oldest goes first.";
    OPERATIONS_PER_SERVER_MAX: usize = 32, "32 operations",
        "Finished operations kept for each server: enough to see what happened lately, little enough for a million servers.";
    PROJECTS_MAX: usize = 10_000, "10,000 projects",
        "Projects of one service: each is one row, and fair order walks only those with work.";
    HOSTS_MAX: usize = 100_000, "100,000 hosts",
        "Hosts looked at before \"No valid host\" is said, which is done under the lock: about 0.1 ms.";
    WEIGHT_MAX: u32 = 100, "100",
        "Largest weight of a project: its turn takes this many jobs in a row, which the others wait for.";
    TEXT_MAX: usize = 255, "255 characters",
        "Length of a description, of a hostname, of the name or value of a metadata item: a column of Nova's tables.";
    TAG_MAX: usize = 60, "60 characters",
        "Length of a tag, as in the OpenStack Compute API.";
    USER_DATA_MAX: usize = 65_535, "65,535 characters",
        "User data of one server as base64: what Nova's table has a column for.";
    HOSTNAME_LABEL_MAX: usize = 63, "63 characters",
        "Length of a part of a hostname between dots (RFC 1035, section 2.3.4), and of one that is made of a server's name.";
    FLAVORS_WRITTEN_MAX: usize = 10_000, "10,000 flavors",
        "Flavors that administrators wrote, deleted ones too: servers go on showing them. About a kilobyte each.";
    FLAVOR_DESCRIPTION_MAX: usize = 16_384, "16,384 characters",
        "Description of a flavor: half of what Nova's column holds, so that it fits a record.";
    EXTRA_SPECS_MAX: usize = 128, "128 extra specs",
        "Extra specs of a flavor: with names and values of 255 characters they fit a record.";
    IMAGES_WRITTEN_MAX: usize = 10_000, "10,000 images",
        "Images made of servers, deleted ones too: servers go on naming them. About a kilobyte each.";
    AGGREGATES_MAX: usize = 1_000, "1,000 aggregates",
        "Host aggregates: far more than zones and kinds of hosts are told apart in.";
    MIGRATIONS_MAX: usize = 1_000, "1,000 migrations",
        "Migrations that are remembered, the newest: what one page of their list has.";
    CONSOLE_BOOTS_MAX: usize = 20, "20 boots",
        "Boots that a console's text tells of: some 20 KiB, as much as a console's ring holds.";
    CONSOLE_COMMANDS_MAX: usize = 50, "50 commands",
        "Commands of user data that a console's text repeats at a first boot.";
    NETWORKS_PER_SERVER_MAX: usize = 16, "16 networks",
        "Networks that one server is plugged into, and entries of the like lists of a create: a guest has some 30 slots for cards and disks.";
    ROWS_PER_PAGE_MAX: usize = 1_024, "1,024 rows",
        "Rows looked at for one page: where no index has the status that is asked for, a page may then be short, and says where to go on. A fraction of a millisecond, after which others are served.";
    SEARCH_STEPS_IN_PLACE: usize = 4, "4 steps",
        "Looks at a list (a page each, others are served in between) that a search takes before it goes on in a thread of its own, of which there is one for every two cores: what an index has, and 4,000 servers with a filter.";
    PATTERN_MAX: usize = 255, "255 bytes",
        "Length of a pattern of a list: as long as the longest name it could find.";
    PATTERN_DEPTH_MAX: u32 = 32, "32 levels",
        "How deep groups and repetitions of a pattern may be nested.";
    PATTERN_BYTES_MAX: usize = 1 << 16, "64 KiB",
        "Size of a compiled pattern of a search: thousands of characters of any kind, and no repetition of a repetition takes the service's memory.";
    EXTRA_SPEC_MAX: usize = 255, "255 characters",
        "Length of the value of a flavor's extra spec, as in the OpenStack Compute API.";
    METADATA_MAX: usize = 128, "128 items",
        "Metadata of one server, as Nova's quota for it.";
    TRUSTED_CERTIFICATES_MAX: usize = 50, "50 certificates",
        "Certificates that a create or a rebuild names to check its image with, as in the OpenStack Compute API.";
    TAGS_MAX: usize = 50, "50 tags",
        "Tags of one server, as in the OpenStack Compute API.";
    NAME_MAX: usize = 255, "255 characters",
        "Length of a server's name, as in the OpenStack Compute API.";
    KEY_MAX: usize = 255, "255 characters",
        "Length of an idempotency key.";
    KEYS_PER_PROJECT_MAX: usize = 100_000, "100,000 keys",
        "Idempotency keys remembered for a project; a new keyed request past that gets 429, nothing is forgotten early.";
    KEY_TTL: Duration = Duration::from_secs(24 * 3600), "24 h",
        "How long an idempotency key is remembered: longer than any client retries.";
    KEYS_EXPIRED_PER_STEP: usize = 16, "16 keys",
        "Expired keys dropped in one locked step: more than are ever added in one, so the table shrinks, and the step stays short.";
    PAGE_MAX: usize = 1_000, "1,000 servers",
        "Servers of one list page, as in the OpenStack Compute API.";
    PAGE_DEFAULT: usize = 100, "100 servers",
        "Servers of a list page when the caller names no number.";
    PROJECTS_AT_ONCE: usize = 256, "256 projects",
        "Projects whose charges are read before others have their turn: one hold of the lock each, some 0.3 ms.";
    ROWS_PER_LOCK_MAX: usize = 256, "256 rows",
        "Rows a list copies in one hold of the lock. A longer list takes several holds, so it is not one instant.";
    LISTS_MERGED_MAX: usize = 256, "256 projects",
        "Projects whose servers of a status, or by name, are put into one order as a list is read, in one hold of the lock: about 0.1 ms. With more of them that list goes through all servers.";
    CHANGES_MAX: usize = 65_536, "65,536 changes",
        "Changes that are remembered for lists of what changed since a moment: 1 MiB. Who asks for an earlier moment has all servers looked at.";
    EVENTS_MAX: usize = 65_536, "65,536 events",
        "Events kept for subscribers that read slowly; a slower one is told how many it missed.";
    HISTORY_BACKLOG_MAX: usize = 16_384, "16,384 records",
        "Records that a lossless history may be behind before those who cause more of them wait.";
    EVENT_BATCH_MAX: usize = 512, "512 records",
        "Records handed to a subscriber at a time.";
    RETRY_AFTER_MIN_S: u64 = 1, "1 s",
        "Smallest Retry-After: the header counts whole seconds.";
    RETRY_AFTER_MAX_S: u64 = 60, "60 s",
        "Largest Retry-After: past a minute a client should look for itself what is wrong.";
    RETRY_AFTER_SPREAD_PERCENT: u64 = 25, "25 %",
        "What is added to Retry-After at random, so that the refused do not all come back in the same second.";
    FINISH_WINDOW_S: usize = 10, "10 s",
        "How far back finishes are counted for Retry-After: long enough to be steady, short enough to follow a change.";
    JOURNAL_BACKLOG_MAX: usize = 5_632, "5,632 rows and answers",
        "Rows and answers that wait for the disk: ten times what 512 clients cause, 0.2 s of a slow disk. Past that a request gets 503. A create of 100 servers is 100 rows and fits a batch as a whole.";
    JOURNAL_STARTS_MAX: usize = 4_096, "4,096 rows and answers",
        "The backlog from which on workers start nothing. What there may be beyond stays for requests, however long the queue is: 15 creates of 100 servers. Less than that for workers, and the queue would fill up in their place.";
    JOURNAL_PAUSE: Duration = Duration::from_millis(10), "10 ms",
        "How long an outcome that nobody waits for may wait for others before it is written: what is lost with the process is at most that old, and it is run again.";
    JOURNAL_RETRY: Duration = Duration::from_secs(1), "1 s",
        "Pause before a batch that found the disk full is written again.";
    JOURNAL_WAL_MAX: u64 = 16 << 20, "16 MiB",
        "Size of the write-ahead log from which its pages are put into the database: long enough that a page changed many times is copied once, short enough for a quick start.";
    JOURNAL_KEYS_DROPPED: usize = 256, "256 keys",
        "Expired keys dropped from the file with one batch: more than come in with most, so they do not pile up.";
    JOURNAL_WAL_STOP: u64 = 4 << 30, "4 GiB",
        "Size of the write-ahead log past which nothing is accepted: something reads the file and does not end, and the disk is not to be filled for it. A backup of a million servers is done long before.";
    JOURNAL_CACHE_KIB: u32 = 16 * 1024, "16 MiB",
        "Pages of the file kept in memory: the rows that 10,000 servers at work change, again and again. What nobody changes is read once, at the start.";
    JOURNAL_BUSY: Duration = Duration::from_millis(100), "100 ms",
        "How long a batch waits for somebody else's lock on the file before it is tried later (JOURNAL_RETRY): no tool that only reads holds one.";
    CLOCK_BACK_MAX: Duration = Duration::from_secs(300), "300 s",
        "How far the clock may be behind the newest stamp in a data directory: the world's clock then goes on from that stamp. Further back, somebody should look.";
    RECORD_BODY_MAX: usize = 64 * 1024, "64 KiB",
        "Bytes of one record: a token, the hash of a password, a key.";
    CONNECTIONS_MAX: usize = 16_384, "16,384 connections",
        "HTTP connections at once, fewer where the system allows fewer open files. When all are taken, whoever waits longest for its client's bytes makes place for the next. Each costs a file descriptor and some 30 kB.";
    CONNECTIONS_SHARE_DIVISOR: usize = 2, "1/2 of the connections",
        "The part of the connections that one address may have (of IPv6 one /64): a machine with 1,000 clients has enough, and others still get in. Past that a new one gets 503 and is closed.";
    FILES_RESERVED: u64 = 256, "256 files",
        "Open files that connections leave to the rest of the process: data directory, log, what a library opens.";
    REFUSED_AT_ONCE: usize = 64, "64 connections",
        "Connections past their address's share that are given the time to read their 503; the others are closed at once.";
    EVICT_AFTER: Duration = Duration::from_secs(1), "1 s",
        "How long a connection must have waited for its client before it can be closed to make place for another: whoever has just connected is about to ask.";
    IDLE_TIME: Duration = Duration::from_secs(60), "60 s",
        "How long a connection may be idle, at its beginning and between two requests: clients that poll come back sooner.";
    HEADER_TIME: Duration = Duration::from_secs(20), "20 s",
        "How long a request's headers may take from their first byte on: they are one packet, or a few.";
    HEADERS_MAX: usize = 64 * 1024, "64 KiB",
        "Bytes of a request's line and headers.";
    HEADERS_COUNT_MAX: usize = 100, "100 headers",
        "Headers of one request, over either protocol: five times what a browser sends. Each costs more than its bytes. Past that a request gets 431.";
    BODY_MAX: usize = 1024 * 1024, "1 MiB",
        "Bytes of the body of a create, and of any other: user_data of 64 KiB and metadata with room to spare, as Nova has it.";
    BODY_METADATA_MAX: usize = 512 * 1024, "512 KiB",
        "Bytes of a body of metadata: 128 items of twice 255 characters, each written as an escape of six bytes, are 400 KB.";
    BODY_SMALL_MAX: usize = 128 * 1024, "128 KiB",
        "Bytes of the body of an action, an edit, a list of tags or an application credential: 64 KiB of user_data, or 50 tags, with room to spare.";
    BODY_LOGIN_MAX: usize = 16 * 1024, "16 KiB",
        "Bytes of the body of a login, the only one that is read before it is known who asks: a password of 4 KiB, however it is written.";
    BODIES_IN_FLIGHT: usize = 48 << 20, "48 MiB",
        "Bytes of all bodies that are being read or worked on, and of the values they are parsed into; one address may have half of it. Past that a request gets 503.";
    BUDGET_RESERVE_DIVISOR: usize = 4, "1/4",
        "The part of BODIES_IN_FLIGHT and ANSWERS_IN_FLIGHT that only addresses which hold BUDGET_LITTLE may use, and of H2_STREAMS_IN_FLIGHT those with H2_STREAMS_LITTLE, so that a few which hold the rest keep nobody out.";
    BUDGET_LITTLE: usize = 1 << 20, "1 MiB",
        "What an address may hold, with what it asks for, to draw on that part: a page of some hundred servers, or a large create.";
    JSON_DEPTH_MAX: usize = 32, "32 levels",
        "How deep a body may be nested: five times what any request has.";
    JSON_TREE_FACTOR: usize = 2, "2",
        "Bytes of memory that the values of a body may take for each of its own: texts take one, small values more than ten, and a body of nothing else is no request.";
    JSON_TREE_BASE: usize = 64 * 1024, "64 KiB",
        "Bytes of memory that the values of a body may take whatever its size, less where bodies are short: a short request is all small values.";
    PARSE_INLINE_MAX: usize = 32 * 1024, "32 KiB",
        "Largest body that is parsed at once, in some 0.1 ms; a larger one is parsed on a thread of its own, so that nobody waits for it.";
    PARSED_AT_ONCE: usize = 2, "2 bodies",
        "Large bodies parsed at the same time; the others wait, and count in BODIES_IN_FLIGHT.";
    QUERY_PARAMS_MAX: usize = 1_000, "1,000 parameters",
        "Parameters of one request: a page of images is asked for by one `id=` each at most.";
    BODY_TIME: Duration = Duration::from_secs(30), "30 s",
        "How long a request's body may take to come.";
    ANSWER_TIME: Duration = Duration::from_secs(60), "60 s",
        "How long an answer may take before its client is told to ask again.";
    REST_MAX: usize = 64 * 1024, "64 KiB",
        "Bytes of a body that nobody wants which are read away, so that the connection can go on; with more to come the answer says that it is closed.";
    REST_TIME: Duration = Duration::from_secs(1), "1 s",
        "How long the rest of a body that nobody wants is waited for before the answer: a few round trips.";
    ANSWERS_IN_FLIGHT: usize = 64 << 20, "64 MiB",
        "Bytes of all large answers that are being made or sent; one address may have half of it. A list waits for its part; any other answer to GET or HEAD past it is 503. An answer to what may have changed something goes out all the same, and until it is read nothing more is changed for its address: that is 503, before anything is done.";
    ANSWER_FREE: usize = 8 * 1024, "8 KiB",
        "Size up to which an answer does not count in ANSWERS_IN_FLIGHT: it is part of what a connection costs.";
    ANSWER_PATIENCE: Duration = Duration::from_secs(10), "10 s",
        "How long a list waits for its part of ANSWERS_IN_FLIGHT before it is 503.";
    WRITE_TIME: Duration = Duration::from_secs(20), "20 s",
        "How long a client may take to read WRITE_PROGRESS_MIN bytes of an answer before its connection is closed.";
    WRITE_PROGRESS_MIN: usize = 16 * 1024, "16 KiB",
        "Bytes that a client must read within WRITE_TIME, if so many are waiting: under 1 kB a second.";
    SEND_BUFFER: usize = 128 * 1024, "128 KiB",
        "Bytes of an answer that the system is asked to hold for a connection: small enough that a slow but honest client's reading shows within WRITE_TIME, enough for 1 MB/s over 100 ms.";
    LINGER_TIME: Duration = Duration::from_secs(2), "2 s",
        "How long a connection that is closed before its client has sent everything is read from: the system would throw the answer away otherwise.";
    LINGER_MAX: usize = 4 << 20, "4 MiB",
        "Bytes read away from such a connection, a few at a time: four of the largest bodies.";
    CLOSE_TIME: Duration = Duration::from_secs(4), "4 s",
        "How long connections may take to finish what they are at once the service stops; then they are closed. With what else there is to do a stop ends within --drain and 5 s.";
    ACCEPT_PAUSE: Duration = Duration::from_millis(100), "100 ms",
        "Pause after the system gave no connection: it has no file descriptors, and asking at once would only spin.";
    CLOCK_LOOK: Duration = Duration::from_secs(1), "1 s",
        "How often it is looked whether the wall clock has run ahead: a step is followed within that.";
    CLOCK_STEP_MIN: Duration = Duration::from_millis(100), "100 ms",
        "How far the wall clock must have run ahead to be followed: less is how the two clocks are read one after the other.";
    CLOCK_SLEEP_MAX: Duration = Duration::from_secs(60), "60 s",
        "How long is slept without a look at the clock: what waits for an instant is no later than that after a step.";
    PUBLICATIONS_MAX: usize = 1_024, "1,024 batches",
        "Batches of which it is remembered how long after their decisions they were shown, for who asks what changed; older ones are put together.";
    UNSHOWN_AT_END: Duration = Duration::from_secs(60), "60 s",
        "How far before its newest row a process that ended may have decided what it never showed: far longer than a batch takes to write.";
    TOKENS_MAX: usize = 100_000, "100,000 tokens",
        "Tokens that are good at once; past that the oldest of the user with the most ends. One costs about 500 bytes.";
    TOKENS_PER_USER_MAX: usize = 10_000, "10,000 tokens",
        "Tokens of one user that are good at once; past that its oldest ends, so that nobody who asks without end keeps others out. A client that is told so logs in again.";
    TOKEN_TTL: Duration = Duration::from_secs(24 * 3600), "24 h",
        "How long a token is good: a working day and a nightly job.";
    HASHES_AT_ONCE: usize = 2, "2 passwords",
        "Passwords checked at once by a process, whatever cells it leads, each some 20 ms and 7 MiB: a login storm waits for itself, not for a core that reads need.";
    HASHES_WAITING_MAX: usize = 256, "256 logins",
        "Logins that wait for their password to be checked; past that they are told to come back.";
    CREDENTIALS_MAX: usize = 1_000, "1,000 credentials",
        "Application credentials of one user, expired ones too: a list of them is some holds of the lock, and a row is about 500 bytes.";
    KEY_PAIRS_MAX: usize = 100, "100 key pairs",
        "Key pairs of one user, as Nova's quota for them.";
    PUBLIC_KEY_MAX: usize = 16_384, "16,384 characters",
        "Length of a public key that is imported, as in the OpenStack Compute API: an RSA key of 16,384 bits has 2,800.";
    KEYS_MADE_AT_ONCE: usize = 1, "1 key",
        "RSA keys made at once, each some 0.1 to 1 s of one core: who wants keys waits for others who do, and nobody else does.";
    KEYS_WAITING_MAX: usize = 16, "16 keys",
        "Requests that wait for a key to be made: at a second each the last is answered in time; past that they are told to come back.";
    KEY_BITS: usize = 2_048, "2,048 bits",
        "Length of an RSA key that is made, as Nova makes them.";
    SERVER_GROUPS_MAX: usize = 10, "10 groups",
        "Server groups of one project, as Nova's quota for them.";
    SERVER_GROUP_MEMBERS_MAX: usize = 10, "10 servers",
        "Servers in one server group, as Nova's quota for them. Where each is, is looked at for every new one under the lock.";
    PERSONALITY_MAX: usize = 5, "5 files",
        "Files that a create may name to be put into servers, below 2.57, as Nova's quota for them. They are read and put nowhere.";
    PERSONALITY_BYTES_MAX: usize = 10_240, "10,240 bytes",
        "Length of the content of each, as Nova's quota.";
    PERSONALITY_PATH_MAX: usize = 255, "255 bytes",
        "Length of the path of each, as Nova's quota.";
    COUNTER_MAX: u32 = u32::MAX / 2, "2,147,483,647",
        "The largest number of an operation, a driver call or a record in a document that is imported: as many more are counted on from there.";
    NUMBER_MAX: u64 = i32::MAX as u64, "2,147,483,647",
        "The largest number of vcpus, MiB, GiB or servers that is declared, written or imported: clients and Nova's own tables hold 31 bits.";
    DIAGNOSTICS_CPUS_MAX: usize = 1_024, "1,024 vcpus",
        "Vcpus that the diagnostics of a server list one by one, at some 40 bytes each; a flavor may have two thousand million. Their number is said in full.";
    FLAVORS_MAX: usize = 10_000, "10,000",
        "Flavors, images, networks or users that a cloud may declare, of each kind.";
    CONFIG_FILE_MAX: u64 = 4 << 20, "4 MiB",
        "Size of a configuration file.";
    LOG_KIND_PAUSE: Duration = Duration::from_secs(1), "1 s",
        "Time between two log lines about refused requests of one kind: a flood is seen by its count, not by a line each.";
    LOG_PATH_MAX: usize = 256, "256 characters",
        "Characters of a request's path in the log: five times the longest that means something.";
    LOG_BACKLOG: usize = 4_096, "4,096 lines",
        "Log lines of the service that wait to be written; past that they are lost, and counted. No request waits for the log.";
    LOG_TEXT_MAX: usize = 4 * 1024, "4 KiB",
        "Bytes of one log line of the service; what is longer is cut.";
    LOG_FLUSH: Duration = Duration::from_millis(500), "0.5 s",
        "How long the end of the process waits for the last log lines to be written.";
}

const _: () = assert!(
    FORWARD_TIME.as_secs() > ANSWER_TIME.as_secs()
        && FORWARD_IDLE_TIME.as_secs() < IDLE_TIME.as_secs()
        && FORWARD_GRACE.as_secs() > FORWARD_CONNECT_TIME.as_secs()
        && FORWARD_GRACE.as_secs() > LOCK_WAIT.as_secs()
        && FORWARDED_SHARE * 2 <= FORWARDED_AT_ONCE
        && FORWARDED_AT_ONCE * 16 <= CONNECTIONS_MAX,
    "a node waits for what the leader is sure to say"
);
const _: () = assert!(
    CONSOLE_SESSIONS_PER_USER_MAX < TOKENS_PER_USER_MAX,
    "signing in does not end the tokens of a user's programs"
);
const _: () = assert!(PLAY_STATES_MAX as u64 <= EXPLORE_STATES_MAX, "what is played is explored");
const _: () = assert!(WORKERS_MAX <= THREADS_MAX, "every worker may be a thread");
const _: () = assert!(WORKERS_DEFAULT <= QUEUE_DEFAULT, "a full pool can queue one job each");
const _: () = assert!(QUEUE_DEFAULT <= QUEUE_MAX);
const _: () = assert!(PAGE_DEFAULT <= PAGE_MAX && ROWS_PER_LOCK_MAX <= PAGE_MAX);
const _: () = assert!(
    HISTORY_BACKLOG_MAX + 8 * WORKERS_MAX <= EVENTS_MAX,
    "the lossless backlog fits among the events kept"
);
const _: () = assert!(
    ARRIVALS_IN_FLIGHT_MAX >= QUEUE_MAX + WORKERS_MAX,
    "an open loop can fill the queue and the pool"
);
const _: () = assert!(
    JOURNAL_BACKLOG_MAX + SERVERS_PER_REQUEST_MAX + WORKERS_MAX < DELETED_SERVERS_MAX,
    "a deleted server is durable before it is forgotten"
);
const _: () = assert!(
    PROFILE_CPU_MAX_MS < ACTION_DEADLINE.as_millis() as f64,
    "a CPU part alone passes no deadline"
);
const _: () = assert!(
    PROFILE_DELAY_MAX_MS > CREATE_DEADLINE.as_millis() as f64,
    "a profile can describe a call that is too slow"
);
const _: () = assert!(OBSERVE_PAUSE_FIRST.as_secs() <= OBSERVE_PAUSE_MAX.as_secs());
const _: () = assert!(BODY_MAX > 2 * USER_DATA_MAX, "the longest user data fit a body");
const _: () = assert!(
    (KEYS_WAITING_MAX + 1) as u64 <= ANSWER_TIME.as_secs(),
    "who waits for a key gets it before its answer is late, at a second for each"
);
const _: () = assert!(
    KEY_PAIRS_MAX <= ROWS_PER_LOCK_MAX,
    "all key pairs of a user are shown in one hold of the lock"
);
const _: () = assert!(RETRY_AFTER_MIN_S >= 1 && RETRY_AFTER_MIN_S < RETRY_AFTER_MAX_S);
const _: () = assert!(
    CANCEL_GRACE.as_secs() < DRAIN_DEADLINE.as_secs(),
    "a graceful stop outlasts a stuck call"
);
const _: () = assert!(
    BODY_LOGIN_MAX <= BODY_SMALL_MAX
        && BODY_SMALL_MAX <= BODY_METADATA_MAX
        && BODY_METADATA_MAX <= BODY_MAX
);
const _: () = assert!(
    // Half of it is one address's, and a body is there beside what it is parsed into.
    BODY_MAX * (1 + JSON_TREE_FACTOR) + JSON_TREE_BASE <= BODIES_IN_FLIGHT / 2,
    "the largest body is read and parsed"
);
const _: () = assert!(
    // Two KiB a row, as much as is reserved for one.
    PAGE_MAX * 2_048 * 2 <= ANSWERS_IN_FLIGHT / 2,
    "one address can have two of the longest lists under way"
);
const _: () = assert!(
    CLOSE_TIME.as_secs() < 5 && LOG_FLUSH.as_millis() < 1_000,
    "a stop ends within 5 s of the drain's end"
);
const _: () = assert!(
    TLS_BUFFER <= WRITE_PROGRESS_MIN,
    "who reads just fast enough reads what is encrypted in time"
);
const _: () = assert!(
    H2_STREAMS_IN_FLIGHT <= CONNECTIONS_MAX
        && H2_PIECE <= WRITE_PROGRESS_MIN
        && H2_PIECE + H2_SEND_BUFFER <= HEADERS_MAX / 2
        && H2_CONNECTION_WINDOW as usize <= HEADERS_MAX
        && H2_STREAM_WINDOW * 2 <= H2_CONNECTION_WINDOW + 1
        && H2_GOODBYE_TIME.as_secs() < CLOSE_TIME.as_secs(),
    "over HTTP/2 a client has no more than over HTTP/1.1"
);
const _: () = assert!(
    H2_STREAMS_LITTLE * H2_STREAMS_LITTLE <= H2_STREAMS_IN_FLIGHT / BUDGET_RESERVE_DIVISOR
        && H2_REFUSED_MAX >= H2_STREAMS_MAX as usize,
    "those who have few streams have them, and are refused before they are left"
);
const _: () = assert!(THREADS_MAX * THREAD_STACK_BYTES <= 1 << 30, "stacks fit in 1 GiB");
const _: () = assert!(INPUT_LINE_MAX >= 4 * 4 * NAME_MAX, "a row of the longest names is read");
const _: () = assert!(REPLAY_STATES_MAX <= EXPLORE_STATES_MAX);
const _: () = assert!(RACE_REQUESTS_DEFAULT <= RACE_REQUESTS_MAX);
const _: () = assert!(
    // Three images of a server and six changes of rows and queue for each request.
    RACE_CLIENTS_MAX * RACE_REQUESTS_PER_ROUND * 10 < u16::MAX as usize,
    "the values of a round are numbered with 16 bits"
);

const _: () = assert!(HOSTS_MAX as u64 <= NUMBER_MAX && NUMBER_MAX <= u32::MAX as u64);
const _: () = assert!(
    SNAPSHOT_DOCUMENT_MAX >= WORLD_SERVERS_MAX * 1_400
        && SNAPSHOT_DOCUMENT_MAX < ANSWERS_IN_FLIGHT / 2,
    "all servers of a world fit a document, and a document fits an answer"
);
const _: () = assert!(
    // No row is longer than a body that made it, and names of what it is about.
    BODY_MAX * 2 < SNAPSHOT_DOCUMENT_MAX,
    "any server fits a document"
);
const _: () = assert!(EVENTS_MAX >= 60_000, "a second of 10,000 operations is kept for the watch");
