//! What is to go wrong in a world.

use std::sync::Arc;
use std::time::Duration;

use guichet_cloud::Cloud;
use guichet_cloud::faults::{
    FaultRule, Filter, HostFault, OperationFault, Pattern, RequestFault, RuleError, Target, When,
};

use crate::service::Service;

/// The rules of a world. Of several whose turn it is the oldest strikes.
#[derive(Debug, Clone, Copy)]
pub struct Faults<'a> {
    pub(crate) service: &'a Service,
}

/// What a rule struck so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Struck {
    /// How many requests or operations it is about have come.
    pub seen: u64,
    /// How many of them it struck.
    pub struck: u64,
    /// The latest that it struck: ids of requests, or of servers.
    pub latest: Vec<String>,
}

impl Faults<'_> {
    fn cloud(&self) -> Arc<Cloud> {
        self.service.worlds.first().cloud()
    }

    /// Adds a rule; its number.
    ///
    /// ```
    /// # use guichet_testing::{Fault, World};
    /// # use std::time::Duration;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let world = World::start().await?;
    /// // The third create is refused, with a time to come back.
    /// let third = Fault::requests("POST", "/compute/v2.1/servers").nth(3);
    /// world.faults().add(third.answer(503, "busy").retry_after(Duration::from_secs(2))).await?;
    /// // Every second reboot of a server of that name fails.
    /// let reboots = Fault::operations("reboot*").of_server("web-*").every(2);
    /// world.faults().add(reboots.error("no power")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`RuleError`]: nothing was added.
    pub async fn add(&self, fault: Fault) -> Result<u64, RuleError> {
        let (rule, cloud) = (fault.rule()?, self.cloud());
        let added = self.service.on_thread(async move { cloud.add_faults(vec![rule]).await });
        // A world that has ended has no rules: there is nobody whom one could strike.
        let numbers = added.await.unwrap_or(Ok(None))?.unwrap_or_default();
        Ok(numbers.first().copied().unwrap_or_default())
    }

    /// What a rule struck; none if there is no such rule.
    pub fn struck(&self, number: u64) -> Option<Struck> {
        let cloud = self.cloud();
        let all = cloud.faults()?.all();
        let counted = all.into_iter().find(|counted| counted.number == number)?;
        let latest = counted.latest.into_iter().collect();
        Some(Struck { seen: counted.seen, struck: counted.struck, latest })
    }

    /// Takes a rule out. Whether it was there.
    pub fn remove(&self, number: u64) -> bool {
        self.cloud().remove_fault(number)
    }

    /// Takes all of them out.
    pub fn clear(&self) {
        self.cloud().clear_faults();
    }
}

/// A rule: which requests or operations, which of those, and what is to go wrong.
#[derive(Debug, Clone)]
#[must_use = "it is to be added"]
pub struct Fault {
    about: About,
    when: When,
}

#[derive(Debug, Clone)]
enum About {
    Requests([String; 5], RequestFault),
    Operations([String; 4], OperationFault),
    Hosts(String, HostFault),
}

/// Requests of which some are to go wrong. Every one of them, if nothing more is said.
#[derive(Debug, Clone)]
#[must_use = "it is not said what is to go wrong"]
pub struct Requests {
    /// Method, path, service, project, client.
    words: [String; 5],
    when: When,
}

/// Operations of which some are to go wrong. Every one of them, if nothing more is said.
#[derive(Debug, Clone)]
#[must_use = "it is not said what is to go wrong"]
pub struct Operations {
    /// Action, server, project, host.
    words: [String; 4],
    when: When,
}

/// The ways to say which of them.
macro_rules! when {
    () => {
        /// Only the one of this number, from 1.
        pub const fn nth(mut self, nth: u64) -> Self {
            self.when.nth = Some(nth);
            self
        }

        /// Only every so manieth.
        pub const fn every(mut self, every: u64) -> Self {
            self.when.every = Some(every);
            self
        }

        /// Each with this probability, above 0 and 1 at most.
        pub const fn with_probability(mut self, probability: f64) -> Self {
            self.when.probability = Some(probability);
            self
        }

        /// So many at most.
        pub const fn times(mut self, times: u64) -> Self {
            self.when.times = Some(times);
            self
        }
    };
}

impl Requests {
    when!();

    /// Only with a token for projects whose names fit; `*` is any text, here and below.
    pub fn of_project(mut self, name: impl Into<String>) -> Self {
        self.words[3] = name.into();
        self
    }

    /// It is answered so, and not done.
    pub fn answer(self, status: u16, message: impl Into<String>) -> Fault {
        let message = message.into();
        self.fails(RequestFault::Answer { status, message, retry_after: None, after: false })
    }

    /// The connection is closed without an answer, and it is not done.
    pub fn close(self) -> Fault {
        self.fails(RequestFault::Close { after: false })
    }

