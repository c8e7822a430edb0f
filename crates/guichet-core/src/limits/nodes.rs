//! The limits of a cloud whose journal is in PostgreSQL.

use std::time::Duration;

use super::limit::Limit;

limits! { NODES:
    LEASE: Duration = Duration::from_secs(2), "2 s",
        "How long a node takes itself for the leader after PostgreSQL answered it last: shorter than SESSION_SILENCE, so that a node that was stopped for a while shows nobody what another one may have changed.";
    SESSION_SILENCE: Duration = Duration::from_millis(2_500), "2.5 s",
        "How long a leader's session may be silent before PostgreSQL ends it (idle_session_timeout, tcp_user_timeout), and another node may lead. Five times BEAT: a busy machine is not a dead one.";
    BEAT: Duration = Duration::from_millis(500), "500 ms",
        "How often a leader speaks to PostgreSQL when there is nothing to write.";
    LOCK_WAIT: Duration = Duration::from_secs(1), "1 s",
        "How long a follower waits for the leader's lock in one statement: a statement that waits holds up the clean-up of rows in the whole database, so it ends and is asked anew.";
    RECONNECT_FIRST: Duration = Duration::from_millis(20), "20 ms",
        "Pause before the second attempt to reach PostgreSQL; each pause is twice the one before.";
    RECONNECT_MOST: Duration = Duration::from_secs(1), "1 s",
        "The longest pause between attempts to reach PostgreSQL: ten nodes ask ten times a second, and nobody waits much longer than it takes to start.";
    CONNECT_TIME: Duration = Duration::from_secs(5), "5 s",
        "How long one attempt to reach one host of PostgreSQL may take, if the connection string does not say it.";
    AWAY_PATIENCE: Duration = Duration::from_secs(5), "5 s",
        "How long a batch waits for PostgreSQL to be back before requests are refused at once: a restart takes 1 s to 3 s, and who asked meanwhile is answered late and not refused.";
    TERM_PATIENCE: Duration = Duration::from_secs(10), "10 s",
        "How long a request waits while it is not known whether this node leads: a restart of PostgreSQL is over by then. A read is 503 after that, and the connection of a write is closed without an answer, for nobody knows what became of it.";
    POSTGRES_MIN: i32 = 140_000, "PostgreSQL 14",
        "The oldest PostgreSQL that ends a session that is silent (idle_session_timeout), as a number of the form that it gives itself.";
    DATABASE_PAGE: i64 = 5_000, "5,000 rows",
        "Rows that are read from PostgreSQL at once at a start, while those before are taken in: 2 MiB of servers.";
    CHANGES_REMEMBERED: i64 = 4_096, "4,096 batches",
        "Batches of which the database says which rows they changed, and up to 256 more: 10 s and more of the busiest leader, in which a follower that looks ten times a second was cut off or suspended. One that missed more reads everything anew. A batch takes some hundred bytes, and 16 KiB at most.";
    FOLLOW_PAUSE: Duration = Duration::from_millis(100), "100 ms",
        "How often a follower asks what changed: so little is left to read at a takeover that it does not show, and ten short questions a second are nothing to PostgreSQL.";
    FOLLOW_BATCHES: i64 = 256, "256 batches",
        "Batches whose changes a follower reads at once: ten times what the busiest leader writes meanwhile.";
    FOLLOW_ROWS: usize = 5_000, "5,000 rows",
        "Rows of each table that a follower reads at once: no question of it keeps PostgreSQL busy for longer than some 10 ms, and 50,000 changed rows a second are more than a leader writes.";
    FOLLOW_LOOKS: u32 = 100, "100 times",
        "After how many questions a follower looks through the records that it has for those whose time is over: every 10 s.";
    FOLLOW_ANEW: Duration = Duration::from_secs(10), "10 s",
        "After what a follower that could not take in a row reads everything anew: what is wrong may pass, and if it does not the leader is not to be slowed down by it.";
}

const _: () = assert!(
    LEASE.as_millis() < SESSION_SILENCE.as_millis(),
    "who was silent so long that its session ended does not take itself for the leader"
);
const _: () = assert!(
    FOLLOW_BATCHES * 4 < CHANGES_REMEMBERED,
    "who is late by some questions misses nothing"
);
const _: () = assert!(
    FOLLOW_PAUSE.as_millis() * 4 < SESSION_SILENCE.as_millis(),
    "the session of a follower is never silent for long"
);
const _: () =
    assert!(BEAT.as_millis() * 3 < LEASE.as_millis(), "a lease outlasts two answers that are late");
