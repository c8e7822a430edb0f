//! Flavors by version, their lists, who sees which.

use guichet_cloud::catalogue::Viewer;
use guichet_http::links::Base;
use guichet_openstack::compute::flavors::FlavorOfServer;
use guichet_openstack::http::version::Version;
use serde_json::{Value, json};

use crate::support::{Bench, Who, column};

const FLAVORS: &str = "/compute/v2.1/flavors";

fn links(id: &str) -> Value {
    json!([
        { "rel": "self", "href": format!("http://cloud/compute/v2.1/flavors/{id}") },
        { "rel": "bookmark", "href": format!("http://cloud/compute/flavors/{id}") },
    ])
}

/// The names that a list shows.
async fn names(bench: &Bench, who: Who, query: &str) -> Vec<String> {
    let body = bench.body(who, 96, &format!("{FLAVORS}?{query}")).await;
    column(&body["flavors"], "name")
}

#[tokio::test]
async fn a_flavor_shows_what_its_version_has() {
    let bench = Bench::new();
    let mut expected = json!({
        "id": "1", "name": "m1.tiny", "ram": 512, "vcpus": 1, "disk": 1, "swap": "",
        "OS-FLV-EXT-DATA:ephemeral": 0, "OS-FLV-DISABLED:disabled": false,
        "os-flavor-access:is_public": true, "rxtx_factor": 1.0, "links": links("1"),
    });
    for minor in [1, 36, 47, 54] {
        let body = bench.body(Who::Member, minor, &format!("{FLAVORS}/1")).await;
        assert_eq!(body, json!({ "flavor": expected }), "2.{minor}");
    }
    expected["description"] = Value::Null;
    for minor in [55, 60] {
        let body = bench.body(Who::Member, minor, &format!("{FLAVORS}/1")).await;
        assert_eq!(body, json!({ "flavor": expected }), "2.{minor}");
    }
    expected["extra_specs"] = json!({});
    for minor in [61, 74] {
        let body = bench.body(Who::Member, minor, &format!("{FLAVORS}/1")).await;
        assert_eq!(body, json!({ "flavor": expected }), "2.{minor}");
    }
    expected["swap"] = json!(0);
    for minor in [75, 88, 96] {
        let body = bench.body(Who::Member, minor, &format!("{FLAVORS}/1")).await;
        assert_eq!(body, json!({ "flavor": expected }), "2.{minor}");
    }
}

#[tokio::test]
async fn the_lists_show_what_their_version_has() {
    let bench = Bench::new();
    let row = json!({ "id": "1", "name": "m1.tiny", "links": links("1") });
    let body = bench.body(Who::Member, 54, FLAVORS).await;
    assert_eq!(body["flavors"][0], row);
    let body = bench.body(Who::Member, 55, FLAVORS).await;
    assert_eq!(body["flavors"][1]["description"], "Eight gigabytes");
    assert!(body["flavors"][1].get("extra_specs").is_none(), "not in the brief list");
    let body = bench.body(Who::Member, 61, &format!("{FLAVORS}/detail")).await;
    assert_eq!(body["flavors"][1]["extra_specs"], json!({ "hw:cpu_policy": "dedicated" }));
    assert_eq!(body["flavors"][1]["swap"], 512);
    let one = bench.body(Who::Member, 61, &format!("{FLAVORS}/2")).await;
    assert_eq!(body["flavors"][1], one["flavor"]);
}

#[tokio::test]
async fn a_flavors_name_is_not_its_id() {
    let bench = Bench::new();
    for name in ["m1.tiny", "nothing", "%20", "%FF", "1%2F2"] {
        let answer = bench.get(Who::Member, 61, &format!("{FLAVORS}/{name}")).await;
        assert_eq!(answer.status, 404, "{name}");
    }
    let answer = bench.get(Who::Member, 61, &format!("{FLAVORS}/m1.tiny")).await;
    assert_eq!(answer.message(), "Flavor m1.tiny could not be found.");
}

