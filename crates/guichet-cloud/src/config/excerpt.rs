//! The line in which a mistake is, with a caret below the place. What may be a password is not shown.

/// Keys whose texts may be seen by whoever reads a log.
const SHOWN: [&str; 25] = [
    "region",
    "zone",
    "driver",
    "profile",
    "name",
    "id",
    "description",
    "cidr",
    "project",
    "role",
    "default_project",
    "workers",
    "queue",
    "servers_max",
    "instances",
    "cores",
    "ram_mib",
    "vcpus",
    "count",
    "weight",
    "disk_gib",
    "listen",
    "data",
    "public_url",
    "log",
];

/// Most columns of a line that are shown: with the mark in front of it, those of a terminal.
const WIDTH: usize = 76;

/// The line and the caret; nothing where the line may be the inside of a text over several lines.
/// `before` is all that stands before the place, `left` what of the line does.
pub(super) fn excerpt(before: &str, line: &str, left: &str) -> Option<String> {
    let is_inside_text = ["\"\"\"", "'''"].iter().any(|quotes| before.contains(quotes));
    if is_inside_text || line.trim().is_empty() {
        return None;
    }
    let (shown, was_cut) = without_secret(line);
    let column = left.chars().count().min(shown.chars().count());
    // A place far to the right is shown with what stands near it.
    let skipped = column.saturating_sub(WIDTH - 10);
    let text: String = shown.chars().skip(skipped).take(WIDTH).map(plain).collect();
    let text = if was_cut { text + "…" } else { text.trim_end().to_owned() };
    let caret = " ".repeat(column - skipped);
    Some(format!("  | {text}\n  | {caret}^"))
}

/// The line, cut at the first quote where what is in quotes may be a secret.
fn without_secret(line: &str) -> (&str, bool) {
    let key = line.split('=').next().unwrap_or_default().trim();
    let has_one_key = line.matches('=').count() == 1;
    if line.trim_start().starts_with('[') || (has_one_key && SHOWN.contains(&key)) {
        return (line, false);
    }
    match line.find(['"', '\'']) {
        Some(quote) => (&line[..quote], true),
        None => (line, false),
    }
}

/// What a terminal would obey is not shown as it is.
fn plain(character: char) -> char {
    match character {
        '\t' => ' ',
        _ if character.is_control() => char::REPLACEMENT_CHARACTER,
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(line: &str, column: usize) -> Option<String> {
        excerpt(&line[..column], line, &line[..column])
    }

    #[test]
    fn the_caret_stands_below_the_place() {
        assert_eq!(of("workers = 0", 10).as_deref(), Some("  | workers = 0\n  |           ^"));
        assert_eq!(of("region = 'a b'", 9).as_deref(), Some("  | region = 'a b'\n  |          ^"));
    }

    #[test]
    fn a_password_is_not_shown_however_its_key_is_spelled() {
        for line in [
            "password = 'hunter2'",
            "pasword = \"hunter2\"",
            "name = { password = 'hunter2' }",
            "roles = [], password = 'hunter2'",
        ] {
            for column in [0, 3, line.len()] {
                let shown = of(line, column).unwrap();
                assert!(!shown.contains("hunter2") && shown.contains('…'), "{shown}");
            }
        }
        assert_eq!(excerpt("password = '''\n", "hunter2 = 1", ""), None);
    }

    #[test]
    fn a_long_line_is_shown_where_the_place_is() {
        let line = format!("name = '{}' x", "é".repeat(500));
        let left = line.strip_suffix('x').unwrap();
        let shown = excerpt(left, &line, left).unwrap();
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines[0].ends_with('x') && lines[0].chars().count() < 80, "{shown}");
        assert_eq!(lines[0].chars().count(), lines[1].chars().count(), "{shown}");
    }
}
