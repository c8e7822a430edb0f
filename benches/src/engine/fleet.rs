//! What a large fleet costs: lists, memory, reads beside writers, the longest hold of the lock.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use guichet_clock::Stopwatch;
use guichet_core::chance::Chance;
use guichet_core::ids::ProjectId;
use guichet_engine::{Model, ServerManager};
use guichet_lab::measure::rss_mib;
use guichet_store::Query;
use tokio_util::task::TaskTracker;

use crate::load;

/// A manager with so many servers, and the bytes each took.
pub(crate) async fn filled(servers: usize) -> (ServerManager, f64) {
    let before = rss_mib();
    let manager = load::manager(Model::Async, servers);
    load::fill(&manager, servers).await;
    let bytes = (rss_mib() - before) * 1024.0 * 1024.0 / servers as f64;
    (manager, bytes)
}

/// The median time of a page of 100, µs.
pub(crate) fn page_us(manager: &ServerManager, pages: u64) -> f64 {
    let query = Query { project: Some(ProjectId(0)), limit: Some(100), ..Query::default() };
    median((0..pages).map(|_| {
        let watch = Stopwatch::start();
        let page = manager.servers(&query);
        let took = watch.elapsed();
        assert_eq!(page.servers.len(), 100, "there are more than 100 servers");
        took
    }))
}

/// The median time of looking up one server by its id, µs.
pub(crate) fn get_us(
    manager: &ServerManager,
    servers: &[guichet_core::ids::ServerId],
    gets: u64,
) -> f64 {
    let chance = Chance::new(3);
    median((0..gets).map(|n| {
        let place = (load::share(chance, n) * servers.len() as f64) as usize;
        let watch = Stopwatch::start();
        let found = manager.server(ProjectId(0), servers[place]);
        let took = watch.elapsed();
        assert!(found.is_some(), "nobody deletes these");
        took
    }))
}

fn median(times: impl Iterator<Item = Duration>) -> f64 {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1e6
}

/// Ids of servers that stay: those of the first pages.
pub(crate) fn some_ids(manager: &ServerManager) -> Vec<guichet_core::ids::ServerId> {
    let query = Query { project: Some(ProjectId(0)), limit: Some(1_000), ..Query::default() };
    manager.servers(&query).servers.iter().map(|server| server.id).collect()
}

/// Times of get and list while 64 clients write, µs.
pub(crate) async fn reads_beside_writers(manager: &ServerManager) -> (f64, f64) {
    let stop = Arc::new(AtomicBool::new(false));
    let ids = some_ids(manager);
    let tracker = TaskTracker::new();
    let (writing, stopped) = (manager.clone(), Arc::clone(&stop));
    tracker.spawn(async move {
        while !stopped.load(Ordering::Relaxed) {
            load::load(&writing, 64, 20_000).await;
        }
    });
    let reading = manager.clone();
    let times = tokio::task::spawn_blocking(move || {
        (get_us(&reading, &ids, 20_000), page_us(&reading, 5_000))
    });
    let times = times.await.expect("reading does not panic");
    stop.store(true, Ordering::Relaxed);
    tracker.close();
    tracker.wait().await;
    times
}
