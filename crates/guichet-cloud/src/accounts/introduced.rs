//! What one cell of a cloud says to another of who comes from there: what a token stands for, and whether a
//! credential is its own. It is asked each time, and nobody remembers the answer, so that a token which is
//! revoked is worth nothing anywhere from that moment on.

use std::sync::Arc;

use guichet_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::directory::Which;
use super::role::Role;
use super::service::Accounts;
use super::session::{AuditId, Methods, Session};
use crate::ids::hexadecimal;

/// The number of a project that is another cell's: in no list here. It follows from the project's id, so that
/// what is counted by a project is counted by this one, too; of as many projects as a cloud can have two share a
/// number once in a long while, and then a rate.
fn number_elsewhere(project: &str) -> usize {
    const FIRST: u32 = 1 << 31;
    let number = Sha256::digest(project.as_bytes())
        .iter()
        .take(4)
        .fold(0, |number, byte| number << 8 | u32::from(*byte));
    (FIRST | number) as usize
}

/// What one cell asks another. It has no `Debug`: a token is in it.
#[expect(missing_debug_implementations, reason = "a token is in it")]
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// What does this token stand for?
    Token(String),
    /// Is there an application credential of this id?
    Credential(String),
    /// Has the user, by id or by name, one that is called this?
    NamedCredential {
        /// The user's id.
        user_id: Option<String>,
        /// The user's name.
        user_name: Option<String>,
        /// The credential's name.
        name: String,
    },
}

/// What a token stands for, as its cell says it. Instants are µs since 1970. A node of a later version may say
/// more, and one of an earlier version less: a field that is added has a value where it is missing.
#[derive(Serialize, Deserialize)]
struct Said {
    user: Arc<str>,
    /// The id of the project that it is for.
    #[serde(default)]
    project: Option<Arc<str>>,
    role: Option<Role>,
    methods: Methods,
    audit: AuditId,
    audit_root: Option<AuditId>,
    issued_at_us: u64,
    expires_at_us: u64,
    by_credential: bool,
    /// Whether it goes back to a token of another cell.
    #[serde(default)]
    got_elsewhere: bool,
    /// Of which token this is said: its digest, hexadecimal.
    of: String,
}

/// Who comes with a token of another cell. The project is that cell's, and none of this one's.
#[derive(Debug, Clone)]
pub struct Introduced {
    /// What the token stands for.
    pub session: Arc<Session>,
    /// The id of the project that it is for.
    pub project: Option<Arc<str>>,
    /// Whether it came by an application credential, and is for that one's project alone.
    pub(super) is_of_credential: bool,
    /// Whether it goes back to a token of a further cell.
    pub(super) is_got_elsewhere: bool,
    of: Arc<str>,
}

impl Introduced {
    /// Whether it is what is said of this token.
    pub fn is_of(&self, token: &str) -> bool {
        digest(token) == *self.of
    }
}

fn digest(token: &str) -> String {
    hexadecimal(&Sha256::digest(token.as_bytes()))
}

impl Accounts {
    /// The answer to what another cell asks, as text; none: no.
    pub fn answer(&self, question: &str) -> Option<String> {
        match serde_json::from_str(question).ok()? {
            Question::Token(token) => self.say(&token),
            Question::Credential(id) => self.credentials.find(&id).map(|_| "true".to_owned()),
            Question::NamedCredential { user_id, user_name, name } => {
                let which = match (&user_id, &user_name) {
                    (Some(id), _) => Which::Id(&**id),
                    (None, Some(name)) => Which::Name(&**name),
                    (None, None) => return None,
                };
                let user = self.directory().find_user(which)?;
                self.credentials.named(user, &name).map(|_| "true".to_owned())
            }
        }
    }

    fn say(&self, token: &str) -> Option<String> {
        let session = self.session(token)?;
        let directory = self.directory();
        let project = session.scope().and_then(|(project, _)| directory.owner(project));
        let said = Said {
            user: Arc::clone(&directory.user(session.user)?.id),
            project: project.map(|project| Arc::clone(&project.id)),
            role: session.project.map(|(_, role)| role),
            methods: session.methods,
            audit: session.audit,
            audit_root: session.audit_root,
            issued_at_us: session.issued_at.micros(),
            expires_at_us: session.expires_at.micros(),
            by_credential: session.credential.is_some(),
            got_elsewhere: self.tokens.goes_back_elsewhere(&session),
            of: digest(token),
        };
        serde_json::to_string(&said).ok()
    }

    /// Who comes with a token of another cell, by what that said of it; none if the user is none here.
    pub fn introduced(&self, said: &str) -> Option<Introduced> {
        let said: Said = serde_json::from_str(said).ok()?;
        let user = self.directory().find_user(Which::Id(&said.user))?;
        let project = number_elsewhere(said.project.as_deref().unwrap_or_default());
        let mut session = Session::new(user, said.role.map(|role| (project, role)));
        session.methods = said.methods;
        session.audit = said.audit;
        session.audit_root = said.audit_root;
        session.issued_at = Timestamp::from_micros(said.issued_at_us);
        session.expires_at = Timestamp::from_micros(said.expires_at_us);
        let (is_of_credential, of) = (said.by_credential, said.of.into());
        let is_got_elsewhere = said.got_elsewhere;
        (self.now() < session.expires_at).then(|| Introduced {
            session: Arc::new(session),
            project: said.project,
            is_of_credential,
            is_got_elsewhere,
            of,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tokens::cell_of;

    #[test]
    fn a_token_says_which_cell_drew_it() {
        let plain = "A".repeat(43);
        assert_eq!(cell_of(&plain), 0);
        assert_eq!(cell_of(&format!("c1.{plain}")), 1);
        assert_eq!(cell_of(&format!("c15.{plain}")), 15);
        for other in ["", "c", "c.", "c1", "cx.y", "c-1.y", "d1.y", "c99999999999999999999.y"] {
            assert_eq!(cell_of(other), 0, "{other}");
        }
    }
}
