//! What a step did and what is in the rows, in words.

use guichet_core::rows::JobChange;
use guichet_core::server::Server;

use crate::cells::Write;
use crate::client::{Access, Answered, Stepped};
use crate::interner::{Interner, Number};
use crate::naming::{index_of, name};
use crate::reads::Read;
use crate::state::{Actor, Moved, State};
use crate::worker::RanJob;
use crate::world::World;

/// The sentences about steps.
pub(crate) struct Wording<'a> {
    pub(crate) world: &'a World,
    pub(crate) interner: &'a Interner,
}

impl Wording<'_> {
    /// What a step did, from the state before it.
    pub(crate) fn step(&self, before: &State, actor: Actor, moved: Moved) -> String {
        match moved {
            Moved::Cell(Stepped { access, answered }) => {
                let done = match access {
                    Access::Read { read, found, count } => self.read(read, found, count),
                    Access::Wrote { write, over } => self.write(write, over),
                };
                match answered {
                    Some(answered) => format!("{done}; {}", answer(answered)),
                    None => done,
                }
            }
            Moved::Request(answered) => {
                format!("{} as one step; {}", self.request(before, actor), answer(answered))
            }
            Moved::Job(ran) => self.ran(ran),
        }
    }

    /// The shared rows, on one line.
    pub(crate) fn rows(&self, state: &State) -> String {
        let cells = &state.cells;
        let listed = cells.slots.iter().take(usize::from(cells.length)).flatten();
        let listed: Vec<String> = listed.map(|image| self.shown(*image)).collect();
        let capacities: Vec<String> =
            cells.capacities.iter().map(|capacity| self.capacity(*capacity)).collect();
        format!(
            "list: {}; usage: {}; {}; {} wait",
            if listed.is_empty() { "empty".to_owned() } else { listed.join(" | ") },
            self.usage(cells.usage),
            capacities.join("; "),
            cells.queue.len()
        )
    }

    /// What a client is asking for.
    fn request(&self, before: &State, actor: Actor) -> &'static str {
        let Actor::Client(number) = actor else {
            return "a job";
        };
        let index = usize::from(number) - 1;
        let at = before.clients.get(index).map_or(0, |client| client.at());
        let program = self.world.programs.get(index).and_then(|program| program.get(at));
        program.map_or("a request", |planned| planned.request.action().as_str())
    }

    fn server(&self, image: Number) -> &Server {
        self.interner.servers.get(image)
    }

    /// A server with its status.
    pub(crate) fn shown(&self, image: Number) -> String {
        let server = self.server(image);
        match server.task_state {
            _ if server.is_deleted() => format!("{} gone", server.name),
            Some(task) => format!("{} {}, {task}", server.name, server.status()),
            None => format!("{} {}", server.name, server.status()),
        }
    }

    fn capacity(&self, capacity: Number) -> String {
        let capacity = self.interner.capacities.get(capacity);
        format!("host {}: room for {}", capacity.id.0 + 1, self.world.capacity_for(capacity))
    }

    fn read(&self, read: Read, found: Option<Number>, count: u16) -> String {
        match (read, found) {
            (Read::Usage, Some(usage)) => format!("reads usage: {}", self.usage(usage)),
            (Read::Server(_), Some(image)) => format!("looks up {}", self.shown(image)),
            (Read::Server(id), None) => format!("looks up {}: not there", name(index_of(id))),
            (Read::HostOfServer | Read::Host(_), Some(capacity)) => {
                format!("reads {}", self.capacity(capacity))
            }
            (Read::Length, _) => format!("reads length of list: {count}"),
            (Read::Queue, _) => format!("reads queue: {count} wait"),
            (Read::Usage | Read::HostOfServer | Read::Host(_), None) => "reads nothing".to_owned(),
        }
    }

    /// How many servers the project has, and of how many.
    pub(crate) fn usage(&self, usage: Number) -> String {
        let used = self.interner.usages.get(usage).instances;
        match self.world.project.quota.instances {
            Some(allowed) => format!("{used} of {allowed}"),
            None => used.to_string(),
        }
    }

    fn write(&self, write: Write, over: Option<Number>) -> String {
        match write {
            Write::Row { slot, server } => {
                let over = over.filter(|over| self.server(*over).id != self.server(server).id);
                match over {
                    Some(over) => format!(
                        "writes {} to place {}, over {}",
                        self.server(server).name,
                        slot + 1,
                        self.server(over).name
                    ),
                    None if self.server(server).operations == 1 => {
                        format!("writes {} to place {}", self.server(server).name, slot + 1)
                    }
                    None => format!("writes {}", self.shown(server)),
                }
            }
            Write::Length(length) => format!("writes length of list: {length}"),
            Write::Usage(usage) => format!("writes usage: {}", self.usage(usage)),
            Write::Capacity(capacity) => format!("writes {}", self.capacity(capacity)),
            Write::Queue(change) => self.change(*self.interner.changes.get(change)),
        }
    }

    fn change(&self, change: JobChange) -> String {
        let operation = match change {
            JobChange::Push(job)
            | JobChange::PushBehind { job, .. }
            | JobChange::Replace { job, .. } => job.operation,
            JobChange::Remove(operation) => {
                return format!("takes job of {} off queue", name(index_of(operation.server)));
            }
            JobChange::Requeue { operation, .. } | JobChange::Done(operation) => operation,
        };
        format!("puts job of {} into queue", name(index_of(operation.server)))
    }

    fn ran(&self, ran: RanJob) -> String {
        let job = self.interner.jobs.get(ran.job);
        match ran.server {
            Some(image) => format!("runs a job: {}", self.shown(image)),
            None => {
                let server = name(index_of(job.operation.server));
                format!("runs a job of {server}: it was done or is gone")
            }
        }
    }
}

fn answer(answered: Answered) -> String {
    match answered {
        Answered::Accepted => "accepted".to_owned(),
        Answered::Repeated => "same answer as the first".to_owned(),
        Answered::Refused(kind) => format!("refused: {}", kind.as_str()),
    }
}
