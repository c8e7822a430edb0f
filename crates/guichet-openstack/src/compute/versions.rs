//! What an answer shows at which microversion, as a table: an answer is built once, with
//! everything, and trimmed ("REST API Version History").
//!
//! ```text
//! const FIELDS: &[Field] = &[
//!     from(55, "description"),      // appears in 2.55
//!     until(88, "vcpus_used"),      // gone from 2.88 on
//! ];
//! ```

use serde_json::Value;

use crate::http::version::Version;

/// A field that is not in every version.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    name: &'static str,
    from: u16,
    until: u16,
}

/// A field that appears in 2.`minor`.
pub const fn from(minor: u16, name: &'static str) -> Field {
    Field { name, from: minor, until: u16::MAX }
}

/// A field that is gone from 2.`minor` on.
pub const fn until(minor: u16, name: &'static str) -> Field {
    Field { name, from: 0, until: minor }
}

impl Field {
    /// Whether this version has it.
    pub const fn is_in(&self, version: Version) -> bool {
        self.from <= version.0 && version.0 < self.until
    }
}

/// Takes out of an object what this version does not have.
pub fn trim(object: &mut Value, fields: &[Field], version: Version) {
    if let Value::Object(object) = object {
        for field in fields.iter().filter(|field| !field.is_in(version)) {
            object.remove(field.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_is_trimmed_to_its_version() {
        const FIELDS: &[Field] = &[from(55, "new"), until(88, "old")];
        let at = |minor| {
            let mut answer = json!({ "id": 1, "new": 2, "old": 3 });
            trim(&mut answer, FIELDS, Version(minor));
            answer
        };
        assert_eq!(at(1), json!({ "id": 1, "old": 3 }));
        assert_eq!(at(54), at(1));
        assert_eq!(at(55), json!({ "id": 1, "new": 2, "old": 3 }));
        assert_eq!(at(87), at(55));
        assert_eq!(at(88), json!({ "id": 1, "new": 2 }));
    }
}
