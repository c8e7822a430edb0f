//! In which language a page is: the one that was chosen, or the one that the browser prefers.

use guichet_locale::Locale;
use http::{HeaderMap, header};

use crate::cookie;

/// The language for whoever sent these headers.
pub(crate) fn of(headers: &HeaderMap) -> Locale {
    let chosen = cookie::read(headers, cookie::LANGUAGE).and_then(Locale::named);
    chosen.unwrap_or_else(|| {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|text| text.to_str().ok());
        accepted.and_then(preferred).unwrap_or_default()
    })
}

/// The language of ours that is liked best; of two that are liked alike the first.
fn preferred(accepted: &str) -> Option<Locale> {
    let mut best: Option<(f32, Locale)> = None;
    for part in accepted.split(',') {
        let mut words = part.split(';').map(str::trim);
        let locale = words.next().and_then(Locale::named);
        let weight = words.find_map(|word| word.strip_prefix("q=")).map_or(Ok(1.0), str::parse);
        if let (Some(locale), Ok(weight)) = (locale, weight)
            && weight > best.map_or(0.0, |(weight, _)| weight)
        {
            best = Some((weight, locale));
        }
    }
    best.map(|(_, locale)| locale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_liked_best_is_taken() {
        for (accepted, expected) in [
            ("fr", Locale::French),
            ("fr-CA,fr;q=0.9,en;q=0.8", Locale::French),
            ("en;q=0.4, fr;q=0.5", Locale::French),
            ("de,en-GB;q=0.9,fr;q=0.1", Locale::English),
            ("fr;q=0", Locale::English),
            ("de", Locale::English),
            ("fr;q=much", Locale::English),
            ("", Locale::English),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, accepted.parse().unwrap());
            assert_eq!(of(&headers), expected, "{accepted}");
        }
    }

    #[test]
    fn what_was_chosen_comes_first() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, "fr".parse().unwrap());
        headers.insert(header::COOKIE, "guichet_language=en".parse().unwrap());
        assert_eq!(of(&headers), Locale::English);
    }
}
