//! What a call says of the machine that is wanted.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use guichet_core::action::{Action, ActionArgs};
use guichet_core::details::{Details, Port};
use guichet_core::ids::{FlavorId, OperationId, WorkerId};
use guichet_core::rows::Claim;
use guichet_core::server::{Server, Size};
use guichet_core::time::VIRTUAL_START;
use guichet_driver::{Call, DescribeMachine, MachineSpec};
use tokio_util::sync::CancellationToken;

use crate::support::Ask;

fn details() -> Details {
    let port = Port {
        id: uuid::Uuid::from_u128(5),
        network: 3,
        address: IpAddr::V4(Ipv4Addr::new(10, 0, 0, 7)),
        mac: [0xfa, 0x16, 0x3e, 0, 0, 7],
    };
    Details {
        hostname: Some(Arc::from("web-1")),
        key_name: Some(Arc::from("mine")),
        user_data: Some(Arc::from("IyEvYmluL3No")),
        config_drive: true,
        metadata: [(Arc::from("role"), Arc::from("web"))].into(),
        ports: vec![port],
        ..Details::default()
    }
}

fn claim(action: Action, args: Option<Arc<ActionArgs>>, details: Option<Details>) -> Claim {
    let call = Ask::new(action).call(&guichet_clock::WorldClock::virtual_time());
    let server = Server { details: details.map(Arc::new), ..(*call.server).clone() };
    Claim {
        operation: OperationId { server: server.id, number: 1 },
        action,
        args,
        attempt: 1,
        server: Arc::new(server),
        worker: WorkerId(1),
        started: VIRTUAL_START,
        deadline: VIRTUAL_START,
    }
}

#[tokio::test(start_paused = true)]
async fn by_default_it_is_all_that_the_row_knows() {
    let call = Call::new(&claim(Action::Create, None, Some(details())), CancellationToken::new());
    let spec = call.spec();
    assert_eq!((&*spec.name, spec.size), ("web-1", Size { vcpus: 1, ram_mib: 64 }));
    assert_eq!(spec.hostname.as_deref(), Some("web-1"));
    assert_eq!(spec.key_name.as_deref(), Some("mine"));
    assert_eq!(spec.user_data.as_deref(), Some("IyEvYmluL3No"));
    assert!(spec.has_config_drive);
    assert_eq!(spec.metadata.get("role").map(|value| &**value), Some("web"));
    let [card] = &spec.networks[..] else { panic!("one card") };
    assert_eq!((card.network, card.address.to_string().as_str()), (3, "10.0.0.7"));
    assert_eq!(card.mac, [0xfa, 0x16, 0x3e, 0, 0, 7]);
    let bare = Call::new(&claim(Action::Create, None, None), CancellationToken::new()).spec();
    assert!(bare.networks.is_empty() && bare.user_data.is_none() && bare.metadata.is_empty());
}

#[derive(Debug, Default)]
struct Catalogue(AtomicUsize);

impl DescribeMachine for Catalogue {
    fn describe(&self, server: &Server) -> MachineSpec {
        self.0.fetch_add(1, Ordering::Relaxed);
        let mut spec = MachineSpec::of(server);
        spec.disk_gib = Some(20);
        spec.image_name = Some(Arc::from("cirros"));
        spec
    }
}

#[tokio::test(start_paused = true)]
async fn an_application_fills_in_the_rest_and_only_when_asked() {
    let catalogue = Arc::new(Catalogue::default());
    let describe = Arc::clone(&catalogue) as Arc<dyn DescribeMachine>;
    let call = Call::new(&claim(Action::Create, None, None), CancellationToken::new())
        .described_by(Some(describe));
    assert_eq!(catalogue.0.load(Ordering::Relaxed), 0);
    let spec = call.spec();
    assert_eq!((spec.disk_gib, spec.image_name.as_deref()), (Some(20), Some("cirros")));
    assert_eq!(catalogue.0.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn a_call_has_the_arguments_of_its_operation() {
    let size = Size { vcpus: 8, ram_mib: 8_192 };
    let args = Arc::new(ActionArgs::Resize { flavor: FlavorId(4), size });
    let claim = claim(Action::Resize, Some(Arc::clone(&args)), None);
    let call = Call::new(&claim, CancellationToken::new());
    assert_eq!(call.args, Some(args));
    assert_eq!(call.spec().size, Size { vcpus: 1, ram_mib: 64 }, "as it is before");
}
