//! Why a page could not be made: data that contradict themselves.

/// What cannot be drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// Two charts, or two of what is played, have one name.
    #[error("two elements are named {0:?}")]
    Twice(String),
    /// Such a name is not made of letters, digits and `-`.
    #[error("an element is named {0:?}, expected letters, digits and `-`")]
    Name(String),
    /// The data of a chart, table, timeline or case contradict themselves.
    #[error("{what}: {found}")]
    Data {
        /// The title, id or name of it.
        what: String,
        /// What is wrong with the data.
        found: String,
    },
    /// The page could not be put together.
    #[error("the page could not be put together: {0}")]
    Page(String),
}

impl RenderError {
    pub(crate) fn data(what: &str, found: impl Into<String>) -> Self {
        Self::Data { what: what.to_owned(), found: found.into() }
    }
}
