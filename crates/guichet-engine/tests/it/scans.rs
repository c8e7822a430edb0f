//! All servers, page by page.

use std::sync::atomic::{AtomicUsize, Ordering};

use guichet_core::ids::{ProjectId, ServerId};
use guichet_core::state::Status;
use guichet_store::Query;

use crate::drivers::{Act, DONE, Tiny, failed};
use crate::support::{config, create, end, virtually};

#[tokio::test(start_paused = true)]
async fn a_scan_shows_every_server_once_page_by_page() {
    let driver = Tiny::by(|call| match call.server.id.0.as_u128() % 2 {
        0 => DONE,
        _ => Act::Now(failed(false)),
    });
    let manager = virtually(&config(4, 2), &driver);
    for number in 0..25 {
        let ack = create(&manager, number % 2).await.expect("taken");
        end(&manager, ack.operation()).await;
    }
    let all: Vec<ServerId> = manager.scan(&Query::default()).map(|server| server.id).collect();
    assert_eq!(all.len(), 25);
    let mut distinct = all.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), 25);
    // By pages of any size, in the same order.
    for limit in [1, 2, 12, 13, 25, 26] {
        let mut scan = manager.scan(&Query { limit: Some(limit), ..Query::default() });
        let mut found = Vec::new();
        while let Some(page) = scan.next_page().await {
            assert!(page.len() <= limit);
            found.extend(page.iter().map(|server| server.id));
        }
        assert_eq!(found, all, "pages of {limit}");
        assert!(scan.next_page().await.is_none(), "it has ended");
    }
    // Of one project, of one status, a few.
    let own = Query { project: Some(ProjectId(1)), ..Query::default() };
    assert_eq!(manager.scan(&own).count(), 12);
    assert!(manager.scan(&own).all(|server| server.project == ProjectId(1)));
    let statuses = [Status::Active, Status::Error];
    let of = |status| Query { status: Some(status), limit: Some(2), ..Query::default() };
    assert_eq!(statuses.map(|status| manager.scan(&of(status)).count()).iter().sum::<usize>(), 25);
    assert_eq!(manager.scan(&Query::default()).take(3).map(|s| s.id).collect::<Vec<_>>(), all[..3]);
    // A limit of none would never come to an end.
    assert_eq!(manager.scan(&Query { limit: Some(0), ..Query::default() }).count(), 25);
}

#[tokio::test(start_paused = true)]
async fn others_run_between_pages() {
    let manager = virtually(&config(4, 1), &Tiny::always(DONE));
    for _ in 0..10 {
        let _ = create(&manager, 0).await.expect("taken");
    }
    let turns = AtomicUsize::new(0);
    let others = async {
        loop {
            turns.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
        }
    };
    let scan = async {
        let mut scan = manager.scan(&Query { limit: Some(1), ..Query::default() });
        while scan.next_page().await.is_some() {}
    };
    tokio::select! {
        biased;
        () = scan => {}
        () = others => {}
    }
    assert!(turns.load(Ordering::Relaxed) >= 9, "{turns:?} turns of others");
}
