//! One value of a body and what it is named by: the reader under every body of every service.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::http::problem::Problem;

/// How much of a value a message shows, and of a name that a client made up.
const SHOWN_MAX: usize = 100;

/// How mistakes are worded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wording {
    /// As Nova's schemas have it: the field by its own name, and its value.
    Shown,
    /// The field by its whole path, `auth.identity.password.user`, and never a value: it may be a
    /// password.
    Secret,
}

/// What a value may have to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Object,
    Text,
    Flag,
    List,
}

impl Kind {
    const fn missed(self, wording: Wording) -> &'static str {
        match (wording, self) {
            (Wording::Shown, Self::Object) => "It is not of type 'object'.",
            (Wording::Shown, Self::Text) => "It is not of type 'string'.",
            (Wording::Shown, Self::Flag) => "It is not of type 'boolean'.",
            (Wording::Shown, Self::List) => "It is not of type 'array'.",
            (Wording::Secret, Self::Object) => "Expected an object.",
            (Wording::Secret, Self::Text) => "Expected a string.",
            (Wording::Secret, Self::Flag) => "Expected true or false.",
            (Wording::Secret, Self::List) => "Expected a list.",
        }
    }
}

/// A value of a body, and what messages name it by, which need not live as long.
#[derive(Debug, Clone)]
pub struct Entry<'p, 'a> {
    place: Cow<'p, str>,
    value: &'a Value,
    wording: Wording,
}

/// A value that has its own copy of its path.
pub type Field<'a> = Entry<'static, 'a>;

impl<'a> Field<'a> {
    /// The field of that name in a body that may have secrets in it, and must have this field.
    /// What is beside it is ignored, as Keystone does.
    ///
    /// # Errors
    /// 400 if there is none.
    pub fn secret(body: &'a Value, name: &str) -> Result<Self, Problem> {
        let whole = Self { place: Cow::Borrowed(""), value: body, wording: Wording::Secret };
        whole.need(name)
    }
}

impl<'p, 'a> Entry<'p, 'a> {
    /// A value that messages show, named so.
    pub(super) const fn shown(place: &'p str, value: &'a Value) -> Self {
        Self { place: Cow::Borrowed(place), value, wording: Wording::Shown }
    }

    /// 400 that names the field.
    pub fn wrong(&self, problem: &str) -> Problem {
        match self.wording {
            Wording::Secret => Problem::bad_field(&self.place, problem),
            Wording::Shown => {
                let shown = clipped(self.value.to_string());
                Problem::bad_field(&self.place, &format!("Value: {shown}. {problem}"))
            }
        }
    }

    /// What it is, if it is of that kind.
    fn of_kind<T>(&self, kind: Kind, value: Option<T>) -> Result<T, Problem> {
        value.ok_or_else(|| self.wrong(kind.missed(self.wording)))
    }

