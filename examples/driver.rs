//! Write a driver: this one has a file in a folder for each machine.
//!
//! `cargo run -p guichet-examples --example driver`
//!
//! What a driver owes: the same call again has the same effect, a call with an older fence than
//! one it has seen is refused, and a failure says whether trying again may help.
//! `guichet_driver::contract` checks all of it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use guichet::{
    Action, Call, Caller, Driver, Failure, Machine, NewServer, Outcome, PowerState, ServerId,
    ServerManager, async_trait,
};

/// A machine is a file named after its server, which holds its name and its power state.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
    /// The machines there are. Held to look at or change one of them, never across a write.
    machines: Mutex<BTreeMap<ServerId, Machine>>,
}

fn failed(message: &str, transient: bool) -> Outcome {
    Outcome::Failed { kind: Failure::Driver, transient, message: Arc::from(message) }
}

impl Folder {
    /// Applies the change, if the call is not outdated; what to write then.
    fn change(&self, call: &Call) -> Result<Option<PowerState>, Outcome> {
        let mut machines = self.machines.lock().map_err(|_| failed("poisoned", false))?;
        let server = call.server.id;
        let known = machines.get(&server).copied();
        if known.is_some_and(|machine| machine.fence > call.fence) {
            return Err(failed("a newer call was here", false));
        }
        let power_state = match (call.action, known) {
            (Action::Delete, _) => {
                machines.remove(&server);
                return Ok(None);
            }
            (Action::Create, _) => PowerState::Running,
            (_, None) => return Err(failed("there is no such machine", false)),
            (Action::Stop, _) => PowerState::Shutdown,
            (Action::RebootSoft | Action::RebootHard | Action::Start, _) => PowerState::Running,
            // A machine here has no size.
            (_, Some(machine)) => machine.power_state,
        };
        machines.insert(server, Machine { server, fence: call.fence, power_state });
        Ok(Some(power_state))
    }
}

#[async_trait]
impl Driver for Folder {
    async fn run(&self, call: Call) -> Outcome {
        let file = self.path.join(call.server.id.to_string());
        let written = match self.change(&call) {
            Err(outcome) => return outcome,
            Ok(Some(power)) => {
                tokio::fs::write(file, format!("{}: {power}", call.spec().name)).await
            }
            Ok(None) => tokio::fs::remove_file(file).await,
        };
        match written {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                // A full disk may be emptied: worth another attempt.
                failed(&error.to_string(), true)
            }
            _ => Outcome::Succeeded,
        }
    }

    async fn list(&self) -> Vec<Machine> {
        let machines = self.machines.lock().expect("no call panics");
        machines.values().copied().collect()
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
    let manager = ServerManager::builder().driver(driver.clone()).start()?;

    for name in ["web-1", "web-2", "db-1"] {
        let new = NewServer::one(name, "m1.tiny", "cirros");
        let ack = manager.create(Caller::default(), &new).await?;
        println!("{name}: {} as {}", ack.first_finished().await?.state, ack.server());
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
