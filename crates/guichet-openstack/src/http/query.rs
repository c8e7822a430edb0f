//! What services check of a query, in Nova's words for what is wrong with it.
//!
//! ```text
//! async fn list(caller: Caller, params: Params) -> Result<Json<Value>, Problem> {
//!     params.only(caller.version(), &["limit", "marker", "name"])?; // 400 from 2.75
//!     let all = params.flag("all_tenants")?;                        // true, False, 1, off, …
//! ```

use std::str::FromStr;

use guichet_core::limits;
use guichet_http::query::Params;

use super::problem::Problem;
use super::truth::truth;
use super::version::Version;

/// The microversion from which Compute refuses parameters it does not know ("REST API Version
/// History", 2.75). Before, they are ignored.
const STRICT: Version = Version(75);

/// Checks of a query's parameters.
pub trait CheckedParams {
    /// A parameter as a number.
    ///
    /// # Errors
    /// 400 that names the parameter.
    fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>, Problem>;

    /// Refuses values of a parameter that are no number from 0, of any length.
    ///
    /// # Errors
    /// 400 that names the parameter.
    fn counts(&self, name: &str) -> Result<(), Problem>;

    /// Refuses a parameter that came several times.
    ///
    /// # Errors
    /// 400 that names the parameter.
    fn once(&self, name: &str) -> Result<(), Problem>;

    /// A parameter as a truth value, in any of the words that OpenStack's services take.
    ///
    /// # Errors
    /// 400 that names the parameter.
    fn flag(&self, name: &str) -> Result<Option<bool>, Problem>;

    /// Refuses directions of sorting other than `asc` and `desc`, whether or not there is a key to
    /// sort by.
    ///
    /// # Errors
    /// 400 that names the direction.
    fn check_directions(&self) -> Result<(), Problem>;

    /// Refuses parameters that are not among `known`, from microversion 2.75 on.
    ///
    /// # Errors
    /// 400 in Nova's words for the first of them.
    fn only(&self, version: Version, known: &[&str]) -> Result<(), Problem>;

    /// Refuses parameters that are not among `known`, at any version.
    ///
    /// # Errors
    /// 400 in Nova's words for the first of them.
    fn strictly(&self, known: &[&str]) -> Result<(), Problem>;
}

impl CheckedParams for Params {
    fn number<T: FromStr>(&self, name: &str) -> Result<Option<T>, Problem> {
        self.get(name).map(|value| value.parse().map_err(|_| wrong(name, value))).transpose()
    }

    fn counts(&self, name: &str) -> Result<(), Problem> {
        let is_number =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match self.all(name).find(|text| !is_number(text)) {
            None => Ok(()),
            Some(other) => Err(wrong(name, other)),
        }
    }

    fn once(&self, name: &str) -> Result<(), Problem> {
        match self.all(name).nth(1) {
            None => Ok(()),
            Some(second) => Err(wrong(name, second)),
        }
    }

    fn flag(&self, name: &str) -> Result<Option<bool>, Problem> {
        self.get(name).map(|value| truth(value).ok_or_else(|| wrong(name, value))).transpose()
    }

    fn check_directions(&self) -> Result<(), Problem> {
        match self.all("sort_dir").find(|way| !["asc", "desc"].contains(way)) {
            None => Ok(()),
            Some(other) => Err(wrong("sort_dir", other)),
        }
    }

    fn only(&self, version: Version, known: &[&str]) -> Result<(), Problem> {
        if version < STRICT { Ok(()) } else { self.strictly(known) }
    }

    fn strictly(&self, known: &[&str]) -> Result<(), Problem> {
        match self.iter().find(|(name, _)| !known.contains(name)) {
            None => Ok(()),
            Some((name, _)) => Err(Problem::bad_request(format!(
                "Additional properties are not allowed ('{}' was unexpected)",
                shown(name)
            ))),
        }
    }
}

/// 400 in Nova's words for a parameter with a value it cannot have.
pub fn wrong(name: &str, value: &str) -> Problem {
    let value = shown(value);
    Problem::bad_request(format!("Invalid input for query parameters {name}. Value: {value}."))
}

/// As much of a client's text as is repeated to it.
fn shown(text: &str) -> &str {
    match text.char_indices().nth(limits::NAME_MAX) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let several = Params::parse("n=7&n=8&m=-1&o=&p=1&p=x").unwrap();
        assert_eq!((several.counts("n"), several.counts("q")), (Ok(()), Ok(())));
        assert!(["m", "o", "p"].iter().all(|name| several.counts(name).is_err()));
        assert_eq!((several.once("m"), several.once("q")), (Ok(()), Ok(())));
        assert_eq!(several.once("n").unwrap_err().status, 400);
        assert_eq!(params.flag("t"), Ok(Some(true)));
        assert_eq!(params.flag("f"), Ok(Some(false)));
        assert_eq!(params.flag("g").unwrap_err().status, 400);
    }
}
