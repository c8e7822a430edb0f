//! The same seed, twice: the same events to the microsecond.

use std::sync::Arc;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::chance::{Chance, Purpose};
use guichet_core::event::Event;
use guichet_core::ids::ServerId;
use guichet_core::project::Quota;
use guichet_core::rows::Outcome;
use guichet_engine::{EngineConfig, Model, ServerManager};
use tokio::task::JoinSet;

use crate::drivers::{Act, Tiny, failed};
use crate::support::{change, create, hear_all, holds, sometime, virtually, with_model};

/// Delays and faults by chance, the same for the same operation.
fn by_chance(chance: Chance) -> Arc<Tiny> {
    Tiny::by(move |call| {
        let (high, low) = call.operation.server.0.as_u64_pair();
        let n = low ^ u64::from(call.operation.number);
        let delay = chance.bits(Purpose::Delay, high, n, u64::from(call.attempt)) % 3_000;
        let outcome = match chance.bits(Purpose::Fault, high, n, u64::from(call.attempt)) % 10 {
            0 => failed(false),
            1..=2 => failed(true),
            _ => Outcome::Succeeded,
        };
        Act::After(Duration::from_millis(delay), outcome)
    })
}

/// One client: thinks, asks, forgets.
async fn client(manager: ServerManager, chance: Chance, number: u32) {
    let project = number % 3;
    let mut mine: Vec<ServerId> = Vec::new();
    for n in 0..40 {
        let draw = |purpose| chance.bits(purpose, u64::from(number), n, 0);
        tokio::time::sleep(Duration::from_millis(draw(Purpose::Think) % 800)).await;
        let action = match draw(Purpose::Action) % 8 {
            0..=3 => None,
            4 => Some(Action::RebootSoft),
            5 => Some(Action::RebootHard),
            6 => Some(Action::Stop),
            _ => Some(Action::Delete),
        };
        match action {
            Some(action) if !mine.is_empty() => {
                let target = mine[draw(Purpose::Target) as usize % mine.len()];
                let _ = change(&manager, project, action, target).await;
            }
            _ => mine.extend(create(&manager, project).await.map(|ack| ack.server())),
        }
    }
}

async fn run(model: Model, seed: u64) -> Vec<Event> {
    let mut config = EngineConfig {
        seed,
        queue: 30,
        host_permits: Some(3),
        project_permits: Some(4),
        ..with_model(model, 6, 3)
    };
    config.projects[1].weight = 2;
    config.projects[2].quota = Quota { instances: Some(10), ..Quota::default() };
    let manager = virtually(&config, &by_chance(Chance::new(seed)));
    let events = manager.subscribe();
    let mut clients = JoinSet::new();
    for number in 0..24 {
        clients.spawn(client(manager.clone(), Chance::new(seed), number));
    }
    sometime(clients.join_all()).await;
    assert!(sometime(manager.drain(Duration::from_secs(24 * 3_600))).await.is_complete());
    holds(&manager);
    hear_all(events).await
}

/// A run in a paused runtime of its own.
fn run_anew(model: Model, seed: u64) -> Vec<Event> {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime")
        .block_on(run(model, seed))
}

#[test]
fn the_same_seed_has_the_same_events() {
    for model in [Model::Async, Model::Sequential] {
        let (first, second) = (run_anew(model, 42), run_anew(model, 42));
        assert!(first.len() > 250, "{} events", first.len());
        for (one, other) in first.iter().zip(&second) {
            assert_eq!(one, other, "{model:?}");
        }
        assert_eq!(first.len(), second.len(), "{model:?}");
        assert_ne!(first, run_anew(model, 43), "another seed is another run");
    }
}
