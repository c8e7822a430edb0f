//! Wake-ups: one at a time, none lost.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::chance::Chance;
use guichet_core::fleet::FleetConfig;
use guichet_core::ids::{
    ClientId, FlavorId, HostId, ImageId, ProjectId, RequestId, ServerId, WorkerId,
};
use guichet_core::project::{Host, Project, Quota};
use guichet_core::request::{Create, Request, RequestBody};
use guichet_core::rows::{Claim, Outcome};
use guichet_core::scheduler::Bounds;
use guichet_core::server::Size;
use guichet_store::contract::ManualClock;
use guichet_store::local::LocalStore;
use guichet_store::wake::Wake;
use guichet_store::{Decide, Lifecycle, NextJob, Read, Work};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Whether a future is ready now.
fn is_ready<F: Future>(future: std::pin::Pin<&mut F>) -> bool {
    matches!(future.poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(_))
}

#[test]
fn one_wake_up_is_on_its_way_at_a_time() {
    let wake = Wake::default();
    let (mut first, mut second) = (pin!(wake.waiting()), pin!(wake.waiting()));
    assert!(!is_ready(first.as_mut()) && !is_ready(second.as_mut()));
    wake.one();
    wake.one();
    assert!(is_ready(first.as_mut()), "the one that waits longest");
    assert!(!is_ready(second.as_mut()), "one is on its way");
    wake.up();
    wake.one();
    assert!(is_ready(second));
}

#[test]
fn a_wake_up_without_anybody_idle_is_left_for_the_next() {
    let wake = Wake::default();
    wake.one();
    assert!(is_ready(pin!(wake.waiting())));
    wake.up();
    assert!(!is_ready(pin!(wake.waiting())));
    // A future made before, awaited after.
    let woken = wake.waiting();
    wake.one();
    assert!(is_ready(pin!(woken)));
}

#[test]
fn a_worker_that_leaves_passes_its_wake_up_on() {
    let wake = Wake::default();
    let mut stays = pin!(wake.waiting());
    {
        let mut leaves = pin!(wake.waiting());
        assert!(!is_ready(leaves.as_mut()) && !is_ready(stays.as_mut()));
        wake.one();
    }
    assert!(is_ready(stays));
}

#[test]
fn no_more_are_woken_than_are_enough() {
    let wake = Wake::default();
    wake.set_enough(1);
    let mut idle = pin!(wake.waiting());
    assert!(!is_ready(idle.as_mut()));
    wake.rise();
    wake.one();
    assert!(!is_ready(idle.as_mut()), "the one that is awake sees to it");
    assert!(wake.lie_down(), "one was left out");
    wake.one();
    assert!(is_ready(idle));
    wake.up();
    wake.rise();
    assert!(!wake.lie_down(), "none was left out since");
}

#[test]
fn closing_sends_everybody_home() {
    let wake = Wake::default();
    let mut polled = [(); 3].map(|()| Box::pin(wake.waiting()));
    assert!(polled.iter_mut().all(|woken| !is_ready(woken.as_mut())));
    let made = wake.waiting();
    assert!(!wake.is_closed());
    wake.close();
    assert!(wake.is_closed());
    assert!(polled.iter_mut().all(|woken| is_ready(woken.as_mut())));
    assert!(is_ready(pin!(made)));
}

fn store(clock: Arc<ManualClock>) -> LocalStore {
    let project =
        Project { id: ProjectId(0), name: "p".into(), quota: Quota::default(), weight: 1 };
    let capacity = Size { vcpus: 100_000, ram_mib: 100_000 };
    let config = FleetConfig {
        projects: vec![project],
        hosts: vec![Host { id: HostId(0), name: "h".into(), capacity }],
        bounds: Bounds {
            queue: 10_000,
            service: 100,
            per_host: 100,
            per_project: 100,
            active: usize::MAX,
        },
        servers_max: 10_000,
        workers: 4,
        expected_service: Duration::from_millis(1),
        times: Default::default(),
        networks: Vec::new(),
        chance: Chance::new(0),
    };
    LocalStore::new(config, clock)
}

fn request(number: u64, body: RequestBody) -> Request {
    Request {
        privileged: false,
        id: RequestId::from_bits(u128::from(number)),
        client: ClientId(0),
        project: ProjectId(0),
        key: None,
        body,
    }
}

