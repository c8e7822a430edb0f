//! Whether what is there agrees with what was answered. Pure: a history and a look at the service
//! while no request is under way.

use std::collections::{BTreeMap, BTreeSet};

use crate::history::{Fate, History, Known, Seen};
use crate::violation::{Kind, Violation};

/// A server as it is shown.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) status: String,
    pub(crate) task_state: Option<String>,
    pub(crate) metadata: BTreeMap<String, String>,
    /// Its addresses, IP and MAC: nobody else's.
    pub(crate) addresses: Vec<String>,
}

impl Row {
    /// Whether something is being done to it.
    pub(crate) fn is_busy(&self) -> bool {
        self.task_state.is_some() || self.status == "BUILD"
    }
}

/// An instance action.
#[derive(Debug, Clone)]
pub(crate) struct Action {
    pub(crate) request: String,
    pub(crate) action: String,
    /// How it ended, if it has.
    pub(crate) result: Option<String>,
}

/// A server that was asked for by its id, and its actions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shown {
    /// None: 404.
    pub(crate) row: Option<Row>,
    pub(crate) actions: Vec<Action>,
}

/// All that is there.
#[derive(Debug, Clone, Default)]
pub(crate) struct Look {
    pub(crate) listed: Vec<Row>,
    /// Every server that is known and not closed, and every one listed.
    pub(crate) shown: BTreeMap<String, Shown>,
    /// Instances that the project's usage counts, if nothing went on meanwhile.
    pub(crate) used: Option<u64>,
    /// Whether all had time to end: what has not, never will.
    pub(crate) all_ended: bool,
}

/// Finished actions kept of one server (`OPERATIONS_PER_SERVER_MAX`): of more the oldest are gone.
const ACTIONS_KEPT: usize = guichet_core::limits::OPERATIONS_PER_SERVER_MAX;

/// Every disagreement, old ones among answers too. The history learns what was found out: of
/// creates without an answer whether there is a server, of servers that are gone that they are.
pub(crate) fn judge(history: &mut History, look: &Look) -> Vec<Violation> {
    let mut found = std::mem::take(&mut history.violations);
    let mut say = |kind, detail| found.push(Violation { kind, detail });
    names(history, look, &mut say);
    for (id, shown) in &look.shown {
        let Some(known) = history.servers.get_mut(id) else { continue };
        presence(id, known, shown, look.all_ended, &mut say);
        actions(id, known, shown, look.all_ended, &mut say);
        if let Some(row) = &shown.row {
            edits(id, known, row, &mut say);
        }
        known.closed = shown.row.is_none();
    }
    let listed = look.listed.len() as u64;
    if let Some(used) = look.used.filter(|used| *used != listed) {
        say(Kind::Usage, format!("usage counts {used} instances, the list has {listed}"));
    }
    for (id, shown) in &look.shown {
        let now = history.tick();
        let seen = shown.row.as_ref().map_or(Seen::Gone, |row| Seen::Status(&row.status));
        history.saw(id, now, seen);
    }
    // Lost was said above, once.
    let later = std::mem::take(&mut history.violations);
    found.extend(later.into_iter().filter(|violation| violation.kind != Kind::Lost));
    found
}

/// The list against what was asked for: nobody else's, and each once.
fn names(history: &mut History, look: &Look, say: &mut impl FnMut(Kind, String)) {
    let mut ids = BTreeSet::new();
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    for row in &look.listed {
        for address in &row.addresses {
            if let Some(other) = owners.insert(address, &row.id).filter(|other| *other != row.id) {
                say(Kind::Address, format!("{address} is of {other} and of {}", row.id));
            }
        }
        let (id, name) = (&row.id, &row.name);
        if !ids.insert(id) {
            say(Kind::Doubled, format!("server {id} ({name}) is listed twice"));
        }
        match history.creates.get(name).map(|create| create.fate) {
            None => say(Kind::Stranger, format!("server {id} ({name}): nobody asked for it")),
            Some(Fate::Refused) => {
                say(Kind::Stranger, format!("server {id} ({name}): its create was refused"));
            }
            Some(Fate::Acknowledged | Fate::Unknown) => {}
        }
        let closed = history.servers.get(id).is_some_and(|known| known.closed);
        if closed {
            say(Kind::Resurrected, format!("server {id} ({name}) is listed, and was gone"));
        }
        if history.creates.contains_key(name) {
            history.found(name, id);
        }
    }
    for (name, create) in &mut history.creates {
        if create.ids.len() > 1 {
            let kind = if create.keyed { "with a key" } else { "without a key" };
            let detail = format!("create {name}, {kind}, made {:?}", create.ids);
            say(Kind::Doubled, detail);
            // Said once.
            create.ids = create.ids.iter().take(1).cloned().collect();
        }
        if create.fate == Fate::Unknown {
            // Whoever may have been doing it is dead: it is settled now.
            let there = !create.ids.is_empty();
            create.fate = if there { Fate::Acknowledged } else { Fate::Refused };
        }
    }
}

