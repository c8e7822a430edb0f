//! What is inside of actions that have something inside. (Compute API, "Servers - run an action".)

use std::sync::Arc;

use guichet_cloud::Cloud;
use guichet_core::action::Action;
use guichet_core::edit::Edit;
use serde_json::Value;

use super::asked::Asked;
use crate::compute::servers::values;
use crate::http::gate::Caller;
use crate::http::problem::Problem;
use crate::http::read::Object;
use crate::http::version::Version;

/// A crash dump, with nothing inside. (Where other actions have nothing inside, Nova looks at
/// nothing there.)
pub(super) fn crash_dump(value: &Value) -> Result<Asked, Problem> {
    match value.is_null() {
        true => Ok(Asked::Run(Action::CrashDump)),
        false => Err(Problem::bad_field("trigger_crash_dump", "It is not of type 'null'.")),
    }
}

/// A number of lines, or all of them; Nova takes a text of digits too, and -1 for all.
pub(super) fn console(value: &Value) -> Result<Asked, Problem> {
    let console = Object::of(value, "os-getConsoleOutput")?;
    console.known(&["length"])?;
    let number = match console.raw("length") {
        None | Some(Value::Null) => return Ok(Asked::Console { length: None }),
        Some(Value::Number(number)) => match number.as_f64().filter(|it| it.fract() == 0.0) {
            Some(whole) => format!("{whole}"),
            None => number.to_string(),
        },
        Some(Value::String(text)) => text.clone(),
        Some(_) => return Err(console.wrong("length", "It is no whole number.")),
    };
    let digits = number.strip_prefix('-').unwrap_or(&number);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(console.wrong("length", "It is no whole number."));
    }
    if number.starts_with('-') && !matches!(digits.parse(), Ok(0_u64 | 1)) {
        return Err(console.wrong("length", "It is less than -1."));
    }
    // More lines than a number can say are all of them.
    let length = (!number.starts_with('-')).then(|| number.parse().unwrap_or(usize::MAX));
    Ok(Asked::Console { length })
}

pub(super) fn reboot(value: &Value) -> Result<Asked, Problem> {
    let reboot = Object::of(value, "reboot")?;
    reboot.known(&["type"])?;
    let kind = reboot.text("type", 1, 255)?.ok_or_else(|| reboot.missing("type"))?;
    match kind {
        "SOFT" | "Soft" | "soft" => Ok(Asked::Run(Action::RebootSoft)),
        "HARD" | "Hard" | "hard" => Ok(Asked::Run(Action::RebootHard)),
        _ => Err(reboot.wrong("type", "Expected SOFT or HARD.")),
    }
}

/// With a reason from 2.73 on (REST API Version History).
pub(super) fn lock(value: &Value, version: Version) -> Result<Asked, Problem> {
    if value.is_null() || version < Version(73) {
        return Ok(Asked::Edit(Edit::Lock { reason: None }));
    }
    let lock = Object::of(value, "lock")?;
    lock.known(&["locked_reason"])?;
    let reason = lock.text("locked_reason", 1, 255)?.map(Arc::from);
    Ok(Asked::Edit(Edit::Lock { reason }))
}

/// Another flavor, by its id or address.
pub(super) fn resize(cloud: &Cloud, caller: &Caller, value: &Value) -> Result<Asked, Problem> {
    let resize = Object::of(value, "resize")?;
    resize.known(&["flavorRef", "OS-DCF:diskConfig"])?;
    let disk_config_auto = values::disk_config(&resize)?;
    let reference = values::flavor_ref(&resize)?;
    let known = cloud.catalogue().find_flavor(&reference, (&caller.who).into());
    let not_there = || Problem::bad_request(format!("Flavor {reference} could not be found."));
    known.map(|(id, _)| Asked::Resize(id, disk_config_auto)).ok_or_else(not_there)
}

/// A password, and an image to boot from: all that is seen of that is that it is there.
pub(super) fn rescue(cloud: &Cloud, caller: &Caller, value: &Value) -> Result<Asked, Problem> {
    if value.is_null() {
        return Ok(Asked::Rescue { password: None });
    }
    let rescue = Object::of(value, "rescue")?;
    rescue.known(&["adminPass", "rescue_image_ref"])?;
    if rescue.raw("rescue_image_ref").is_some() {
        let image = values::image_ref(&rescue, "rescue_image_ref")?;
        if let Some(image) = image {
            values::bootable(cloud, caller, image)?;
        }
    }
    let password = values::password(&rescue)?.map(str::to_owned);
    Ok(Asked::Rescue { password })
}

/// A new password. It is checked and recorded nowhere: no simulated machine has one.
pub(super) fn password(value: &Value) -> Result<Asked, Problem> {
    let change = Object::of(value, "changePassword")?;
    change.known(&["adminPass"])?;
    values::password(&change)?.ok_or_else(|| change.missing("adminPass"))?;
    Ok(Asked::Run(Action::ChangePassword))
}

