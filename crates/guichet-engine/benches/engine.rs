//! Wall time of the engine's parts, for following changes: `cargo bench -p guichet-engine`.
//! CPU for each operation, and what one would take instead, are in `cargo xtask bench`.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use guichet_clock::{Stopwatch, WorldClock};
use guichet_core::chance::Chance;
use guichet_core::ids::ProjectId;
use guichet_core::server::Size;
use guichet_driver::profile::Profile;
use guichet_driver::simulated::{Names, Simulated};
use guichet_engine::config::hosts;
use guichet_engine::{Caller, EngineConfig, Model, NewServer, RebootKind, ServerManager};
use guichet_store::Query;
use tokio::runtime::Runtime;
use tokio_util::task::TaskTracker;

const NEW: NewServer<'static> = NewServer::one("bench-000000001", "m1.tiny", "cirros");

fn manager(model: Model) -> ServerManager {
    let clock = WorldClock::real();
    let config = EngineConfig {
        model,
        hosts: hosts(64, Size { vcpus: 1 << 16, ram_mib: 1 << 26 }),
        ..EngineConfig::default()
    };
    let profile = Profile::builtin("instant").expect("`instant` is built in");
    let names = Names { projects: Vec::new(), hosts: Vec::new() };
    let driver = Arc::new(Simulated::new(profile, names, clock.clone(), Chance::new(1)));
    ServerManager::start(&config, driver, clock).expect("the bench's configuration is sound")
}

/// One client's rounds of create, reboot, delete, each waited for.
async fn rounds(manager: &ServerManager, rounds: u64) {
    let me = Caller::default();
    for _ in 0..rounds {
        let created = manager.create(me, &NEW).await.expect("there is room");
        let server = created.server();
        manager.finished(created.operation()).await.expect("it ends");
        let reboot = manager.reboot(me, server, RebootKind::Soft).await.expect("it is active");
        manager.finished(reboot.operation()).await.expect("it ends");
        let delete = manager.delete(me, server).await.expect("it is there");
        manager.finished(delete.operation()).await.expect("it ends");
    }
}

fn operations(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime can be made");
    let mut group = criterion.benchmark_group("three operations");
    group.throughput(Throughput::Elements(3));
    for model in [Model::Sequential, Model::Pool, Model::Async] {
        for clients in [1u64, 64] {
            let id = BenchmarkId::new(model.as_str(), clients);
            group.bench_with_input(id, &clients, |bencher, clients| {
                bencher.iter_custom(|iterations| {
                    runtime.block_on(timed(manager(model), *clients, iterations))
                });
            });
        }
    }
    group.finish();
}

async fn timed(manager: ServerManager, clients: u64, iterations: u64) -> Duration {
    let tracker = TaskTracker::new();
    let watch = Stopwatch::start();
    for client in 0..clients {
        let share = iterations / clients + u64::from(client < iterations % clients);
        let manager = manager.clone();
        tracker.spawn(async move { rounds(&manager, share).await });
    }
    tracker.close();
    tracker.wait().await;
    let took = watch.elapsed();
    assert!(manager.drain(Duration::from_secs(10)).await.is_complete());
    took
}

fn reads(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime can be made");
    let mut group = criterion.benchmark_group("reads");
    for servers in [1_000u64, 100_000] {
        let manager = runtime.block_on(async {
            let manager = manager(Model::Async);
            for _ in 0..servers {
                let _ = manager.create(Caller::default(), &NEW).await.expect("there is room");
                tokio::task::yield_now().await;
            }
            manager
        });
        let query = Query { project: Some(ProjectId(0)), ..Query::default() };
        let some = manager.servers(&query).servers[0].id;
        group.bench_function(BenchmarkId::new("get", servers), |bencher| {
            bencher.iter(|| black_box(manager.server(ProjectId(0), some)));
        });
        group.bench_function(BenchmarkId::new("list page of 100", servers), |bencher| {
            bencher.iter(|| black_box(manager.servers(&query)));
        });
        assert!(runtime.block_on(manager.drain(Duration::from_secs(10))).is_complete());
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().measurement_time(Duration::from_secs(3)).sample_size(20);
    targets = operations, reads
}
criterion_main!(benches);
