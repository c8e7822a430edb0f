//! Hosts and quotas, as one writes them on a command line.

use std::fmt;
use std::str::FromStr;

use guichet_core::limits;
use guichet_core::project::Quota;
use guichet_core::server::Size;

use super::pairs::pairs;
use crate::trace::input::InputError;
use crate::trace::input::number::{whole, whole_expected};

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
fn from_one(what: &str, text: &str, max: u32) -> Result<u32, InputError> {
    let max = u64::from(max);
    whole(text.trim(), max)
        .and_then(|number| u32::try_from(number).ok())
        .filter(|number| *number > 0)
        .ok_or_else(|| InputError::value(what, text, whole_expected(1, max), HOSTS_EXAMPLE))
}

impl FromStr for HostSpec {
    type Err = InputError;

    fn from_str(text: &str) -> Result<Self, InputError> {
        let (count, capacity) = match text.split_once(':') {
            None => (text, None),
            Some((count, capacity)) => (count, Some(capacity)),
        };
        let count = from_one("number of hosts", count, limits::HOSTS_MAX as u32)? as usize;
        let Some(capacity) = capacity else {
            return Ok(Self { count, capacity: Self::CAPACITY });
        };
        let (vcpus, ram_mib) = capacity.split_once('x').ok_or_else(|| {
            let expected = "VCPUSxRAM_MIB";
            InputError::value("capacity of a host", capacity, expected, HOSTS_EXAMPLE)
        })?;
        let capacity = Size {
            vcpus: from_one("virtual processors of a host", vcpus, u32::MAX)?,
            ram_mib: from_one("memory of a host", ram_mib, u32::MAX)?,
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

impl FromStr for QuotaSpec {
    type Err = InputError;

    fn from_str(text: &str) -> Result<Self, InputError> {
        let mut quota = Quota::default();
        if text.trim() == UNLIMITED {
            return Ok(Self(quota));
        }
        if !text.contains('=') {
            let expected = format!("{UNLIMITED}, or limits as NAME=NUMBER");
            return Err(InputError::value("quota", text, expected, QUOTA_EXAMPLE));
        }
        for pair in pairs(text, QUOTA_EXAMPLE) {
            let (name, value) = pair?;
            let limit = match name {
                "instances" => &mut quota.instances,
                "cores" => &mut quota.cores,
                "ram_mib" => &mut quota.ram_mib,
                _ => {
                    let expected = "instances, cores or ram_mib";
                    return Err(InputError::value("resource", name, expected, QUOTA_EXAMPLE));
                }
            };
            let value = whole(value, u64::MAX).ok_or_else(|| {
                let what = format!("quota of {name}");
                InputError::value(what, value, whole_expected(0, u64::MAX), QUOTA_EXAMPLE)
            })?;
            if limit.replace(value).is_some() {
                let expected = format!("{name} once");
                return Err(InputError::value("quota", text, expected, QUOTA_EXAMPLE));
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
