//! Hosts that die, windows, who a rule is about, and what a token and a list are told.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Service, path};

/// A service, a world of it, its id, and tokens of an administrator and of demo.
struct Steered {
    service: Service,
    made: Value,
    id: String,
    admin: String,
    demo: String,
}

impl Steered {
    async fn open() -> Self {
        let service = Service::open(2);
        let made = service.make(json!({ "profile": "instant" })).await;
        let id = made["world"]["id"].as_str().unwrap().to_owned();
        let admin = service.log_in_as(&path(&made), "admin").await;
        let demo = service.log_in(&path(&made)).await;
        Self { service, made, id, admin, demo }
    }

    async fn fault(&self, rule: Value) -> u64 {
        let path = format!("worlds/{}/faults", self.id);
        let made = self.service.steer(Method::POST, &path, None, Some(rule)).await;
        assert_eq!(made.code(), 201, "{made:?}");
        made.body["rules"][0].as_u64().unwrap()
    }

    async fn lift(&self, rule: u64) {
        let path = format!("worlds/{}/faults/{rule}", self.id);
        assert_eq!(self.service.steer(Method::DELETE, &path, None, None).await.code(), 204);
    }

    async fn ask(&self, method: Method, what: &str, body: Option<Value>) -> Answer {
        self.service.ask(method, &format!("{}/{what}", path(&self.made)), &self.admin, body).await
    }

    /// What an administrator is shown of a server at 2.16 or later, and of the services.
    async fn server(&self, id: &str) -> Value {
        let request = http::Request::builder()
            .uri(format!("{}/compute/v2.1/servers/{id}", path(&self.made)))
            .header("x-auth-token", &self.admin)
            .header("openstack-api-version", "compute 2.90");
        self.service.answer(request, None).await.body["server"].take()
    }

    async fn states(&self) -> Vec<(String, String)> {
        let list =
            self.ask(Method::GET, "compute/v2.1/os-services?binary=nova-compute", None).await;
        let rows = list.body["services"].as_array().unwrap();
        let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
        rows.iter().map(|row| (text(row, "host"), text(row, "state"))).collect()
    }

    async fn settle(&self) {
        let path = format!("worlds/{}/clock/advance", self.id);
        let idle = Some(json!({ "until_idle": true }));
        self.service.steer(Method::POST, &path, None, idle).await;
    }

    async fn reboot(&self, id: &str) -> u16 {
        let reboot = json!({ "reboot": { "type": "HARD" } });
        let path = format!("compute/v2.1/servers/{id}/action");
        self.ask(Method::POST, &path, Some(reboot)).await.code()
    }
}

#[tokio::test]
async fn a_host_that_dies_is_down_and_its_servers_wait_for_it() {
    let world = Steered::open().await;
    let id = world.service.create(&path(&world.made), &world.demo, "web").await;
    world.settle().await;
    let shown = world.server(&id).await;
    let host = shown["OS-EXT-SRV-ATTR:host"].as_str().unwrap().to_owned();
    assert_eq!((&shown["host_status"], &shown["status"]), (&json!("UP"), &json!("ACTIVE")));
    let rule = world.fault(json!({ "on": "host", "host": host, "do": "die" })).await;
    // As Nova has it: the service is down, and nobody says anything else of the server.
    assert!(world.states().await.contains(&(host.clone(), "down".to_owned())));
    let shown = world.server(&id).await;
    assert_eq!((&shown["host_status"], &shown["status"]), (&json!("UNKNOWN"), &json!("ACTIVE")));
    let list = world.ask(Method::GET, "compute/v2.1/os-hypervisors", None).await;
    let rows = list.body["hypervisors"].as_array().unwrap();
    let state = rows.iter().find(|row| row["hypervisor_hostname"] == *host).unwrap();
    assert_eq!(state["state"], "down");
    // What is asked of it waits, and is done once the host lives.
    assert_eq!(world.reboot(&id).await, 202);
    wait_for(async || world.server(&id).await["OS-EXT-STS:task_state"] == "rebooting_hard").await;
    world.lift(rule).await;
    wait_for(async || world.server(&id).await["OS-EXT-STS:task_state"] == Value::Null).await;
    assert_eq!(world.server(&id).await["host_status"], "UP");
    assert!(world.states().await.iter().all(|(_, state)| state == "up"));
}