#[tokio::test]
async fn private_flavors_are_for_administrators() {
    let bench = Bench::new();
    let public = ["m1.tiny", "b3-8"];
    for query in ["", "is_public=None", "is_public=False", "is_public=nonsense"] {
        assert_eq!(names(&bench, Who::Member, query).await, public, "{query}");
    }
    assert_eq!(names(&bench, Who::Admin, "").await, public);
    assert_eq!(names(&bench, Who::Admin, "is_public=None").await, ["m1.tiny", "b3-8", "secret"]);
    assert_eq!(names(&bench, Who::Admin, "is_public=False").await, ["secret"]);
    let odd = bench.status(Who::Admin, 1, &format!("{FLAVORS}?is_public=nonsense")).await;
    assert_eq!(odd, 400);
    assert_eq!(bench.status(Who::Member, 1, &format!("{FLAVORS}/3")).await, 404);
    assert_eq!(bench.status(Who::Admin, 1, &format!("{FLAVORS}/3")).await, 200);
}

#[tokio::test]
async fn flavors_are_filtered_sorted_and_paged() {
    let bench = Bench::new();
    assert_eq!(names(&bench, Who::Member, "minRam=1024").await, ["b3-8"]);
    assert_eq!(names(&bench, Who::Member, "minDisk=51").await, Vec::<String>::new());
    assert_eq!(names(&bench, Who::Member, "sort_key=name").await, ["b3-8", "m1.tiny"]);
    assert_eq!(names(&bench, Who::Member, "sort_dir=desc").await, ["b3-8", "m1.tiny"]);
    assert_eq!(names(&bench, Who::Member, "marker=1").await, ["b3-8"]);
    for wrong in
        ["minRam=x", "minDisk=", "sort_key=color", "sort_dir=up", "limit=-1", "marker=m1.tiny"]
    {
        let path = format!("{FLAVORS}/detail?{wrong}");
        assert_eq!(bench.status(Who::Member, 1, &path).await, 400, "{wrong}");
    }
    let body = bench.body(Who::Member, 61, &format!("{FLAVORS}/detail?minRam=1&limit=1")).await;
    assert_eq!(body["flavors"][0]["name"], "m1.tiny");
    let href = "http://cloud/compute/v2.1/flavors/detail?minRam=1&limit=1&marker=1";
    assert_eq!(body["flavors_links"], json!([{ "rel": "next", "href": href }]));
    let next = bench.body(Who::Member, 61, href.strip_prefix("http://cloud").unwrap()).await;
    assert_eq!(next["flavors"][0]["name"], "b3-8");
    let last = bench.body(Who::Member, 61, &format!("{FLAVORS}?limit=1&marker=2")).await;
    assert_eq!(last, json!({ "flavors": [] }));
}

#[tokio::test]
async fn unknown_parameters_are_refused_from_2_75_on() {
    let bench = Bench::new();
    for path in ["flavors", "flavors/detail"] {
        let path = format!("/compute/v2.1/{path}?color=red");
        assert_eq!(bench.status(Who::Member, 74, &path).await, 200);
        assert_eq!(bench.status(Who::Member, 75, &path).await, 400);
    }
}

#[tokio::test]
async fn extra_specs_are_read_one_by_one() {
    let bench = Bench::new();
    let specs = format!("{FLAVORS}/2/os-extra_specs");
    let all = json!({ "extra_specs": { "hw:cpu_policy": "dedicated" } });
    assert_eq!(bench.body(Who::Member, 1, &specs).await, all);
    let one = bench.body(Who::Member, 1, &format!("{specs}/hw:cpu_policy")).await;
    assert_eq!(one, json!({ "hw:cpu_policy": "dedicated" }));
    let answer = bench.get(Who::Member, 1, &format!("{specs}/color")).await;
    assert_eq!(
        (answer.status, answer.message()),
        (404, "Flavor 2 has no extra specs with key color.")
    );
    assert_eq!(bench.status(Who::Member, 1, &format!("{FLAVORS}/3/os-extra_specs")).await, 404);
}

