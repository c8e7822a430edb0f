//! Live migrations that are on their way, aborted or told to come to their end. (Compute API
//! reference, "Server migrations"; REST API Version History, 2.22, 2.24, 2.65.)

use guichet_cloud::migrations::MigrationError;
use guichet_core::action::Obstacle;
use guichet_http::body;
use guichet_http::path::Named;
use http::StatusCode;
use serde_json::Value;

use super::super::servers::{find, of_server};
use crate::http::gate::{Caller, In};
use crate::http::problem::Problem;
use crate::http::read::Object;
use crate::http::version::Version;

/// From here on one that waits can be aborted, too.
const ALSO_QUEUED: Version = Version(65);

/// `DELETE /servers/{id}/migrations/{number}`: 202 as soon as the server stays where it is.
pub(super) async fn abort(
    In(cloud): In,
    caller: Caller,
    Named((id, number)): Named<(String, String)>,
) -> Result<StatusCode, Problem> {
    const RULE: &str = "os_compute_api:servers:migrations:delete";
    let server = find(&cloud, &caller, &id)?;
    caller.must_be_admin(RULE)?;
    let may_wait = caller.version() >= ALSO_QUEUED;
    // What is no number is none that a migration has.
    let place = number.parse().unwrap_or(0);
    let done = cloud.migrations().abort(&caller.who, &server, place, may_wait).await;
    done.map_err(|error| Unchanged { id: &id, number: &number, verb: ABORT }.said(error, RULE))?;
    Ok(StatusCode::ACCEPTED)
}

/// `POST /servers/{id}/migrations/{number}/action`: 202, and it ends by itself.
pub(super) async fn force_complete(
    In(cloud): In,
    caller: Caller,
    Named((id, number)): Named<(String, String)>,
    body::Json(body): body::Json,
) -> Result<StatusCode, Problem> {
    const RULE: &str = "os_compute_api:servers:migrations:force_complete";
    let asked = Object::of(&body, "body")?;
    asked.known(&["force_complete"])?;
    match asked.raw("force_complete") {
        Some(Value::Null) => {}
        Some(_) => return Err(asked.wrong("force_complete", "It is not of type 'null'.")),
        None => return Err(asked.missing("force_complete")),
    }
    let server = find(&cloud, &caller, &id)?;
    caller.must_be_admin(RULE)?;
    let checked = cloud.migrations().check_forced(&server, number.parse().unwrap_or(0));
    let said = |error| match error {
        // Nova's answer to a force differs from that to an abort.
        MigrationError::NotFound => {
            Problem::bad_request(format!("Migration {number} not found for instance {id}"))
        }
        other => Unchanged { id: &id, number: &number, verb: FORCE }.said(other, RULE),
    };
    checked.map_err(said)?;
    Ok(StatusCode::ACCEPTED)
}

/// Nova's words for what is done, in a sentence about the server and in one about the migration.
type Verb = (&'static str, &'static str);
const ABORT: Verb = ("abort live migration", "abort live migration");
const FORCE: Verb = ("force_complete", "force complete");

/// A migration that nothing is done to.
struct Unchanged<'a> {
    id: &'a str,
    number: &'a str,
    verb: Verb,
}

impl Unchanged<'_> {
    /// Why, in Nova's words.
    fn said(&self, error: MigrationError, rule: &str) -> Problem {
        let Self { id, number, verb: (act, migrate) } = self;
        let conflict = |text: String| Problem::new(StatusCode::CONFLICT, text);
        match error {
            MigrationError::NotFound => {
                Problem::not_found(format!("Migration {number} not found for instance {id}"))
            }
            MigrationError::NotOnItsWay(Obstacle::NoTask) => {
                conflict(format!("Instance {id} is in an invalid state for '{act}'"))
            }
            MigrationError::NotOnItsWay(obstacle) => {
                conflict(format!("Cannot '{act}' instance {id} while it is in {obstacle}"))
            }
            MigrationError::Status(status) => Problem::bad_request(format!(
                "Migration {number} state of instance {id} is {status}. Cannot {migrate} \
                 while the migration is in this state."
            )),
            MigrationError::Server(error) => of_server(error, rule),
        }
    }
}
