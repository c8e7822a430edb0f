//! What is wrong with a field, in plain words: those of the library that reads bodies are about types of
//! Rust.

/// Its words for what was found or expected, and ours.
const WORDS: [(&str, &str); 17] = [
    ("integer `", "`"),
    ("floating point `", "`"),
    ("boolean `", "`"),
    ("string \"", "the text \""),
    ("sequence", "a list"),
    ("a sequence", "a list"),
    ("map", "an object"),
    ("unit value", "null"),
    ("u64", "a whole number from 0 on"),
    ("u32", "a whole number from 0 to 4294967295"),
    ("i64", "a whole number"),
    ("a formatted UUID string", "a UUID"),
    ("u16", "a whole number from 0 to 65535"),
    ("f64", "a number"),
    ("a string", "a text"),
    ("a boolean", "true or false"),
    ("string or map", "one of the words that it may be"),
];

/// A sentence that names the field, of what the library says of it.
pub fn sentence(path: &str, said: &str) -> String {
    let field = if matches!(path, "." | "?" | "") { "The body" } else { path };
    if let Some((name, expected)) = of(said, "unknown field `") {
        let (name, near) = (inside(path, &shown(name)), near(name, &expected));
        return format!("{name}: there is no such field; {expected}{near}.");
    }
    if let Some((name, expected)) = of(said, "unknown variant `") {
        let near = near(name, &expected);
        return format!("{field}: there is no {:?}; {expected}{near}.", shown(name));
    }
    if let Some((name, _)) = of(said, "missing field `") {
        return format!("{}: it is missing.", inside(path, name));
    }
    if let Some((name, _)) = of(said, "duplicate field `") {
        return format!("{}: it is there twice.", inside(path, name));
    }
    if let Some((found, expected)) =
        said.strip_prefix("invalid length ").and_then(|said| said.split_once(", expected "))
    {
        return format!("{field}: found {found} entries, expected {}.", plain(expected));
    }
    let found =
        said.strip_prefix("invalid type: ").or_else(|| said.strip_prefix("invalid value: "));
    if let Some((found, expected)) = found.and_then(|found| found.rsplit_once(", expected ")) {
        return format!("{field}: found {}, expected {}.", plain(found), plain(expected));
    }
    format!("{field}: {said}.")
}

/// The word that one was most likely meant to be, if any is like it.
pub fn nearest<'a>(word: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Nothing that long was meant to be a word.
    if word.len() > WORD_BYTES_MAX {
        return None;
    }
    let likeness = |known: &str| strsim::jaro_winkler(word, known);
    let all = words.into_iter().map(|known| (likeness(known), known));
    let best = all.max_by(|(one, _), (other, _)| one.total_cmp(other));
    best.filter(|(likeness, _)| *likeness >= LIKENESS_MIN).map(|(_, known)| known)
}

/// What is no known word, with those that are: `there is no "x"; expected one of …; the nearest is …`.
pub fn no_such_word<'a>(word: &str, words: impl Iterator<Item = &'a str> + Clone) -> String {
    let all: Vec<&str> = words.clone().collect();
    let near =
        nearest(word, words).map_or_else(String::new, |near| format!("; the nearest is {near}"));
    format!("there is no {:?}; expected one of {}{near}", shown(word), all.join(", "))
}

/// A text as it is said again: its beginning, if it is long.
pub fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The longest word that is compared with others.
const WORD_BYTES_MAX: usize = 64;
/// Characters of a text that are said again.
const SHOWN_MAX: usize = 64;
/// How alike two words are if one is the other with a slip in it, 0 to 1.
const LIKENESS_MIN: f64 = 0.8;

/// The path of a field inside of another, or of the body. The path may be that of the field itself.
fn inside(path: &str, name: &str) -> String {
    let is_named = path.rsplit('.').next() == Some(name);
    match path {
        "." | "?" | "" => name.to_owned(),
        _ if is_named => path.to_owned(),
        _ => format!("{path}.{name}"),
    }
}

/// What stands between a beginning and the next sign like the one that it ends with, and what is expected.
fn of<'a>(said: &'a str, begins: &str) -> Option<(&'a str, String)> {
    let (name, rest) = said.strip_prefix(begins)?.split_once('`')?;
    Some((name, rest.trim_start_matches(", ").replace('`', "")))
}

/// The nearest of those that are expected.
fn near(name: &str, expected: &str) -> String {
    let words = expected
        .split([',', ' '])
        .filter(|word| !matches!(*word, "" | "expected" | "one" | "of" | "or"));
    nearest(name, words).map_or_else(String::new, |near| format!("; the nearest is {near}"))
}

fn plain(words: &str) -> String {
    if words.starts_with("struct ") || words.starts_with("enum ") {
        return "an object".to_owned();
    }
    let known = WORDS.iter().find(|(theirs, _)| {
        words == *theirs || theirs.ends_with(['`', '"']) && words.starts_with(theirs)
    });
    match known {
        Some((theirs, ours)) => format!("{ours}{}", &words[theirs.len()..]).replace('`', ""),
        None => words.replace('`', ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_field_is_said_plainly() {
        for (path, said, expected) in [
            (
                "most",
                "invalid type: string \"2\", expected u64",
                "most: found the text \"2\", expected a whole number from 0 on.",
            ),
            (
                "most",
                "invalid value: integer `-1`, expected u64",
                "most: found -1, expected a whole number from 0 on.",
            ),
            ("speed", "invalid type: null, expected f64", "speed: found null, expected a number."),
            (
                "after",
                "invalid type: map, expected a boolean",
                "after: found an object, expected true or false.",
            ),
            (
                ".",
                "unknown field `color`, expected `by_s` or `to`",
                "color: there is no such field; expected by_s or to.",
            ),
            (
                "do",
                "unknown variant `explode`, expected one of `answer`, `close`",
                "do: there is no \"explode\"; expected one of answer, close.",
            ),
            (
                "server",
                "invalid type: map, expected a sequence",
                "server: found an object, expected a list.",
            ),
            ("rows[0]", "missing field `name`", "rows[0].name: it is missing."),
            (".", "missing field `name`", "name: it is missing."),
            (
                "head",
                "invalid length 0, expected struct Head with 2 elements",
                "head: found 0 entries, expected an object.",
            ),
            (
                ".",
                "invalid type: sequence, expected struct NewFault",
                "The body: found a list, expected an object.",
            ),
            ("at", "duplicate field `at`", "at: it is there twice."),
            ("?", "something else", "The body: something else."),
        ] {
            assert_eq!(sentence(path, said), expected);
        }
    }
}
