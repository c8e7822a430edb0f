//! The limits of connections that are encrypted, and of the files that they need.

use std::time::Duration;

use super::limit::Limit;

limits! { TLS:
    HANDSHAKES_MAX: usize = 4_096, "4,096 handshakes",
        "TLS handshakes under way at once, a quarter of the connections; one address may have half of them. Each is a connection too. When all are taken, the one that waits longest for its client makes place. At 1 ms of a core for each, 4 s of work on one.";
    HANDSHAKE_TIME: Duration = Duration::from_secs(10), "10 s",
        "How long a TLS handshake may take from the connection's first byte or its silence on: two round trips, and a client on a slow line has sent its certificate by then.";
    TLS_BUFFER: usize = 16 * 1024, "16 KiB",
        "Bytes of an answer that are encrypted and wait for the system to take them, for each connection: one record. WRITE_PROGRESS_MIN of them are read within WRITE_TIME.";
    TLS_FILE_MAX: u64 = 1 << 20, "1 MiB",
        "Length of a file with certificates or a key: hundreds of authorities, and no disk is read in by mistake.";
    TLS_EXPIRY_NOTICE: Duration = Duration::from_secs(14 * 86_400), "14 d",
        "How long before a certificate ends it is said in the log, at a start and a reload: who renews by hand has two weeks, who renews at two thirds of 90 days never reads it.";
    TLS_DRAWN_TIME: Duration = Duration::from_secs(365 * 86_400), "365 d",
        "How long a certificate lasts that a service made for itself: clients refuse longer ones than 398 days.";
}
