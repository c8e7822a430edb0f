//! What is refused before any server is looked at, and configurations that cannot work.

use std::sync::Arc;
use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_core::ids::{ClientId, HostId, ProjectId, RequestId, ServerId};
use guichet_core::limits;
use guichet_core::refusal::Refusal;
use guichet_core::request::{Create, IdempotencyKey, Request, RequestBody};
use guichet_core::server::Size;
use guichet_engine::config::ConfigError;
use guichet_engine::manager::StartError;
use guichet_engine::{Catalogue, EngineConfig, Model, NewServer, ServerManager};
use guichet_store::hub::LogEntry;

use crate::drivers::{DONE, Tiny};
use crate::support::{SERVER, caller, change, config, create, holds, sometime, virtually};

/// Checks that this is refused, naming the field, and leaves nothing.
async fn refused(manager: &ServerManager, project: u32, new: &NewServer<'_>, field: &str) {
    let refusal = manager.create(caller(project), new).await.expect_err(field);
    let Refusal::Invalid { field: named, problem } = refusal else {
        panic!("{field}: {refusal}");
    };
    assert_eq!(named, field, "{problem}");
    let figures = manager.figures();
    assert_eq!((figures.counts.accepted, figures.servers, figures.jobs), (0, 0, 0), "{field}");
}

/// `count` servers of this name.
fn named(name: &str, count: usize) -> NewServer<'_> {
    NewServer { name, count, ..SERVER }
}

/// Servers in this number.
fn counted(count: usize, min_count: usize) -> NewServer<'static> {
    NewServer { count, min_count, ..SERVER }
}

/// One server under this key.
fn keyed(key: &str) -> NewServer<'_> {
    NewServer { key: Some(key), ..SERVER }
}

#[tokio::test(start_paused = true)]
async fn a_malformed_create_is_refused_by_its_field() {
    let manager = virtually(&config(2, 2), &Tiny::always(DONE));
    let long = "x".repeat(256);
    let most = limits::SERVERS_PER_REQUEST_MAX;
    for (new, field) in [
        (NewServer::one("s", "m9.huge", "cirros"), "flavor"),
        (NewServer::one("s", "", "cirros"), "flavor"),
        (NewServer::one("s", "m1.tiny", "windows"), "image"),
        (named("", 1), "name"),
        (named(" \t ", 1), "name"),
        (named("", 3), "name"),
        (named("  ", 3), "name"),
        (named(&long, 1), "name"),
        (named(&long[..255], 2), "name"),
        (counted(0, 1), "count"),
        (counted(most + 1, 1), "count"),
        (counted(usize::MAX, 1), "count"),
        (counted(1, 0), "min_count"),
        (counted(3, 4), "min_count"),
        (keyed(""), "idempotency key"),
        (keyed(&long), "idempotency key"),
    ] {
        refused(&manager, 0, &new, field).await;
    }
    for project in [2, u32::MAX] {
        refused(&manager, project, &SERVER, "project").await;
    }
    holds(&manager);
}

#[tokio::test(start_paused = true)]
async fn what_is_just_within_its_bounds_is_taken() {
    let manager = virtually(&config(2, 2), &Tiny::always(DONE));
    // 255 characters, more bytes.
    let (name, key) = ("é".repeat(255), "ü".repeat(255));
    let edge = NewServer { name: &name, key: Some(&key), ..SERVER };
    let _ = manager.create(caller(1), &edge).await.expect("taken");
    let many = NewServer { count: limits::SERVERS_PER_REQUEST_MAX, min_count: 100, ..SERVER };
    let ack = manager.create(caller(0), &many).await.expect("taken");
    assert_eq!(ack.operations.len(), 100);
    assert!(sometime(manager.drain(Duration::from_secs(30))).await.is_complete());
    holds(&manager);
}

#[tokio::test(start_paused = true)]
async fn a_request_complete_with_ids_is_checked_as_well() {
    let manager = virtually(&config(2, 1), &Tiny::always(DONE));
    let (flavor, size) = manager.catalogue().flavor_named("m1.tiny").expect("a flavor");
    let image = manager.catalogue().image_named("cirros").expect("an image");
    let request = |servers: usize, key: Option<&str>| Request {
        privileged: false,
        id: RequestId::from_bits(1),
        client: ClientId(0),
        project: ProjectId(0),
        key: key.map(|key| IdempotencyKey(Arc::from(key))),
        body: RequestBody::Create(Create {
            details: Vec::new(),
            hosts: None,
            most_in_group: None,
            body_digest: None,
            ports: Vec::new(),
            servers: (0..servers as u128)
                .map(|n| (ServerId::from_bits(n << 64), Arc::from("s")))
                .collect(),
            min_count: 1,
            size,
            flavor,
            image,
        }),
    };
    for request in [request(0, None), request(101, None), request(1, Some(""))] {
        let refusal = manager.submit(&request).await.expect_err("malformed");
        assert!(matches!(refusal, Refusal::Invalid { .. }), "{refusal}");
    }
    let mut ends = Vec::new();
    let ack = manager.submit_watched(&request(2, None), &mut ends).await.expect("taken");
    assert_eq!((ack.operations.len(), ends.len()), (2, 2));
    for end in ends {
        assert!(sometime(end).await.expect("it is told").state.is_final());
    }
}

