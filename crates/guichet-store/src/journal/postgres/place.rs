//! Which database: what `--data postgres://...` says, with what is set beside it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use guichet_core::limits;
use rustls::ClientConfig;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::journal::rows::error::OpenError;

/// A database of PostgreSQL. It is shown without its password.
#[derive(Clone)]
pub struct Place {
    /// What is said to each of its hosts, in their order.
    pub(super) hosts: Vec<Config>,
    pub(super) tls: Option<MakeRustlsConnect>,
    /// The schema of the cell.
    pub(super) schema: Arc<str>,
    /// The number of the cell's lock, which follows from its schema: so no other place in a configuration
    /// makes two nodes take two locks for one cell.
    pub(super) lock: i32,
    /// The name of the cell in the configuration; empty: it declares none.
    pub(super) name: Arc<str>,
    /// The schemas of all cells that are declared; none: nobody says.
    pub(super) declared: Option<Arc<[String]>>,
    shown: Arc<str>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Place").field(&self.shown).finish()
    }
}

impl Place {
    /// Reads a connection string: `postgres://user@host1,host2/database?parameter=value`. The password
    /// comes beside it: a connection string stands in lists of processes and in logs. A parameter of our
    /// own, `cell=NAME`, stands for another cell than the first.
    ///
    /// # Errors
    /// [`OpenError::Place`]; no part of a password is in it.
    pub fn parse(text: &str, password: Option<&str>) -> Result<Self, OpenError> {
        let wrong = |why: String| OpenError::Place { place: without_password(text), why };
        let (without_cell, cell) = without_cell(text);
        let mut config: Config = without_cell.parse().map_err(|error: tokio_postgres::Error| {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            wrong(cause.unwrap_or_else(|| error.to_string()))
        })?;
        if config.get_hosts().is_empty() {
            return Err(wrong("it names no host".to_owned()));
        }
        if config.get_dbname().is_none_or(str::is_empty) {
            return Err(wrong("it names no database".to_owned()));
        }
        if config.get_user().is_none_or(str::is_empty) {
            return Err(wrong("it names no user".to_owned()));
        }
        if config.get_password().is_some() {
            return Err(wrong("others see a password in it: set PGPASSWORD instead".to_owned()));
        }
        if let Some(password) = password {
            config.password(password);
        }
        let is_local = config.get_hosts().iter().all(is_local);
        let says_tls = text.contains("sslmode=");
        if !says_tls {
            config.ssl_mode(if is_local { SslMode::Disable } else { SslMode::Require });
        }
        if config.get_application_name().is_none() {
            config.application_name("guichet");
        }
        // Of several hosts the one that takes writes.
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(limits::CONNECT_TIME);
        }
        config.keepalives_idle(KEEPALIVE).keepalives_interval(KEEPALIVE).keepalives_retries(3);
        config.tcp_user_timeout(limits::SESSION_SILENCE);
        let tls = match config.get_ssl_mode() {
            SslMode::Disable => None,
            _ => Some(verifying().map_err(|error| wrong(format!("no TLS: {error}")))?),
        };
        let hosts = each_host(&config);
        if hosts.len() > limits::POSTGRES_HOSTS_MAX {
            let (found, most) = (hosts.len(), limits::POSTGRES_HOSTS_MAX);
            return Err(wrong(format!("it names {found} hosts, more than {most}")));
        }
        let first = Self {
            hosts,
            tls,
            declared: None,
            schema: Arc::from(FIRST),
            lock: 0,
            name: Arc::from(""),
            shown: without_password(text),
        };
        match cell {
            None => Ok(first),
            Some(name) if guichet_core::cell::is_name(&name) => {
                Ok(Self { shown: first.shown.clone(), ..first.cell(1, &name) })
            }
            Some(name) => Err(wrong(format!("cell={name} is no name of a cell"))),
        }
    }

    /// The place of a cell that is declared: the first one is where a cloud without cells is, the others
    /// have a schema that is called after them.
    #[must_use]
    pub fn cell(&self, number: usize, name: &str) -> Self {
        // Whichever cell's place this one is.
        let (shown, _) = without_cell(&self.shown);
        let (place, name) = (self.clone(), Arc::from(name));
        if number == 0 {
            return Self { schema: Arc::from(FIRST), lock: 0, name, shown: shown.into(), ..place };
        }
        let schema = schema_of(&name);
        let mark = if shown.contains('?') { '&' } else { '?' };
        let shown = Arc::from(format!("{shown}{mark}cell={name}"));
        Self { lock: lock_of(&schema), schema: schema.into(), name, shown, ..place }
    }

    /// The same, where these cells are declared, in their order, and no other one: whoever leads one of them
    /// looks whether the database has another.
    #[must_use]
    pub fn among(&self, names: &[Arc<str>]) -> Self {
        let others = names.iter().skip(1).map(|name| schema_of(name));
        let all = std::iter::once(FIRST.to_owned()).chain(others);
        Self { declared: Some(all.collect()), ..self.clone() }
    }

    /// Whether it is the place of the first cell.
    pub fn is_first(&self) -> bool {
        &*self.schema == FIRST
    }
}

