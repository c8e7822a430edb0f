//! Embed the manager: create a server, reboot it, be refused, delete it, stop.
//!
//! `cargo run -p guichet-examples --example embed`, or as a program of your own, which needs
//! nothing else in its `Cargo.toml` than this (or `path = "…/crates/guichet"` in place of `git`):
//!
//! ```toml
//! [dependencies]
//! guichet = { git = "…", default-features = false }
//! ```

use std::time::Duration;

use guichet::{Caller, NewServer, Query, RebootKind, ServerManager};

#[guichet::tokio::main(crate = "guichet::tokio")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let manager = ServerManager::builder().start()?;
    let me = Caller::default();
    let status = |server| manager.server(me.project, server).map(|found| found.status());

    // Accepted at once; the server is BUILD until a worker and the driver have made it.
    let ack = manager.create(me, &NewServer::one("web-1", "m1.tiny", "cirros")).await?;
    let server = ack.server();
    println!("create accepted as {}: {:?}", ack.operation(), status(server));
    let created = ack.first_finished().await?;
    println!("created after {:?}: {:?}", created.service(), status(server));

    // While a reboot is under way another one is refused, with what to do instead.
    let reboot = manager.reboot(me, server, RebootKind::Soft).await?;
    let refusal = manager.reboot(me, server, RebootKind::Soft).await.expect_err("one at a time");
    println!("second reboot refused: {refusal}");
    reboot.await?;

    println!("active: {}", manager.active_servers(&Query::default()).servers.len());
    manager.delete(me, server).await?.await?;
    println!("deleted: {:?}", status(server));

    let drained = manager.drain(Duration::from_secs(5)).await;
    println!("drained, everything over: {}", drained.is_complete());
    assert!(drained.is_complete() && manager.audit().holds() && status(server).is_none());
    Ok(())
}

#[test]
fn runs() {
    main().expect("the example runs");
}
