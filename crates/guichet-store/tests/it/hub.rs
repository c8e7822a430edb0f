//! Readers of the hub: what they miss, what they never miss, when they end.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use guichet_core::limits;
use guichet_store::hub::{Batch, Hub, LogEntry, Subscription};
use tokio::task::{JoinSet, yield_now};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(30);

fn note(number: usize) -> LogEntry {
    LogEntry::Note(number.to_string().into_boxed_str())
}

fn number(record: &LogEntry) -> usize {
    match record {
        LogEntry::Note(text) => text.parse().expect("a number"),
        other => panic!("not a note: {other:?}"),
    }
}

fn numbers(batch: &Batch) -> Vec<usize> {
    batch.records.iter().map(number).collect()
}

/// All that is there, and how many were missed.
fn read_all(reader: &mut Subscription) -> (Vec<usize>, u64) {
    let (mut all, mut missed) = (Vec::new(), 0);
    loop {
        let batch = reader.try_batch();
        assert!(batch.records.len() <= limits::EVENT_BATCH_MAX);
        missed += batch.missed;
        if batch.records.is_empty() {
            return (all, missed);
        }
        all.extend(numbers(&batch));
    }
}

#[test]
fn records_are_dropped_without_readers() {
    let hub = Hub::default();
    assert!(!hub.is_read());
    hub.append((0..10).map(note));
    let mut reader = hub.subscribe();
    assert!(hub.is_read());
    assert_eq!(read_all(&mut reader), (vec![], 0));
    hub.append((10..20).map(note));
    let mut late = hub.subscribe();
    assert_eq!(read_all(&mut late), (vec![], 0), "it reads from where it came");
    drop(reader);
    hub.append((20..25).map(note));
    assert_eq!(read_all(&mut late), ((20..25).collect(), 0));
    drop(late);
    assert!(!hub.is_read());
    hub.append((25..30).map(note));
    assert_eq!(read_all(&mut hub.subscribe()), (vec![], 0));
}

#[test]
fn a_slow_reader_gets_exactly_how_many_it_missed() {
    let hub = Hub::default();
    let mut slow = hub.subscribe();
    let mut quick = hub.subscribe();
    hub.append((0..limits::EVENTS_MAX).map(note));
    let (all, missed) = read_all(&mut quick);
    assert_eq!((all.len(), missed), (limits::EVENTS_MAX, 0));
    // The slow one has read two batches when 1,000 + 300 more come.
    let read = [slow.try_batch(), slow.try_batch()];
    assert_eq!(numbers(&read[1]).last(), Some(&1_023));
    let end = limits::EVENTS_MAX + 1_300;
    hub.append((limits::EVENTS_MAX..end).map(note));
    let batch = slow.try_batch();
    assert_eq!(batch.missed, 1_300 - 1_024);
    assert_eq!(number(&batch.records[0]), 1_300);
    let (rest, missed) = read_all(&mut slow);
    assert_eq!(missed, 0, "counted once");
    assert_eq!(rest, (1_300 + batch.records.len()..end).collect::<Vec<_>>());
    let (all, missed) = read_all(&mut quick);
    assert_eq!((all, missed), ((limits::EVENTS_MAX..end).collect(), 0));
    // All of what the hub holds can be missed.
    hub.append((0..3 * limits::EVENTS_MAX).map(note));
    let batch = slow.try_batch();
    assert_eq!(batch.missed as usize, 2 * limits::EVENTS_MAX);
    assert_eq!(number(&batch.records[0]), 2 * limits::EVENTS_MAX);
}

#[tokio::test(start_paused = true)]
async fn producers_wait_for_a_lossless_reader_which_misses_nothing() {
    let hub = Hub::default();
    let mut reader = hub.subscribe_lossless();
    let sent = std::rc::Rc::new(Cell::new(0));
    let local = tokio::task::LocalSet::new();
    let producers = 5;
    for _ in 0..producers {
        let (hub, sent) = (hub.clone(), std::rc::Rc::clone(&sent));
        local.spawn_local(async move {
            while sent.get() < 100_000 {
                hub.caught_up().await;
                let number = sent.replace(sent.get() + 1);
                hub.note(note(number));
                if number % 100 == 0 {
                    yield_now().await;
                }
            }
        });
    }
    let read = local.run_until(async {
        while sent.get() <= limits::HISTORY_BACKLOG_MAX {
            yield_now().await;
        }
        for _ in 0..1_000 {
            yield_now().await;
        }
        // Each may have looked just before the last of it went.
        let most = limits::HISTORY_BACKLOG_MAX + producers;
        assert!(sent.get() <= most, "{} sent, the reader asleep", sent.get());
        let mut read = 0;
        while read < 100_000 {
            let batch = timeout(PATIENCE, reader.batch()).await;
            let batch = batch.expect("producers go on").expect("it is open");
            assert_eq!(batch.missed, 0);
            assert_eq!(number(&batch.records[0]), read);
            read += batch.records.len();
            assert!(sent.get() - read <= most);
        }
        read
    });
    assert!(read.await >= 100_000);
    timeout(PATIENCE, local).await.expect("all producers end");
}

#[tokio::test(start_paused = true)]
async fn a_lossless_reader_that_leaves_holds_up_nobody() {
    let hub = Hub::default();
    let reader = hub.subscribe_lossless();
    let mut ordinary = hub.subscribe();
    hub.append((0..=limits::HISTORY_BACKLOG_MAX).map(note));
    let mut waiting = JoinSet::new();
    for _ in 0..3 {
        let hub = hub.clone();
        waiting.spawn(async move { hub.caught_up().await });
    }
    assert!(timeout(Duration::from_secs(1), waiting.join_next()).await.is_err(), "they wait");
    drop(reader);
    while let Some(joined) = timeout(PATIENCE, waiting.join_next()).await.expect("caught up") {
        joined.expect("no panic");
    }
    timeout(PATIENCE, hub.caught_up()).await.expect("all have caught up");
    assert_eq!(read_all(&mut ordinary).0.len(), limits::HISTORY_BACKLOG_MAX + 1);
}

