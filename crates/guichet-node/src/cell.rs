//! One cell as a node sees it: who leads it, and how far this node is with following.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::response::Response;
use guichet_control::nodes::{Follows, not_ready, ready};
use tokio::sync::watch;

use crate::credential::Credential;
use crate::role::{Leader, Leading, Role};

/// One cell as a node sees it.
#[derive(Debug)]
pub(crate) struct Cell {
    /// Its name in the configuration.
    pub(crate) name: Arc<str>,
    pub(crate) role: watch::Sender<Role>,
    /// Whether everything is read that this node would lead. Relaxed: it is said, and nothing else.
    read_ahead: AtomicBool,
    /// Whether it cannot be asked who leads. Relaxed: a hint, and the one that leads says if it does not.
    is_blind: AtomicBool,
}

/// What is said of a node that led a moment ago.
pub(crate) const REPLACED: &str = "Another node leads now.";
/// What is said to who finds no place among what goes from cell to cell.
pub(crate) const FULL: &str = "Too many requests go from cell to cell; send it again.";

impl Cell {
    pub(crate) fn new(name: Arc<str>, reason: &str) -> Self {
        let (role, _) = watch::channel(Role::Waits(reason.into()));
        let [read_ahead, is_blind] = [false, false].map(AtomicBool::new);
        Self { name, role, read_ahead, is_blind }
    }

    pub(crate) fn wait(&self, reason: &str) {
        self.is_blind.store(false, Ordering::Relaxed);
        self.role.send_replace(Role::Waits(reason.into()));
    }

    pub(crate) fn lose_sight(&self, reason: &str) {
        self.is_blind.store(true, Ordering::Relaxed);
        self.role.send_if_modified(|role| {
            let is_blind = !matches!(role, Role::Follows(_));
            if is_blind {
                *role = Role::Waits(reason.into());
            }
            is_blind
        });
    }

    pub(crate) fn lead(&self, leading: Leading) {
        self.role.send_replace(Role::Leads(leading));
    }

    pub(crate) fn follow(&self, leader: Leader, (own, address): (&Credential, &str)) {
        if leader.credential == *own {
            return self.wait("No node leads at present.");
        }
        if leader.leads.address == address {
            // This node before it was started anew; or two that say the same of themselves.
            return self.wait(
                "The node that leads, or led last, says that it is at this node's address; if that \
                 lasts, give each node its own --node-url.",
            );
        }
        self.is_blind.store(false, Ordering::Relaxed);
        let epoch = leader.leads.epoch;
        let leader = Role::Follows(Arc::new(leader));
        self.role.send_if_modified(|role| {
            let is_new = !role.is_of(epoch);
            if is_new {
                *role = leader;
            }
            is_new
        });
    }

    pub(crate) fn set_read_ahead(&self, is_read: bool) {
        self.read_ahead.store(is_read, Ordering::Relaxed);
    }

    /// How this node leads it, if it does.
    pub(crate) fn leading(&self) -> Option<Leading> {
        match &*self.role.borrow() {
            Role::Leads(leading) if leading.is_on() => Some(leading.clone()),
            _ => None,
        }
    }

    /// The node that led does not, or is gone: where it cannot be asked who does, nobody is known to.
    pub(crate) fn look_away(&self, epoch: i64) {
        if !self.is_blind.load(Ordering::Relaxed) {
            return;
        }
        self.role.send_if_modified(|role| {
            let is_known = role.is_of(epoch);
            if is_known {
                *role = Role::Waits("PostgreSQL cannot be reached.".into());
            }
            is_known
        });
    }

    /// How a node is that does not lead it.
    pub(crate) fn follows(&self, role: &Role) -> Follows {
        let follows = match role {
            Role::Follows(leader) => Follows::passing_on(&leader.leads),
            Role::Waits(reason) => Follows::waiting(reason),
            Role::Leads(_) => return Follows::waiting(REPLACED),
        };
        follows.read_ahead(self.read_ahead.load(Ordering::Relaxed))
    }

    /// The same, as an answer.
    pub(crate) fn readiness(&self, role: &Role) -> Response {
        let follows = self.follows(role);
        if matches!(role, Role::Follows(_)) { ready(follows) } else { not_ready(follows) }
    }
}
