//! Where a declared cloud comes from: embedded, a text, a file.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use guichet_core::limits;
use guichet_core::project::Quota;
use guichet_driver::DriverRegistry;

use super::declared::{Declared, Rates, Times};
use super::mistake::{ConfigError, Mistake};
use super::resolve;

const DEFAULT: &str = include_str!("../../clouds/default.toml");
const DEV: &str = include_str!("../../clouds/dev.toml");

impl Declared {
    /// The embedded cloud, with a text to copy it from: [`Self::default_text`].
    pub fn default_cloud() -> Self {
        static CLOUD: LazyLock<Declared> = LazyLock::new(|| {
            read(DEFAULT, "default.toml", &nothing(), &DriverRegistry::builtin())
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
        Self::parse_for(text, shown_name, &DriverRegistry::builtin())
    }

    /// The same for whoever has other drivers than the built-in ones: it may name any of these.
    ///
    /// # Errors
    /// Those of [`parse`](Self::parse).
    pub fn parse_for(
        text: &str,
        shown_name: &str,
        drivers: &DriverRegistry,
    ) -> Result<Self, ConfigError> {
        read(text, shown_name, &Self::default_cloud(), drivers)
    }

    /// Reads a cloud from a file.
    ///
    /// # Errors
    /// Any [`ConfigError`]; the file is never read past [`limits::CONFIG_FILE_MAX`].
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        Self::load_for(path, &DriverRegistry::builtin())
    }

    /// The same for whoever has other drivers than the built-in ones: it may name any of these.
    ///
    /// # Errors
    /// Those of [`load`](Self::load).
    pub fn load_for(path: &Path, drivers: &DriverRegistry) -> Result<Self, ConfigError> {
        let text = read_text(path)?;
        Self::parse_for(&text, &path.display().to_string(), drivers)
    }
}

/// The text of a configuration's file.
///
/// # Errors
/// Any [`ConfigError`]; the file is never read past [`limits::CONFIG_FILE_MAX`].
pub fn read_text(path: &Path) -> Result<String, ConfigError> {
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
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let sound = String::from_utf8_lossy(&error.as_bytes()[..at]).into_owned();
        Mistake::at(&(at..at), "not UTF-8 text").shown(&sound, &file)
    })
}

fn read(
    text: &str,
    shown_name: &str,
    default: &Declared,
    drivers: &DriverRegistry,
) -> Result<Declared, ConfigError> {
    toml::from_str(text)
        .map_err(Mistake::from)
        .and_then(|document| resolve::resolve(document, default, drivers))
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
        driver: Arc::from(""),
        profile: String::new(),
        workers: limits::WORKERS_DEFAULT,
        queue: limits::QUEUE_DEFAULT,
        servers_max: limits::SERVERS_MAX,
        times: Times::DEFAULT,
        default_quota: Quota::default(),
        cells: Vec::new(),
        cell: 0,
    }
}
