//! What a machine writes on its console. There is no guest behind a simulated machine, so its
//! story is told from what is known of its server: each boot that succeeded, with firmware, kernel
//! and the lines of cloud-init that programs look for, and the prompt of a login at the end. The
//! same server at the same moment has the same text.

use std::fmt::Write as _;

use guichet_core::action::Action;
use guichet_core::limits;
use guichet_core::server::{Operation, OperationState, Server};

use super::hostname::hostname;
use super::values::base64;

/// The last `length` lines of all boots, or all; past [`limits::CONSOLE_BOOTS_MAX`] boots the
/// oldest are gone, as from a console's ring.
pub(super) fn output(
    server: &Server,
    image: &str,
    operations: &[Operation],
    length: Option<usize>,
) -> String {
    let boots: Vec<&Operation> = operations.iter().filter(|operation| boots(operation)).collect();
    let first = boots.len().saturating_sub(limits::CONSOLE_BOOTS_MAX);
    let mut text = String::new();
    for (number, operation) in boots.iter().enumerate().skip(first) {
        boot(&mut text, server, image, (number, operation));
    }
    match length {
        None => text,
        Some(length) => {
            let lines: Vec<&str> = text.lines().collect();
            lines[lines.len().saturating_sub(length)..].join("\n")
        }
    }
}

/// Whether a machine boots in it.
fn boots(operation: &Operation) -> bool {
    let starts = matches!(
        operation.action,
        Action::Create
            | Action::RebootSoft
            | Action::RebootHard
            | Action::Start
            | Action::Rebuild
            | Action::Rescue
            | Action::Unrescue
            | Action::Unshelve
            | Action::Restore
            | Action::Evacuate
    );
    starts && operation.state == OperationState::Succeeded
}

/// One boot. Writing to a text cannot fail.
fn boot(text: &mut String, server: &Server, image: &str, (number, operation): (usize, &Operation)) {
    let at = operation.finished.unwrap_or(operation.accepted);
    let name = hostname(server);
    let size = server.size;
    let mut line = |line: std::fmt::Arguments<'_>| {
        text.write_fmt(line).and_then(|()| text.write_str("\n")).unwrap_or_default();
    };
    line(format_args!("Guichet simulated machine {}", server.id.0));
    line(format_args!("Booting from Hard Disk..."));
    line(format_args!("[    0.000000] Linux version 6.1.0 (guichet) #1 SMP"));
    line(format_args!("[    0.000000] Command line: root=LABEL={image} ro console=ttyS0"));
    line(format_args!("[    0.004000] smpboot: Allowing {} CPUs", size.vcpus));
    line(format_args!("[    0.008000] Memory: {}K available", u64::from(size.ram_mib) * 1024));
    line(format_args!("[    0.912000] systemd[1]: Hostname set to <{name}>."));
    line(format_args!(
        "cloud-init[1]: Cloud-init v. 24.1 running 'init' at {}. Boot {}.",
        at,
        number + 1
    ));
    for port in server.ports() {
        let [a, b, c, d, e, f] = port.mac;
        line(format_args!(
            "ci-info: | eth0 | True | {} | {a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{f:02x} |",
            port.address
        ));
    }
    let details = server.details.as_deref();
    if let Some(key) = details.and_then(|details| details.key_name.as_deref()) {
        line(format_args!("ci-info: authorized key of the pair '{key}' for user root"));
    }
    // User data is run at the first boot, and again once a server is made anew.
    if matches!(operation.action, Action::Create | Action::Rebuild | Action::Evacuate) {
        let data = details.and_then(|details| details.user_data.as_deref());
        for command in data.map(commands).unwrap_or_default() {
            line(format_args!("cloud-init[1]: + {command}"));
        }
    }
    line(format_args!(
        "cloud-init[1]: Cloud-init v. 24.1 finished at {}. Datasource DataSourceConfigDrive.",
        at
    ));
    line(format_args!(""));
    line(format_args!("{image} {name} ttyS0"));
    line(format_args!(""));
    line(format_args!("{name} login: "));
}

/// The commands of `runcmd` in a cloud-config, or the lines of a script, as they stand there; the
/// first [`limits::CONSOLE_COMMANDS_MAX`] of them.
fn commands(user_data: &str) -> Vec<String> {
    let bytes = base64(user_data).unwrap_or_default();
    let data = String::from_utf8_lossy(&bytes);
    let is_script = data.starts_with("#!");
    let of_runcmd = data.lines().skip_while(|line| line.trim_end() != "runcmd:").skip(1);
    let of_runcmd = of_runcmd
        .take_while(|line| line.trim_start().starts_with('-'))
        .map(|line| line.trim_start().trim_start_matches('-').trim());
    let of_script = data.lines().skip(1).filter(|line| !line.trim().is_empty());
    let all: Vec<&str> = if is_script { of_script.collect() } else { of_runcmd.collect() };
    let printable = |line: &str| line.chars().filter(|c| !c.is_control()).collect();
    all.into_iter().take(limits::CONSOLE_COMMANDS_MAX).map(printable).collect()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::*;

    #[test]
    fn commands_are_those_of_a_cloud_config_or_of_a_script() {
        let encoded = |text: &str| ::base64::engine::general_purpose::STANDARD.encode(text);
        let config = encoded("#cloud-config\nruncmd:\n  - echo a\n  - touch /b\npackages: [c]\n");
        assert_eq!(commands(&config), ["echo a", "touch /b"]);
        assert_eq!(commands(&encoded("#!/bin/sh\n\necho a\n")), ["echo a"]);
        assert_eq!(commands(&encoded("hello")), Vec::<String>::new());
        assert_eq!(commands("no base64!!"), Vec::<String>::new());
        let many = "#!/bin/sh\n".to_owned() + &"x\n".repeat(1_000);
        assert_eq!(commands(&encoded(&many)).len(), limits::CONSOLE_COMMANDS_MAX);
    }
}