#[tokio::test(start_paused = true)]
async fn another_projects_server_is_not_there() {
    let manager = virtually(&config(2, 2), &Tiny::always(DONE));
    let id = create(&manager, 0).await.expect("taken").server();
    assert!(manager.server(ProjectId(0), id).is_some());
    assert!(manager.server(ProjectId(1), id).is_none());
    use guichet_core::action::Action;
    for action in [Action::RebootSoft, Action::RebootHard, Action::Start, Action::Stop] {
        let refusal = change(&manager, 1, action, id).await.expect_err("not its own");
        assert_eq!(refusal, Refusal::NotFound { server: id });
    }
    assert_eq!(change(&manager, 1, Action::Delete, id).await, Err(Refusal::NoServer));
}

#[tokio::test(start_paused = true)]
async fn refusals_are_noted_for_readers_of_all_records() {
    let manager = virtually(&config(2, 2), &Tiny::always(DONE));
    let mut reader = manager.hub().subscribe();
    let nobody = ServerId::from_bits(7);
    change(&manager, 1, guichet_core::action::Action::Delete, nobody).await.expect_err("nobody");
    let records = reader.try_batch().records;
    let [LogEntry::Refused(refused)] = records.as_slice() else { panic!("{records:?}") };
    assert_eq!(
        (refused.project, refused.client, refused.server),
        (ProjectId(1), ClientId(1), Some(nobody))
    );
    assert_eq!(refused.kind.as_str(), "no_server");
    assert_eq!(refused.at, guichet_core::time::VIRTUAL_START);
}

/// What starting with this configuration comes to.
fn problem(change: impl FnOnce(&mut EngineConfig)) -> ConfigError {
    let mut config = config(2, 2);
    change(&mut config);
    match ServerManager::start(&config, Tiny::always(DONE), WorldClock::virtual_time()) {
        Err(StartError::Config(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_number_out_of_its_range_names_its_field() {
    let field = |change: fn(&mut EngineConfig)| match problem(change) {
        ConfigError::OutOfRange { field, value, min, max } => {
            assert!(!(min..=max).contains(&value), "{field}");
            field
        }
        other => panic!("{other}"),
    };
    assert_eq!(field(|c| c.workers = 0), "workers");
    assert_eq!(field(|c| c.workers = limits::WORKERS_MAX + 1), "workers");
    assert_eq!(field(|c| c.permits = Some(0)), "permits");
    assert_eq!(field(|c| c.host_permits = Some(0)), "host permits");
    assert_eq!(field(|c| c.project_permits = Some(limits::PERMITS_MAX + 1)), "project permits");
    assert_eq!(field(|c| c.queue = 0), "queue");
    assert_eq!(field(|c| c.queue = limits::QUEUE_MAX + 1), "queue");
    assert_eq!(field(|c| c.projects.clear()), "number of projects");
    assert_eq!(field(|c| c.servers_max = 0), "number of servers");
    assert_eq!(field(|c| c.servers_max = limits::SERVERS_MAX + 1), "number of servers");
    assert_eq!(field(|c| c.projects[1].weight = 0), "weight");
    assert_eq!(field(|c| c.projects[1].weight = limits::WEIGHT_MAX + 1), "weight");
    let text = problem(|c| c.workers = 0).to_string();
    assert_eq!(text, "workers is 0, expected 1 to 4096");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_work_together_is_said() {
    for model in [Model::Threads, Model::Pool] {
        let error = problem(|config| config.model = model);
        assert_eq!(error, ConfigError::ThreadsUnderVirtualTime(model));
        assert!(error.to_string().contains(model.as_str()), "{error}");
        let config = EngineConfig { model, ..config(2, 1) };
        assert_eq!(config.check(&WorldClock::real()), Ok(()));
    }
    assert_eq!(problem(|c| c.projects.swap(0, 1)), ConfigError::OutOfOrder("projects"));
    assert_eq!(problem(|c| c.hosts[2].id = HostId(7)), ConfigError::OutOfOrder("hosts"));
    assert_eq!(EngineConfig::default().check(&WorldClock::real()), Ok(()));
}

#[test]
fn the_bound_in_flight_is_the_documented_one() {
    let bound = |model, workers, permits| {
        EngineConfig { model, workers, permits, ..EngineConfig::default() }.in_flight_max()
    };
    assert_eq!(bound(Model::Sequential, 64, None), 1);
    assert_eq!(bound(Model::Threads, 64, None), limits::THREADS_MAX);
    assert_eq!(bound(Model::Threads, 64, Some(10)), 10);
    for model in [Model::Pool, Model::Async] {
        assert_eq!(bound(model, 64, None), 64);
        assert_eq!(bound(model, 64, Some(10)), 10);
        assert_eq!(bound(model, 64, Some(100)), 64);
    }
}

#[test]
fn a_catalogue_finds_by_name_and_by_id() {
    let mut catalogue = Catalogue::new();
    let small = catalogue.add_flavor("small", Size { vcpus: 1, ram_mib: 1 });
    let big = catalogue.add_flavor("big", Size { vcpus: 8, ram_mib: 8 });
    assert_eq!(catalogue.add_flavor("small", Size { vcpus: 9, ram_mib: 9 }), small);
    assert_eq!(catalogue.flavor_named("small"), Some((small, Size { vcpus: 1, ram_mib: 1 })));
    assert_eq!(catalogue.flavor(big).map(|flavor| &*flavor.name), Some("big"));
    assert_eq!((catalogue.flavors().len(), catalogue.flavor_named("none")), (2, None));
    let image = catalogue.add_image("debian");
    assert_eq!(
        (catalogue.add_image("debian"), catalogue.image_named("debian")),
        (image, Some(image))
    );
    assert_eq!(catalogue.image(image).map(|name| &**name), Some("debian"));
    assert_eq!(catalogue.image_named("none"), None);
}
