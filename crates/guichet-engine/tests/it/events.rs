//! What a subscriber hears.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::event::EventKind;
use guichet_core::limits;
use guichet_engine::Received;
use guichet_store::hub::LogEntry;

use futures_core::Stream;

use crate::drivers::{Act, DONE, Tiny, after, failed};
use crate::support::{active, change, config, create, hear_all, holds, sometime, virtually};

#[tokio::test(start_paused = true)]
async fn every_transition_is_heard_in_order() {
    let driver = Tiny::by(|call| match (call.action, call.attempt) {
        (Action::Create, 1) => Act::Now(failed(true)),
        (Action::Stop, _) => Act::Now(failed(false)),
        _ => after(10),
    });
    let manager = virtually(&config(3, 1), &driver);
    let (first, second) = (manager.subscribe(), manager.subscribe());
    let id = active(&manager, 0).await;
    let stop = change(&manager, 0, Action::Stop, id).await.expect("taken");
    manager.finished(stop.operation()).await;
    let _ = change(&manager, 0, Action::RebootSoft, id).await.expect("taken");
    tokio::time::sleep(Duration::from_millis(5)).await;
    let _ = change(&manager, 0, Action::Delete, id).await.expect("taken");
    assert!(sometime(manager.drain(Duration::from_secs(60))).await.is_complete());
    let heard = hear_all(first).await;
    use Action::{Create, Delete, RebootSoft, Stop};
    use EventKind::{Accepted, Cancelled, Failed, Requeued, Started, Succeeded};
    let kinds: Vec<_> = heard.iter().map(|event| (event.action, event.kind)).collect();
    assert_eq!(
        kinds,
        [
            (Create, Accepted),
            (Create, Started),
            (Create, Requeued),
            (Create, Started),
            (Create, Succeeded),
            (Stop, Accepted),
            (Stop, Started),
            (Stop, Failed),
            (RebootSoft, Accepted),
            (RebootSoft, Started),
            (RebootSoft, Cancelled),
            (Delete, Accepted),
            (Delete, Started),
            (Delete, Succeeded),
        ]
    );
    let sequence: Vec<u64> = heard.iter().map(|event| event.sequence).collect();
    assert_eq!(sequence, (1..=14).collect::<Vec<_>>());
    assert!(heard.windows(2).all(|two| two[0].at <= two[1].at && two[1].from == Some(two[0].to)));
    assert_eq!(hear_all(second).await, heard, "all subscribers hear the same");
    holds(&manager);
}

#[tokio::test(start_paused = true)]
async fn a_slow_subscriber_hears_how_many_it_missed() {
    let manager = virtually(&config(2, 1), &Tiny::always(DONE));
    let mut slow = manager.subscribe();
    // Two events of its own, then so many records that all but the last are dropped.
    let _ = create(&manager, 0).await.expect("taken");
    manager.hub().append((0..limits::EVENTS_MAX + 300).map(|_| LogEntry::Note("x".into())));
    let mut prompt = manager.subscribe();
    active(&manager, 0).await;
    assert_eq!(sometime(slow.next()).await, Some(Received::Missed(missed(&manager))));
    let Some(Received::Event(next)) = sometime(slow.next()).await else { panic!("an event") };
    let Some(Received::Event(heard)) = sometime(prompt.next()).await else { panic!("an event") };
    assert_eq!(next, heard);
}

/// What the slow one missed: all records but those that are kept.
fn missed(manager: &guichet_engine::ServerManager) -> u64 {
    let counts = manager.figures().counts;
    let events = counts.accepted + counts.started + counts.finished();
    events + 300
}

#[tokio::test(start_paused = true)]
async fn a_subscriber_comes_and_goes() {
    let manager = virtually(&config(2, 1), &Tiny::always(DONE));
    active(&manager, 0).await;
    let mut late = manager.subscribe();
    let id = active(&manager, 0).await;
    let Some(Received::Event(first)) = sometime(late.next()).await else { panic!("an event") };
    assert_eq!((first.operation.server, first.kind), (id, EventKind::Accepted));
    drop(late);
    assert!(!manager.hub().is_read());
    let stays = manager.subscribe();
    assert!(manager.drain(Duration::from_secs(1)).await.is_complete());
    assert_eq!(hear_all(stays).await, []);
    assert_eq!(manager.subscribe().next().await, None, "after the end");
}

/// The next item of anything that is a stream.
async fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    poll_fn(|context| Pin::new(&mut *stream).poll_next(context)).await
}

#[tokio::test(start_paused = true)]
async fn events_are_a_stream_that_loses_nothing_when_it_is_not_awaited_to_the_end() {
    let manager = virtually(&config(2, 1), &Tiny::always(after(10)));
    let (mut stream, whole) = (manager.subscribe(), manager.subscribe());
    // A wait that is given up.
    let early = tokio::time::timeout(Duration::from_millis(1), next(&mut stream)).await;
    early.expect_err("nothing happened");
    active(&manager, 0).await;
    assert!(sometime(manager.drain(Duration::from_secs(60))).await.is_complete());
    let mut received = Vec::new();
    while let Some(item) = sometime(next(&mut stream)).await {
        received.push(item);
    }
    assert!(next(&mut stream).await.is_none(), "it stays at its end");
    let heard = hear_all(whole).await;
    assert_eq!(received, heard.into_iter().map(Received::Event).collect::<Vec<_>>());
    assert_eq!(received.len(), 3);
}
