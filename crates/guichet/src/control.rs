//! Asks a service that runs: what `world`, `snapshot`, `clock` and `fault` have in common.

mod socket;
mod unanswered;

pub(crate) use unanswered::{Unanswered, cause, refused, why as unanswered};

use std::env;
use std::fmt::Display;
use std::path::Path;

use anyhow::{Context as _, bail};
use guichet_core::limits;
use guichet_http::tls::{certificates, provider};
use guichet_locale::{Message, text};
use http::{Method, Request, StatusCode, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use ureq::Agent;
use ureq::config::ConfigBuilder;
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};
use ureq::typestate::AgentScope;

use crate::cli::{PlaceArgs, ShownFormatArg, TrustArgs};
use crate::output;

/// What is said of an answer that is none of a service's.
const STRANGE: &str = "this is no guichet serve, or an older one";
/// Bytes of an answer: of the longest, a snapshot as a document.
const ANSWER_MAX: u64 = 2 * limits::SNAPSHOT_DOCUMENT_MAX as u64;

/// What need not be escaped (RFC 3986, section 2.3).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// One service.
pub(crate) struct Client<'a> {
    place: &'a PlaceArgs,
    token: Option<String>,
    /// How paths begin.
    begins: String,
    agent: Agent,
}

impl<'a> Client<'a> {
    /// One that asks there.
    ///
    /// # Errors
    /// Files with certificates that cannot be used.
    pub(crate) fn new(place: &'a PlaceArgs) -> anyhow::Result<Self> {
        let config = agent(&place.url, &place.trust)?;
        Ok(Self::with(place, config.timeout_global(Some(limits::ANSWER_TIME))))
    }

    /// The same, for an answer that does not end: nothing is waited for longer than usual until it
    /// begins.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub(crate) fn following(place: &'a PlaceArgs) -> anyhow::Result<Self> {
        let config = agent(&place.url, &place.trust)?;
        let config = config.timeout_connect(Some(limits::ANSWER_TIME));
        Ok(Self::with(place, config.timeout_recv_response(Some(limits::ANSWER_TIME))))
    }

    fn with(place: &'a PlaceArgs, config: ConfigBuilder<AgentScope>) -> Self {
        let config = config.user_agent(concat!("guichet/", env!("CARGO_PKG_VERSION"))).build();
        let agent = match &place.socket {
            Some(path) => socket::agent(config, path.clone()),
            None => config.into(),
        };
        Self { place, token: place.token.clone(), begins: String::new(), agent }
    }

    /// The same for what is about a world: with the token that its maker has in the environment, if that
    /// is the world which is meant and no other token is said. Paths begin behind the world's own.
    ///
    /// # Errors
    /// See [`new`](Self::new).
    pub(crate) fn of_world(place: &'a PlaceArgs, world: &str) -> anyhow::Result<Self> {
        let mut client = Self::new(place)?;
        // No id is empty, and what is none must not become another path.
        let id = if world.is_empty() { "-" } else { world };
        client.begins = format!("worlds/{}", encoded(id));
        let is_meant = std::env::var("GUICHET_WORLD").is_ok_and(|named| named == world);
        if client.token.is_none() && is_meant {
            client.token = std::env::var("GUICHET_WORLD_TOKEN").ok();
        }
        Ok(client)
    }

    /// The answer to a request for a path below `/guichet/v1/`; null if it has no body.
    ///
    /// # Errors
    /// Nobody answers, or the service refuses: its own sentence.
    pub(crate) fn ask(
        &self,
        method: &Method,
        path: &str,
        body: Option<&Value>,
    ) -> anyhow::Result<Value> {
        let text = self.ask_for_text(method, path, body.map(Value::to_string))?;
        if text.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&text).with_context(|| format!("{}: {STRANGE}", self.named()))
    }

    /// The text of an answer, for what is long and need not be read here.
    ///
    /// # Errors
    /// See [`ask`](Self::ask).
    pub(crate) fn ask_for_text(
        &self,
        method: &Method,
        path: &str,
        body: Option<String>,
    ) -> anyhow::Result<String> {
        let mut answer = self.answer(method, path, body)?;
        let named = self.named();
        let text = answer.body_mut().with_config().limit(ANSWER_MAX).read_to_string();
        text.with_context(|| format!("{named}: the answer broke off"))
    }

    /// An answer that is none of refusal, unread.
    ///
    /// # Errors
    /// See [`ask`](Self::ask).
    pub(crate) fn answer(
        &self,
        method: &Method,
        path: &str,
        body: Option<String>,
    ) -> anyhow::Result<http::Response<ureq::Body>> {
        // A socket has no address; what stands in its place is never looked up.
        let socket = self.place.socket.as_deref();
        let url = socket.map_or(self.place.url.trim_end_matches('/'), |_| "http://localhost");
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{url}/guichet/v1/{}{path}", self.begins));
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let named = self.named();
        let request = request.body(body.unwrap_or_default());
        let request = request.with_context(|| format!("--url: {named}"))?;
        let mut answer = self
            .agent
            .run(request)
            .map_err(|error| unanswered(&self.named(), self.place.socket.is_some(), error))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        let text = answer.body_mut().with_config().limit(ANSWER_MAX).read_to_string();
        let text = text.with_context(|| format!("{named}: the answer broke off"))?;
        match serde_json::from_str(&text) {
            Ok(Value::Object(fault)) => {
                let message = fault.get("error").and_then(|error| error["message"].as_str());
                let hint = if socket.is_some() && status == StatusCode::FORBIDDEN {
                    "; run this as one of them (sudo)"
                } else {
                    ""
                };
                bail!("{named}: {}{hint}", message.unwrap_or(status.as_str()))
            }
            _ => bail!("{named}: {status}: {STRANGE}"),
        }
    }

    /// What the service is called where something is said of it.
    pub(crate) fn named(&self) -> String {
        let socket = self.place.socket.as_ref();
        socket.map_or_else(
            || self.place.url.trim_end_matches('/').to_owned(),
            |path| path.display().to_string(),
        )
    }
}

