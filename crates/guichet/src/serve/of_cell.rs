//! Which cell of a service something is about, and which of them this process leads.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use guichet_cloud::accounts::Hashing;
use guichet_cloud::config::Declared;

use super::manager;

/// One cell of a service. Clones are the same; by default the only one.
#[derive(Debug, Clone, Default)]
pub(super) struct OfCell {
    number: usize,
    all: Arc<All>,
}

#[derive(Debug, Default)]
struct All {
    names: Vec<Arc<str>>,
    /// Those that this process leads, and whether it said what it is. Held to look and to note.
    led: Mutex<(BTreeSet<usize>, bool)>,
    /// Where each cell that is led here has its passwords hashed.
    hashing: Hashing,
}

#[cfg_attr(not(feature = "postgres"), allow(dead_code))]
impl OfCell {
    /// Each cell of what is declared.
    pub(super) fn all_of(declared: &Declared) -> Vec<Self> {
        let names = declared.cell_names();
        let count = names.len();
        let all = Arc::new(All { names, ..All::default() });
        (0..count).map(|number| Self { number, all: Arc::clone(&all) }).collect()
    }

    /// The names of all, in the order of their numbers.
    pub(super) fn names(&self) -> &[Arc<str>] {
        &self.all.names
    }

    /// Where passwords are hashed: in one queue for all, however many this process leads.
    pub(super) fn hashing(&self) -> &Hashing {
        &self.all.hashing
    }

    pub(super) const fn number(&self) -> usize {
        self.number
    }

    /// Whether it is the first: what there is once in a service is there.
    pub(super) const fn is_first(&self) -> bool {
        self.number == 0
    }

    /// Its name, if there are several.
    pub(super) fn name(&self) -> Option<&str> {
        let name = self.all.names.get(self.number).filter(|_| self.all.names.len() > 1);
        name.map(|name| &**name)
    }

    /// This process leads it: whoever watches the process is told.
    pub(super) fn leads(&self, address: SocketAddr) {
        self.note(|led| led.0.insert(self.number));
        self.tell(address, manager::ready);
    }

    /// This process follows.
    pub(super) fn follows(&self, address: SocketAddr) {
        self.note(|led| led.0.remove(&self.number));
        self.tell(address, manager::following);
    }

    /// Tells whoever watches the process which of several cells it leads; of one, or none of them, this.
    fn tell(&self, address: SocketAddr, otherwise: fn(SocketAddr)) {
        match self.names_led() {
            Some(names) => manager::leads(address, &names),
            None => otherwise(address),
        }
    }

    /// This process leads it no more. Whether it leads no other one either.
    pub(super) fn ends(&self) -> bool {
        self.note(|led| {
            led.0.remove(&self.number);
            led.0.is_empty()
        })
    }

    /// Whether nobody was told yet where this process listens.
    pub(super) fn is_to_greet(&self) -> bool {
        self.name().is_none() || self.note(|led| !std::mem::replace(&mut led.1, true))
    }

    /// The names of those that are led, if there are several cells and some are.
    fn names_led(&self) -> Option<String> {
        self.name()?;
        let led = self.note(|led| led.0.clone());
        let names: Vec<&str> =
            led.iter().filter_map(|cell| Some(&**self.all.names.get(*cell)?)).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    fn note<T>(&self, note: impl FnOnce(&mut (BTreeSet<usize>, bool)) -> T) -> T {
        note(&mut self.all.led.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
