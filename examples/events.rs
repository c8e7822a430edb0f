//! Subscribe to events: follow every transition of three servers.
//!
//! `cargo run -p guichet-examples --example events`

use std::time::Duration;

use guichet::{Caller, EventKind, NewServer, Received, ServerManager};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let manager = ServerManager::builder().start()?;
    let mut events = manager.subscribe();

    let three = NewServer { count: 3, min_count: 3, ..NewServer::one("web", "m1.tiny", "cirros") };
    let ack = manager.create(Caller::default(), &three).await?;
    println!("{} accepted with {} operations", ack.request, ack.operations.len());

    let mut over = 0;
    while over < ack.operations.len() {
        match events.next().await.ok_or("the manager stopped")? {
            Received::Event(event) => {
                println!("{} {} {} → {}", event.at, event.kind, event.operation, event.to);
                over += usize::from(event.kind == EventKind::Succeeded);
            }
            Received::Changed(change) => println!("{} {} {}", change.at, change.cause, change.to),
            // A reader that is too slow learns of it; it never holds anybody up.
            Received::Missed(count) => println!("missed {count} events"),
            // What a later version adds.
            _ => {}
        }
    }
    assert!(manager.drain(Duration::from_secs(5)).await.is_complete());
    assert_eq!(events.next().await, None, "a stopped manager has no more events");
    Ok(())
}

#[test]
fn runs() {
    main().expect("the example runs");
}
