//! A copy of all rows, of which another fleet begins.

use std::time::Duration;

use guichet_core::audit::audit;
use guichet_core::fleet::Fleet;
use guichet_core::ids::WorkerId;
use guichet_core::rows::{Outcome, Rows as _};

use super::runner::{Runner, config};

/// Longer than a retry's pause, a delete's patience and a state that expires.
const LONG: Duration = Duration::from_secs(3_600);

impl Runner {
    /// A fleet that goes on from what this one has shows the same, keeps the invariants, and all that
    /// waited or ran ends in it.
    pub(super) fn go_on_from_a_copy(&self) {
        let saved = self.fleet.saved();
        let mut again = Fleet::resume(config(&self.model.setup), saved, self.now);
        let found = audit(&again);
        assert!(found.holds(), "{:#?}", found.violations);
        assert_eq!(again.len(), self.fleet.len());
        for id in self.model.servers.keys() {
            let (one, other) = (self.fleet.get(*id), again.get(*id));
            assert_eq!(one.is_some(), other.is_some(), "{id}");
            let (Some(one), Some(other)) = (one, other) else { continue };
            assert_eq!((one.state(), one.updated), (other.state(), other.updated));
            assert_eq!(
                (one.project, one.host, one.ports()),
                (other.project, other.host, other.ports())
            );
            assert_eq!(self.fleet.operations(*id).len(), again.operations(*id).len());
        }
        for project in self.fleet.projects() {
            assert_eq!(again.usage(project.id), self.fleet.usage(project.id));
        }
        let mut now = self.now;
        for worker in 1..100_000 {
            match again.claim(WorkerId(worker % 7 + 1), now) {
                Some((_, claim)) => drop(again.finish(&claim, &Outcome::Succeeded, now)),
                None if again.scheduler().jobs() == 0 => break,
                None => now = now.after(LONG),
            }
        }
        assert_eq!(again.scheduler().jobs(), 0, "something never ends");
        let found = audit(&again);
        assert!(found.holds(), "{:#?}", found.violations);
    }
}
