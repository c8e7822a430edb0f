//! The limits of copies from one store of data to another.

use std::time::Duration;

use super::limit::Limit;

limits! { COPIES:
    COPY_ROWS: usize = 5_000, "5,000 rows",
        "Rows of a copy that are sent to PostgreSQL at once, and after how many it is looked whether somebody wants the copy to end: 0.1 s of work.";
    COPY_BYTES: usize = 4 << 20, "4 MiB",
        "Bytes of rows of a copy past which they are sent to PostgreSQL, however few they are: two such pages are in memory, and one of rows that are read.";
    COPY_SILENCE: Duration = Duration::from_secs(60), "60 s",
        "How long the session of a copy may be silent before PostgreSQL ends it, and with it what was not committed: the other side may be a disk that writes slowly. No node leads for so long after the machine of a copy was lost.";
}
