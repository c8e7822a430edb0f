//! `guichet run -- COMMAND`: a cloud for one command, which finds it in its environment. It is there
//! before the command begins and gone when that has ended.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, ExitStatus};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use guichet_cloud::config::Declared;
use guichet_cloud::worlds::{Blueprint, ControlToken, WorldId, Worlds};
use guichet_control::access::Access;
use guichet_control::app;
use guichet_http::serve::serve;
use guichet_locale::Locale;
use guichet_openstack::environment;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::Ended;
use crate::cli::RunArgs;
use crate::output;
use crate::serve::signals::{ignores_hang_up, next};
use crate::simulate::profile_named;
use crate::world::variables_of_clients;

/// Runs the command; its exit code is the program's.
pub(crate) fn run(args: &RunArgs) -> anyhow::Result<Ended> {
    let mut declared = match &args.config {
        Some(path) => Declared::load(path).context("--config")?,
        None => Declared::dev(),
    };
    if let Some(profile) = &args.profile {
        declared.profile.clone_from(profile);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.context("could not start")?.block_on(carry_out(args, declared))
}

async fn carry_out(args: &RunArgs, declared: Declared) -> anyhow::Result<Ended> {
    let profile = profile_named(&declared.profile, Locale::English)?;
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await;
    let listener = listener.context("no port to listen on")?;
    let url = format!("http://{}", listener.local_addr().context("no port to listen on")?);
    let blueprint =
        Blueprint { declared, profile, seed: args.seed, is_stored: false, snapshots: None };
    let worlds = Arc::new(Worlds::open(blueprint, args.worlds as usize)?);
    let variables = environment(&worlds.declared(worlds.first()), &url);
    worlds.first().set_speed(args.speed).context("--speed")?;
    worlds.first().set_jumps(args.jump)?;
    let token = ControlToken::draw().context("no random bytes")?;
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let app = app(Arc::clone(&worlds), Access::by(&token));
    tasks.spawn(serve(listener, app, stop.clone()));
    let (idle, stopped) = (Arc::clone(&worlds), stop.clone());
    tasks.spawn(async move { idle.end_idle(&stopped).await });
    let own = [
        ("GUICHET_URL", url),
        ("GUICHET_WORLD", WorldId::FIRST.to_owned()),
        ("GUICHET_CONTROL_TOKEN", token.text().to_owned()),
    ];
    let ended = command(args, variables.into_iter().chain(own)).await;
    worlds.begin_closing();
    stop.cancel();
    // What the command left under way nobody waits for.
    let _ = worlds.first().cloud().manager().drain(Duration::ZERO).await;
    worlds.close().await;
    tasks.close();
    tasks.wait().await;
    ended
}

/// Runs the command to its end, with these variables and no other that would point a client elsewhere.
async fn command(
    args: &RunArgs,
    variables: impl Iterator<Item = (&'static str, String)>,
) -> anyhow::Result<Ended> {
    let [program, rest @ ..] = &args.command[..] else { bail!("no command") };
    let mut command = Command::new(program);
    for name in variables_of_clients() {
        command.env_remove(name);
    }
    command.args(rest).envs(variables);
    let mut signals = Signals::new()?;
    let child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            // As a shell has it: 127 for a command that is not there, 126 for one that cannot be run.
            let is_missing = error.kind() == io::ErrorKind::NotFound;
            let program = program.to_string_lossy();
            output::say(&format!("error: {program}: {error}\n"));
            return Ok(Ended::Command(if is_missing { 127 } else { 126 }));
        }
    };
    let status = signals.wait_for(child).await?;
    // As a shell has it: a command that a signal ended.
    let by_signal = status.signal().map(|signal| 128 + signal);
    let code = status.code().or(by_signal).unwrap_or(1);
    Ok(Ended::Command(u8::try_from(code).unwrap_or(1)))
}

/// Signals that are the command's.
struct Signals {
    interrupts: tokio::signal::unix::Signal,
    terminations: tokio::signal::unix::Signal,
    /// None if whoever started us has us ignore them, and the command too.
    hang_ups: Option<tokio::signal::unix::Signal>,
}

impl Signals {
    fn new() -> anyhow::Result<Self> {
        let listen = |kind| signal(kind).context("signals");
        Ok(Self {
            interrupts: listen(SignalKind::interrupt())?,
            terminations: listen(SignalKind::terminate())?,
            hang_ups: if ignores_hang_up() { None } else { Some(listen(SignalKind::hangup())?) },
        })
    }

    /// Waits for the command's end, and hands on what it is to be told. An interrupt of a terminal
    /// goes to it as well as to us, so that one is only waited out.
    async fn wait_for(&mut self, mut child: Child) -> anyhow::Result<ExitStatus> {
        let pid = Pid::from_raw(i32::try_from(child.id()).context("the command's process")?);
        let waiting = tokio::task::spawn_blocking(move || child.wait());
        tokio::pin!(waiting);
        loop {
            let told = tokio::select! {
                biased;
                status = &mut waiting => {
                    return status.context("the command")?.context("the command");
                }
                _ = self.interrupts.recv() => continue,
                _ = self.terminations.recv() => Signal::SIGTERM,
                () = next(&mut self.hang_ups) => Signal::SIGHUP,
            };
            // It may have ended by itself.
            let _ = kill(pid, told);
        }
    }
}