/// A zone from 2.77 on, from 2.91 on also none and a host, which only administrators name.
pub(super) fn unshelve(cloud: &Cloud, value: &Value, version: Version) -> Result<Asked, Problem> {
    if value.is_null() || version < Version(77) {
        return Ok(Asked::Run(Action::Unshelve));
    }
    let unshelve = Object::of(value, "unshelve")?;
    let names = ["availability_zone", "host"];
    let has_host = version >= Version(91);
    unshelve.known(if has_host { &names } else { &names[..1] })?;
    match unshelve.raw(names[0]) {
        Some(Value::Null) if has_host => {}
        None if !has_host => return Err(unshelve.missing(names[0])),
        Some(_) if has_host => {
            let zone = unshelve.text(names[0], 0, usize::MAX)?.unwrap_or_default();
            values::known_zone(cloud, zone)?;
        }
        _ => drop(values::zone(cloud, &unshelve)?),
    }
    match unshelve.text("host", 0, usize::MAX)? {
        None | Some("") => Ok(Asked::Run(Action::Unshelve)),
        Some(host) => Ok(Asked::Move(Action::Unshelve, Some(host.to_owned()))),
    }
}

/// A host from 2.56 on.
pub(super) fn migrate(value: &Value, version: Version) -> Result<Asked, Problem> {
    if value.is_null() || version < Version(56) {
        return Ok(Asked::Move(Action::Migrate, None));
    }
    let migrate = Object::of(value, "migrate")?;
    migrate.known(&["host"])?;
    Ok(Asked::Move(Action::Migrate, host(&migrate)?))
}

/// `disk_over_commit` until 2.24, `force` from 2.30 to 2.67. Needed are `host`, `null` for any, and
/// how disks go along.
pub(super) fn migrate_live(value: &Value, version: Version) -> Result<Asked, Problem> {
    let live = Object::of(value, "os-migrateLive")?;
    let mut needed = vec!["host", "block_migration"];
    needed.extend((version < Version(25)).then_some("disk_over_commit"));
    let mut names = needed.clone();
    names.extend((Version(30)..=Version(67)).contains(&version).then_some("force"));
    live.known(&names)?;
    if let Some(name) = needed.iter().find(|name| live.raw(name).is_none()) {
        return Err(live.missing(name));
    }
    let is_auto = live.raw("block_migration").is_some_and(|value| value == "auto");
    if !(is_auto && version >= Version(25)) {
        live.flag("block_migration")?;
    }
    live.flag("disk_over_commit")?;
    live.flag("force")?;
    Ok(Asked::Move(Action::LiveMigrate, host(&live)?))
}

/// `onSharedStorage` until 2.13, `force` from 2.29 to 2.67.
pub(super) fn evacuate(value: &Value, version: Version) -> Result<Asked, Problem> {
    let evacuate = Object::of(value, "evacuate")?;
    let mut names = vec!["host", "adminPass"];
    names.extend((version < Version(14)).then_some("onSharedStorage"));
    names.extend((Version(29)..=Version(67)).contains(&version).then_some("force"));
    evacuate.known(&names)?;
    values::password(&evacuate)?;
    if version < Version(14) && evacuate.flag("onSharedStorage")?.is_none() {
        return Err(evacuate.missing("onSharedStorage"));
    }
    evacuate.flag("force")?;
    let host = values::host_name(&evacuate, "host")?.map(str::to_owned);
    Ok(Asked::Move(Action::Evacuate, host))
}

/// A host's name; `null` is any.
fn host(object: &Object<'_>) -> Result<Option<String>, Problem> {
    match object.raw("host") {
        Some(Value::Null) => Ok(None),
        _ => Ok(values::host_name(object, "host")?.map(str::to_owned)),
    }
}

pub(super) fn reset(value: &Value) -> Result<Asked, Problem> {
    let reset = Object::of(value, "os-resetState")?;
    reset.known(&["state"])?;
    match reset.text("state", 1, 255)?.ok_or_else(|| reset.missing("state"))? {
        "active" => Ok(Asked::Run(Action::ResetActive)),
        "error" => Ok(Asked::Run(Action::ResetError)),
        _ => Err(reset.wrong("state", "Expected active or error.")),
    }
}

/// The group to put a server in or to take it out of.
pub(super) fn group(action: &str, value: &Value) -> Result<Asked, Problem> {
    let group = Object::of(value, action)?;
    group.known(&["name"])?;
    let name = group.text("name", 1, usize::MAX)?.ok_or_else(|| group.missing("name"))?;
    Ok(Asked::Group { name: name.to_owned(), is_in: action == "addSecurityGroup" })
}

/// A project has one group, and all its servers are in it.
pub(super) fn check_group(cloud: &Cloud, caller: &Caller, name: &str) -> Result<(), Problem> {
    if values::is_own_group(cloud, caller, name) {
        return Ok(());
    }
    let directory = cloud.accounts().directory();
    let project = directory.owner(caller.who.project);
    let project = project.map_or("", |project| &project.id);
    let text = format!("Security group {name} not found for project {project}.");
    Err(Problem::not_found(text))
}
