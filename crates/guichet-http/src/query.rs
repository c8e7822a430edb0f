//! Query parameters: repeatable, decoded, in the order they came.
//!
//! ```text
//! async fn list(params: Params) -> Response {
//!     let name = params.get("name");          // the last one counts
//!     for id in params.all("id") { … }        // each of them
//!     let next = params.with("page", "2");    // the same query, for a link
//! ```

use std::fmt;

use axum::extract::FromRequestParts;
use guichet_core::limits;
use http::request::Parts;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::error::ReadError;

/// What is written as `%XX` in a query: all but the unreserved (RFC 3986, section 2.3).
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
    pub fn parse(query: &str) -> Result<Self, ReadError> {
        let mut params = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            if params.len() >= limits::QUERY_PARAMS_MAX {
                return Err(ReadError::TooManyParams);
            }
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            params.push((decoded(name)?, decoded(value)?));
        }
        Ok(Self(params))
    }

    /// A parameter's value; of several, the last.
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
        for (index, (name, value)) in self.iter().enumerate() {
            let between = if index == 0 { "" } else { "&" };
            let [name, value] = [name, value].map(|text| utf8_percent_encode(text, ESCAPED));
            write!(f, "{between}{name}={value}")?;
        }
        Ok(())
    }
}

impl<S: Sync> FromRequestParts<S> for Params {
    type Rejection = ReadError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ReadError> {
        Self::parse(parts.uri.query().unwrap_or(""))
    }
}

fn decoded(text: &str) -> Result<String, ReadError> {
    let text = text.replace('+', " ");
    let text = percent_decode_str(&text).decode_utf8();
    text.map(|text| text.into_owned()).map_err(|_| ReadError::QueryNotText)
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
        assert_eq!(Params::parse("a=%ff").unwrap_err().status(), 400);
        assert_eq!(
            Params::parse(&"a&".repeat(limits::QUERY_PARAMS_MAX + 1)).unwrap_err().status(),
            400
        );
    }

    #[test]
    fn a_query_is_written_so_that_it_reads_the_same() {
        let params = Params::parse("name=a%20%26b%3D%C3%A9&marker=old&tag=1&tag=2").unwrap();
        let next = params.with("marker", "n/w");
        assert_eq!(next.to_string(), "name=a%20%26b%3D%C3%A9&tag=1&tag=2&marker=n%2Fw");
        assert_eq!(Params::parse(&next.to_string()).unwrap(), next);
    }
}
