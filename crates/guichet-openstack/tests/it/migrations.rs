//! Migrations as administrators see them, and live ones aborted or told to come to their end.

use guichet_core::action::Action;
use serde_json::{Value, json};

use crate::admin::host_of;
use crate::servers::bench::{fault, soon};
use crate::servers::{Bench, Client};

#[tokio::test]
async fn migrations_are_listed_with_where_they_led() {
    let bench = Bench::new();
    let (client, admin) = (bench.client("demo"), bench.client("admin"));
    let id = client.active(&json!({})).await;
    let before = host_of(&admin, &id).await;
    assert_eq!(client.get("/os-migrations").await.code(), 403);
    let status = async || {
        let body = admin.body(&format!("/os-migrations?instance_uuid={id}")).await;
        body["migrations"][0]["status"].as_str().unwrap().to_owned()
    };
    bench.hold(&[Action::LiveMigrate]);
    let live = json!({ "os-migrateLive": { "host": null, "block_migration": "auto" } });
    assert_eq!(admin.act(&id, &live).await.code(), 202);
    admin.until_it(&id, |server| server["OS-EXT-STS:task_state"] == "migrating").await;
    let under_way = admin.body(&format!("/servers/{id}/migrations")).await;
    assert_eq!(under_way["migrations"][0]["source_compute"], json!(before));
    bench.hold(&[]);
    admin.until(&id, "ACTIVE").await;
    assert_eq!(status().await, "completed");
    let after = host_of(&admin, &id).await;
    let row = admin.body("/os-migrations").await["migrations"][0].clone();
    assert_eq!(
        (&row["dest_compute"], &row["migration_type"]),
        (&json!(after), &json!("live-migration"))
    );
    assert_eq!(admin.body(&format!("/servers/{id}/migrations")).await["migrations"], json!([]));
    client.act(&id, &json!({ "resize": { "flavorRef": "2" } })).await;
    client.until(&id, "VERIFY_RESIZE").await;
    assert_eq!(status().await, "finished");
    client.act(&id, &json!({ "confirmResize": null })).await;
    client.until(&id, "ACTIVE").await;
    assert_eq!(status().await, "confirmed");
    assert_eq!(admin.body("/os-migrations?status=confirmed").await["migrations"][0]["id"], 2);
}

/// The number of a server's last migration.
async fn last_migration(admin: &Client<'_>, id: &str) -> String {
    let body = admin.body(&format!("/os-migrations?instance_uuid={id}")).await;
    body["migrations"][0]["id"].to_string()
}

