//! Fields of a body, each with its path, so that what is wrong can be named. Unlike in
//! [`crate::http::read`], a message never repeats a value: it may be a password.

use serde_json::{Map, Value};

use crate::http::problem::Problem;

/// A value and where it is: `auth.identity.password.user`.
#[derive(Clone)]
pub(super) struct Field<'a> {
    path: String,
    value: &'a Value,
}

impl<'a> Field<'a> {
    /// A body's field; what is beside it is ignored, as Keystone does.
    pub(super) fn of(body: &'a Value, name: &str) -> Result<Self, Problem> {
        Field { path: String::new(), value: body }.need(name)
    }

    /// 400 that names the field.
    pub(super) fn wrong(&self, problem: &str) -> Problem {
        Problem::bad_field(&self.path, problem)
    }

    fn object(&self) -> Result<&'a Map<String, Value>, Problem> {
        self.value.as_object().ok_or_else(|| self.wrong("Expected an object."))
    }

    fn inside(&self, name: &str, value: &'a Value) -> Self {
        let path =
            if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Self { path, value }
    }

    /// The field of that name; one that is `null` counts as none.
    pub(super) fn get(&self, name: &str) -> Result<Option<Self>, Problem> {
        let value = self.object()?.get(name).filter(|value| !value.is_null());
        Ok(value.map(|value| self.inside(name, value)))
    }

    /// The field of that name, which must be there.
    pub(super) fn need(&self, name: &str) -> Result<Self, Problem> {
        self.get(name)?.ok_or_else(|| self.inside(name, &Value::Null).wrong("It is missing."))
    }

    /// Refuses fields of other names.
    pub(super) fn knows(&self, names: &[&str]) -> Result<(), Problem> {
        match self.object()?.iter().find(|(name, _)| !names.contains(&name.as_str())) {
            None => Ok(()),
            Some((name, value)) => {
                // The name is the client's own: no more of it than one can read.
                let name: String = name.chars().take(64).collect();
                let expected = format!("It is unknown; expected {}.", names.join(", "));
                Err(self.inside(&name, value).wrong(&expected))
            }
        }
    }

    /// The name of the only field in it.
    pub(super) fn only_name(&self) -> Result<&'a str, Problem> {
        let mut names = self.object()?.keys();
        match (names.next(), names.next()) {
            (Some(name), None) => Ok(name),
            _ => Err(self.wrong("Expected exactly one field in it.")),
        }
    }

    pub(super) fn is_text(&self, text: &str) -> bool {
        self.value == text
    }

    pub(super) fn text(&self) -> Result<&'a str, Problem> {
        self.value.as_str().ok_or_else(|| self.wrong("Expected a string."))
    }

    pub(super) fn flag(&self) -> Result<bool, Problem> {
        self.value.as_bool().ok_or_else(|| self.wrong("Expected true or false."))
    }

    pub(super) fn list(&self) -> Result<Vec<Self>, Problem> {
        let list = self.value.as_array().ok_or_else(|| self.wrong("Expected a list."))?;
        let each = |(place, value)| Self { path: format!("{}[{place}]", self.path), value };
        Ok(list.iter().enumerate().map(each).collect())
    }

    /// The text of the field of that name, if it is there.
    pub(super) fn get_text(&self, name: &str) -> Result<Option<&'a str>, Problem> {
        self.get(name)?.map(|field| field.text()).transpose()
    }

    /// The text of the field of that name, which must be there.
    pub(super) fn need_text(&self, name: &str) -> Result<&'a str, Problem> {
        self.need(name)?.text()
    }
}
