//! Hosts that are emptied while servers are made and deleted.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use guichet_cloud::Cloud;
use guichet_cloud::accounts::Role;
use guichet_cloud::config::Declared;
use guichet_cloud::hosts::{DrainState, HostEdit};
use guichet_core::action::Action;
use guichet_core::ids::{HostId, ServerId};
use guichet_driver::profile::Profile;
use guichet_store::Query;
use proptest::prelude::*;
use tokio_util::task::TaskTracker;

use crate::support::{caller, finish, made, new};

fn cloud(seed: u64) -> Arc<Cloud> {
    let profile = Profile::builtin("instant").unwrap();
    Cloud::builder(Declared::dev()).profile(profile).seed(seed).open().unwrap().cloud
}

fn drained(is_drained: bool) -> HostEdit {
    HostEdit { drained: Some(is_drained), ..HostEdit::default() }
}

/// What holds something of a host.
fn holders(cloud: &Cloud, host: HostId) -> BTreeSet<ServerId> {
    let holds = |server: &Arc<guichet_core::server::Server>| {
        server.allocations().any(|held| held.host == Some(host))
    };
    cloud.manager().scan(&Query::default()).filter(holds).map(|server| server.id).collect()
}

/// Waits until nothing is left to be moved of a host that can be, and what is shown is what is there: it
/// is as it was when the drain last looked, and a server may have gone since then.
async fn settled(cloud: &Cloud, host: HostId) {
    let host = cloud.catalogue().host(host).unwrap();
    let soon = tokio::time::timeout(Duration::from_secs(60), async {
        while let Some(progress) = cloud.hosts().progress(host) {
            let is_counted = progress.left > 0 && progress.left == progress.stuck;
            let is_busy = progress.shown.iter().any(|(_, why)| why.as_str() == "busy");
            let shown: BTreeSet<ServerId> = progress.shown.iter().map(|(id, _)| *id).collect();
            if is_counted && !is_busy && shown == holders(cloud, host.id) {
                return;
            }
            // It is looked at again at once.
            let again = HostEdit::default();
            cloud.hosts().change(host.id, again).await.unwrap();
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(cloud.hosts().state(host).drain, Some(DrainState::Done));
        assert_eq!(holders(cloud, host.id), BTreeSet::new());
    });
    soon.await.expect("it comes to an end");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn no_server_is_lost_or_doubled_while_a_host_is_emptied(
        seed in any::<u64>(), steps in prop::collection::vec(0u8..6, 4..24),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        runtime.unwrap().block_on(async {
            let (cloud, tasks) = (cloud(seed), TaskTracker::new());
            let admin = caller(&cloud, 0, Role::Admin);
            let mut alive = BTreeSet::new();
            for number in 0..4 {
                alive.insert(made(&cloud, &admin, &new(&format!("s-{number}"))).await);
            }
            let host = cloud.manager().any_server(*alive.first().unwrap()).unwrap().host.unwrap();
            cloud.hosts().change(host, drained(true)).await.unwrap();
            let drain = tasks.spawn(Arc::clone(&cloud).drain_hosts());
            for (number, step) in steps.into_iter().enumerate() {
                let admin = caller(&cloud, 0, Role::Admin);
                let one = alive.iter().nth(number % alive.len().max(1)).copied();
                match (step, one) {
                    (0 | 1, _) => {
                        if let Ok(id) = cloud.servers().create(&admin, &new("more")).await {
                            alive.insert(id);
                        }
                    }
                    (2, Some(id)) => {
                        let server = cloud.manager().any_server(id).unwrap();
                        cloud.servers().act(&admin, &server, Action::Delete).await.unwrap();
                        alive.remove(&id);
                    }
                    (3 | 4, Some(id)) => {
                        let server = cloud.manager().any_server(id).unwrap();
                        let action = if step == 3 { Action::Stop } else { Action::Suspend };
                        // It may be busy.
                        let _ = cloud.servers().act(&admin, &server, action).await;
                    }
                    _ => tokio::task::yield_now().await,
                }
            }
            for id in &alive {
                finish(&cloud, *id).await;
            }
            settled(&cloud, host).await;
            let there: BTreeSet<ServerId> =
                cloud.manager().scan(&Query::default()).map(|server| server.id).collect();
            assert!(alive.is_subset(&there), "{alive:?} {there:?}");
            let of = cloud.catalogue().host(host).unwrap();
            assert!(!cloud.hosts().is_open(of));
            cloud.hosts().change(host, drained(false)).await.unwrap();
            drain.await.unwrap();
            let audit = cloud.manager().audit();
            assert!(audit.holds(), "{audit:?}");
        });
    }
}

#[tokio::test]
async fn a_drain_goes_on_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let open = async || {
        let profile = Profile::builtin("instant").unwrap();
        let builder = Cloud::builder(Declared::dev()).profile(profile).data(dir.path());
        builder.start().await.unwrap().cloud
    };
    let cloud = open().await;
    let admin = caller(&cloud, 0, Role::Admin);
    let id = made(&cloud, &admin, &new("web")).await;
    let host = cloud.manager().any_server(id).unwrap().host.unwrap();
    cloud.hosts().change(host, drained(true)).await.unwrap();
    let _ = cloud.manager().drain(Duration::from_secs(60)).await;
    drop(cloud);
    let cloud = open().await;
    assert!(cloud.has_drains());
    Arc::clone(&cloud).drain_hosts().await;
    assert_eq!(holders(&cloud, host), BTreeSet::new());
    assert!(!cloud.has_drains());
    let _ = cloud.manager().drain(Duration::from_secs(60)).await;
}
