//! What a new server group is to be, read from its body. (Compute API, "Create Server Group".)

use guichet_cloud::groups::NewGroup;
use guichet_core::group::Policy;
use guichet_core::limits;
use serde_json::Value;

use crate::compute::servers::values::plain_name;
use crate::http::problem::Problem;
use crate::http::read::Object;
use crate::http::version::Version;

/// From here on there are soft policies (REST API Version History, 2.15).
const SOFT: Version = Version(15);
/// From here on there is one `policy`, with `rules` (2.64).
const RULES: Version = Version(64);

pub(super) fn read(body: &Value, version: Version) -> Result<NewGroup<'_>, Problem> {
    let new = Object::only(body, "server_group")?;
    let has_rules = version >= RULES;
    new.known(if has_rules { &["name", "policy", "rules"] } else { &["name", "policies"] })?;
    plain_name(&new, "name")?;
    let name = new.text("name", 1, limits::NAME_MAX)?.ok_or_else(|| new.missing("name"))?;
    let field = if has_rules { "policy" } else { "policies" };
    let word = if has_rules {
        new.text(field, 0, limits::TEXT_MAX)?.ok_or_else(|| new.missing(field))?
    } else {
        match new.list(field, 1)?.ok_or_else(|| new.missing(field))? {
            [Value::String(word)] => word,
            _ => return Err(new.wrong(field, "Expected one policy.")),
        }
    };
    let is_soft =
        |policy: &Policy| matches!(policy, Policy::SoftAffinity | Policy::SoftAntiAffinity);
    let policy = Policy::of_word(word).filter(|policy| version >= SOFT || !is_soft(policy));
    let policy = policy.ok_or_else(|| new.wrong(field, "It is no policy of this version."))?;
    let max_per_host = match new.object("rules")? {
        None => None,
        Some(rules) => {
            rules.known(&["max_server_per_host"])?;
            rules.count("max_server_per_host")?
        }
    };
    let max_per_host = max_per_host.map(|most| u32::try_from(most).unwrap_or(u32::MAX));
    Ok(NewGroup { name, policy, max_per_host })
}
