//! Key pairs: imported, made, listed, shown, deleted (Compute API reference, "Keypairs").

mod body;

use std::sync::Arc;

use axum::Json;
use axum::response::Response;
use guichet_cloud::Cloud;
use guichet_cloud::accounts::Which;
use guichet_cloud::keys::{KeyError, KeyProblem};
use guichet_core::key_pair::KeyPair;
use guichet_core::limits;
use guichet_core::refusal::Refusal;
use guichet_http::path::Named;
use guichet_http::query::Params;
use guichet_http::{body as bodies, dates};
use http::StatusCode;
use serde_json::{Value, json};

use self::body::CreateBody;
use super::links;
use super::prefix::PREFIX;
use super::versions::{Field, from, trim};
use crate::http::answer;
use crate::http::gate::{Caller, In};
use crate::http::paging::Paging;
use crate::http::problem::Problem;
use crate::http::query::CheckedParams;
use crate::http::routes::Routes;
use crate::http::version::Version;

/// Its routes.
pub fn routes() -> Routes {
    Routes::under(PREFIX)
        .get("/os-keypairs", list)
        .post("/os-keypairs", create)
        .get("/os-keypairs/{name}", show)
        .delete("/os-keypairs/{name}", delete)
}

const FIELDS: &[Field] = &[from(2, "type")];

/// From here on created is 201 and deleted 204 (REST API Version History, 2.2).
const STATUSES: Version = Version(2);
/// From here on administrators ask for others (2.10).
const OF_OTHERS: Version = Version(10);
/// From here on lists come in pages (2.35).
const PAGED: Version = Version(35);

/// Whose key pairs are meant.
struct Owner {
    /// Its position; none: there is no such user.
    user: Option<usize>,
    id: Arc<str>,
}

impl Owner {
    /// The user of this id; none: the caller itself.
    fn of(cloud: &Cloud, caller: &Caller, id: Option<&str>) -> Self {
        let directory = cloud.accounts().directory();
        let Some(id) = id else {
            let own = directory.user(caller.who.user);
            let id = own.map_or_else(|| Arc::from(""), |own| Arc::clone(&own.id));
            return Self { user: Some(caller.who.user), id };
        };
        Self { user: directory.find_user(Which::Id(id)), id: Arc::from(id) }
    }

    /// As a query names it: below 2.10 nobody is named, and what is unknown is passed over.
    fn asked(cloud: &Cloud, caller: &Caller, params: &Params) -> Self {
        let named = params.get("user_id").filter(|_| caller.version() >= OF_OTHERS);
        Self::of(cloud, caller, named)
    }

    /// Its position. Of a user that is not there only administrators learn that it has nothing.
    fn position(&self, caller: &Caller, rule: &str) -> Result<Option<usize>, Problem> {
        if self.user.is_none() {
            caller.must_be_admin(rule)?;
        }
        Ok(self.user)
    }

    fn no_key_pair(&self, name: &str) -> Problem {
        Problem::not_found(format!("Keypair {name} not found for user {}", self.id))
    }
}

/// Why a request is not carried out, in Nova's words; `rule` is the policy that it needs.
fn problem(error: KeyError, rule: &str, name: &str, owner: &Owner) -> Problem {
    let invalid = |reason: &str| Problem::bad_request(format!("Keypair data is invalid: {reason}"));
    match error {
        KeyError::Forbidden => Problem::policy(rule),
        KeyError::Invalid(KeyProblem::TooLong) => {
            let most = limits::PUBLIC_KEY_MAX;
            invalid(&format!("the public key has more than {most} characters"))
        }
        KeyError::Invalid(KeyProblem::NoSshKey) => invalid("failed to generate fingerprint"),
        KeyError::Invalid(KeyProblem::NoCertificate) => {
            invalid("failed to generate X509 fingerprint. Error message: It is no certificate.")
        }
        KeyError::Busy { retry_after } => {
            let text = "Too many keys are being made; come back later, or import one.";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, text).with_retry_after(retry_after)
        }
        KeyError::Stopping => {
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "The service is stopping.")
        }
        KeyError::Refused(Refusal::NameTaken { .. }) => {
            Problem::new(StatusCode::CONFLICT, format!("Key pair '{name}' already exists."))
        }
        KeyError::Refused(Refusal::TooManyRows { .. }) => {
            Problem::new(StatusCode::FORBIDDEN, "Quota exceeded, too many key pairs.")
        }
        KeyError::Refused(Refusal::NoSuchRow { .. }) => owner.no_key_pair(name),
        KeyError::Refused(refusal) => refusal.into(),
    }
}

/// What all answers have.
fn row(key_pair: &KeyPair) -> Value {
    json!({
        "name": key_pair.name,
        "public_key": key_pair.public_key,
        "fingerprint": key_pair.fingerprint,
        "type": key_pair.kind,
    })
}

