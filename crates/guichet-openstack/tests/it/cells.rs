//! Which cell a request is for.

use axum::body::Body;
use guichet_cloud::Cloud;
use guichet_cloud::accounts::{AccountError, Login, Method, Scope, Which, cell_of};
use guichet_cloud::config::Declared;
use guichet_driver::profile::Profile;
use guichet_http::cells::{Said, Way};
use guichet_openstack::cells::{Homes, of_login, way};
use http::{Method as Verb, Request, StatusCode};
use serde_json::{Value, json};

use crate::support::TestCloud;

/// Ann is of both cells, and begins in the second; root is an administrator in the first.
const TWO: &str = "
    [hosts]\ncount = 2
    [[project]]\nname = 'web'
    [[project]]\nname = 'ci'
    [[user]]\nname = 'ann'\npassword = 'x'\ndefault_project = 'ci'
    roles = [{ project = 'web', role = 'member' }, { project = 'ci', role = 'member' }]
    [[user]]\nname = 'root'\npassword = 'x'\ndefault_project = 'web'
    roles = [{ project = 'web', role = 'admin' }]
    [[cells]]\nname = 'first'
    [[cells]]\nname = 'second'\nprojects = ['ci']\nhosts = ['host-0002']
    ";

fn two() -> Declared {
    Declared::parse(TWO, "two.toml").unwrap()
}

/// A way in few words: what is asked of whom is not shown, for a token is in it.
fn word(way: &Way) -> String {
    match way {
        Way::Any => "any".to_owned(),
        Way::At(cell) | Way::Inside(cell, _) => format!("at {cell}"),
        Way::OrElsewhere(cell, _) => format!("at {cell} or elsewhere"),
        Way::Body => "body".to_owned(),
        Way::Introduced { at, by, .. } => format!("at {at} by {by}"),
        Way::Found(ask) => format!("found {}", ask.0),
        Way::Pages { by, .. } => format!("pages by {by}"),
    }
}

fn ask(method: &Verb, uri: &str, headers: &[(&str, &str)]) -> String {
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let (parts, ()) = request.body(()).unwrap().into_parts();
    word(&way(&parts, &Homes::of(&two())))
}