#[tokio::test]
async fn extra_specs_of_what_is_declared_are_written_by_administrators() {
    let bench = Bench::new();
    let specs = format!("{FLAVORS}/2/os-extra_specs");
    let body = json!({ "extra_specs": { "hw:cpu_policy": "shared", "a": "1" } });
    assert_eq!(bench.ask(Who::Member, 61, "POST", &specs, Some(&body)).await.status, 403);
    let answer = bench.ask(Who::Admin, 61, "POST", &specs, Some(&body)).await;
    assert_eq!((answer.status, &answer.body), (200, &body));
    assert_eq!(bench.body(Who::Member, 1, &specs).await, body);
    let shown = bench.body(Who::Member, 61, &format!("{FLAVORS}/2")).await;
    assert_eq!(shown["flavor"]["extra_specs"], body["extra_specs"]);
    let one = format!("{specs}/hw:cpu_policy");
    let answer = bench.ask(Who::Admin, 61, "DELETE", &one, None).await;
    assert_eq!(answer.status, 200);
    let two = json!({ "a": "2" });
    let answer = bench.ask(Who::Admin, 61, "PUT", &format!("{specs}/a"), Some(&two)).await;
    assert_eq!((answer.status, &answer.body), (200, &two));
    assert_eq!(bench.body(Who::Member, 1, &specs).await, json!({ "extra_specs": two }));
    assert_eq!(bench.get(Who::Member, 1, &one).await.status, 404);
    let detailed = bench.body(Who::Member, 61, &format!("{FLAVORS}/detail")).await;
    let listed = detailed["flavors"].as_array().unwrap();
    let listed = listed.iter().find(|flavor| flavor["id"] == "2").unwrap();
    assert_eq!(listed["extra_specs"], two);
}

#[tokio::test]
async fn access_is_told_to_administrators_and_never_given() {
    let bench = Bench::new();
    let access = |id: &str| format!("{FLAVORS}/{id}/os-flavor-access");
    assert_eq!(bench.status(Who::Member, 1, &access("3")).await, 403);
    assert_eq!(bench.body(Who::Admin, 1, &access("3")).await, json!({ "flavor_access": [] }));
    assert_eq!(bench.status(Who::Admin, 1, &access("1")).await, 404);
    let give = json!({ "addTenantAccess": { "tenant": crate::support::DEMO } });
    for (who, minor, id, expected) in [
        (Who::Member, 7, "3", 403),
        (Who::Admin, 7, "1", 409),
        (Who::Admin, 6, "1", 200),
        (Who::Admin, 7, "3", 501),
        (Who::Admin, 7, "9", 404),
    ] {
        let path = format!("{FLAVORS}/{id}/action");
        let answer = bench.ask(who, minor, "POST", &path, Some(&give)).await;
        assert_eq!(answer.status, expected, "{who:?} {id} at 2.{minor}");
    }
    let path = format!("{FLAVORS}/1/action");
    let odd = bench.ask(Who::Admin, 7, "POST", &path, Some(&json!({ "dance": {} }))).await;
    assert_eq!(odd.status, 400);
}

#[tokio::test]
async fn what_is_declared_is_changed_in_the_configuration() {
    let bench = Bench::new();
    for (method, path, status) in [
        ("DELETE", format!("{FLAVORS}/1"), 501),
        ("DELETE", format!("{FLAVORS}/none"), 404),
        ("DELETE", format!("{FLAVORS}/1/os-extra_specs/a"), 404),
    ] {
        assert_eq!(bench.ask(Who::Member, 61, method, &path, None).await.status, 403);
        let answer = bench.ask(Who::Admin, 61, method, &path, None).await;
        assert_eq!(answer.status, status, "{path}");
    }
    assert_eq!(bench.ask(Who::Admin, 61, "PATCH", FLAVORS, None).await.status, 405);
}

/// What an administrator asks for, and more over it.
fn wanted(more: &Value) -> Value {
    let mut flavor = json!({ "name": "c1", "id": "7", "ram": 512, "vcpus": 1, "disk": 10 });
    flavor.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    json!({ "flavor": flavor })
}

