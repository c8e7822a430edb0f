//! What a cloud tells its driver: what machines are to be like, which there are already, and that
//! it is chosen by name.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use guichet_cloud::accounts::Role;
use guichet_cloud::config::Declared;
use guichet_cloud::keys::NewKeyPair;
use guichet_cloud::servers::{Networks, NewServers};
use guichet_cloud::{Cloud, CloudBuilder, OpenError};
use guichet_core::action::Action;
use guichet_core::details::Details;
use guichet_core::ids::{FlavorId, ImageId, ServerId};
use guichet_core::key_pair::KeyKind;
use guichet_core::rows::Outcome;
use guichet_core::server::Size;
use guichet_core::state::PowerState;
use guichet_driver::{Call, Driver, DriverRegistry, Machine, MachineSpec};

use crate::support::{caller, finish, made, new};

const ED25519: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAII/Alngc65/JgDXpTrswM3iy1W8yKTWPaopbSqFt3Nph";

/// A driver that succeeds at once and notes what it is told.
#[derive(Debug, Default)]
struct Recording {
    calls: Mutex<Vec<(Action, MachineSpec)>>,
    /// What it was asked to adopt, one list each time.
    adopted: Mutex<Vec<Vec<Machine>>>,
}

impl Recording {
    fn calls(&self) -> Vec<(Action, MachineSpec)> {
        self.calls.lock().unwrap().clone()
    }

    fn adopted(&self) -> Vec<Vec<Machine>> {
        self.adopted.lock().unwrap().clone()
    }
}

#[async_trait]
impl Driver for Recording {
    async fn run(&self, call: Call) -> Outcome {
        self.calls.lock().unwrap().push((call.action, call.spec()));
        Outcome::Succeeded
    }

    async fn list(&self) -> Vec<Machine> {
        Vec::new()
    }

    fn expected_service(&self) -> Duration {
        Duration::from_millis(1)
    }

    fn adopt(&self, machines: &mut dyn Iterator<Item = Machine>) {
        assert!(self.calls().is_empty(), "no call comes before");
        self.adopted.lock().unwrap().push(machines.collect());
    }
}

/// A cloud to be opened, of which a driver has something to learn.
const DECLARED: &str = r#"
    [[host]]
    name = "rack-1"
    vcpus = 64
    ram_mib = 65_536

    [[project]]
    name = "web"

    [[flavor]]
    name = "large"
    id = "7"
    vcpus = 2
    ram_mib = 4_096
    disk_gib = 40
    ephemeral_gib = 10
    swap_mib = 512
    extra_specs = { "hw:cpu_policy" = "dedicated" }

    [[flavor]]
    name = "diskless"
    vcpus = 1
    ram_mib = 512
    disk_gib = 0

    [[image]]
    name = "debian-13"
    id = "11111111-2222-3333-4444-555555555555"

    [[network]]
    name = "front"
    cidr = "10.1.0.0/16"

    [[network]]
    name = "back"
    cidr = "10.2.0.0/24"
"#;

fn builder() -> CloudBuilder {
    Cloud::builder(Declared::parse(DECLARED, "my.toml").unwrap()).seed(1)
}

/// A cloud with a driver that records.
fn recorded(builder: CloudBuilder) -> (Arc<Cloud>, Arc<Recording>) {
    let driver = Arc::new(Recording::default());
    let cloud = builder.driver(driver.clone()).open().unwrap().cloud;
    (cloud, driver)
}

#[tokio::test]
async fn a_driver_learns_what_a_real_machine_needs() {
    let (cloud, driver) = recorded(builder());
    let who = caller(&cloud, 0, Role::Member);
    let key = NewKeyPair { user: 0, name: "mine", kind: KeyKind::Ssh, public_key: Some(ED25519) };
    let most = cloud.quotas().most_key_pairs(who.project);
    cloud.key_pairs().create(&who, &key, most).await.unwrap();
    let details = Details {
        metadata: [(Arc::from("role"), Arc::from("web"))].into(),
        user_data: Some(Arc::from("IyEvYmluL3No")),
        config_drive: true,
        key_name: Some(Arc::from("mine")),
        ..Details::default()
    };
    let address = "10.2.0.77".parse().unwrap();
    let networks = Networks::These(vec![(0, None), (1, Some(address))]);
    let id = made(&cloud, &who, &NewServers { details, networks, ..new("Web 1") }).await;
    let server = cloud.servers().find(&who, id).unwrap();
    cloud.servers().act(&who, &server, Action::Stop).await.unwrap();
    finish(&cloud, id).await;

    let [(Action::Create, spec), (Action::Stop, stopped)] = &driver.calls()[..] else {
        panic!("a create and a stop");
    };
    assert_eq!((spec.server, spec.project, &*spec.name), (id, who.project, "Web 1"));
    assert_eq!(spec.hostname.as_deref(), Some("web-1"), "made fit for DNS");
    assert_eq!((spec.host, spec.host_name.as_deref()), (server.host, Some("rack-1")));
    assert_eq!((spec.flavor, spec.flavor_name.as_deref()), (FlavorId(0), Some("large")));
    assert_eq!(spec.size, Size { vcpus: 2, ram_mib: 4_096 });
    assert_eq!((spec.disk_gib, spec.ephemeral_gib, spec.swap_mib), (Some(40), 10, 512));
    assert_eq!(spec.extra_specs["hw:cpu_policy"], "dedicated");
    assert_eq!((spec.image, spec.image_name.as_deref()), (ImageId(0), Some("debian-13")));
    let image = spec.image_uuid.map(|id| id.to_string());
    assert_eq!(image.as_deref(), Some("11111111-2222-3333-4444-555555555555"));
    assert_eq!(spec.user_data.as_deref(), Some("IyEvYmluL3No"));
    assert!(spec.has_config_drive);
    assert_eq!(spec.key_name.as_deref(), Some("mine"));
    assert_eq!(spec.metadata[&Arc::from("role")], Arc::from("web"));
    let [front, back] = &spec.networks[..] else { panic!("two cards") };
    let shown = [front, back].map(|card| {
        let gateway = card.gateway.unwrap().to_string();
        (card.network_name.as_deref(), card.prefix, gateway, card.address.to_string())
    });
    let text = str::to_owned;
    assert_eq!(shown[0], (Some("front"), Some(16), text("10.1.0.1"), text("10.1.0.2")));
    assert_eq!(shown[1], (Some("back"), Some(24), text("10.2.0.1"), text("10.2.0.77")));
    let ports = server.ports();
    assert_eq!((front.port, front.mac), (ports[0].id, ports[0].mac));
    assert_eq!((back.port, back.mac), (ports[1].id, ports[1].mac));
    assert_eq!(stopped, spec, "a later call is told the same");
}

