//! No sequence of requests of one project changes what another is answered, or shows anything of
//! it: over every route that there is.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use axum::body::Body;
use guichet_openstack::calls;
use http::Request;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::keypairs::ED25519;
use crate::servers::bench::{Bench, new};
use crate::servers::random::value;

/// What stands in everything that is the other project's own, and must never be seen.
const SECRET: &str = "only-for-alt";

/// One cloud for all cases: what earlier ones left behind must not show either.
struct World {
    runtime: Runtime,
    bench: Bench,
    /// The token of the member who tries, and of the one who must not notice.
    tokens: [String; 2],
    /// Ids that a path may have in it: both projects' own, and some of nothing.
    ids: Vec<String>,
    paths: Vec<String>,
    /// What the other is answered at the start.
    snapshot: Vec<(String, Value)>,
}

static WORLD: LazyLock<Arc<World>> = LazyLock::new(|| {
    let runtime = Runtime::new().unwrap();
    let world = runtime.block_on(async {
        let bench = Bench::unlimited();
        let (demo, alt) = (bench.client("demo"), bench.client("alt"));
        let own = demo.active(&json!({ "name": "mine" })).await;
        let details = json!({
            "name": SECRET, "description": SECRET, "metadata": { "a": SECRET }, "tags": [SECRET],
        });
        let others = alt.active(&details).await;
        let accounts = bench.test.cloud.accounts();
        let directory = accounts.directory();
        let mut ids = vec![own, others.clone(), "none".to_owned(), SECRET.to_owned()];
        ids.extend(directory.projects().iter().map(|project| project.id.to_string()));
        ids.extend(directory.users().iter().map(|user| user.id.to_string()));
        ids.extend([bench.image(), bench.network(), "1".to_owned(), "a".to_owned()]);
        let tokens = [demo.token.clone(), alt.token.clone()];
        let session = accounts.session(&tokens[1]).unwrap();
        let user = directory.user(session.user).unwrap().id.to_string();
        let project = directory.project(session.project.unwrap().0).unwrap().id.to_string();
        let credential =
            json!({ "application_credential": { "name": SECRET, "description": SECRET } });
        let path = format!("/identity/v3/users/{user}/application_credentials");
        let key = json!({ "keypair": { "name": SECRET, "public_key": ED25519 } });
        assert_eq!(alt.post("/os-keypairs", &key).await.code(), 201);
        let group = json!({ "server_group": { "name": SECRET, "policy": "soft-affinity" } });
        let group = alt.post("/os-server-groups", &group).await.json();
        ids.push(group["server_group"]["id"].as_str().unwrap().to_owned());
        let made = bench.test.post(&path, &tokens[1], &credential).await.json();
        ids.push(made["application_credential"]["id"].as_str().unwrap().to_owned());
        let shown = shown_paths(&others, &user, &project);
        (bench, tokens, ids, shown)
    });
    let (bench, tokens, ids, shown) = world;
    let mut world = World { runtime, bench, tokens, ids, paths: routes(), snapshot: Vec::new() };
    world.snapshot = shown.into_iter().map(|path| (path.clone(), world.look(&path))).collect();
    assert!(world.snapshot.iter().any(|(_, shown)| shown.to_string().contains(SECRET)));
    Arc::new(world)
});

/// What the other looks at: lists, its server with all that belongs to it, its account.
fn shown_paths(server: &str, user: &str, project: &str) -> Vec<String> {
    let of_server =
        ["", "/metadata", "/tags", "/ips", "/os-interface", "/os-instance-actions"].into_iter();
    let of_server = of_server.map(|tail| format!("/compute/v2.1/servers/{server}{tail}"));
    let others = [
        "/compute/v2.1/servers".to_owned(),
        "/compute/v2.1/servers/detail".to_owned(),
        "/compute/v2.1/limits".to_owned(),
        "/compute/v2.1/os-keypairs".to_owned(),
        "/compute/v2.1/os-server-groups".to_owned(),
        format!("/compute/v2.1/os-keypairs/{SECRET}"),
        format!("/compute/v2.1/os-quota-sets/{project}/detail"),
        format!("/identity/v3/users/{user}/application_credentials"),
        "/identity/v3/auth/projects".to_owned(),
        "/image/v2/images".to_owned(),
        "/network/v2.0/ports".to_owned(),
        "/network/v2.0/networks".to_owned(),
    ];
    of_server.chain(others).collect()
}

