//! Server groups as clients see them, version by version, and what they do to servers.

use guichet_cloud::accounts::Role;
use guichet_core::limits;
use serde_json::{Value, json};

use crate::servers::bench::{Bench, Client, column, fault, new};

fn group(fields: &Value) -> Value {
    json!({ "server_group": fields })
}

/// Makes a group with this policy, which must succeed: its id.
async fn made(client: &Client<'_>, policy: &str) -> String {
    let fields = json!({ "name": "web", "policy": policy });
    let answer = client.at(64).post("/os-server-groups", &group(&fields)).await;
    assert_eq!(answer.code(), 200, "{}", String::from_utf8_lossy(&answer.bytes));
    answer.json()["server_group"]["id"].as_str().unwrap().to_owned()
}

async fn refused(client: &Client<'_>, fields: &Value) -> (u16, String) {
    let answer = client.post("/os-server-groups", &group(fields)).await;
    (answer.code(), fault(&answer))
}

/// Asks for servers in a group.
async fn ask(client: &Client<'_>, group: &Value, more: &Value) -> crate::support::Answer {
    let image = client.test.cloud.catalogue().images(guichet_cloud::catalogue::Viewer::Admin)[0]
        .id
        .to_string();
    let mut body = new(&image, more);
    body["os:scheduler_hints"] = json!({ "group": group });
    client.post("/servers", &body).await
}