#[tokio::test(start_paused = true)]
async fn the_slowest_lossless_reader_is_waited_for_and_none_misses_anything() {
    let hub = Hub::default();
    let mut first = hub.subscribe_lossless();
    let mut second = hub.subscribe_lossless();
    let all = limits::EVENTS_MAX + 10;
    hub.append((0..all).map(note));
    assert_eq!(read_all(&mut first), ((0..all).collect(), 0));
    assert!(
        timeout(Duration::from_secs(1), hub.caught_up()).await.is_err(),
        "the second is behind"
    );
    assert_eq!(read_all(&mut second), ((0..all).collect(), 0));
    timeout(PATIENCE, hub.caught_up()).await.expect("it has caught up");

    // One that leaves does not unpin another, nor hold up anybody.
    hub.append((0..=limits::HISTORY_BACKLOG_MAX).map(note));
    drop(second);
    assert!(timeout(Duration::from_secs(1), hub.caught_up()).await.is_err(), "the first is behind");
    drop(first);
    timeout(PATIENCE, hub.caught_up()).await.expect("all have caught up");
    let mut third = hub.subscribe_lossless();
    hub.append((0..all).map(note));
    assert_eq!(read_all(&mut third), ((0..all).collect(), 0));
}

#[tokio::test(start_paused = true)]
async fn a_closed_hub_ends_its_readers_after_what_is_left() {
    let hub = Hub::default();
    let mut behind = hub.subscribe();
    let mut asleep = hub.subscribe();
    let sleeper = async {
        let first = asleep.batch().await.map(|batch| numbers(&batch));
        (first, asleep.batch().await.is_none())
    };
    let closer = async {
        yield_now().await;
        hub.append((0..600).map(note));
        hub.close();
    };
    let both = async { tokio::join!(sleeper, closer).0 };
    let (first, ended) = timeout(PATIENCE, both).await.expect("it ends");
    assert_eq!(first.map(|numbers| numbers.len()), Some(limits::EVENT_BATCH_MAX));
    assert!(!ended, "88 more are left");
    let rest = async {
        let mut all = Vec::new();
        while let Some(batch) = behind.batch().await {
            all.extend(numbers(&batch));
        }
        all
    };
    let all = timeout(PATIENCE, rest).await.expect("it ends");
    assert_eq!(all, (0..600).collect::<Vec<_>>());
    let late = timeout(PATIENCE, async { hub.subscribe().batch().await.is_none() });
    assert!(late.await.expect("it ends at once"));
}

#[test]
fn a_reader_that_comes_while_the_last_one_leaves_misses_nothing() {
    let hub = Hub::default();
    let rounds = 20_000;
    let done = AtomicUsize::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            while done.load(Ordering::Relaxed) < rounds {
                drop(hub.subscribe());
            }
        });
        for round in 0..rounds {
            let mut reader = hub.subscribe_lossless();
            hub.append((0..3).map(note));
            let (all, missed) = read_all(&mut reader);
            done.store(round + 1, Ordering::Relaxed);
            if (all.as_slice(), missed) != (&[0, 1, 2], 0) {
                done.store(rounds, Ordering::Relaxed);
                panic!("round {round}: {all:?}, {missed} missed");
            }
        }
    });
}

#[test]
fn real_threads_lose_nothing_and_wait_for_the_reader() {
    let hub = Hub::default();
    let mut reader = hub.subscribe_lossless();
    let (threads, each) = (4, 20_000);
    let block_on = |future: std::pin::Pin<Box<dyn Future<Output = ()>>>| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        runtime.expect("a runtime").block_on(future);
    };
    thread::scope(|scope| {
        for which in 0..threads {
            let hub = hub.clone();
            scope.spawn(move || {
                block_on(Box::pin(async move {
                    for n in 0..each {
                        timeout(PATIENCE, hub.caught_up()).await.expect("the reader reads");
                        hub.note(note(which * each + n));
                    }
                }));
            });
        }
        scope.spawn(move || {
            block_on(Box::pin(async move {
                let mut next: Vec<usize> = (0..threads).map(|which| which * each).collect();
                for _ in 0..threads * each {
                    if next.iter().enumerate().all(|(which, n)| *n == (which + 1) * each) {
                        return;
                    }
                    let batch = timeout(PATIENCE, reader.batch()).await.expect("there is more");
                    let batch = batch.expect("it is open");
                    assert_eq!(batch.missed, 0);
                    for number in numbers(&batch) {
                        assert_eq!(number, next[number / each]);
                        next[number / each] += 1;
                    }
                }
            }));
        });
    });
}

#[test]
fn who_looks_now_and_then_gets_the_newest_and_how_many_went_by() {
    let hub = Hub::default();
    let mut reader = hub.subscribe();
    hub.append((0..3).map(note));
    let seen = reader.newest(8);
    assert_eq!((seen.records.len(), seen.missed), (3, 0));
    let all = limits::EVENTS_MAX + 100;
    hub.append((0..all).map(note));
    let seen = reader.newest(2);
    assert_eq!(seen.records, [note(all - 2), note(all - 1)]);
    assert_eq!(seen.missed, all as u64 - 2);
    let nothing = reader.newest(2);
    assert!(nothing.records.is_empty() && nothing.missed == 0);
    hub.append([note(7)]);
    assert_eq!(reader.try_batch().records, [note(7)], "it reads on from there");
}
