//! The formats that schemas name, each said anew and apart from the readers that are tested.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use jsonschema::ValidationOptions;
use regex::Regex;
use uuid::Uuid;

/// What prints: no controls, no directions, nothing unassigned, of separators the space alone, and
/// all of the first plane.
fn prints(text: &str) -> bool {
    static OTHERS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[\p{C}\p{Zl}\p{Zp}]").unwrap());
    !OTHERS.is_match(text) && text.chars().all(|letter| letter < '\u{ffff}')
}

fn has_blank_ends(text: &str) -> bool {
    let blank = |letter: Option<char>| letter.is_some_and(char::is_whitespace);
    blank(text.chars().next()) || blank(text.chars().last())
}

/// As a decoder that passes over what is not in the alphabet: whole groups of four, or filled up.
fn base64(text: &str) -> bool {
    if text.bytes().any(|byte| byte > 127) {
        return false;
    }
    let mut place = 0;
    let mut filling = 0;
    for byte in text.bytes() {
        if byte == b'=' {
            filling += 1;
            if place >= 2 && place + filling >= 4 {
                return true;
            }
        } else if byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/' {
            filling = 0;
            place = (place + 1) % 4;
        }
    }
    place == 0
}

fn whole(text: &str, least: i64, most: i64) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let is_signed = text.starts_with('-');
    is_number
        && (!is_signed || least < 0)
        && text.parse().map_or(most == i64::MAX, |number: i64| (least..=most).contains(&number))
}

/// Digits, perhaps a dot and more; above 0, which the schemas of OpenStack leave to what follows.
fn factor(text: &str) -> bool {
    let is_decimal = Regex::new(r"^[0-9]+(\.[0-9]+)?$").unwrap().is_match(text);
    is_decimal && text.parse::<f64>().is_ok_and(|number| number > 0.0)
}

const SIZE_MAX: i64 = 0x7fff_ffff;

pub(super) fn all(options: ValidationOptions<'_>) -> ValidationOptions<'_> {
    options
        .with_format("name", |text| prints(text) && !has_blank_ends(text))
        .with_format("loose-name", |text| prints(text) && !text.trim().is_empty())
        .with_format("zone-name", |text| {
            prints(text) && !has_blank_ends(text) && !text.contains(':')
        })
        .with_format("printable", prints)
        .with_format("base64", base64)
        .with_format("uuid", |text| text.parse::<Uuid>().is_ok())
        .with_format("ipv4", |text| text.parse::<Ipv4Addr>().is_ok())
        .with_format("ipv6", |text| text.parse::<Ipv6Addr>().is_ok())
        .with_format("factor", factor)
        .with_format("count", |text| whole(text, 1, i64::MAX))
        .with_format("count-or-none", |text| whole(text, 0, i64::MAX))
        .with_format("size", |text| whole(text, 1, SIZE_MAX))
        .with_format("size-or-none", |text| whole(text, 0, SIZE_MAX))
        .with_format("limit", |text| whole(text, -1, SIZE_MAX))
        .with_format("console-length", |text| whole(text, -1, i64::MAX))
}
