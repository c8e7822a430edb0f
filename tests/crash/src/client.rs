//! A client: one step after the other, each answer recorded.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::history::{Fate, Seen, Tick};
use crate::plan::Step;
use crate::violation::Kind;
use crate::wire::{Answer, NoAnswer, Question, Wire};
use crate::world::{Up, World};

/// How long to leave a server alone that is there and takes nothing. A new process ends the wait.
const BUSY: Duration = Duration::from_secs(1);

/// How long before another node is asked, where one does not lead.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

pub(crate) struct Client {
    world: Arc<World>,
    number: u64,
    wire: Option<(u64, Wire)>,
    /// How often it connected.
    connections: usize,
    /// The last create with a key that was acknowledged, to be sent again.
    last: Option<Keyed>,
    /// The token of an administrator, perhaps of another cell, who only looks; none: the owner's.
    watches: Option<Arc<str>>,
}

/// A create with a key, and what it was answered.
struct Keyed {
    name: String,
    question: Question,
    server: Value,
}

impl Client {
    pub(crate) fn new(world: Arc<World>, number: u64) -> Self {
        Self { world, number, wire: None, connections: 0, last: None, watches: None }
    }

    /// One that only looks at servers, with the token of an administrator.
    pub(crate) fn watching(world: Arc<World>, number: u64, token: Arc<str>) -> Self {
        Self { watches: Some(token), ..Self::new(world, number) }
    }

    /// Goes on until it is told to stop.
    pub(crate) async fn run(mut self) -> anyhow::Result<()> {
        let world = Arc::clone(&self.world);
        for n in 0.. {
            tokio::select! {
                biased;
                () = world.stop.cancelled() => break,
                () = tokio::time::sleep(world.plan.think(self.number, n)) => {}
            }
            let _step = world.gate.read().await;
            self.step(n).await?;
        }
        Ok(())
    }

    async fn step(&mut self, n: u64) -> anyhow::Result<()> {
        let (step, target) = {
            let (history, _) = &*self.world.known();
            let fleet = &history.fleet;
            let step = match &self.watches {
                Some(_) => Step::Show,
                None => self.world.plan.step(self.number, n, fleet.len()),
            };
            let target = self.world.plan.target(self.number, n, fleet.len());
            (step, target.map(|place| fleet[place].clone()))
        };
        match (step, target) {
            (Step::List, _) => self.list().await,
            (Step::Create { keyed: false }, _) => self.create(n, false).await,
            (Step::Create { keyed: true }, _) => {
                self.replay().await?;
                self.create(n, true).await
            }
            (_, None) => Ok(()),
            (Step::Show, Some(id)) => self.show(&id).await,
            (Step::Delete, Some(id)) => self.delete(&id).await,
            (Step::Edit, Some(id)) => self.edit(&id, n).await,
            (Step::RebootSoft, Some(id)) => {
                self.act(&id, &json!({ "reboot": { "type": "SOFT" } })).await
            }
            (Step::RebootHard, Some(id)) => {
                self.act(&id, &json!({ "reboot": { "type": "HARD" } })).await
            }
            (Step::Stop, Some(id)) => self.act(&id, &json!({ "os-stop": null })).await,
            (Step::Start, Some(id)) => self.act(&id, &json!({ "os-start": null })).await,
            (Step::Other(which), Some(id)) => self.act(&id, &self.world.other(which, n)).await,
        }
    }

    /// Asks whoever serves, once it can be reached. None: it died before it answered.
    async fn ask(&mut self, question: &Question) -> anyhow::Result<Option<Answer>> {
        let up = self.connected().await?;
        let Some((_, wire)) = &mut self.wire else { return Ok(None) };
        self.world.known().1.sent += 1;
        match wire.ask(question).await {
            Ok(answer) => {
                if answer.status == 503 && self.world.addresses.len() > 1 {
                    // Another node may lead by now.
                    self.wire = None;
                    tokio::time::sleep(LOOK_AGAIN).await;
                }
                Ok(Some(answer))
            }
            Err(NoAnswer::Cut) => {
                self.wire = None;
                self.world.known().1.unknown += 1;
                Ok(None)
            }
            Err(NoAnswer::Hangs) => {
                let Question { method, path, .. } = question;
                let which = up.generation;
                anyhow::bail!("{method} {path}: process {which} neither answers nor ends")
            }
        }
    }

