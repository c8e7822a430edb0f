//! Rules added to a cloud and taken out again: what the rest of it must hear of.

use std::sync::Arc;

use guichet_core::server::Server;
use guichet_store::Query;

use super::rule::{FaultRule, Filter, RuleError};
use super::{Faults, Target};
use crate::cloud::Cloud;

/// Hosts that an error names, of many.
const NAMED: usize = 5;

impl Cloud {
    /// Adds rules, all or none; their numbers, or none if this cloud takes no rules. A host that is to be
    /// dead is so at once: it takes no servers, and those that it has are lost if the rule says so.
    ///
    /// # Errors
    /// [`RuleError::TooMany`], [`RuleError::Host`], and what is wrong with one of them.
    pub async fn add_faults(&self, rules: Vec<FaultRule>) -> Result<Option<Vec<u64>>, RuleError> {
        let Some(faults) = self.faults() else { return Ok(None) };
        rules.iter().try_for_each(|rule| self.knows_host(rule))?;
        let are_of_hosts = rules.iter().any(|rule| matches!(rule.target, Target::Hosts(..)));
        let numbers = faults.add(rules)?;
        if are_of_hosts {
            self.hosts_turned(faults).await;
        }
        Ok(Some(numbers))
    }

    /// From now on the scheduler hears of it when the window of a rule about hosts opens or closes, and
    /// servers are lost then, where the rule says so.
    pub(crate) fn keep_windows(self: &Arc<Self>) {
        let Some(faults) = self.faults() else { return };
        // What calls it is part of this cloud.
        let cloud = Arc::downgrade(self);
        faults.on_turn(Box::new(move || {
            let cloud = cloud.clone();
            Box::pin(async move {
                let Some(cloud) = cloud.upgrade() else { return };
                if let Some(faults) = cloud.faults() {
                    cloud.hosts_turned(faults).await;
                }
            })
        }));
    }

    /// Takes a rule out. Whether it was there.
    pub fn remove_fault(&self, number: u64) -> bool {
        let is_removed = self.faults().is_some_and(|faults| faults.remove(number));
        if is_removed {
            self.hosts_changed();
        }
        is_removed
    }

    /// Takes all rules out.
    pub fn clear_faults(&self) {
        if let Some(faults) = self.faults() {
            faults.clear();
            self.hosts_changed();
        }
    }

    /// Whether a rule that is about hosts by name is about one at least.
    fn knows_host(&self, rule: &FaultRule) -> Result<(), RuleError> {
        let pattern = match &rule.target {
            Target::Hosts(pattern, _) => pattern,
            // That of whatever host there is, and of none.
            Target::Operations(Filter([.., host]), _) if !host.fits("") => host,
            _ => return Ok(()),
        };
        let hosts = self.catalogue.hosts();
        if hosts.iter().any(|host| pattern.fits(&host.name)) {
            return Ok(());
        }
        let mut known: Vec<&str> = hosts.iter().take(NAMED).map(|host| &*host.name).collect();
        match hosts.len().saturating_sub(NAMED) {
            _ if hosts.is_empty() => known.push("none"),
            0 => {}
            _ => known.push("others"),
        }
        Err(RuleError::Host { pattern: pattern.text().to_owned(), known: known.join(", ") })
    }

    /// Which hosts are dead may have changed: the scheduler hears of each.
    fn hosts_changed(&self) {
        self.hosts().set_anew(self.catalogue.hosts().iter());
    }

    /// Which hosts are dead has changed, by a rule or by the window of one: the scheduler hears of each, and
    /// servers are lost where a rule that has just begun says so. Nothing of the latter is done if this is
    /// dropped before its end.
    async fn hosts_turned(&self, faults: &Faults) {
        let now = self.now();
        self.hosts_changed();
        let begun = faults.beginning();
        let lost = self.lost_servers(faults, &begun).await;
        faults.announced(&begun, now, &lost);
    }

    /// The servers that are lost by these rules, each with its own.
    async fn lost_servers(&self, faults: &Faults, rules: &[u64]) -> Vec<(u64, Arc<Server>)> {
        let loses = |name: &str| faults.loses(name, rules);
        let mut lost = Vec::new();
        if !self.catalogue.hosts().iter().any(|host| loses(&host.name).is_some()) {
            return lost;
        }
        let mut scan = self.manager.scan(&Query::default());
        while let Some(server) = scan.next_server().await {
            let host = server.host.and_then(|host| self.catalogue.host(host));
            if let Some(rule) = host.and_then(|host| loses(&host.name)) {
                lost.push((rule, server));
            }
        }
        lost
    }
}
