//! Ends the process and starts the next one, over and over.

use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use guichet_clock::Stopwatch;
use nix::sys::signal::Signal;

use crate::plan::{End, Strike};
use crate::process::{Process, Start, USER};
use crate::violation::Kind;
use crate::wire::{Question, Wire, log_in};
use crate::world::{Up, World};

/// `guichet serve` told twice to stop.
const TOLD_TWICE: i32 = 130;

pub(crate) struct Killer {
    world: Arc<World>,
    start: Start,
    process: Process,
    up: Up,
}

impl Killer {
    /// Takes over a process that serves, with the token that was made there.
    pub(crate) fn new(world: Arc<World>, start: Start, process: Process, token: &str) -> Self {
        let up = Up { generation: 0, token: token.into(), address: start.address };
        world.up.send_replace(Some(up.clone()));
        Self { world, start, process, up }
    }

    /// One end of the process, and the start of the next.
    pub(crate) async fn strike(&mut self, strike: Strike) -> anyhow::Result<()> {
        tokio::time::sleep(strike.after).await;
        let gap = Stopwatch::start();
        match strike.end {
            End::Kill => {
                self.process.signal(Signal::SIGKILL);
                self.end(&[]).await?;
                self.world.known().1.kills += 1;
            }
            End::Term => {
                self.process.signal(Signal::SIGTERM);
                self.end(&[0]).await?;
                self.world.known().1.terminations += 1;
            }
            End::TermTwice(between) => {
                self.process.signal(Signal::SIGTERM);
                tokio::time::sleep(between).await;
                self.process.signal(Signal::SIGTERM);
                self.end(&[0, TOLD_TWICE]).await?;
                self.world.known().1.terminations_twice += 1;
            }
        }
        if let Some(after) = strike.in_start {
            self.process = self.start.spawn()?;
            tokio::time::sleep(after).await;
            self.process.signal(Signal::SIGKILL);
            self.end(&[]).await?;
            self.world.known().1.kills_in_start += 1;
        }
        self.next().await?;
        let (_, counts) = &mut *self.world.known();
        counts.longest_gap = counts.longest_gap.max(gap.elapsed());
        Ok(())
    }

    /// Waits for the end. Killed, it may end in no other way.
    async fn end(&mut self, codes: &[i32]) -> anyhow::Result<()> {
        let status = self.process.ended().await?;
        self.world.up.send_replace(None);
        let is_killed = codes.is_empty() && status.signal() == Some(Signal::SIGKILL as i32);
        if !is_killed && !status.code().is_some_and(|code| codes.contains(&code)) {
            let detail = format!("{status}, expected {}", expected(codes));
            self.world.known().0.broken(Kind::Exit, detail);
        }
        Ok(())
    }

    /// Starts the next process and tells the clients, once it answers.
    async fn next(&mut self) -> anyhow::Result<()> {
        let watch = Stopwatch::start();
        self.process = self.start.spawn()?;
        let resumed = self.process.listens().await?;
        let address = self.start.address;
        let mut wire = Wire::connect(address, &self.up.token).await?;
        let answer = wire.must(&Question::get("/compute/v2.1/servers?limit=1".to_owned())).await?;
        {
            let (history, counts) = &mut *self.world.known();
            counts.restarts.push(watch.elapsed());
            counts.resumed += resumed;
            if answer.status != 200 {
                let detail = format!("after a restart it is answered {}", answer.status);
                history.broken(Kind::Token, detail);
            }
        }
        if answer.status != 200 {
            self.up.token = log_in(address, USER).await?.into();
        }
        self.up.generation += 1;
        self.world.up.send_replace(Some(self.up.clone()));
        Ok(())
    }

    /// Stops it for good: its exit status, and how long it took.
    pub(crate) async fn stop(mut self) -> anyhow::Result<(ExitStatus, Duration)> {
        let watch = Stopwatch::start();
        self.process.signal(Signal::SIGTERM);
        let status = self.process.ended().await?;
        Ok((status, watch.elapsed()))
    }
}

fn expected(codes: &[i32]) -> String {
    let codes: Vec<String> = codes.iter().map(i32::to_string).collect();
    if codes.is_empty() {
        "SIGKILL".to_owned()
    } else {
        format!("exit code {}", codes.join(" or "))
    }
}