    /// Waits for a process, and connects to it.
    async fn connected(&mut self) -> anyhow::Result<Up> {
        let mut watched = self.world.up.subscribe();
        loop {
            let up = watched.wait_for(Option::is_some).await?.clone();
            let Some(up) = up else { continue };
            if self.wire.as_ref().is_some_and(|(generation, _)| *generation == up.generation) {
                return Ok(up);
            }
            self.wire = None;
            let token = self.watches.as_ref().unwrap_or(&up.token).clone();
            match Wire::connect(self.next_address(&up), &token).await {
                Ok(wire) => {
                    self.wire = Some((up.generation, wire));
                    return Ok(up);
                }
                // It is dead or stopping: the killer will say who comes next.
                Err(_) => self.after(up.generation).await,
            }
        }
    }

    /// Where it asks. Of several nodes half of the clients ask the one that leads; the others ask one node
    /// after the other, which passes on what they ask.
    fn next_address(&mut self, up: &Up) -> SocketAddr {
        self.connections += 1;
        let nodes = &self.world.addresses;
        let place = self.number as usize + self.connections;
        if self.number % 2 == 1 { nodes[place % nodes.len()] } else { up.address }
    }

    /// Waits for the process after this one, but not for ever: this one may be well.
    async fn after(&self, generation: u64) {
        let mut watched = self.world.up.subscribe();
        let newer = watched.wait_for(|up| up.as_ref().is_some_and(|up| up.generation > generation));
        // Either is a reason to ask again.
        let _ = tokio::time::timeout(BUSY, newer).await;
    }

    async fn create(&mut self, n: u64, keyed: bool) -> anyhow::Result<()> {
        let name = format!("crash-{}-{n}", self.number);
        let mut question =
            Question::post("/compute/v2.1/servers".to_owned(), &self.world.create(&name));
        question.key = keyed.then(|| format!("key-{name}"));
        self.world.known().0.creating(&name, keyed);
        // Whether an earlier one of these may have been done.
        let mut may_be_done = false;
        loop {
            let answer = self.ask(&question).await?;
            if let Some(Answer { status: 202, request, body, .. }) = &answer {
                let id = body["server"]["id"].as_str().unwrap_or_default();
                {
                    let (history, counts) = &mut *self.world.known();
                    counts.creates += 1;
                    history.created(&name, id, (!may_be_done).then_some(request));
                }
                if keyed {
                    self.last = Some(Keyed { name, question, server: body["server"].clone() });
                }
                return Ok(());
            }
            let busy = self.refused(&question, answer.as_ref());
            if !keyed {
                if busy {
                    self.world.known().0.create_refused(&name);
                }
                return Ok(());
            }
            if answer.is_some() && !busy {
                return Ok(());
            }
            may_be_done |= answer.is_none();
            self.world.known().1.repeated += 1;
            if busy && let Some((generation, _)) = self.wire.take() {
                self.after(generation).await;
            }
        }
    }

    /// Sends the last create with a key again, perhaps to a later process: it is answered as it
    /// was, whatever became of the server.
    async fn replay(&mut self) -> anyhow::Result<()> {
        let Some(Keyed { name, question, server }) = self.last.take() else { return Ok(()) };
        let answer = self.ask(&question).await?;
        let Some(Answer { status: 202, body, .. }) = &answer else {
            self.refused(&question, answer.as_ref());
            return Ok(());
        };
        let (history, counts) = &mut *self.world.known();
        counts.replayed += 1;
        let id = body["server"]["id"].as_str().unwrap_or_default();
        if body["server"] != server {
            let shown = |server: &Value| format!("{} {}", server["id"], server["adminPass"]);
            let (now, before) = (shown(&body["server"]), shown(&server));
            let detail = format!("create {name} is answered {now}, and was {before}");
            history.broken(Kind::Answer, detail);
        }
        history.repeated(&name, id);
        Ok(())
    }

    async fn delete(&mut self, id: &str) -> anyhow::Result<()> {
        let path = format!("/compute/v2.1/servers/{id}");
        let question = Question { method: "DELETE", path, ..Question::default() };
        self.world.known().0.deleting(id);
        let sent = self.world.known().0.tick();
        let answer = self.ask(&question).await?;
        if answer.as_ref().is_some_and(|answer| answer.status == 204) {
            let (history, counts) = &mut *self.world.known();
            counts.deletes += 1;
            // Its request names no action if another's delete was under way.
            history.saw(id, sent, Seen::There);
            history.deleted(id);
        } else {
            self.may_be_gone(id, sent, &question, answer.as_ref());
        }
        Ok(())
    }

