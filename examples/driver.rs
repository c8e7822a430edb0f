//! Write a driver: this one has a file in a folder for each machine.
//!
//! `cargo run -p guichet-examples --example driver`
//!
//! What a driver owes: the same call again has the same effect, a call with an older fence than
//! one it has seen is refused, and a failure says whether trying again may help.
//! `guichet::contract`, behind the feature `contract`, checks all of it: see the test at the end.

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
    /// Applies the change, if the call is not outdated.
    fn change(&self, call: &Call) -> Result<(), Outcome> {
        let mut machines = self.machines.lock().map_err(|_| failed("poisoned", false))?;
        let server = call.server.id;
        let known = machines.get(&server).copied();
        if known.is_some_and(|machine| machine.fence > call.fence) {
            return Err(failed("a newer call was here", false));
        }
        let power_state = match (call.action, known) {
            (Action::Delete, _) => {
                machines.remove(&server);
                return Ok(());
            }
            (Action::Create, _) => PowerState::Running,
            (_, None) => return Err(failed("there is no such machine", false)),
            (Action::Stop, _) => PowerState::Shutdown,
            (Action::RebootSoft | Action::RebootHard | Action::Start, _) => PowerState::Running,
            // A machine here has no size.
            (_, Some(machine)) => machine.power_state,
        };
        machines.insert(server, Machine { server, fence: call.fence, power_state });
        Ok(())
    }

    fn machine(&self, server: ServerId) -> Option<Machine> {
        self.machines.lock().expect("no call panics").get(&server).copied()
    }

    /// Makes the file what the machine is. A newer call may change that meanwhile, and its file
    /// may be written first: so each looks again after it wrote.
    async fn write(&self, server: ServerId, name: &str) -> std::io::Result<()> {
        let file = self.path.join(server.to_string());
        loop {
            let machine = self.machine(server);
            match machine {
                Some(Machine { power_state, .. }) => {
                    tokio::fs::write(&file, format!("{name}: {power_state}")).await?;
                }
                None => match tokio::fs::remove_file(&file).await {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                        return Err(error);
                    }
                    _ => {}
                },
            }
            if self.machine(server) == machine {
                return Ok(());
            }
        }
    }
}

#[async_trait]
impl Driver for Folder {
    async fn run(&self, call: Call) -> Outcome {
        // Before the first wait: a call that comes late cannot undo what a newer one did.
        if let Err(outcome) = self.change(&call) {
            return outcome;
        }
        match self.write(call.server.id, &call.spec().name).await {
            Ok(()) => Outcome::Succeeded,
            // A full disk may be emptied: worth another attempt.
            Err(error) => failed(&error.to_string(), true),
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

#[cfg(test)]
mod tests {
    use guichet::WorldClock;
    use guichet::contract::{self, Fixture};

    use super::*;

    #[test]
    fn runs() {
        main().expect("the example runs");
    }

    /// Each check has a folder of its own, inside one that goes with the test.
    #[tokio::test]
    async fn keeps_the_contract() {
        let dir = tempfile::tempdir().expect("a folder");
        let folders = std::sync::atomic::AtomicUsize::new(0);
        contract::run(async || {
            let number = folders.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let path = dir.path().join(number.to_string());
            std::fs::create_dir(&path).expect("a folder of its own");
            Fixture::new(Folder { path, machines: Mutex::default() }, WorldClock::real())
        })
        .await;
    }
}
