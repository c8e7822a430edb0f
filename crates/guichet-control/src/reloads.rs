//! The way from who asks for the configuration to be read again to who reads it.

use guichet_core::limits;
use tokio::sync::{mpsc, oneshot};

/// What came of it: the names of what changed, or why nothing did.
pub type Reloaded = Result<Vec<String>, String>;

/// Somebody who waits for what comes of it.
pub type Asked = oneshot::Sender<Reloaded>;

/// The way to who reads the configuration again.
#[derive(Debug, Clone)]
pub struct Reloads(
    /// Bounded: who finds no place in it is told to come back.
    mpsc::Sender<Asked>,
);

impl Reloads {
    /// A way, and its end: whoever holds that answers each who asks.
    pub fn new() -> (Self, mpsc::Receiver<Asked>) {
        let (sender, receiver) = mpsc::channel(limits::RELOADS_WAITING_MAX);
        (Self(sender), receiver)
    }

    /// Asks for it and waits for what comes of it; none: others wait already, or nobody is there to do it.
    pub(crate) async fn ask(&self) -> Option<Reloaded> {
        let (asked, answer) = oneshot::channel();
        self.0.try_send(asked).ok()?;
        answer.await.ok()
    }
}
