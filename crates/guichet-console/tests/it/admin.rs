//! What administrators do: hosts, faults, the clock, worlds.

use guichet_cloud::accounts::{Caller, Role};
use guichet_core::action::Action;
use guichet_core::ids::ServerId;

use crate::support::Service;

#[tokio::test]
async fn a_host_takes_no_servers_for_a_reason_until_it_does_again() {
    let service = Service::open("instant");
    let mut admin = service.signed_in("admin").await;
    let csrf = admin.csrf().await;
    let set =
        [("csrf", &*csrf), ("host", "host-0001"), ("do", "disable"), ("reason", "new <disk>")];
    let answer = admin.post("/console/hosts", &set).await;
    assert_eq!((answer.code(), answer.location()), (303, "/console/hosts?said=host"));
    let page = admin.get("/console/hosts?name=host-0001").await;
    assert!(page.body.contains("takes none") && page.body.contains("new &#60;disk&#62;"));
    let set = [("csrf", &*csrf), ("host", "host-0001"), ("do", "enable")];
    assert_eq!(admin.post("/console/hosts", &set).await.code(), 303);
    assert!(!admin.get("/console/hosts").await.body.contains("takes none"));
    let set = [("csrf", &*csrf), ("host", "host-9"), ("do", "down")];
    assert_eq!(admin.post("/console/hosts", &set).await.code(), 404);
}

#[tokio::test]
async fn a_rule_strikes_until_it_is_removed() {
    let service = Service::open("instant");
    let mut admin = service.signed_in("admin").await;
    let csrf = admin.csrf().await;
    let rule = [
        ("csrf", &*csrf),
        ("do", "operation-error"),
        ("action", "create"),
        ("server", "bad-*"),
        ("message", "The disk is on fire."),
    ];
    assert_eq!(admin.post("/console/faults", &rule).await.code(), 303);
    let page = admin.get("/console/faults").await;
    assert!(page.body.contains("action create, server bad-*"), "{}", page.body);
    let server = admin.made("bad-1").await;
    let page = admin.wait_for(&server, "ERROR").await;
    assert!(page.body.contains("The disk is on fire."));
    let gone = [("csrf", &*csrf), ("remove", "1")];
    assert_eq!(admin.post("/console/faults", &gone).await.code(), 303);
    assert_eq!(admin.post("/console/faults", &gone).await.code(), 404);
    let wrong = [("csrf", &*csrf), ("do", "request-delay"), ("delay", "soon"), ("path", "/mine")];
    let refused = admin.post("/console/faults", &wrong).await;
    assert_eq!(refused.code(), 400);
    assert!(refused.body.contains("value=\"/mine\""), "what was typed stays");
}

#[tokio::test]
async fn time_stops_and_is_moved_on() {
    let service = Service::open("realistic");
    let mut admin = service.signed_in("admin").await;
    let csrf = admin.csrf().await;
    let freeze = [("csrf", &*csrf), ("do", "freeze")];
    assert_eq!(admin.post("/console/clock", &freeze).await.code(), 303);
    assert!(admin.get("/console/clock").await.body.contains("stopped"));
    let server = admin.made("web").await;
    let idle = [("csrf", &*csrf), ("do", "idle")];
    let moved = admin.post("/console/clock", &idle).await;
    assert_eq!(moved.location(), "/console/clock?world=root&said=clock");
    assert!(admin.get(&server).await.body.contains("ACTIVE"));
    for (deed, name, value) in
        [("speed", "speed", "fast"), ("speed", "speed", "-1"), ("advance", "seconds", "x")]
    {
        let wrong = [("csrf", &*csrf), ("do", deed), (name, value)];
        assert_eq!(admin.post("/console/clock", &wrong).await.code(), 400, "{deed} {value}");
    }
}

#[tokio::test]
async fn a_world_is_opened_and_ended() {
    let service = Service::open("instant");
    let mut admin = service.signed_in("admin").await;
    let csrf = admin.csrf().await;
    let new = [("csrf", &*csrf), ("profile", "fast"), ("idle", "5"), ("seed", "7")];
    let made = admin.post("/console/worlds", &new).await;
    assert_eq!(made.code(), 200, "{}", made.body);
    assert!(made.body.contains("clouds:") && made.body.contains("now and never again"));
    let id = service.worlds.all()[1].id().to_string();
    let listed = admin.get("/console/worlds").await;
    assert!(listed.body.contains(&id) && !listed.body.contains("clouds:"));
    assert_eq!(admin.get(&format!("/console/clock?world={id}")).await.code(), 200);
    let wrong = [("csrf", &*csrf), ("seed", "x")];
    assert_eq!(admin.post("/console/worlds", &wrong).await.code(), 400);
    let end = [("csrf", &*csrf), ("end", &*id)];
    assert_eq!(admin.post("/console/worlds", &end).await.code(), 303);
    assert_eq!(admin.post("/console/worlds", &end).await.code(), 404);
    let first = [("csrf", &*csrf), ("end", "root")];
    assert_eq!(admin.post("/console/worlds", &first).await.code(), 409);
    assert_eq!(admin.get(&format!("/console/clock?world={id}")).await.code(), 404);
}

#[tokio::test]
async fn a_host_is_emptied_and_the_page_says_how_far_that_is() {
    let service = Service::open("instant");
    let mut admin = service.signed_in("admin").await;
    let csrf = admin.csrf().await;
    let cloud = service.worlds.first().cloud();
    let (moved, stays) = (admin.made("moved").await, admin.made("stays").await);
    for server in [&moved, &stays] {
        admin.wait_for(server, "ACTIVE").await;
    }
    let of = |page: &str| {
        let id = page.rsplit('/').next().unwrap().parse().unwrap();
        cloud.manager().any_server(ServerId(id)).unwrap()
    };
    let name_of = |server: &str| {
        let host = cloud.catalogue().host(of(server).host.unwrap()).unwrap();
        host.name.to_string()
    };
    // Nothing moves a server that is suspended.
    let (request, project) = (cloud.new_request(), of(&stays).project);
    let caller = Caller { request, user: 0, project, role: Role::Admin };
    cloud.servers().act(&caller, &of(&stays), Action::Suspend).await.unwrap();
    admin.wait_for(&stays, "SUSPENDED").await;
    for host in [name_of(&moved), name_of(&stays)] {
        let set = [("csrf", &*csrf), ("host", &*host), ("do", "drain"), ("reason", "new fans")];
        let answer = admin.post("/console/hosts", &set).await;
        assert_eq!((answer.code(), answer.location()), (303, "/console/hosts?said=host"));
    }
    let host = name_of(&stays);
    let path = format!("/console/hosts?name={host}");
    let page = admin.wait_for(&path, "1 left, of which 0 are being moved").await;
    for part in ["being emptied", "new fans", "One cannot be moved", ">stays<", "SUSPENDED"] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    assert!(!page.body.contains(">moved<"));
    let stay = [("csrf", &*csrf), ("host", &*host), ("do", "stay")];
    assert_eq!(admin.post("/console/hosts", &stay).await.code(), 303);
    let page = admin.get(&path).await;
    assert!(page.body.contains("takes none") && !page.body.contains("being emptied"));
    assert!(page.body.contains("new fans"), "the reason stays");
}