#[tokio::test]
async fn a_dead_host_takes_no_servers_and_a_delete_does_without_it() {
    let world = Steered::open().await;
    let id = world.service.create(&path(&world.made), &world.demo, "web").await;
    world.settle().await;
    let rule = world.fault(json!({ "on": "host", "host": "*", "do": "die" })).await;
    let none = world.service.create(&path(&world.made), &world.demo, "none").await;
    world.settle().await;
    assert_eq!(world.server(&none).await["status"], "ERROR");
    let url = format!("compute/v2.1/servers/{id}");
    assert_eq!(world.ask(Method::DELETE, &url, None).await.code(), 204);
    wait_for(async || world.ask(Method::GET, &url, None).await.code() == 404).await;
    world.lift(rule).await;
    let good = world.service.create(&path(&world.made), &world.demo, "good").await;
    world.settle().await;
    assert_eq!(world.server(&good).await["status"], "ACTIVE");
}

#[tokio::test]
async fn servers_of_a_dead_host_are_in_error_if_the_rule_says_so() {
    let world = Steered::open().await;
    let id = world.service.create(&path(&world.made), &world.demo, "web").await;
    world.settle().await;
    world.fault(json!({ "scenario": "host-dies", "host": "*", "servers": "error" })).await;
    wait_for(async || world.server(&id).await["status"] == "ERROR").await;
    let path = format!("worlds/{}/faults", world.id);
    let rules = world.service.steer(Method::GET, &path, None, None).await.body;
    let rule = &rules["faults"][0];
    assert_eq!((&rule["struck"], &rule["latest"]), (&json!(1), &json!([id])));
}

#[tokio::test]
async fn a_server_is_evacuated_from_a_dead_host_and_from_no_other() {
    let world = Steered::open().await;
    let id = world.service.create(&path(&world.made), &world.demo, "web").await;
    world.settle().await;
    let host = world.server(&id).await["OS-EXT-SRV-ATTR:host"].clone();
    let action = format!("compute/v2.1/servers/{id}/action");
    let evacuate = || {
        world.ask(Method::POST, &action, Some(json!({ "evacuate": { "onSharedStorage": false } })))
    };
    assert_eq!(evacuate().await.code(), 400);
    world.fault(json!({ "on": "host", "host": host, "do": "die" })).await;
    assert_eq!(evacuate().await.code(), 202);
    wait_for(async || world.server(&id).await["OS-EXT-STS:task_state"] == Value::Null).await;
    let shown = world.server(&id).await;
    assert_eq!((&shown["status"], &shown["host_status"]), (&json!("ACTIVE"), &json!("UP")));
    assert_ne!(shown["OS-EXT-SRV-ATTR:host"], host);
}

#[tokio::test]
async fn an_operation_that_waits_for_a_dead_host_ends_by_its_deadline() {
    let world = Steered::open().await;
    let id = world.service.create(&path(&world.made), &world.demo, "web").await;
    world.settle().await;
    world.fault(json!({ "on": "host", "host": "*", "do": "die" })).await;
    assert_eq!(world.reboot(&id).await, 202);
    world.settle().await;
    let operations = format!("worlds/{}/operations?action=reboot_hard", world.id);
    let found = world.service.steer(Method::GET, &operations, None, None).await.body;
    let row = &found["operations"][0];
    assert_eq!((&row["state"], &row["failure"]), (&json!("failed"), &json!("deadline")), "{row}");
}

