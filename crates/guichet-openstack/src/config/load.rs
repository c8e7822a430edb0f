//! Where a declared cloud comes from: embedded, a text, a file. And what is made of it: drawn
//! passwords, and the manager's own configuration.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use guichet_core::ids::ProjectId;
use guichet_core::limits;
use guichet_core::project::{Project, Quota};
use guichet_engine::{Catalogue, EngineConfig};
use guichet_store::journal::StoredRecord;

use super::problem::Mistake;
use super::{ConfigError, Declared, Rates, resolve};
use crate::kept;

const DEFAULT: &str = include_str!("../../clouds/default.toml");
const DEV: &str = include_str!("../../clouds/dev.toml");

/// Bytes of a drawn password: 144 bits, which nobody guesses.
const PASSWORD_BYTES: usize = 18;

/// Which users have passwords that were drawn.
#[derive(Clone, Default)]
pub struct Drawn {
    /// Users with the passwords drawn now: to be shown once.
    pub now: Vec<(Arc<str>, String)>,
    /// Users whose passwords were drawn, and shown, at an earlier start.
    pub before: Vec<Arc<str>>,
}

impl fmt::Debug for Drawn {
    /// Without the passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let now: Vec<&Arc<str>> = self.now.iter().map(|(user, _)| user).collect();
        f.debug_struct("Drawn").field("now", &now).field("before", &self.before).finish()
    }
}

impl Declared {
    /// The embedded cloud, with a text to copy it from: [`Self::default_text`].
    pub fn default_cloud() -> Self {
        static CLOUD: LazyLock<Declared> = LazyLock::new(|| {
            read(DEFAULT, "default.toml", &nothing())
                .expect("the embedded cloud is sound: a test parses it")
        });
        CLOUD.clone()
    }

    /// The cloud of `--dev`: fixed names and one password.
    pub fn dev() -> Self {
        Self::parse(DEV, "dev.toml").expect("the cloud of --dev is sound: a test parses it")
    }

    /// The text that [`Self::default_cloud`] is read from.
    pub const fn default_text() -> &'static str {
        DEFAULT
    }

    /// Reads a cloud from a configuration's text. Errors show it as `shown_name`. What it leaves
    /// out is as in [`Self::default_cloud`].
    ///
    /// # Errors
    /// [`ConfigError::Invalid`], with line, column and what was expected.
    pub fn parse(text: &str, shown_name: &str) -> Result<Self, ConfigError> {
        read(text, shown_name, &Self::default_cloud())
    }

    /// Reads a cloud from a file.
    ///
    /// # Errors
    /// Any [`ConfigError`]; the file is never read past [`limits::CONFIG_FILE_MAX`].
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let file = path.display().to_string();
        let mut bytes = Vec::new();
        let read = File::open(path)
            .and_then(|opened| opened.take(limits::CONFIG_FILE_MAX + 1).read_to_end(&mut bytes));
        match read {
            Err(reason) => return Err(ConfigError::Unreadable { file, reason }),
            Ok(length) if length as u64 > limits::CONFIG_FILE_MAX => {
                return Err(ConfigError::TooLarge { file });
            }
            Ok(_) => {}
        }
        match String::from_utf8(bytes) {
            Ok(text) => Self::parse(&text, &file),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let sound = String::from_utf8_lossy(&error.as_bytes()[..at]).into_owned();
                let problem = "not UTF-8 text";
                Err(Mistake::at(&(at..at), problem).shown(&sound, &file))
            }
        }
    }

    /// Draws a password for each user without one, unless one drawn at an earlier start is among
    /// what was found.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn draw_passwords(&mut self, found: &[StoredRecord]) -> Result<Drawn, getrandom::Error> {
        let mut drawn = Drawn::default();
        for user in self.users.iter_mut().filter(|user| user.password.is_none()) {
            if kept::has_password(found, &user.id) {
                drawn.before.push(Arc::clone(&user.name));
                continue;
            }
            let mut bytes = [0; PASSWORD_BYTES];
            getrandom::fill(&mut bytes)?;
            let password = BASE64_URL_SAFE_NO_PAD.encode(bytes);
            user.password = Some(password.clone());
            user.is_drawn = true;
            drawn.now.push((Arc::clone(&user.name), password));
        }
        Ok(drawn)
    }

    /// Forgets all passwords: once [`crate::identity::Identity`] has them, nothing else needs them.
    pub fn forget_passwords(&mut self) {
        for user in &mut self.users {
            user.password = None;
        }
    }

    /// The manager's configuration for this cloud; ids there are the places in the lists here.
    /// The rate of requests is not in it: that is the HTTP surface's, which counts reads too.
    pub fn engine_config(&self) -> EngineConfig {
        let mut catalogue = Catalogue::new();
        for flavor in &self.flavors {
            catalogue.add_flavor(&flavor.name, flavor.size);
        }
        for image in &self.images {
            catalogue.add_image(&image.name);
        }
        let projects = self.projects.iter().enumerate().map(|(place, project)| Project {
            id: ProjectId(place as u32),
            name: Arc::clone(&project.name),
            quota: project.quota,
            weight: project.weight,
        });
        EngineConfig {
            workers: self.workers,
            queue: self.queue,
            servers_max: self.servers_max,
            projects: projects.collect(),
            hosts: self.hosts.clone(),
            catalogue,
            ..EngineConfig::default()
        }
    }
}

impl Rates {
    /// The names that [`Self::named`] knows.
    pub const NAMES: [&str; 2] = ["unlimited", "ovhcloud"];

    /// Rates by a name: any number, or what OVHcloud's public cloud takes.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "unlimited" => Some(Self::default()),
            "ovhcloud" => Some(Self {
                compute_per_s: NonZeroU32::new(20),
                identity_per_min: NonZeroU32::new(60),
            }),
            _ => None,
        }
    }
}

fn read(text: &str, shown_name: &str, default: &Declared) -> Result<Declared, ConfigError> {
    toml::from_str(text)
        .map_err(Mistake::from)
        .and_then(|document| resolve::resolve(document, default))
        .map_err(|mistake| mistake.shown(text, shown_name))
}

/// What the embedded cloud's own file leaves out.
fn nothing() -> Declared {
    Declared {
        region: Arc::from(""),
        zone: Arc::from(""),
        projects: Vec::new(),
        users: Vec::new(),
        flavors: Vec::new(),
        images: Vec::new(),
        networks: Vec::new(),
        hosts: Vec::new(),
        rates: Rates::default(),
        profile: String::new(),
        workers: limits::WORKERS_DEFAULT,
        queue: limits::QUEUE_DEFAULT,
        servers_max: limits::SERVERS_MAX,
        default_quota: Quota::default(),
    }
}
