//! One world.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_core::limits;
use guichet_core::time::{Clock, Timestamp};
use guichet_engine::ids::fresh_seed;
use tokio::sync::Semaphore;

use super::error::WorldError;
use super::requests::Requests;
use super::snapshot_table::Snapshots;
use super::spec::{Blueprint, DeclaredIn, Plan};
use super::token::{ControlToken, TokenDigest};
use crate::builder::Opened;
use crate::cloud::Cloud;
use crate::replaceable::Replaceable;
use crate::snapshot::Snapshot;

/// The id of a world: 12 hexadecimal digits, drawn. The first one's is shown as
/// [`FIRST`](Self::FIRST).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WorldId(u64);

impl WorldId {
    /// How the first world is called.
    pub const FIRST: &str = "root";
    /// Digits of an id.
    const DIGITS: usize = 12;
    /// The first world's: none that is drawn is the same.
    const OF_FIRST: Self = Self(u64::MAX);

    fn draw() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes[..Self::DIGITS / 2])?;
        Ok(Self(u64::from_le_bytes(bytes)))
    }

    /// The id that a text is, if it is one.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let plain = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let is_one = text.len() == Self::DIGITS && text.bytes().all(plain);
        if is_one { u64::from_str_radix(text, 16).ok().map(Self) } else { None }
    }
}

impl fmt::Display for WorldId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::OF_FIRST {
            return f.write_str(Self::FIRST);
        }
        write!(f, "{:0width$x}", self.0, width = Self::DIGITS)
    }
}

/// A cloud of its own.
#[derive(Debug)]
pub struct World {
    id: WorldId,
    /// What it was opened as, and is again.
    plan: Plan,
    /// What its present cloud is made of where the plan says nothing.
    made_of: Replaceable<Arc<Blueprint>>,
    created: Timestamp,
    /// What is remembered of its control token; the first has none of its own.
    token: Option<TokenDigest>,
    /// Read by each request for as long as it takes to copy a pointer; written by a reset.
    cloud: RwLock<Arc<Cloud>>,
    /// When it was last used, µs. Relaxed: nothing else is ordered by it.
    used_us: AtomicU64,
    /// Held by the one request that moves its time on, or puts another cloud in its place: what its time
    /// is said to be is the same before and afterwards.
    pub(super) steered: Arc<Semaphore>,
    /// Whether its time jumps to where nothing is under way before each request that it is sent. Relaxed:
    /// nothing else is ordered by it.
    pub(super) jumps: AtomicBool,
    /// Whether nothing of it is to be changed any more, as the service stops.
    pub(super) closing: AtomicBool,
    /// What it was asked.
    requests: Requests,
    /// Its snapshots, which end with it.
    pub(super) snapshots: Snapshots,
}

impl World {
    /// The service's own, around its cloud.
    pub(super) fn first(cloud: Arc<Cloud>, blueprint: &Arc<Blueprint>, clock: &WorldClock) -> Self {
        let plan = Plan::of_first(blueprint);
        Self::of(WorldId::OF_FIRST, (plan, blueprint), None, cloud, clock)
    }

    fn of(
        id: WorldId,
        (plan, blueprint): (Plan, &Arc<Blueprint>),
        token: Option<TokenDigest>,
        cloud: Arc<Cloud>,
        clock: &WorldClock,
    ) -> Self {
        let (created, cloud) = (clock.now(), RwLock::new(cloud));
        let used_us = AtomicU64::new(created.micros());
        let steered = Arc::new(Semaphore::new(1));
        // Of the first only if somebody wants it: it may serve others than tests.
        let most = if id == WorldId::OF_FIRST { 0 } else { limits::REQUESTS_REMEMBERED };
        let requests = Requests::new(most);
        let (jumps, closing) = (AtomicBool::new(false), AtomicBool::new(false));
        Self {
            id,
            plan,
            made_of: Replaceable::new(Arc::clone(blueprint)),
            created,
            token,
            cloud,
            used_us,
            steered,
            jumps,
            closing,
            requests,
            snapshots: Snapshots::default(),
        }
    }