/// Whether a server is there, or gone, as it must be.
fn presence(
    id: &str,
    known: &Known,
    shown: &Shown,
    all_ended: bool,
    say: &mut impl FnMut(Kind, String),
) {
    let name = &known.name;
    let Some(row) = &shown.row else {
        if known.delete_sent.is_none() {
            say(Kind::Lost, format!("server {id} ({name}) is 404, and nobody deleted it"));
        }
        return;
    };
    if all_ended && row.is_busy() {
        let task = row.task_state.as_deref().unwrap_or("no task");
        let detail = format!("server {id} ({name}) stays {}, {task}", row.status);
        say(Kind::Endless, detail);
    }
    // A delete that the host refused leaves the server, and says so.
    let refused = |action: &Action| action.action == "delete" && action.result.is_some();
    let going = row.task_state.as_deref() == Some("deleting");
    if known.delete_acknowledged && !going && !shown.actions.iter().any(refused) {
        let detail = format!("server {id} ({name}) is {}, and was deleted", row.status);
        say(Kind::Resurrected, detail);
    }
}

/// Actions: those acknowledged are listed, each ends, and stays as it ended.
fn actions(
    id: &str,
    known: &mut Known,
    shown: &Shown,
    all_ended: bool,
    say: &mut impl FnMut(Kind, String),
) {
    let name = known.name.clone();
    let listed: BTreeSet<&str> =
        shown.actions.iter().map(|action| action.request.as_str()).collect();
    // What is gone may be forgotten, and of many actions the oldest are.
    let forgotten = shown.row.is_none() && shown.actions.is_empty();
    if !forgotten && shown.actions.len() < ACTIONS_KEPT {
        for request in known.actions.iter().filter(|request| !listed.contains(request.as_str())) {
            let detail = format!("server {id} ({name}): {request} was acknowledged");
            say(Kind::MissingAction, detail);
        }
        let creates = shown.actions.iter().filter(|action| action.action == "create").count();
        if creates != 1 {
            say(Kind::MissingAction, format!("server {id} ({name}) has {creates} creates"));
        }
    }
    for action in &shown.actions {
        let (request, what) = (&action.request, &action.action);
        let Some(result) = &action.result else {
            if all_ended {
                let detail = format!("server {id} ({name}): {what} {request} does not end");
                say(Kind::Endless, detail);
            }
            continue;
        };
        let before = known.ended.insert(request.clone(), result.clone());
        if let Some(before) = before.filter(|before| before != result) {
            let detail = format!("{id} ({name}): {what} {request} was {before}, is {result}");
            say(Kind::ChangedAction, detail);
        }
    }
}

/// Metadata: the last that was acknowledged, or one without an answer since. What is there then is
/// what must stay.
fn edits(id: &str, known: &mut Known, row: &Row, say: &mut impl FnMut(Kind, String)) {
    for (key, sent) in &mut known.edits {
        let there = row.metadata.get(key);
        let nothing_yet = sent.first().is_none_or(|(_, fate)| *fate == Fate::Unknown);
        let fits = match there {
            Some(value) => sent.iter().any(|(one, _)| one == value),
            None => nothing_yet,
        };
        if !fits {
            let name = &known.name;
            let detail = format!("server {id} ({name}): {key} is {there:?}, sent were {sent:?}");
            say(Kind::MissingEdit, detail);
        }
        *sent = there.map(|value| (value.clone(), Fate::Acknowledged)).into_iter().collect();
    }
}

#[cfg(test)]
mod tests;
