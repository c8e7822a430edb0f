//! Why a data directory cannot be used: one variant for each thing somebody can do about it, and
//! each text says what.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::kind::Kind;

/// Why a data directory was not opened, backed up, restored or checked.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it.
    #[error("{dir} is in use by {}: stop it first, or name another directory", who(*.pid))]
    InUse {
        /// The directory that was named.
        dir: PathBuf,
        /// Who has it, if that could be read.
        pid: Option<u32>,
    },
    /// The directory cannot be made, or not be written to.
    #[error("{dir} cannot be written to ({why}): name a directory that this user may write to")]
    Directory {
        /// The directory that was named.
        dir: PathBuf,
        /// The message of the system. No `source`: the text has it already.
        why: io::Error,
    },
    /// Others decide what is in it.
    #[error(
        "{path} is not safe to use ({why}): data belongs in a directory that only its owner may \
         write to, as `chmod go-w` or `mkdir -m 700` make one"
    )]
    Unsafe {
        /// The directory, or a file in it.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// It is another user's.
    #[error(
        "{path}: {why}: run this as root or as the user that the service runs as (sudo), or name another place"
    )]
    NotOurs {
        /// Which file or directory.
        path: PathBuf,
        /// The message of the system. No `source`: the text has it already.
        why: io::Error,
    },
    /// There is no data where it is looked for.
    #[error("{file} is not there: name the directory that the service was started with")]
    Missing {
        /// The file that this is about.
        file: PathBuf,
    },
    /// There is no backup where it is looked for.
    #[error("{file} is not there: name the file that `guichet backup` wrote")]
    BackupMissing {
        /// The file that this is about.
        file: PathBuf,
    },
    /// There is something that would be overwritten.
    #[error("{file} is there already: name another place, or move it away first")]
    Exists {
        /// The file that this is about.
        file: PathBuf,
    },
    /// A database of something else.
    #[error("{file} is not a Guichet data file ({what}): name another directory")]
    Foreign {
        /// The file that this is about.
        file: PathBuf,
        /// What it is instead.
        what: String,
    },
    /// Written by a later version of this program.
    #[error(
        "{file} has data of version {found}, this program knows up to {known}: use the newer \
         program, or restore a backup that was made with this one"
    )]
    Newer {
        /// The file that this is about.
        file: PathBuf,
        /// The version of the file.
        found: i64,
        /// The newest version that is known here.
        known: i64,
    },
    /// SQLite cannot read the file.
    #[error(
        "{file} is damaged ({what}): run `guichet verify --data DIR` to see what is, or restore a \
         backup into another directory"
    )]
    Damaged {
        /// The file that this is about.
        file: PathBuf,
        /// The message of SQLite.
        what: String,
    },
    /// What is to be restored is no backup.
    #[error("{file} is no backup, or a damaged one ({what}): restore another one")]
    NoBackup {
        /// The file that this is about.
        file: PathBuf,
        /// What it is instead, or what SQLite says.
        what: String,
    },
    /// SQLite can read it, but what it says cannot be.
    #[error(
        "the data is damaged: table {table}, row {row}, column {column}: {problem}; run `guichet \
         verify --data DIR` to see what else is, or restore a backup into another directory"
    )]
    Corrupt {
        /// The table with the row.
        table: &'static str,
        /// The row, by its id.
        row: i64,
        /// The column with the value.
        column: &'static str,
        /// What is wrong there.
        problem: String,
    },
    /// Another cell was led there.
    #[error(
        "{place}: the schema {schema} is the cell {found:?}, and the configuration has {} there: leave \
         the order and the names of [[cells]] as they are, with new ones behind",
        cell(wanted)
    )]
    OtherCell {
        /// The database.
        place: String,
        /// The schema of the cell.
        schema: String,
        /// Which cell it is.
        found: String,
        /// Which one it was to be; empty: none is declared.
        wanted: String,
    },
    /// A cell that the database has servers of is not declared.
    #[error(
        "{place}: {schema} is the cell {name:?} with {servers} servers, and the configuration declares no \
         such cell: declare it in [[cells]], under that name; or if its servers are to be gone, DROP \
         SCHEMA {schema} CASCADE"
    )]
    UndeclaredCell {
        /// The database.
        place: String,
        /// The schema of the cell.
        schema: String,
        /// Which cell it is.
        name: String,
        /// How many servers it has.
        servers: i64,
    },
    /// Something that servers use is not declared any more.
    #[error(
        "{kind} {name:?} is not declared any more, and {servers} servers use it: declare it \
         again, or delete those servers first"
    )]
    NameMissing {
        /// What kind of thing has the name.
        kind: Kind,
        /// The name that is meant.
        name: String,
        /// How many servers that exist use it.
        servers: u64,
    },
    /// Two things of one kind have the same name.
    #[error("{kind} {name:?} is declared twice: rename or remove one")]
    NameTwice {
        /// What kind of thing has the name.
        kind: Kind,
        /// The name that is meant.
        name: String,
    },
    /// The library has known faults.
    #[error("SQLite {found} loses data in rare cases: build with {wanted} or later")]
    TooOld {
        /// The version of the library.
        found: &'static str,
        /// The first that will do.
        wanted: &'static str,
    },
    /// The file system does not do what is needed.
    #[error(
        "{file}: SQLite has {setting} = {found}, it must be {wanted}: put the directory on a \
         local file system"
    )]
    Setting {
        /// The file that this is about.
        file: PathBuf,
        /// The name of the setting.
        setting: &'static str,
        /// The value it must have.
        wanted: &'static str,
        /// The value it has.
        found: String,
    },
    /// Somebody holds a lock on the file.
    #[error("{file} is locked by another program, such as an open sqlite3 shell: end it first")]
    Busy {
        /// The file that this is about.
        file: PathBuf,
    },
    /// The disk has no space left.
    #[error("the disk of {file} is full: make room and start again; nothing is lost")]
    Full {
        /// The file that this is about.
        file: PathBuf,
    },
    /// The system failed to read or write.
    #[error("{path}: {why}: see to the disk, then try again")]
    Io {
        /// Which file or directory.
        path: PathBuf,
        /// The message of the system. No `source`: the text has it already.
        why: io::Error,
    },
    /// What is said of a database cannot be used.
    #[error("{place}: {why}: name one as postgres://USER@HOST/DATABASE")]
    Place {
        /// What was said, without a password.
        place: Arc<str>,
        /// What is wrong with it.
        why: String,
    },
    /// The database cannot be reached at present.
    #[error("{place} cannot be reached: {what}")]
    Away {
        /// The database.
        place: String,
        /// What PostgreSQL or the system says.
        what: String,
    },
    /// The database is there, and does not let this user in, or not do what is needed.
    #[error(
        "{place} refuses: {what}: see to the user, its password (PGPASSWORD) and its rights; it must \
         own the database or the schema guichet"
    )]
    Denied {
        /// The database.
        place: String,
        /// What PostgreSQL says.
        what: String,
    },
    /// A setting of the database would lose what was acknowledged.
    #[error(
        "{place}: PostgreSQL has {setting} = {found}, and what was acknowledged would be lost with \
         the machine: set {setting} = {wanted} (ALTER SYSTEM SET, then SELECT pg_reload_conf())"
    )]
    Unsure {
        /// The database.
        place: String,
        /// The name of the setting.
        setting: &'static str,
        /// The value it must have.
        wanted: &'static str,
        /// The value it has.
        found: String,
    },
    /// The database was brought to a later version by a later version of this program.
    #[error(
        "{place} has data of version {found}, this program knows up to {known}: use the newer program"
    )]
    NewerDatabase {
        /// The database.
        place: String,
        /// The version of the data.
        found: i64,
        /// The newest version that is known here.
        known: i64,
    },
    /// There is a schema of that name, and it is somebody else's.
    #[error("{place} has a schema {schema} that is not Guichet's ({what}): name another database")]
    ForeignDatabase {
        /// The database.
        place: String,
        /// The schema.
        schema: String,
        /// What it is instead.
        what: String,
    },
    /// There are no data in the database.
    #[error("{place} has no data: name the database that the service was started with")]
    EmptyDatabase {
        /// The database.
        place: String,
    },
    /// There are data where others are to be put.
    #[error(
        "{place} has data already, and nothing is put over them: name another database, or move these \
         away first (ALTER SCHEMA {schema} RENAME TO ...)"
    )]
    HasData {
        /// The database.
        place: String,
        /// The schema of the cell.
        schema: String,
    },
    /// A node leads, or is about to: somebody else may write.
    #[error(
        "{place} is in use by {}: stop all nodes first (`guichet backup` copies a database while \
         they run)", node(by.as_deref())
    )]
    Led {
        /// The database.
        place: String,
        /// The node that leads, or led last, if that is known.
        by: Option<String>,
    },
    /// The last word of a copy got no answer.
    #[error(
        "{place}: the connection was lost when everything was written ({what}), and nobody knows \
         whether it is there: run `guichet verify`; if there are no data, begin again"
    )]
    Undecided {
        /// The database.
        place: String,
        /// What PostgreSQL or the system says.
        what: String,
    },
    /// A copy is not what it was made from.
    #[error(
        "the copy is not what was read (table {table}, {what}), and was taken back: see to both \
         disks, then try again"
    )]
    Differs {
        /// The table with the row.
        table: &'static str,
        /// Where, and how.
        what: String,
    },
    /// Somebody wants a copy to end before it is whole.
    #[error("interrupted: what was written was taken back")]
    Interrupted,
    /// Another node took over while this one was about to lead.
    #[error("{place}: another node leads: {what}")]
    Replaced {
        /// The database.
        place: String,
        /// What PostgreSQL says.
        what: String,
    },
    /// PostgreSQL failed in another way.
    #[error("{place}: {what}: see to PostgreSQL, then try again")]
    Database {
        /// The database.
        place: String,
        /// What PostgreSQL says.
        what: String,
    },
    /// SQLite failed in another way.
    #[error("{file}: {what}: see to the disk, then try again")]
    Sqlite {
        /// The file that this is about.
        file: PathBuf,
        /// The message of SQLite.
        what: String,
    },
}

/// What is done about a row that cannot be: `Err` ends the reading, `Ok` goes on without it.
pub(crate) type Report<'a> = &'a mut dyn FnMut(OpenError) -> Result<(), OpenError>;

fn who(pid: Option<u32>) -> String {
    pid.map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}"))
}

fn node(name: Option<&str>) -> String {
    name.map_or_else(|| "a node, or another copy".to_owned(), |name| format!("node {name}"))
}

fn cell(name: &str) -> String {
    if name.is_empty() { "no cells".to_owned() } else { format!("the cell {name:?}") }
}

impl OpenError {
    /// Whether it may be gone at another time, with nothing done about it here: the database is away, or
    /// another node leads.
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Away { .. } | Self::Replaced { .. })
    }
}