/// Asks for the `number`-th server; its id.
fn create(store: &LocalStore, number: u64) -> ServerId {
    let id = ServerId::from_bits(u128::from(number) << 64 | u128::from(number));
    let create = Create {
        details: Vec::new(),
        hosts: None,
        most_in_group: None,
        body_digest: None,
        ports: Vec::new(),
        servers: [(id, Arc::from("s"))].into_iter().collect(),
        min_count: 1,
        size: Size { vcpus: 1, ram_mib: 1 },
        flavor: FlavorId(0),
        image: ImageId(0),
    };
    let _ = store.submit(&request(number, RequestBody::Create(create)), None);
    id
}

fn claim(store: &LocalStore, worker: u32) -> Claim {
    match store.try_claim(WorkerId(worker), &CancellationToken::new()) {
        NextJob::Claim(claim) => claim,
        NextJob::Nothing { .. } => panic!("there is work"),
    }
}

#[test]
fn a_job_left_behind_wakes_the_next() {
    let store = store(Arc::default());
    for number in 0..3 {
        create(&store, number);
    }
    // Only the first of three jobs sent a wake-up; each worker that is up sends the next one.
    for worker in 1..=3 {
        assert!(is_ready(pin!(store.wake().waiting())), "worker {worker} is woken");
        store.wake().up();
        claim(&store, worker);
    }
    assert!(!is_ready(pin!(store.wake().waiting())), "nothing is left");
}

#[test]
fn somebody_idle_keeps_the_alarm_of_a_held_job() {
    let clock = Arc::new(ManualClock::new());
    let store = store(Arc::clone(&clock));
    // Worker 2 went idle before any job had a time of its own: it has no alarm.
    let stuck = create(&store, 0);
    assert!(is_ready(pin!(store.wake().waiting())));
    store.wake().up();
    let _stuck = claim(&store, 1);
    let mut idle = pin!(store.wake().waiting());
    let mut woken = pin!(store.wake().waiting());
    assert!(!is_ready(woken.as_mut()) && !is_ready(idle.as_mut()));
    // A delete that waits for the stuck call, and, before the woken worker 3 is up, a create,
    // which sends no second wake-up.
    let _ = store.submit(&request(9, RequestBody::act(Action::Delete, stuck)), None);
    create(&store, 1);
    assert!(is_ready(woken));
    assert!(!is_ready(idle.as_mut()));
    store.wake().up();
    claim(&store, 3);
    // Worker 3 is busy now: without worker 2 nobody would look when the grace is over.
    assert!(is_ready(idle), "worker 2 is not woken for the held delete");
}

/// Takes work as an engine's worker does, until the store's wake is closed.
async fn work(store: &LocalStore, worker: u32) {
    let cancel = CancellationToken::new();
    loop {
        let woken = store.wake().waiting();
        if store.wake().is_closed() {
            return;
        }
        match store.try_claim(WorkerId(worker), &cancel) {
            NextJob::Claim(claim) => {
                let _ = store.finish(&claim, &Outcome::Succeeded);
            }
            NextJob::Nothing { .. } => {
                woken.await;
                store.wake().up();
            }
        }
    }
}

#[test]
fn no_wake_up_is_lost_between_real_threads() {
    let store = store(Arc::default());
    let block_on = |future: std::pin::Pin<Box<dyn Future<Output = ()> + '_>>| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        runtime.expect("a runtime").block_on(future);
    };
    thread::scope(|scope| {
        for worker in 1..=3 {
            let store = &store;
            scope.spawn(move || block_on(Box::pin(work(store, worker))));
        }
        // One job at a time, so that workers fall asleep between any two of them.
        block_on(Box::pin(async {
            for number in 0..5_000 {
                let server = create(&store, number);
                let id = guichet_core::ids::OperationId { server, number: 1 };
                let end = store.watch(id).expect("it is known");
                let end = timeout(Duration::from_secs(30), end).await;
                end.unwrap_or_else(|_| panic!("job {number} was forgotten"))
                    .expect("it is answered");
            }
            store.wake().close();
        }));
    });
    assert!(store.audit().holds());
}