#[tokio::test]
async fn administrators_write_flavors() {
    let bench = Bench::new();
    let post =
        async |who, minor, body: Value| bench.ask(who, minor, "POST", FLAVORS, Some(&body)).await;
    assert_eq!(post(Who::Member, 61, wanted(&json!({}))).await.status, 403);
    let private = json!({ "os-flavor-access:is_public": false, "swap": "256", "rxtx_factor": 2 });
    let made = post(Who::Admin, 61, wanted(&private)).await;
    assert_eq!(made.status, 200, "{}", made.body);
    let flavor = &made.body["flavor"];
    assert_eq!((&flavor["id"], &flavor["swap"]), (&json!("7"), &json!(256)));
    assert_eq!((&flavor["rxtx_factor"], &flavor["extra_specs"]), (&json!(2.0), &json!({})));
    for (more, text) in [
        (json!({ "id": "8" }), "Flavor with name c1 already exists."),
        (json!({ "name": "c2" }), "Flavor with ID 7 already exists."),
        (json!({ "name": "m1.tiny", "id": "9" }), "Flavor with name m1.tiny already exists."),
        (json!({ "name": "c2", "id": "1" }), "Flavor with ID 1 already exists."),
    ] {
        let answer = post(Who::Admin, 61, wanted(&more)).await;
        assert_eq!((answer.status, answer.message()), (409, text));
    }
    for wrong in [
        json!({ "ram": 0 }),
        json!({ "vcpus": "x" }),
        json!({ "disk": -1 }),
        json!({ "name": " c1" }),
        json!({ "id": "a/b" }),
        json!({ "rxtx_factor": 0 }),
        json!({ "colour": "red" }),
    ] {
        assert_eq!(post(Who::Admin, 61, wanted(&wrong)).await.status, 400, "{wrong}");
    }
    // Nobody else sees it until a project has access.
    let one = format!("{FLAVORS}/7");
    assert_eq!(bench.status(Who::Member, 61, &one).await, 404);
    let action = format!("{one}/action");
    let access = |name: &str| json!({ name: { "tenant": crate::support::DEMO } });
    let act =
        async |body: &Value| bench.ask(Who::Admin, 61, "POST", &action, Some(body)).await.status;
    assert_eq!(act(&access("addTenantAccess")).await, 200);
    assert_eq!(act(&access("addTenantAccess")).await, 409);
    assert_eq!(bench.status(Who::Member, 61, &one).await, 200);
    assert_eq!(act(&access("removeTenantAccess")).await, 200);
    assert_eq!(act(&access("removeTenantAccess")).await, 404);
    assert_eq!(bench.status(Who::Member, 61, &one).await, 404);
    // Extra specs, one by one and together.
    let specs = format!("{one}/os-extra_specs");
    let body = json!({ "extra_specs": { "hw:cpu_policy": "shared", "a": "1" } });
    assert_eq!(bench.ask(Who::Admin, 61, "POST", &specs, Some(&body)).await.body, body);
    let path = format!("{specs}/a");
    let put = bench.ask(Who::Admin, 61, "PUT", &path, Some(&json!({ "a": "2" }))).await;
    assert_eq!(put.body, json!({ "a": "2" }));
    let odd = bench.ask(Who::Admin, 61, "PUT", &path, Some(&json!({ "b": "2" }))).await;
    assert_eq!(odd.status, 400);
    assert_eq!(bench.ask(Who::Admin, 61, "DELETE", &path, None).await.status, 200);
    assert_eq!(bench.ask(Who::Admin, 61, "DELETE", &path, None).await.status, 404);
    // A description, and the end of it.
    let described = json!({ "flavor": { "description": "small" } });
    let put = bench.ask(Who::Admin, 61, "PUT", &one, Some(&described)).await;
    assert_eq!(put.body["flavor"]["description"], "small");
    assert_eq!(bench.ask(Who::Admin, 54, "PUT", &one, Some(&described)).await.status, 404);
    assert_eq!(bench.ask(Who::Admin, 61, "DELETE", &one, None).await.status, 202);
    assert_eq!(bench.status(Who::Admin, 61, &one).await, 404);
    assert_eq!(post(Who::Admin, 61, wanted(&json!({}))).await.status, 200);
}

#[tokio::test]
async fn a_server_refers_to_its_flavor_and_later_carries_it() {
    let bench = Bench::new();
    let base = Base(std::sync::Arc::from("http://cloud"));
    let flavor = bench.cloud.catalogue().flavors(Viewer::Admin)[1].clone();
    let at = |minor| {
        let flavor = flavor.clone();
        json!(FlavorOfServer { flavor: &flavor, base: &base, version: Version(minor) })
    };
    let reference = json!({
        "id": "2",
        "links": [{ "rel": "bookmark", "href": "http://cloud/compute/flavors/2" }],
    });
    assert_eq!(at(1), reference);
    assert_eq!(at(46), reference);
    let embedded = json!({
        "original_name": "b3-8", "vcpus": 2, "ram": 8192, "disk": 50, "swap": 512,
        "ephemeral": 0, "extra_specs": { "hw:cpu_policy": "dedicated" },
    });
    assert_eq!(at(47), embedded);
    assert_eq!(at(96), embedded);
}

#[tokio::test]
async fn each_direction_of_sorting_is_looked_at() {
    let bench = Bench::new();
    for query in ["sort_dir=up", "sort_dir=up&sort_dir=asc", "sort_key=name&sort_dir=up"] {
        let path = format!("/compute/v2.1/flavors?{query}");
        assert_eq!(bench.status(Who::Member, 1, &path).await, 400, "{path}");
    }
}