/// The schema of the first cell.
pub(super) const FIRST: &str = "guichet";

/// The schema of a cell; the first one's of none.
pub(super) fn schema_of(name: &str) -> String {
    if name.is_empty() { FIRST.to_owned() } else { format!("{FIRST}_{name}") }
}

/// The number of a lock: never 0, which is the first cell's, and never -1, which is for changes of schemas.
/// Fowler, Noll and Vo's hash (FNV-1a, 32 bits), without its highest bit.
fn lock_of(schema: &str) -> i32 {
    let hash = schema
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    i32::try_from(hash >> 1).unwrap_or(i32::MAX).max(1)
}

/// A connection string without the parameter `cell`, which PostgreSQL does not know, and its value.
fn without_cell(text: &str) -> (String, Option<String>) {
    let Some((address, parameters)) = text.split_once('?') else { return (text.to_owned(), None) };
    let mut cell = None;
    let others: Vec<&str> = parameters
        .split('&')
        .filter(|one| match one.strip_prefix("cell=") {
            Some(name) => {
                cell = Some(name.to_owned());
                false
            }
            None => true,
        })
        .collect();
    let mark = if others.is_empty() { "" } else { "?" };
    (format!("{address}{mark}{}", others.join("&")), cell)
}

/// How long a connection is silent before the system asks whether the other side is there.
const KEEPALIVE: Duration = Duration::from_secs(1);

/// One that names one host for each that this one names: the library has no deadline for a host that takes
/// the connection and says nothing, and the next one is tried after ours.
fn each_host(all: &Config) -> Vec<Config> {
    let (hosts, addresses, ports) = (all.get_hosts(), all.get_hostaddrs(), all.get_ports());
    let of_host = |(index, host): (usize, &Host)| {
        let mut one = without_hosts(all);
        match host {
            Host::Tcp(name) => one.host(name),
            Host::Unix(folder) => one.host_path(folder),
        };
        one.port(ports.get(index).or(ports.first()).copied().unwrap_or(PORT));
        if let Some(address) = addresses.get(index) {
            one.hostaddr(*address);
        }
        one
    };
    hosts.iter().enumerate().map(of_host).collect()
}

/// Where PostgreSQL listens if nothing else is said.
const PORT: u16 = 5432;

/// All but where.
fn without_hosts(all: &Config) -> Config {
    let mut one = Config::new();
    one.ssl_mode(all.get_ssl_mode()).ssl_negotiation(all.get_ssl_negotiation());
    one.target_session_attrs(all.get_target_session_attrs());
    one.channel_binding(all.get_channel_binding());
    one.keepalives(all.get_keepalives()).keepalives_idle(all.get_keepalives_idle());
    all.get_keepalives_interval().map(|time| one.keepalives_interval(time));
    all.get_keepalives_retries().map(|times| one.keepalives_retries(times));
    all.get_user().map(|user| one.user(user));
    all.get_password().map(|password| one.password(password));
    all.get_dbname().map(|name| one.dbname(name));
    all.get_options().map(|options| one.options(options));
    all.get_application_name().map(|name| one.application_name(name));
    all.get_connect_timeout().map(|time| one.connect_timeout(*time));
    all.get_tcp_user_timeout().map(|time| one.tcp_user_timeout(*time));
    one
}

fn is_local(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
        }
    }
}

/// TLS that trusts whom the system trusts.
fn verifying() -> Result<MakeRustlsConnect, rustls::Error> {
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    let builder = ClientConfig::builder_with_provider(Arc::new(provider.clone()));
    let builder = builder.with_safe_default_protocol_versions()?;
    let verifier = rustls_platform_verifier::Verifier::new(Arc::new(provider))?;
    let config = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
    Ok(MakeRustlsConnect::new(config.with_no_client_auth()))
}

