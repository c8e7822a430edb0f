//! Rows beside servers as documents say them.

use std::sync::Arc;

use guichet_core::credential::{ApplicationCredential, RoleName, SecretDigest};
use guichet_core::group::{Policy, ServerGroup};
use guichet_core::ids::{CredentialId, GroupId, KeyPairId, ProjectId, UserId};
use guichet_core::key_pair::{KeyKind, KeyPair};
use guichet_core::limits;
use guichet_core::request::{Fingerprint, IdempotencyKey};
use guichet_core::rows;

use super::reader::{Reader, short};
use crate::accounts::Role;
use crate::ids;
use crate::keys::fingerprint;
use crate::plain::no_such_word;
use crate::servers::values;
use crate::snapshot::document::{CredentialRow, GroupRow, KeyPairRow, KeyRow};
use crate::snapshot::error::DocumentError;

/// Reads each row of a list.
fn each<R, T>(
    list: &str,
    rows: &[R],
    name: impl Fn(&R) -> &str,
    read: impl Fn(&R) -> Result<T, String>,
) -> Result<Vec<T>, DocumentError> {
    let rows = rows.iter().enumerate();
    rows.map(|(number, row)| {
        read(row).map_err(|problem| DocumentError::row(list, number, name(row), problem))
    })
    .collect()
}

impl Reader<'_> {
    fn user(&self, name: Option<&str>) -> Result<UserId, String> {
        name.map_or(Ok(self.names.owner.0), |name| self.names.users.number(name)).map(UserId)
    }

    fn project(&self, name: Option<&str>) -> Result<ProjectId, String> {
        let number = name.map_or(Ok(self.names.owner.1), |name| self.names.projects.number(name));
        number.map(ProjectId)
    }

    pub(super) fn key_pairs(
        &self,
        rows: &[KeyPairRow],
    ) -> Result<Vec<Arc<KeyPair>>, DocumentError> {
        each("key_pairs", rows, |row| &row.name, |row| self.key_pair(row))
    }

    fn key_pair(&self, row: &KeyPairRow) -> Result<Arc<KeyPair>, String> {
        let kind = row.kind.as_ref().map_or(KeyKind::Ssh, |kind| kind.0);
        let digest = fingerprint(kind, &row.public_key);
        let digest = digest.map_err(|problem| format!("public_key: {problem}"))?;
        let user = self.user(row.user.as_deref())?;
        let name = values::name(&row.name).map_err(|problem| format!("name: {problem}"))?;
        let made_up = || ids::uuid("key pair of a snapshot", &format!("{user} {name}"));
        Ok(Arc::new(KeyPair {
            id: KeyPairId(row.id.unwrap_or_else(made_up)),
            user,
            name,
            kind,
            public_key: Arc::clone(&row.public_key),
            fingerprint: Arc::from(digest),
            created: row.created.as_ref().map_or(self.at, |at| at.0),
        }))
    }

    pub(super) fn groups(&self, rows: &[GroupRow]) -> Result<Vec<Arc<ServerGroup>>, DocumentError> {
        each("server_groups", rows, |row| &row.name, |row| self.group(row))
    }

    fn group(&self, row: &GroupRow) -> Result<Arc<ServerGroup>, String> {
        let policy = Policy::of_word(&row.policy);
        let policy = policy
            .ok_or_else(|| format!("policy: {}", no_such_word(&row.policy, Policy::words())))?;
        let policy = match (policy, row.max_server_per_host) {
            (Policy::AntiAffinity { .. }, Some(0)) => {
                return Err("max_server_per_host: expected 1 or more".to_owned());
            }
            (Policy::AntiAffinity { .. }, Some(max_per_host)) => {
                Policy::AntiAffinity { max_per_host }
            }
            (_, Some(_)) => return Err("max_server_per_host: of anti-affinity alone".to_owned()),
            (policy, None) => policy,
        };
        Ok(Arc::new(ServerGroup {
            id: GroupId(row.id),
            project: self.project(row.project.as_deref())?,
            user: self.user(row.user.as_deref())?,
            name: short("name", &row.name, limits::NAME_MAX)?,
            policy,
            has_rules: row.max_server_per_host.is_some(),
            created: row.created.as_ref().map_or(self.at, |at| at.0),
        }))
    }

    pub(super) fn credentials(
        &self,
        rows: &[CredentialRow],
    ) -> Result<Vec<Arc<ApplicationCredential>>, DocumentError> {
        each("application_credentials", rows, |row| &row.name, |row| self.credential(row))
    }

    fn credential(&self, row: &CredentialRow) -> Result<Arc<ApplicationCredential>, String> {
        let role = |name: &Arc<str>| match Role::named(name) {
            Some(_) => Ok(RoleName(Arc::clone(name))),
            None => {
                let all = Role::ALL.iter().map(|role| role.as_str());
                Err(format!("roles: {}", no_such_word(name, all)))
            }
        };
        if !is_digest(&row.secret) {
            // What was found may be a secret.
            return Err("secret: expected a digest as it is exported, $argon2id$…".to_owned());
        }
        let description = row.description.as_deref().map_or(Ok(()), values::check_text);
        description.map_err(|problem| format!("description: {problem}"))?;
        Ok(Arc::new(ApplicationCredential {
            id: CredentialId(row.id),
            user: self.user(Some(&row.user))?,
            project: self.project(Some(&row.project))?,
            name: short("name", &row.name, limits::NAME_MAX)?,
            description: row.description.clone(),
            roles: row.roles.iter().map(role).collect::<Result<_, String>>()?,
            secret: SecretDigest(Arc::clone(&row.secret)),
            is_unrestricted: row.unrestricted,
            created: row.created.0,
            expires: row.expires.as_ref().map(|at| at.0),
        }))
    }

    pub(super) fn keys(&self, rows: &[KeyRow]) -> Result<Vec<rows::KeyRow>, DocumentError> {
        each("idempotency_keys", rows, |row| &row.key, |row| self.key(row))
    }

    fn key(&self, row: &KeyRow) -> Result<rows::KeyRow, String> {
        let most = limits::SERVERS_PER_REQUEST_MAX;
        let count = row.answer.operations.len();
        if !(1..=most).contains(&count) {
            return Err(format!("answer.operations: found {count} entries, expected 1 to {most}"));
        }
        let digest = digest(&row.fingerprint);
        let digest = digest.ok_or("fingerprint: expected 64 hexadecimal digits")?;
        Ok(rows::KeyRow {
            project: self.project(Some(&row.project))?,
            key: IdempotencyKey(short("key", &row.key, limits::KEY_MAX)?),
            fingerprint: Fingerprint(digest),
            answer: row.answer.clone(),
            expires: row.expires.0,
        })
    }
}

/// Whether a text is what is stored of a secret, at whatever cost that was hashed.
fn is_digest(text: &str) -> bool {
    let is_graphic = text.bytes().all(|byte| byte.is_ascii_graphic());
    text.starts_with("$argon2") && text.len() <= limits::TEXT_MAX && is_graphic
}

/// 32 bytes in hexadecimal.
fn digest(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    let mut digest = [0; 32];
    if digits.len() != 2 * digest.len() || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    for (byte, pair) in digest.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(digest)
}
