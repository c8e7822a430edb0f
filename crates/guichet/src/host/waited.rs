//! A host that is being emptied, followed to the end of that.

use std::time::Duration;

use guichet_clock::Stopwatch;
use guichet_core::limits;
use http::Method;
use serde_json::Value;

use super::shown;
use crate::Ended;
use crate::cli::ShownFormatArg;
use crate::cli::host::OneHostArgs;
use crate::control::{Client, as_json};
use crate::output;

/// Why a drain is waited for no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// The host is empty.
    Empty,
    /// Nothing moves until somebody does something.
    Stuck,
    /// Somebody ended the drain.
    Ended,
}

/// Follows the drain of a host that this path answers for.
pub(super) fn run(
    client: &Client<'_>,
    of: &OneHostArgs,
    path: &str,
    timeout: Option<Duration>,
) -> anyhow::Result<Ended> {
    let watch = Stopwatch::start();
    let name = &of.name;
    let (mut last, mut pause) = (String::new(), limits::FOLLOW_PAUSE_FIRST);
    let mut is_answered = true;
    loop {
        // What is wrong with the request was said when the drain was asked for: this is a service that
        // is gone, and its drain goes on with it.
        let state = client.ask(&Method::GET, path, None);
        match &state {
            Ok(state) => {
                (is_answered, pause) = (true, limits::DRAIN_LOOK_PERIOD);
                let progress = shown::progress(&state["drain"]);
                if is(&state["status"], "draining") && progress != last {
                    output::say_wrapped(&format!("host {name}: {progress}\n"));
                    last = progress;
                }
                if let Some(stop) = stop(state) {
                    return end(of, state, stop);
                }
            }
            Err(error) => {
                if std::mem::take(&mut is_answered) {
                    output::say_wrapped(&format!("{error:#}; it is asked again\n"));
                }
                pause = (pause * 2).min(limits::FOLLOW_PAUSE_MAX);
            }
        }
        let left = timeout.map(|timeout| timeout.saturating_sub(watch.elapsed()));
        if left.is_some_and(|left| left.is_zero()) {
            output::say_wrapped(&format!(
                "host {name}: it is not empty in time; the drain goes on\n"
            ));
            print(of, &state.unwrap_or(Value::Null))?;
            return Ok(Ended::Broken);
        }
        // Nobody wakes it, and if it wakes all the same it only asks once more.
        std::thread::park_timeout(left.map_or(pause, |left| left.min(pause)));
    }
}

/// Whether there is a text that is this one.
fn is(value: &Value, text: &str) -> bool {
    value.as_str() == Some(text)
}

/// Whether there is nothing more to wait for.
fn stop(state: &Value) -> Option<Stop> {
    match state["status"].as_str()? {
        "drained" => Some(Stop::Empty),
        "draining" => {
            let drain = &state["drain"];
            let (left, stuck) = (drain["left"].as_u64()?, drain["stuck"].as_u64()?);
            // Of more than the first hundred nothing is said: these stand for all.
            let waits = drain["servers"]
                .as_array()?
                .iter()
                .any(|server| is(&server["reason"], "busy") || is(&server["reason"], "failed"));
            (left > 0 && stuck == left && !waits).then_some(Stop::Stuck)
        }
        _ => Some(Stop::Ended),
    }
}

fn end(of: &OneHostArgs, state: &Value, stop: Stop) -> anyhow::Result<Ended> {
    let name = &of.name;
    if stop == Stop::Empty {
        match of.at.format {
            ShownFormatArg::Json => output::print(&as_json(state))?,
            ShownFormatArg::Table => output::print(&format!("host {name}: it is empty\n"))?,
        }
        return Ok(Ended::Good);
    }
    output::say_wrapped(&match stop {
        Stop::Stuck => format!(
            "host {name}: what is left does not move until somebody does something; the drain goes on \
             as soon as it can\n"
        ),
        _ => format!("host {name}: the drain was ended, and the host is not empty\n"),
    });
    print(of, state)?;
    Ok(Ended::Broken)
}

/// What is left, and why.
fn print(of: &OneHostArgs, state: &Value) -> anyhow::Result<()> {
    output::print(&match of.at.format {
        ShownFormatArg::Json => as_json(state),
        ShownFormatArg::Table => shown::stuck(&state["drain"]),
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn it_is_waited_for_as_long_as_something_moves_by_itself() {
        let state = |left: u64, stuck: u64, reasons: &[&str]| {
            let servers: Vec<_> = reasons.iter().map(|why| json!({ "reason": why })).collect();
            json!({ "status": "draining", "drain": { "left": left, "moving": 0, "moved": 0,
                "stuck": stuck, "servers": servers } })
        };
        for (state, expected) in [
            (state(0, 0, &[]), None),
            (state(3, 1, &["state"]), None),
            (state(2, 2, &["state", "busy"]), None),
            (state(2, 2, &["failed", "state"]), None),
            (state(2, 2, &["state", "no_room"]), Some(Stop::Stuck)),
            (state(1, 1, &["unconfirmed"]), Some(Stop::Stuck)),
            (json!({ "status": "drained", "drain": null }), Some(Stop::Empty)),
            (json!({ "status": "disabled", "drain": null }), Some(Stop::Ended)),
            (json!({ "status": "enabled", "drain": null }), Some(Stop::Ended)),
        ] {
            assert_eq!(stop(&state), expected, "{state}");
        }
    }
}
