//! What was asked for and what was answered: all that the clients know. No I/O; time is a count
//! of what happened, so that "before" means before for everybody.
//!
//! An answer holds from the moment it was read. What was sent after that moment must agree with
//! it, whichever process answers.

use std::collections::{BTreeMap, BTreeSet};

use crate::violation::{Kind, Violation};

/// A place in the order of things.
pub(crate) type Tick = u64;

/// What came of a request that changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It was taken.
    Acknowledged,
    /// No answer came: it was done or it was not.
    Unknown,
    /// It was refused: nothing was done.
    Refused,
}

/// A create, known by the name it gives, which no other has.
#[derive(Debug, Clone)]
pub(crate) struct Create {
    pub(crate) keyed: bool,
    pub(crate) fate: Fate,
    /// Every id that it was answered with, or that its name was found under.
    pub(crate) ids: BTreeSet<String>,
}

/// A server whose id somebody was told.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    pub(crate) name: String,
    /// When a delete was first sent: from then on it may be gone.
    pub(crate) delete_sent: Option<Tick>,
    /// Whether one was acknowledged.
    pub(crate) delete_acknowledged: bool,
    /// When it was first seen past BUILD.
    built: Option<Tick>,
    /// When it was first seen to be gone.
    gone: Option<Tick>,
    /// Metadata that was sent, by its name, oldest first.
    pub(crate) edits: BTreeMap<String, Vec<(String, Fate)>>,
    /// Actions acknowledged, by their requests' ids: each is listed.
    pub(crate) actions: BTreeSet<String>,
    /// How actions ended that were looked at.
    pub(crate) ended: BTreeMap<String, String>,
    /// It is gone and was looked at: all that can be said of it now is that it stays away.
    pub(crate) closed: bool,
}

/// What an answer says of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen<'a> {
    /// 404.
    Gone,
    /// It is there: an answer that needs it to be.
    There,
    /// It is there, with this status.
    Status(&'a str),
}

/// All that is known.
#[derive(Debug, Default)]
pub(crate) struct History {
    ticks: Tick,
    pub(crate) creates: BTreeMap<String, Create>,
    pub(crate) servers: BTreeMap<String, Known>,
    /// Servers that clients may choose from: known, and no delete of theirs acknowledged.
    pub(crate) fleet: Vec<String>,
    /// What answers contradicted each other about.
    pub(crate) violations: Vec<Violation>,
}

impl History {
    /// The next moment. Taken before a request is sent, it is before all that it changes.
    pub(crate) fn tick(&mut self) -> Tick {
        self.ticks += 1;
        self.ticks
    }

    /// A create is about to be sent: from now on its name may be seen.
    pub(crate) fn creating(&mut self, name: &str, keyed: bool) {
        let create = Create { keyed, fate: Fate::Unknown, ids: BTreeSet::new() };
        self.creates.insert(name.to_owned(), create);
    }

    /// A create was refused. One with a key that may have been done before stays unknown: the
    /// caller says so by not calling this.
    pub(crate) fn create_refused(&mut self, name: &str) {
        if let Some(create) = self.creates.get_mut(name) {
            create.fate = Fate::Refused;
        }
    }

    /// A create was acknowledged with this id. `request` is its action's name, unless it may have
    /// been an earlier request that did it.
    pub(crate) fn created(&mut self, name: &str, id: &str, request: Option<&str>) {
        if let Some(create) = self.creates.get_mut(name) {
            create.fate = Fate::Acknowledged;
        }
        self.found(name, id);
        if let Some(request) = request {
            self.acknowledged(id, request);
        }
    }

    /// A server of a create was seen under this id.
    pub(crate) fn found(&mut self, name: &str, id: &str) {
        if let Some(create) = self.creates.get_mut(name) {
            create.ids.insert(id.to_owned());
        }
        if !self.servers.contains_key(id) {
            let known = Known { name: name.to_owned(), ..Known::default() };
            self.servers.insert(id.to_owned(), known);
            self.fleet.push(id.to_owned());
        }
    }

    /// A repeat of an acknowledged create was answered with this id: no new server comes of it.
    pub(crate) fn repeated(&mut self, name: &str, id: &str) {
        if let Some(create) = self.creates.get_mut(name) {
            create.ids.insert(id.to_owned());
        }
    }

    /// An action of a server was acknowledged.
    pub(crate) fn acknowledged(&mut self, id: &str, request: &str) {
        if let Some(known) = self.servers.get_mut(id) {
            known.actions.insert(request.to_owned());
        }
    }

    /// A delete is about to be sent.
    pub(crate) fn deleting(&mut self, id: &str) {
        let now = self.tick();
        if let Some(known) = self.servers.get_mut(id) {
            known.delete_sent.get_or_insert(now);
        }
    }

    /// A delete was acknowledged.
    pub(crate) fn deleted(&mut self, id: &str) {
        self.leave(id);
        if let Some(known) = self.servers.get_mut(id) {
            known.delete_acknowledged = true;
        }
    }

    /// No client chooses it any more.
    fn leave(&mut self, id: &str) {
        if let Some(place) = self.fleet.iter().position(|one| one == id) {
            self.fleet.swap_remove(place);
        }
    }

    /// Metadata was sent; what came of it.
    pub(crate) fn edited(&mut self, id: &str, key: &str, value: &str, fate: Fate) {
        if let Some(known) = self.servers.get_mut(id) {
            let edits = known.edits.entry(key.to_owned()).or_default();
            // What was acknowledged later stands over whatever there was.
            if fate == Fate::Acknowledged {
                edits.clear();
            }
            if fate != Fate::Refused {
                edits.push((value.to_owned(), fate));
            }
        }
    }

    /// An answer to what was sent at `sent` says this of a server.
    pub(crate) fn saw(&mut self, id: &str, sent: Tick, seen: Seen<'_>) {
        let now = self.tick();
        let Some(known) = self.servers.get_mut(id) else { return };
        let broken = match seen {
            Seen::Gone => {
                // Said once: many may read it.
                let lost = known.delete_sent.is_none() && known.gone.is_none();
                known.gone.get_or_insert(now);
                lost.then_some((Kind::Lost, "is 404, and nobody deleted it"))
            }
            Seen::There | Seen::Status(_) if known.gone.is_some_and(|gone| gone < sent) => {
                Some((Kind::Resurrected, "is there again, after it was 404"))
            }
            Seen::Status("BUILD") if known.built.is_some_and(|built| built < sent) => {
                Some((Kind::WentBack, "is BUILD again, after it was built"))
            }
            Seen::Status(status) => {
                if status != "BUILD" {
                    known.built.get_or_insert(now);
                }
                None
            }
            Seen::There => None,
        };
        if let Some((kind, what)) = broken {
            let name = known.name.clone();
            self.broken(kind, format!("server {id} ({name}) {what}"));
        }
        if seen == Seen::Gone {
            self.leave(id);
        }
    }

    /// A list has this server.
    pub(crate) fn listed(&mut self, id: &str, name: &str, sent: Tick, status: &str) {
        if self.creates.contains_key(name) {
            self.found(name, id);
        }
        self.saw(id, sent, Seen::Status(status));
    }

    /// Something that must not be.
    pub(crate) fn broken(&mut self, kind: Kind, detail: String) {
        self.violations.push(Violation { kind, detail });
    }
}