#[tokio::test]
async fn what_needs_a_dead_host_to_let_go_is_refused() {
    let world = Steered::open().await;
    let id = world.service.create(&path(&world.made), &world.demo, "web").await;
    world.settle().await;
    let action = format!("compute/v2.1/servers/{id}/action");
    let ask = |what: Value| world.ask(Method::POST, &action, Some(what));
    let rule = world.fault(json!({ "on": "host", "host": "*", "do": "die" })).await;
    for what in [json!({ "resize": { "flavorRef": "2" } }), json!({ "migrate": null })] {
        let refused = ask(what.clone()).await;
        assert_eq!(refused.code(), 409, "{what}: {refused:?}");
        let said = &refused.body["conflictingRequest"]["message"];
        assert_eq!(said, "Service is unavailable at this time.", "{what}");
    }
    // Nothing was changed, and what was asked in the wrong state has that reason.
    assert_eq!(world.server(&id).await["OS-EXT-STS:task_state"], Value::Null);
    assert_eq!(ask(json!({ "os-stop": null })).await.code(), 202);
    let refused = ask(json!({ "migrate": null })).await;
    let said = refused.body["conflictingRequest"]["message"].as_str().unwrap();
    assert!(said.contains("task_state powering-off"), "{said}");
    world.lift(rule).await;
    wait_for(async || world.server(&id).await["status"] == "SHUTOFF").await;
    assert_eq!(ask(json!({ "migrate": null })).await.code(), 202);
}

#[tokio::test]
async fn a_live_migration_from_a_dead_host_fails_and_the_server_stays() {
    let world = Steered::open().await;
    let id = world.service.create(&path(&world.made), &world.demo, "web").await;
    world.settle().await;
    let host = world.server(&id).await["OS-EXT-SRV-ATTR:host"].clone();
    world.fault(json!({ "on": "host", "host": host, "do": "die" })).await;
    let live = json!({ "os-migrateLive": { "host": null, "block_migration": false, "disk_over_commit": false } });
    let action = format!("compute/v2.1/servers/{id}/action");
    assert_eq!(world.ask(Method::POST, &action, Some(live)).await.code(), 202);
    wait_for(async || world.server(&id).await["OS-EXT-STS:task_state"] == Value::Null).await;
    let shown = world.server(&id).await;
    assert_eq!((&shown["status"], &shown["OS-EXT-SRV-ATTR:host"]), (&json!("ACTIVE"), &host));
}

#[tokio::test]
async fn a_host_dies_at_a_moment_and_comes_back() {
    let world = Steered::open().await;
    let clock = format!("worlds/{}/clock", world.id);
    world.service.steer(Method::PUT, &clock, None, Some(json!({ "speed": 0 }))).await;
    let advance = async |by_s: u32| {
        let path = format!("{clock}/advance");
        let by = Some(json!({ "by_s": by_s }));
        assert_eq!(world.service.steer(Method::POST, &path, None, by).await.code(), 200);
    };
    let id = world.service.create(&path(&world.made), &world.demo, "web").await;
    world.settle().await;
    world
        .fault(json!({ "scenario": "host-dies", "host": "*", "from_s": 60, "until_s": 120 }))
        .await;
    let shown = async || world.service.steer(Method::GET, &clock, None, None).await.body;
    wait_for(async || shown().await["clock"]["next"].is_string()).await;
    assert_eq!(world.server(&id).await["host_status"], "UP");
    advance(59).await;
    assert_eq!(world.server(&id).await["host_status"], "UP");
    advance(1).await;
    assert_eq!(world.server(&id).await["host_status"], "UNKNOWN");
    // No server is placed on it, and what is asked of those it has waits for it.
    let none = world.service.create(&path(&world.made), &world.demo, "none").await;
    wait_for(async || world.server(&none).await["status"] == "ERROR").await;
    assert_eq!(world.reboot(&id).await, 202);
    advance(30).await;
    assert_eq!(world.server(&id).await["OS-EXT-STS:task_state"], "rebooting_hard");
    advance(30).await;
    assert_eq!(world.server(&id).await["host_status"], "UP");
    wait_for(async || world.server(&id).await["OS-EXT-STS:task_state"] == Value::Null).await;
    let good = world.service.create(&path(&world.made), &world.demo, "good").await;
    world.settle().await;
    assert_eq!(world.server(&good).await["status"], "ACTIVE");
}

