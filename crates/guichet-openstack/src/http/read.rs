//! Reading JSON objects: each field by its name and kind, no field left over, and every mistake
//! named by its field, in the words Nova's schemas use. The reader of single values is
//! [`Field`], which bodies with secrets in them are read by alone.

mod field;

use std::ops::RangeInclusive;
use std::sync::Arc;

use serde_json::{Map, Value};

pub use self::field::{Entry, Field};
use super::problem::Problem;
use super::truth;

/// An object of a body, with its place in it.
#[derive(Debug, Clone, Copy)]
pub struct Object<'a> {
    place: &'a str,
    map: &'a Map<String, Value>,
}

impl<'a> Object<'a> {
    /// The object that is all of a body but for its one name: `{"server": {…}}`.
    ///
    /// # Errors
    /// 400 if it is missing or no object, or something else is beside it.
    pub fn only(body: &'a Value, name: &'a str) -> Result<Self, Problem> {
        let whole = Self::of(body, "body")?;
        whole.known(&[name])?;
        whole.object(name)?.ok_or_else(|| whole.missing(name))
    }

    /// A value that must be an object; `place` is the field that messages name it by.
    ///
    /// # Errors
    /// 400 if it is none.
    pub fn of(value: &'a Value, place: &'a str) -> Result<Self, Problem> {
        Ok(Self { place, map: Entry::shown(place, value).object()? })
    }

    /// Refuses whatever is not named here.
    ///
    /// # Errors
    /// 400 with the first name that is not known.
    pub fn known(&self, names: &[&str]) -> Result<(), Problem> {
        let extra = self.map.keys().find(|key| !names.contains(&key.as_str()));
        extra.map_or(Ok(()), |extra| {
            let problem =
                format!("Additional properties are not allowed ('{extra}' was unexpected).");
            Err(Problem::bad_field(self.place, &problem))
        })
    }

    /// 400 that says a field is missing.
    pub fn missing(&self, name: &str) -> Problem {
        Problem::bad_field(self.place, &format!("'{name}' is a required property."))
    }

    /// The value as it stands, `null` too.
    pub fn raw(&self, name: &str) -> Option<&'a Value> {
        self.map.get(name)
    }

    /// All names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&'a String, &'a Value)> {
        self.map.iter()
    }

    /// 400 about a field that is there.
    pub fn wrong(&self, name: &str, problem: &str) -> Problem {
        Entry::shown(name, self.raw(name).unwrap_or(&Value::Null)).wrong(problem)
    }

    /// A text of so many characters.
    ///
    /// # Errors
    /// 400 if it is none, or too short or too long.
    pub fn text(&self, name: &str, least: usize, most: usize) -> Result<Option<&'a str>, Problem> {
        let Some(value) = self.raw(name) else {
            return Ok(None);
        };
        let text = Entry::shown(name, value).text()?;
        match text.chars().count() {
            length if length < least => Err(self.wrong(name, "It is too short.")),
            length if length > most => Err(self.wrong(name, "It is too long.")),
            _ => Ok(Some(text)),
        }
    }

    /// A text, or `null`.
    ///
    /// # Errors
    /// As [`text`](Self::text).
    pub fn nullable(&self, name: &str, most: usize) -> Result<Option<Option<Arc<str>>>, Problem> {
        if self.raw(name).is_some_and(Value::is_null) {
            return Ok(Some(None));
        }
        Ok(self.text(name, 0, most)?.map(|text| Some(Arc::from(text))))
    }

    /// A whole number of at least 1, as a number or as digits.
    ///
    /// # Errors
    /// 400 if it is none.
    pub fn count(&self, name: &str) -> Result<Option<u64>, Problem> {
        self.number(name, 1..=u64::MAX)
    }

    /// A whole number in this range, as a number or as digits.
    ///
    /// # Errors
    /// 400 if it is none.
    pub fn number(&self, name: &str, range: RangeInclusive<u64>) -> Result<Option<u64>, Problem> {
        let Some(value) = self.raw(name) else {
            return Ok(None);
        };
        let number = match value {
            Value::String(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                // More than a number can say is more than any range has, but for an open one.
                let is_long = digits.len() > 19;
                digits.parse().ok().or(is_long.then_some(u64::MAX))
            }
            // JSON has one kind of number: 2.0 is 2.
            other => other.as_u64().or_else(|| u64::try_from(whole(other)?).ok()),
        };
        let number = number.filter(|number| range.contains(number));
        number.map(Some).ok_or_else(|| match (range.start(), range.end()) {
            (least, &u64::MAX) => {
                self.wrong(name, &format!("It is no whole number of at least {least}."))
            }
            (least, most) => {
                self.wrong(name, &format!("It is no whole number from {least} to {most}."))
            }
        })
    }

    /// True or false, as Nova spells them: also as words and as 0 and 1.
    ///
    /// # Errors
    /// 400 if it is neither.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Problem> {
        let Some(value) = self.raw(name) else {
            return Ok(None);
        };
        let word = value.as_str().and_then(truth::exactly);
        Entry::shown(name, value).flag_or(word).map(Some)
    }

    /// A list of so many values at most.
    ///
    /// # Errors
    /// 400 if it is none, or too long.
    pub fn list(&self, name: &str, most: usize) -> Result<Option<&'a [Value]>, Problem> {
        let Some(value) = self.raw(name) else {
            return Ok(None);
        };
        let list = Entry::shown(name, value).values()?;
        if list.len() > most {
            let problem = format!("It has {} entries, expected {most} at most.", list.len());
            return Err(Problem::bad_field(name, &problem));
        }
        Ok(Some(list))
    }

    /// An object inside this one.
    ///
    /// # Errors
    /// 400 if it is none.
    pub fn object(&self, name: &'a str) -> Result<Option<Self>, Problem> {
        self.raw(name).map(|value| Self::of(value, name)).transpose()
    }
}

