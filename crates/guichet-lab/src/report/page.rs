//! The report of `simulate`.

use guichet_view::data::{Fact, Report};

use crate::simulate::Ran;

/// What a run came to, as a page.
pub fn simulated(ran: &Ran, facts: Vec<Fact>) -> Report {
    Report {
        title: "guichet simulate".to_owned(),
        lead: ran.summary.lines(),
        facts,
        sections: Vec::new(),
    }
}
