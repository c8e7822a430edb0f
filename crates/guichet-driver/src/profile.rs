//! The simulated driver's behaviour as data: how long each action takes and what goes wrong.
//!
//! A profile is a TOML file. The built-in ones ([`Profile::BUILTIN`]) lie in `profiles/` and
//! teach the format in their comments. What a profile leaves out is zero: the empty file is a
//! driver that does everything at once. A mistake in it is an error with file, line and column,
//! found when it is read: a [`Profile`] in hand is sound.

mod delay;
mod number;
mod pattern;
mod problem;
mod rule;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use guichet_core::action::Action;
use guichet_core::limits;
use serde::Deserialize;

pub use delay::Delay;
pub use pattern::Pattern;
pub use rule::{FaultKind, FaultRule};

/// How one action behaves when nothing goes wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Behaviour {
    /// How long it waits for others.
    pub delay: Delay,
    /// How long it computes, on top of that.
    pub cpu: Duration,
}

/// How a simulated driver behaves, as one file describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    name: Arc<str>,
    /// In the order of [`Action::ALL`].
    behaviours: Vec<Behaviour>,
    faults: Vec<FaultRule>,
}

/// Why there is no profile. The text is complete: it names the file and, where there is one,
/// the position in it.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The file cannot be opened or read: another path or other permissions are needed.
    #[error("{file}: cannot be read: {reason}")]
    Unreadable {
        /// The file, as it was named.
        file: String,
        /// What the system says.
        reason: io::Error,
    },
    /// The file is larger than [`limits::PROFILE_FILE_MAX`]: hardly a profile.
    #[error("{file}: larger than {} bytes, the most a profile may have", limits::PROFILE_FILE_MAX)]
    TooLarge {
        /// The file, as it was named.
        file: String,
    },
    /// The file is no text.
    #[error("{file}: not UTF-8 text at line {line}, byte {column} of the line")]
    NotText {
        /// The file, as it was named.
        file: String,
        /// Line of the first byte that is no text, from 1.
        line: usize,
        /// Position of that byte in its line, from 1.
        column: usize,
    },
    /// The text is no profile: it must be corrected at the position it names.
    #[error("{file}: {problem}")]
    Invalid {
        /// The file, as it was named.
        file: String,
        /// Line and column, the line itself, what is wrong and what was expected.
        problem: String,
    },
}

