//! What a reload may put something else in the place of.

use std::sync::{PoisonError, RwLock};

/// A value that is replaced now and then, and looked at by every request.
#[derive(Debug)]
pub(crate) struct Replaceable<T>(
    /// Held for one look or one replacement, never across a wait. A panic inside leaves it whole.
    RwLock<T>,
);

impl<T> Replaceable<T> {
    /// This, until it is replaced.
    pub(crate) const fn new(value: T) -> Self {
        Self(RwLock::new(value))
    }

    /// What it is looked at for.
    pub(crate) fn look<R>(&self, read: impl FnOnce(&T) -> R) -> R {
        read(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes it.
    pub(crate) fn change(&self, write: impl FnOnce(&mut T)) {
        write(&mut self.0.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// Puts another in its place.
    pub(crate) fn replace(&self, value: T) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = value;
    }
}
