//! Snapshots, restores and resets of worlds whose time is being moved on, or whose asker has gone.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use guichet_clock::Stopwatch;
use guichet_cloud::config::Declared;
use guichet_cloud::worlds::{
    Advance, Blueprint, SnapshotName, World, WorldError, WorldSpec, Worlds,
};
use guichet_driver::profile::Profile;

/// The first world and room for others.
fn worlds() -> (Arc<Worlds>, Arc<World>) {
    let (declared, profile) = (Declared::dev(), Profile::builtin("instant").unwrap());
    let (is_stored, snapshots) = (false, None);
    let blueprint = Blueprint { declared, profile, seed: Some(1), is_stored, snapshots };
    let worlds = Arc::new(Worlds::open(blueprint, 10).unwrap());
    let first = Arc::clone(worlds.first());
    (worlds, first)
}

fn name(text: &str) -> SnapshotName {
    SnapshotName::new(text).unwrap()
}

const HOUR: Advance = Advance::By(Duration::from_secs(3_600));

#[tokio::test]
async fn time_that_is_being_moved_on_is_not_what_another_cloud_begins_with() {
    let (worlds, world) = worlds();
    let take = worlds.take_snapshot(&world, name("base"), false);
    let (moved, taken) = tokio::join!(world.advance(HOUR), take);
    assert!(moved.unwrap().is_reached);
    taken.unwrap();
    let fork = worlds.fork(&world, Some("base"), WorldSpec::default()).await.unwrap();
    assert_eq!(fork.world.time().speed, 1.0, "it is the world's, and not that of a moment");
    let (moved, reset) = tokio::join!(world.advance(HOUR), worlds.reset(&world));
    assert!(moved.unwrap().is_reached);
    reset.unwrap();
    assert_eq!(world.time().speed, 1.0);
    let (moved, restored) = tokio::join!(world.advance(HOUR), worlds.restore(&world, "base"));
    assert!(moved.unwrap().is_reached);
    restored.unwrap();
    assert_eq!(world.time().speed, 1.0);
    worlds.close().await;
}

#[tokio::test]
async fn what_was_begun_is_done_though_nobody_waits() {
    let (worlds, world) = worlds();
    // Polled once, and then let go.
    let mut take = Box::pin(worlds.take_snapshot(&world, name("base"), false));
    let polled = poll_fn(|context| Poll::Ready(take.as_mut().poll(context))).await;
    assert!(polled.is_pending());
    drop(take);
    let watch = Stopwatch::start();
    while world.snapshot("base").is_err() {
        assert!(watch.elapsed() < Duration::from_secs(20), "it is taken");
        tokio::task::yield_now().await;
    }
    // Its turn is over, too.
    worlds.delete_snapshot(&world, "base").await.unwrap();
    assert!(matches!(world.snapshot("base"), Err(WorldError::NoSnapshot { .. })));
    worlds.close().await;
}

#[tokio::test]
async fn who_sends_a_document_slowly_holds_up_one_world() {
    let (worlds, world) = worlds();
    let other = worlds.create(WorldSpec::default()).unwrap().world;
    let sending = worlds.may_import(&world).await.unwrap();
    let at_once = Duration::ZERO;
    assert!(tokio::time::timeout(at_once, worlds.may_import(&world)).await.is_err());
    let text = br#"{"format": "guichet-snapshot", "version": 1}"#.to_vec();
    let importing = worlds.may_import(&other).await;
    worlds.import_snapshot(&other, name("base"), (text, importing)).await.unwrap();
    drop(sending);
    assert!(worlds.may_import(&world).await.is_some());
    worlds.close().await;
}
