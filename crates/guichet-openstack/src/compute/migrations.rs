//! Migrations (Compute API reference, "Migrations" and "Server migrations"; REST API Version
//! History, 2.22 to 2.24, 2.59, 2.66, 2.80).

mod interfere;

use axum::Json;
use guichet_cloud::Cloud;
use guichet_cloud::migrations::{Known, MigrationKind};
use guichet_core::time::Timestamp;
use guichet_http::dates;
use guichet_http::path::Named;
use guichet_http::query::Params;
use serde_json::{Value, json};

use self::interfere::{abort, force_complete};
use super::links;
use super::prefix::PREFIX;
use super::servers::changes;
use super::versions::{Field, from, trim};
use crate::http::gate::{Caller, In};
use crate::http::paging::Paging;
use crate::http::problem::Problem;
use crate::http::query::CheckedParams;
use crate::http::routes::Routes;
use crate::http::version::Version;

const RULE: &str = "os_compute_api:os-migrations:index";
const OF_SERVER: &str = "os_compute_api:servers:migrations:index";
/// Live migrations under their servers came here.
const UNDER_SERVERS: Version = Version(23);
/// Pages and uuids came here.
const PAGED: Version = Version(59);
/// A moment before which a migration must have changed came here.
const BEFORE: Version = Version(66);
/// Users and projects came here.
const OF_USERS: Version = Version(80);

/// Its routes.
pub fn routes() -> Routes {
    Routes::under(PREFIX)
        .get("/os-migrations", list)
        .from(22)
        .post("/servers/{id}/migrations/{number}/action", force_complete)
        .from(UNDER_SERVERS.0)
        .get("/servers/{id}/migrations", of_server)
        .get("/servers/{id}/migrations/{number}", one)
        .from(24)
        .delete("/servers/{id}/migrations/{number}", abort)
}

const FIELDS: &[Field] =
    &[from(23, "migration_type"), from(59, "uuid"), from(80, "user_id"), from(80, "project_id")];

fn at(micros: u64) -> Timestamp {
    Timestamp::from_micros(micros)
}

fn row(known: &Known, version: Version) -> Value {
    let migration = &known.migration;
    let mut row = json!({
        "id": known.number,
        "uuid": guichet_cloud::ids::derived("migration", &migration.request.to_string()),
        "instance_uuid": migration.server.0,
        "source_compute": migration.source, "source_node": migration.source,
        "dest_compute": migration.target, "dest_node": migration.target,
        "dest_host": migration.target.as_ref().map(|_| "127.0.0.1"),
        "status": known.status,
        "old_instance_type_id": type_id(&migration.old_flavor),
        "new_instance_type_id": type_id(&migration.new_flavor),
        "migration_type": migration.kind.as_str(),
        "user_id": migration.user, "project_id": migration.project,
        "created_at": dates::bare(at(migration.created_us)),
        "updated_at": dates::bare(at(known.updated_us)),
    });
    trim(&mut row, FIELDS, version);
    row
}

/// Nova's number of a flavor in its tables: the id if that is one.
fn type_id(flavor: &str) -> u32 {
    flavor.parse().unwrap_or(0)
}

/// Parameters that are compared, from which version on, and with what.
const FILTERS: [(&str, Version, &[&str]); 7] = [
    ("host", Version(1), &["source_compute", "dest_compute"]),
    ("instance_uuid", Version(1), &["instance_uuid"]),
    ("source_compute", Version(1), &["source_compute"]),
    ("status", Version(1), &["status"]),
    ("migration_type", Version(1), &["migration_type"]),
    ("user_id", OF_USERS, &["user_id"]),
    ("project_id", OF_USERS, &["project_id"]),
];

/// Parameters that may come once, and from which version on they are known.
const SINGLE: [(&str, Version); 6] = [
    ("limit", PAGED),
    ("marker", PAGED),
    ("changes-since", PAGED),
    ("changes-before", BEFORE),
    ("user_id", OF_USERS),
    ("project_id", OF_USERS),
];

/// Looks at the parameters as Nova does: before there were pages what is unknown is passed over,
/// and since then refused. Gives the moments between which a migration must have changed.
fn checked(
    version: Version,
    params: &Params,
) -> Result<(Option<Timestamp>, Option<Timestamp>), Problem> {
    if version < PAGED {
        return Ok((None, None));
    }
    let known = SINGLE.iter().filter(|(_, from)| version >= *from).map(|(name, _)| *name);
    let known: Vec<&str> = known.collect();
    known.iter().try_for_each(|name| params.once(name))?;
    let filters = FILTERS.iter().filter(|(_, from, _)| *from < PAGED).map(|(name, ..)| *name);
    let all: Vec<&str> = filters.chain(["hidden"]).chain(known).collect();
    params.strictly(&all)?;
    changes(version, params)
}

