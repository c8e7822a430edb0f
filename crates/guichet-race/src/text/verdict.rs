//! What a race says of the lock, in sentences.

use guichet_locale::{Locale, text};

use crate::outcome::Outcome;

impl Outcome {
    /// What it all says.
    pub fn verdict(&self, locale: Locale) -> Vec<String> {
        let mut sentences = vec![self.without_lock(locale), self.with_lock(locale)];
        sentences.extend(self.semaphore_answer(locale));
        sentences
    }

    fn without_lock(&self, locale: Locale) -> String {
        let without = &self.explored_unlocked;
        if without.broken > 0 {
            text!(
                locale,
                "race-unlocked-breaks",
                broken = locale.grouped(without.broken),
                count = few(without.broken),
                schedules = locale.grouped(without.schedules)
            )
        } else if self.unlocked_broke() {
            text!(locale, "race-unlocked-on-threads")
        } else {
            text!(locale, "race-unlocked-holds")
        }
    }

    fn with_lock(&self, locale: Locale) -> String {
        let with = &self.explored_locked;
        let schedules = locale.grouped(with.schedules);
        if self.locked_holds() {
            text!(locale, "race-locked-holds", schedules = schedules)
        } else if self.locked_unbroken() {
            text!(locale, "race-locked-unsure", schedules = schedules)
        } else {
            text!(
                locale,
                "race-locked-breaks",
                broken = locale.grouped(with.broken),
                count = few(with.broken),
                schedules = schedules,
                kinds = self.locked.kinds()
            )
        }
    }

    /// Whether the semaphore is as good as a lock.
    pub(crate) fn semaphore_answer(&self, locale: Locale) -> Option<String> {
        let (permits, explored) = self.explored_semaphore.as_ref()?;
        let (permits, schedules) = (*permits, locale.grouped(explored.schedules));
        Some(if explored.broken > 0 {
            let steps = self.shortest_with_semaphore.as_ref().map_or(0, |found| found.steps.len());
            text!(
                locale,
                "race-semaphore-breaks",
                permits = permits,
                broken = locale.grouped(explored.broken),
                count = few(explored.broken),
                schedules = schedules,
                steps = steps
            )
        } else if explored.complete {
            text!(locale, "race-semaphore-holds", permits = permits, schedules = schedules)
        } else {
            text!(locale, "race-semaphore-unsure", permits = permits)
        })
    }
}

/// A count that chooses a plural: beyond what a message's number holds it is many in any case.
fn few(count: u128) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
