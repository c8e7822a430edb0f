//! How a node comes to lead: it waits for the lock, brings the schema to this version, and begins an
//! epoch.

use std::sync::Arc;
use std::time::Duration;

use guichet_core::limits;
use tokio::sync::{oneshot, watch};
use tokio_util::sync::CancellationToken;

use super::cell;
use super::classify::Trouble;
use super::follow::Follower;
use super::keeper::{Holding, Keeper, Pauses};
use super::link::{Begun, Link, Tasks};
use super::node::{Leader, Node};
use super::place::Place;
use super::roster::RosterReader;
use super::schema;
use super::session::Session;
use crate::journal::rows::declared::Declared;
use crate::journal::rows::error::OpenError;
use crate::journal::rows::image::Image;
use crate::journal::rows::names::Names;
use crate::journal::term::Term;

/// How it stands with a node that does not lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Another one leads, or the one that led last has not given back the lock.
    Following(Option<Leader>),
    /// PostgreSQL cannot be reached, and why.
    Away(String),
    /// Everything is read ahead, so many servers with all else, and what changes is read as it is
    /// written; or it is not any more.
    Ahead(Option<usize>),
}

/// A node that leads, and has not read anything yet.
#[derive(Debug)]
pub struct Lead {
    pub(super) link: Link,
    pub(super) keeper: Keeper,
    pub(super) holding: watch::Receiver<Holding>,
    /// The last batch that others wrote.
    pub(super) batch: i64,
    /// What was read ahead, on its way.
    pub(super) ahead: Option<Ahead>,
}

/// What a node read while another one led, for what was declared then.
#[derive(Debug)]
pub(super) struct Ahead {
    declared: Arc<Declared>,
    image: Begun<Option<Image>>,
}

impl Ahead {
    /// What there is in the database, if all of it was read ahead and the same is declared now. Waits
    /// until the last rows are read.
    pub(super) fn image(self, names: &Names<'_>) -> Option<Image> {
        self.image.wait_for(limits::AWAY_PATIENCE).flatten().filter(|_| self.declared.fits(names))
    }
}

impl Lead {
    /// For how long it leads.
    pub fn term(&self) -> Term {
        self.keeper.term.clone()
    }

    /// Which nodes there are, as long as it leads.
    pub fn roster(&self) -> RosterReader {
        RosterReader::new(self.holding.clone(), self.keeper.tasks.clone())
    }

    /// Which epoch it is: 1 is the first.
    pub const fn epoch(&self) -> i64 {
        self.keeper.epoch
    }
}

/// Waits until this node leads. `on_standing` is called once a second at most, and when something
/// else is the matter than before. Whoever does not want to wait any more drops the future.
///
/// # Errors
/// The database is not one to be used; that it cannot be reached at present is waited out.
pub async fn stand(
    place: &Place,
    node: &Node,
    on_standing: impl Fn(Standing) + Send + Sync + 'static,
) -> Result<Lead, OpenError> {
    wait(place, node, None, Arc::new(on_standing)).await
}

/// The same for a node that reads ahead what it will lead, decoded for what it has declared.
///
/// # Errors
/// As [`stand`].
pub async fn follow(
    place: &Place,
    node: &Node,
    names: &Names<'_>,
    on_standing: impl Fn(Standing) + Send + Sync + 'static,
) -> Result<Lead, OpenError> {
    wait(place, node, Some(Arc::new(Declared::of(names))), Arc::new(on_standing)).await
}

async fn wait(
    place: &Place,
    node: &Node,
    declared: Option<Arc<Declared>>,
    on_standing: Arc<impl Fn(Standing) + Send + Sync + 'static>,
) -> Result<Lead, OpenError> {
    let failed = |what: String| OpenError::Database { place: place.to_string(), what };
    let link = Link::start().map_err(|error| failed(format!("no thread: {error}")))?;
    let leads = CancellationToken::new();
    let ahead = declared.map(|declared| {
        let on_standing = Arc::clone(&on_standing);
        let on_ahead = move |servers| on_standing(Standing::Ahead(servers));
        let (place, tasks, leads) = (place.clone(), link.tasks(), leads.clone());
        let follower = Follower { place, tasks, declared: Arc::clone(&declared), leads, on_ahead };
        Ahead { declared, image: link.tasks().begin(follower.follow()) }
    });
    let (sender, receiver) = oneshot::channel();
    let own = node.credential.clone();
    let (place_there, node, tasks) = (place.clone(), node.clone(), link.tasks());
    link.tasks().spawn(async move {
        // Nobody waiting any more is no error.
        let _ = sender.send(campaign(&place_there, &node, &tasks, &*on_standing).await);
    });
    let won = receiver.await.map_err(|_| failed("its thread has ended".to_owned()))??;
    let Won { session, term, epoch, batch } = won;
    // The epoch before is over: nobody writes until this node does.
    leads.cancel();
    let closing = CancellationToken::new();
    let keeper = Keeper { place: place.clone(), tasks: link.tasks(), term, epoch, own, closing };
    let (sender, holding) = watch::channel(Holding::Has(Arc::clone(&session), batch));
    link.tasks().spawn(keeper.clone().keep(session, sender));
    Ok(Lead { link, keeper, holding, batch, ahead })
}

