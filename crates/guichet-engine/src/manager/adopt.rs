//! What a driver learns at a start: the machines of the servers that a store has already.

use guichet_core::server::Server;
use guichet_core::state::PowerState;
use guichet_driver::{Driver, Machine};
use guichet_store::{Query, Store};

use super::scan::Scan;

/// Has the driver adopt the machines that the store's servers have. To be called before the first
/// worker runs: no call may come first.
pub(super) fn adopt(driver: &dyn Driver, store: &dyn Store) {
    let servers = Scan::over(store, &Query::default());
    driver.adopt(&mut servers.filter_map(|server| machine(&server)));
}

/// The machine of a server; none if it has none, as its create was never carried out.
fn machine(server: &Server) -> Option<Machine> {
    let power_state = server.power_state;
    (power_state != PowerState::None).then_some(Machine {
        server: server.id,
        fence: server.fence,
        power_state,
    })
}