#[tokio::test]
async fn what_is_not_declared_is_left_to_the_driver() {
    let (cloud, driver) = recorded(builder());
    let who = caller(&cloud, 0, Role::Member);
    let diskless = NewServers { flavor: FlavorId(1), ..new("-é-") };
    made(&cloud, &who, &NewServers { networks: Networks::These(Vec::new()), ..diskless }).await;
    let [(Action::Create, spec)] = &driver.calls()[..] else { panic!("a create") };
    assert_eq!(spec.disk_gib, None, "as large as the image");
    assert_eq!(spec.hostname, None, "nothing of the name is fit for DNS");
    assert!(spec.networks.is_empty() && spec.key_name.is_none() && spec.user_data.is_none());
}

#[tokio::test]
async fn a_driver_adopts_the_machines_of_a_data_directory_whoever_made_it() {
    let dir = tempfile::tempdir().unwrap();
    let (cloud, driver) = recorded(builder().data(dir.path()));
    cloud.keep_secrets().await.unwrap();
    assert_eq!(driver.adopted(), [Vec::new()], "there is none yet");
    let who = caller(&cloud, 0, Role::Member);
    let running = made(&cloud, &who, &new("running")).await;
    let stopped = made(&cloud, &who, &new("stopped")).await;
    let gone = made(&cloud, &who, &new("gone")).await;
    for (id, action) in [(stopped, Action::Stop), (gone, Action::Delete)] {
        let server = cloud.servers().find(&who, id).unwrap();
        cloud.servers().act(&who, &server, action).await.unwrap();
        finish(&cloud, id).await;
    }
    let fence = |id: ServerId| cloud.servers().find(&who, id).unwrap().fence;
    let machine = |server, power_state| Machine { server, fence: fence(server), power_state };
    let mut expected =
        [machine(running, PowerState::Running), machine(stopped, PowerState::Shutdown)];
    expected.sort_by_key(|machine| machine.server);
    assert!(cloud.manager().drain(Duration::from_secs(30)).await.is_complete());

    let (again, driver) = recorded(builder().data(dir.path()));
    let [mut adopted] = driver.adopted().try_into().expect("it is asked once");
    adopted.sort_by_key(|machine| machine.server);
    assert_eq!(adopted, expected);
    assert!(again.manager().drain(Duration::from_secs(30)).await.is_complete());
}

#[tokio::test]
async fn the_declared_driver_is_the_one_that_is_made() {
    let driver = Arc::new(Recording::default());
    let mut drivers = DriverRegistry::builtin();
    let recording = Arc::clone(&driver);
    drivers.add("recording", move |_| Ok(recording.clone()));
    drivers.add("broken", |_| Err("no socket: start the daemon".to_owned()));
    let declared = |name: &str| {
        let text = format!("driver = {name:?}\n{DECLARED}");
        Declared::parse_for(&text, "my.toml", &drivers).unwrap()
    };
    let (recorded, broken) = (declared("recording"), declared("broken"));
    let cloud = Cloud::builder(recorded.clone()).drivers(drivers).open().unwrap().cloud;
    made(&cloud, &caller(&cloud, 0, Role::Member), &new("web")).await;
    assert_eq!(driver.calls().len(), 1);
    // Where there is no such driver, or it cannot be used, nothing is opened.
    let unknown = Cloud::builder(recorded).open().unwrap_err();
    assert!(matches!(unknown, OpenError::Driver(_)), "{unknown}");
    let message = "there is no driver `recording`, expected one of: simulated";
    assert_eq!(unknown.to_string(), message);
    let mut drivers = DriverRegistry::builtin();
    drivers.add("broken", |_| Err("no socket: start the daemon".to_owned()));
    let error = Cloud::builder(broken).drivers(drivers).open().unwrap_err().to_string();
    assert_eq!(error, "the driver `broken` cannot be used: no socket: start the daemon");
}
