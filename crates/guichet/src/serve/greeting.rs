//! What is said once the service listens.

use std::path::Path;

use guichet_cloud::config::Drawn;
use guichet_cloud::data::Held;

use crate::cli::ServeArgs;
use crate::output::counted;

/// Where the service is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// What it listens on.
    pub(super) listens: &'a str,
    /// What links begin with.
    pub(super) url: &'a str,
    /// By what clients check it, if that must be said.
    pub(super) cacert: Option<&'a str>,
}

/// Where it listens, what is kept where, and who may come in.
pub(super) fn greeting(
    args: &ServeArgs,
    place: Place<'_>,
    drawn: &Drawn,
    yaml_is_new: bool,
    (held, has_console): (Option<Held>, bool),
) -> String {
    let Place { listens, url, cacert } = place;
    let mut lines = vec![
        format!("guichet serve: listening on {listens}"),
        format!("  auth_url  {url}/identity"),
    ];
    if has_console {
        lines.push(format!("  console   {url}/console/"));
    }
    lines.push(storage(args.data.as_deref(), held));
    // What is in a file that its owner alone can read need not be in a log that others keep.
    let file = args.write_clouds_yaml.as_deref().filter(|_| yaml_is_new);
    for (user, password) in &drawn.now {
        lines.push(match file {
            Some(file) => {
                format!("  user {user}: a password was drawn; it is in {}", file.display())
            }
            None => format!("  user {user}, password {password} (drawn now, shown only here)"),
        });
    }
    for user in &drawn.before {
        lines.push(format!("  user {user}: the password that was shown at an earlier start"));
    }
    if args.cloud.dev {
        lines.push(
            "  --dev: users demo, alt and admin have the password secret: for tests only"
                .to_owned(),
        );
    }
    match &args.write_clouds_yaml {
        Some(path) => {
            let done = if yaml_is_new { "written to" } else { "left as it is:" };
            lines.push(format!("  clouds.yaml {done} {}; next:", path.display()));
            lines.push(format!(
                "  OS_CLIENT_CONFIG_FILE={} openstack --os-cloud guichet server list",
                path.display()
            ));
        }
        None if args.cloud.dev => {
            let trust = cacert.map(|path| format!(" --cacert {path}")).unwrap_or_default();
            lines.push(format!(
                "  clients: guichet clouds-yaml --dev --url {url}{trust} > clouds.yaml; \
                 openstack --os-cloud guichet server list"
            ));
        }
        None => {}
    }
    lines.join("\n") + "\n"
}

/// The line that says which cell of several is led here, and what was found in it.
pub(super) fn of_cell(name: &str, held: Option<Held>) -> String {
    let Held { servers, queued, running } = held.unwrap_or_default();
    let servers = counted(servers as u64, "server");
    let operations = counted((queued + running) as u64, "operation");
    format!("  leads cell {name}: {servers} there, {operations} to go on with\n")
}

/// The line that says where servers are stored, and what was found there.
fn storage(data: Option<&Path>, held: Option<Held>) -> String {
    match (data, held) {
        (Some(dir), Some(held)) => {
            let Held { servers, queued, running } = held;
            let dir = dir.display();
            let servers = counted(servers as u64, "server");
            let operations = counted((queued + running) as u64, "operation");
            format!("  servers are kept in {dir}: {servers} there, {operations} to go on with")
        }
        _ => "  servers are kept in memory: they are gone when this process ends".to_owned(),
    }
}
