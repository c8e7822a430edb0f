//! In which order a list shows servers.

use guichet_cloud::servers::{Order, SortKey};
use guichet_http::query::Params;

use crate::http::gate::Caller;
use crate::http::problem::Problem;
use crate::http::query::CheckedParams;

/// Names of sort keys. What there is nothing to tell servers apart by leaves them as they are.
const KEYS: [(&str, SortKey); 30] = [
    ("uuid", SortKey::Id),
    ("display_name", SortKey::Name),
    ("created_at", SortKey::Created),
    ("updated_at", SortKey::Updated),
    ("launched_at", SortKey::Launched),
    ("vm_state", SortKey::VmState),
    ("task_state", SortKey::TaskState),
    ("project_id", SortKey::Project),
    ("user_id", SortKey::User),
    ("locked", SortKey::Locked),
    ("host", SortKey::Host),
    ("node", SortKey::Host),
    ("power_state", SortKey::VmState),
    ("terminated_at", SortKey::Same),
    ("access_ip_v4", SortKey::Same),
    ("access_ip_v6", SortKey::Same),
    ("auto_disk_config", SortKey::Same),
    ("availability_zone", SortKey::Same),
    ("config_drive", SortKey::Same),
    ("display_description", SortKey::Same),
    ("image_ref", SortKey::Same),
    ("instance_type_id", SortKey::Same),
    ("kernel_id", SortKey::Same),
    ("launch_index", SortKey::Same),
    ("locked_by", SortKey::Same),
    ("progress", SortKey::Same),
    ("ramdisk_id", SortKey::Same),
    ("root_device_name", SortKey::Same),
    ("key_name", SortKey::KeyName),
    ("hostname", SortKey::Name),
];

/// Reads the order from a query. By creation if no key is named, and descending if no direction is;
/// a key without a direction of its own has that of the first. (Nova, `get_sort_params` and
/// `process_sort_params`.)
pub(super) fn read(caller: &Caller, params: &Params) -> Result<Order, Problem> {
    params.check_directions()?;
    let mut directions = params.all("sort_dir").map(|direction| direction == "asc");
    let first = directions.next();
    let ascending = first.unwrap_or(false);
    let mut directions = first.into_iter().chain(directions);
    let mut keys = Vec::new();
    for name in params.all("sort_key") {
        let known = KEYS.iter().find(|(known, _)| *known == name);
        let (_, key) = known.ok_or_else(|| {
            Problem::bad_request(format!("Invalid input for query parameters sort_key: '{name}'."))
        })?;
        if matches!(key, SortKey::Host) && !caller.is_admin() {
            return Err(Problem::policy("sorting by host"));
        }
        keys.push((*key, directions.next().unwrap_or(ascending)));
    }
    if keys.is_empty() {
        keys.push((SortKey::Created, directions.next().unwrap_or(ascending)));
    }
    if directions.next().is_some() {
        return Err(Problem::bad_request(
            "Invalid input received: Sort direction size exceeds sort key size",
        ));
    }
    Ok(Order::by(keys))
}
