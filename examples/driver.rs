//! Write a driver: this one keeps its machines as files in a folder.
//!
//! `cargo run -p guichet-examples --example driver`
//!
//! What a driver owes: the same call again has the same effect, a call with an older fence than
//! one it has seen is refused, and a failure says whether trying again may help.
//! `guichet_driver::contract` checks all of it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use guichet_clock::WorldClock;
use guichet_core::action::Action;
use guichet_core::ids::ServerId;
use guichet_core::rows::Outcome;
use guichet_core::server::Failure;
use guichet_core::state::PowerState;
use guichet_driver::{Call, Driver, Machine};
use guichet_engine::{Caller, EngineConfig, NewServer, ServerManager};

/// A machine is a file named after its server; what it says is its power state.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
    /// The machines there are. Held to look at or change one of them, never across a write.
    machines: Mutex<HashMap<ServerId, Machine>>,
}

fn failed(message: &str, transient: bool) -> Outcome {
    Outcome::Failed { kind: Failure::Driver, transient, message: Arc::from(message) }
}

impl Folder {
    /// Takes the change in, if the call is not outdated; what to write then.
    fn change(&self, call: &Call) -> Result<Option<PowerState>, Outcome> {
        let mut machines = self.machines.lock().map_err(|_| failed("poisoned", false))?;
        let id = call.server.id;
        let known = machines.get(&id).copied();
        if known.is_some_and(|machine| machine.fence > call.fence) {
            return Err(failed("a newer call was here", false));
        }
        let power_state = match call.action {
            Action::Delete => {
                machines.remove(&id);
                return Ok(None);
            }
            Action::Create => PowerState::Running,
            _ if known.is_none() => return Err(failed("there is no such machine", false)),
            Action::Stop => PowerState::Shutdown,
            Action::RebootSoft | Action::RebootHard | Action::Start => PowerState::Running,
            // A machine here has no size.
            _ => known.map_or(PowerState::None, |machine| machine.power_state),
        };
        machines.insert(id, Machine { server: id, fence: call.fence, power_state });
        Ok(Some(power_state))
    }
}

#[async_trait]
impl Driver for Folder {
    async fn run(&self, call: Call) -> Outcome {
        let file = self.path.join(call.server.id.to_string());
        let written = match self.change(&call) {
            Err(outcome) => return outcome,
            Ok(Some(power)) => tokio::fs::write(file, power.as_str()).await,
            Ok(None) => tokio::fs::remove_file(file).await,
        };
        match written {
            Ok(()) => Outcome::Succeeded,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Outcome::Succeeded,
            // A full disk may be emptied: worth another attempt.
            Err(error) => failed(&error.to_string(), true),
        }
    }

    async fn list(&self) -> Vec<Machine> {
        let machines = self.machines.lock().map(|machines| machines.values().copied().collect());
        let mut machines: Vec<Machine> = machines.unwrap_or_default();
        machines.sort_unstable_by_key(|machine| machine.server);
        machines
    }

    fn expected_service(&self) -> Duration {
        Duration::from_millis(1)
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::temp_dir().join(format!("guichet-example-{}", std::process::id()));
    std::fs::create_dir_all(&path)?;
    let driver = Arc::new(Folder { path: path.clone(), machines: Mutex::default() });
    let manager =
        ServerManager::start(&EngineConfig::default(), driver.clone(), WorldClock::real())?;

    let me = Caller::default();
    for name in ["web-1", "web-2", "db-1"] {
        let ack = manager.create(me, &NewServer::one(name, "m1.tiny", "cirros")).await?;
        let ended = manager.finished(ack.operation()).await.ok_or("forgotten")?;
        println!("{name}: {} as {}", ended.state, ack.server());
    }
    let files = std::fs::read_dir(&path)?.count();
    println!("{files} machines in {}", path.display());
    assert_eq!((files, driver.list().await.len()), (3, 3));

    assert!(manager.drain(Duration::from_secs(5)).await.is_complete());
    std::fs::remove_dir_all(&path)?;
    Ok(())
}

#[test]
fn runs() {
    main().expect("the example runs");
}
