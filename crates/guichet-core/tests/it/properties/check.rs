//! The whole fleet against the whole model.

use guichet_core::action::Action;
use guichet_core::audit::audit;
use guichet_core::event::EventKind;
use guichet_core::request::RequestBody;
use guichet_core::rows::{Outcome, Rows};
use guichet_core::server::OperationState;
use guichet_core::state::VmState;

use super::model::Phase;
use super::runner::Runner;

impl Runner {
    /// Everything that must hold after any step.
    pub(super) fn check(&self) {
        let audit = audit(&self.fleet);
        assert!(audit.holds(), "{:#?}", audit.violations);
        self.check_servers();
        self.check_sums();
        self.check_load();
        self.check_counts();
        self.check_lists();
    }

    fn check_servers(&self) {
        assert_eq!(self.fleet.len(), self.model.existing().count());
        for (id, known) in &self.model.servers {
            let Some(server) = self.fleet.get(*id) else {
                assert_eq!(known.state.vm_state, VmState::Deleted, "{id} is lost");
                continue;
            };
            assert_eq!(server.state(), known.state);
            assert_eq!((server.project, server.host), (known.project, known.host));
            let held = server.allocations().map(|held| (held.size, held.host));
            assert!(held.eq(known.held()), "{id} holds something else");
            assert_eq!(server.expires, known.expires);
            assert_eq!((server.operations, server.fence), (known.operations, known.fence));
            let active = server.active.as_ref();
            assert_eq!(active.map(|active| server.operation_id(active.number)), known.active);
            let running = active.map(|active| active.state == OperationState::Running);
            let expected = known.active.map(|id| self.model.operations[&id].phase);
            assert_eq!(running, expected.map(|phase| phase == Phase::Running));
        }
    }

    fn check_sums(&self) {
        for project in self.fleet.projects() {
            let usage = self.fleet.usage(project.id);
            assert_eq!(usage, self.model.usage(project.id), "usage of {}", project.name);
            assert!(self.model.of_project(project.id) <= self.model.setup.bounds.per_project);
        }
        for (host, capacity) in self.fleet.hosts_with_capacity() {
            let free = (capacity.free_vcpus, capacity.free_ram_mib);
            assert_eq!(free, self.model.free_on(host.id.index()), "room on {}", host.name);
            assert!(self.model.on_host(host.id) <= self.model.setup.bounds.per_host);
        }
    }

    fn check_load(&self) {
        let (load, bounds) = (self.fleet.scheduler().load(), self.model.setup.bounds);
        let (first, again) = self.model.waiting(None);
        assert_eq!((load.waiting, load.requeued), (first, again));
        assert_eq!(load.in_flight, self.model.out.len());
        assert!(load.waiting <= bounds.queue && load.in_flight <= bounds.service);
        assert!(load.max_waiting <= bounds.queue && load.max_in_flight <= bounds.service);
    }

    fn check_counts(&self) {
        let counts = self.fleet.counts();
        let of = |kind| self.model.totals.get(&kind).copied().unwrap_or(0);
        assert_eq!(counts.accepted, of(EventKind::Accepted));
        assert_eq!(counts.started, of(EventKind::Started));
        assert_eq!(counts.retried, of(EventKind::Requeued));
        assert_eq!(counts.succeeded, of(EventKind::Succeeded));
        assert_eq!(counts.failed, of(EventKind::Failed));
        assert_eq!(counts.cancelled, of(EventKind::Cancelled));
    }

    /// Lets everything that was accepted come to its end, then deletes all there is.
    pub(super) fn drain(&mut self) {
        self.settle_all();
        let left: Vec<_> = self.model.existing().map(|(id, server)| (id, server.project)).collect();
        for (server, project) in left {
            let action = Action::Delete;
            self.send(project, None, RequestBody::act(action, server));
            self.settle_all();
        }
        assert!(self.fleet.is_empty());
        for (host, free) in self.fleet.hosts_with_capacity() {
            let capacity = (host.capacity.vcpus, host.capacity.ram_mib);
            assert_eq!((free.free_vcpus, free.free_ram_mib), capacity);
        }
    }

    fn settle_all(&mut self) {
        let most = 20 * (self.model.operations.len() + 1);
        for _ in 0..most {
            while !self.model.out.is_empty() {
                self.finish(0, &Outcome::Succeeded);
                self.check();
            }
            if self.fleet.scheduler().is_idle() {
                break;
            }
            if !self.claim() {
                let timer = self.fleet.scheduler().next_timer();
                let timer = timer.into_iter().chain(self.fleet.next_expiry()).min();
                self.now = self.now.max(timer.expect("a reason to wait"));
            }
            self.check();
        }
        assert!(self.fleet.scheduler().is_idle(), "something waits for ever");
        assert!(self.fleet.scheduler().next_timer().is_none());
        let counts = self.fleet.counts();
        assert_eq!(counts.accepted, counts.succeeded + counts.failed + counts.cancelled);
        for (id, operation) in &self.model.operations {
            assert!(matches!(operation.phase, Phase::Over(_)), "{id} has no end");
        }
    }
}