    /// It waits so long, by the process's time, before it is done.
    pub fn delay(self, delay: Duration) -> Fault {
        self.fails(RequestFault::Delay { delay, after: false })
    }

    /// The token that it comes with has expired, from now on.
    pub fn expire_token(self) -> Fault {
        self.fails(RequestFault::Expire)
    }

    /// The list that it is answered with lacks the first whose name or id is this; `*` is any text.
    pub fn lack(self, named: impl AsRef<str>) -> Result<Fault, RuleError> {
        let named = Pattern::new(named.as_ref())?;
        Ok(self.fails(RequestFault::Omit { named }))
    }

    fn fails(self, fault: RequestFault) -> Fault {
        Fault { about: About::Requests(self.words, fault), when: self.when }
    }
}

impl Operations {
    when!();

    /// Only of servers whose names fit; `*` is any text, here and below.
    pub fn of_server(mut self, name: impl Into<String>) -> Self {
        self.words[1] = name.into();
        self
    }

    /// Only of projects whose names fit.
    pub fn of_project(mut self, name: impl Into<String>) -> Self {
        self.words[2] = name.into();
        self
    }

    /// Only on hosts whose names fit.
    pub fn on_host(mut self, name: impl Into<String>) -> Self {
        self.words[3] = name.into();
        self
    }

    /// It fails for good, and the server says why.
    pub fn error(self, message: impl Into<String>) -> Fault {
        self.fails(OperationFault::Error { message: message.into(), transient: false })
    }

    /// It fails so that another attempt is made.
    pub fn transient_error(self, message: impl Into<String>) -> Fault {
        self.fails(OperationFault::Error { message: message.into(), transient: true })
    }

    /// It is done, and said to have failed.
    pub fn failed_but_done(self, message: impl Into<String>) -> Fault {
        self.fails(OperationFault::FailedButDone { message: message.into() })
    }

    /// It never ends by itself: its deadline does that.
    pub fn stuck(self) -> Fault {
        self.fails(OperationFault::Stuck)
    }

    /// It takes so much longer, by the world's time.
    pub fn slow(self, delay: Duration) -> Fault {
        self.fails(OperationFault::Slow { delay })
    }

    fn fails(self, fault: OperationFault) -> Fault {
        Fault { about: About::Operations(self.words, fault), when: self.when }
    }
}

impl Fault {
    /// About requests of this method and this path inside the world, without its query and a project
    /// in it; `*` is any text.
    pub fn requests(method: impl Into<String>, path: impl Into<String>) -> Requests {
        let any = || "*".to_owned();
        let words = [method.into(), path.into(), any(), any(), any()];
        Requests { words, when: When::default() }
    }

    /// A host of this name is dead for as long as the rule is there: its service is `down`, and its
    /// servers stay as they are shown, as Nova has it.
    pub fn host_dies(name: impl Into<String>) -> Self {
        let about = About::Hosts(name.into(), HostFault::ServersStay);
        Self { about, when: When::default() }
    }

    /// The same, and its servers are in ERROR for good.
    pub fn host_dies_with_its_servers(name: impl Into<String>) -> Self {
        let about = About::Hosts(name.into(), HostFault::ServersFail);
        Self { about, when: When::default() }
    }

    /// About operations of this action, such as `create`, `reboot` or `*`.
    pub fn operations(action: impl Into<String>) -> Operations {
        let any = || "*".to_owned();
        Operations { words: [action.into(), any(), any(), any()], when: When::default() }
    }

    /// The answer says when to come back.
    pub fn retry_after(mut self, time: Duration) -> Self {
        if let About::Requests(_, RequestFault::Answer { retry_after, .. }) = &mut self.about {
            *retry_after = Some(time);
        }
        self
    }

    /// What was asked for is done all the same, and then it goes wrong.
    pub fn after_the_effect(mut self) -> Self {
        if let About::Requests(
            _,
            RequestFault::Answer { after, .. }
            | RequestFault::Close { after }
            | RequestFault::Delay { after, .. },
        ) = &mut self.about
        {
            *after = true;
        }
        self
    }

    fn rule(self) -> Result<FaultRule, RuleError> {
        let when = self.when.check()?;
        let target = match self.about {
            About::Requests(words, fault) => Target::Requests(filter(&words)?, fault),
            About::Operations(words, fault) => Target::Operations(filter(&words)?, fault),
            About::Hosts(name, fault) => Target::Hosts(Pattern::new(&name)?, fault),
        };
        Ok(FaultRule { target, when })
    }
}

fn filter<const N: usize>(words: &[String; N]) -> Result<Filter<N>, RuleError> {
    let mut patterns = std::array::from_fn(|_| Pattern::any());
    for (pattern, word) in patterns.iter_mut().zip(words) {
        *pattern = Pattern::new(word)?;
    }
    Ok(Filter(patterns))
}
