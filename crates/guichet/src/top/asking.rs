//! Asking the service, in a thread of its own: whoever looks may quit while nobody answers.

use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, TrySendError, sync_channel};
use std::time::Duration;

use anyhow::Context as _;
use guichet_core::limits;
use http::Method;
use serde::de::DeserializeOwned;

use super::seen::{Figures, InFlight, Operation};
use crate::cli::PlaceArgs;
use crate::control::Client;

/// What was answered.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) figures: Figures,
    pub(super) operations: Vec<Operation>,
}

/// Who asks.
pub(super) struct Asker<'a> {
    client: Client<'a>,
}

impl<'a> Asker<'a> {
    /// One that asks there.
    ///
    /// # Errors
    /// Files with certificates that cannot be used.
    pub(super) fn new(place: &'a PlaceArgs) -> anyhow::Result<Self> {
        Ok(Self { client: Client::new(place)? })
    }

    /// What the service is called.
    pub(super) fn name(&self) -> String {
        self.client.named()
    }

    /// The figures, with the samples behind the one of this number, and what is slow.
    ///
    /// # Errors
    /// Nobody answers, or the service refuses.
    pub(super) fn ask(&self, since: u64) -> anyhow::Result<Answer> {
        let figures = self.read(&format!("stats?since={since}"))?;
        let path = format!("operations/in-flight?limit={}", limits::TOP_OPERATIONS);
        let InFlight { operations } = self.read(&path)?;
        Ok(Answer { figures, operations })
    }

    fn read<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<T> {
        let answer = self.client.ask(&Method::GET, path, None)?;
        serde_json::from_value(answer).with_context(|| {
            format!("{path}: the answer is not as expected; is this an older service?")
        })
    }
}

/// The thread that asks, as the one that draws has it. It ends when this is dropped, after the answer
/// that it waits for.
#[derive(Debug)]
pub(super) struct Asking {
    /// One place: nothing is asked before the last answer came.
    questions: SyncSender<u64>,
    answers: Receiver<anyhow::Result<Answer>>,
}

impl Asking {
    /// Starts it.
    ///
    /// # Errors
    /// The system's, if it gives no thread.
    pub(super) fn start(place: &PlaceArgs) -> anyhow::Result<Self> {
        let (questions, asked) = sync_channel::<u64>(1);
        let (answer, answers) = sync_channel(1);
        let place = place.clone();
        let ask = move || {
            let asker = Asker::new(&place);
            while let Ok(since) = asked.recv() {
                let answered = match &asker {
                    Ok(asker) => asker.ask(since),
                    Err(error) => Err(anyhow::anyhow!("{error:#}")),
                };
                if answer.send(answered).is_err() {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().name("asking".to_owned());
        thread.spawn(ask).context("no thread to ask with")?;
        Ok(Self { questions, answers })
    }

    /// Has it ask. False if it is still at the last question.
    pub(super) fn ask(&self, since: u64) -> bool {
        !matches!(self.questions.try_send(since), Err(TrySendError::Full(_)))
    }

    /// What was answered, if something was.
    pub(super) fn answered(&self) -> Option<anyhow::Result<Answer>> {
        match self.answers.try_recv() {
            Ok(answered) => Some(answered),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                Some(Err(anyhow::anyhow!("the thread that asks has ended")))
            }
        }
    }
}

/// When to ask next.
#[derive(Debug)]
pub(super) struct Turns {
    period: Duration,
    /// Grows while nobody answers.
    pause: Duration,
    /// When, by the watch of whoever draws; none while an answer is waited for.
    next: Option<Duration>,
    /// When the last question was asked.
    asked: Duration,
}

impl Turns {
    /// Begins: the first answer came just now.
    pub(super) const fn new(period: Duration, now: Duration) -> Self {
        Self { period, pause: limits::FOLLOW_PAUSE_FIRST, next: Some(now), asked: now }
    }

    /// Whether to ask now.
    pub(super) fn is_due(&self, now: Duration) -> bool {
        self.next.is_some_and(|next| next <= now)
    }

    /// A question is asked.
    pub(super) const fn ask(&mut self, now: Duration) {
        (self.next, self.asked) = (None, now);
    }

    /// An answer came, or none will: the next question waits for its time, and the longer the longer
    /// nobody has answered.
    pub(super) fn answer(&mut self, now: Duration, is_good: bool) {
        if is_good {
            self.pause = limits::FOLLOW_PAUSE_FIRST;
            self.next = Some((self.asked + self.period).max(now));
        } else {
            self.next = Some(now + self.pause.max(self.period));
            self.pause = (self.pause * 2).min(limits::FOLLOW_PAUSE_MAX);
        }
    }

    /// For how long an answer has been waited for.
    pub(super) fn waited(&self, now: Duration) -> Option<Duration> {
        self.next.is_none().then(|| now.saturating_sub(self.asked))
    }

    /// How long it is until the next question.
    pub(super) fn left(&self, now: Duration) -> Duration {
        self.next.map_or(Duration::ZERO, |next| next.saturating_sub(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_nobody_answers_the_rarer_it_is_asked_and_never_without_a_pause() {
        let second = Duration::from_secs(1);
        let mut turns = Turns::new(second, Duration::ZERO);
        let mut now = Duration::ZERO;
        let mut pauses = Vec::new();
        for _ in 0..8 {
            assert!(turns.is_due(now));
            turns.ask(now);
            assert!(!turns.is_due(now + second * 99), "one question at a time");
            assert_eq!(turns.waited(now + second), Some(second));
            turns.answer(now, false);
            pauses.push(turns.left(now).as_secs_f64());
            now += turns.left(now);
        }
        assert_eq!(pauses, [1.0, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0, 15.0]);
        turns.ask(now);
        turns.answer(now + second / 4, true);
        assert_eq!(turns.left(now + second / 4), second * 3 / 4, "as often as was said");
        // An answer that took longer than the time between two is followed by the next question.
        turns.ask(now);
        turns.answer(now + second * 3, true);
        assert_eq!(turns.left(now + second * 3), Duration::ZERO);
        turns.ask(now);
        turns.answer(now, false);
        assert_eq!(turns.left(now), second, "and the pause is short again");
    }
}
