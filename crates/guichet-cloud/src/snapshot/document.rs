//! A snapshot as a document: what stands in the JSON. What a field means and what it is if it is left
//! out is in `docs/testing.md`.
//!
//! A document names what is declared by its name, so that it can be read where the same is declared
//! in another order. What no reader of it knows is refused: a field may restrict what others say.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use guichet_core::action::Action;
use guichet_core::key_pair::KeyKind;
use guichet_core::limits::{
    METADATA_MAX, NETWORKS_PER_SERVER_MAX as PORTS_MAX, OPERATIONS_PER_SERVER_MAX as FINISHED_MAX,
    SNAPSHOT_DOCUMENT_SERVERS_MAX as SERVERS_MAX, TAGS_MAX,
};
use guichet_core::request::Answer;
use guichet_core::server::{Failure, OperationState, Size};
use guichet_core::state::{PowerState, TaskState, VmState};
use guichet_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::at_most::{list, map, maybe_list};
use super::word::{Named, Word, needed, present};
use crate::accounts::Role;

/// What a document says that it is.
pub(super) const FORMAT: &str = "guichet-snapshot";
/// The version that is written, and the newest that is read.
pub(super) const VERSION: u64 = 1;

/// Roles of a credential.
const ROLES_MAX: usize = Role::ALL.len();

/// An instant as RFC 3339 has it.
pub(super) type At = Word<Timestamp>;

/// A document.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document<'a> {
    #[serde(rename = "format")]
    pub(super) _format: String,
    #[serde(rename = "version")]
    pub(super) _version: u64,
    pub(super) time: Option<TimeRow>,
    pub(super) seed: Option<u64>,
    #[serde(default, deserialize_with = "list::<SERVERS_MAX, _, _, _>")]
    pub(super) servers: Vec<ServerRow>,
    #[serde(default)]
    pub(super) key_pairs: Vec<KeyPairRow>,
    #[serde(default)]
    pub(super) server_groups: Vec<GroupRow>,
    #[serde(default)]
    pub(super) application_credentials: Vec<CredentialRow>,
    #[serde(default)]
    pub(super) idempotency_keys: Vec<KeyRow>,
    #[serde(default, borrow)]
    pub(super) records: Vec<RecordText<'a>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TimeRow {
    pub(super) now: At,
    pub(super) speed: f64,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ServerRow {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) project: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user: Option<String>,
    #[serde(deserialize_with = "needed")]
    pub(super) flavor: Option<Named>,
    #[serde(deserialize_with = "needed")]
    pub(super) image: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) size: Option<Size>,
    /// Null: it is on none. Left out: on one that has capacity.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub(super) host: Option<Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) vm_state: Option<Word<VmState>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) task_state: Option<Word<TaskState>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) power_state: Option<Word<PowerState>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) created: Option<At>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) updated: Option<At>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) launched: Option<At>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expires: Option<At>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "maybe_list::<PORTS_MAX, _, _, _>"
    )]
    pub(super) networks: Option<Vec<String>>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "maybe_list::<PORTS_MAX, _, _, _>"
    )]
    pub(super) ports: Option<Vec<PortRow>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<Arc<str>>,
    #[serde(
        default,
        skip_serializing_if = "BTreeMap::is_empty",
        deserialize_with = "map::<METADATA_MAX, _, _, _, _>"
    )]
    pub(super) metadata: BTreeMap<Arc<str>, Arc<str>>,
    #[serde(
        default,
        skip_serializing_if = "BTreeSet::is_empty",
        deserialize_with = "list::<TAGS_MAX, _, _, _>"
    )]
    pub(super) tags: BTreeSet<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) key_name: Option<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hostname: Option<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) availability_zone: Option<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user_data: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) config_drive: bool,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) disk_config_auto: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) access_ipv4: Option<Ipv4Addr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) access_ipv6: Option<Ipv6Addr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) lock: Option<LockRow>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) without_security_group: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) server_group: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fault: Option<FaultRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) second: Option<AllocationRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) never_started: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fence: Option<u32>,
    /// What is under way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) operation: Option<OperationRow>,
    /// What is over, oldest first.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "list::<FINISHED_MAX, _, _, _>"
    )]
    pub(super) finished: Vec<OperationRow>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PortRow {
    pub(super) network: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<IpAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mac: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LockRow {
    #[serde(default)]
    pub(super) by_admin: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<Arc<str>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultRow {
    pub(super) kind: Word<Failure>,
    pub(super) message: Arc<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) created: Option<At>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AllocationRow {
    pub(super) flavor: Named,
    pub(super) size: Size,
    pub(super) host: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OperationRow {
    pub(super) action: Word<Action>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) args: Option<ArgsRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) number: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) request: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) state: Option<Word<OperationState>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) attempt: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) worker: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) accepted: Option<At>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) started: Option<At>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) finished: Option<At>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) not_before: Option<At>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) failure: Option<Word<Failure>>,
    /// Its place in the queue: the smallest is the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) place: Option<u64>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub(super) enum ArgsRow {
    Resize { flavor: Named, size: Size },
    Move { host: Option<String> },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyPairRow {
    pub(super) name: Arc<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user: Option<String>,
    pub(super) public_key: Arc<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<Word<KeyKind>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) created: Option<At>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupRow {
    pub(super) id: Uuid,
    pub(super) name: Arc<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) project: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user: Option<String>,
    pub(super) policy: String,
    /// Of `anti-affinity`, if that was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_server_per_host: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) created: Option<At>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CredentialRow {
    pub(super) id: Uuid,
    pub(super) name: Arc<str>,
    pub(super) user: String,
    pub(super) project: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<Arc<str>>,
    #[serde(deserialize_with = "list::<ROLES_MAX, _, _, _>")]
    pub(super) roles: Vec<Arc<str>>,
    /// What is stored of its secret.
    pub(super) secret: Arc<str>,
    #[serde(default)]
    pub(super) unrestricted: bool,
    pub(super) created: At,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expires: Option<At>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyRow {
    pub(super) project: String,
    pub(super) key: Arc<str>,
    /// 64 hexadecimal digits.
    pub(super) fingerprint: String,
    pub(super) answer: Answer,
    pub(super) expires: At,
}

/// A record as it is written.
#[derive(Serialize)]
pub(super) struct RecordRow {
    pub(super) kind: String,
    pub(super) number: u32,
    pub(super) body: Value,
}

/// A record as it is read: what its body is made into depends on its kind, so at first it is text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordText<'a> {
    pub(super) kind: String,
    pub(super) number: u32,
    #[serde(borrow)]
    pub(super) body: &'a RawValue,
}
