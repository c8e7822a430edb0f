//! Cookies: what they are called, and how they are read and set.

use http::{HeaderMap, HeaderValue, header};

/// The language that was chosen.
pub(crate) const LANGUAGE: &str = "guichet_language";

/// The cookie of a session. A browser sends cookies of one host to all of its ports, so services beside each
/// other have each its own.
pub(crate) fn session(headers: &HeaderMap) -> String {
    of_port("guichet_session", headers)
}

/// The cookie that the form of a sign-in must fit, for nobody has a session then.
pub(crate) fn form(headers: &HeaderMap) -> String {
    of_port("guichet_form", headers)
}

fn of_port(name: &str, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let port = host.rsplit_once(':').map(|(_, port)| port);
    let is_port = |port: &&str| {
        (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit())
    };
    match port.filter(is_port) {
        Some(port) => format!("{name}_{port}"),
        None => name.to_owned(),
    }
}

/// The value of a cookie.
pub(crate) fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(known, _)| known.trim() == name).map(|(_, value)| value.trim())
}

/// Sets a cookie that no script reads and that no other site's page sends. Without an age it ends with the
/// browser. The value is one that needs no quotes.
pub(crate) fn set(name: &str, value: &str, age_s: Option<u64>, is_secure: bool) -> HeaderValue {
    let age = age_s.map_or_else(String::new, |age| format!("; Max-Age={age}"));
    let secure = if is_secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{age}{secure}");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(http::HeaderName, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let sent = headers(&[(header::COOKIE, "a=1; bb=2"), (header::COOKIE, "c = 3;d")]);
        assert_eq!(read(&sent, "bb"), Some("2"));
        assert_eq!(read(&sent, "c"), Some("3"));
        assert_eq!((read(&sent, "b"), read(&sent, "d")), (None, None));
    }

    #[test]
    fn each_port_has_its_own() {
        for (host, name) in [
            ("localhost:8774", "guichet_session_8774"),
            ("[::1]:80", "guichet_session_80"),
            ("example.org", "guichet_session"),
            ("a:b;c", "guichet_session"),
        ] {
            assert_eq!(session(&headers(&[(header::HOST, host)])), name, "{host}");
        }
    }

    #[test]
    fn no_script_and_no_other_site_has_it() {
        assert_eq!(set("a", "b", None, false), "a=b; Path=/; HttpOnly; SameSite=Strict");
        let secure = set("a", "b", Some(0), true);
        assert_eq!(secure, "a=b; Path=/; HttpOnly; SameSite=Strict; Max-Age=0; Secure");
    }
}