/// `GET /os-migrations`.
async fn list(In(cloud): In, caller: Caller, params: Params) -> Result<Json<Value>, Problem> {
    let version = caller.version();
    let (since, before) = checked(version, &params)?;
    caller.must_be_admin(RULE)?;
    let wanted = |known: &Known| {
        let row = row(known, Version::MAX);
        let is = |(name, from, fields): &(&str, Version, &[&str])| {
            let wanted = params.get(name).filter(|_| version >= *from);
            wanted.is_none_or(|wanted| fields.iter().any(|field| row[*field] == *wanted))
        };
        let updated = at(known.updated_us);
        FILTERS.iter().all(is)
            && since.is_none_or(|since| updated >= since)
            && before.is_none_or(|before| updated <= before)
    };
    // Filtered by fields that the version does not show yet, too.
    let all = cloud.migrations().all();
    let rows = all.iter().filter(|known| wanted(known));
    let mut rows: Vec<Value> = rows.map(|known| linked(&caller, known)).collect();
    let mut body = json!({});
    if version >= PAGED {
        let paging = Paging::of(&params)?;
        rows = paging.of_rows(rows, |row| row["uuid"].as_str().unwrap_or("").to_owned())?;
        let last = rows.last().and_then(|row| row["uuid"].as_str());
        let base = &caller.context.base;
        let link = |query: &Params| links::list(base, "os-migrations", query);
        if let Some(next) = paging.links(&params, rows.len(), last, link) {
            body["migrations_links"] = next;
        }
    }
    body["migrations"] = Value::Array(rows);
    Ok(Json(body))
}

/// With a link while it is a live migration on its way.
fn linked(caller: &Caller, known: &Known) -> Value {
    let mut shown = row(known, caller.version());
    if caller.version() >= UNDER_SERVERS && is_live(known) {
        let path = format!("servers/{}/migrations", known.migration.server.0);
        shown["links"] = links::both(&caller.context.base, &path, &known.number.to_string());
    }
    shown
}

/// Whether it is a live migration on its way.
fn is_live(known: &Known) -> bool {
    known.migration.kind == MigrationKind::LiveMigration
        && matches!(known.status, "queued" | "running")
}

/// The live migrations of a server that are on their way.
fn live(cloud: &Cloud, caller: &Caller, id: &str) -> Result<Vec<Value>, Problem> {
    let server = super::servers::find(cloud, caller, id)?;
    caller.must_be_admin(OF_SERVER)?;
    let all = cloud.migrations().all();
    let of_it = all.iter().filter(|known| known.migration.server == server.id && is_live(known));
    Ok(of_it
        .map(|known| {
            let mut shown = row(known, caller.version());
            shown["server_uuid"] = shown["instance_uuid"].take();
            for field in [
                "memory_total_bytes",
                "memory_processed_bytes",
                "memory_remaining_bytes",
                "disk_total_bytes",
                "disk_processed_bytes",
                "disk_remaining_bytes",
            ] {
                shown[field] = json!(0);
            }
            for field in
                ["instance_uuid", "old_instance_type_id", "new_instance_type_id", "migration_type"]
            {
                shown.as_object_mut().map(|shown| shown.remove(field));
            }
            shown
        })
        .collect())
}

async fn of_server(
    In(cloud): In,
    caller: Caller,
    Named(id): Named,
) -> Result<Json<Value>, Problem> {
    Ok(Json(json!({ "migrations": live(&cloud, &caller, &id)? })))
}

async fn one(
    In(cloud): In,
    caller: Caller,
    Named((id, number)): Named<(String, String)>,
) -> Result<Json<Value>, Problem> {
    let found = live(&cloud, &caller, &id)?;
    let found = found.into_iter().find(|row| has_number(row, &number));
    Ok(Json(json!({ "migration": found.ok_or_else(|| not_there(&id, &number))? })))
}

/// Whether it is the migration of this number, as a path has it.
fn has_number(row: &Value, number: &str) -> bool {
    number.parse().is_ok_and(|number: u64| row["id"] == number)
}

fn not_there(id: &str, number: &str) -> Problem {
    Problem::not_found(format!("In-progress live migration {number} is not found for server {id}."))
}
