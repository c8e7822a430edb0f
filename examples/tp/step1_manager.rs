//! Step 1: one list of servers, and the manager that owns it. One thread so far.
//!
//! `cargo run -p guichet-tp --bin step1_manager`
//!
//! The sheet's `ServeurManager`: create, reboot and delete a server, and look at the active ones.
//! What cannot be done is refused, with a reason and what to do instead; a refusal changes
//! nothing. What was wrong in step1_wrong.rs: it takes a server out of the list without looking
//! whether there is one, and the program ends there.

use std::fmt;

/// Servers in the list, at most. A list without a bound ends with the memory of the machine.
const SERVERS_MAX: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Active,
    Rebooting,
}

#[derive(Debug)]
struct Server {
    id: u32,
    status: Status,
}

/// Why a request is refused. Each text says what the client can do.
#[derive(Debug)]
enum Refusal {
    ListEmpty,
    ListFull,
    NotFound(u32),
    Rebooting(u32),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ListEmpty => write!(f, "there is no server to delete; create one first"),
            Self::ListFull => {
                write!(f, "there are {SERVERS_MAX} servers already; delete one first")
            }
            Self::NotFound(id) => write!(f, "srv-{id} does not exist; look at the list of servers"),
            Self::Rebooting(id) => write!(f, "srv-{id} is rebooting; wait until it is active"),
        }
    }
}

#[derive(Debug, Default)]
struct ServerManager {
    servers: Vec<Server>,
    created: u32,
}

impl ServerManager {
    fn create(&mut self) -> Result<u32, Refusal> {
        if self.servers.len() >= SERVERS_MAX {
            return Err(Refusal::ListFull);
        }
        // A number is never used twice: an old one must not lead to somebody else's server.
        self.created += 1;
        let id = self.created;
        self.servers.push(Server { id, status: Status::Active });
        Ok(id)
    }

    fn reboot(&mut self, id: u32) -> Result<u32, Refusal> {
        let mut servers = self.servers.iter_mut();
        let server = servers.find(|server| server.id == id).ok_or(Refusal::NotFound(id))?;
        if server.status == Status::Rebooting {
            return Err(Refusal::Rebooting(id));
        }
        server.status = Status::Rebooting;
        Ok(id)
    }

    /// The machine says that it has started again.
    fn booted(&mut self, id: u32) {
        for server in self.servers.iter_mut().filter(|server| server.id == id) {
            server.status = Status::Active;
        }
    }

    fn delete(&mut self, id: u32) -> Result<u32, Refusal> {
        if self.servers.is_empty() {
            return Err(Refusal::ListEmpty);
        }
        let place = self.servers.iter().position(|server| server.id == id);
        Ok(self.servers.remove(place.ok_or(Refusal::NotFound(id))?).id)
    }

    fn active_servers(&self) -> Vec<u32> {
        let active = self.servers.iter().filter(|server| server.status == Status::Active);
        active.map(|server| server.id).collect()
    }
}

fn show(request: &str, answer: Result<u32, Refusal>) {
    match answer {
        Ok(id) => println!("{request:<12} done: srv-{id}"),
        Err(refusal) => println!("{request:<12} refused: {refusal}"),
    }
}

fn main() {
    let mut manager = ServerManager::default();
    show("delete srv-1", manager.delete(1));
    (0..2).for_each(|_| show("create", manager.create()));
    show("reboot srv-1", manager.reboot(1));
    show("reboot srv-1", manager.reboot(1));
    println!("active: {:?}", manager.active_servers());
    manager.booted(1);
    show("delete srv-2", manager.delete(2));
    show("delete srv-2", manager.delete(2));
    (0..3).for_each(|_| show("create", manager.create()));
    println!("active: {:?}", manager.active_servers());
}
