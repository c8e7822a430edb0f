//! How long the driver's calls took.

use std::sync::OnceLock;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::times::{SharedTimes, Times};

/// How long the driver's calls took, by action. What nobody asks for takes no memory: there may be
/// many managers.
#[derive(Debug, Default)]
pub(crate) struct Calls([OnceLock<Box<SharedTimes>>; Action::ALL.len()]);

impl Calls {
    /// Counts one.
    pub(crate) fn add(&self, action: Action, took: Duration) {
        self.0[action as usize].get_or_init(Box::default).add(took);
    }

    /// As they are now, of each action that there were calls for.
    pub(crate) fn read(&self) -> Vec<(Action, Times)> {
        let rows = Action::ALL.iter().zip(&self.0);
        rows.filter_map(|(action, times)| Some((*action, times.get()?.read()))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_counted_by_action() {
        let calls = Calls::default();
        assert!(calls.read().is_empty());
        calls.add(Action::Delete, Duration::from_millis(3));
        calls.add(Action::Delete, Duration::from_millis(4));
        let read = calls.read();
        assert_eq!((read.len(), read[0].0, read[0].1.sum_us), (1, Action::Delete, 7_000));
    }
}
