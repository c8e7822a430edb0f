//! Worlds as they are printed.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;

use guichet_view::screen::{Screen, Squeeze, framed};
use serde_json::Value;

/// A text of an answer.
fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or("-")
}

/// A number of an answer.
fn number(value: &Value, name: &str) -> String {
    value[name].as_u64().map_or_else(|| "-".to_owned(), |number| number.to_string())
}

/// Where a world is that was made, and what to do next.
pub(super) fn made(made: &Value) -> String {
    let world = &made["world"];
    let id = text(world, "id");
    format!(
        "world {id}: it ends when nobody has used it for {} s\n  \
         auth_url       {}\n  \
         control token  {} (shown only here)\n  \
         for clients    --format env prints OS_*, --format clouds-yaml a file\n",
        number(world, "idle_s"),
        text(world, "auth_url"),
        text(made, "control_token"),
    )
}

/// A line for each world.
pub(super) fn rows(worlds: &[Value]) -> String {
    // Its address is the service's with /w/ID behind it; with it a row would not fit 80 columns.
    let head = ["id", "servers", "operations", "ends after (s)", "made"].map(str::to_owned);
    let rows = worlds.iter().map(|world| {
        vec![
            text(world, "id").to_owned(),
            number(world, "servers"),
            number(world, "operations"),
            number(world, "idle_s"),
            text(world, "created_at").to_owned(),
        ]
    });
    format!("{}\n", framed(head.to_vec(), rows, 1..4))
}

/// A line for each request that the world of this id was sent, and how many there were.
pub(super) fn requests(found: &Value, id: &str, screen: Screen) -> String {
    let rows = found["requests"].as_array().map_or(&[][..], Vec::as_slice);
    let mut lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let (method, path) = (text(row, "method"), text(row, "path"));
            let line = format!(
                "{:>6}  {method:6} {}  {path}",
                number(row, "number"),
                number(row, "status")
            );
            let headers = row["headers"].as_object().into_iter().flatten();
            let headers = headers
                .map(|(name, value)| format!("\n        {name}: {}", value.as_str().unwrap_or("")));
            let body = match (&row["body"], row["body_bytes"].as_u64()) {
                (Value::Null, None) => String::new(),
                (Value::Null, Some(bytes)) => format!("\n        a body of {bytes} bytes"),
                (body, _) => format!("\n        {body}"),
            };
            line + &headers.collect::<String>() + &body
        })
        .collect();
    let (total, forgotten) = (number(found, "total"), number(found, "forgotten"));
    let counted = match found["most"].as_u64() {
        Some(0) => format!(
            "this world remembers none until it is told to: guichet world remember {id} --most 200"
        ),
        _ if forgotten == "0" => format!("{} shown of {total}", rows.len()),
        _ => format!("{} shown of {total}; {forgotten} are not remembered any more", rows.len()),
    };
    lines.extend(screen.line(&counted, 2));
    lines.join("\n") + "\n"
}

/// Requests' ids, the longest of all, go first from a table of operations that is too wide, then how often
/// each was started; then long names are wrapped.
const OPERATIONS_SQUEEZE: Squeeze<'_> = Squeeze { drops: &[5, 4], wraps: 3 };

/// A line for each operation, and how many there are.
pub(super) fn operations(found: &Value, screen: Screen) -> String {
    let rows = found["operations"].as_array().map_or(&[][..], Vec::as_slice);
    let head = ["done", "state", "action", "server", "starts", "request"].map(str::to_owned);
    let lines = rows.iter().map(|row| {
        // The time of day: a test is over before the day is.
        let done = row["done_at"].as_str().and_then(|at| at.get(11..23)).unwrap_or("-");
        vec![
            done.to_owned(),
            text(row, "state").to_owned(),
            text(row, "action").to_owned(),
            text(row, "name").to_owned(),
            number(row, "attempts"),
            text(row, "request").to_owned(),
        ]
    });
    let table = if rows.is_empty() {
        String::new()
    } else {
        screen.table(framed(head.to_vec(), lines, 4..5), OPERATIONS_SQUEEZE) + "\n"
    };
    format!("{table}{} shown of {}\n", rows.len(), number(found, "total"))
}

/// Lines that a shell takes. Of what is `set` so far for clients the rest is unset, which would point one elsewhere: a
/// name in `OS_CLOUD` goes before all that a client finds in other variables.
pub(super) fn environment(made: &Value, url: &str, set: impl Iterator<Item = OsString>) -> String {
    let variables = made["environment"].as_object().into_iter().flatten();
    let own = [
        ("GUICHET_URL", url),
        ("GUICHET_WORLD", text(&made["world"], "id")),
        ("GUICHET_WORLD_TOKEN", text(made, "control_token")),
    ];
    let variables = variables.map(|(name, value)| (name.as_str(), value.as_str().unwrap_or("")));
    let variables: BTreeMap<_, _> = variables.chain(own).collect();
    let is_name = |name: &String| name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
    let set = set.filter_map(|name| name.into_string().ok()).filter(is_name);
    let others: BTreeSet<String> = set
        .filter(|name| !variables.contains_key(name.as_str()))
        .chain(["OS_CLOUD".to_owned()])
        .collect();
    let mut lines = format!("unset {}\n", others.into_iter().collect::<Vec<_>>().join(" "));
    for (name, value) in variables {
        lines.push_str(&format!("export {name}='{}'\n", value.replace('\'', r"'\''")));
    }
    lines
}