    pub(super) fn object(&self) -> Result<&'a Map<String, Value>, Problem> {
        self.of_kind(Kind::Object, self.value.as_object())
    }

    /// A text.
    ///
    /// # Errors
    /// 400 if it is none.
    pub fn text(&self) -> Result<&'a str, Problem> {
        self.of_kind(Kind::Text, self.value.as_str())
    }

    /// True or false, and no word for it.
    ///
    /// # Errors
    /// 400 if it is neither.
    pub fn flag(&self) -> Result<bool, Problem> {
        self.flag_or(None)
    }

    /// True or false; `word` is what it is if it is a word for one of them.
    pub(super) fn flag_or(&self, word: Option<bool>) -> Result<bool, Problem> {
        self.of_kind(Kind::Flag, self.value.as_bool().or(word))
    }

    pub(super) fn values(&self) -> Result<&'a [Value], Problem> {
        self.of_kind(Kind::List, self.value.as_array().map(Vec::as_slice))
    }

    /// A list, each of its values named by its number.
    ///
    /// # Errors
    /// 400 if it is none.
    pub fn list(&self) -> Result<Vec<Field<'a>>, Problem> {
        let each = |(number, value)| Field {
            place: Cow::Owned(format!("{}[{number}]", self.place)),
            value,
            wording: self.wording,
        };
        Ok(self.values()?.iter().enumerate().map(each).collect())
    }

    /// Whether it is this text.
    pub fn is_text(&self, text: &str) -> bool {
        self.value == text
    }

    /// The field of that name in it; one that is `null` counts as none.
    ///
    /// # Errors
    /// 400 if this is no object.
    pub fn get(&self, name: &str) -> Result<Option<Field<'a>>, Problem> {
        let value = self.object()?.get(name).filter(|value| !value.is_null());
        Ok(value.map(|value| self.inside(name, value)))
    }

    /// The field of that name in it, which must be there.
    ///
    /// # Errors
    /// 400 if it is not.
    pub fn need(&self, name: &str) -> Result<Field<'a>, Problem> {
        self.get(name)?.ok_or_else(|| self.inside(name, &Value::Null).wrong("It is missing."))
    }

    /// The text of the field of that name, if it is there.
    ///
    /// # Errors
    /// 400 if it is no text.
    pub fn get_text(&self, name: &str) -> Result<Option<&'a str>, Problem> {
        self.get(name)?.map(|field| field.text()).transpose()
    }

    /// The text of the field of that name, which must be there.
    ///
    /// # Errors
    /// 400 if it is not there, or no text.
    pub fn need_text(&self, name: &str) -> Result<&'a str, Problem> {
        self.need(name)?.text()
    }

    /// Refuses fields of other names.
    ///
    /// # Errors
    /// 400 with the first name that is not known.
    pub fn knows(&self, names: &[&str]) -> Result<(), Problem> {
        match self.object()?.iter().find(|(name, _)| !names.contains(&name.as_str())) {
            None => Ok(()),
            Some((name, value)) => {
                let expected = format!("It is unknown; expected {}.", names.join(", "));
                Err(self.inside(&clipped(name.clone()), value).wrong(&expected))
            }
        }
    }

    /// The name of the only field in it.
    ///
    /// # Errors
    /// 400 if there is none, or more than one.
    pub fn only_name(&self) -> Result<&'a str, Problem> {
        let mut names = self.object()?.keys();
        match (names.next(), names.next()) {
            (Some(name), None) => Ok(name),
            _ => Err(self.wrong("Expected exactly one field in it.")),
        }
    }

    fn inside(&self, name: &str, value: &'a Value) -> Field<'a> {
        let is_whole = self.place.is_empty();
        let place = if is_whole { name.to_owned() } else { format!("{}.{name}", self.place) };
        Field { place: Cow::Owned(place), value, wording: self.wording }
    }
}

/// What a client sent, no more of it than one can read.
fn clipped(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(SHOWN_MAX) {
        text.truncate(end);
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::message;
    use super::*;

    #[test]
    fn what_may_be_a_password_is_named_by_its_path_and_never_shown() {
        let body = json!({ "auth": { "user": { "password": ["hunter2"], "name": "a" } } });
        let user = Field::secret(&body, "auth").unwrap().need("user").unwrap();
        assert_eq!(
            message(user.need_text("password")),
            "Invalid input for field/attribute auth.user.password. Expected a string."
        );
        let listed = user.need("password").unwrap().list().unwrap();
        assert!(message(listed[0].flag()).contains("auth.user.password[0]. Expected true or"));
        assert!(message(user.need("id")).contains("auth.user.id. It is missing."));
        assert!(message(user.knows(&["name"])).contains("auth.user.password. It is unknown"));
        assert!(message(Field::secret(&body, "token")).contains("token. It is missing."));
    }

    #[test]
    fn null_is_as_if_it_were_left_out() {
        let body = json!({ "auth": { "scope": null } });
        assert!(Field::secret(&body, "auth").unwrap().get("scope").unwrap().is_none());
    }
}
