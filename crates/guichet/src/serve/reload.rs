//! Reads the configuration of a running service again: at a hang-up signal, or when it is asked to.
//!
//! ```text
//! read ─▶ compare with what holds ─▶ all of it can be taken over: it is
//!  └ a mistake   └ some needs a new start
//!       └──────────────┴──▶ nothing changes, and it is said why
//! ```

use std::ffi::OsString;
use std::sync::Arc;

use anyhow::bail;
use guichet_cloud::config::Declared;
use guichet_cloud::reload::Reload;
use guichet_cloud::worlds::Worlds;
use guichet_control::audit::Auditor;
use guichet_control::reloads::Asked;
use guichet_driver::profile::Profile;
use guichet_http::tls::{CertificateSlot, Reloaded};
use guichet_locale::Locale;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use super::log::SetLevel;
use super::start::declared;
use crate::cause;
use crate::cli::{self, Command, ServeArgs, Setting};
use crate::simulate::profile_named;

/// Flags that are taken over while the service runs.
const AT_ONCE: [&str; 1] = ["log"];

/// What else goes by what is declared.
pub(super) type OnReload = Option<Arc<dyn Fn(&Declared) + Send + Sync>>;

/// What holds at present.
pub(super) struct Present {
    /// All cells, and the one that is led, in the order of its cloud.
    declared: Declared,
    part: Declared,
    profile: Profile,
    settings: Vec<Setting>,
}

impl Present {
    /// What holds at the start, if it was read from a file: else its passwords need not stay in memory.
    pub(super) fn of(
        args: &ServeArgs,
        (declared, cell): (&Declared, usize),
        profile: &Profile,
    ) -> Option<Self> {
        args.cloud.config.as_ref()?;
        let (declared, profile) = (declared.clone(), profile.clone());
        let part = declared.part(cell);
        Some(Self { declared, part, profile, settings: args.effective.clone() })
    }
}

/// Reads the configuration again.
pub(super) struct Reloader {
    /// As the program was started.
    typed: Vec<OsString>,
    worlds: Arc<Worlds>,
    set_level: SetLevel,
    /// What connections are encrypted with, if they are.
    certificates: Option<Arc<CertificateSlot>>,
    /// None: the service was started without a file, and there is nothing to compare.
    present: Option<Present>,
    /// Which cell of what is declared the worlds are of.
    cell: usize,
    on_reload: OnReload,
}

impl Reloader {
    pub(super) fn new(
        worlds: Arc<Worlds>,
        (set_level, certificates): (SetLevel, Option<Arc<CertificateSlot>>),
        present: Option<Present>,
    ) -> Self {
        let typed = std::env::args_os().collect();
        Self { typed, worlds, set_level, certificates, present, cell: 0, on_reload: None }
    }

    /// The same for one cell; what else goes by what is declared is called with it.
    pub(super) fn of_cell(self, cell: usize, on_reload: OnReload) -> Self {
        Self { cell, on_reload, ..self }
    }

    /// Reads it at each hang-up, and whenever somebody asks, until the service stops.
    pub(super) async fn run(
        mut self,
        (hang_up, mut asked): (&Notify, mpsc::Receiver<Asked>),
        auditor: Option<Auditor>,
        stop: &CancellationToken,
    ) {
        loop {
            let asker = tokio::select! {
                biased;
                () = stop.cancelled() => return,
                () = hang_up.notified() => None,
                Some(asker) = asked.recv() => Some(asker),
            };
            let done = self.again().await;
            let is_done = done.is_ok();
            match (asker, &auditor) {
                // Nobody waiting any more is no error. The request has a line of its own.
                (Some(asker), _) => {
                    let _ = asker.send(done.map_err(|error| cause::chain(&error, Locale::English)));
                }
                (None, Some(auditor)) => auditor.service("reload", is_done),
                (None, None) => {}
            }
            if is_done {
                stop.run_until_cancelled(self.hash()).await;
            }
        }
    }

    /// Reads it and takes over what is new; what that is, and it is logged.
    ///
    /// # Errors
    /// What is wrong with it, or needs a new start: then nothing changed, and that is logged.
    async fn again(&mut self) -> anyhow::Result<Vec<String>> {
        let changed = self.take_over().await;
        match &changed {
            Ok(changed) if changed.is_empty() => {
                tracing::info!("configuration read again: nothing changed")
            }
            Ok(changed) => tracing::info!(changed = changed.join(", "), "configuration read again"),
            Err(error) => {
                let why = cause::chain(error, Locale::English);
                tracing::error!("configuration read again, and nothing taken over: {why}");
            }
        }
        changed
    }

