//! What was taken over is there after the next start, which is given the longer declaration.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use guichet_cloud::Cloud;

use super::{AFTER, BEFORE, caller, compared, create, declared, instant, log_in, words};

async fn started(dir: &Path, text: &str) -> Arc<Cloud> {
    let builder = Cloud::builder(declared(text)).profile(instant()).data(dir);
    builder.start().await.unwrap_or_else(|error| panic!("{error}")).cloud
}

async fn end(cloud: Arc<Cloud>) {
    let drained = cloud.manager().drain(Duration::from_secs(30)).await;
    assert!(drained.is_complete());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_name_what_was_added_survive_a_new_start() {
    let place = tempfile::tempdir().unwrap();
    let cloud = started(place.path(), BEFORE).await;
    let ann = caller(&cloud, "ann", "apple", "one").await;
    let old = create(&cloud, &ann, "small", "cirros").await.unwrap();
    cloud.reload(&compared(&declared(BEFORE), AFTER).unwrap()).await.unwrap();
    let bob = caller(&cloud, "bob", "banana", "new").await;
    let made = create(&cloud, &bob, "large", "debian").await.unwrap();
    end(cloud).await;

    let cloud = started(place.path(), AFTER).await;
    assert_eq!(words(&cloud, old), ["one", "ann", "small", "cirros"]);
    assert_eq!(words(&cloud, made), ["new", "bob", "large", "debian"]);
    let bob = caller(&cloud, "bob", "banana", "new").await;
    let (usage, _) = cloud.manager().usage(bob.project).unwrap();
    assert_eq!(usage.instances, 1);
    end(cloud).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_directory_knew_before_gets_its_old_place() {
    let place = tempfile::tempdir().unwrap();
    let cloud = started(place.path(), AFTER).await;
    end(cloud).await;
    // It names none of it now, and then the rest of it in another order.
    let cloud = started(place.path(), BEFORE).await;
    let more = AFTER.replace(
        "[[project]]\nname = \"new\"",
        "[[project]]\nname = \"other\"\n\n[[project]]\nname = \"new\"",
    );
    cloud.reload(&compared(&declared(BEFORE), &more).unwrap()).await.unwrap();
    let bob = caller(&cloud, "bob", "banana", "new").await;
    let made = create(&cloud, &bob, "large", "debian").await.unwrap();
    assert_eq!(words(&cloud, made), ["new", "bob", "large", "debian"]);
    end(cloud).await;
    let cloud = started(place.path(), &more).await;
    assert_eq!(words(&cloud, made), ["new", "bob", "large", "debian"]);
    end(cloud).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_and_drawn_passwords_that_ended_stay_so() {
    let place = tempfile::tempdir().unwrap();
    let builder = Cloud::builder(declared(BEFORE)).profile(instant()).data(place.path());
    let opened = builder.start().await.unwrap();
    let (cloud, drawn) = (opened.cloud, opened.drawn.now[0].1.clone());
    let stop = tokio_util::sync::CancellationToken::new();
    cloud.accounts().hash_passwords(&stop).await;
    let (token, _) = log_in(&cloud, "ann", "apple", "one").await.unwrap();
    let (kept, _) = log_in(&cloud, "ann", "apple", "two").await.unwrap();
    let after = BEFORE
        .replace("role = \"admin\"", "role = \"member\"")
        .replace("name = \"drawn\"", "name = \"drawn\"\npassword = \"date\"");
    cloud.reload(&compared(&declared(BEFORE), &after).unwrap()).await.unwrap();
    end(cloud).await;
    // As it was at first: the token would be good again if it were still recorded, and so would the
    // password.
    let builder = Cloud::builder(declared(BEFORE)).profile(instant()).data(place.path());
    let opened = builder.start().await.unwrap();
    let cloud = opened.cloud;
    assert!(cloud.accounts().session(&token).is_none());
    assert!(cloud.accounts().session(&kept).is_some());
    assert_eq!(opened.drawn.now.len(), 1, "another is drawn");
    log_in(&cloud, "drawn", &drawn, "two").await.unwrap_err();
    end(cloud).await;
}
