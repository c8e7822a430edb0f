//! What a token stands for. A hundred thousand of these are held: they are small, and own nothing
//! on the heap but the credential they share.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use guichet_core::ids::ProjectId;
use guichet_core::time::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::credentials::Credential;
use super::digest::Digest;
use super::role::Role;

/// What a token stands for. There is no secret in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The user, by its position in the list of users.
    pub user: usize,
    /// The project it is for, with the most its user may do there; none: unscoped.
    pub project: Option<(usize, Role)>,
    /// By which methods its user logged in.
    pub methods: Methods,
    /// Its name in logs, where the token itself must not be.
    pub audit: AuditId,
    /// The same of the first token it goes back to, if it was got by a token.
    pub audit_root: Option<AuditId>,
    /// The instant from which on it is good.
    pub issued_at: Timestamp,
    /// The instant from which on it is worth nothing.
    pub expires_at: Timestamp,
    /// The application credential it came by.
    pub credential: Option<Arc<Credential>>,
    /// The digest of the token it was got by, if by one: it ends with that.
    pub(super) parent: Option<Digest>,
}

impl Session {
    /// The project and the role, if it is for one.
    pub fn scope(&self) -> Option<(ProjectId, Role)> {
        self.project.map(|(project, role)| (ProjectId(project as u32), role))
    }

    /// One that no token stands for and that does not end: for programs that have callers
    /// without tokens, and for tests.
    pub fn new(user: usize, project: Option<(usize, Role)>) -> Self {
        Self {
            user,
            project,
            methods: Methods::default(),
            audit: AuditId([0; AUDIT_BYTES]),
            audit_root: None,
            issued_at: Timestamp::from_micros(0),
            expires_at: Timestamp::from_micros(u64::MAX),
            credential: None,
            parent: None,
        }
    }

    /// Whether it may look at what is others'.
    pub fn is_admin(&self) -> bool {
        self.project.is_some_and(|(_, role)| role == Role::Admin)
    }

    /// Its audit ids as a token lists them: its own, then the first one's.
    pub fn audit_ids(&self) -> impl Iterator<Item = AuditId> {
        std::iter::once(self.audit).chain(self.audit_root)
    }
}

/// Bytes of an audit id.
pub(super) const AUDIT_BYTES: usize = 16;

/// The name of a token in logs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AuditId([u8; AUDIT_BYTES]);

impl AuditId {
    /// The id of these random bytes.
    pub(super) const fn new(bytes: [u8; AUDIT_BYTES]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for AuditId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64_URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for AuditId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for AuditId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AuditId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(&*text).ok();
        let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| de::Error::custom("expected 16 bytes in base64url"))
    }
}

/// A method of logging in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MethodName {
    /// A user's name and password.
    Password,
    /// A token one has.
    Token,
    /// An application credential and its secret.
    ApplicationCredential,
}

impl MethodName {
    const ALL: [Self; 3] = [Self::Password, Self::Token, Self::ApplicationCredential];

    /// As a token lists it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Token => "token",
            Self::ApplicationCredential => "application_credential",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of methods.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Methods(u8);

impl Methods {
    /// With one more.
    #[must_use]
    pub const fn with(self, method: MethodName) -> Self {
        Self(self.0 | method.bit())
    }

    /// With all of another set.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The names of the methods in it.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let held = MethodName::ALL.into_iter().filter(move |method| self.0 & method.bit() != 0);
        held.map(MethodName::as_str)
    }
}

impl fmt::Debug for Methods {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

impl Serialize for Methods {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.names())
    }
}

impl<'de> Deserialize<'de> for Methods {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<Cow<'_, str>>::deserialize(deserializer)?;
        names.iter().try_fold(Self::default(), |methods, name| {
            let method = MethodName::ALL.into_iter().find(|method| method.as_str() == name);
            let method = method.ok_or_else(|| de::Error::custom("expected ways to log in"))?;
            Ok(methods.with(method))
        })
    }
}