#[test]
fn a_token_says_which_cell_is_asked() {
    let declared = two();
    let (web, ci) = (&declared.projects[0].id, &declared.projects[1].id);
    let id = "5c5a1a6e-0d2b-4b7c-9a3e-0f1e2d3c4b5a";
    let get = |uri: &str| ask(&Verb::GET, uri, &[("x-auth-token", "c1.t")]);
    for (uri, expected) in [
        ("/compute/v2.1/servers", "at 1"),
        ("/compute/v2.1/servers?all_tenants=0", "at 1"),
        ("/compute/v2.1/servers?all_tenants", "pages by 1"),
        ("/compute/v2.1/servers/detail?limit=5&all_tenants=True", "pages by 1"),
        (&format!("/compute/v2.1/{web}/servers/detail?all_projects=1"), "pages by 1"),
        (&format!("/compute/v2.1/servers/{id}"), "at 1 or elsewhere"),
        (&format!("/compute/v2.1/{ci}/servers/{id}/tags/"), "at 1 or elsewhere"),
        (&format!("/compute/v2.1/os-quota-sets/{web}"), "at 0 by 1"),
        (&format!("/compute/v2.1/os-quota-sets/{ci}/detail"), "at 1"),
        ("/compute/v2.1/os-quota-sets/nobody", "at 1"),
        ("/compute/v2.1/flavors/detail", "at 1"),
        ("/compute/v2.1/os-aggregates/1", "at 1"),
        // Numbers say whose they are.
        ("/compute/v2.1/os-hypervisors/1", "at 0 by 1"),
        ("/compute/v2.1/os-hypervisors/16777217", "at 1"),
        ("/compute/v2.1/os-hypervisors/16777217/uptime", "at 1"),
        ("/compute/v2.1/os-hypervisors/99999999999999", "at 0 by 1"),
        ("/compute/v2.1/os-hypervisors/host-0001", "at 1"),
        ("/compute/v2.1/os-hypervisors/host/search", "pages by 1"),
        ("/compute/v2.1/os-hypervisors/host/servers", "pages by 1"),
        ("/compute/v2.1/os-hypervisors/statistics", "pages by 1"),
        ("/compute/v2.1/limits", "at 1"),
        (&format!("/compute/v2.1/limits?tenant_id={web}"), "at 0 by 1"),
        (&format!("/compute/v2.1/limits?reserved=1&tenant_id={ci}"), "at 1"),
        ("/compute/v2.1/limits?tenant_id=nobody", "at 1"),
        (&format!("/compute/v2.1/os-hypervisors/{id}"), "at 1 or elsewhere"),
        ("/compute/v2.1/os-hypervisors/detail", "pages by 1"),
        ("/identity/v3/projects", "pages by 1"),
        ("/v3/auth/projects", "pages by 1"),
        ("/identity/v3/users/x/projects", "pages by 1"),
        ("/identity/v3/users/x", "at 1"),
        (&format!("/identity/v3/projects/{web}"), "at 1 or elsewhere"),
        ("/network/v2.0/networks", "at 1"),
        (&format!("/network/v2.0/ports/{id}"), "at 1 or elsewhere"),
    ] {
        assert_eq!(get(uri), expected, "{uri}");
    }
    let servers = "/compute/v2.1/servers";
    assert_eq!(ask(&Verb::POST, servers, &[("x-auth-token", "c1.t")]), "at 1");
    let action = format!("{servers}/{id}/action");
    assert_eq!(ask(&Verb::POST, &action, &[("x-auth-token", "t")]), "at 0 or elsewhere");
    for action in ["disable", "force-down"] {
        let uri = format!("/compute/v2.1/os-services/{action}");
        assert_eq!(ask(&Verb::PUT, &uri, &[("x-auth-token", "t")]), "at 0 or elsewhere");
    }
    let number = "/compute/v2.1/os-services/16777218";
    assert_eq!(ask(&Verb::DELETE, number, &[("x-auth-token", "t")]), "at 1 by 0");
    // One of a cell that there is not is nobody's.
    assert_eq!(ask(&Verb::GET, servers, &[("x-auth-token", "c7.t")]), "at 0");
    assert_eq!(ask(&Verb::GET, servers, &[]), "any");
    assert_eq!(ask(&Verb::GET, "/", &[]), "any");
    let tokens = "/identity/v3/auth/tokens";
    assert_eq!(ask(&Verb::POST, tokens, &[("x-auth-token", "c1.t")]), "body");
    for (subject, expected) in [("c1.s", "at 1 by 0"), ("s", "at 0")] {
        let headers = [("x-auth-token", "t"), ("x-subject-token", subject)];
        assert_eq!(ask(&Verb::DELETE, tokens, &headers), expected);
    }
    // A question that is longer than any token is not asked.
    let long = format!("c1.{}", "x".repeat(8_000));
    let get = ask(&Verb::GET, &format!("{servers}/{id}"), &[("x-auth-token", &long)]);
    assert_eq!(get, "at 1");
}

#[test]
fn a_login_names_its_cell() {
    let homes = Homes::of(&two());
    let domain = json!({ "id": "default" });
    let password = |name: &str| {
        json!({ "methods": ["password"], "password": { "user":
            { "name": name, "domain": domain, "password": "x" } } })
    };
    let by_token = |token: &str| json!({ "methods": ["token"], "token": { "id": token } });
    let project = |name: &str| json!({ "project": { "name": name, "domain": domain } });
    let credential = json!({ "methods": ["application_credential"],
        "application_credential": { "id": "abc", "secret": "s" } });
    for (identity, scope, expected) in [
        (password("ann"), Value::Null, "at 1"),
        (password("root"), Value::Null, "at 0"),
        (password("nobody"), Value::Null, "at 0"),
        (password("ann"), json!("unscoped"), "at 0"),
        (password("ann"), project("web"), "at 0"),
        (password("ann"), project("ci"), "at 1"),
        (password("root"), json!({ "system": { "all": true } }), "at 0"),
        (by_token("t"), project("ci"), "at 1 by 0"),
        (by_token("c1.t"), project("ci"), "at 1"),
        (by_token("c1.t"), project("web"), "at 0 by 1"),
        (by_token("c1.t"), Value::Null, "at 1"),
        (credential, Value::Null, "found {\"credential\":\"abc\"}"),
        (json!({ "methods": [] }), Value::Null, "at 0"),
    ] {
        let mut auth = json!({ "identity": identity });
        if !scope.is_null() {
            auth["scope"] = scope.clone();
        }
        let body = json!({ "auth": auth }).to_string();
        assert_eq!(word(&of_login(body.as_bytes(), &homes)), expected, "{body}");
    }
    assert_eq!(word(&of_login(b"{", &homes)), "at 0");
}

