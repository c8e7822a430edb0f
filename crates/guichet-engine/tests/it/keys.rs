//! Idempotency keys and creates of several servers, by the manager.

use std::collections::HashSet;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::ids::ProjectId;
use guichet_core::limits;
use guichet_core::project::Quota;
use guichet_core::refusal::Refusal;
use guichet_core::server::{OperationState, Size};
use guichet_core::state::Status;
use guichet_engine::{NewServer, ServerManager};
use guichet_store::Query;
use tokio::task::JoinSet;

use crate::drivers::Tiny;
use crate::support::{SERVER, caller, change, config, end, holds, sometime, virtually};

const KEYED: NewServer<'static> = NewServer { key: Some("order-7"), ..SERVER };

fn manager() -> ServerManager {
    virtually(&config(2, 2), &Tiny::fixed(Duration::from_secs(1)))
}

#[tokio::test(start_paused = true)]
async fn a_repeat_has_the_first_answer_whatever_became_of_it() {
    let manager = manager();
    let first = manager.create(caller(0), &KEYED).await.expect("taken");
    assert!(!first.repeated);
    let same = async || {
        let again = manager.create(caller(0), &KEYED).await.expect("taken before");
        assert!(again.repeated);
        assert_eq!((again.request, &again.operations), (first.request, &first.operations));
    };
    same().await;
    sometime(end(&manager, first.operation())).await;
    same().await;
    let delete = change(&manager, 0, Action::Delete, first.server()).await.expect("taken");
    same().await;
    sometime(end(&manager, delete.operation())).await;
    assert_eq!(manager.server(ProjectId(0), first.server()), None);
    same().await;
    assert_eq!(manager.figures().counts.accepted, 2);
    // Another project's key of the same name is another key.
    let other = manager.create(caller(1), &KEYED).await.expect("taken");
    assert!(!other.repeated);
    tokio::time::sleep(limits::KEY_TTL).await;
    assert!(!manager.create(caller(0), &KEYED).await.expect("taken").repeated);
    holds(&manager);
}

#[tokio::test(start_paused = true)]
async fn a_key_belongs_to_one_body() {
    let manager = manager();
    let _ = manager.create(caller(0), &KEYED).await.expect("taken");
    for other in [
        NewServer { name: "another", ..KEYED.clone() },
        NewServer { count: 2, ..KEYED.clone() },
        NewServer { count: 2, min_count: 2, ..KEYED.clone() },
    ] {
        let refusal = manager.create(caller(0), &other).await.expect_err("another body");
        assert_eq!(refusal, Refusal::KeyReused);
    }
    assert_eq!(manager.figures().counts.accepted, 1);
}

#[tokio::test(start_paused = true)]
async fn many_under_one_key_make_one_server() {
    let manager = manager();
    let mut tasks = JoinSet::new();
    for _ in 0..32 {
        let manager = manager.clone();
        tasks.spawn(async move { manager.create(caller(0), &KEYED).await.expect("taken") });
    }
    let acks = tasks.join_all().await;
    assert_eq!(acks.iter().filter(|ack| !ack.repeated).count(), 1);
    let operations: HashSet<_> = acks.iter().map(|ack| ack.operation()).collect();
    assert_eq!((operations.len(), manager.figures().servers), (1, 1));
    holds(&manager);
}

#[tokio::test(start_paused = true)]
async fn several_servers_are_one_request() {
    let manager = manager();
    let five = NewServer { name: "web", count: 5, ..KEYED.clone() };
    let ack = manager.create(caller(0), &five).await.expect("taken");
    assert_eq!(ack.operations.len(), 5);
    for (which, id) in ack.operations.iter().enumerate() {
        let over = sometime(end(&manager, *id)).await;
        assert_eq!((over.state, over.request), (OperationState::Succeeded, ack.request));
        let server = manager.server(ProjectId(0), id.server).expect("it is there");
        assert_eq!(&*server.name, format!("web-{}", which + 1));
    }
    let again = manager.create(caller(0), &five).await.expect("taken before");
    assert_eq!(again.operations, ack.operations);
    assert_eq!(manager.active_servers(&Query::default()).servers.len(), 5);
    holds(&manager);
}

#[tokio::test(start_paused = true)]
async fn as_many_as_the_quota_allows_and_no_fewer_than_wanted() {
    let mut config = config(2, 1);
    config.projects[0].quota = Quota { cores: Some(7), ..Quota::default() };
    config.catalogue.add_flavor("m1.large", Size { vcpus: 2, ram_mib: 0 });
    let manager = virtually(&config, &Tiny::fixed(Duration::from_secs(1)));
    let large = |count, min_count| NewServer {
        flavor: "m1.large",
        count,
        min_count,
        ..NewServer::one("db", "", "cirros")
    };
    let refusal = manager.create(caller(0), &large(5, 4)).await.expect_err("8 of 7 cores");
    let Refusal::OverQuota(over) = refusal else { panic!("{refusal}") };
    assert_eq!((over.resource, over.requested, over.used, over.limit), ("cores", 8, 0, 7));
    let ack = manager.create(caller(0), &large(5, 2)).await.expect("three fit");
    assert_eq!(ack.operations.len(), 3);
    manager.create(caller(0), &large(1, 1)).await.expect_err("one core is left");
    let _ = manager.create(caller(0), &SERVER).await.expect("which is enough for a small one");
    assert!(sometime(manager.drain(Duration::from_secs(30))).await.is_complete());
    holds(&manager);
}

#[tokio::test(start_paused = true)]
async fn a_create_without_a_host_is_an_error_that_can_be_deleted() {
    let mut config = config(2, 1);
    config.hosts.clear();
    let manager = virtually(&config, &Tiny::fixed(Duration::from_secs(1)));
    let ack = manager.create(caller(0), &SERVER).await.expect("taken, and failed");
    assert_eq!(end(&manager, ack.operation()).await.state, OperationState::Failed);
    let server = manager.server(ProjectId(0), ack.server()).expect("it is there");
    assert_eq!((server.status(), server.host), (Status::Error, None));
    let _ = change(&manager, 0, Action::Delete, ack.server()).await.expect("taken");
    assert_eq!(manager.server(ProjectId(0), ack.server()), None);
    holds(&manager);
}
