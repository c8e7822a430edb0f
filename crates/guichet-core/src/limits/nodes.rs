//! The limits of a cloud whose journal is in PostgreSQL.

use std::time::Duration;

use super::limit::Limit;

limits! { NODES:
    CELLS_MAX: usize = 16, "16 cells",
        "Cells of one cloud: each node stands for all of them with a thread and up to three connections each, and what is asked of cells in turn ends soon.";
    CELL_NAME_MAX: usize = 31, "31 characters",
        "The longest name of a cell: with `guichet_` before it it is the name of a schema, of which PostgreSQL has 63.";
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
        "How long one attempt to reach one host of PostgreSQL may take until it takes statements, if the connection string does not say it.";
    POSTGRES_HOSTS_MAX: usize = 16, "16 hosts",
        "Hosts of one connection string: they are tried in turn, and with more an attempt would take minutes while none answers.";
    AWAY_PATIENCE: Duration = Duration::from_secs(5), "5 s",
        "How long a batch waits for PostgreSQL to be back before requests are refused at once: a restart takes 1 s to 3 s, and who asked meanwhile is answered late and not refused.";
    TERM_PATIENCE: Duration = Duration::from_secs(10), "10 s",
        "How long a request waits while it is not known whether this node leads: a restart of PostgreSQL is over by then. A read is 503 after that, and the connection of a write is closed without an answer, for nobody knows what became of it.";
    POSTGRES_MIN: i32 = 140_000, "PostgreSQL 14",
        "The oldest PostgreSQL that ends a session that is silent (idle_session_timeout), as a number of the form that it gives itself.";
    DATABASE_PAGE: i64 = 5_000, "5,000 rows",
        "Rows that are read from PostgreSQL at once at a start, while those before are taken in: 2 MiB of servers.";
    FOLLOWER_FRESH: Duration = Duration::from_secs(5), "5 s",
        "How long a follower counts as one after it has shown itself, which it does every LOCK_WAIT.";
    HAND_OVER_TIME: Duration = Duration::from_secs(3), "3 s",
        "How long a node that has handed over waits for another one to lead before it stands again itself.";
    MOVE_PATIENCE: Duration = Duration::from_secs(60), "60 s",
        "How long `cell move` waits for a node that leads anew: a fleet of 1,000,000 servers is read in less.";
    FORWARDED_AT_ONCE: usize = 1_024, "1,024 requests",
        "Requests that a node passes on to the leader at once, each over a connection of its own; the others wait for their turn. A sixteenth of the connections that the leader has, so that its own clients are not kept out.";
    FORWARD_PATIENCE: Duration = Duration::from_secs(10), "10 s",
        "How long a request waits for a node that leads, or for its turn to be passed on, before it is 503: a takeover, and a restart of PostgreSQL, are over by then.";
    FORWARD_TIME: Duration = Duration::from_secs(75), "75 s",
        "How long a node waits for the leader's answer to begin: longer than ANSWER_TIME, by which the leader has given one. Past that a read is 503, and the connection of a write is closed without an answer.";
    FORWARDED_SHARE: usize = 512, "512 requests",
        "Requests of one client's address (of IPv6 one /64) that a node passes on at once: half of FORWARDED_AT_ONCE, so that a client which sends slowly keeps nobody out.";
    FORWARD_GRACE: Duration = Duration::from_secs(3), "3 s",
        "How long the answer to a write is still waited for once another node leads: the one that led says what it knows, or closes the connection; a machine that is gone says nothing. Longer than FORWARD_CONNECT_TIME, after which nothing was sent, and than LOCK_WAIT, after which the one that led knows who does.";
    FORWARD_CONNECT_TIME: Duration = Duration::from_secs(2), "2 s",
        "How long a node tries to reach the leader once, TLS included: machines of one cloud are near each other.";
    FORWARD_PAUSE: Duration = Duration::from_millis(20), "20 ms",
        "Pause before the leader is tried again that could not be reached, while nobody else leads; each pause is twice the one before.";
    FORWARD_PAUSE_MOST: Duration = Duration::from_millis(500), "500 ms",
        "The longest pause before the leader is tried again: a thousand requests that wait for a machine which is gone try 2,000 times a second.";
    FORWARD_IDLE_TIME: Duration = Duration::from_secs(30), "30 s",
        "How long an unused connection to the leader stays open: half of IDLE_TIME, so that it is not used at the moment when the leader closes it.";
    FORWARD_IDLE_MAX: usize = 128, "128 connections",
        "Unused connections to the leader that stay open.";
    FORWARD_BODY_MAX: usize = 256 << 10, "256 KiB",
        "The longest body that a node reads to its end before it passes the request on, so that it can pass it on again if the leader has changed; a longer one, or one of unknown length, is passed on as it comes, once. User data in a create takes 88 KiB.";
    FORWARD_AGAIN_MAX: usize = 3, "3 times",
        "How often a read is passed on again whose answer was lost.";
    ACROSS_AT_ONCE: usize = 256, "256 requests",
        "Requests at a node that more than one cell has to say something of, at once; another one is 503. Each asks the cells one after another, so they are a quarter of FORWARDED_AT_ONCE at most.";
    ACROSS_SHARE: usize = 128, "128 requests",
        "Of ACROSS_AT_ONCE for one client's address (of IPv6 one /64): half, so that nobody keeps all others out.";
    CELL_ANSWER_MAX: usize = 16 << 20, "16 MiB",
        "The longest page of one cell that is put together with those of others: 1,000 servers with all details take 2 MiB.";
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
