//! Which cell of a cloud a request is for, as OpenStack's clients say it: by their token, by the project that
//! they log in for, by the id in a path that only one cell knows. Pure functions of a request and of what is
//! declared; a cloud of one cell needs none of them.
//!
//! ```text
//! head ─▶ way ─▶ At a cell · Any · OrElsewhere · Introduced · Pages
//!          └▶ Body ─▶ of_login ─▶ At · Introduced · Found
//! ```

mod homes;
mod list;
mod sums;

use guichet_cloud::accounts::{Login, Method, Question, Scope, Which, cell_of};
use guichet_core::limits;
use guichet_http::cells::{Ask, Pages, Way};
use guichet_http::query::Params;
use http::request::Parts;
use http::{Method as Verb, Uri};

use crate::compute::{hypervisors, numbers, usage};
use crate::http::gate::TOKEN;
use crate::http::id::is_id;
use crate::http::path_form::one_form;
use crate::http::truth::truth;
use crate::http::version;
use crate::identity::{SUBJECT, read_login};

pub use homes::Homes;
use list::List;
use sums::Sums;

const COMPUTE: &str = "/compute/v2.1/";
const IDENTITY: &str = "/identity/v3/";

/// Where a request is to be answered, by all but its body.
pub fn way(parts: &Parts, homes: &Homes) -> Way {
    let path = one_form(parts.uri.path());
    if path == "/identity/v3/auth/tokens" && parts.method == Verb::POST {
        return Way::Body;
    }
    let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let Some(token) = text(&TOKEN) else { return Way::Any };
    let own = homes.within(cell_of(token));
    let ask = || question(&Question::Token(token.to_owned()));
    if path == "/identity/v3/auth/tokens" {
        let at = text(&SUBJECT).map_or(own, |subject| homes.within(cell_of(subject)));
        return introduced(at, own, ask);
    }
    let (rest, in_compute) = match (path.strip_prefix(COMPUTE), path.strip_prefix(IDENTITY)) {
        (Some(rest), _) => (without_project(rest), true),
        (_, Some(rest)) => (rest, false),
        _ => return of_other(&path, own, ask),
    };
    let mut words = rest.split('/');
    let (kind, name) = (words.next().unwrap_or_default(), words.next());
    let is_read = matches!(parts.method, Verb::GET | Verb::HEAD);
    if let Some(project) = name.filter(|_| in_compute && OF_A_PROJECT.contains(&kind)) {
        return introduced(homes.of_project(Which::Id(project)).unwrap_or(own), own, ask);
    }
    if is_read && in_compute && rest == "limits" {
        return introduced(of_limits(&parts.uri, homes).unwrap_or(own), own, ask);
    }
    if parts.method == Verb::GET
        && let Some(list) = list_of(parts, (rest, in_compute))
    {
        return ask().map_or(Way::At(own), |ask| Way::Pages { by: own, ask, list });
    }
    let is_of_one_cell = match name {
        Some("detail") | None => false,
        Some(_) if in_compute && OF_A_CELL.contains(&kind) => true,
        Some(id) if in_compute && BY_ID.contains(&kind) => match id.parse() {
            Ok(number) => return introduced(homes.within(numbers::cell_of(number)), own, ask),
            Err(_) => id.len() == UUID_CHARS || BY_NAME.contains(&id),
        },
        Some(_) => !in_compute && kind == "projects" && is_read,
    };
    if is_of_one_cell { or_elsewhere(own, ask) } else { Way::At(own) }
}

/// Kinds of things whose names are in one cell at most.
const OF_A_CELL: [&str; 4] = ["servers", "os-volumes_boot", "os-server-groups", "os-hosts"];
/// Kinds of things whose ids are: UUIDs, and the [numbers] of before.
const BY_ID: [&str; 2] = ["os-hypervisors", "os-services"];
/// What is done to a service whose host the body names.
const BY_NAME: [&str; 4] = ["enable", "disable", "disable-log-reason", "force-down"];
/// Kinds of things that a project has, whose id stands behind them.
const OF_A_PROJECT: [&str; 2] = ["os-quota-sets", "os-simple-tenant-usage"];
/// Characters of a UUID with its hyphens.
const UUID_CHARS: usize = 36;

/// A path of Compute without the project in it.
fn without_project(rest: &str) -> &str {
    match rest.split_once('/') {
        Some((first, rest)) if is_id(first) => rest,
        _ => rest,
    }
}

fn of_other(path: &str, own: usize, ask: impl Fn() -> Option<Ask>) -> Way {
    let is_port = path.strip_prefix("/network/v2.0/ports/").is_some_and(|id| !id.is_empty());
    if is_port { or_elsewhere(own, ask) } else { Way::At(own) }
}

fn or_elsewhere(own: usize, ask: impl Fn() -> Option<Ask>) -> Way {
    ask().map_or(Way::At(own), |ask| Way::OrElsewhere(own, ask))
}

