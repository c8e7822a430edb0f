//! Typed ids. Servers and requests carry 128 random bits in the shape of a UUID, as OpenStack's
//! do; projects, hosts, flavors, images, clients and workers are small integers inside and have
//! names outside.

use std::fmt;
use std::hash::{BuildHasherDefault, Hash, Hasher};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal, $form:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl Hash for $name {
            /// Two words instead of sixteen bytes: ids are hashed all the time.
            fn hash<H: Hasher>(&self, state: &mut H) {
                let (high, low) = self.0.as_u64_pair();
                state.write_u64(high);
                state.write_u64(low);
            }
        }

        impl $name {
            /// An id from 128 drawn bits, shaped as a version 4 UUID (RFC 9562, section 5.4).
            pub fn from_bits(bits: u128) -> Self {
                Self(uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0.$form())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
}

macro_rules! small_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl $name {
            /// Position in the table of its kind.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    };
}

uuid_id!(
    /// A server.
    ServerId, "", hyphenated
);
uuid_id!(
    /// A request, as clients see it in `X-OpenStack-Request-ID`.
    RequestId, "req-", hyphenated
);
uuid_id!(
    /// An application credential. It is written as 32 hexadecimal digits, as Keystone's ids are.
    CredentialId, "", simple
);

uuid_id!(
    /// A key pair. Clients name one by its owner and its name.
    KeyPairId, "", hyphenated
);

uuid_id!(
    /// A server group.
    GroupId, "", hyphenated
);

impl CredentialId {
    /// The id that is written so; none if it would be written in another form.
    pub fn parse(text: &str) -> Option<Self> {
        let id = Self(Uuid::try_parse(text).ok()?);
        (id.to_string() == text).then_some(id)
    }
}

small_id!(
    /// A project (tenant): its place in the table of projects.
    ProjectId
);
small_id!(
    /// A host: its place in the table of hosts.
    HostId
);
small_id!(
    /// A flavor: its place in the catalogue.
    FlavorId
);
small_id!(
    /// An image: its place in the catalogue.
    ImageId
);
small_id!(
    /// A network: its place in the table of networks.
    NetworkId
);
small_id!(
    /// Who sent a request: a simulated client's number, or a connection's.
    ClientId
);
small_id!(
    /// A user: its place in the list of users. Requests of a user have the [`ClientId`] of the same
    /// number.
    UserId
);
small_id!(
    /// A worker of the pool, counted from 1; 0 is the deciding step itself.
    WorkerId
);

/// One operation: the `number`-th of its server, counted from 1. It needs no index of its own,
/// and a re-run decision gives the same id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OperationId {
    /// The server it acts on.
    pub server: ServerId,
    /// Which of that server's operations, from 1.
    pub number: u32,
}

impl fmt::Display for OperationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.server, self.number)
    }
}

/// A hasher for ids whose bits are random already: it folds and mixes once. Only ids that this
/// service drew are ever inserted, so nobody can choose colliding ones.
#[derive(Debug, Default, Clone, Copy)]
pub struct IdHasher(u64);

/// Builds [`IdHasher`]s; the same in every process, so no order depends on it.
pub type IdHash = BuildHasherDefault<IdHasher>;

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0u8; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_ne_bytes(word));
        }
    }

    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }

    /// The length of a fixed-size id says nothing about it.
    fn write_usize(&mut self, _length: usize) {}

    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0 ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(26);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
