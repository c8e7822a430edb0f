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

/// Actions that are there at some versions, but not at the one that is asked with: 404, as all that
/// a version has not.
const ELSEWHEN: [&str; 8] = [
    "addFloatingIp",
    "removeFloatingIp",
    "addFixedIp",
    "removeFixedIp",
    "trigger_crash_dump",
    "os-getVNCConsole",
    "os-getSPICEConsole",
    "os-getSerialConsole",
];

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

/// What there is nothing behind, or no action at this version.
fn without(name: &str, version: Version) -> Result<Asked, Problem> {
    let had = |(known, last): &(&str, u16)| *known == name && version.0 <= *last;
    if GONE.contains(&name) {
        return Ok(Asked::Never(Problem::gone()));
    }
    if BEFORE.iter().any(had) {
        let text = "There is no such address: ask the network service for ports and addresses.";
        return Ok(Asked::Never(Problem::not_found(text)));
    }
    if ELSEWHEN.contains(&name) {
        return Err(Problem::not_found("The resource could not be found."));
    }
    Err(Problem::bad_request(format!("There is no such action: {name}")))
}
