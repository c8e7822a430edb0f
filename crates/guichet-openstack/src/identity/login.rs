//! What a request for a token says: `POST /v3/auth/tokens`. Nothing is looked up here.

use guichet_cloud::accounts::{Login, Method, Scope, Which};
use serde_json::Value;

use crate::domain::{DOMAIN_ID, DOMAIN_NAME};
use crate::http::problem::Problem;
use crate::http::read::Field;

/// As many methods as there are, once each.
const METHODS_MAX: usize = 3;

/// Reads a login from a body.
///
/// # Errors
/// 400 that names the field.
pub(crate) fn read(body: &Value) -> Result<Login, Problem> {
    let auth = Field::secret(body, "auth")?;
    let identity = auth.need("identity")?;
    let listed = identity.need("methods")?;
    let mut names: Vec<&str> = Vec::new();
    for field in listed.list()? {
        let name = field.text()?;
        if !names.contains(&name) {
            names.push(name);
        }
        if names.len() > METHODS_MAX {
            return Err(listed.wrong("Too many methods."));
        }
    }
    if names.is_empty() {
        return Err(listed.wrong("Expected at least one method."));
    }
    let methods = names.into_iter().map(|name| method(&identity, name));
    Ok(Login { methods: methods.collect::<Result<_, _>>()?, scope: scope(&auth)?, source: None })
}

/// The method of this name.
fn method(identity: &Field<'_>, name: &str) -> Result<Method, Problem> {
    match name {
        "password" => {
            let user = identity.need("password")?.need("user")?;
            let password = user.need_text("password")?.to_owned();
            Ok(Method::Password { password, user: which(&user)? })
        }
        "token" => Ok(Method::Token(identity.need("token")?.need_text("id")?.to_owned())),
        "application_credential" => {
            let field = identity.need("application_credential")?;
            let secret = field.need_text("secret")?.to_owned();
            if let Some(id) = field.get_text("id")? {
                return Ok(Method::Credential { id: id.to_owned(), secret });
            }
            let name = field.need_text("name")?.to_owned();
            Ok(Method::NamedCredential { user: which(&field.need("user")?)?, name, secret })
        }
        _ => Ok(Method::Unsupported),
    }
}

/// What the token shall be for.
fn scope(auth: &Field<'_>) -> Result<Scope, Problem> {
    let Some(scope) = auth.get("scope")? else {
        return Ok(Scope::Default);
    };
    if scope.is_text("unscoped") {
        return Ok(Scope::None);
    }
    match scope.only_name()? {
        "unscoped" => Ok(Scope::None),
        "project" => Ok(Scope::Project(which(&scope.need("project")?)?)),
        "domain" => {
            is_ours(&scope)?;
            Ok(Scope::Elsewhere)
        }
        "system" | "OS-TRUST:trust" => Ok(Scope::Elsewhere),
        _ => Err(scope.wrong("Expected project, domain, system or unscoped.")),
    }
}

/// By id, or by name and domain (its `domain`, which has an id or a name).
fn which(field: &Field<'_>) -> Result<Which<String>, Problem> {
    if let Some(id) = field.get_text("id")? {
        return Ok(Which::Id(id.to_owned()));
    }
    let name = field.need_text("name")?.to_owned();
    if is_ours(field)? { Ok(Which::Name(name)) } else { Ok(Which::Stranger(name)) }
}

/// Whether the `domain` in it is the one there is.
fn is_ours(field: &Field<'_>) -> Result<bool, Problem> {
    let domain = field.need("domain")?;
    if let Some(id) = domain.get_text("id")? {
        return Ok(id == DOMAIN_ID);
    }
    // Keystone compares names of domains as its database does: whatever the case.
    Ok(domain.need_text("name")?.eq_ignore_ascii_case(DOMAIN_NAME))
}
