//! `guichet logs`: what happens in a cloud, as it does, for as long as somebody looks.

mod stream;

use std::time::Duration;

use guichet_core::limits;
use serde_json::Value;

use self::stream::{Broken, Stream};
use crate::Ended;
use crate::cli::ShownFormatArg;
use crate::cli::admin::LogsArgs;
use crate::control::{Client, encoded};
use crate::output;

/// Runs the command: until it is interrupted, or nobody reads it.
pub(crate) fn run(args: &LogsArgs) -> anyhow::Result<Ended> {
    let path = path(args);
    // What is wrong with what was asked is said at once; a service that goes away later is waited for.
    let client = Client::following(&args.at.place)?;
    let mut stream = Some(Stream::open(&client, &path)?);
    let mut pause = limits::FOLLOW_PAUSE_FIRST;
    loop {
        let Some(open) = stream.take() else {
            pause_for(pause);
            pause = (pause * 2).min(limits::FOLLOW_PAUSE_MAX);
            stream = Stream::open(&client, &path).ok();
            if stream.is_some() {
                output::say("the service answers again; what happened meanwhile is not shown\n");
            }
            continue;
        };
        let broken = loop {
            match open.next() {
                Ok((name, data)) => {
                    pause = limits::FOLLOW_PAUSE_FIRST;
                    if !show(&name, &data, args.at.format)? {
                        return Ok(Ended::Good);
                    }
                }
                Err(broken) => break broken,
            }
        };
        output::say(match broken {
            Broken::Ended => "the stream ended; the service is asked again until it answers\n",
            Broken::Silent => "nothing comes any more; the service is asked again\n",
        });
    }
}

fn path(args: &LogsArgs) -> String {
    let LogsArgs { server, project, request, kind, at: _ } = args;
    let pairs = [("server", server), ("project", project), ("request", request), ("kind", kind)];
    let said = pairs.iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
    let said = said.map(|(name, value)| format!("{name}={}", encoded(value)));
    format!("events?{}", said.collect::<Vec<_>>().join("&"))
}

fn pause_for(time: Duration) {
    // Nobody wakes this thread; if something does, it asks a little sooner.
    std::thread::park_timeout(time);
}

/// Prints an event, if it is one to print. False if nobody reads any more.
fn show(name: &str, data: &str, format: ShownFormatArg) -> anyhow::Result<bool> {
    match name {
        "log" => match format {
            ShownFormatArg::Json => output::print_on(&format!("{data}\n")),
            ShownFormatArg::Table => {
                let entry = serde_json::from_str(data).unwrap_or(Value::Null);
                output::print_on(&line(&entry))
            }
        },
        "dropped" => {
            let entries = serde_json::from_str(data).unwrap_or(Value::Null)["entries"].clone();
            output::say(&format!("{entries} entries were left out: there were too many to send\n"));
            Ok(true)
        }
        _ => Ok(true),
    }
    .map_err(anyhow::Error::new)
}

/// An entry as a line: when, what, whose, and which.
fn line(entry: &Value) -> String {
    let text = |name: &str| entry[name].as_str().unwrap_or("-");
    let time = text("at").get(11..23).unwrap_or("-");
    let mut line = format!(
        "{time} {:10} {:8} {} {}",
        text("kind"),
        text("action"),
        text("project_name"),
        text("server")
    );
    for (name, unit) in [("wait_ms", "waited"), ("service_ms", "ran")] {
        if let Some(ms) = entry[name].as_f64() {
            line.push_str(&format!(" {unit} {ms:.1} ms"));
        }
    }
    for name in ["reason", "request"] {
        if let Some(said) = entry[name].as_str() {
            line.push_str(&format!(" {said}"));
        }
    }
    line + "\n"
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::line;

    #[test]
    fn an_entry_is_a_line_with_what_is_known_of_it() {
        let entry = json!({
            "kind": "succeeded", "at": "2026-11-29T10:11:12.345678Z", "action": "create",
            "project_name": "demo", "server": "s1", "service_ms": 12.34, "request": "req-1",
        });
        let shown = "10:11:12.345 succeeded  create   demo s1 ran 12.3 ms req-1\n";
        assert_eq!(line(&entry), shown);
        assert_eq!(line(&json!({ "kind": "gone" })), "- gone       -        - -\n");
    }
}
