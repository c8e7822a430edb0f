//! Query parameters: repeatable, decoded, in the order they came.
//!
//! ```text
//! async fn list(caller: Caller, params: Params) -> Result<Json<Value>, Problem> {
//!     params.only(caller.version(), &["limit", "marker", "name"])?; // 400 from 2.75
//!     let name = params.get("name");                                // the last one counts
//!     for id in params.all("id") { … }                              // each of them
//!     let all = params.flag("all_tenants")?;                        // true, False, 1, off, …
//! ```

use std::fmt;
use std::str::FromStr;

use axum::extract::FromRequestParts;
use guichet_core::limits;
use http::request::Parts;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::problem::Problem;
use super::version::Version;

/// The microversion from which Compute refuses parameters it does not know ("REST API Version
/// History", 2.75). Before, they are ignored.
const STRICT: Version = Version(75);

/// What need not be written as `%XX` in a query (RFC 3986, section 2.3).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The parameters of a request. A handler takes it as an argument; a query that is no text, or
/// has more parameters than [`limits::QUERY_PARAMS_MAX`], is 400 then.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// Reads what stands behind the `?` of an address.
    ///
    /// # Errors
    /// 400 for bytes that are no UTF-8, and for too many.
    pub fn parse(query: &str) -> Result<Self, Problem> {
        let mut params = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            if params.len() >= limits::QUERY_PARAMS_MAX {
                let most = limits::QUERY_PARAMS_MAX;
                return Err(Problem::bad_request(format!(
                    "The query has more than {most} parameters."
                )));
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            params.push((decoded(name)?, decoded(value)?));
        }
        Ok(Self(params))
    }

    /// A parameter's value; of several, the last, as Nova takes it.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Every value of a parameter, in the order they came.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.iter().filter(move |(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Names and values, in the order they came.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether it came, with whatever value.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A parameter as a number.
    ///
    /// # Errors
    /// 400 that names the parameter.
    pub fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>, Problem> {
        self.get(name).map(|value| value.parse().map_err(|_| wrong(name, value))).transpose()
    }

    /// A parameter as a truth value, in any of the words that OpenStack's services take.
    ///
    /// # Errors
    /// 400 that names the parameter.
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Problem> {
        self.get(name).map(|value| truth(value).ok_or_else(|| wrong(name, value))).transpose()
    }

    /// Refuses parameters that are not among `known`, from microversion 2.75 on.
    ///
    /// # Errors
    /// 400 in Nova's words for the first of them.
    pub fn only(&self, version: Version, known: &[&str]) -> Result<(), Problem> {
        if version < STRICT { Ok(()) } else { self.strictly(known) }
    }

    /// Refuses parameters that are not among `known`, at any version.
    ///
    /// # Errors
    /// 400 in Nova's words for the first of them.
    pub fn strictly(&self, known: &[&str]) -> Result<(), Problem> {
        match self.iter().find(|(name, _)| !known.contains(name)) {
            None => Ok(()),
            Some((name, _)) => Err(Problem::bad_request(format!(
                "Additional properties are not allowed ('{}' was unexpected)",
                shown(name)
            ))),
        }
    }

    /// The same query without one parameter.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        Self(self.0.iter().filter(|(known, _)| known != name).cloned().collect())
    }

    /// The same query with one parameter set to this value, at its end.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut params = self.without(name);
        params.0.push((name.to_owned(), value.to_owned()));
        params
    }
}

impl fmt::Display for Params {
    /// As it stands behind a `?`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (name, value)) in self.iter().enumerate() {
            let between = if place == 0 { "" } else { "&" };
            let [name, value] = [name, value].map(|text| utf8_percent_encode(text, ESCAPED));
            write!(f, "{between}{name}={value}")?;
        }
        Ok(())
    }
}

impl<S: Sync> FromRequestParts<S> for Params {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::parse(parts.uri.query().unwrap_or(""))
    }
}

/// 400 in Nova's words for a parameter with a value it cannot have.
pub fn wrong(name: &str, value: &str) -> Problem {
    let value = shown(value);
    Problem::bad_request(format!("Invalid input for query parameters {name}. Value: {value}."))
}

/// A truth value in any of the words of `oslo_utils.strutils.bool_from_string`.
pub fn truth(word: &str) -> Option<bool> {
    let is_one_of =
        |words: &[&str]| words.iter().any(|known| word.trim().eq_ignore_ascii_case(known));
    if is_one_of(&["1", "t", "true", "on", "y", "yes"]) {
        Some(true)
    } else if is_one_of(&["0", "f", "false", "off", "n", "no"]) {
        Some(false)
    } else {
        None
    }
}

/// As much of a client's text as is said back to it.
fn shown(text: &str) -> &str {
    match text.char_indices().nth(limits::NAME_MAX) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

fn decoded(text: &str) -> Result<String, Problem> {
    let text = text.replace('+', " ");
    let text = percent_decode_str(&text).decode_utf8();
    text.map(|text| text.into_owned())
        .map_err(|_| Problem::bad_request("The query is not valid UTF-8."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded_and_may_repeat() {
        let params = Params::parse("id=in%3Aa%2Cb&name=a+b&tag=1&tag=2&flag&x=%zz&&y=").unwrap();
        assert_eq!(params.get("id"), Some("in:a,b"));
        assert_eq!(params.get("name"), Some("a b"));
        assert_eq!(params.get("tag"), Some("2"), "the last one counts");
        assert_eq!(params.all("tag").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!((params.get("flag"), params.get("y")), (Some(""), Some("")));
        assert_eq!(params.get("x"), Some("%zz"), "what is no escape stands for itself");
        assert_eq!(params.get("none"), None);
        assert_eq!(Params::parse("a=%ff").unwrap_err().status, 400);
        assert_eq!(
            Params::parse(&"a&".repeat(limits::QUERY_PARAMS_MAX + 1)).unwrap_err().status,
            400
        );
    }

    #[test]
    fn unknown_parameters_are_refused_from_2_75_on() {
        let params = Params::parse("limit=1&color=red").unwrap();
        assert_eq!(params.only(Version(74), &["limit"]), Ok(()));
        let problem = params.only(Version(75), &["limit"]).unwrap_err();
        assert_eq!(
            problem.message,
            "Additional properties are not allowed ('color' was unexpected)"
        );
        assert_eq!(params.only(Version(75), &["limit", "color"]), Ok(()));
    }

    #[test]
    fn numbers_and_flags_are_read_or_named() {
        let params = Params::parse("n=7&m=x&t=True&f=off&g=maybe").unwrap();
        assert_eq!(params.number::<u32>("n"), Ok(Some(7)));
        assert_eq!(params.number::<u32>("none"), Ok(None));
        let problem = params.number::<u32>("m").unwrap_err();
        assert_eq!(problem.message, "Invalid input for query parameters m. Value: x.");
        assert_eq!(params.flag("t"), Ok(Some(true)));
        assert_eq!(params.flag("f"), Ok(Some(false)));
        assert_eq!(params.flag("g").unwrap_err().status, 400);
    }

    #[test]
    fn a_query_is_written_so_that_it_reads_the_same() {
        let params = Params::parse("name=a%20%26b%3D%C3%A9&marker=old&tag=1&tag=2").unwrap();
        let next = params.with("marker", "n/w");
        assert_eq!(next.to_string(), "name=a%20%26b%3D%C3%A9&tag=1&tag=2&marker=n%2Fw");
        assert_eq!(Params::parse(&next.to_string()).unwrap(), next);
    }
}
