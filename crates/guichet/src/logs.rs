//! `guichet logs`: what happens in a cloud, as it does, for as long as somebody looks; and what was.

mod stream;

use std::time::Duration;

use anyhow::bail;
use guichet_core::limits;
use serde_json::Value;

use self::stream::{Broken, Stream};
use crate::Ended;
use crate::cli::ShownFormatArg;
use crate::cli::logs::{LogsArgs, Moment};
use crate::control::{Client, encoded, query};
use crate::output;

/// Runs the command: until it is interrupted, nobody reads it, or what was is printed if that alone was
/// asked for.
pub(crate) fn run(args: &LogsArgs) -> anyhow::Result<Ended> {
    let entries = entries(args);
    let looks_back = args.since.is_some() || args.until.is_some();
    let path = with_span(args, &entries);
    // What is wrong with what was asked is said at once; a service that goes away later is waited for.
    let client = Client::following(&args.at.place)?;
    let mut stream = Some(Stream::open(&client, &path)?);
    let mut pause = limits::FOLLOW_PAUSE_FIRST;
    loop {
        let Some(open) = stream.take() else {
            pause_for(pause);
            pause = (pause * 2).min(limits::FOLLOW_PAUSE_MAX);
            stream = Stream::open(&client, &entries).ok();
            if stream.is_some() {
                output::say_wrapped(
                    "the service answers again; what happened meanwhile is not shown\n",
                );
            }
            continue;
        };
        let broken = loop {
            match open.next() {
                Ok((name, data)) => {
                    pause = limits::FOLLOW_PAUSE_FIRST;
                    if name == "end" || !show(&name, &data, args)? {
                        return Ok(Ended::Good);
                    }
                }
                Err(broken) => break broken,
            }
        };
        if looks_back && !args.follow {
            bail!(
                "the answer broke off: the service is gone, or too busy; what was printed is not all"
            );
        }
        output::say_wrapped(match broken {
            Broken::Ended => "the stream ended; the service is asked again until it answers\n",
            Broken::Silent => "nothing comes any more; the service is asked again\n",
        });
    }
}

/// The path of the entries that are asked for, from now on.
fn entries(args: &LogsArgs) -> String {
    let LogsArgs { server, project, request, kind, .. } = args;
    let pairs = [("server", server), ("project", project), ("request", request), ("kind", kind)];
    format!("events?{}", query(&pairs.map(|(name, value)| (name, value.clone()))))
}

/// The same with what was, if that is asked for.
fn with_span(args: &LogsArgs, entries: &str) -> String {
    let mut path = entries.to_owned();
    for (name, moment) in [("since", &args.since), ("until", &args.until)] {
        match moment {
            Some(Moment::Ago(ago)) => path += &format!("&{name}_s={}", ago.0.as_secs_f64()),
            Some(Moment::Named(instant)) => path += &format!("&{name}={}", encoded(instant)),
            None => {}
        }
    }
    if args.since.is_some() && args.until.is_none() && !args.follow {
        path += "&follow=false";
    }
    path
}

fn pause_for(time: Duration) {
    // Nobody wakes this thread; if something does, it asks a little sooner.
    std::thread::park_timeout(time);
}

/// Prints an event, if it is one to print. False if nobody reads any more.
fn show(name: &str, data: &str, args: &LogsArgs) -> anyhow::Result<bool> {
    let parsed = || serde_json::from_str(data).unwrap_or(Value::Null);
    match name {
        "log" => match args.at.format {
            ShownFormatArg::Json => output::print_on(&format!("{data}\n")),
            // What was may be of another day.
            ShownFormatArg::Table => {
                let begins = if args.since.is_some() || args.until.is_some() { 0 } else { 11 };
                output::print_on(&line(&parsed(), begins))
            }
        },
        "dropped" => {
            let entries = parsed()["entries"].clone();
            output::say_wrapped(&format!(
                "{entries} entries were left out: there were too many to send, or to look at\n"
            ));
            Ok(true)
        }
        "past" => {
            if let Some(missing) = missing(&parsed()) {
                output::say_wrapped(&missing);
            }
            Ok(true)
        }
        _ => Ok(true),
    }
    .map_err(anyhow::Error::new)
}

/// What is said if the service has not all that was asked for.
fn missing(past: &Value) -> Option<String> {
    if past["is_whole"] != false {
        return None;
    }
    let from = past["whole_from"].as_str().unwrap_or("-");
    Some(match past["gone"].as_u64() {
        None | Some(0) => format!("the service has written this log since {from}\n"),
        Some(gone) => format!(
            "older entries are gone: the service has all from {from} on, and dropped {gone} before that\n"
        ),
    })
}

/// An entry as a line: when, from this letter of its time on, what, whose, and which.
fn line(entry: &Value, begins: usize) -> String {
    let text = |name: &str| entry[name].as_str().unwrap_or("-");
    let time = text("at").get(begins..23).unwrap_or("-");
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

    use super::{line, missing};

    #[test]
    fn an_entry_is_a_line_with_what_is_known_of_it() {
        let entry = json!({
            "kind": "succeeded", "at": "2026-11-29T10:11:12.345678Z", "action": "create",
            "project_name": "demo", "server": "s1", "service_ms": 12.34, "request": "req-1",
        });
        let shown = "10:11:12.345 succeeded  create   demo s1 ran 12.3 ms req-1\n";
        assert_eq!(line(&entry, 11), shown);
        assert_eq!(line(&entry, 0), format!("2026-11-29T{shown}"));
        assert_eq!(line(&json!({ "kind": "gone" }), 11), "- gone       -        - -\n");
    }

    #[test]
    fn what_the_service_has_not_is_said_with_the_time_from_which_it_has_all() {
        let past = |is_whole: bool, gone: u64| json!({ "whole_from": "2026-11-29T10:00:00.000000Z", "is_whole": is_whole, "gone": gone });
        assert_eq!(missing(&past(true, 7)), None);
        let said = missing(&past(false, 7)).unwrap();
        assert!(
            said.contains("from 2026-11-29T10:00:00.000000Z on, and dropped 7 before"),
            "{said}"
        );
        let said = missing(&past(false, 0)).unwrap();
        assert_eq!(said, "the service has written this log since 2026-11-29T10:00:00.000000Z\n");
    }
}
