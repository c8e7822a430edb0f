//! What a step did and what is in the rows, in words.

use guichet_core::rows::JobChange;
use guichet_core::server::Server;
use guichet_locale::{Locale, text};

use crate::cells::{Cells, Write};
use crate::client::{Access, Answered, Stepped};
use crate::interner::{Interner, Number};
use crate::naming::{index_of, name};
use crate::reads::Read;
use crate::state::{Actor, Moved, State};
use crate::worker::RanJob;
use crate::world::World;

/// The sentences about steps, in a language.
pub(crate) struct Wording<'a> {
    pub(crate) world: &'a World,
    pub(crate) interner: &'a Interner,
    pub(crate) locale: Locale,
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
                    Some(answered) => {
                        let answer = self.answer(answered);
                        text!(self.locale, "race-answered", done = done, answer = answer)
                    }
                    None => done,
                }
            }
            Moved::Request(answered) => {
                let (request, answer) = (self.request(before, actor), self.answer(answered));
                text!(self.locale, "race-whole", request = request, answer = answer)
            }
            Moved::Job(ran) => self.ran(ran),
        }
    }

    /// The shared rows, on one line.
    pub(crate) fn rows(&self, state: &State) -> String {
        let cells = &state.cells;
        let listed = self.listed(cells).flat_map(|(_, server)| server);
        let listed: Vec<String> = listed.collect();
        let hosts = cells.capacities.iter().map(|capacity| {
            let (host, room) = self.room(*capacity);
            text!(self.locale, "race-host-room", host = host, room = room)
        });
        let hosts = hosts.reduce(|first, second| {
            text!(self.locale, "race-beside", first = first, second = second)
        });
        text!(
            self.locale,
            "race-rows",
            list = self.or_empty(&listed, " | "),
            usage = self.usage(cells.usage),
            hosts = hosts.unwrap_or_default(),
            waiting = cells.queue.len()
        )
    }

    /// The places of the list, from 1, each with what is written there.
    pub(crate) fn listed(&self, cells: &Cells) -> impl Iterator<Item = (usize, Option<String>)> {
        let slots = cells.slots.iter().enumerate();
        slots.map(|(slot, image)| {
            let shown = image.map(|image| {
                let server = self.shown(image);
                if slot < usize::from(cells.length) {
                    server
                } else {
                    text!(self.locale, "race-uncounted", server = server)
                }
            });
            (slot + 1, shown)
        })
    }

    /// Words in a row, or that there are none.
    pub(crate) fn or_empty(&self, words: &[String], between: &str) -> String {
        if words.is_empty() { text!(self.locale, "race-empty") } else { words.join(between) }
    }

    /// What a client is asking for.
    fn request(&self, before: &State, actor: Actor) -> String {
        let Actor::Client(number) = actor else {
            return text!(self.locale, "race-a-job");
        };
        let index = usize::from(number) - 1;
        let at = before.clients.get(index).map_or(0, |client| client.at());
        let program = self.world.programs.get(index).and_then(|program| program.get(at));
        match program {
            Some(planned) => planned.request.action().as_str().to_owned(),
            None => text!(self.locale, "race-a-request"),
        }
    }

    fn server(&self, image: Number) -> &Server {
        self.interner.servers.get(image)
    }

    /// A server's name.
    fn named(&self, image: Number) -> String {
        self.server(image).name.to_string()
    }

    /// A server with its status.
    pub(crate) fn shown(&self, image: Number) -> String {
        let server = self.server(image);
        match server.task_state {
            _ if server.is_deleted() => {
                text!(self.locale, "race-gone", server = self.named(image))
            }
            Some(task) => format!("{} {}, {task}", server.name, server.status()),
            None => format!("{} {}", server.name, server.status()),
        }
    }

    /// A host, from 1, and for how many servers it has room.
    pub(crate) fn room(&self, capacity: Number) -> (u32, u32) {
        let capacity = self.interner.capacities.get(capacity);
        (capacity.id.0 + 1, self.world.capacity_for(capacity))
    }

    fn read(&self, read: Read, found: Option<Number>, count: u16) -> String {
        let locale = self.locale;
        match (read, found) {
            (Read::Usage, Some(usage)) => {
                text!(locale, "race-reads-usage", usage = self.usage(usage))
            }
            (Read::Server(_), Some(image)) => {
                text!(locale, "race-looks-up", server = self.shown(image))
            }
            (Read::Server(id), None) => {
                text!(locale, "race-looks-up-absent", server = name(index_of(id)))
            }
            (Read::HostOfServer | Read::Host(_), Some(capacity)) => {
                let (host, room) = self.room(capacity);
                text!(locale, "race-reads-host", host = host, room = room)
            }
            (Read::Length, _) => text!(locale, "race-reads-length", length = count),
            (Read::Queue, _) => text!(locale, "race-reads-queue", waiting = count),
            (Read::Usage | Read::HostOfServer | Read::Host(_), None) => {
                text!(locale, "race-reads-nothing")
            }
        }
    }

    /// How many servers the project has, and of how many.
    pub(crate) fn usage(&self, usage: Number) -> String {
        let used = self.interner.usages.get(usage).instances;
        match self.world.project.quota.instances {
            Some(allowed) => text!(self.locale, "race-usage-of", used = used, allowed = allowed),
            None => used.to_string(),
        }
    }

    fn write(&self, write: Write, over: Option<Number>) -> String {
        let locale = self.locale;
        match write {
            Write::Row { slot, server } => {
                let over = over.filter(|over| self.server(*over).id != self.server(server).id);
                let place = slot + 1;
                match over {
                    Some(over) => {
                        let (server, over) = (self.named(server), self.named(over));
                        text!(
                            locale,
                            "race-writes-over",
                            server = server,
                            place = place,
                            over = over
                        )
                    }
                    None if self.server(server).operations == 1 => {
                        let server = self.named(server);
                        text!(locale, "race-writes-place", server = server, place = place)
                    }
                    None => text!(locale, "race-writes-server", server = self.shown(server)),
                }
            }
            Write::Length(length) => text!(locale, "race-writes-length", length = length),
            Write::Usage(usage) => text!(locale, "race-writes-usage", usage = self.usage(usage)),
            Write::Capacity(capacity) => {
                let (host, room) = self.room(capacity);
                text!(locale, "race-writes-host", host = host, room = room)
            }
            Write::Queue(change) => self.change(*self.interner.changes.get(change)),
        }
    }

    fn change(&self, change: JobChange) -> String {
        let operation = match change {
            JobChange::Push(job)
            | JobChange::PushBehind { job, .. }
            | JobChange::Replace { job, .. } => job.operation,
            JobChange::Remove(operation) => {
                let server = name(index_of(operation.server));
                return text!(self.locale, "race-job-off", server = server);
            }
            JobChange::Requeue { operation, .. }
            | JobChange::Done(operation)
            | JobChange::Stop(operation) => operation,
        };
        text!(self.locale, "race-job-on", server = name(index_of(operation.server)))
    }

    fn ran(&self, ran: RanJob) -> String {
        let job = self.interner.jobs.get(ran.job);
        match ran.server {
            Some(image) => text!(self.locale, "race-job-ran", server = self.shown(image)),
            None => {
                let server = name(index_of(job.operation.server));
                text!(self.locale, "race-job-void", server = server)
            }
        }
    }

    fn answer(&self, answered: Answered) -> String {
        match answered {
            Answered::Accepted => text!(self.locale, "race-accepted"),
            Answered::Repeated => text!(self.locale, "race-repeated"),
            Answered::Refused(kind) => text!(self.locale, "race-refused", code = kind.as_str()),
        }
    }
}
