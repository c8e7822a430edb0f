//! Worlds of a service whose first one took over something.

use std::sync::Arc;

use guichet_cloud::accounts::Which;
use guichet_cloud::worlds::{Blueprint, SnapshotName, World, WorldSpec, Worlds};

use super::{AFTER, BEFORE, caller, compared, create, declared, find, instant, log_in, words};

fn worlds() -> Arc<Worlds> {
    let blueprint = Blueprint {
        declared: declared(BEFORE),
        profile: instant(),
        seed: Some(1),
        is_stored: false,
        snapshots: None,
    };
    Arc::new(Worlds::open(blueprint, 8).unwrap())
}

async fn has_bob(world: &World) -> bool {
    log_in(&world.cloud(), "bob", "banana", "new").await.is_ok()
}

#[tokio::test]
async fn worlds_keep_what_they_were_made_with_until_they_begin_anew() {
    let worlds = worlds();
    let first = Arc::clone(worlds.first());
    let before = worlds.create(WorldSpec::default()).unwrap().world;
    let after = AFTER.replace("\"apple\"", "\"avocado\"");
    let reload = Arc::new(compared(&declared(BEFORE), &after).unwrap());
    worlds.reload(&reload).await.unwrap();

    assert!(has_bob(&first).await && !has_bob(&before).await);
    log_in(&before.cloud(), "ann", "apple", "one").await.unwrap();
    log_in(&before.cloud(), "ann", "avocado", "one").await.unwrap_err();
    let users = |world: &World| worlds.declared(world).users.len();
    assert_eq!((users(&first), users(&before)), (3, 2));

    let after = worlds.create(WorldSpec::default()).unwrap().world;
    assert!(has_bob(&after).await);
    log_in(&after.cloud(), "ann", "avocado", "one").await.unwrap();
    worlds.reset(&before).await.unwrap();
    assert!(has_bob(&before).await);
    assert_eq!(users(&before), 3);
    worlds.close().await;
}

#[tokio::test]
async fn the_first_goes_back_and_forth_with_what_was_added() {
    let worlds = worlds();
    let first = Arc::clone(worlds.first());
    let cloud = first.cloud();
    let ann = caller(&cloud, "ann", "apple", "one").await;
    let old = create(&cloud, &ann, "small", "cirros").await.unwrap();
    let early = SnapshotName::new("early").unwrap();
    worlds.take_snapshot(&first, early, false).await.unwrap();
    let drawn = worlds.declared(&first).users[1].password.clone().unwrap();

    let reload = Arc::new(compared(&declared(BEFORE), AFTER).unwrap());
    worlds.reload(&reload).await.unwrap();
    let bob = caller(&cloud, "bob", "banana", "new").await;
    let made = create(&cloud, &bob, "large", "debian").await.unwrap();
    let late = SnapshotName::new("late").unwrap();
    worlds.take_snapshot(&first, late, false).await.unwrap();

    let document = worlds.export_snapshot(&first, "late").await.unwrap();
    assert!(document.contains("large") && document.contains("debian"));
    let fork = worlds.fork(&first, None, WorldSpec::default()).await.unwrap().world;
    assert_eq!(words(&fork.cloud(), made), ["new", "bob", "large", "debian"]);

    worlds.restore(&first, "early").await.unwrap();
    let cloud = first.cloud();
    assert_eq!(words(&cloud, old), ["one", "ann", "small", "cirros"]);
    assert!(find(&cloud, made).is_none());
    let bob = caller(&cloud, "bob", "banana", "new").await;
    create(&cloud, &bob, "large", "debian").await.unwrap();
    log_in(&cloud, "drawn", &drawn, "two").await.unwrap();

    worlds.restore(&first, "late").await.unwrap();
    assert_eq!(words(&first.cloud(), made), ["new", "bob", "large", "debian"]);
    worlds.reset(&first).await.unwrap();
    let directory = first.cloud().accounts().directory();
    assert!(directory.find_user(Which::Name("bob")).is_some());
    assert!(has_bob(&first).await);
    worlds.close().await;
}

#[tokio::test]
async fn a_service_that_stops_takes_nothing_over() {
    let worlds = worlds();
    worlds.begin_closing();
    let reload = Arc::new(compared(&declared(BEFORE), AFTER).unwrap());
    let error = worlds.reload(&reload).await.unwrap_err();
    assert_eq!(error.to_string(), "the service is stopping");
    assert!(!has_bob(worlds.first()).await);
}