    /// Opens one beside the first.
    pub(super) fn open(
        mut plan: Plan,
        blueprint: &Arc<Blueprint>,
        first: &Cloud,
        clock: &WorldClock,
    ) -> Result<(Self, ControlToken), WorldError> {
        let id = WorldId::draw().map_err(WorldError::NoRandomBytes)?;
        let token = ControlToken::draw().map_err(WorldError::NoRandomBytes)?;
        plan.seed = plan.seed.or(blueprint.seed).or_else(|| Some(fresh_seed()));
        let from = Beginning::of(&plan);
        let Opened { cloud, drawn, .. } = opened(id, &plan, blueprint, Some(first), from)?;
        if !drawn.now.is_empty() {
            // They stay the same when it is reset.
            let declared =
                plan.declared.get_or_insert_with(|| Arc::new(blueprint.declared.clone()));
            Arc::make_mut(declared).set_passwords(&drawn);
        }
        let world = Self::of(id, (plan, blueprint), Some(token.digest()), cloud, clock);
        Ok((world, token))
    }

    /// Its id.
    pub const fn id(&self) -> WorldId {
        self.id
    }

    /// Whether it is the service's own.
    pub fn is_first(&self) -> bool {
        self.id == WorldId::OF_FIRST
    }

    /// What it is made of by now.
    pub fn cloud(&self) -> Arc<Cloud> {
        Arc::clone(&self.cloud.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What it was made as.
    pub(super) const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What is declared in it.
    pub(super) fn declared(&self) -> DeclaredIn {
        match &self.plan.declared {
            Some(declared) => DeclaredIn::Own(Arc::clone(declared)),
            None => DeclaredIn::Service(self.made_of.look(Arc::clone)),
        }
    }

    /// Its cloud is made of this.
    pub(super) fn is_made_of(&self, blueprint: &Arc<Blueprint>) {
        self.made_of.replace(Arc::clone(blueprint));
    }

    /// The seed that all its chance is drawn from, if it is known.
    pub const fn seed(&self) -> Option<u64> {
        self.plan.seed
    }

    /// When it was made, by the process's time.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// For how long nobody may use it before it ends; none: for ever.
    pub fn idle(&self) -> Option<Duration> {
        (!self.is_first()).then_some(self.plan.idle)
    }

    /// The requests that it was sent.
    pub const fn requests(&self) -> &Requests {
        &self.requests
    }

    /// Whether this token is its own.
    pub fn admits(&self, token: &ControlToken) -> bool {
        self.token.is_some_and(|own| own == token.digest())
    }

    /// It is in use.
    pub(super) fn touch(&self, clock: &WorldClock) {
        // The first never ends for that, and its requests do without the look at the clock.
        if self.is_first() {
            return;
        }
        self.used_us.store(clock.now().micros(), Ordering::Relaxed);
    }

    /// Whether the service stops.
    pub(super) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Acquire)
    }

    /// Whether nobody used it for its idle time.
    pub(super) fn is_idle(&self, clock: &WorldClock) -> bool {
        let used = Timestamp::from_micros(self.used_us.load(Ordering::Relaxed));
        clock.now().since(used) > self.plan.idle
    }

    /// Puts a new cloud in place of its own, which is given back.
    pub(super) fn reset(
        &self,
        blueprint: &Arc<Blueprint>,
        first: &Cloud,
    ) -> Result<Arc<Cloud>, WorldError> {
        self.check_replaced(blueprint)?;
        let from = Beginning::of(&self.plan);
        let Opened { cloud, .. } = opened(self.id, &self.plan, blueprint, Some(first), from)?;
        // Its time goes as fast as before: whoever made it faster wants that of every test.
        let speed = self.cloud().manager().clock().speed();
        if speed != cloud.manager().clock().speed() {
            cloud.manager().clock().set_speed(speed);
        }
        self.is_made_of(blueprint);
        Ok(self.replace(cloud))
    }