/// A profile as its file spells it: a table for each action that a driver does, by its name.
macro_rules! document {
    ($( $section:ident: $action:ident, )*) => {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Document {
            #[serde(default)]
            default: Section,
            $( #[serde(default)] $section: Section, )*
            #[serde(default, deserialize_with = "rule::rules")]
            fault: Vec<rule::Table>,
        }

        impl Document {
            const fn section(&self, action: Action) -> &Section {
                match action {
                    $( Action::$action => &self.$section, )*
                    // No driver is called for these.
                    Action::ResetActive
                    | Action::ResetError
                    | Action::CrashDump
                    | Action::AbortMigration => &self.default,
                }
            }
        }
    };
}

document! {
    create: Create,
    reboot: RebootSoft,
    reboot_hard: RebootHard,
    start: Start,
    stop: Stop,
    delete: Delete,
    resize: Resize,
    confirm_resize: ConfirmResize,
    revert_resize: RevertResize,
    pause: Pause,
    unpause: Unpause,
    suspend: Suspend,
    resume: Resume,
    rebuild: Rebuild,
    rescue: Rescue,
    unrescue: Unrescue,
    shelve: Shelve,
    shelve_offload: ShelveOffload,
    unshelve: Unshelve,
    create_image: CreateImage,
    create_backup: CreateBackup,
    change_password: ChangePassword,
    soft_delete: SoftDelete,
    restore: Restore,
    migrate: Migrate,
    live_migrate: LiveMigrate,
    evacuate: Evacuate,
}

/// One action's table. What it leaves out it has from `[default]`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with `delay`, `cpu_ms` or both")]
struct Section {
    delay: Option<Delay>,
    cpu_ms: Option<number::CpuMillis>,
}

impl Document {
    fn behaviour(&self, action: Action) -> Behaviour {
        let own = self.section(action);
        let delay = own.delay.as_ref().or(self.default.delay.as_ref());
        let cpu = own.cpu_ms.or(self.default.cpu_ms);
        Behaviour {
            delay: delay.cloned().unwrap_or(Delay::ZERO),
            cpu: cpu.map_or(Duration::ZERO, |ms| delay::millis(ms.0)),
        }
    }
}

const SOURCES: [(&str, &str); 4] = [
    ("instant", include_str!("../profiles/instant.toml")),
    ("fast", include_str!("../profiles/fast.toml")),
    ("realistic", include_str!("../profiles/realistic.toml")),
    ("flaky", include_str!("../profiles/flaky.toml")),
];

impl Profile {
    /// The names of the built-in profiles.
    pub const BUILTIN: &[&str] = &[SOURCES[0].0, SOURCES[1].0, SOURCES[2].0, SOURCES[3].0];

    /// The built-in profile of that name, if there is one.
    pub fn builtin(name: &str) -> Option<Self> {
        let text = Self::source(name)?;
        Some(Self::parse(text, name).expect("the built-in profiles are sound: a test parses each"))
    }

    /// The text of a built-in profile: something to copy and change.
    pub fn source(name: &str) -> Option<&'static str> {
        SOURCES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
    }

    /// Reads a profile from its text. Errors and [`name`](Self::name) show it as `shown_name`.
    ///
    /// # Errors
    /// [`ProfileError::Invalid`], with line, column and what was expected.
    pub fn parse(text: &str, shown_name: &str) -> Result<Self, ProfileError> {
        let document: Document = toml::from_str(text).map_err(|error| ProfileError::Invalid {
            file: shown_name.to_owned(),
            problem: problem::shown(error, text),
        })?;
        Ok(Self {
            name: Arc::from(shown_name),
            behaviours: Action::ALL.iter().map(|action| document.behaviour(*action)).collect(),
            faults: document.fault.into_iter().map(FaultRule::from).collect(),
        })
    }

    /// Reads a profile from a file.
    ///
    /// # Errors
    /// Any [`ProfileError`]; the file is never read past [`limits::PROFILE_FILE_MAX`].
    pub fn load(path: &Path) -> Result<Self, ProfileError> {
        let file = path.display().to_string();
        let mut bytes = Vec::new();
        let read = File::open(path)
            .and_then(|opened| opened.take(limits::PROFILE_FILE_MAX + 1).read_to_end(&mut bytes));
        match read {
            Err(reason) => return Err(ProfileError::Unreadable { file, reason }),
            Ok(length) if length as u64 > limits::PROFILE_FILE_MAX => {
                return Err(ProfileError::TooLarge { file });
            }
            Ok(_) => {}
        }
        match std::str::from_utf8(&bytes) {
            Ok(text) => Self::parse(text, &file),
            Err(error) => {
                let before = &bytes[..error.valid_up_to()];
                let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
                let column = 1 + before.iter().rev().take_while(|byte| **byte != b'\n').count();
                Err(ProfileError::NotText { file, line, column })
            }
        }
    }

    /// What it is called: a built-in name, or the file it came from.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How an action behaves when nothing goes wrong.
    pub fn behaviour(&self, action: Action) -> &Behaviour {
        &self.behaviours[action as usize]
    }

    /// The fault rules, in the order in which they are tried.
    pub fn faults(&self) -> &[FaultRule] {
        &self.faults
    }

    /// The same profile, where `share` (0 to 1) of each action's mean time is computing and the
    /// rest waiting: calls take as long on average as they did. No CPU part passes
    /// [`limits::PROFILE_CPU_MAX_MS`].
    #[must_use]
    pub fn with_cpu_share(mut self, share: f64) -> Self {
        let share = share.clamp(0.0, 1.0);
        for behaviour in &mut self.behaviours {
            let (wait, mean) = (behaviour.delay.mean(), behaviour.delay.mean() + behaviour.cpu);
            let left = mean.mul_f64(1.0 - share);
            behaviour.cpu = mean.mul_f64(share).min(delay::millis(limits::PROFILE_CPU_MAX_MS));
            behaviour.delay = if left.is_zero() {
                Delay::ZERO
            } else if wait.is_zero() {
                Delay::fixed(left)
            } else {
                behaviour.delay.scaled(left.as_secs_f64() / wait.as_secs_f64())
            };
        }
        self
    }

    /// How long a call of this action takes on average, delay and CPU part, when nothing goes
    /// wrong. Computed from the distribution, not drawn.
    pub fn mean_of(&self, action: Action) -> Duration {
        let behaviour = self.behaviour(action);
        behaviour.delay.mean() + behaviour.cpu
    }

    /// How long a call takes on average when nothing goes wrong, every action of the lab as
    /// likely as any other.
    pub fn mean_service(&self) -> Duration {
        let total: Duration = Action::LAB.iter().map(|action| self.mean_of(*action)).sum();
        total / Action::LAB.len() as u32
    }
}
