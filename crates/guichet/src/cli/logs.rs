//! What is typed behind `logs`.

use std::str::FromStr as _;

use clap::Args;
use guichet_lab::simulate::options::DurationArg;
use guichet_locale::{Message, text};

use super::admin::AtArgs;

#[derive(Debug, Args)]
pub(crate) struct LogsArgs {
    #[command(flatten)]
    pub(crate) at: AtArgs,

    /// Print what was from then on, as far as the service still has it: so long ago, such as 10m, or an
    /// instant, such as 2026-12-01T10:00:00Z. Nothing that happens later follows without --follow
    #[arg(long, value_name = "TIME|INSTANT", value_parser = moment)]
    pub(crate) since: Option<Moment>,

    /// Print what was before then, and nothing later
    #[arg(long, value_name = "TIME|INSTANT", value_parser = moment)]
    pub(crate) until: Option<Moment>,

    /// With --since: go on with what happens, until it is interrupted; without, that is so anyway
    #[arg(long, conflicts_with = "until")]
    pub(crate) follow: bool,

    /// Only entries of the server with this id
    #[arg(long, value_name = "ID")]
    pub(crate) server: Option<String>,

    /// Only entries of this project
    #[arg(long, value_name = "NAME|ID")]
    pub(crate) project: Option<String>,

    /// Only entries of the request with this id
    #[arg(long, value_name = "ID")]
    pub(crate) request: Option<String>,

    /// Only entries of this kind, such as failed or refused
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Option<String>,
}

/// An instant of the service's cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Moment {
    /// So long before the present.
    Ago(DurationArg),
    /// As it is named; the service reads it.
    Named(String),
}

fn moment(given: &str) -> Result<Moment, Message> {
    let given = given.trim();
    if let Ok(ago) = DurationArg::from_str(given) {
        return Ok(Moment::Ago(ago));
    }
    // As RFC 3339 has it, a date comes first; what is wrong behind it the service says.
    let is_date = given.len() > 10 && given.is_char_boundary(10) && {
        let date: Vec<_> = given[..10].split('-').map(str::len).collect();
        date == [4, 2, 2]
    };
    if is_date {
        return Ok(Moment::Named(given.to_owned()));
    }
    Err(Message::new(|locale| text!(locale, "expected-moment")))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_moment_is_so_long_ago_or_named() {
        assert_eq!(moment("10m").unwrap(), Moment::Ago(DurationArg(Duration::from_secs(600))));
        let named = "2026-12-01T10:00:00Z";
        assert_eq!(moment(named).unwrap(), Moment::Named(named.to_owned()));
        for wrong in ["", "yesterday", "10x", "10:00", "2026-12-01", "ééééééééé-ab"] {
            assert!(moment(wrong).is_err(), "{wrong}");
        }
    }
}
