//! A server of PostgreSQL that a test has for itself: in a scratch folder, on a socket there, gone
//! with the process that started it.
//!
//! It runs as an unprivileged user, as PostgreSQL wants it, and syncs as a real one does: a service
//! refuses one that does not.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, bail, ensure};

/// `required`: a test that needs PostgreSQL fails where there is none; else it is left out.
pub const REQUIRED: &str = "GUICHET_POSTGRES";

/// Makes the server, says where it is, and waits for the end of its input: that is the end of whoever
/// started it, however it ended.
const SCRIPT: &str = r#"
set -e
dir=$(mktemp -d "$PARENT/guichet-pg.XXXXXX")
trap '"$BIN/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1; rm -rf "$dir"' EXIT
cd "$dir"
if [ -n "$PRIMARY" ]; then
    "$BIN/pg_basebackup" -h "$PRIMARY" -U guichet -D "$dir/data" -R -X stream -c fast -N
else
    "$BIN/initdb" -D "$dir/data" -U guichet -A trust -N -E UTF8 --locale=C >"$dir/initdb.log" 2>&1
fi
cat >>"$dir/data/postgresql.conf" <<END
listen_addresses = ''
unix_socket_directories = '$dir'
max_connections = 200
logging_collector = off
END
"$BIN/pg_ctl" -D "$dir/data" -l "$dir/log" -w start >/dev/null
echo "$dir"
read -r _ || true
"#;

/// The server. When it is dropped, or the process ends, it is stopped and its folder deleted.
#[derive(Debug)]
pub struct Server {
    /// Waits for the end of its input.
    script: Mutex<Child>,
    programs: PathBuf,
    dir: PathBuf,
    databases: AtomicUsize,
}

impl Server {
    /// Starts one; none if PostgreSQL is not installed here and nobody requires it. Says by name what
    /// is left out then.
    ///
    /// # Panics
    /// If it is required and not there, or does not start.
    pub fn start(what: &str) -> Option<Self> {
        Self::start_in(memory(), what)
    }

    /// The same, in a folder below this one: on the disk that is to be measured.
    ///
    /// # Panics
    /// As [`start`](Self::start).
    pub fn start_in(parent: &Path, what: &str) -> Option<Self> {
        let Some(programs) = programs() else {
            let is_required = std::env::var(REQUIRED).is_ok_and(|value| value == "required");
            assert!(!is_required, "{REQUIRED}=required, and PostgreSQL is not installed");
            eprintln!("skipped, for PostgreSQL is not installed: {what}");
            return None;
        };
        match Self::start_with(programs, parent, None) {
            Ok(server) => Some(server),
            Err(error) => panic!("PostgreSQL does not start: {error:#}"),
        }
    }

    /// Another one that has everything this one has, and is waited for with each commit from now on.
    ///
    /// # Errors
    /// It does not start.
    pub fn standby(&self) -> anyhow::Result<Self> {
        let standby = Self::start_with(self.programs.clone(), memory(), Some(&self.dir))?;
        // Set once it has its own copy of the settings: it has no standby itself.
        self.sql("postgres", "ALTER SYSTEM SET synchronous_standby_names = '*'")?;
        self.sql("postgres", "SELECT pg_reload_conf()")?;
        Ok(standby)
    }

    fn start_with(
        programs: PathBuf,
        parent: &Path,
        primary: Option<&Path>,
    ) -> anyhow::Result<Self> {
        let mut command = unprivileged();
        command.args(["sh", "-c", SCRIPT]).env("BIN", &programs).env("PARENT", parent);
        command.env("PRIMARY", primary.unwrap_or(Path::new("")));
        let mut script = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("sh, as an unprivileged user")?;
        let output = script.stdout.take().context("no output")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        ensure!(!line.trim().is_empty(), "initdb or pg_ctl failed: see what it said above");
        let dir = PathBuf::from(line.trim());
        let databases = AtomicUsize::new(0);
        Ok(Self { script: Mutex::new(script), programs, dir, databases })
    }

    /// A new database: its connection string.
    ///
    /// # Errors
    /// The server does not make one.
    pub fn database(&self) -> anyhow::Result<String> {
        let name = format!("d{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("CREATE DATABASE {name}"))?;
        Ok(self.url(&name))
    }

    /// The connection string of a database.
    pub fn url(&self, database: &str) -> String {
        let dir = self.dir.display().to_string().replace('/', "%2F");
        format!("postgres://guichet@{dir}/{database}")
    }

    /// The same, with another server to be asked where this one is none that takes writes.
    pub fn url_of_both(&self, other: &Self, database: &str) -> String {
        let dir = |server: &Self| server.dir.display().to_string().replace('/', "%2F");
        format!("postgres://guichet@{},{}/{database}", dir(self), dir(other))
    }

    /// The folder that its socket is in.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// A program of PostgreSQL's, to be run as its user.
    pub fn program(&self, name: &str) -> Command {
        let mut command = unprivileged();
        command.arg(self.programs.join(name)).current_dir("/");
        command
    }

    /// Runs SQL in a database: what it printed, a row a line.
    ///
    /// # Errors
    /// What `psql` says.
    pub fn sql(&self, database: &str, sql: &str) -> anyhow::Result<String> {
        let mut psql = self.program("psql");
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "guichet"]);
        psql.arg("-h").arg(&self.dir).args(["-d", database, "-c", sql]);
        let output = psql.output()?;
        if !output.status.success() {
            bail!("{sql}: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// `pg_ctl` with these arguments, such as `restart -m immediate`.
    ///
    /// # Errors
    /// It fails.
    pub fn control(&self, arguments: &[&str]) -> anyhow::Result<()> {
        let mut control = self.program("pg_ctl");
        control.arg("-D").arg(self.dir.join("data")).arg("-l").arg(self.dir.join("log"));
        control.arg("-w").args(arguments).stdout(Stdio::null());
        let status = control.status()?;
        ensure!(status.success(), "pg_ctl {arguments:?}: {status}");
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Ok(script) = self.script.get_mut() {
            drop(script.stdin.take());
            // It deletes its folder; there is nobody to tell if that fails.
            let _ = script.wait();
        }
    }
}

/// Where files are in memory, so that a sync costs nothing; the folder for scratch files if there is no
/// such place. What a process wrote is there after it was killed, which is all that tests do to it.
fn memory() -> &'static Path {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { memory } else { Path::new("/tmp") }
}

/// What begins a command as a user that PostgreSQL runs as: not as root.
fn unprivileged() -> Command {
    let mut command =
        Command::new(if nix::unistd::geteuid().is_root() { "runuser" } else { "env" });
    if nix::unistd::geteuid().is_root() {
        command.args(["-u", "nobody", "--"]);
    }
    command
}

/// Where PostgreSQL's programs are: the newest that Debian has, or those in the path.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            let number = entry.file_name().to_str()?.parse().ok()?;
            Some((number, entry.path().join("bin")))
        })
        .filter(|(_, programs)| programs.join("initdb").exists())
        .collect();
    versions.sort();
    let in_path = || {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).find(|programs| programs.join("initdb").exists())
    };
    versions.pop().map(|(_, programs)| programs).or_else(in_path)
}
