//! The name of a server inside its guest.

use std::borrow::Cow;

use guichet_core::limits;
use guichet_core::server::Server;

/// The hostname that was asked for, or the server's own name made fit for DNS.
pub fn hostname(server: &Server) -> Cow<'_, str> {
    match server.details.as_ref().and_then(|details| details.hostname.as_deref()) {
        Some(hostname) => hostname.into(),
        None => fit_for_dns(&server.name),
    }
}

/// A name with all that no hostname has left out or replaced.
fn fit_for_dns(name: &str) -> Cow<'_, str> {
    let fits = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9');
    if name.len() <= limits::HOSTNAME_LABEL_MAX
        && name.bytes().all(|byte| fits(byte) || byte == b'-')
        && name.bytes().next().is_some_and(fits)
        && name.bytes().last().is_some_and(fits)
    {
        return name.into();
    }
    let letters = name.chars().filter_map(|letter| match letter {
        ' ' | '_' => Some('-'),
        letter if letter.is_ascii_alphanumeric() || letter == '-' || letter == '.' => {
            Some(letter.to_ascii_lowercase())
        }
        _ => None,
    });
    let name: String = letters.take(limits::HOSTNAME_LABEL_MAX).collect();
    name.trim_matches(['-', '.']).to_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_fit_for_dns() {
        for (name, expected) in [("web-1", "web-1"), ("My Web_1!", "my-web-1"), ("-é-", "")] {
            assert_eq!(fit_for_dns(name), expected);
        }
        assert_eq!(fit_for_dns(&"x".repeat(100)).len(), limits::HOSTNAME_LABEL_MAX);
    }
}