/// The whole number that a value is, also one written with a fraction of nothing, as far as that is
/// exact.
pub fn whole(value: &Value) -> Option<i64> {
    const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
    let exact = |number: &f64| number.fract() == 0.0 && number.abs() <= EXACT_MAX;
    value.as_i64().or_else(|| value.as_f64().filter(exact).map(|number| number as i64))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    pub(super) fn message<T: std::fmt::Debug>(result: Result<T, Problem>) -> String {
        let problem = result.unwrap_err();
        assert_eq!(problem.status.as_u16(), 400);
        problem.message.into_owned()
    }

    #[test]
    fn each_mistake_names_its_field() {
        let body = json!({ "server": { "name": "", "min_count": 0, "networks": 7, "x": null } });
        let server = Object::only(&body, "server").unwrap();
        assert!(
            message(server.text("name", 1, 255))
                .contains("attribute name. Value: \"\". It is too short")
        );
        assert!(message(server.count("min_count")).contains("min_count. Value: 0."));
        assert!(message(server.list("networks", 5)).contains("not of type 'array'"));
        assert!(
            message(server.known(&["name", "min_count", "networks"]))
                .contains("'x' was unexpected")
        );
        assert!(server.missing("imageRef").message.contains("'imageRef' is a required property"));
    }

    #[test]
    fn a_body_is_one_named_object() {
        for (body, words) in [
            (json!({}), "'server' is a required property"),
            (json!({ "server": 7 }), "server. Value: 7. It is not of type 'object'"),
            (json!({ "server": {}, "more": 1 }), "'more' was unexpected"),
            (json!([]), "body. Value: []"),
        ] {
            assert!(message(Object::only(&body, "server")).contains(words), "{body}");
        }
    }

    #[test]
    fn numbers_and_flags_may_be_words() {
        let body = json!({ "a": "12", "b": 3, "c": "yes", "d": "0", "e": null, "f": "1.5", "g": -1, "h": 2.0 });
        let object = Object::of(&body, "body").unwrap();
        assert_eq!(object.count("a").unwrap(), Some(12));
        assert_eq!(object.count("b").unwrap(), Some(3));
        assert_eq!(object.count("h").unwrap(), Some(2));
        assert_eq!(object.flag("c").unwrap(), Some(true));
        assert_eq!(object.flag("d").unwrap(), Some(false));
        assert_eq!(object.nullable("e", 5).unwrap(), Some(None));
        assert_eq!(object.nullable("missing", 5).unwrap(), None);
        for name in ["e", "f", "g"] {
            message(object.count(name));
        }
    }

    #[test]
    fn a_long_value_is_shown_in_part() {
        let body = json!({ "name": "ä".repeat(5_000) });
        let text = message(Object::of(&body, "body").unwrap().text("name", 1, 255));
        assert!(text.len() < 400 && text.contains('…'), "{text}");
    }
}