/// `POST /os-keypairs`: the only answer that has a private key.
async fn create(
    In(cloud): In,
    caller: Caller,
    bodies::Json(sent): bodies::Json,
) -> Result<Response, Problem> {
    const RULE: &str = "os_compute_api:os-keypairs:create";
    let asked = CreateBody::read(&sent, caller.version())?;
    let owner = Owner::of(&cloud, &caller, asked.user_id);
    let Some(user) = owner.position(&caller, RULE)? else {
        return Err(Problem::bad_request(format!("User {} could not be found.", owner.id)));
    };
    let new = asked.new_for(user);
    let most = cloud.quotas().most_key_pairs(caller.who.project);
    let made = cloud.key_pairs().create(&caller.who, &new, most).await;
    let (key_pair, private_key) = made.map_err(|error| problem(error, RULE, new.name, &owner))?;
    let mut shown = row(&key_pair);
    shown["user_id"] = json!(owner.id);
    if let Some(private_key) = private_key {
        shown["private_key"] = json!(private_key);
    }
    trim(&mut shown, FIELDS, caller.version());
    let is_new = caller.version() >= STATUSES;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    answer::with_status(status, &json!({ "keypair": shown }))
}

/// `GET /os-keypairs`.
async fn list(In(cloud): In, caller: Caller, params: Params) -> Result<Json<Value>, Problem> {
    const RULE: &str = "os_compute_api:os-keypairs:index";
    params.only(caller.version(), &["user_id", "limit", "marker"])?;
    let owner = Owner::asked(&cloud, &caller, &params);
    let mut rows = match owner.position(&caller, RULE)? {
        Some(user) => {
            let listed = cloud.key_pairs().list(&caller.who, user);
            listed.map_err(|error| problem(error, RULE, "", &owner))?
        }
        None => Vec::new(),
    };
    let mut next = None;
    if caller.version() >= PAGED {
        let paging = Paging::of(&params)?;
        rows = paging.of_rows(rows, |row| row.name.to_string())?;
        let (base, last) = (&caller.context.base, rows.last().map(|row| &*row.name));
        let link = |query: &Params| links::list(base, "os-keypairs", query);
        next = paging.links(&params, rows.len(), last, link);
    }
    let shown = rows.iter().map(|key_pair| {
        let mut shown = row(key_pair);
        trim(&mut shown, FIELDS, caller.version());
        json!({ "keypair": shown })
    });
    let mut body = json!({ "keypairs": shown.collect::<Vec<_>>() });
    if let Some(next) = next {
        body["keypairs_links"] = next;
    }
    Ok(Json(body))
}

/// `GET /os-keypairs/{name}`.
async fn show(
    In(cloud): In,
    caller: Caller,
    Named(name): Named,
    params: Params,
) -> Result<Json<Value>, Problem> {
    const RULE: &str = "os_compute_api:os-keypairs:show";
    params.only(caller.version(), &["user_id"])?;
    let owner = Owner::asked(&cloud, &caller, &params);
    let user = owner.position(&caller, RULE)?.ok_or_else(|| owner.no_key_pair(&name))?;
    let found = cloud.key_pairs().find(&caller.who, user, &name);
    let key_pair = found.map_err(|error| problem(error, RULE, &name, &owner))?;
    let mut shown = row(&key_pair);
    shown["id"] = json!(number(&key_pair));
    shown["user_id"] = json!(owner.id);
    shown["created_at"] = json!(dates::bare(key_pair.created));
    shown["updated_at"] = Value::Null;
    shown["deleted"] = json!(false);
    shown["deleted_at"] = Value::Null;
    trim(&mut shown, FIELDS, caller.version());
    Ok(Json(json!({ "keypair": shown })))
}

/// A number for clients that read one here. Nothing is named by it.
fn number(key_pair: &KeyPair) -> u32 {
    let (high, _) = key_pair.id.0.as_u64_pair();
    // As Nova's column has it: 31 bits.
    (high >> 33) as u32
}

/// `DELETE /os-keypairs/{name}`.
async fn delete(
    In(cloud): In,
    caller: Caller,
    Named(name): Named,
    params: Params,
) -> Result<StatusCode, Problem> {
    const RULE: &str = "os_compute_api:os-keypairs:delete";
    params.only(caller.version(), &["user_id"])?;
    let owner = Owner::asked(&cloud, &caller, &params);
    let user = owner.position(&caller, RULE)?.ok_or_else(|| owner.no_key_pair(&name))?;
    let deleted = cloud.key_pairs().delete(&caller.who, user, &name).await;
    deleted.map_err(|error| problem(error, RULE, &name, &owner))?;
    let is_new = caller.version() >= STATUSES;
    Ok(if is_new { StatusCode::NO_CONTENT } else { StatusCode::ACCEPTED })
}
