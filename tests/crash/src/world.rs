//! What clients, killer and checks share.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use anyhow::Context;
use serde_json::{Value, json};
use tokio::sync::{RwLock, watch};
use tokio_util::sync::CancellationToken;

use crate::counts::Counts;
use crate::history::History;
use crate::plan::{OTHERS, Plan};

/// A process that serves.
#[derive(Debug, Clone)]
pub(crate) struct Up {
    /// How many there were before it.
    pub(crate) generation: u64,
    pub(crate) token: Arc<str>,
    pub(crate) address: SocketAddr,
}

/// What a create names.
#[derive(Debug, Clone)]
pub(crate) struct Catalog {
    pub(crate) flavor: String,
    pub(crate) image: String,
}

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) plan: Plan,
    /// Where processes listen: one, or several of which one leads.
    pub(crate) addresses: Vec<SocketAddr>,
    pub(crate) catalog: Catalog,
    /// None while nobody serves. The killer says so.
    pub(crate) up: watch::Sender<Option<Up>>,
    /// A client holds it for each step, with others; a check holds it alone, so that no request
    /// is under way. Nobody is killed during a check.
    pub(crate) gate: RwLock<()>,
    /// Clients end with the step they are at.
    pub(crate) stop: CancellationToken,
    /// Held for a few lines, never over an await.
    known: Mutex<(History, Counts)>,
}

impl World {
    pub(crate) fn new(plan: Plan, addresses: Vec<SocketAddr>, catalog: Catalog) -> Self {
        Self {
            plan,
            addresses,
            catalog,
            up: watch::Sender::new(None),
            gate: RwLock::new(()),
            stop: CancellationToken::new(),
            known: Mutex::default(),
        }
    }

    /// Who serves at present.
    ///
    /// # Errors
    /// Nobody does.
    pub(crate) fn serving(&self) -> anyhow::Result<Up> {
        self.up.borrow().clone().context("nobody serves")
    }

    /// The history and the counts.
    pub(crate) fn known(&self) -> MutexGuard<'_, (History, Counts)> {
        self.known.lock().expect("nobody panics with it")
    }

    /// A create of this name.
    pub(crate) fn create(&self, name: &str) -> Value {
        let Catalog { flavor, image } = &self.catalog;
        json!({ "server": {
            "name": name, "flavorRef": flavor, "imageRef": image, "networks": "auto",
        } })
    }

    /// The body of one of the other actions; `n` makes what it says its own.
    pub(crate) fn other(&self, which: usize, n: u64) -> Value {
        let Catalog { flavor, image } = &self.catalog;
        let name = OTHERS[which % OTHERS.len()];
        // From the flavor of all servers to the one after it, and back.
        let other = if n.is_multiple_of(2) { "2" } else { flavor.as_str() };
        match name {
            "rebuild" => json!({ name: { "imageRef": image } }),
            "resize" => json!({ name: { "flavorRef": other } }),
            "createImage" => json!({ name: { "name": format!("image-{n}") } }),
            "changePassword" => json!({ name: { "adminPass": "secret" } }),
            _ => json!({ name: null }),
        }
    }
}
