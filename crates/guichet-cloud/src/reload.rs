//! What of another declaration a cloud takes over while it runs.
//!
//! | taken over | needs a new start |
//! | --- | --- |
//! | `[limits]`, `profile` | everything else |
//!
//! All of it or nothing: what cannot be taken over is found before anything is.

use guichet_driver::profile::Profile;

use crate::builder::project_rate;
use crate::cloud::Cloud;
use crate::config::Declared;

/// Why a declaration was not taken over.
#[derive(Debug, thiserror::Error)]
pub enum ReloadError {
    /// These are read at the start alone, and are others than they were.
    #[error("{} changed, which only a new start takes over", .0.join(", "))]
    NeedsRestart(Vec<&'static str>),
}

/// Another declaration, compared with the present one: it can be taken over.
#[derive(Debug)]
pub struct Reload<'a> {
    new: &'a Declared,
    profile: &'a Profile,
    has_rates: bool,
    has_profile: bool,
}

impl<'a> Reload<'a> {
    /// Compares what is declared. The profiles are those that the names stand for: of a file of the
    /// same name the text may be another.
    ///
    /// # Errors
    /// [`ReloadError::NeedsRestart`].
    pub fn of(
        (present, behaves): (&Declared, &Profile),
        (new, profile): (&'a Declared, &'a Profile),
    ) -> Result<Self, ReloadError> {
        let fixed = [
            ("region", present.region != new.region),
            ("zone", present.zone != new.zone),
            ("driver", present.driver != new.driver),
            ("workers", present.workers != new.workers),
            ("queue", present.queue != new.queue),
            ("servers_max", present.servers_max != new.servers_max),
            ("[times]", present.times != new.times),
            ("[hosts]", present.hosts != new.hosts),
            ("[[network]]", present.networks != new.networks),
            ("[quota]", present.default_quota != new.default_quota),
            ("[[project]]", present.projects != new.projects),
            ("[[user]]", present.users != new.users),
            ("[[flavor]]", present.flavors != new.flavors),
            ("[[image]]", present.images != new.images),
        ];
        let changed = fixed.into_iter().filter_map(|(name, is_other)| is_other.then_some(name));
        let changed: Vec<&'static str> = changed.collect();
        if !changed.is_empty() {
            return Err(ReloadError::NeedsRestart(changed));
        }
        let has_rates = present.rates != new.rates;
        Ok(Self { new, profile, has_rates, has_profile: behaves != profile })
    }
}

impl Cloud {
    /// Takes over what is new; what that is, by the names it has in a configuration. Requests that are
    /// under way go on by what they began with.
    pub fn reload(&self, reload: &Reload<'_>) -> Vec<&'static str> {
        let mut changed = Vec::new();
        if reload.has_rates {
            let rates = reload.new.rates;
            self.rate.replace(project_rate(rates.compute_per_s, self.manager.clock()));
            self.accounts.set_rate(rates.identity_per_min);
            changed.push("[limits]");
        }
        if reload.has_profile && self.manager.behave(reload.profile) {
            changed.push("profile");
        }
        changed
    }
}