/// The path of every route, with what is variable in braces.
fn routes() -> Vec<String> {
    let found: BTreeSet<String> = calls().into_iter().map(|call| call.path).collect();
    assert!(found.len() > 80, "{} routes were found", found.len());
    found.into_iter().collect()
}

impl World {
    /// What the other is answered.
    fn look(&self, path: &str) -> Value {
        let request = Request::builder()
            .uri(path)
            .header("host", "cloud:1")
            .header("x-auth-token", &self.tokens[1])
            .header("openstack-api-version", "compute 2.96");
        let sent = self.bench.test.send(request.body(Body::empty()).unwrap());
        let answer = self.runtime.block_on(sent);
        assert_eq!(answer.code(), 200, "{path}");
        answer.json()
    }

    /// Sends a request of the member who tries: the status, and the answer's text.
    fn send(&self, step: &Step) -> (u16, String) {
        let mut path = String::new();
        let mut ids = step.ids.iter().cycle();
        for part in self.paths[step.path.index(self.paths.len())].split('/').skip(1) {
            path.push('/');
            let id = ids.next().map_or("none", |index| &self.ids[index.index(self.ids.len())]);
            path.push_str(if part.starts_with('{') { id } else { part });
        }
        if let Some(query) = step.query {
            path = format!("{path}?{query}");
        }
        let request = Request::builder()
            .method(step.method)
            .uri(&path)
            .header("host", "cloud:1")
            .header("content-type", "application/json")
            .header("x-auth-token", &self.tokens[0])
            .header("openstack-api-version", format!("compute 2.{}", step.minor));
        let body = step.body.as_ref().map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let answer = self.runtime.block_on(self.bench.test.send(request.body(body).unwrap()));
        let text = String::from_utf8_lossy(&answer.bytes).into_owned();
        // A path with the secret in it is named in the refusal of what is not there.
        (answer.code(), if path.contains(SECRET) { String::new() } else { text })
    }
}

/// One request: places of lists to draw from, so that it can be made smaller.
#[derive(Debug, Clone)]
struct Step {
    method: &'static str,
    path: Index,
    ids: Vec<Index>,
    query: Option<&'static str>,
    body: Option<Value>,
    minor: u16,
}

const QUERIES: &[&str] = &[
    "all_tenants=1",
    "all_projects=true",
    "all_tenants=1&project_id=alt",
    "deleted=1&changes-since=2020-01-01T00:00:00Z",
    "name=only",
    "tags=only-for-alt",
    "limit=1000&sort_key=display_name",
    "project_id=alt&tenant_id=alt",
    "user_id=alt",
    "detailed=1",
];

fn body() -> impl Strategy<Value = Value> {
    let actions = vec![
        json!({ "os-stop": null }),
        json!({ "os-start": null }),
        json!({ "reboot": { "type": "HARD" } }),
        json!({ "lock": { "locked_reason": "x" } }),
        json!({ "unlock": null }),
        json!({ "os-getConsoleOutput": {} }),
        json!({ "metadata": { "a": "b" } }),
        json!({ "meta": { "a": "b" } }),
        json!({ "tags": ["x"] }),
        json!({ "server": { "name": "x", "description": "y" } }),
        json!({ "application_credential": { "name": "x" } }),
        json!({ "quota_set": { "instances": 0 } }),
    ];
    prop_oneof![
        4 => select(actions),
        1 => Just(()).prop_map(|()| new(&WORLD.bench.image(), &json!({ "networks": "none" }))),
        1 => value(),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let method = select(vec!["GET", "GET", "POST", "POST", "PUT", "DELETE", "PATCH"]);
    let query = prop_oneof![3 => Just(None), 1 => select(QUERIES).prop_map(Some)];
    let parts = (method, any::<Index>(), vec(any::<Index>(), 3), query);
    (parts, prop::option::of(body()), select(vec![1u16, 26, 66, 96])).prop_map(
        |((method, path, ids, query), body, minor)| Step { method, path, ids, query, body, minor },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn nothing_one_project_sends_changes_or_shows_what_is_anothers(steps in vec(step(), 1..40)) {
        let world = &*WORLD;
        for step in &steps {
            let (status, text) = world.send(step);
            prop_assert!(status < 500 || status == 501, "{step:?}: {status} {text}");
            prop_assert!(!text.contains(SECRET), "{step:?}: {status} {text}");
        }
        for (path, before) in &world.snapshot {
            prop_assert_eq!(&world.look(path), before, "{}", path);
        }
    }
}
