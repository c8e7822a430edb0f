//! `/v3/users/{id}/application_credentials`: made by their user with a token for a project, looked
//! at and deleted by it and by administrators.

use axum::Json;
use guichet_cloud::Cloud;
use guichet_cloud::accounts::{Credential, NewCredential, Role, Session};
use guichet_core::limits;
use guichet_core::time::Timestamp;
use guichet_http::{body, dates};
use http::StatusCode;
use serde_json::{Value, json};

use super::caller::{Known, Named};
use super::document;
use super::lookups::own_user;
use super::problem::{self, missing};
use crate::http::gate::In;
use crate::http::problem::Problem;
use crate::http::read::Field;

type Answer = Result<Json<Value>, Problem>;

/// Reads what a request for one asks for.
fn read<'a>(
    body: &'a Value,
    session: &Session,
    now: Timestamp,
) -> Result<NewCredential<'a>, Problem> {
    let field = Field::secret(body, "application_credential")?;
    field.knows(&[
        "name",
        "description",
        "secret",
        "expires_at",
        "roles",
        "unrestricted",
        "access_rules",
        // Sent by some clients; the token says both.
        "project_id",
        "user_id",
    ])?;
    let name = field.need("name")?;
    let text = name.text()?;
    if text.trim().is_empty() || text.chars().count() > limits::NAME_MAX {
        return Err(name.wrong("Expected 1 to 255 characters, not all blank."));
    }
    if let Some(rules) = field.get("access_rules")?
        && !rules.list()?.is_empty()
    {
        // To ignore them would give more than was asked for.
        return Err(rules.wrong("Access rules are not supported; leave them out."));
    }
    let secret = field.get("secret")?.map(|secret| match secret.text()? {
        "" => Err(secret.wrong("It is empty; leave it out to have one drawn.")),
        text => Ok(text),
    });
    let unrestricted = field.get("unrestricted")?;
    Ok(NewCredential {
        name: text,
        description: field.get("description")?.map(|text| short(&text)).transpose()?,
        secret: secret.transpose()?,
        expires_at: field.get("expires_at")?.map(|at| expiry(&at, now)).transpose()?,
        roles: roles(&field, session)?,
        is_unrestricted: unrestricted.map_or(Ok(false), |field| field.flag())?,
    })
}

/// A text of a length that a thousand credentials may have.
fn short<'a>(field: &Field<'a>) -> Result<&'a str, Problem> {
    let text = field.text()?;
    if text.chars().count() <= limits::NAME_MAX {
        Ok(text)
    } else {
        Err(field.wrong("Expected at most 255 characters."))
    }
}

/// `2026-01-02T03:04:05.000000`, with or without a `Z`, which must lie ahead.
fn expiry(field: &Field<'_>, now: Timestamp) -> Result<Timestamp, Problem> {
    let text = field.text()?;
    let instant = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        let civil = text.parse::<jiff::civil::DateTime>().ok()?;
        civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    });
    let instant = instant.and_then(|instant| u64::try_from(instant.as_microsecond()).ok());
    match instant.map(Timestamp::from_micros) {
        Some(at) if at > now => Ok(at),
        Some(_) => Err(field.wrong("It has passed.")),
        None => Err(field.wrong("Expected a date such as 2026-01-02T03:04:05.")),
    }
}

/// The roles that are named by id or name, each one the token has.
fn roles(field: &Field<'_>, session: &Session) -> Result<Vec<Role>, Problem> {
    let most = session.project.map(|(_, role)| role);
    let mut roles = Vec::new();
    let listed = field.get("roles")?.map(|listed| listed.list()).transpose()?;
    for each in listed.unwrap_or_default() {
        let (id, name) = (each.get_text("id")?, each.get_text("name")?);
        if id.is_none() && name.is_none() {
            return Err(each.wrong("Expected an id or a name."));
        }
        let is_it = |role: &Role| {
            id.is_none_or(|id| *role.id() == *id) && name.is_none_or(|name| role.as_str() == name)
        };
        let role = Role::ALL.into_iter().find(is_it).filter(|role| Some(*role) <= most);
        roles.push(role.ok_or_else(|| each.wrong("The token does not have this role."))?);
    }
    Ok(roles)
}