fn introduced(at: usize, by: usize, ask: impl Fn() -> Option<Ask>) -> Way {
    match ask() {
        Some(ask) if at != by => Way::Introduced { at, by, ask },
        _ => Way::At(at),
    }
}

/// The cell of the project whose limits are asked for, if one is named.
fn of_limits(uri: &Uri, homes: &Homes) -> Option<usize> {
    let params = Params::parse(uri.query()?).ok()?;
    homes.of_project(Which::Id(params.get("tenant_id")?))
}

/// The list that is asked for, if it goes on from cell to cell.
fn list_of(parts: &Parts, (rest, in_compute): (&str, bool)) -> Option<Box<dyn Pages>> {
    let uri = &parts.uri;
    let query = uri.query().unwrap_or_default();
    // Most are of one project: their queries are read once.
    if in_compute && matches!(rest, "servers" | "servers/detail") && !query.contains("all_") {
        return None;
    }
    let params = Params::parse(query).ok()?;
    let is_of_all = || ["all_tenants", "all_projects"].iter().any(|name| says_yes(&params, name));
    let version = version::asked(&parts.headers).unwrap_or(version::Version::MIN);
    let list = match (in_compute, rest) {
        (true, "servers" | "servers/detail") if is_of_all() => {
            List::page(uri, params, "servers", Some(limits::PAGE_MAX))
        }
        (true, "os-hypervisors" | "os-hypervisors/detail") => {
            if params.has("hypervisor_hostname_pattern") {
                List::whole(uri, params, "hypervisors").searched()
            } else if version >= hypervisors::PAGED {
                List::page(uri, params, "hypervisors", None)
            } else {
                List::whole(uri, params, "hypervisors")
            }
        }
        (true, "os-hypervisors/statistics") => {
            return Some(Box::new(Sums::new(uri, "hypervisor_statistics")));
        }
        (true, "os-simple-tenant-usage") if version >= usage::PAGED => {
            List::page(uri, params, "tenant_usages", None)
        }
        (true, "os-simple-tenant-usage") => List::whole(uri, params, "tenant_usages"),
        (true, "os-services") => List::whole(uri, params, "services"),
        (true, "os-hosts") => List::whole(uri, params, "hosts"),
        (true, of_hypervisors) => {
            let (_, what) = of_hypervisors.strip_prefix("os-hypervisors/")?.split_once('/')?;
            let list = || List::whole(uri, params, "hypervisors").searched();
            matches!(what, "search" | "servers").then(list)?
        }
        (false, "projects" | "auth/projects") => List::whole(uri, params, "projects"),
        (false, "role_assignments") => List::whole(uri, params, "role_assignments"),
        (false, of_user) => {
            let id = of_user.strip_prefix("users/")?.strip_suffix("/projects")?;
            (!id.contains('/')).then(|| List::whole(uri, params, "projects"))?
        }
    };
    Some(Box::new(list))
}

/// Whether a flag is set; one without a value is.
fn says_yes(params: &Params, name: &str) -> bool {
    params.get(name).is_some_and(|word| word.is_empty() || truth(word) == Some(true))
}

/// Where a login is to be answered, by its body.
pub fn of_login(body: &[u8], homes: &Homes) -> Way {
    let login = serde_json::from_slice(body).ok().and_then(|body| read_login(&body).ok());
    // Whoever answers it says what is wrong with it.
    let Some(Login { methods, scope, .. }) = login else { return Way::At(0) };
    let token = methods.iter().find_map(|method| match method {
        Method::Token(token) => Some(token),
        _ => None,
    });
    let by = token.map(|token| homes.within(cell_of(token)));
    if let Scope::Project(which) = &scope {
        let at = homes.of_project(which.as_ref()).unwrap_or(0);
        let ask = || question(&Question::Token(token?.clone()));
        return introduced(at, by.unwrap_or(at), ask);
    }
    if let Some(by) = by {
        return Way::At(by);
    }
    for method in &methods {
        let ask = match method {
            Method::Password { user, .. } if matches!(scope, Scope::Default) => {
                return Way::At(homes.of_user(user.as_ref()).unwrap_or(0));
            }
            Method::Credential { id, .. } => Question::Credential(id.clone()),
            Method::NamedCredential { user, name, .. } => {
                let (user_id, user_name) = match user {
                    Which::Id(id) => (Some(id.clone()), None),
                    Which::Name(name) => (None, Some(name.clone())),
                    Which::Stranger(_) => (None, None),
                };
                Question::NamedCredential { user_id, user_name, name: name.clone() }
            }
            _ => continue,
        };
        return question(&ask).map_or(Way::At(0), Way::Found);
    }
    Way::At(0)
}

/// The longest question: a token, an id or two names fit.
const QUESTION_MAX: usize = 4_096;

/// A question as it is sent; none if it is longer than any that has an answer.
fn question(question: &Question) -> Option<Ask> {
    let text = serde_json::to_string(question).ok()?;
    (text.len() <= QUESTION_MAX).then(|| Ask(text.into()))
}
