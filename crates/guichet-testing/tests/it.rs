//! A world as a test uses it: over its socket, by a client that blocks.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use guichet_clock::Stopwatch;
use guichet_testing::{Fault, StartError, World, WorldError};
use serde_json::{Value, json};
use ureq::http::Response;
use ureq::{Agent, Body};

/// A client that has logged in.
struct Client {
    agent: Agent,
    compute: String,
    token: String,
    flavor: String,
    image: String,
}

impl Client {
    fn of(world: &World) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).proxy(None);
        let agent = Agent::new_with_config(config.build());
        let variables = world.environment();
        let variable = |name| &*variables.iter().find(|(known, _)| *known == name).unwrap().1;
        let domain = json!({"id": "default"});
        let user = json!({"name": variable("OS_USERNAME"), "domain": domain, "password": variable("OS_PASSWORD")});
        let project = json!({"name": variable("OS_PROJECT_NAME"), "domain": domain});
        let login = json!({"auth": {
            "identity": {"methods": ["password"], "password": {"user": user}},
            "scope": {"project": project},
        }});
        let answer =
            agent.post(format!("{}/v3/auth/tokens", world.auth_url())).send_json(login).unwrap();
        assert_eq!(answer.status(), 201);
        let token = answer.headers()["x-subject-token"].to_str().unwrap().to_owned();
        let compute = format!("{}/compute/v2.1", world.url());
        let mut client =
            Self { agent, compute, token, flavor: String::new(), image: String::new() };
        let flavors = client.get("/flavors");
        client.flavor = flavors["flavors"][0]["id"].as_str().unwrap().to_owned();
        let images = format!("{}/image/v2/images", world.url());
        let images = client.agent.get(images).header("x-auth-token", &client.token).call();
        let images: Value = images.unwrap().body_mut().read_json().unwrap();
        client.image = images["images"][0]["id"].as_str().unwrap().to_owned();
        client
    }

    fn get(&self, path: &str) -> Value {
        let asked = self.agent.get(format!("{}{path}", self.compute));
        let mut answer = asked.header("x-auth-token", &self.token).call().unwrap();
        answer.body_mut().read_json().unwrap()
    }

    fn try_create(&self, name: &str) -> Result<Response<Body>, ureq::Error> {
        let server = json!({
            "name": name, "flavorRef": self.flavor, "imageRef": self.image,
        });
        let asked = self.agent.post(format!("{}/servers", self.compute));
        asked.header("x-auth-token", &self.token).send_json(json!({"server": server}))
    }

    /// The id of a new server.
    fn create(&self, name: &str) -> String {
        let mut answer = self.try_create(name).unwrap();
        assert_eq!(answer.status(), 202);
        let made: Value = answer.body_mut().read_json().unwrap();
        made["server"]["id"].as_str().unwrap().to_owned()
    }

    fn status(&self, id: &str) -> String {
        self.get(&format!("/servers/{id}"))["server"]["status"].as_str().unwrap().to_owned()
    }

    fn names(&self) -> Vec<String> {
        let servers = self.get("/servers");
        let servers = servers["servers"].as_array().unwrap();
        servers.iter().map(|server| server["name"].as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn two_worlds_have_nothing_of_each_other_and_a_client_may_block() {
    let (first, second) = (World::start().await.unwrap(), World::start().await.unwrap());
    let (ours, theirs) = (Client::of(&first), Client::of(&second));
    ours.create("web");
    assert_eq!(ours.names(), ["web"]);
    assert!(theirs.names().is_empty());
    assert_ne!(first.url(), second.url());
    assert!(first.clouds_yaml().contains(&first.auth_url()));
    assert_eq!(first.requests_to("POST", "/compute/v2.1/servers").len(), 1);
    assert_eq!(first.requests_to("GET", "/compute/*").len(), 2);
    first.reset().await.unwrap();
    assert!(first.requests().is_empty());
    assert!(Client::of(&first).names().is_empty());
    let url = first.url().to_owned();
    first.stop().await;
    assert!(ureq::get(url).call().is_err(), "nobody listens there any more");
}

#[tokio::test]
async fn its_time_is_the_tests() {
    let world = World::builder().profile("realistic").seed(1).speed(0.0).start().await.unwrap();
    let client = Client::of(&world);
    let id = client.create("web");
    let before = world.clock().now();
    assert_eq!((client.status(&id), world.clock().operations()), ("BUILD".to_owned(), 1));
    assert!(world.clock().advance_until_idle().await.unwrap().is_reached);
    assert_eq!((client.status(&id), world.clock().operations()), ("ACTIVE".to_owned(), 0));
    assert!(world.clock().now() > before);
    let now = world.clock().now();
    world.clock().advance(Duration::from_secs(3_600)).await.unwrap();
    assert_eq!(world.clock().now(), now + Duration::from_secs(3_600));
    assert!(world.clock().run(-1.0).is_err());
    world.clock().jump().unwrap();
    let id = client.create("at-once");
    assert_eq!(client.status(&id), "ACTIVE");
    world.clock().freeze().unwrap();
    let id = client.create("waits");
    assert_eq!(client.status(&id), "BUILD");
}

#[tokio::test]
async fn it_is_again_as_it_was() {
    let world = World::start().await.unwrap();
    let client = Client::of(&world);
    client.create("web");
    world.clock().advance_until_idle().await.unwrap();
    world.snapshot("base").await.unwrap();
    client.create("more");
    world.restore("base").await.unwrap();
    assert_eq!(client.names(), ["web"], "its token is good as before");
    let document = world.export("base").await.unwrap();
    let other = World::start().await.unwrap();
    other.import("base", document).await.unwrap();
    other.restore("base").await.unwrap();
    assert_eq!(Client::of(&other).names(), ["web"]);
    assert!(matches!(world.restore("none").await, Err(WorldError::NoSnapshot { .. })));
    assert!(other.import("wrong", b"{}".to_vec()).await.is_err());
}

#[test]
fn what_goes_wrong_is_the_tests_too() {
    let world = World::start_blocking().unwrap();
    let client = Client::of(&world);
    let creates = || Fault::requests("POST", "/compute/v2.1/servers");
    let third = creates().nth(3).answer(503, "out of order").retry_after(Duration::from_secs(7));
    let third = world.wait(world.faults().add(third)).unwrap();
    client.create("one");
    client.create("two");
    let refused = client.try_create("three").unwrap();
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()["retry-after"]),
        (503, &"7".parse().unwrap())
    );
    client.create("four");
    let struck = world.faults().struck(third).unwrap();
    assert_eq!((struck.seen, struck.struck, struck.latest.len()), (4, 1, 1));
    assert!(world.faults().remove(third) && !world.faults().remove(third));

    // Done, and never answered.
    world.wait(world.faults().add(creates().times(1).close().after_the_effect())).unwrap();
    client.try_create("five").unwrap_err();
    assert_eq!(client.names().len(), 4);
    world.faults().clear();

    let bad = Fault::operations("create").of_server("bad-*").error("no disk");
    world.wait(world.faults().add(bad)).unwrap();
    let id = client.create("bad-1");
    let watch = Stopwatch::start();
    while client.status(&id) != "ERROR" {
        assert!(watch.elapsed() < Duration::from_secs(20), "it ends in ERROR");
    }
    let wrong = [
        creates().answer(99, "no status"),
        creates().delay(Duration::from_secs(3_600)),
        Fault::operations("reboots").stuck(),
    ];
    for fault in wrong {
        assert!(world.wait(world.faults().add(fault.clone())).is_err(), "{fault:?}");
    }
    world.wait(world.faults().add(Fault::host_dies("*"))).unwrap();
    let id = client.create("waits");
    assert_eq!(client.status(&id), "ERROR", "no host is left");
    let never = creates().nth(0).close();
    assert!(world.wait(world.faults().add(never)).is_err(), "nothing is the 0th");
}

#[test]
fn what_cannot_be_started_says_why() {
    let profile = World::builder().profile("no-such").start_blocking().unwrap_err();
    assert!(profile.to_string().starts_with("profile: found \"no-such\""), "{profile}");
    let config = World::builder().config("flavours = 1").start_blocking().unwrap_err();
    assert!(matches!(config, StartError::Config(_)), "{config}");
    let speed = World::builder().speed(f64::NAN).start_blocking().unwrap_err();
    assert!(matches!(speed, StartError::World(_)), "{speed}");
}
