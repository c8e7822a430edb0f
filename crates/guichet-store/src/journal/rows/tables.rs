//! The tables whose rows are both written and read, or copied, with their columns in the order of both.

/// What a column has in its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    /// Whole numbers; times are some, in microseconds since 1970.
    Number,
    /// Yes or no.
    Flag,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// An id of 128 bits.
    Id,
}

use Type::{Bytes, Flag, Id, Number, Text};

/// A table. Its first column is the row's own number, `id`.
#[derive(Debug)]
pub(crate) struct Table {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its columns.
    pub(crate) columns: &'static [(&'static str, Type)],
}

impl Table {
    /// The names of its columns.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.columns.iter().map(|(name, _)| *name)
    }

    /// The names of its columns as SQL has them. Some are words of SQL itself, so all are quoted.
    pub(crate) fn quoted(&self) -> impl Iterator<Item = String> {
        self.names().map(|name| format!("\"{name}\""))
    }

    /// Its columns as SQL lists them.
    pub(crate) fn list(&self) -> String {
        self.quoted().collect::<Vec<_>>().join(", ")
    }
}

/// Projects, with their quotas and what their servers hold.
pub(crate) static PROJECT: Table = Table {
    name: "project",
    columns: &[
        ("id", Number),
        ("name", Text),
        ("instances_max", Number),
        ("cores_max", Number),
        ("ram_mib_max", Number),
        ("weight", Number),
        ("instances", Number),
        ("cores", Number),
        ("ram_mib", Number),
    ],
};

/// What numbers mean.
pub(crate) static NAME: Table = Table {
    name: "name",
    columns: &[("id", Number), ("kind", Text), ("place", Number), ("name", Text)],
};

/// Servers: what is done to one at present is in the columns `live_*`.
pub(crate) static SERVER: Table = Table {
    name: "server",
    columns: &[
        ("id", Number),
        ("uuid", Id),
        ("project", Number),
        ("name", Text),
        ("flavor", Number),
        ("image", Number),
        ("host", Number),
        ("vcpus", Number),
        ("ram_mib", Number),
        ("vm_state", Text),
        ("task_state", Text),
        ("power_state", Text),
        ("touched", Flag),
        ("fence", Number),
        ("operations", Number),
        ("created_us", Number),
        ("updated_us", Number),
        ("launched_us", Number),
        ("created_by", Number),
        ("details", Text),
        ("fault_kind", Text),
        ("fault_message", Text),
        ("fault_us", Number),
        ("live_number", Number),
        ("live_request", Id),
        ("live_client", Number),
        ("live_action", Text),
        ("live_state", Text),
        ("live_attempt", Number),
        ("live_worker", Number),
        ("live_accepted_us", Number),
        ("live_started_us", Number),
        ("live_not_before_us", Number),
        ("live_turn", Number),
        ("live_args", Text),
        ("second", Text),
        ("expires_us", Number),
    ],
};

/// Operations that are over.
pub(crate) static OPERATION: Table = Table {
    name: "operation",
    columns: &[
        ("id", Number),
        ("server", Number),
        ("number", Number),
        ("request", Id),
        ("client", Number),
        ("action", Text),
        ("state", Text),
        ("attempt", Number),
        ("worker", Number),
        ("accepted_us", Number),
        ("started_us", Number),
        ("finished_us", Number),
        ("failure", Text),
        ("args", Text),
    ],
};

/// Idempotency keys.
pub(crate) static KEY: Table = Table {
    name: "request_key",
    columns: &[
        ("id", Number),
        ("project", Number),
        ("key", Text),
        ("fingerprint", Bytes),
        ("answer", Text),
        ("expires_us", Number),
    ],
};

/// Application credentials.
pub(crate) static CREDENTIAL: Table = Table {
    name: "application_credential",
    columns: &[
        ("id", Number),
        ("credential", Text),
        ("user", Number),
        ("project", Number),
        ("name", Text),
        ("description", Text),
        ("roles", Text),
        ("secret", Text),
        ("unrestricted", Flag),
        ("created_us", Number),
        ("expires_us", Number),
    ],
};

/// Key pairs.
pub(crate) static KEY_PAIR: Table = Table {
    name: "key_pair",
    columns: &[
        ("id", Number),
        ("uuid", Id),
        ("user", Number),
        ("name", Text),
        ("kind", Text),
        ("public_key", Text),
        ("fingerprint", Text),
        ("created_us", Number),
    ],
};

/// Server groups.
pub(crate) static GROUP: Table = Table {
    name: "server_group",
    columns: &[
        ("id", Number),
        ("uuid", Id),
        ("project", Number),
        ("user", Number),
        ("name", Text),
        ("policy", Text),
        ("max_per_host", Number),
        ("created_us", Number),
    ],
};

/// Records beside the fleet.
pub(crate) static RECORD: Table = Table {
    name: "kept",
    columns: &[
        ("id", Number),
        ("kind", Text),
        ("key", Text),
        ("body", Text),
        ("expires_us", Number),
    ],
};

/// All tables with rows, in the order in which they are copied. Anything there is one of (`setting`,
/// `cell`) is of one life of the data, and a copy begins another.
pub(crate) static ALL: [&Table; 9] =
    [&PROJECT, &NAME, &SERVER, &OPERATION, &KEY, &CREDENTIAL, &KEY_PAIR, &GROUP, &RECORD];
