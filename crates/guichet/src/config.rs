//! `guichet config`: the configuration of a service, checked, shown and read again.

use anyhow::Context as _;
use guichet_cloud::config::Declared;
use guichet_locale::Locale;
use http::Method;

use crate::Ended;
use crate::cli::{
    CheckConfigArgs, ConfigArgs, ConfigCommand, ReloadArgs, ServeArgs, Setting,
    check_service_table, service_table_text,
};
use crate::control::Client;
use crate::output::{self, counted};
use crate::serve::declared;
use crate::simulate::profile_named;

/// Runs the command.
pub(crate) fn run(args: &ConfigArgs) -> anyhow::Result<Ended> {
    match &args.command {
        ConfigCommand::Check(args) => check(args)?,
        ConfigCommand::Show(args) => show(args)?,
        ConfigCommand::Default => output::print(&whole_default())?,
        ConfigCommand::Reload(args) => reload(args)?,
    }
    Ok(Ended::Good)
}

fn check(args: &CheckConfigArgs) -> anyhow::Result<()> {
    let declared = Declared::load(&args.file)?;
    check_service_table(&args.file)?;
    profile_named(&declared.profile, Locale::English)
        .with_context(|| format!("{}: `profile`", args.file.display()))?;
    let mut counts = vec![
        counted(declared.projects.len() as u64, "project"),
        counted(declared.users.len() as u64, "user"),
        counted(declared.flavors.len() as u64, "flavor"),
        counted(declared.images.len() as u64, "image"),
        counted(declared.networks.len() as u64, "network"),
        counted(declared.hosts.len() as u64, "host"),
    ];
    if !declared.cells.is_empty() {
        counts.push(counted(declared.cells.len() as u64, "cell"));
    }
    Ok(output::print(&format!("{} is sound: {}\n", args.file.display(), counts.join(", ")))?)
}

/// What holds, as a configuration that says all of it.
fn show(args: &ServeArgs) -> anyhow::Result<()> {
    let declared = declared(args)?;
    let text = format!("{}\n{}", service_section(&args.effective), declared.to_toml());
    Ok(output::print(&text)?)
}

/// The table `[service]`, with who says each of it.
fn service_section(settings: &[Setting]) -> String {
    let mut text =
        String::from("# Flags come before the environment, that before the file.\n[service]\n");
    for Setting { key, value, source, is_secret } in settings {
        let source = source.as_str();
        text += &match value {
            None => format!("# {key} = …  # {source}\n"),
            Some(_) if *is_secret => format!("# {key} = …  # {source}, not shown\n"),
            Some(value) => format!("{key} = {}  # {source}\n", as_toml(value)),
        };
    }
    text
}

/// A number or a switch as it is, anything else as a text.
fn as_toml(value: &str) -> String {
    match value.parse::<i64>() {
        Ok(number) => number.to_string(),
        Err(_) if matches!(value, "true" | "false") => value.to_owned(),
        Err(_) => toml::Value::from(value).to_string(),
    }
}

/// The embedded cloud, and in front of it every flag that a file may say.
fn whole_default() -> String {
    format!("{}\n{}", service_table_text(), Declared::default_text())
}

fn reload(args: &ReloadArgs) -> anyhow::Result<()> {
    let answer = Client::new(&args.place)?.ask(&Method::POST, "reload", None)?;
    let changed = answer["changed"].as_array().map_or(&[][..], Vec::as_slice);
    let changed: Vec<&str> = changed.iter().filter_map(|name| name.as_str()).collect();
    let told = if changed.is_empty() {
        "read again: nothing changed\n".to_owned()
    } else {
        format!("read again; changed: {}\n", changed.join(", "))
    };
    Ok(output::print(&told)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Source;

    #[test]
    fn what_is_shown_is_a_configuration_and_no_secret_is_in_it() {
        let setting = |key: &str, value: Option<&str>, is_secret| Setting {
            key: key.to_owned(),
            value: value.map(str::to_owned),
            source: Source::Flag,
            is_secret,
        };
        let shown = service_section(&[
            setting("listen", Some("127.0.0.1:0"), false),
            setting("worlds", Some("7"), false),
            setting("record", None, false),
            setting("control_token", Some("abcdefgh12345678"), true),
        ]);
        assert!(
            shown.contains("listen = \"127.0.0.1:0\"  # flag\nworlds = 7  # flag\n"),
            "{shown}"
        );
        assert!(!shown.contains("abcdefgh"), "{shown}");
        let read: toml::Table = shown.parse().expect("it is TOML");
        assert_eq!(read["service"].as_table().map(toml::Table::len), Some(2));
    }
}
