//! States that do not last for ever: a look for work ends those whose time is over.

use std::sync::Arc;
use std::time::Duration;

use guichet_core::action::{Action, ActionArgs};
use guichet_core::fleet::{FleetConfig, StateTimes};
use guichet_core::ids::{FlavorId, ServerId};
use guichet_core::request::{Act, Request, RequestBody};
use guichet_core::server::Size;
use guichet_core::state::Status;

use super::bench::Bench;
use super::fixtures::{Setup, config};

const WINDOW: Duration = Duration::from_secs(30);

/// A store in which a resize is confirmed by time, with one server that waits for that.
fn resized(setup: Setup<'_>) -> (Bench, ServerId) {
    let times = StateTimes { resized: Some(WINDOW), ..StateTimes::default() };
    let bench = Bench::new(setup, FleetConfig { times, ..config() });
    let server = bench.active(0);
    let size = Size { vcpus: 2, ram_mib: 1_024 };
    let args = Some(Arc::new(ActionArgs::Resize { flavor: FlavorId(1), size }));
    let body = RequestBody::Act(Act { action: Action::Resize, server, args });
    let resize = Request { body, ..bench.change(0, Action::RebootSoft, server) };
    bench.accept(&resize);
    let claim = bench.claim(1);
    assert!(claim.args.is_some(), "the call is told the size");
    bench.succeed(&claim);
    bench.shows(server, Some(Status::VerifyResize));
    (bench, server)
}

pub(super) fn time_ends_a_state_once(setup: Setup<'_>) {
    let (bench, server) = resized(setup);
    bench.clock.advance(WINDOW);
    // What is asked for by then may have to be durable before a worker gets it.
    let claim =
        super::fixtures::eventually("the confirmation", || bench.try_claim(1, &Default::default()));
    assert_eq!((claim.action, claim.operation.server), (Action::ConfirmResize, server));
    bench.succeed(&claim);
    bench.shows(server, Some(Status::Active));
    bench.clock.advance(WINDOW * 2);
    assert_eq!(bench.no_work(), None);
    bench.audit();
}

pub(super) fn a_look_for_work_says_when_a_state_ends(setup: Setup<'_>) {
    let (bench, server) = resized(setup);
    let ends = bench.store.server(server).and_then(|server| server.expires);
    assert!(ends.is_some());
    assert_eq!(bench.no_work(), ends);
    bench.audit();
}