async fn member(client: &Client<'_>, group: &str) -> String {
    let answer = ask(client, &json!(group), &json!({})).await;
    assert_eq!(answer.code(), 202, "{}", String::from_utf8_lossy(&answer.bytes));
    answer.json()["server"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_group_is_shown_version_by_version_until_it_is_deleted() {
    let bench = Bench::new();
    let (user, project) = (bench.test.user_id("demo"), bench.test.project_id("demo"));
    for minor in [1, 12, 13, 14, 15, 63, 64, 96] {
        let client = bench.client("demo").at(minor);
        let fields = match minor {
            64.. => json!({ "name": "web", "policy": "soft-affinity" }),
            15.. => json!({ "name": "web", "policies": ["soft-affinity"] }),
            _ => json!({ "name": "web", "policies": ["affinity"] }),
        };
        let answer = client.post("/os-server-groups", &group(&fields)).await;
        assert_eq!(answer.code(), 200, "2.{minor}");
        let shown = answer.json();
        let id = shown["server_group"]["id"].as_str().unwrap().to_owned();
        let mut expected = fields.clone();
        expected["id"] = json!(id);
        expected["members"] = json!([]);
        if minor < 64 {
            expected["metadata"] = json!({});
        } else {
            expected["rules"] = json!({});
        }
        if minor >= 13 {
            expected["project_id"] = json!(project);
            expected["user_id"] = json!(user);
        }
        assert_eq!(shown, group(&expected), "2.{minor}");
        let path = format!("/os-server-groups/{id}");
        assert_eq!(client.body(&path).await, shown);
        assert_eq!(client.body("/os-server-groups").await, json!({ "server_groups": [expected] }));
        let answer = client.delete(&path).await;
        assert_eq!((answer.code(), answer.bytes.len()), (204, 0));
        for answer in [client.get(&path).await, client.delete(&path).await] {
            let missing = format!("Instance group {id} could not be found.");
            assert_eq!((answer.code(), fault(&answer)), (404, missing));
        }
    }
    assert_eq!(bench.client("demo").get("/os-server-groups/nothing").await.code(), 404);
}

#[tokio::test]
async fn what_is_no_group_is_400() {
    let bench = Bench::new();
    let client = bench.client("demo");
    for (minor, wrong) in [
        (63, json!({ "name": "a" })),
        (63, json!({ "name": "a", "policies": [] })),
        (63, json!({ "name": "a", "policies": ["affinity", "anti-affinity"] })),
        (63, json!({ "name": "a", "policies": "affinity" })),
        (63, json!({ "name": "a", "policies": ["near"] })),
        (14, json!({ "name": "a", "policies": ["soft-affinity"] })),
        (63, json!({ "name": "a", "policy": "affinity" })),
        (64, json!({ "name": "a", "policies": ["affinity"] })),
        (64, json!({ "name": "a" })),
        (64, json!({ "policy": "affinity" })),
        (64, json!({ "name": "", "policy": "affinity" })),
        (64, json!({ "name": " a", "policy": "affinity" })),
        (64, json!({ "name": "x".repeat(256), "policy": "affinity" })),
        (64, json!({ "name": "a", "policy": "near" })),
        (64, json!({ "name": "a", "policy": "affinity", "metadata": {} })),
        (64, json!({ "name": "a", "policy": "anti-affinity", "rules": { "other": 1 } })),
        (
            64,
            json!({ "name": "a", "policy": "anti-affinity",
            "rules": { "max_server_per_host": 0 } }),
        ),
        (
            64,
            json!({ "name": "a", "policy": "affinity",
            "rules": { "max_server_per_host": 1 } }),
        ),
    ] {
        let (status, said) = refused(&client.at(minor), &wrong).await;
        assert_eq!(status, 400, "{wrong} at 2.{minor}: {said}");
    }
    let rules = json!({ "max_server_per_host": "2" });
    let affinity = json!({ "name": "a", "policy": "affinity", "rules": rules });
    let (_, said) = refused(&client, &affinity).await;
    assert_eq!(said, "Only anti-affinity policy supports rules.");
    let apart = json!({ "name": "a", "policy": "anti-affinity", "rules": rules });
    let answer = client.post("/os-server-groups", &group(&apart)).await;
    assert_eq!(answer.json()["server_group"]["rules"], json!({ "max_server_per_host": 2 }));
}

#[tokio::test]
async fn members_are_put_where_the_group_wants_them_or_nowhere() {
    let bench = Bench::with(|declared| declared.hosts.truncate(3));
    let (client, admin) = (bench.client("demo"), bench.client("admin"));
    let hosts = bench.test.cloud.catalogue().hosts().len();
    assert_eq!(hosts, 3);
    let apart = made(&client, "anti-affinity").await;
    let mut members = Vec::new();
    for _ in 0..hosts {
        let id = member(&client, &apart).await;
        client.until(&id, "ACTIVE").await;
        members.push(id);
    }
    let shown = client.body(&format!("/os-server-groups/{apart}")).await;
    assert_eq!(shown["server_group"]["members"], json!(members), "the oldest first");
    let mut on = Vec::new();
    for id in &members {
        on.push(admin.server(id).await["OS-EXT-SRV-ATTR:host"].to_string());
        assert_eq!(client.server(id).await["server_groups"], json!([apart]));
    }
    on.sort();
    on.dedup();
    assert_eq!(on.len(), hosts);
    let more = member(&client, &apart).await;
    let server = client.server(&more).await;
    assert_eq!(server["status"], "ERROR");
    let said = server["fault"]["message"].as_str().unwrap();
    assert!(said.starts_with("No valid host was found."), "{said}");
    let near = made(&client, "affinity").await;
    let mut on = Vec::new();
    for _ in 0..2 {
        let id = member(&client, &near).await;
        client.until(&id, "ACTIVE").await;
        on.push(admin.server(&id).await["OS-EXT-SRV-ATTR:host"].clone());
    }
    assert_eq!(on[0], on[1]);
    // The group goes, its servers stay.
    assert_eq!(client.delete(&format!("/os-server-groups/{apart}")).await.code(), 204);
    assert_eq!(client.server(&members[0]).await["server_groups"], json!([]));
    assert_eq!(client.delete(&format!("/servers/{}", members[0])).await.code(), 204);
    client.until_gone(&members[0]).await;
    assert!(bench.test.cloud.manager().audit().holds());
}

#[tokio::test]
async fn a_group_that_is_not_there_is_400_and_a_full_one_403() {
    let bench = Bench::unlimited();
    let client = bench.client("demo");
    let unknown = "00000000-0000-0000-0000-000000000001";
    let answer = ask(&client, &json!(unknown), &json!({})).await;
    let missing = format!("Instance group {unknown} could not be found.");
    assert_eq!((answer.code(), fault(&answer)), (400, missing));
    for wrong in [json!("web"), json!(7), json!("")] {
        assert_eq!(ask(&client, &wrong, &json!({})).await.code(), 400, "{wrong}");
    }
    let others = made(&bench.client("alt"), "affinity").await;
    assert_eq!(ask(&client, &json!(others), &json!({})).await.code(), 400);
    let own = made(&client, "soft-affinity").await;
    let many = json!({ "max_count": 10, "min_count": 10 });
    assert_eq!(ask(&client, &json!(own), &many).await.code(), 202);
    let answer = ask(&client, &json!(own), &json!({})).await;
    assert_eq!(answer.code(), 403);
    assert_eq!(fault(&answer), "Quota exceeded, too many servers in group");
    let rows = client.body("/servers/detail?limit=1").await;
    assert!(rows["servers"][0].get("server_groups").is_none());
}

#[tokio::test]
async fn a_quota_of_members_holds_as_soon_as_it_is_written() {
    let bench = Bench::unlimited();
    let (client, admin) = (bench.client("demo"), bench.client("admin"));
    let path = format!("/os-quota-sets/{}", bench.test.project_id("demo"));
    let most = |most: i64| json!({ "quota_set": { "server_group_members": most } });
    assert_eq!(admin.put(&path, &most(2)).await.code(), 200);
    let own = made(&client, "soft-affinity").await;
    let three = json!({ "max_count": 3, "min_count": 3 });
    assert_eq!(ask(&client, &json!(own), &three).await.code(), 403);
    for _ in 0..2 {
        member(&client, &own).await;
    }
    let answer = ask(&client, &json!(own), &json!({})).await;
    let full = "Quota exceeded, too many servers in group".to_owned();
    assert_eq!((answer.code(), fault(&answer)), (403, full));
    // Of another group and of none there may be more, and in other projects too.
    let other = made(&client, "soft-affinity").await;
    member(&client, &other).await;
    client.active(&json!({})).await;
    assert_eq!(admin.put(&path, &most(3)).await.code(), 200);
    member(&client, &own).await;
    assert_eq!(ask(&client, &json!(own), &json!({})).await.code(), 403);
}

#[tokio::test]
async fn a_project_has_ten_and_sees_its_own_alone() {
    let bench = Bench::new();
    let (client, alt, admin) = (bench.client("demo"), bench.client("alt"), bench.client("admin"));
    let mut own = Vec::new();
    for _ in 0..limits::SERVER_GROUPS_MAX {
        own.push(made(&client, "affinity").await);
    }
    let more = json!({ "name": "more", "policy": "affinity" });
    let (status, said) = refused(&client, &more).await;
    assert_eq!((status, &*said), (403, "Quota exceeded, too many server groups."));
    let others = made(&alt, "affinity").await;
    let ids = |body: Value| column(&body["server_groups"], "id");
    assert_eq!(ids(client.body("/os-server-groups").await), own, "the oldest first");
    assert_eq!(ids(client.body("/os-server-groups?limit=2&offset=3").await), own[3..5]);
    assert_eq!(ids(client.body("/os-server-groups?offset=99").await), [""; 0]);
    for query in ["limit=-1", "offset=-1", "offset=x", "color=red"] {
        let answer = client.get(&format!("/os-server-groups?{query}")).await;
        assert_eq!(answer.code(), 400, "{query}");
    }
    assert_eq!(ids(alt.body("/os-server-groups").await), std::slice::from_ref(&others));
    assert_eq!(ids(admin.body("/os-server-groups?all_projects=1").await).len(), 11);
    assert_eq!(client.get("/os-server-groups?all_projects=1").await.code(), 403);
    let path = format!("/os-server-groups/{others}");
    assert_eq!(client.get(&path).await.code(), 404);
    assert_eq!(client.delete(&path).await.code(), 404);
    let reader = bench.with_role(Role::Reader);
    assert_eq!(ids(reader.body("/os-server-groups").await).len(), 10);
    assert_eq!(refused(&reader, &more).await.0, 403);
    assert_eq!(reader.delete(&format!("/os-server-groups/{}", own[0])).await.code(), 403);
    let absolute = client.body("/limits").await["limits"]["absolute"].take();
    assert_eq!(
        (&absolute["maxServerGroups"], &absolute["totalServerGroupsUsed"]),
        (&json!(10), &json!(10))
    );
    let detail = format!("/os-quota-sets/{}/detail", bench.test.project_id("demo"));
    let set = client.body(&detail).await["quota_set"].take();
    assert_eq!(set["server_groups"], json!({ "limit": 10, "in_use": 10, "reserved": 0 }));
    assert_eq!(admin.delete(&path).await.code(), 204);
}
