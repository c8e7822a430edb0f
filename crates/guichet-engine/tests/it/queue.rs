//! A full queue and a passed rate: who comes back when told to is let in.

use std::num::NonZeroU32;
use std::time::Duration;

use guichet_core::refusal::Refusal;
use guichet_engine::EngineConfig;
use tokio::task::JoinSet;

use crate::drivers::Tiny;
use crate::support::{config, create, holds, sometime, virtually};

/// Fills the queue while `waves` service times pass, then stops; all that were refused at the
/// end come back when they were told to, and must be let in.
async fn come_back(workers: usize, service: Duration, queue: usize, waves: u32) {
    let config = EngineConfig { queue, ..config(workers, 1) };
    let manager = virtually(&config, &Tiny::fixed(service));
    for wave in 0..=waves {
        while create(&manager, 0).await.is_ok() {}
        assert_eq!(manager.figures().load.waiting, queue);
        // The first wave is only for the workers to have something to do.
        tokio::time::sleep(if wave == 0 { service / 3 } else { service }).await;
    }
    while create(&manager, 0).await.is_ok() {}
    // As many as a quarter of the queue: it is free by then.
    let mut refused = JoinSet::new();
    for _ in 0..(queue / 4).clamp(1, 20) {
        let refusal = create(&manager, 0).await.expect_err("the queue is full");
        let wait = refusal.retry_after().expect("it says when");
        let manager = manager.clone();
        refused.spawn(async move {
            tokio::time::sleep(wait).await;
            (wait, create(&manager, 0).await)
        });
    }
    let mut waits = Vec::new();
    while let Some(joined) = sometime(refused.join_next()).await {
        let (wait, again) = joined.expect("no panic");
        let place = format!("{workers} workers, {service:?}, queue {queue}, {waves} waves");
        let _ = again.unwrap_or_else(|refusal| panic!("{place}: after {wait:?}: {refusal}"));
        waits.push(wait);
    }
    let (least, most) = (waits.iter().min().expect("some"), waits.iter().max().expect("some"));
    assert!(*most <= least.mul_f64(1.25), "spread by up to a quarter: {waits:?}");
    assert!(waits.len() < 5 || most > least, "all told the same: {waits:?}");
    let load = manager.figures().load;
    assert_eq!(load.max_waiting, queue, "never past its bound");
    holds(&manager);
}

#[tokio::test(start_paused = true)]
async fn who_comes_back_to_a_fresh_queue_is_let_in() {
    for (workers, millis, queue) in
        [(1, 1_000, 8), (1, 100, 100), (4, 500, 200), (64, 10, 1_000), (64, 1_000, 4_000)]
    {
        come_back(workers, Duration::from_millis(millis), queue, 0).await;
    }
}

#[tokio::test(start_paused = true)]
async fn who_comes_back_to_a_busy_queue_is_let_in() {
    for (workers, millis, queue) in
        [(1, 1_000, 8), (1, 100, 100), (4, 500, 200), (64, 10, 1_000), (64, 1_000, 4_000)]
    {
        for waves in [3, 15] {
            come_back(workers, Duration::from_millis(millis), queue, waves).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_queue_never_passes_its_bound() {
    for queue in [1, 2, 10, 33] {
        let config = EngineConfig { queue, ..config(2, 4) };
        let manager = virtually(&config, &Tiny::fixed(Duration::from_millis(50)));
        let mut refused = 0;
        for round in 0..400 {
            for project in 0..4 {
                if let Err(refusal) = create(&manager, project).await {
                    assert!(matches!(refusal, Refusal::QueueFull { .. }), "{refusal}");
                    refused += 1;
                }
                let waiting = manager.figures().load.waiting;
                assert!(waiting <= queue, "{waiting} wait in a queue of {queue}");
            }
            tokio::time::sleep(Duration::from_millis(round % 60)).await;
        }
        assert!(refused > 100);
        assert!(manager.figures().load.max_waiting <= queue);
        assert!(sometime(manager.drain(Duration::from_secs(3_600))).await.is_complete());
        holds(&manager);
    }
}

#[tokio::test(start_paused = true)]
async fn who_comes_back_to_its_rate_is_let_in() {
    for rate in [1, 2, 3, 7, 13, 999, 1_000, 30_000] {
        let project_rate = NonZeroU32::new(rate);
        let config =
            EngineConfig { project_rate, queue: 100_000, servers_max: 100_000, ..config(4, 2) };
        let manager = virtually(&config, &Tiny::fixed(Duration::from_millis(1)));
        for _ in 0..rate {
            let _ = create(&manager, 0).await.expect("as many at once as in a second");
        }
        for _ in 0..10 {
            let Err(Refusal::RateLimited { retry_after, .. }) = create(&manager, 0).await else {
                panic!("{rate} a second: one too many was let in");
            };
            assert!(retry_after <= Duration::from_millis(1).max(Duration::from_secs(1) / rate * 2));
            // Exactly: a sleep would round up to the next millisecond.
            tokio::time::advance(retry_after).await;
            let again = create(&manager, 0).await;
            let _ = again.unwrap_or_else(|e| panic!("{rate} a second, {retry_after:?}: {e}"));
            // What a millisecond and more than one place let in besides.
            while create(&manager, 0).await.is_ok() {}
        }
        let _ = create(&manager, 1).await.expect("another project has its own rate");
        assert!(sometime(manager.drain(Duration::from_secs(3_600))).await.is_complete());
        holds(&manager);
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_past_the_rate_leaves_no_trace() {
    let config = EngineConfig { project_rate: NonZeroU32::new(1), ..config(4, 1) };
    let manager = virtually(&config, &Tiny::fixed(Duration::from_millis(1)));
    let _ = create(&manager, 0).await.expect("taken");
    for _ in 0..50 {
        create(&manager, 0).await.expect_err("too many");
    }
    let figures = manager.figures();
    assert_eq!((figures.counts.accepted, figures.servers), (1, 1));
    // Being refused does not put the time off.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let _ = create(&manager, 0).await.expect("taken");
}

#[tokio::test(start_paused = true)]
async fn who_comes_back_to_a_slow_service_is_let_in() {
    for (workers, seconds, queue) in [(1, 10, 8), (2, 30, 16), (4, 45, 12)] {
        for waves in [0, 1, 2, 5] {
            come_back(workers, Duration::from_secs(seconds), queue, waves).await;
        }
    }
}
