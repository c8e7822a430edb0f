//! Why a page could not be made: data that contradict themselves.

/// What cannot be drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// Two charts have one name.
    #[error("two charts are named {0:?}")]
    Twice(String),
    /// A chart's name is not made of letters, digits and `-`.
    #[error("a chart is named {0:?}, expected letters, digits and `-`")]
    Name(String),
    /// A chart's, table's or timeline's data contradict themselves.
    #[error("{what}: {found}")]
    Data {
        /// The title or the id of the chart, table or timeline.
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