/// A connection string as it may be shown: without what stands between `:` and `@` in front of the
/// host, and without a parameter `password`.
fn without_password(text: &str) -> Arc<str> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("postgres", text));
    let (address, parameters) = match rest.split_once('?') {
        Some((address, parameters)) => (address, Some(parameters)),
        None => (rest, None),
    };
    let address = match address.rsplit_once('@') {
        Some((who, place)) => {
            let user = who.split_once(':').map_or(who, |(user, _)| user);
            format!("{user}@{place}")
        }
        None => address.to_owned(),
    };
    let shown = parameters.into_iter().flat_map(|all| all.split('&'));
    let shown: Vec<&str> = shown.filter(|one| !one.starts_with("password=")).collect();
    let (mark, shown) = (if shown.is_empty() { "" } else { "?" }, shown.join("&"));
    Arc::from(format!("{scheme}://{address}{mark}{shown}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        for text in [
            "postgres://me:s3cret@db/guichet?sslmode=disable",
            "postgres://me@db/guichet?password=s3cret&sslmode=disable",
            "postgres://me:s3cret:s3cret@db/guichet?sslmode=disable",
            "postgres://me:s3cret@db/guichet?sslmode=never",
            "postgres://me:s3cret@/",
        ] {
            let error = Place::parse(text, None).expect_err("it has a password");
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("s3cret"), "{shown}");
            assert!(shown.contains("postgres://me@"), "{shown}");
        }
    }

    #[test]
    fn other_machines_are_spoken_to_in_tls_unless_it_is_said_otherwise() {
        let mode = |text| Place::parse(text, None).expect("a place").hosts[0].get_ssl_mode();
        assert_eq!(mode("postgres://me@db1,db2/guichet"), SslMode::Require);
        assert_eq!(mode("postgres://me@localhost,db2/guichet"), SslMode::Require);
        assert_eq!(mode("postgres://me@127.0.0.1/guichet"), SslMode::Disable);
        assert_eq!(mode("postgres://me@%2Frun%2Fpostgresql/guichet"), SslMode::Disable);
        assert_eq!(mode("postgres://me@db/guichet?sslmode=disable"), SslMode::Disable);
    }

    #[test]
    fn each_cell_has_a_schema_and_a_lock_of_its_own() {
        let place = Place::parse("postgres://me@db/guichet", None).expect("a place");
        assert_eq!((&*place.schema, place.lock), ("guichet", 0));
        let first = place.cell(0, "east");
        assert_eq!((&*first.schema, first.lock, &*first.name), ("guichet", 0, "east"));
        let named = Place::parse("postgres://me@db/guichet?cell=west&sslmode=disable", None);
        let (other, named) = (place.cell(1, "west"), named.expect("a place"));
        assert_eq!((&*other.schema, other.lock), ("guichet_west", lock_of("guichet_west")));
        assert_eq!((&named.schema, named.lock), (&other.schema, other.lock));
        assert_eq!(other.to_string(), "postgres://me@db/guichet?cell=west");
        assert!(named.to_string().contains("cell=west") && !named.is_first());
        // Of the place of one cell the others are found.
        let first = other.cell(0, "east");
        assert_eq!((&*first.schema, first.lock, &*first.name), ("guichet", 0, "east"));
        assert_eq!(first.to_string(), place.to_string());
        assert_eq!(other.cell(2, "north").to_string(), "postgres://me@db/guichet?cell=north");
        // Wherever it is declared its lock is the same one, for ever: nodes of two versions share it.
        assert_eq!(place.cell(7, "west").lock, other.lock);
        assert_eq!(lock_of("guichet_west"), 1_482_255_576);
    }

    #[test]
    fn each_host_is_told_all_that_is_said() {
        let text = "postgres://me@db1:5433,db2:5434/guichet?application_name=a&connect_timeout=7\
                    &options=-c%20work_mem%3D1MB&channel_binding=require";
        let place = Place::parse(text, Some("s3cret")).expect("a place");
        let whole = |host: &str, port| {
            let text = text.replace("db1:5433,db2:5434", &format!("{host}:{port}"));
            let mut hosts = Place::parse(&text, Some("s3cret")).expect("a place").hosts;
            hosts.pop().expect("one")
        };
        assert_eq!(place.hosts, [whole("db1", 5433), whole("db2", 5434)]);
        let one = &place.hosts[1];
        assert_eq!(one.get_hosts(), [Host::Tcp("db2".to_owned())]);
        assert_eq!((one.get_ports(), one.get_dbname()), (&[5434][..], Some("guichet")));
        assert_eq!(one.get_connect_timeout(), Some(&Duration::from_secs(7)));
        assert_eq!(one.get_password(), Some(&b"s3cret"[..]));
        // Nothing that the library reads is left out.
        let mut read: Config = text.parse().expect("a connection string");
        read.password("s3cret").target_session_attrs(TargetSessionAttrs::ReadWrite);
        read.keepalives_idle(KEEPALIVE).keepalives_interval(KEEPALIVE).keepalives_retries(3);
        read.tcp_user_timeout(limits::SESSION_SILENCE).ssl_mode(SslMode::Require);
        let mut again = without_hosts(&read);
        again.host("db1").host("db2").port(5433).port(5434);
        assert_eq!(again, read);
    }

    #[test]
    fn what_is_missing_is_named() {
        for (text, why) in [
            ("postgres://me@/guichet", "no host"),
            ("postgres://db/guichet", "no user"),
            ("postgres://me@db", "no database"),
            ("postgres://me@db/guichet?cell=2", "cell=2 is no name"),
            ("postgres://me@db/guichet?cells=a", "cells"),
        ] {
            let error = Place::parse(text, None).expect_err(text).to_string();
            assert!(error.contains(why), "{error}");
        }
    }
}
