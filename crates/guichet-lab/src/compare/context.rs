//! What a comparison was made with, as far as its commentary speaks of it, and in which language.

use guichet_locale::Locale;

/// What a comparison was made with, as far as its sentences need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// The language of the sentences.
    pub locale: Locale,
    /// Processors of the machine.
    pub cores: usize,
    /// Clients, each with one request under way.
    pub clients: usize,
    /// The semaphore, if there is one.
    pub permits: Option<usize>,
    /// The seed that all chance comes from.
    pub seed: u64,
}
