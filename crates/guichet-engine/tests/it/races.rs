//! Many at once on one server and one quota.

use std::sync::Arc;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::event::EventKind;
use guichet_core::ids::ProjectId;
use guichet_core::project::Quota;
use guichet_core::refusal::Refusal;
use guichet_engine::{Ack, EngineConfig, Model, ServerManager};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::drivers::{DONE, Tiny, after};
use crate::support::{
    active, change, config, create, end, hear_all, holds, really, sometime, soon, virtually,
    with_model,
};

const CROWD: usize = 32;

/// Does the same from `CROWD` tasks at once.
async fn all_at_once<F, R>(manager: &ServerManager, ask: F) -> Vec<Result<Ack, Refusal>>
where
    F: Fn(ServerManager) -> R,
    R: Future<Output = Result<Ack, Refusal>> + Send + 'static,
{
    let barrier = Arc::new(Barrier::new(CROWD));
    let mut tasks = JoinSet::new();
    for _ in 0..CROWD {
        let (barrier, ask) = (Arc::clone(&barrier), ask(manager.clone()));
        tasks.spawn(async move {
            barrier.wait().await;
            ask.await
        });
    }
    tasks.join_all().await
}

fn quota_of_three(model: Model) -> EngineConfig {
    let mut config = with_model(model, 4, 2);
    config.projects[0].quota = Quota { instances: Some(3), ..Quota::default() };
    config
}

async fn deletes_have_one_effect(manager: &ServerManager) {
    let id = active(manager, 0).await;
    let answers =
        all_at_once(manager, |m| async move { change(&m, 0, Action::Delete, id).await }).await;
    let mut taken = 0;
    for answer in &answers {
        match answer {
            Ok(ack) => taken += usize::from(!ack.repeated),
            // The first may be through before the last is asked.
            Err(refusal) => {
                assert!(matches!(refusal, Refusal::NotFound { .. } | Refusal::NoServer));
            }
        }
    }
    assert_eq!(taken, 1);
    for ack in answers.into_iter().flatten() {
        end(manager, ack.operation()).await;
    }
    assert_eq!(manager.server(ProjectId(0), id), None);
}

async fn creates_stop_at_the_quota(manager: &ServerManager) {
    let answers = all_at_once(manager, |m| async move { create(&m, 0).await }).await;
    let (taken, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!((taken.len(), refused.len()), (3, CROWD - 3));
    for refusal in refused.into_iter().filter_map(Result::err) {
        let Refusal::OverQuota(over) = refusal else { panic!("{refusal}") };
        assert_eq!((over.resource, over.used, over.limit), ("instances", 3, 3));
    }
    let (usage, _) = manager.usage(ProjectId(0)).expect("the project");
    assert_eq!((usage.instances, manager.figures().servers), (3, 3), "nothing is left behind");
    for ack in taken.into_iter().flatten() {
        end(manager, ack.operation()).await;
    }
    let _ = create(manager, 1).await.expect("another project has its own quota");
}

#[tokio::test(start_paused = true)]
async fn many_deletes_have_one_effect() {
    let driver = Tiny::by(|call| if call.action == Action::Create { DONE } else { after(500) });
    let manager = virtually(&config(4, 1), &driver);
    let events = manager.subscribe();
    sometime(deletes_have_one_effect(&manager)).await;
    assert_eq!(driver.gauge().calls, 2, "one create, one delete");
    assert!(manager.drain(Duration::from_secs(30)).await.is_complete());
    let deletes = hear_all(events).await;
    let deletes = deletes.iter().filter(|event| event.action == Action::Delete);
    let kinds: Vec<EventKind> = deletes.map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::Accepted, EventKind::Started, EventKind::Succeeded]);
    holds(&manager);
}

#[tokio::test(start_paused = true)]
async fn parallel_creates_stop_exactly_at_the_quota() {
    let manager = virtually(&quota_of_three(Model::Async), &Tiny::fixed(Duration::from_secs(1)));
    sometime(creates_stop_at_the_quota(&manager)).await;
    holds(&manager);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn real_threads_race_on_one_server_and_one_quota() {
    for model in Model::ALL {
        for _ in 0..5 {
            let manager = really(&quota_of_three(model), &Tiny::always(DONE));
            soon(deletes_have_one_effect(&manager)).await;
            soon(creates_stop_at_the_quota(&manager)).await;
            assert!(soon(manager.drain(Duration::from_secs(30))).await.is_complete());
            holds(&manager);
        }
    }
}