/// Waits until another node leads than in this epoch, for so long at most: who it is. For a node that has
/// handed over, so that it does not take the lock again.
pub async fn next_leader(place: &Place, epoch: i64, patience: Duration) -> Option<Leader> {
    let link = Link::start().ok()?;
    let (place, tasks) = (place.clone(), link.tasks());
    let (sender, receiver) = oneshot::channel();
    link.tasks().spawn(async move {
        let search = async {
            loop {
                // What goes wrong may pass.
                if let Ok(leader) = later_leader(&place, &tasks, epoch).await {
                    return leader;
                }
                tokio::time::sleep(limits::RECONNECT_FIRST).await;
            }
        };
        let found = tokio::time::timeout(patience, search).await;
        // Nobody waiting any more is no error.
        let _ = sender.send(found.ok());
    });
    receiver.await.ok().flatten()
}

async fn later_leader(place: &Place, tasks: &Tasks, epoch: i64) -> Result<Leader, Trouble> {
    let session = Session::connect(place, tasks).await?;
    loop {
        match cell::leader(&session).await? {
            Some(leader) if leader.epoch > epoch => return Ok(leader),
            _ => tokio::time::sleep(limits::RECONNECT_FIRST).await,
        }
    }
}

struct Won {
    session: Arc<Session>,
    term: Term,
    epoch: i64,
    batch: i64,
}

async fn campaign(
    place: &Place,
    node: &Node,
    tasks: &Tasks,
    on_standing: &(impl Fn(Standing) + Sync),
) -> Result<Won, OpenError> {
    let mut pauses = Pauses::default();
    loop {
        match attempt(place, node, tasks, on_standing, &mut pauses).await {
            Ok(won) => return won,
            Err(Trouble::Away(what) | Trouble::Later(what)) => {
                on_standing(Standing::Away(what));
                tokio::time::sleep(pauses.next()).await;
            }
            Err(trouble) => return Err(of_trouble(place, trouble)),
        }
    }
}

async fn attempt(
    place: &Place,
    node: &Node,
    tasks: &Tasks,
    on_standing: &(impl Fn(Standing) + Sync),
    pauses: &mut Pauses,
) -> Result<Result<Won, OpenError>, Trouble> {
    let session = Session::connect(place, tasks).await?;
    if let Err(error) = session.check(place).await? {
        return Ok(Err(error));
    }
    *pauses = Pauses::default();
    // Who cannot be listed follows all the same: the schema may be another version's.
    let _ = cell::follow(&session, node).await;
    while !cell::lock(&session, place).await? {
        on_standing(Standing::Following(cell::leader(&session).await?));
        let _ = cell::follow(&session, node).await;
    }
    let version = match schema::version(&session, place).await? {
        Ok(version) => version,
        Err(error) => return Ok(Err(error)),
    };
    schema::migrate(&session, version, place).await?;
    for checked in
        [cell::check_name(&session, place).await?, cell::check_others(&session, place).await?]
    {
        if let Err(error) = checked {
            return Ok(Err(error));
        }
    }
    let term = Term::new();
    let asked = term.now();
    let (epoch, batch) = cell::raise(&session, place, node).await?;
    term.extend(asked);
    Ok(Ok(Won { session, term, epoch, batch }))
}

/// The error for what became of a session.
pub(super) fn of_trouble(place: &Place, trouble: Trouble) -> OpenError {
    let place = place.to_string();
    match trouble {
        Trouble::Away(what) | Trouble::Later(what) => OpenError::Away { place, what },
        Trouble::Refused(what) => OpenError::Denied { place, what },
        Trouble::Replaced(what) => OpenError::Replaced { place, what },
        Trouble::Broken(what) => OpenError::Database { place, what },
    }
}