fn body(cloud: &Cloud, known: &Known, credential: &Credential) -> Value {
    let directory = cloud.accounts().directory();
    let user = directory.user(credential.user).map(|user| &user.id);
    let project = directory.project(credential.project).map(|project| &project.id);
    let path =
        format!("users/{}/application_credentials/{}", user.map_or("", |id| id), credential.id);
    // Here without a zone, as Keystone has it.
    let expires_at = credential.expires_at.map(dates::bare);
    json!({
        "id": credential.id,
        "name": credential.name,
        "description": credential.description,
        "user_id": user,
        "project_id": project,
        "roles": credential.roles.iter().map(|role| document::short_role(*role)).collect::<Vec<_>>(),
        "expires_at": expires_at,
        "unrestricted": credential.is_unrestricted,
        "system": null,
        "links": { "self": known.link(path) },
    })
}

/// `POST …/application_credentials`: the only answer that has the secret.
pub(super) async fn create(
    In(cloud): In,
    known: Known,
    Named(id): Named<String>,
    body::Json(sent): body::Json,
) -> Result<(StatusCode, Json<Value>), Problem> {
    const RULE: &str = "identity:create_application_credential";
    let session = &known.session;
    let user = own_user(&cloud, &known, &id, RULE)?;
    let accounts = cloud.accounts();
    let problem = |error| problem::of(error, RULE, &id);
    accounts.may_create_credential(session, user).map_err(problem)?;
    let new = read(&sent, session, accounts.now())?;
    let created = accounts.create_credential(session, new).await;
    let (credential, secret) = created.map_err(problem)?;
    let mut body = body(&cloud, &known, &credential);
    body["secret"] = json!(secret);
    Ok((StatusCode::CREATED, Json(json!({ "application_credential": body }))))
}

/// `GET …/application_credentials`.
pub(super) async fn list(In(cloud): In, known: Known, Named(id): Named<String>) -> Answer {
    let user = own_user(&cloud, &known, &id, "identity:list_application_credentials")?;
    let all = cloud.accounts().credentials_of(user);
    let wanted = all.iter().filter(|credential| known.wants("name", &credential.name));
    let list = wanted.map(|credential| body(&cloud, &known, credential)).collect();
    let path = format!("users/{id}/application_credentials");
    Ok(Json(known.list("application_credentials", path, list)))
}

/// `GET …/application_credentials/{credential}`.
pub(super) async fn show(
    In(cloud): In,
    known: Known,
    Named((id, credential)): Named<(String, String)>,
) -> Answer {
    let user = own_user(&cloud, &known, &id, "identity:get_application_credential")?;
    let found = cloud.accounts().credential(user, &credential);
    let found = found.ok_or_else(|| missing(&credential))?;
    Ok(Json(json!({ "application_credential": body(&cloud, &known, &found) })))
}

/// `DELETE …/application_credentials/{credential}`: its tokens end with it.
pub(super) async fn delete(
    In(cloud): In,
    known: Known,
    Named((id, credential)): Named<(String, String)>,
) -> Result<StatusCode, Problem> {
    const RULE: &str = "identity:delete_application_credential";
    let user = own_user(&cloud, &known, &id, RULE)?;
    let deleted = cloud.accounts().delete_credential(&known.session, user, &credential).await;
    deleted.map_err(|error| problem::of(error, RULE, &credential))?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /v3/users/{id}/access_rules`: there are none.
pub(super) async fn access_rules(In(cloud): In, known: Known, Named(id): Named<String>) -> Answer {
    own_user(&cloud, &known, &id, "identity:list_access_rules")?;
    Ok(Json(known.list("access_rules", format_args!("users/{id}/access_rules"), Vec::new())))
}