    async fn act(&mut self, id: &str, body: &Value) -> anyhow::Result<()> {
        let question = Question::post(format!("/compute/v2.1/servers/{id}/action"), body);
        let sent = self.world.known().0.tick();
        let answer = self.ask(&question).await?;
        if let Some(Answer { status: 200 | 202 | 204, request, .. }) = &answer {
            let (history, counts) = &mut *self.world.known();
            if body["reboot"].is_object() {
                counts.reboots += 1
            } else if body.get("os-start").or(body.get("os-stop")).is_some() {
                counts.powers += 1
            } else {
                counts.others += 1
            }
            history.saw(id, sent, Seen::There);
            history.acknowledged(id, request);
        } else if body.get("resize").is_some()
            && answer.as_ref().is_some_and(|answer| answer.status == 400)
        {
            // It has that flavor already, or would have a smaller disk.
            self.world.known().0.saw(id, sent, Seen::There);
            self.world.known().1.refused += 1;
        } else {
            self.may_be_gone(id, sent, &question, answer.as_ref());
        }
        Ok(())
    }

    /// Metadata of the client's own, so that nobody else's edit is in the way.
    async fn edit(&mut self, id: &str, n: u64) -> anyhow::Result<()> {
        let (key, value) = (format!("client-{}", self.number), n.to_string());
        let path = format!("/compute/v2.1/servers/{id}/metadata");
        let question = Question::post(path, &json!({ "metadata": { key.as_str(): value } }));
        let sent = self.world.known().0.tick();
        let answer = self.ask(&question).await?;
        let fate = match &answer {
            Some(answer) if answer.status == 200 => Fate::Acknowledged,
            Some(_) => Fate::Refused,
            None => Fate::Unknown,
        };
        self.world.known().0.edited(id, &key, &value, fate);
        if fate == Fate::Acknowledged {
            let (history, counts) = &mut *self.world.known();
            counts.edits += 1;
            history.saw(id, sent, Seen::There);
        } else {
            self.may_be_gone(id, sent, &question, answer.as_ref());
        }
        Ok(())
    }

    async fn show(&mut self, id: &str) -> anyhow::Result<()> {
        let question = Question::get(format!("/compute/v2.1/servers/{id}"));
        let sent = self.world.known().0.tick();
        let answer = self.ask(&question).await?;
        if let Some(Answer { status: 200, body, .. }) = &answer {
            let (history, counts) = &mut *self.world.known();
            counts.reads += 1;
            let status = body["server"]["status"].as_str().unwrap_or_default();
            history.saw(id, sent, Seen::Status(status));
        } else {
            self.may_be_gone(id, sent, &question, answer.as_ref());
        }
        Ok(())
    }

    async fn list(&mut self) -> anyhow::Result<()> {
        let question = Question::get("/compute/v2.1/servers/detail?limit=100".to_owned());
        let sent = self.world.known().0.tick();
        let answer = self.ask(&question).await?;
        let Some(Answer { status: 200, body, .. }) = &answer else {
            self.refused(&question, answer.as_ref());
            return Ok(());
        };
        let (history, counts) = &mut *self.world.known();
        counts.reads += 1;
        for row in body["servers"].as_array().into_iter().flatten() {
            let text = |field: &str| row[field].as_str().unwrap_or_default();
            history.listed(text("id"), text("name"), sent, text("status"));
        }
        Ok(())
    }

    /// An answer that is no, about a server: 404 and 409 say something of it too.
    fn may_be_gone(&self, id: &str, sent: Tick, question: &Question, answer: Option<&Answer>) {
        match answer.map(|answer| answer.status) {
            Some(404) => self.world.known().0.saw(id, sent, Seen::Gone),
            Some(409) => self.world.known().0.saw(id, sent, Seen::There),
            _ => {
                self.refused(question, answer);
                return;
            }
        }
        self.world.known().1.refused += 1;
    }

    /// Whether it is told to come back. Anything else is no answer to the question.
    fn refused(&self, question: &Question, answer: Option<&Answer>) -> bool {
        let Some(answer) = answer else { return false };
        let (history, counts) = &mut *self.world.known();
        if answer.status == 503 && answer.says_retry_after {
            counts.busy += 1;
            return true;
        }
        let Question { method, path, .. } = question;
        let detail = format!("{method} {path}: {}: {}", answer.status, answer.body);
        history.broken(Kind::Answer, detail);
        false
    }
}
