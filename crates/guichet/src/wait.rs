//! `guichet wait`: until a service answers. For scripts that have started one, and for health checks.

use std::time::Duration;

use guichet_clock::Stopwatch;
use guichet_core::limits;
use ureq::Agent;

use crate::Ended;
use crate::cli::WaitArgs;
use crate::control::agent;

/// Runs the command.
pub(crate) fn run(args: &WaitArgs) -> anyhow::Result<Ended> {
    let watch = Stopwatch::start();
    // Its versions are 300 with nowhere to go.
    let agent: Agent = agent(&args.url, &args.trust)?.max_redirects(0).build().into();
    loop {
        let left = args.timeout.0.saturating_sub(watch.elapsed());
        let problem = match asked(&agent, &args.url, left.max(limits::WAIT_PAUSE)) {
            Ok(()) => return Ok(Ended::Good),
            Err(problem) => problem,
        };
        if watch.elapsed() >= args.timeout.0 {
            eprintln!("{} did not answer in {}: {problem}", args.url, args.timeout);
            return Ok(Ended::Broken);
        }
        // Nobody wakes it, and if it wakes all the same it only asks once more.
        std::thread::park_timeout(limits::WAIT_PAUSE);
    }
}

/// Asks once; what it is about does not matter, only that the service has an answer.
fn asked(agent: &Agent, url: &str, patience: Duration) -> Result<(), String> {
    let asked = agent.get(url).config().timeout_global(Some(patience)).build().call();
    match asked {
        Ok(answer) if answer.status().is_server_error() => Err(answer.status().to_string()),
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}