/// The list that a request asks for.
fn list(uri: &str) -> Box<dyn guichet_http::cells::Pages> {
    list_at("2.1", uri)
}

fn list_at(version: &str, uri: &str) -> Box<dyn guichet_http::cells::Pages> {
    let request = Request::builder().uri(uri).header("x-auth-token", "t");
    let request = request.header("openstack-api-version", format!("compute {version}"));
    let request = request.body(()).unwrap();
    let Way::Pages { list, .. } = way(&request.into_parts().0, &Homes::of(&two())) else {
        panic!("{uri} is no list of all cells")
    };
    list
}

#[test]
fn a_page_goes_on_in_the_next_cell() {
    let at = "/compute/v2.1/servers";
    let mut page = list(&format!("{at}?limit=3&all_tenants=1&marker=m&name=a"));
    assert_eq!(page.next().to_string(), format!("{at}?limit=3&all_tenants=1&marker=m&name=a"));
    assert!(page.begins_elsewhere(StatusCode::BAD_REQUEST));
    assert!(!page.begins_elsewhere(StatusCode::FORBIDDEN));
    assert!(page.take(br#"{"servers":[{"id":"1"}]}"#), "there is more to come");
    assert!(!page.begins_elsewhere(StatusCode::BAD_REQUEST));
    assert_eq!(page.next().to_string(), format!("{at}?all_tenants=1&name=a&limit=2"));
    let full = br#"{"servers":[{"id":"2"},{"id":"3"}],"servers_links":
        [{"rel":"next","href":"http://c/compute/v2.1/servers?all_tenants=1&limit=2&marker=3"}]}"#;
    assert!(!page.take(full), "it is full");
    let body: Value = serde_json::from_slice(&page.body()).unwrap();
    let ids: Vec<&str> =
        body["servers"].as_array().unwrap().iter().filter_map(|it| it["id"].as_str()).collect();
    assert_eq!(ids, ["1", "2", "3"]);
    let next = "http://c/compute/v2.1/servers?all_tenants=1&marker=3&limit=3";
    assert_eq!(body["servers_links"][0]["href"], next);
    // The last cell has nothing: the page is what there was.
    let mut page = list(&format!("{at}?all_tenants=1"));
    assert!(page.take(br#"{"servers":[{"id":"1"}]}"#));
    assert_eq!(page.next().to_string(), format!("{at}?all_tenants=1&limit=999"));
    assert!(page.take(br#"{"servers":[]}"#));
    assert_eq!(page.body(), br#"{"servers":[{"id":"1"}]}"#);
    // One without pages is all that all cells have.
    let mut projects = list("/identity/v3/projects?name=a");
    assert!(projects.take(br#"{"links":{"self":"x"},"projects":[1]}"#));
    assert_eq!(projects.next().to_string(), "/identity/v3/projects?name=a");
    assert!(projects.take(br#"{"links":{"self":"x"},"projects":[2,3]}"#));
    let body: Value = serde_json::from_slice(&projects.body()).unwrap();
    assert_eq!(body, json!({ "links": { "self": "x" }, "projects": [1, 2, 3] }));
    // What is no list is not taken for one.
    assert!(!list(at_all()).take(b"no json"));
}

/// The page that a list becomes when each cell is asked in turn, as a node does.
async fn page_of(clouds: &[TestCloud; 2], (version, uri): (&str, &str)) -> (u16, Value) {
    let ask = json!({ "token": clouds[0].token_of("root") }).to_string();
    let said = clouds[0].cloud.accounts().answer(&ask).expect("it is good");
    let mut list = list_at(version, uri);
    let mut is_begun = false;
    for (cell, cloud) in clouds.iter().enumerate() {
        let asked = Request::get(list.next()).extension(Said(said.as_str().into()));
        let asked = asked.header("openstack-api-version", format!("compute {version}"));
        let answer = cloud.send(asked.body(Body::empty()).unwrap()).await;
        if (cell == 0 || is_begun) && list.begins_elsewhere(answer.status) {
            continue;
        }
        if answer.status != StatusCode::OK {
            return (answer.code(), answer.json());
        }
        is_begun = true;
        if !list.take(&answer.bytes) {
            break;
        }
    }
    (200, serde_json::from_slice(&list.body()).unwrap())
}

fn ids_of(body: &Value) -> Vec<u64> {
    let rows = body["hypervisors"].as_array().unwrap_or_else(|| panic!("{body}"));
    rows.iter().map(|row| row["id"].as_u64().expect("a number")).collect()
}

/// Whatever version it is asked in: each host has a number of its own, pages end, and what one cell has nothing
/// of the other one shows.
#[tokio::test]
async fn hosts_of_all_cells_are_told_apart() {
    let clouds = clouds().await.map(TestCloud::of_cloud);
    let at = "/compute/v2.1/os-hypervisors";
    let all = [1, 16_777_217];
    for version in ["2.1", "2.33", "2.52"] {
        assert_eq!(ids_of(&page_of(&clouds, (version, at)).await.1), all, "{version}");
    }
    // Before there were pages a limit says nothing.
    assert_eq!(ids_of(&page_of(&clouds, ("2.1", &format!("{at}?limit=1"))).await.1), all);
    let (mut listed, mut next) = (Vec::new(), format!("{at}?limit=1"));
    while listed.len() <= all.len() {
        let page = page_of(&clouds, ("2.40", &next)).await.1;
        listed.append(&mut ids_of(&page));
        let Some(link) = page["hypervisors_links"][0]["href"].as_str() else { break };
        next = link[link.find("/compute").expect("a path")..].to_owned();
    }
    assert_eq!(listed, all, "each once");
    for (name, has_it) in [("host-0001", true), ("host-0002", true), ("none", false)] {
        for (version, uri) in [
            ("2.53", format!("{at}?hypervisor_hostname_pattern={name}")),
            ("2.1", format!("{at}/{name}/search")),
            ("2.1", format!("{at}/{name}/servers")),
        ] {
            let (status, page) = page_of(&clouds, (version, &uri)).await;
            assert_eq!(status == 200, has_it, "{uri}: {page}");
            assert_eq!(status == 404, !has_it, "{uri}: {page}");
            if has_it {
                assert_eq!(page["hypervisors"].as_array().map(Vec::len), Some(1), "{page}");
                assert_eq!(page["hypervisors"][0]["hypervisor_hostname"], name);
            }
        }
    }
    let sums = page_of(&clouds, ("2.1", &format!("{at}/statistics"))).await.1;
    let of_one = clouds[0].cloud.catalogue().hosts()[0].capacity;
    let sums = &sums["hypervisor_statistics"];
    assert_eq!(sums["count"], 2);
    assert_eq!(sums["vcpus"], 2 * of_one.vcpus);
    // The version after which there are none.
    assert_eq!(page_of(&clouds, ("2.88", &format!("{at}/statistics"))).await.0, 404);
    let services = page_of(&clouds, ("2.1", "/compute/v2.1/os-services")).await.1;
    let services = services["services"].as_array().expect("a list");
    let ids: std::collections::BTreeSet<u64> =
        services.iter().map(|it| it["id"].as_u64().expect("a number")).collect();
    assert_eq!((ids.len(), services.len()), (6, 6), "{services:?}");
}

/// What another cell says of a project is counted by that project, and nobody else's.
#[tokio::test]
async fn who_comes_from_another_cell_is_counted_by_its_own_project() {
    let text = TWO.replace("projects = ['ci']", "projects = ['ci', 'lab']");
    let text = text.replace("[[cells]]\nname = 'first'", "[limits]\ncompute_per_s = 5\n    [[project]]\nname = 'lab'\n    [[user]]\nname = 'boss'\npassword = 'x'\nroles = [{ project = 'lab', role = 'admin' }]\n    [[cells]]\nname = 'first'");
    let declared = Declared::parse(&text, "three.toml").unwrap();
    let [first, second] = [0, 1].map(|cell| TestCloud::of(declared.part(cell)));
    let from = |name: &str| {
        let user = second.user(name);
        let grants = second.cloud.accounts().directory().users()[user].grants.clone();
        let token = second.cloud.accounts().token_for(user, grants.last().copied()).unwrap();
        second.cloud.accounts().answer(&json!({ "token": token }).to_string()).expect("it is good")
    };
    let (ann, boss) = (from("ann"), from("boss"));
    let ask = async |said: &str| {
        let asked = Request::get("/compute/v2.1/servers").extension(Said(said.into()));
        first.send(asked.body(Body::empty()).unwrap()).await.code()
    };
    let mut asked = 0;
    while ask(&ann).await != 429 {
        asked += 1;
        assert!(asked < 100_000, "nobody counts");
    }
    assert_eq!(ask(&boss).await, 200, "it has asked nothing yet");
}

const fn at_all() -> &'static str {
    "/compute/v2.1/servers/detail?all_tenants"
}

/// The two cells, each as a node that leads it has it.
async fn clouds() -> [std::sync::Arc<Cloud>; 2] {
    let declared = two();
    [0, 1].map(|cell| {
        let profile = Profile::builtin("instant").unwrap();
        let builder = Cloud::builder(declared.part(cell)).profile(profile).seed(1);
        builder.open().unwrap().cloud
    })
}

#[tokio::test]
async fn a_token_of_another_cell_is_good_for_what_its_cell_says() {
    let [first, second] = clouds().await;
    let by = |methods, scope| Login { methods, scope, source: None };
    let user = Which::Name("ann".to_owned());
    let password = vec![Method::Password { user, password: "x".to_owned() }];
    let (token, session) = second.accounts().log_in(&by(password, Scope::Default)).await.unwrap();
    assert!(token.starts_with("c1.") && cell_of(&token) == 1, "{token}");
    assert!(first.accounts().session(&token).is_none(), "it is another cell's");
    let ask = |token: &str| json!({ "token": token }).to_string();
    let said = second.accounts().answer(&ask(&token)).expect("it is good");
    let introduced = first.accounts().introduced(&said).expect("ann is known there");
    assert_eq!(introduced.session.user, session.user);
    assert_eq!(introduced.session.expires_at, session.expires_at);
    assert!(introduced.is_of(&token) && !introduced.is_of("another"));
    // A token for a project of the first cell, by the one of the second.
    let to = |name: &str| {
        let scope = Scope::Project(Which::Name(name.to_owned()));
        by(vec![Method::Token(token.clone())], scope)
    };
    let (rescoped, of) = first.accounts().log_in_from(&to("web"), Some(&introduced)).await.unwrap();
    assert_eq!((cell_of(&rescoped), of.user), (0, session.user));
    assert_eq!(of.expires_at, session.expires_at, "it lasts no longer");
    assert_eq!(of.audit_ids().last(), Some(session.audit));
    for (login, said) in [(to("web"), None), (to("ci"), Some(&introduced))] {
        let refused = first.accounts().log_in_from(&login, said).await;
        assert_eq!(refused.unwrap_err(), AccountError::Unauthorized);
    }
    // What was got so is good in its own cell, and leads to no further one, nor back: whoever revokes the
    // first token and the one got by it has ended all that came of them.
    let of_its_own = by(vec![Method::Token(rescoped.clone())], Scope::None);
    let (inside, _) = first.accounts().log_in(&of_its_own).await.unwrap();
    for token in [rescoped, inside] {
        let said = first.accounts().answer(&ask(&token)).expect("it is good");
        let introduced = second.accounts().introduced(&said).expect("ann is known there");
        let back = by(vec![Method::Token(token)], Scope::Project(Which::Name("ci".to_owned())));
        let refused = second.accounts().log_in_from(&back, Some(&introduced)).await;
        assert_eq!(refused.unwrap_err(), AccountError::GotElsewhere);
    }
    // One that goes back to a token of its own cell does lead to another.
    let (own, _) = second
        .accounts()
        .log_in(&by(vec![Method::Token(token.clone())], Scope::None))
        .await
        .unwrap();
    let said = second.accounts().answer(&ask(&own)).expect("it is good");
    let of_own = first.accounts().introduced(&said).expect("ann is known there");
    let to_web = by(vec![Method::Token(own)], Scope::Project(Which::Name("web".to_owned())));
    first
        .accounts()
        .log_in_from(&to_web, Some(&of_own))
        .await
        .expect("the first is its own cell's");
    let other = by(vec![Method::Token("c1.another".to_owned())], Scope::None);
    let refused = first.accounts().log_in_from(&other, Some(&introduced)).await;
    assert_eq!(refused.unwrap_err(), AccountError::Unauthorized, "it is said of another token");
    // Revoked, it is worth nothing anywhere.
    second.accounts().revoke(&token).await.unwrap();
    assert!(second.accounts().answer(&ask(&token)).is_none());
    assert!(second.accounts().answer("no question").is_none());
    assert!(first.accounts().introduced("{}").is_none());
}