    async fn take_over(&mut self) -> anyhow::Result<Vec<String>> {
        let Some(present) = &self.present else {
            if self.certificates.is_some() {
                return self.certificates().await;
            }
            bail!("the service was started without --config, so there is nothing to read again");
        };
        let typed = self.typed.clone();
        let (args, new, profile) = tokio::task::spawn_blocking(|| read(typed)).await??;
        let flags = changed_flags(&present.settings, &args.effective)?;
        Reload::check_cells(&present.declared, &new)?;
        let of_cell = new.part(self.cell);
        let reload = Reload::of((&present.part, &present.profile), (&of_cell, &profile))?;
        let reload = Arc::new(reload);
        // The last that may be refused for what is in a file.
        let of_files = self.certificates().await?;
        let of_cloud = self.worlds.reload(&reload).await?;
        if flags.iter().any(|key| key == "log") {
            (self.set_level)(&args.log);
        }
        if let Some(on_reload) = &self.on_reload {
            on_reload(&new);
        }
        let part = reload.declared().clone();
        self.present = Some(Present { declared: new, part, profile, settings: args.effective });
        let of_cloud = of_cloud.into_iter().map(str::to_owned);
        Ok(flags.into_iter().chain(of_cloud).chain(of_files).collect())
    }

    /// Reads the certificates again, if there are any.
    async fn certificates(&self) -> anyhow::Result<Vec<String>> {
        let Some(slot) = self.certificates.clone() else { return Ok(Vec::new()) };
        let reloaded = tokio::task::spawn_blocking(move || slot.reload()).await??;
        let is_new = reloaded != Reloaded::Same;
        Ok(is_new.then(|| "tls_cert".to_owned()).into_iter().collect())
    }

    /// Hashes the passwords that were taken over: once it is said what came of that, as a hash takes
    /// longer.
    async fn hash(&self) {
        self.worlds.first().cloud().accounts().hash_declared().await;
    }
}

/// What flags and file say by now. Reads files.
fn read(typed: Vec<OsString>) -> anyhow::Result<(ServeArgs, Declared, Profile)> {
    let args = match cli::parsed(typed) {
        Ok((cli, _)) => match cli.command {
            Command::Serve(args) => *args,
            _ => bail!("the program was not started to serve"),
        },
        Err(unparsed) => {
            let told = unparsed.message.unwrap_or_default();
            bail!("{}", told.strip_prefix("error: ").unwrap_or(&told).trim_end())
        }
    };
    let new = declared(&args)?;
    let profile = profile_named(&new.profile, Locale::English)?;
    Ok((args, new, profile))
}

/// The flags that are others than they were.
///
/// # Errors
/// Some of them only a new start takes over.
fn changed_flags(before: &[Setting], now: &[Setting]) -> anyhow::Result<Vec<String>> {
    let value = |settings: &[Setting], key: &str| {
        let found = settings.iter().find(|setting| setting.key == key);
        found.and_then(|setting| setting.value.clone())
    };
    let changed = now.iter().filter(|new| value(before, &new.key) != new.value);
    let changed: Vec<String> = changed.map(|setting| setting.key.clone()).collect();
    let fixed: Vec<&str> =
        changed.iter().map(String::as_str).filter(|key| !AT_ONCE.contains(key)).collect();
    if !fixed.is_empty() {
        bail!("[service] {} changed, which only a new start takes over", fixed.join(", "));
    }
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Source;

    fn setting(key: &str, value: Option<&str>) -> Setting {
        let (key, value) = (key.to_owned(), value.map(str::to_owned));
        Setting { key, value, source: Source::File, is_secret: false }
    }

    #[test]
    fn what_needs_a_new_start_is_named_and_the_rest_is_taken_over() {
        let before =
            [setting("log", Some("info")), setting("listen", Some("a")), setting("x", None)];
        assert!(changed_flags(&before, &before).expect("it is the same").is_empty());
        let louder = [setting("log", Some("debug")), setting("listen", Some("a"))];
        assert_eq!(changed_flags(&before, &louder).expect("it can be"), ["log"]);
        let moved = [setting("log", Some("debug")), setting("listen", Some("b"))];
        let error = changed_flags(&before, &moved).expect_err("it cannot move").to_string();
        assert_eq!(error, "[service] listen changed, which only a new start takes over");
    }
}
