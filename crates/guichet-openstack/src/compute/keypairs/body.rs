//! What a new key pair is to be, read from its body. (Compute API, "Import (or create) Keypair".)

use guichet_cloud::keys::NewKeyPair;
use guichet_core::key_pair::KeyKind;
use guichet_core::limits;
use serde_json::Value;

use crate::http::problem::Problem;
use crate::http::read::Object;
use crate::http::version::Version;

/// From here on no key is made, and names have two characters more (REST API Version History,
/// 2.92).
const IMPORTED: Version = Version(92);

/// Names in the body, and the first version that has each.
const FIELDS: [(&str, u16); 4] = [("name", 1), ("public_key", 1), ("type", 2), ("user_id", 10)];

/// A key pair as its body asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CreateBody<'a> {
    name: &'a str,
    kind: KeyKind,
    public_key: Option<&'a str>,
    /// The user that it is for, if the caller names one.
    pub(super) user_id: Option<&'a str>,
}

impl<'a> CreateBody<'a> {
    pub(super) fn read(body: &'a Value, version: Version) -> Result<Self, Problem> {
        let new = Object::only(body, "keypair")?;
        let there = FIELDS.iter().filter(|(_, from)| version.0 >= *from);
        let names: Vec<&str> = there.map(|(name, _)| *name).collect();
        new.known(&names)?;
        let name = new.text("name", 1, limits::NAME_MAX)?.ok_or_else(|| new.missing("name"))?;
        check_name(&new, name, version)?;
        let kind = match new.text("type", 0, limits::TEXT_MAX)? {
            None => KeyKind::Ssh,
            Some(word) => word.parse().map_err(|_| new.wrong("type", "Expected ssh or x509."))?,
        };
        let public_key = new.text("public_key", 0, limits::PUBLIC_KEY_MAX)?;
        if public_key.is_none() && version >= IMPORTED {
            return Err(new.missing("public_key"));
        }
        let user_id = new.text("user_id", 0, usize::MAX)?;
        Ok(Self { name, kind, public_key, user_id })
    }

    pub(super) const fn new_for(&self, user: usize) -> NewKeyPair<'a> {
        let Self { name, kind, public_key, .. } = *self;
        NewKeyPair { user, name, kind, public_key }
    }
}

/// Which characters a name may have, and that there are no blanks around it.
fn check_name(new: &Object<'_>, name: &str, version: Version) -> Result<(), Problem> {
    let others = if version >= IMPORTED { "@._- " } else { "_- " };
    let is_safe = |letter: char| letter.is_ascii_alphanumeric() || others.contains(letter);
    if name.chars().all(is_safe) && name.trim() == name {
        return Ok(());
    }
    let problem = format!(
        "An invalid 'name' value was provided. The name must be: Only expected characters: \
         [{others}0-9a-zA-Z], no blanks around them."
    );
    Err(new.wrong("name", &problem))
}
