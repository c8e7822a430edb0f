//! What a request for a token says: `POST /v3/auth/tokens`. Nothing is looked up here.

use serde_json::Value;

use super::field::Field;
use crate::config::{DOMAIN_ID, DOMAIN_NAME};
use crate::http::problem::Problem;

/// A user or a project, as it was named.
pub(super) enum Which<'a> {
    Id(&'a str),
    /// By name, and whether the domain is the one there is.
    Name(&'a str, bool),
}

/// One way to say who one is.
pub(super) enum Method<'a> {
    Password {
        user: Which<'a>,
        password: &'a str,
    },
    Token(&'a str),
    Credential {
        id: &'a str,
        secret: &'a str,
    },
    NamedCredential {
        user: Which<'a>,
        name: &'a str,
        secret: &'a str,
    },
    /// One that there is, but not here.
    Unsupported,
}

/// What the token shall be for.
pub(super) enum Scope<'a> {
    /// Nothing said: the user's default project.
    Default,
    /// Said to be nothing.
    None,
    Project(Which<'a>),
    /// A domain, the system, a trust: there nobody has a role.
    Elsewhere,
}

/// A whole request.
pub(super) struct Ask<'a> {
    pub(super) methods: Vec<Method<'a>>,
    pub(super) scope: Scope<'a>,
}

/// As many ways as there are, once each.
const METHODS_MAX: usize = 3;

impl<'a> Ask<'a> {
    /// # Errors
    /// 400 that names the field.
    pub(super) fn read(body: &'a Value) -> Result<Self, Problem> {
        let auth = Field::of(body, "auth")?;
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
        let methods = names.into_iter().map(|name| Method::read(&identity, name));
        Ok(Self { methods: methods.collect::<Result<_, _>>()?, scope: Scope::read(&auth)? })
    }
}

impl<'a> Method<'a> {
    fn read(identity: &Field<'a>, name: &str) -> Result<Self, Problem> {
        match name {
            "password" => {
                let user = identity.need("password")?.need("user")?;
                Ok(Self::Password { password: user.need_text("password")?, user: which(&user)? })
            }
            "token" => Ok(Self::Token(identity.need("token")?.need_text("id")?)),
            "application_credential" => {
                let field = identity.need("application_credential")?;
                let secret = field.need_text("secret")?;
                if let Some(id) = field.get_text("id")? {
                    return Ok(Self::Credential { id, secret });
                }
                let name = field.need_text("name")?;
                Ok(Self::NamedCredential { user: which(&field.need("user")?)?, name, secret })
            }
            _ => Ok(Self::Unsupported),
        }
    }

    /// Its name, as a token lists it.
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::Password { .. } => "password",
            Self::Token(_) => "token",
            Self::Credential { .. } | Self::NamedCredential { .. } => "application_credential",
            Self::Unsupported => "unsupported",
        }
    }
}

impl<'a> Scope<'a> {
    fn read(auth: &Field<'a>) -> Result<Self, Problem> {
        let Some(scope) = auth.get("scope")? else {
            return Ok(Self::Default);
        };
        if scope.is_text("unscoped") {
            return Ok(Self::None);
        }
        match scope.only_name()? {
            "unscoped" => Ok(Self::None),
            "project" => Ok(Self::Project(which(&scope.need("project")?)?)),
            "domain" => {
                domain(&scope)?;
                Ok(Self::Elsewhere)
            }
            "system" | "OS-TRUST:trust" => Ok(Self::Elsewhere),
            _ => Err(scope.wrong("Expected project, domain, system or unscoped.")),
        }
    }
}

/// By id, or by name and domain (its `domain`, which has an id or a name).
fn which<'a>(field: &Field<'a>) -> Result<Which<'a>, Problem> {
    if let Some(id) = field.get_text("id")? {
        return Ok(Which::Id(id));
    }
    Ok(Which::Name(field.need_text("name")?, domain(field)?))
}

/// Whether the `domain` in it is the one there is.
fn domain(field: &Field<'_>) -> Result<bool, Problem> {
    let domain = field.need("domain")?;
    if let Some(id) = domain.get_text("id")? {
        return Ok(id == DOMAIN_ID);
    }
    // Keystone compares names of domains as its database does: whatever the case.
    Ok(domain.need_text("name")?.eq_ignore_ascii_case(DOMAIN_NAME))
}
