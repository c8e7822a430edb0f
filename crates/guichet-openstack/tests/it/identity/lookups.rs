//! Look-ups: members see their own, administrators all.

use serde_json::Value;

use crate::support::TestCloud;

fn names<'a>(body: &'a Value, list: &str) -> Vec<&'a str> {
    body[list].as_array().unwrap().iter().map(|each| each["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn members_see_their_own_projects_and_administrators_all() {
    let cloud = TestCloud::dev();
    let (demo, admin) = (cloud.token_of("demo"), cloud.token_of("admin"));
    let user = cloud.user_id("demo");
    for path in ["projects", "auth/projects", &format!("users/{user}/projects")] {
        let body = cloud.get(&format!("/identity/v3/{path}"), &demo).await.json();
        assert_eq!(names(&body, "projects"), ["demo"], "{path}");
        assert!(body["links"]["next"].is_null());
    }
    let all = cloud.get("/identity/v3/projects", &admin).await.json();
    assert_eq!(names(&all, "projects"), ["demo", "alt", "admin"]);
    let one = cloud.get("/identity/v3/projects?name=alt", &admin).await.json();
    assert_eq!(names(&one, "projects"), ["alt"]);
    let none = cloud.get("/identity/v3/projects?name=alt", &demo).await.json();
    assert!(names(&none, "projects").is_empty());
    let elsewhere = cloud.get("/identity/v3/projects?domain_id=other", &admin).await.json();
    assert!(names(&elsewhere, "projects").is_empty());
}

#[tokio::test]
async fn one_project_or_user_is_shown_to_its_own_and_names_are_404() {
    let cloud = TestCloud::dev();
    let (demo, admin) = (cloud.token_of("demo"), cloud.token_of("admin"));
    let nobody = "0123456789abcdef0123456789abcdef".to_owned();
    for (kind, mine, other) in [
        ("projects", cloud.project_id("demo"), cloud.project_id("alt")),
        ("users", cloud.user_id("demo"), cloud.user_id("alt")),
    ] {
        for (id, member, administrator) in
            [(&mine, 200, 200), (&other, 403, 200), (&nobody, 403, 404), (&"demo".into(), 404, 404)]
        {
            let path = format!("/identity/v3/{kind}/{id}");
            assert_eq!(cloud.get(&path, &demo).await.code(), member, "{path}");
            assert_eq!(cloud.get(&path, &admin).await.code(), administrator, "{path}");
        }
    }
    let path = format!("/identity/v3/users/{}/projects", cloud.user_id("alt"));
    assert_eq!(cloud.get(&path, &demo).await.code(), 403);
    assert_eq!(cloud.get(&path, &admin).await.code(), 200);
    let users = cloud.get("/identity/v3/users", &demo).await.json();
    assert_eq!(names(&users, "users"), ["demo"]);
    let users = cloud.get("/identity/v3/users?name=alt", &admin).await.json();
    assert_eq!(names(&users, "users"), ["alt"]);
}

#[tokio::test]
async fn the_domain_is_default_and_roles_are_four() {
    let cloud = TestCloud::dev();
    let demo = cloud.token_of("demo");
    let domain = cloud.get("/identity/v3/domains/default", &demo).await.json();
    assert_eq!(domain["domain"]["name"], "Default");
    assert_eq!(cloud.get("/identity/v3/domains/Default", &demo).await.code(), 404);
    let domains = cloud.get("/identity/v3/domains?name=Default", &demo).await.json();
    assert_eq!(domains["domains"][0]["id"], "default");
    let roles = cloud.get("/identity/v3/roles", &demo).await.json();
    assert_eq!(names(&roles, "roles"), ["reader", "member", "manager", "admin"]);
    let one = cloud.get("/identity/v3/roles?name=member", &demo).await.json();
    let id = one["roles"][0]["id"].as_str().unwrap();
    let shown = cloud.get(&format!("/identity/v3/roles/{id}"), &demo).await.json();
    assert_eq!(shown["role"]["name"], "member");
    assert_eq!(cloud.get("/identity/v3/roles/member", &demo).await.code(), 404);
}

#[tokio::test]
async fn what_is_administrators_is_403_to_members() {
    let cloud = TestCloud::dev();
    let (demo, admin) = (cloud.token_of("demo"), cloud.token_of("admin"));
    for (path, list, count) in [
        ("role_assignments", "role_assignments", 3),
        ("role_assignments?effective&include_names", "role_assignments", 8),
        ("role_assignments?scope.domain.id=default", "role_assignments", 0),
        ("services", "services", 4),
        ("services?type=compute", "services", 1),
        ("endpoints", "endpoints", 12),
        ("endpoints?interface=public", "endpoints", 4),
    ] {
        let path = format!("/identity/v3/{path}");
        assert_eq!(cloud.get(&path, &demo).await.code(), 403, "{path}");
        let body = cloud.get(&path, &admin).await.json();
        assert_eq!(body[list].as_array().unwrap().len(), count, "{path}");
    }
    let endpoints = cloud.get("/identity/v3/endpoints?interface=public", &admin).await.json();
    let endpoint = &endpoints["endpoints"][0];
    for (kind, id) in [("services", &endpoint["service_id"]), ("endpoints", &endpoint["id"])] {
        let path = format!("/identity/v3/{kind}/{}", id.as_str().unwrap());
        assert_eq!(cloud.get(&path, &admin).await.code(), 200, "{path}");
        assert_eq!(cloud.get(&path, &demo).await.code(), 403, "{path}");
        assert_eq!(cloud.get(&format!("/identity/v3/{kind}/x"), &admin).await.code(), 404);
    }
    assert_eq!(cloud.get("/identity/v3/regions/RegionOne", &demo).await.code(), 200);
    assert_eq!(cloud.get("/identity/v3/regions/other", &demo).await.code(), 404);
}

#[tokio::test]
async fn without_a_token_nothing_but_discovery() {
    let cloud = TestCloud::dev();
    for path in ["auth/tokens", "auth/catalog", "projects", "users", "roles", "nothing"] {
        for token in ["", "x", &"a".repeat(43)] {
            let answer = cloud.get(&format!("/identity/v3/{path}"), token).await;
            assert_eq!(answer.code(), 401, "{path}");
            assert!(answer.headers.contains_key("x-openstack-request-id"));
        }
    }
    let demo = cloud.token_of("demo");
    assert_eq!(cloud.get("/identity/v3/nothing", &demo).await.code(), 404);
    assert_eq!(cloud.delete("/identity/v3/projects", &demo).await.code(), 405);
}