    /// Puts a cloud that goes on from a snapshot in place of its own, which is given back. Its tokens
    /// stay good: they are of those who use the world.
    pub(super) fn restore(
        &self,
        snapshot: &Arc<Snapshot>,
        blueprint: &Arc<Blueprint>,
        first: &Cloud,
    ) -> Result<Arc<Cloud>, WorldError> {
        self.check_replaced(blueprint)?;
        let before = self.cloud();
        let from = Beginning { snapshot: Some(snapshot), before: Some(&before) };
        let Opened { cloud, .. } = opened(self.id, &self.plan, blueprint, Some(first), from)?;
        self.is_made_of(blueprint);
        Ok(self.replace(cloud))
    }

    /// Whether another cloud may come in place of its own.
    pub(super) fn check_replaced(&self, blueprint: &Blueprint) -> Result<(), WorldError> {
        if self.is_first() && blueprint.is_stored {
            return Err(WorldError::IsStored);
        }
        if self.is_closing() {
            return Err(WorldError::Closing);
        }
        Ok(())
    }

    fn replace(&self, cloud: Arc<Cloud>) -> Arc<Cloud> {
        // Whoever made its tokens go by its time wants that of every test.
        cloud.accounts().set_token_time(self.cloud().accounts().token_time());
        self.requests.forget();
        let mut place = self.cloud.write().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *place, cloud);
        drop(place);
        // The service may have begun to stop meanwhile, and have seen to the other cloud alone.
        if self.is_closing() {
            self.release();
        }
        before
    }
}

/// What a cloud begins as.
#[derive(Clone, Copy)]
struct Beginning<'a> {
    /// A snapshot of the same declaration; none: as declared.
    snapshot: Option<&'a Arc<Snapshot>>,
    /// The cloud in whose place it comes, whose tokens stay good.
    before: Option<&'a Cloud>,
}

impl<'a> Beginning<'a> {
    const fn of(plan: &'a Plan) -> Self {
        Self { snapshot: plan.origin.as_ref(), before: None }
    }
}

/// A cloud in memory for the first world.
pub(super) fn open_first(blueprint: &Blueprint) -> Result<Opened, WorldError> {
    let plan = Plan::of_first(blueprint);
    opened(WorldId::OF_FIRST, &plan, blueprint, None, Beginning::of(&plan))
}

/// A new cloud for a world, beside the one that the first has, if it has one.
fn opened(
    id: WorldId,
    plan: &Plan,
    blueprint: &Blueprint,
    first: Option<&Cloud>,
    from: Beginning<'_>,
) -> Result<Opened, WorldError> {
    let is_first = id == WorldId::OF_FIRST;
    let declared = plan.declared.as_deref().unwrap_or(&blueprint.declared).clone();
    let own = if is_first { usize::MAX } else { limits::WORLD_SERVERS_MAX };
    let most = declared.servers_max.min(own);
    let profile = plan.profile.as_ref().unwrap_or(&blueprint.profile).clone();
    let mut builder = Cloud::builder(declared).profile(profile).with_faults();
    if let Some(first) = first {
        builder = builder.beside(first, plan.declared.is_none()).encrypted(first.is_encrypted());
        if let Some(url) = first.public_url() {
            builder = builder.public_url(url);
        }
    }
    if !is_first {
        builder = builder.path(&format!("/w/{id}"));
    }
    builder = builder.configure(move |config| config.servers_max = most);
    builder = match (from.snapshot, plan.seed) {
        (Some(snapshot), _) => {
            let found = snapshot.counts().servers;
            if found > most {
                return Err(WorldError::TooManyServers { found, most });
            }
            let builder = builder.clock(snapshot.clock()).seed(snapshot.next_seed());
            builder.snapshot(Arc::clone(snapshot))
        }
        (None, Some(seed)) => builder.clock(WorldClock::steerable()).seed(seed),
        (None, None) => builder.clock(WorldClock::steerable()),
    };
    if let Some(before) = from.before {
        builder = builder.tokens_of(before);
    }
    Ok(builder.open()?)
}
