//! Worlds as they are printed.

use guichet_view::screen::framed;
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

/// A line for each request that a world was sent, and how many there were.
pub(super) fn requests(found: &Value) -> String {
    let rows = found["requests"].as_array().map_or(&[][..], Vec::as_slice);
    let mut lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let (method, path) = (text(row, "method"), text(row, "path"));
            format!("{:>6}  {method:6} {}  {path}", number(row, "number"), number(row, "status"))
        })
        .collect();
    let (total, forgotten) = (number(found, "total"), number(found, "forgotten"));
    lines.push(match found["most"].as_u64() {
        Some(0) => "this world remembers none until it is told to, by PUT \
                    /guichet/v1/worlds/root/requests with {\"most\": 200}"
            .to_owned(),
        _ if forgotten == "0" => format!("{} shown of {total}", rows.len()),
        _ => format!("{} shown of {total}; {forgotten} are not remembered any more", rows.len()),
    });
    lines.join("\n") + "\n"
}

/// Lines that a shell takes.
pub(super) fn environment(made: &Value, url: &str) -> String {
    let mut lines = String::new();
    let variables = made["environment"].as_object().into_iter().flatten();
    let own = [
        ("GUICHET_URL", url),
        ("GUICHET_WORLD", text(&made["world"], "id")),
        ("GUICHET_WORLD_TOKEN", text(made, "control_token")),
    ];
    let variables = variables.map(|(name, value)| (name.as_str(), value.as_str().unwrap_or("")));
    for (name, value) in variables.chain(own) {
        lines.push_str(&format!("export {name}='{}'\n", value.replace('\'', r"'\''")));
    }
    lines
}
