//! Hosts and quotas, as one writes them on a command line.

use std::fmt;
use std::str::FromStr;

use guichet_core::limits;
use guichet_core::project::Quota;
use guichet_core::server::Size;
use guichet_locale::{Message, text};

use super::pairs::pairs;
use crate::trace::input::number::whole;
use crate::trace::input::{InputError, words};

const HOSTS_EXAMPLE: &str = "16:64x262144";
const QUOTA_EXAMPLE: &str = "instances=10,cores=20,ram_mib=51200";
/// The word for a quota without limits.
const UNLIMITED: &str = "unlimited";

/// Hosts that are all alike, `COUNT[:VCPUSxRAM_MIB]`: `16` or `16:64x262144`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostSpec {
    /// How many, 1 to [`limits::HOSTS_MAX`].
    pub count: usize,
    /// What each can hold, neither part zero; [`HostSpec::CAPACITY`] if the text does not say.
    pub capacity: Size,
}

impl HostSpec {
    /// What a host can hold if nothing else is said: 64 virtual processors and 256 GiB.
    pub const CAPACITY: Size = Size { vcpus: 64, ram_mib: 262_144 };
}

/// A number from 1 to `max` of a host specification.
fn from_one(what: Message, given: &str, max: u32) -> Result<u32, InputError> {
    let max = u64::from(max);
    whole(given.trim(), max)
        .and_then(|number| u32::try_from(number).ok())
        .filter(|number| *number > 0)
        .ok_or_else(|| InputError::value(what, given, words::whole(1, max), HOSTS_EXAMPLE))
}

impl FromStr for HostSpec {
    type Err = InputError;

    fn from_str(given: &str) -> Result<Self, InputError> {
        let (count, capacity) = match given.split_once(':') {
            None => (given, None),
            Some((count, capacity)) => (count, Some(capacity)),
        };
        let what = Message::new(|locale| text!(locale, "input-hosts-count"));
        let count = from_one(what, count, limits::HOSTS_MAX as u32)? as usize;
        let Some(capacity) = capacity else {
            return Ok(Self { count, capacity: Self::CAPACITY });
        };
        let (vcpus, ram_mib) = capacity.split_once('x').ok_or_else(|| {
            let what = Message::new(|locale| text!(locale, "input-hosts-capacity"));
            InputError::value(what, capacity, words::plain("VCPUSxRAM_MIB"), HOSTS_EXAMPLE)
        })?;
        let of_vcpus = Message::new(|locale| text!(locale, "input-hosts-vcpus"));
        let of_ram = Message::new(|locale| text!(locale, "input-hosts-ram"));
        let capacity = Size {
            vcpus: from_one(of_vcpus, vcpus, u32::MAX)?,
            ram_mib: from_one(of_ram, ram_mib, u32::MAX)?,
        };
        Ok(Self { count, capacity })
    }
}

impl fmt::Display for HostSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Size { vcpus, ram_mib } = self.capacity;
        write!(f, "{}:{vcpus}x{ram_mib}", self.count)
    }
}

/// A quota: `unlimited`, or any of `instances`, `cores` and `ram_mib` with a whole number, such as
/// `instances=10,cores=20,ram_mib=51200`. What is not named is unlimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QuotaSpec(pub Quota);

fn no_resource(name: &str) -> InputError {
    let what = Message::new(|locale| text!(locale, "input-quota-resource"));
    let expected = Message::new(|locale| text!(locale, "input-quota-resources"));
    InputError::value(what, name, expected, QUOTA_EXAMPLE)
}

impl FromStr for QuotaSpec {
    type Err = InputError;

    fn from_str(given: &str) -> Result<Self, InputError> {
        let mut quota = Quota::default();
        if given.trim() == UNLIMITED {
            return Ok(Self(quota));
        }
        let what = || Message::new(|locale| text!(locale, "input-quota"));
        if !given.contains('=') {
            let expected =
                Message::new(|locale| text!(locale, "input-quota-form", unlimited = UNLIMITED));
            return Err(InputError::value(what(), given, expected, QUOTA_EXAMPLE));
        }
        for pair in pairs(given, QUOTA_EXAMPLE) {
            let (name, value) = pair?;
            let (name, limit) = match name {
                "instances" => ("instances", &mut quota.instances),
                "cores" => ("cores", &mut quota.cores),
                "ram_mib" => ("ram_mib", &mut quota.ram_mib),
                _ => return Err(no_resource(name)),
            };
            let value = whole(value, u64::MAX).ok_or_else(|| {
                let what = Message::new(move |locale| text!(locale, "input-quota-of", name = name));
                InputError::value(what, value, words::whole(0, u64::MAX), QUOTA_EXAMPLE)
            })?;
            if limit.replace(value).is_some() {
                return Err(InputError::value(what(), given, words::once(name), QUOTA_EXAMPLE));
            }
        }
        Ok(Self(quota))
    }
}

impl fmt::Display for QuotaSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Quota { instances, cores, ram_mib } = self.0;
        let limits = [("instances", instances), ("cores", cores), ("ram_mib", ram_mib)];
        let mut separator = "";
        for (name, limit) in limits {
            if let Some(limit) = limit {
                write!(f, "{separator}{name}={limit}")?;
                separator = ",";
            }
        }
        if separator.is_empty() { f.write_str(UNLIMITED) } else { Ok(()) }
    }
}
