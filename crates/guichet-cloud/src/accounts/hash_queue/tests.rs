use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use proptest::prelude::*;

use super::*;

fn asker(source: u8, user: usize) -> Asker {
    Asker { source: Some(IpAddr::from([10, 0, 0, source])), user: Some(user) }
}

type Entering<'a> = Pin<Box<dyn Future<Output = Result<Permit, QueueFull>> + 'a>>;

fn poll(entering: &mut Entering<'_>) -> Option<Result<Permit, QueueFull>> {
    match entering.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Some(result),
        Poll::Pending => None,
    }
}

/// Starts to wait.
fn wait(queue: &HashQueue, asker: Asker) -> Entering<'_> {
    let mut entering: Entering<'_> = Box::pin(queue.enter(asker));
    assert!(poll(&mut entering).is_none(), "it waits");
    entering
}

fn now(queue: &HashQueue, asker: Asker) -> Result<Permit, QueueFull> {
    let mut entering = pin!(queue.enter(asker));
    match entering.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("it waits"),
    }
}

#[test]
fn who_sends_many_waits_for_itself() {
    let queue = HashQueue::new(1, 100);
    let mut running = now(&queue, asker(1, 0)).ok();
    let mut flood: Vec<_> = (0..50).map(|n| wait(&queue, asker(1, n % 2))).collect();
    let mut honest = wait(&queue, asker(2, 7));
    let mut hashes = 0;
    let permit = loop {
        // One hash ends; its permit goes to the next, who computes in turn.
        drop(running.take());
        if let Some(entered) = poll(&mut honest) {
            break entered;
        }
        running = flood.iter_mut().find_map(poll).and_then(Result::ok);
        hashes += 1;
        assert!(hashes < 3, "an address stands behind one hash of each other one");
    };
    assert!(permit.is_ok());
}

#[test]
fn the_address_with_the_most_makes_way_for_a_newcomer() {
    let queue = HashQueue::new(1, 4);
    let running = now(&queue, asker(1, 0)).ok();
    let mut flood: Vec<_> = (0..4).map(|_| wait(&queue, asker(1, 0))).collect();
    assert_eq!(now(&queue, asker(1, 0)).err(), Some(QueueFull), "its own share is all there is");
    let mut honest = wait(&queue, asker(2, 0));
    let last = flood.pop().map(|mut last| poll(&mut last).map(|entered| entered.err()));
    assert_eq!(last, Some(Some(Some(QueueFull))), "the last of the flood is told to come back");
    drop(running);
    // The flood was there first; then it is the other's turn.
    let first = poll(&mut flood[0]);
    assert!(matches!(first, Some(Ok(_))));
    drop(first);
    assert!(matches!(poll(&mut honest), Some(Ok(_))));
}

#[test]
fn on_one_address_the_user_with_the_most_makes_way() {
    let queue = HashQueue::new(1, 4);
    let _running = now(&queue, asker(1, 0)).ok();
    let mut flood: Vec<_> = (0..4).map(|_| wait(&queue, asker(1, 0))).collect();
    let _honest = wait(&queue, asker(1, 1));
    assert!(poll(&mut flood[3]).is_some_and(|entered| entered.is_err()));
    assert!(poll(&mut flood[2]).is_none());
}

#[test]
fn who_went_away_takes_no_place_and_no_hash() {
    let queue = HashQueue::new(1, 2);
    let running = now(&queue, asker(1, 0)).ok();
    drop(wait(&queue, asker(1, 0)));
    drop(wait(&queue, asker(1, 0)));
    let mut third = wait(&queue, asker(1, 0));
    drop(running);
    assert!(matches!(poll(&mut third), Some(Ok(_))));
    let permit = now(&queue, asker(1, 0));
    assert!(permit.is_ok(), "all permits came back");
}

proptest! {
    /// Whatever comes and goes: never more at once than may, never more waiting, and at the end
    /// every permit is back.
    #[test]
    fn permits_are_counted(steps in prop::collection::vec((0_u8..3, 0_u8..4, 0_usize..3), 1..200)) {
        let queue = HashQueue::new(2, 8);
        let mut waiting: Vec<Entering<'_>> = Vec::new();
        let mut running: Vec<Permit> = Vec::new();
        for (what, source, user) in steps {
            match what {
                0 => waiting.push(Box::pin(queue.enter(asker(source, user)))),
                1 => drop(running.pop()),
                _ => {
                    let gone = (!waiting.is_empty()).then(|| waiting.remove(waiting.len() / 2));
                    drop(gone);
                }
            }
            let mut still = Vec::new();
            for mut entering in waiting.drain(..) {
                match poll(&mut entering) {
                    Some(Ok(permit)) => running.push(permit),
                    Some(Err(QueueFull)) => {}
                    None => still.push(entering),
                }
            }
            waiting = still;
            prop_assert!(running.len() <= 2);
            let state = queue.state.lock().unwrap();
            prop_assert!(state.waiting.len() <= 8);
            prop_assert!(state.waiting.sources.iter().all(|of| of.len() > 0));
            prop_assert!(running.len() == 2 || waiting.is_empty());
        }
        drop(waiting);
        drop(running);
        prop_assert_eq!(queue.state.lock().unwrap().free, 2);
    }
}