#[tokio::test]
async fn servers_are_lost_when_the_window_of_their_host_opens() {
    let world = Steered::open().await;
    let clock = format!("worlds/{}/clock", world.id);
    world.service.steer(Method::PUT, &clock, None, Some(json!({ "speed": 0 }))).await;
    let id = world.service.create(&path(&world.made), &world.demo, "web").await;
    world.settle().await;
    let dies = json!({
        "on": "host", "host": "*", "do": "die", "servers": "error", "from_s": 10, "until_s": 20,
    });
    world.fault(dies).await;
    assert_eq!(world.server(&id).await["status"], "ACTIVE");
    // Both of its ends in one go.
    let by = Some(json!({ "by_s": 60 }));
    world.service.steer(Method::POST, &format!("{clock}/advance"), None, by).await;
    wait_for(async || world.server(&id).await["status"] == "ERROR").await;
    assert_eq!(world.server(&id).await["host_status"], "UP");
    let path = format!("worlds/{}/faults", world.id);
    let rules = world.service.steer(Method::GET, &path, None, None).await.body;
    assert_eq!(rules["faults"][0]["struck"], 1, "{rules}");
}

/// Waits until something is so.
async fn wait_for(is_so: impl AsyncFn() -> bool) {
    let waiting = async {
        while !is_so().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waiting).await.expect("it becomes so");
}

#[tokio::test]
async fn a_rule_holds_in_its_window_of_the_worlds_time() {
    let world = Steered::open().await;
    let freeze = Some(json!({ "speed": 0 }));
    let clock = format!("worlds/{}/clock", world.id);
    world.service.steer(Method::PUT, &clock, None, freeze).await;
    world
        .fault(json!({
            "on": "request", "service": "compute", "from_s": 60, "until_s": 120, "nth": 1,
            "do": "answer", "status": 503,
        }))
        .await;
    let mut codes = Vec::new();
    for by_s in [59, 1, 30, 30] {
        let advance = format!("{clock}/advance");
        let by = Some(json!({ "by_s": by_s }));
        assert_eq!(world.service.steer(Method::POST, &advance, None, by).await.code(), 200);
        codes.push(world.ask(Method::GET, "compute/v2.1/flavors", None).await.code());
    }
    // The first in the window is the first that counts.
    assert_eq!(codes, [200, 503, 200, 200]);
    // It is shown as the instants that it came to, and scenarios have windows too.
    let faults = format!("worlds/{}/faults", world.id);
    let shown = world.service.steer(Method::GET, &faults, None, None).await.body;
    let says = &shown["faults"][0]["says"];
    assert!(says["from"].as_str().unwrap() < says["until"].as_str().unwrap(), "{says}");
    world.fault(json!({ "scenario": "outage", "from_s": 1 })).await;
    assert_eq!(world.ask(Method::GET, "compute/v2.1/flavors", None).await.code(), 200);
}

