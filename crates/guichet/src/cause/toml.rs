//! What is wrong with a profile's TOML, in the reader's language. The driver says it in English, as
//! the library that reads the file does; here its sentences are told apart and said again. One
//! that is not known, such as a mistake of TOML itself, stays as it is.

use guichet_locale::{Locale, text};

/// A problem: where it is, the line with a mark below, and what is wrong.
pub(super) fn problem(problem: &str, locale: Locale) -> String {
    let lines =
        problem.lines().map(|line| sentence(line, locale).unwrap_or_else(|| line.to_owned()));
    lines.collect::<Vec<_>>().join("\n")
}

/// One line; nothing if it is not known, such as one of the file.
fn sentence(line: &str, locale: Locale) -> Option<String> {
    if let Some(rest) = line.strip_prefix("TOML parse error at line ") {
        let (line, column) = rest.split_once(", column ")?;
        return Some(text!(locale, "input-toml-at", line = line, column = column));
    }
    if let Some(path) = line.strip_prefix("in `") {
        return Some(text!(locale, "input-toml-in", path = path.strip_suffix('`')?));
    }
    if let Some(name) = line.strip_prefix("missing field `") {
        return Some(text!(locale, "input-toml-missing", name = name.strip_suffix('`')?));
    }
    if line == "duplicate key" {
        return Some(text!(locale, "input-toml-twice"));
    }
    let (found, expected) = line.split_once(", expected ")?;
    let found = wrong(found, locale)?;
    let expected = wanted(expected, locale);
    Some(text!(locale, "input-toml-expected", found = found, expected = expected))
}

/// What is there.
fn wrong(found: &str, locale: Locale) -> Option<String> {
    let quoted = |before: &str| found.strip_prefix(before)?.strip_suffix('`');
    if let Some(name) = quoted("unknown field `") {
        return Some(text!(locale, "input-toml-field", name = name));
    }
    if let Some(name) = quoted("unknown variant `") {
        return Some(text!(locale, "input-toml-variant", name = name));
    }
    if let Some(name) = quoted("unknown action `") {
        return Some(text!(locale, "input-toml-action", name = name));
    }
    if let Some(what) = found.strip_prefix("invalid type: ") {
        return Some(text!(locale, "input-toml-type", what = value(what, locale)));
    }
    if let Some(what) = found.strip_prefix("invalid value: ") {
        return Some(text!(locale, "input-toml-value", what = value(what, locale)));
    }
    if let Some(rest) = found.strip_prefix("a text of ") {
        let length = rest.strip_suffix(" characters")?;
        return Some(text!(locale, "input-toml-text", length = length));
    }
    if let Some(count) = found.strip_suffix(" `fault` rules") {
        return Some(text!(locale, "input-toml-rules", count = count));
    }
    if let Some(name) = found.strip_suffix(" is empty") {
        return Some(text!(locale, "input-toml-empty", name = name));
    }
    if let Some((name, rest)) = found.split_once(" is ") {
        let (value, bound) = rest.split_once(" and `max_ms` is ")?;
        return Some(text!(locale, "input-toml-order", name = name, value = value, bound = bound));
    }
    match found {
        "nothing" => Some(text!(locale, "input-toml-nothing")),
        "several" => Some(text!(locale, "input-toml-several")),
        _ => None,
    }
}

/// A value, by its kind.
fn value(what: &str, locale: Locale) -> String {
    let (kind, value) = what.split_once(' ').unwrap_or((what, ""));
    match kind {
        "integer" => text!(locale, "input-toml-integer", value = value),
        "string" => text!(locale, "input-toml-string", value = value),
        "boolean" => text!(locale, "input-toml-boolean", value = value),
        "sequence" => text!(locale, "input-toml-sequence"),
        "map" => text!(locale, "input-toml-map"),
        "floating" => {
            let value = value.strip_prefix("point ").unwrap_or(value);
            text!(locale, "input-toml-float", value = value)
        }
        _ => what.to_owned(),
    }
}

/// What should be there.
fn wanted(expected: &str, locale: Locale) -> String {
    if let Some(list) = expected.strip_prefix("one of ") {
        return text!(locale, "input-toml-one-of", list = list);
    }
    if let Some((what, most)) = expected.rsplit_once(" from 0 to ") {
        let what = match what {
            "a number of milliseconds" => text!(locale, "input-toml-millis"),
            "a number of milliseconds of CPU" => text!(locale, "input-toml-cpu-millis"),
            "a probability" => text!(locale, "input-toml-probability"),
            "the standard deviation of the logarithm, a number" => {
                text!(locale, "input-toml-sigma")
            }
            other => other.to_owned(),
        };
        return text!(locale, "input-toml-range", what = what, most = most);
    }
    if let Some(fields) = expected.strip_prefix("a table with ") {
        let fields = match fields.strip_suffix(" or both") {
            Some(fields) => text!(locale, "input-toml-or-both", fields = fields),
            None => either(fields, locale),
        };
        return text!(locale, "input-toml-table", fields = fields);
    }
    if let Some(most) = expected.strip_prefix("at most ") {
        return text!(locale, "input-toml-most", most = most);
    }
    if let Some(most) = expected.strip_prefix("1 to ") {
        return text!(locale, "input-toml-one-to", most = most);
    }
    match expected {
        "a sequence" => text!(locale, "input-toml-a-sequence"),
        "a boolean" => text!(locale, "input-toml-a-boolean"),
        "a string" => text!(locale, "input-toml-a-string"),
        "at least one sample" => text!(locale, "input-toml-sample"),
        "at least one, or no `actions` at all for every one" => {
            text!(locale, "input-toml-some-action")
        }
        "one distribution, such as { fixed = { ms = 5 } }" => {
            let such = "{ fixed = { ms = 5 } }";
            text!(locale, "input-toml-distribution", such = such)
        }
        other => either(other, locale),
    }
}

/// Names with "or" or "and" between them.
fn either(names: &str, locale: Locale) -> String {
    if let Some((first, last)) = names.split_once(" or ") {
        return text!(locale, "check-or", first = first, last = last);
    }
    match names.split_once(" and ") {
        Some((first, last)) => text!(locale, "input-toml-and", first = first, last = last),
        None => names.to_owned(),
    }
}

#[cfg(test)]
mod tests;
