//! Which action a body asks for. (Compute API, "Servers - run an action" and "run an administrative
//! action"; REST API Version History for the versions.)

use guichet_cloud::Cloud;
use guichet_core::action::Action;
use guichet_core::edit::Edit;
use serde_json::Value;

use super::asked::Asked;
use super::rebuild::Rebuild;
use super::{bodies, image};
use crate::compute::servers::consoles;
use crate::http::gate::Caller;
use crate::http::problem::Problem;
use crate::http::read::Object;
use crate::http::version::Version;

/// Actions of an earlier Nova, and the last version that has each. What is behind them is
/// Neutron's now.
const BEFORE: [(&str, u16); 4] =
    [("addFloatingIp", 43), ("removeFloatingIp", 43), ("addFixedIp", 43), ("removeFixedIp", 43)];

/// The first version that has crash dumps.
const CRASH_DUMP: Version = Version(17);

/// Actions that Nova took away at every version (Nova 22.0.0, 29.0.0).
const GONE: [&str; 2] = ["resetNetwork", "os-getRDPConsole"];

/// What a body asks for.
pub(super) fn asked(cloud: &Cloud, caller: &Caller, body: &Value) -> Result<Asked, Problem> {
    let version = caller.version();
    let body = Object::of(body, "body")?;
    let mut names = body.iter();
    let (Some((name, value)), None) = (names.next(), names.next()) else {
        return Err(Problem::bad_request("Expected exactly one action in the body."));
    };
    if let Some(asked) = simple(name) {
        return Ok(asked);
    }
    if let Some(kind) = consoles::asked(name, value, version) {
        return Ok(Asked::Screen(kind?));
    }
    match name.as_str() {
        "shelve" => Ok(Asked::Shelve),
        "injectNetworkInfo" => Ok(Asked::Network),
        "trigger_crash_dump" if version >= CRASH_DUMP => bodies::crash_dump(value),
        "trigger_crash_dump" => Err(Problem::no_resource()),
        "reboot" => bodies::reboot(value),
        "lock" => bodies::lock(value, version),
        "os-getConsoleOutput" => bodies::console(value),
        "createImage" => Ok(Asked::Image(image::snapshot(value)?)),
        "createBackup" => Ok(Asked::Image(image::backup(value)?)),
        "resize" => bodies::resize(cloud, caller, value),
        "rebuild" => Ok(Asked::Rebuild(Box::new(Rebuild::read(cloud, caller, value)?))),
        "rescue" => bodies::rescue(cloud, caller, value),
        "changePassword" => bodies::password(value),
        "unshelve" => bodies::unshelve(cloud, value, version),
        "migrate" => bodies::migrate(value, version),
        "os-migrateLive" => bodies::migrate_live(value, version),
        "evacuate" => bodies::evacuate(value, version),
        "os-resetState" => bodies::reset(value),
        "addSecurityGroup" | "removeSecurityGroup" => bodies::group(name, value),
        other => without(other, version),
    }
}

/// The actions with nothing inside that is looked at.
fn simple(name: &str) -> Option<Asked> {
    let action = match name {
        "os-start" => Action::Start,
        "os-stop" => Action::Stop,
        "pause" => Action::Pause,
        "unpause" => Action::Unpause,
        "suspend" => Action::Suspend,
        "resume" => Action::Resume,
        "confirmResize" => Action::ConfirmResize,
        "revertResize" => Action::RevertResize,
        "unrescue" => Action::Unrescue,
        "shelveOffload" => Action::ShelveOffload,
        "restore" => Action::Restore,
        "forceDelete" => Action::Delete,
        "unlock" => return Some(Asked::Edit(Edit::Unlock)),
        _ => return None,
    };
    Some(Asked::Run(action))
}

/// What there is nothing behind, or no action at this version: that is 404, as all that a version
/// has not.
fn without(name: &str, version: Version) -> Result<Asked, Problem> {
    if GONE.contains(&name) {
        return Ok(Asked::Never(Problem::gone()));
    }
    match BEFORE.iter().find(|(known, _)| *known == name) {
        Some((_, last)) if version.0 <= *last => {
            let text = "There is no such address: ask the network service for ports and addresses.";
            Ok(Asked::Never(Problem::not_found(text)))
        }
        Some(_) => Err(Problem::no_resource()),
        None => Err(Problem::bad_request(format!("There is no such action: {name}"))),
    }
}