#[tokio::test]
async fn a_rule_is_about_a_service_and_a_project() {
    let world = Steered::open().await;
    let answer = |mut rule: Value| {
        let more = json!({ "on": "request", "do": "answer", "status": 503 });
        rule.as_object_mut().unwrap().append(&mut more.as_object().unwrap().clone());
        rule
    };
    let image = world.fault(answer(json!({ "service": "image" }))).await;
    assert_eq!(world.ask(Method::GET, "image/v2/images", None).await.code(), 503);
    assert_eq!(world.ask(Method::GET, "compute/v2.1/flavors", None).await.code(), 200);
    world.lift(image).await;
    world.fault(answer(json!({ "project": "demo" }))).await;
    let flavors = format!("{}/compute/v2.1/flavors", path(&world.made));
    let of_demo = world.service.ask(Method::GET, &flavors, &world.demo, None).await;
    assert_eq!(of_demo.code(), 503);
    assert_eq!(world.ask(Method::GET, "compute/v2.1/flavors", None).await.code(), 200);
    // Made by hand, these requests come from no address.
    world.fault(answer(json!({ "client": "10.*" }))).await;
    assert_eq!(world.ask(Method::GET, "compute/v2.1/flavors", None).await.code(), 200);
}

#[tokio::test]
async fn a_token_expires_early() {
    let world = Steered::open().await;
    let rule = json!({ "on": "request", "path": "*/flavors", "nth": 2, "do": "expire_token" });
    world.fault(rule).await;
    let flavors = || world.ask(Method::GET, "compute/v2.1/flavors", None);
    assert_eq!(flavors().await.code(), 200);
    assert_eq!(flavors().await.code(), 401);
    // It stays so, until somebody logs in again.
    assert_eq!(flavors().await.code(), 401);
    let again = world.service.log_in_as(&path(&world.made), "admin").await;
    let url = format!("{}/compute/v2.1/flavors", path(&world.made));
    assert_eq!(world.service.ask(Method::GET, &url, &again, None).await.code(), 200);
}

#[tokio::test]
async fn a_list_lacks_one() {
    let world = Steered::open().await;
    for name in ["one", "two", "three"] {
        world.service.create(&path(&world.made), &world.demo, name).await;
    }
    let names = async || world.service.names(&path(&world.made), &world.demo).await;
    let rule = json!({
        "on": "request", "path": "*/servers", "method": "GET", "do": "lack_one", "lacks": "tw*",
        "times": 1,
    });
    world.fault(rule).await;
    assert_eq!(names().await, ["three", "one"]);
    assert_eq!(names().await, ["three", "two", "one"]);
}

#[tokio::test]
async fn tokens_and_rates_go_by_the_worlds_time_if_they_are_told_to() {
    let world = Steered::open().await;
    let clock = format!("worlds/{}/clock", world.id);
    let shown = world.service.steer(Method::GET, &clock, None, None).await.body;
    assert_eq!(shown["clock"]["tokens"], "real");
    let day = || Some(json!({ "by_s": 172_800 }));
    let advance = format!("{clock}/advance");
    world.service.steer(Method::POST, &advance, None, day()).await;
    assert_eq!(world.ask(Method::GET, "compute/v2.1/flavors", None).await.code(), 200);
    let by_world = Some(json!({ "tokens": "world" }));
    let set = world.service.steer(Method::PUT, &clock, None, by_world).await;
    assert_eq!((set.code(), &set.body["clock"]["tokens"]), (200, &json!("world")));
    // It was given two days ago.
    assert_eq!(world.ask(Method::GET, "compute/v2.1/flavors", None).await.code(), 401);
    let token = world.service.log_in_as(&path(&world.made), "admin").await;
    let flavors = format!("{}/compute/v2.1/flavors", path(&world.made));
    let ask = || world.service.ask(Method::GET, &flavors, &token, None);
    assert_eq!(ask().await.code(), 200);
    world.service.steer(Method::POST, &advance, None, day()).await;
    assert_eq!(ask().await.code(), 401);
    // A reset world goes on so.
    world.service.steer(Method::POST, &format!("worlds/{}/reset", world.id), None, None).await;
    let shown = world.service.steer(Method::GET, &clock, None, None).await.body;
    assert_eq!(shown["clock"]["tokens"], "world");
    for wrong in [json!({}), json!({ "tokens": "both" })] {
        let refused = world.service.steer(Method::PUT, &clock, None, Some(wrong)).await;
        assert_eq!(refused.code(), 400);
    }
}
