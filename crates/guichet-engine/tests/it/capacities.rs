//! What is free on the hosts.

use guichet_core::limits;
use guichet_core::server::Size;
use guichet_engine::EngineConfig;
use guichet_engine::config::hosts;

use crate::drivers::{DONE, Tiny};
use crate::support::{active, config, virtually};

#[tokio::test(start_paused = true)]
async fn every_host_has_its_room_however_many_there_are() {
    for count in [0, 1, limits::ROWS_PER_LOCK_MAX, 3 * limits::ROWS_PER_LOCK_MAX + 1] {
        let hosts = hosts(count, Size { vcpus: 8, ram_mib: 8_192 });
        let config = EngineConfig { hosts, ..config(1, 1) };
        let manager = virtually(&config, &Tiny::always(DONE));
        let capacities = manager.capacities();
        let ids = capacities.iter().map(|capacity| capacity.id.index());
        assert!(ids.eq(0..count), "{count} hosts");
        assert!(
            capacities
                .iter()
                .all(|capacity| capacity.free_vcpus == 8 && capacity.free_ram_mib == 8_192)
        );
        if count > 0 {
            active(&manager, 0).await;
            let free: u32 = manager.capacities().iter().map(|capacity| capacity.free_vcpus).sum();
            assert_eq!(free as usize, 8 * count - 1);
        }
    }
}
