//! Compute microversions: what a request asks for, and what an answer says it is.
//! (API-SIG guideline "Microversion Specification"; Nova's "REST API Version History".)

use std::fmt;
use std::sync::LazyLock;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::problem::Problem;

/// A microversion 2.`minor`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u16);

impl Version {
    /// The oldest, which is also what a request without a header means.
    pub const MIN: Self = Self(1);
    /// The newest.
    pub const MAX: Self = Self(96);
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "2.{}", self.0)
    }
}

/// The header of all services: `compute 2.96`, among others perhaps.
pub static COMMON: HeaderName = HeaderName::from_static("openstack-api-version");
/// The header Nova had before, still sent alone by some clients.
pub static LEGACY: HeaderName = HeaderName::from_static("x-openstack-nova-api-version");

/// The version a request asks for. The common header wins over the legacy one.
///
/// # Errors
/// 400 for what is no version, 406 for one outside of what there is.
pub fn asked(headers: &HeaderMap) -> Result<Version, Problem> {
    let Some(text) = common(headers)?.or(legacy(headers)?) else {
        return Ok(Version::MIN);
    };
    if text == "latest" {
        return Ok(Version::MAX);
    }
    let (major, minor) = parse(text).ok_or_else(|| {
        Problem::bad_request(format!(
            "API Version String '{text}' is of invalid format. It must be of format MajorNum.MinorNum."
        ))
    })?;
    let within = |minor: &u16| (Version::MIN.0..=Version::MAX.0).contains(minor);
    match (major, minor) {
        (2, Some(minor)) if within(&minor) => Ok(Version(minor)),
        _ => Err(Problem::new(
            StatusCode::NOT_ACCEPTABLE,
            format!(
                "Version {text} is not supported by the API. Minimum is {} and maximum is {}.",
                Version::MIN,
                Version::MAX
            ),
        )),
    }
}

fn as_text(value: &HeaderValue) -> Result<&str, Problem> {
    value.to_str().map_err(|_| Problem::bad_request("The API version header is no text."))
}

/// `compute X.Y` in a list of services.
fn common(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    for value in headers.get_all(&COMMON) {
        for part in as_text(value)?.split(',') {
            let mut words = part.split_whitespace();
            if words.next().is_some_and(|service| service.eq_ignore_ascii_case("compute")) {
                return Ok(Some(words.next().unwrap_or("")));
            }
        }
    }
    Ok(None)
}

fn legacy(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    headers.get(&LEGACY).map(|value| as_text(value).map(str::trim)).transpose()
}

/// `X.Y` without leading zeros; the minor is `None` if it is larger than any version could be.
fn parse(text: &str) -> Option<(u16, Option<u16>)> {
    let (major, minor) = text.split_once('.')?;
    let number = |digits: &str| {
        let sound = !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && (digits == "0" || !digits.starts_with('0'));
        sound.then(|| digits.parse::<u16>().ok())
    };
    let major = number(major)?;
    let minor = number(minor)?;
    // A major number that large is some other version: outside, not malformed.
    Some((major.unwrap_or(u16::MAX), minor))
}

/// The values of both headers for each version, written once.
static HEADER_VALUES: LazyLock<Vec<(HeaderValue, HeaderValue)>> = LazyLock::new(|| {
    let value = |text: String| {
        HeaderValue::try_from(text)
            .expect("letters, digits, a space and a dot are a header's value")
    };
    (0..=Version::MAX.0)
        .map(|minor| {
            (value(format!("compute {}", Version(minor))), value(Version(minor).to_string()))
        })
        .collect()
});

/// Writes into an answer which version it is.
pub fn write_headers(headers: &mut HeaderMap, version: Version) {
    if let Some((common, legacy)) = HEADER_VALUES.get(usize::from(version.0)) {
        headers.insert(&COMMON, common.clone());
        headers.insert(&LEGACY, legacy.clone());
    }
    const BOTH: &str = "OpenStack-API-Version, X-OpenStack-Nova-API-Version";
    headers.append(header::VARY, HeaderValue::from_static(BOTH));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(pairs: &[(&'static str, &str)]) -> Result<Version, u16> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        asked(&headers).map_err(|problem| problem.status.as_u16())
    }

    #[test]
    fn the_common_header_wins_and_none_is_the_oldest() {
        const NEW: &str = "openstack-api-version";
        const OLD: &str = "x-openstack-nova-api-version";
        assert_eq!(ask(&[]), Ok(Version::MIN));
        assert_eq!(ask(&[(NEW, "compute 2.53")]), Ok(Version(53)));
        assert_eq!(ask(&[(OLD, "2.47")]), Ok(Version(47)));
        assert_eq!(ask(&[(NEW, "compute 2.60"), (OLD, "2.47")]), Ok(Version(60)));
        assert_eq!(ask(&[(NEW, "volume 3.0, compute 2.9"), (OLD, "2.1")]), Ok(Version(9)));
        assert_eq!(ask(&[(NEW, "volume 3.0"), (OLD, "2.3")]), Ok(Version(3)));
        assert_eq!(ask(&[(NEW, "compute latest")]), Ok(Version::MAX));
        assert_eq!(ask(&[(NEW, "Compute 2.1")]), Ok(Version::MIN));
    }

    #[test]
    fn what_is_no_version_is_400_and_what_is_none_of_ours_406() {
        for malformed in ["abc", "2", "2.01", "2.", ".1", "2.1.1", "02.1", "-2.1", ""] {
            assert_eq!(
                ask(&[("x-openstack-nova-api-version", malformed)]),
                Err(400),
                "{malformed}"
            );
        }
        for outside in ["2.0", "2.97", "2.9999999", "1.1", "3.1", "99999999.1"] {
            assert_eq!(ask(&[("x-openstack-nova-api-version", outside)]), Err(406), "{outside}");
        }
        assert_eq!(ask(&[("openstack-api-version", "compute")]), Err(400));
    }
}
