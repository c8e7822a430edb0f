//! Embed the manager: create a server, reboot it, be refused, delete it, stop.
//!
//! `cargo run -p guichet-examples --example embed`

use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_engine::{Caller, EngineConfig, NewServer, RebootKind, ServerManager};
use guichet_examples::simulated;
use guichet_store::Query;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let clock = WorldClock::real();
    let manager =
        ServerManager::start(&EngineConfig::default(), simulated("fast", clock.clone()), clock)?;
    let me = Caller::default();

    // Accepted at once; the server is BUILD until a worker and the driver have made it.
    let ack = manager.create(me, &NewServer::one("web-1", "m1.tiny", "cirros")).await?;
    let server = ack.server();
    let state = |server| manager.server(me.project, server).map(|found| found.status());
    println!("create accepted as {}: {:?}", ack.operation(), state(server));
    let ended = manager.finished(ack.operation()).await.ok_or("forgotten")?;
    println!("created after {:?}: {:?}", ended.service(), state(server));

    // While a reboot is under way another one is refused, with what to do instead.
    let reboot = manager.reboot(me, server, RebootKind::Soft).await?;
    match manager.reboot(me, server, RebootKind::Soft).await {
        Err(refusal) => println!("second reboot refused: {refusal}"),
        Ok(_) => return Err("two reboots at once".into()),
    }
    manager.finished(reboot.operation()).await;

    println!("active: {}", manager.active_servers(&Query::default()).servers.len());
    let delete = manager.delete(me, server).await?;
    manager.finished(delete.operation()).await;
    println!("deleted: {:?}", state(server));

    let drained = manager.drain(Duration::from_secs(5)).await;
    println!("drained, everything over: {}", drained.is_complete());
    assert!(drained.is_complete() && manager.audit().holds() && state(server).is_none());
    Ok(())
}

#[test]
fn runs() {
    main().expect("the example runs");
}
