//! Step 1 with one mistake: a server is taken out of the list without looking whether there is
//! one.
//!
//! `cargo run -p guichet-tp --bin step1_wrong`
//!
//! Look for: the program ends at request 3, a delete from an empty list, and request 4 gets no
//! answer. One client's mistake stopped the service for all.

#[derive(Debug, Default)]
struct ServerManager {
    servers: Vec<u32>,
    created: u32,
}

impl ServerManager {
    fn create(&mut self) -> u32 {
        self.created += 1;
        self.servers.push(self.created);
        self.created
    }

    fn delete_oldest(&mut self) -> u32 {
        // The mistake: `remove` panics when there is nothing at that place, as Python's `pop`
        // raises `IndexError`. Ask first, and refuse.
        self.servers.remove(0)
    }
}

fn main() {
    let mut manager = ServerManager::default();
    for (n, request) in (1..).zip(["create", "delete", "delete", "create"]) {
        println!("request {n} of 4: {request}");
        let server = match request {
            "create" => manager.create(),
            _ => manager.delete_oldest(),
        };
        println!("request {n} of 4: done, srv-{server}");
    }
    println!("all 4 requests have an answer");
}
