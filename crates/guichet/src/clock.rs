//! `guichet clock`: the time of a world, stopped, made faster, moved on.

use guichet_locale::{Message, text};
use http::Method;
use serde_json::{Value, json};

use crate::Ended;
use crate::cli::{AdvanceClockArgs, ClockArgs, ClockCommand, OfWorldArgs, TokenTimeArg};
use crate::control::{Client, print};
use crate::output;

/// Runs the command.
pub(crate) fn run(args: &ClockArgs) -> anyhow::Result<Ended> {
    match &args.command {
        ClockCommand::Show(args) => ask(args, &Method::GET, "", None),
        ClockCommand::Freeze(args) => ask(args, &Method::PUT, "", Some(&goes(0.0))),
        ClockCommand::Run(args) => ask(&args.of, &Method::PUT, "", Some(&goes(args.speed))),
        ClockCommand::Jump(args) => ask(args, &Method::PUT, "", Some(&json!({ "jumps": true }))),
        ClockCommand::Tokens(args) => {
            let time = match args.time {
                TokenTimeArg::Real => "real",
                TokenTimeArg::World => "world",
            };
            ask(&args.of, &Method::PUT, "", Some(&json!({ "tokens": time })))
        }
        ClockCommand::Advance(args) => {
            ask(&args.of, &Method::POST, "/advance", Some(&how_far(args)?))
        }
    }
}

/// It goes on so, and does not jump.
fn goes(speed: f64) -> Value {
    json!({ "speed": speed, "jumps": false })
}

fn how_far(args: &AdvanceClockArgs) -> anyhow::Result<Value> {
    match (&args.by, &args.to) {
        (Some(by), _) => Ok(json!({ "by_s": by.0.as_secs_f64() })),
        (_, Some(to)) => Ok(json!({ "to": to })),
        _ if args.until_idle => Ok(json!({ "until_idle": true })),
        _ => Err(Message::new(|locale| text!(locale, "input-advance")).into()),
    }
}

fn ask(
    args: &OfWorldArgs,
    method: &Method,
    behind: &str,
    body: Option<&Value>,
) -> anyhow::Result<Ended> {
    let path = format!("/clock{behind}");
    let answer = Client::of_world(&args.place, &args.world)?.ask(method, &path, body)?;
    print(&answer, args.format, |answer| report(&args.world, answer))?;
    // Not there yet is something that a script must notice.
    Ok(if answer["reached"] == false { Ended::Broken } else { Ended::Good })
}

/// The time, in a sentence or two.
fn report(world: &str, answer: &Value) -> String {
    let clock = &answer["clock"];
    let speed = clock["speed"].as_f64().unwrap_or(1.0);
    let goes = match speed {
        0.0 => "stopped".to_owned(),
        1.0 => "running".to_owned(),
        faster => format!("running {faster} times as fast"),
    };
    let now = clock["now"].as_str().unwrap_or("-");
    let operations = output::counted(clock["operations"].as_u64().unwrap_or(0), "operation");
    let mut text = format!("world {world}: {now}, {goes}; {operations} under way\n");
    if clock["jumps"] == true {
        text.push_str("  jumps   before each request to where nothing is under way\n");
    }
    if clock["tokens"] == "world" {
        text.push_str("  tokens  and rates go by this time\n");
    }
    if let Some(next) = clock["next"].as_str() {
        text.push_str(&format!("  next    {next}\n"));
    }
    if answer["reached"] == false {
        text.push_str("  not there yet; ask again to go on\n");
    }
    text
}
