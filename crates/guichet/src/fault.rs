//! `guichet fault`: has requests and operations of a world go wrong.

use anyhow::bail;
use http::Method;
use serde_json::{Map, Value};

use crate::Ended;
use crate::cli::{AddFaultArgs, FaultArgs, FaultCommand, OfWorldArgs};
use crate::control::{Client, print};

/// Runs the command.
pub(crate) fn run(args: &FaultArgs) -> anyhow::Result<Ended> {
    match &args.command {
        FaultCommand::Add(args) => {
            let rule = rule(args)?;
            ask(&args.of, &Method::POST, "", Some(&rule), added)
        }
        FaultCommand::List(args) => ask(args, &Method::GET, "", None, listed),
        FaultCommand::Clear(args) => {
            let behind = args.rule.map_or_else(String::new, |rule| format!("/{rule}"));
            ask(&args.of, &Method::DELETE, &behind, None, |_| "taken out\n".to_owned())
        }
    }
}

/// Fields that are texts, also if they look like something else.
const TEXTS: [&str; 7] = ["message", "server", "project", "host", "path", "client", "lacks"];

/// The fields as JSON: numbers and truth words as such, all else as text.
fn rule(args: &AddFaultArgs) -> anyhow::Result<Value> {
    let mut rule = Map::new();
    for field in &args.fields {
        let Some((name, value)) = field.split_once('=') else {
            bail!("{field:?}: expected FIELD=VALUE, such as nth=3");
        };
        let read = serde_json::from_str(value).ok();
        let plain = read.filter(|value: &Value| value.is_number() || value.is_boolean());
        // A message may be a number; the others know what they are.
        let is_text = TEXTS.contains(&name);
        let value = plain.filter(|_| !is_text).unwrap_or_else(|| value.into());
        if rule.insert(name.to_owned(), value).is_some() {
            bail!("{name}: given twice");
        }
    }
    Ok(Value::Object(rule))
}

fn ask(
    args: &OfWorldArgs,
    method: &Method,
    behind: &str,
    body: Option<&Value>,
    shown: fn(&Value) -> String,
) -> anyhow::Result<Ended> {
    let path = format!("/faults{behind}");
    let answer = Client::of_world(&args.place, &args.world)?.ask(method, &path, body)?;
    print(&answer, args.format, shown)?;
    Ok(Ended::Good)
}

fn added(answer: &Value) -> String {
    let rules = answer["rules"].as_array().map_or(&[][..], Vec::as_slice);
    let numbers: Vec<String> = rules.iter().map(Value::to_string).collect();
    format!("rule {}\n", numbers.join(", "))
}

/// Two lines for each rule: what became of it, and what it says.
fn listed(answer: &Value) -> String {
    let rules = answer["faults"].as_array().map_or(&[][..], Vec::as_slice);
    if rules.is_empty() {
        return "nothing is to go wrong\n".to_owned();
    }
    let mut lines = String::new();
    for rule in rules {
        let (number, seen, struck) = (&rule["rule"], &rule["seen"], &rule["struck"]);
        lines.push_str(&format!("rule {number}: struck {struck} of {seen}\n "));
        for (name, value) in rule["says"].as_object().into_iter().flatten() {
            match value.as_str() {
                Some(text) if text.contains(' ') => lines.push_str(&format!(" {name}={text:?}")),
                Some(text) => lines.push_str(&format!(" {name}={text}")),
                None if value == false => {}
                None => lines.push_str(&format!(" {name}={value}")),
            }
        }
        lines.push('\n');
    }
    lines
}
