//! Fault rules as they are sent and shown.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum On {
    /// Requests, by `method`, `path`, `service`, `project` and `client`.
    Request,
    /// Operations, by `action`, `server`, `project` and `host`.
    Operation,
    /// Hosts, by `host`.
    Host,
}

/// What is to go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Do {
    /// A request is answered with `status`, `message` and `retry_after_s`.
    Answer,
    /// The connection is closed without an answer.
    Close,
    /// A request waits `delay_s`.
    Delay,
    /// The token that a request comes with has expired, from now on.
    ExpireToken,
    /// The list that a request asks for lacks the first whose name or id is `lacks`.
    LackOne,
    /// An operation fails with `message`; if `transient`, another attempt may help.
    Error,
    /// An operation is done, and said to have failed with `message`.
    FailedButDone,
    /// An operation never ends by itself.
    Stuck,
    /// An operation takes `delay_s` longer, of the world's time.
    Slow,
    /// A host is dead for as long as the rule is there, or in its window: its service is down, it takes no
    /// servers, and what is asked of those that it has waits for it.
    Die,
}

/// What becomes of the servers of a host that is dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Servers {
    /// They are shown as they were, as Nova does.
    Stay,
    /// They are in ERROR, and their machines gone for good.
    Error,
}

/// Ready rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Scenario {
    /// Compute answers nothing but 503.
    Outage,
    /// A third of Compute's requests takes half a second longer, and one in ten is answered 503.
    BrownOut,
    /// Every third request to Compute is answered 429, to come back in a second.
    ApiThrottled,
    /// Every other request to Compute loses its connection.
    Flapping,
    /// Every other create fails for good.
    CreatesFail,
    /// The first host is dead, or the one that `host` says; `servers` says what becomes of its servers.
    HostDies,
}

/// A rule, or a scenario: some rules by one name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewFault {
    /// Ready rules by their name. A window may stand beside it, and with `host-dies` `host` and `servers`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scenario: Option<Scenario>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) on: Option<On>,
    /// The method of a request; a `*` is any text, here and in what follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) method: Option<String>,
    /// The path of a request inside the world, without its query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) path: Option<String>,
    /// The service of a request: `compute`, `identity`, `image` or `network`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) service: Option<String>,
    /// The address that a request comes from, such as `127.0.0.1`; of IPv6 that of its network of 64 bits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) client: Option<String>,
    /// The action of an operation, such as `create`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) action: Option<String>,
    /// The name of an operation's server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) server: Option<String>,
    /// The name of the project: of an operation's server, or of the token that a request comes with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) project: Option<String>,
    /// The name of a host: of an operation's server, or the one that dies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) host: Option<String>,
    /// Only the one of this number, from 1, of those that the rule is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) nth: Option<u64>,
    /// Only every so manieth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) every: Option<u64>,
    /// Each with this probability, above 0 and at most 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) probability: Option<f64>,
    /// So many at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) times: Option<u64>,
    /// From this instant of the world on, such as `2026-12-01T00:00:00Z`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<String>,
    /// Before this instant of the world.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<String>,
    /// In place of `from`: so many seconds of the world after the rule was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) from_s: Option<f64>,
    /// In place of `until`, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) until_s: Option<f64>,
    /// What is to go wrong.
    #[serde(rename = "do", skip_serializing_if = "Option::is_none")]
    pub(super) what: Option<Do>,
    /// Whether what a request asks for is done first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) after: Option<bool>,
    /// The status of an answer, 200 to 599.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<u16>,
    /// What the answer, or the driver, says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
    /// When to come back, as the answer says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) retry_after_s: Option<u64>,
    /// How long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) delay_s: Option<f64>,
    /// Whether another attempt may help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) transient: Option<bool>,
    /// The name or the id of what a list lacks; without it the first in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) lacks: Option<String>,
    /// What becomes of the servers of a host that dies: `stay` unless it is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) servers: Option<Servers>,
}