#[tokio::test]
async fn a_live_migration_is_aborted_and_its_server_stays_where_it_was() {
    let bench = Bench::new();
    let (client, admin) = (bench.client("demo"), bench.client("admin"));
    let id = client.active(&json!({})).await;
    let before = host_of(&admin, &id).await;
    let older = admin.at(87);
    let statistics = async || older.body("/os-hypervisors/statistics").await;
    let free = statistics().await;
    let live = json!({ "os-migrateLive": { "host": null, "block_migration": "auto" } });
    bench.hold(&[Action::LiveMigrate]);
    assert_eq!(admin.act(&id, &live).await.code(), 202);
    let under = format!("/servers/{id}/migrations");
    soon(async {
        while admin.body(&under).await["migrations"][0]["status"] != "running" {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_ne!(statistics().await, free, "both places are held");
    let number = last_migration(&admin, &id).await;
    let path = format!("{under}/{number}");
    assert_eq!(client.delete(&path).await.code(), 403);
    assert_eq!(admin.at(23).delete(&path).await.code(), 404, "it came with 2.24");
    let answer = admin.delete(&format!("{under}/77")).await;
    let said = format!("Migration 77 not found for instance {id}");
    assert_eq!((answer.code(), fault(&answer)), (404, said));
    let answer = admin.at(24).delete(&path).await;
    assert_eq!((answer.code(), answer.bytes.len()), (202, 0));
    let server = admin.server(&id).await;
    assert_eq!(
        (&server["status"], &server["OS-EXT-STS:task_state"]),
        (&json!("ACTIVE"), &Value::Null)
    );
    assert_eq!(host_of(&admin, &id).await, before);
    assert_eq!(statistics().await, free);
    let row = admin.body("/os-migrations").await["migrations"][0].clone();
    assert_eq!(row["status"], "cancelled");
    let answer = admin.delete(&path).await;
    let said = format!("Instance {id} is in an invalid state for 'abort live migration'");
    assert_eq!((answer.code(), fault(&answer)), (409, said));
    let actions = admin.body(&format!("/servers/{id}/os-instance-actions")).await;
    assert_eq!(actions["instanceActions"][0]["action"], "live_migration_cancel");
    // What the host was told to stop changes nothing when it comes back, and it can go again.
    bench.hold(&[]);
    assert_eq!(admin.act(&id, &live).await.code(), 202);
    admin.until(&id, "ACTIVE").await;
    assert_ne!(host_of(&admin, &id).await, before);
    assert!(bench.test.cloud.manager().audit().holds());
}

#[tokio::test]
async fn what_is_no_running_live_migration_is_neither_aborted_nor_forced() {
    let bench = Bench::new();
    let (client, admin) = (bench.client("demo"), bench.client("admin"));
    let id = client.active(&json!({})).await;
    let under = format!("/servers/{id}/migrations");
    let live = json!({ "os-migrateLive": { "host": null, "block_migration": "auto" } });
    assert_eq!(admin.act(&id, &live).await.code(), 202);
    admin.until(&id, "ACTIVE").await;
    let first = last_migration(&admin, &id).await;
    let force = json!({ "force_complete": null });
    let forced = async |number: &str, body: &Value| {
        let answer = admin.post(&format!("{under}/{number}/action"), body).await;
        (answer.code(), if answer.code() == 202 { String::new() } else { fault(&answer) })
    };
    let said = format!("Instance {id} is in an invalid state for 'force_complete'");
    assert_eq!(forced(&first, &force).await, (409, said));
    bench.hold(&[Action::LiveMigrate, Action::RebootSoft]);
    client.act(&id, &json!({ "reboot": { "type": "SOFT" } })).await;
    let answer = admin.delete(&format!("{under}/{first}")).await;
    let said =
        format!("Cannot 'abort live migration' instance {id} while it is in task_state rebooting");
    assert_eq!((answer.code(), fault(&answer)), (409, said));
    bench.hold(&[Action::LiveMigrate]);
    client.until(&id, "ACTIVE").await;
    assert_eq!(admin.act(&id, &live).await.code(), 202);
    soon(async {
        while admin.body(&under).await["migrations"][0]["status"] != "running" {
            tokio::task::yield_now().await;
        }
    })
    .await;
    // Another one of the same server is over.
    let over = |verb: &str| {
        format!(
            "Migration {first} state of instance {id} is completed. Cannot {verb} while the \
             migration is in this state."
        )
    };
    let answer = admin.delete(&format!("{under}/{first}")).await;
    assert_eq!((answer.code(), fault(&answer)), (400, over("abort live migration")));
    assert_eq!(forced(&first, &force).await, (400, over("force complete")));
    let missing = format!("Migration 77 not found for instance {id}");
    assert_eq!(forced("77", &force).await, (400, missing));
    let number = last_migration(&admin, &id).await;
    let path = format!("{under}/{number}/action");
    assert_eq!(client.post(&path, &force).await.code(), 403);
    assert_eq!(admin.at(21).post(&path, &force).await.code(), 404, "it came with 2.22");
    for wrong in [json!({}), json!({ "force_complete": {} }), json!({ "stop": null })] {
        assert_eq!(forced(&number, &wrong).await.0, 400, "{wrong}");
    }
    assert_eq!(forced(&number, &force).await.0, 202);
    bench.hold(&[]);
    admin.until(&id, "ACTIVE").await;
    assert_eq!(admin.body("/os-migrations").await["migrations"][0]["status"], "completed");
}

#[tokio::test]
async fn a_live_migration_that_waits_is_aborted_from_2_65_on() {
    let bench = Bench::unlimited();
    let (client, admin) = (bench.client("demo"), bench.client("admin"));
    bench.hold(&[Action::LiveMigrate]);
    let live = json!({ "os-migrateLive": { "host": null, "block_migration": "auto" } });
    // More than there are workers.
    let servers = json!({ "min_count": 40, "max_count": 40 });
    assert_eq!(client.ask(&servers).await.code(), 202);
    let all = client.body("/servers").await["servers"].clone();
    for server in all.as_array().unwrap() {
        let id = server["id"].as_str().unwrap();
        admin.until(id, "ACTIVE").await;
        assert_eq!(admin.act(id, &live).await.code(), 202);
    }
    let waiting = admin.body("/os-migrations?status=queued").await["migrations"][0].clone();
    let (id, number) = (waiting["instance_uuid"].as_str().unwrap(), &waiting["id"]);
    let path = format!("/servers/{id}/migrations/{number}");
    let answer = admin.at(64).delete(&path).await;
    let said = format!(
        "Migration {number} state of instance {id} is queued. Cannot abort live migration while \
         the migration is in this state."
    );
    assert_eq!((answer.code(), fault(&answer)), (400, said));
    assert_eq!(admin.at(65).delete(&path).await.code(), 202);
    assert_eq!(admin.server(id).await["status"], "ACTIVE");
    assert!(bench.test.cloud.manager().audit().holds());
    bench.hold(&[]);
}

#[tokio::test]
async fn parameters_of_migrations_are_what_each_version_knows() {
    let bench = Bench::new();
    let (client, admin) = (bench.client("demo"), bench.client("admin"));
    let id = client.active(&json!({})).await;
    client.act(&id, &json!({ "resize": { "flavorRef": "2" } })).await;
    client.until(&id, "VERIFY_RESIZE").await;
    let answer = async |minor: u16, query: &str| {
        let answer = admin.at(minor).get(&format!("/os-migrations?{query}")).await;
        (answer.code() == 200).then(|| answer.json()["migrations"].as_array().unwrap().len())
    };
    // What is unknown is passed over at first, and refused since there are pages.
    for (minor, query, found) in [
        (58, "color=red", Some(1)),
        (59, "color=red", None),
        (58, "limit=x&changes-since=x", Some(1)),
        (59, "limit=x", None),
        (59, "limit=-1", None),
        (59, "limit=1&limit=1", None),
        (59, "changes-since=x", None),
        (59, "changes-since=2020-01-01", Some(1)),
        (59, "changes-since=2999-01-01T00:00:00Z", Some(0)),
        (65, "changes-before=2020-01-01", None),
        (66, "changes-before=2020-01-01", Some(0)),
        (66, "changes-before=2020-01-01&changes-since=2021-01-01", None),
        (58, "project_id=x", Some(1)),
        (79, "project_id=x", None),
        (80, "project_id=x", Some(0)),
        (80, "user_id=a&user_id=b", None),
        (96, "hidden=0&status=finished&status=finished", Some(1)),
        (96, "migration_type=nothing", Some(0)),
    ] {
        assert_eq!(answer(minor, query).await, found, "{query} at 2.{minor}");
    }
    let late = admin.get("/os-migrations?color=red").await;
    let text = "Additional properties are not allowed ('color' was unexpected)";
    assert_eq!(fault(&late), text);
}
