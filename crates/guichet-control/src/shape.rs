//! Worlds as they are sent and shown.

use std::collections::BTreeMap;
use std::time::Duration;

use guichet_cloud::worlds::{Made, World, WorldSpec, Worlds};
use guichet_core::time::Timestamp;
use guichet_http::dates;
use guichet_http::links::Base;
use guichet_openstack::{clouds_yaml, environment};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a world is to be. All of it may be left out.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewWorld {
    /// The text of a configuration as `guichet serve --config` reads it; the service's own otherwise.
    config: Option<String>,
    /// How machines behave: the name of a built-in profile, such as `fast`; the service's otherwise.
    profile: Option<String>,
    /// What ids, delays and faults are drawn from.
    seed: Option<u64>,
    /// The world ends when nobody has used it for so many seconds; 3,600 otherwise.
    idle_s: Option<u64>,
    /// The file of the authority by which clients are to check the service: it is written into `clouds_yaml` and
    /// `environment`, and not read here.
    pub(crate) cacert: Option<String>,
    /// The snapshot that it begins from; as declared otherwise.
    pub(crate) from: Option<Origin>,
}

/// A snapshot of a world.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Origin {
    /// The world's id, or root.
    pub(crate) world: String,
    /// The snapshot's name.
    pub(crate) snapshot: String,
}

impl From<NewWorld> for WorldSpec {
    fn from(new: NewWorld) -> Self {
        let NewWorld { config, profile, seed, idle_s, cacert: _, from: _ } = new;
        Self { config, profile, seed, idle: idle_s.map(Duration::from_secs) }
    }
}

/// A world.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WorldRow {
    /// Its id; `root` is the service's own world.
    id: String,
    /// Where its APIs lie.
    url: String,
    /// Where its clients log in.
    auth_url: String,
    /// When it was made.
    created_at: String,
    /// It ends when nobody has used it for so many seconds; null: it ends with the service.
    idle_s: Option<u64>,
    /// What ids, delays and faults are drawn from, if that is known.
    seed: Option<u64>,
    /// Servers that exist in it.
    servers: usize,
    /// Operations that wait or run in it.
    operations: usize,
}

impl WorldRow {
    pub(crate) fn of(world: &World, base: &Base) -> Self {
        let cloud = world.cloud();
        let base = base.clone().under(cloud.path());
        let figures = cloud.manager().figures();
        Self {
            id: world.id().to_string(),
            url: base.link(""),
            auth_url: base.link("/identity"),
            created_at: date(world.created()),
            idle_s: world.idle().map(|idle| idle.as_secs()),
            seed: world.seed(),
            servers: figures.servers,
            operations: figures.jobs,
        }
    }
}

pub(crate) fn date(at: Timestamp) -> String {
    dates::seconds(at).to_string()
}

/// One world.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OneWorld {
    pub(crate) world: WorldRow,
}

/// All worlds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AllWorlds {
    /// From the oldest on; the service's own is the first.
    pub(crate) worlds: Vec<WorldRow>,
    /// How many there may be beside the first.
    pub(crate) most: usize,
}

/// A world that was just made, and what only its maker learns, now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MadeWorld {
    world: WorldRow,
    /// Lets its maker show, reset and end it: `Authorization: Bearer TOKEN`.
    control_token: String,
    /// The text of a `clouds.yaml`.
    clouds_yaml: String,
    /// The same for the environment, for the first user that is no administrator.
    environment: BTreeMap<&'static str, String>,
}

impl MadeWorld {
    pub(crate) fn of(made: &Made, worlds: &Worlds, base: &Base, cacert: Option<String>) -> Self {
        let world = WorldRow::of(&made.world, base);
        let (declared, url) = (worlds.declared(&made.world), &world.url);
        let variables = environment(&declared, url).into_iter();
        Self {
            control_token: made.token.text().to_owned(),
            clouds_yaml: clouds_yaml(&declared, &[], url, cacert.as_deref()),
            environment: variables.chain(cacert.map(|path| ("OS_CACERT", path))).collect(),
            world,
        }
    }
}