/// What asks there.
///
/// # Errors
/// Files with certificates that cannot be used.
pub(crate) fn agent(url: &str, trust: &TrustArgs) -> anyhow::Result<ConfigBuilder<AgentScope>> {
    // An answer that refuses is one to read.
    let mut config = Agent::config_builder().http_status_as_error(false);
    if url.starts_with("https://") {
        config = config.tls_config(tls(trust)?);
    }
    // A proxy of the environment is for other machines than this one.
    Ok(if is_here(url) { config.proxy(None) } else { config })
}

/// By what a service is checked, and what it is shown if it wants a certificate: what the
/// environment names, as for `openstack`.
fn tls(trust: &TrustArgs) -> anyhow::Result<TlsConfig> {
    let roots = match &trust.cacert {
        Some(path) => {
            let found = certificates(path).context("--cacert")?;
            found.iter().map(|one| Certificate::from_der(one).to_owned()).into()
        }
        None => RootCerts::PlatformVerifier,
    };
    let shown = match (env::var_os("OS_CERT"), env::var_os("OS_KEY")) {
        (Some(cert), Some(key)) => Some(client_certificate(Path::new(&cert), Path::new(&key))?),
        (None, None) => None,
        (cert, _) => {
            let (set, unset) =
                if cert.is_some() { ("OS_CERT", "OS_KEY") } else { ("OS_KEY", "OS_CERT") };
            return Err(Message::new(|locale| {
                text!(locale, "control-half-certificate", set = set, unset = unset)
            })
            .into());
        }
    };
    let config = TlsConfig::builder().root_certs(roots).client_cert(shown);
    Ok(config.unversioned_rustls_crypto_provider(provider()).build())
}

fn client_certificate(cert: &Path, key: &Path) -> anyhow::Result<ClientCert> {
    let chain = certificates(cert).context("OS_CERT")?;
    let chain: Vec<_> = chain.iter().map(|one| Certificate::from_der(one).to_owned()).collect();
    let text = std::fs::read(key).with_context(|| format!("OS_KEY: {}", key.display()))?;
    let key = PrivateKey::from_pem(&text).with_context(|| format!("OS_KEY: {}", key.display()))?;
    Ok(ClientCert::new_with_certs(&chain, key))
}

/// Whether an address is of this machine.
fn is_here(url: &str) -> bool {
    let host = url.split("//").nth(1).unwrap_or_default();
    ["localhost", "127.", "[::1]"].iter().any(|here| host.starts_with(here))
}

/// A text as it stands in a path or a query.
pub(crate) fn encoded(text: &str) -> impl Display {
    utf8_percent_encode(text, ESCAPED)
}

/// A query of what is said.
pub(crate) fn query(pairs: &[(&str, Option<String>)]) -> String {
    let said = pairs.iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
    let said = said.map(|(name, value)| format!("{name}={}", encoded(value)));
    said.collect::<Vec<_>>().join("&")
}

/// Prints an answer: as a table has it, or as the service gave it.
pub(crate) fn print(
    answer: &Value,
    format: ShownFormatArg,
    table: impl FnOnce(&Value) -> String,
) -> Result<(), Message> {
    output::print(&match format {
        ShownFormatArg::Table => table(answer),
        ShownFormatArg::Json => as_json(answer),
    })
}

/// What the service answered.
pub(crate) fn as_json(value: &Value) -> String {
    format!("{value:#}\n")
}
