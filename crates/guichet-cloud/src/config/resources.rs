//! Flavors, images, networks and hosts: from a file's tables to what is declared.

use std::collections::{BTreeSet, HashSet};
use std::net::Ipv4Addr;
use std::sync::Arc;

use guichet_core::ids::HostId;
use guichet_core::limits;
use guichet_core::project::Host;
use guichet_core::server::Size;
use guichet_engine::config;
use toml::Spanned;
use uuid::Uuid;

use super::checks::{Checked, counted, name, once, text};
use super::declared::Declared;
use super::document::{FlavorTable, HostTable, HostsTable, ImageTable, NetworkTable, Number, Text};
use super::mistake::Mistake;
use super::number;
use crate::catalogue::{Flavor, Image, Network};
use crate::ids;

/// Bits of an address that are the subnet's: at least 13 addresses for servers, and not all of
/// the private ranges at once.
const PREFIXES: std::ops::RangeInclusive<u8> = 8..=28;

/// What a flavor or a host has of both.
fn size(vcpus: &Number, ram_mib: &Number) -> Checked<Size> {
    Ok(Size {
        vcpus: number::small("vcpus", vcpus, 1)?,
        ram_mib: number::small("ram_mib", ram_mib, 1)?,
    })
}

/// The flavors that are declared.
pub(super) fn flavors(tables: &[FlavorTable]) -> Checked<Vec<Flavor>> {
    counted("flavor", tables, 1, limits::FLAVORS_MAX)?;
    let (mut names, mut ids) = (HashSet::new(), HashSet::new());
    tables
        .iter()
        .map(|table| {
            let name = name("name", &table.name)?;
            once("flavor", &mut names, &name, &table.name)?;
            let id = flavor_id(table, &name)?;
            once("flavor id", &mut ids, &id, table.id.as_ref().unwrap_or(&table.name))?;
            let mut extra_specs = std::collections::BTreeMap::new();
            for (key, value) in &table.extra_specs {
                self::name("extra_specs", key)?;
                if value.get_ref().chars().count() > limits::EXTRA_SPEC_MAX {
                    let most = limits::EXTRA_SPEC_MAX;
                    let problem = format!("longer than the {most} characters of an extra spec");
                    return Err(Mistake::at(&value.span(), problem));
                }
                extra_specs.insert(key.get_ref().clone(), value.get_ref().clone());
            }
            Ok(Flavor {
                id,
                name,
                size: size(&table.vcpus, &table.ram_mib)?,
                disk_gib: number::small("disk_gib", &table.disk_gib, 0)?,
                ephemeral_gib: number::or_zero("ephemeral_gib", table.ephemeral_gib.as_ref())?,
                swap_mib: number::or_zero("swap_mib", table.swap_mib.as_ref())?,
                extra_specs,
                is_public: table.public.unwrap_or(true),
                description: text(table.description.as_ref()),
                rxtx_factor: 1.0,
                access: BTreeSet::new(),
                is_deleted: false,
            })
        })
        .collect()
}

/// The id that is declared, or one made from the name. It is part of paths: nothing that ends one.
fn flavor_id(table: &FlavorTable, name: &str) -> Checked<Arc<str>> {
    let Some(text) = &table.id else {
        return Ok(Arc::from(ids::uuid("flavor", name).to_string()));
    };
    let id = self::name("id", text)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if id.bytes().all(plain) {
        return Ok(id);
    }
    let expected = "expected letters, digits, `.`, `_` and `-`";
    Err(Mistake::at(&text.span(), format!("`{id}` is no id of a flavor, {expected}")))
}

/// The id that is declared, or one made from the name.
fn uuid(kind: &str, id: Option<&Text>, name: &str) -> Checked<Uuid> {
    let Some(text) = id else {
        return Ok(ids::uuid(kind, name));
    };
    text.get_ref().parse().map_err(|_| {
        let problem = format!("`{}` is no id, expected a uuid", text.get_ref());
        Mistake::at(&text.span(), problem)
    })
}

/// The images that are declared.
pub(super) fn images(tables: &[ImageTable]) -> Checked<Vec<Image>> {
    counted("image", tables, 1, limits::FLAVORS_MAX)?;
    let (mut names, mut ids) = (HashSet::new(), HashSet::new());
    tables
        .iter()
        .map(|table| {
            let name = name("name", &table.name)?;
            once("image", &mut names, &name, &table.name)?;
            let id = uuid("image", table.id.as_ref(), &name)?;
            let shown = Arc::from(id.to_string());
            once("image id", &mut ids, &shown, table.id.as_ref().unwrap_or(&table.name))?;
            let size = table.size.as_ref();
            Ok(Image {
                id,
                name,
                min_disk_gib: number::or_zero("min_disk_gib", table.min_disk_gib.as_ref())?,
                min_ram_mib: number::or_zero("min_ram_mib", table.min_ram_mib.as_ref())?,
                size: size.map_or(Ok(0), |size| number::within("size", size, 0, 1 << 53))?,
                made: None,
            })
        })
        .collect()
}

/// The networks that are declared.
pub(super) fn networks(tables: &[NetworkTable]) -> Checked<Vec<Network>> {
    counted("network", tables, 0, limits::FLAVORS_MAX)?;
    let (mut names, mut ids) = (HashSet::new(), HashSet::new());
    tables
        .iter()
        .map(|table| {
            let name = name("name", &table.name)?;
            once("network", &mut names, &name, &table.name)?;
            let id = uuid("network", table.id.as_ref(), &name)?;
            let shown = Arc::from(id.to_string());
            once("network id", &mut ids, &shown, table.id.as_ref().unwrap_or(&table.name))?;
            let (base, prefix) = cidr(&table.cidr)?;
            let subnet_id = ids::uuid("subnet", &name);
            Ok(Network { id, name, subnet_id, base, prefix })
        })
        .collect()
}

/// `10.0.0.0/16`: an address whose bits behind the prefix are zero.
fn cidr(text: &Text) -> Checked<(Ipv4Addr, u8)> {
    let parse = |text: &str| {
        let (base, prefix) = text.split_once('/')?;
        let base: Ipv4Addr = base.parse().ok()?;
        let prefix: u8 = prefix.parse().ok()?;
        let is_base = PREFIXES.contains(&prefix) && base.to_bits() << prefix == 0;
        is_base.then_some((base, prefix))
    };
    parse(text.get_ref()).ok_or_else(|| {
        let expected = format!(
            "expected an IPv4 network such as 10.0.0.0/16, its prefix {} to {}, the bits behind it 0",
            PREFIXES.start(),
            PREFIXES.end()
        );
        Mistake::at(&text.span(), format!("`cidr` is `{}`, {expected}", text.get_ref()))
    })
}

/// `[hosts]`, alike, or each `[[host]]`; of the first, what is left out is as by default.
pub(super) fn hosts(
    alike: Option<&Spanned<HostsTable>>,
    each: Option<&[HostTable]>,
    default: &Declared,
) -> Checked<Vec<Host>> {
    match (alike, each) {
        (None, None) => Ok(default.hosts.clone()),
        (Some(alike), Some(_)) => {
            let problem =
                "both `[hosts]` and `[[host]]`, expected one: hosts alike, or each its own";
            Err(Mistake::at(&alike.span(), problem))
        }
        (Some(alike), None) => {
            let table = alike.get_ref();
            let usual = default
                .hosts
                .first()
                .map_or(Size { vcpus: 64, ram_mib: 262_144 }, |host| host.capacity);
            let count = match &table.count {
                Some(count) => number::within("count", count, 0, limits::HOSTS_MAX as u64)?,
                None => default.hosts.len() as u64,
            };
            let each = |field, number: Option<&Number>, usual| {
                number.map_or(Ok(usual), |number| number::small(field, number, 1))
            };
            let capacity = Size {
                vcpus: each("vcpus", table.vcpus.as_ref(), usual.vcpus)?,
                ram_mib: each("ram_mib", table.ram_mib.as_ref(), usual.ram_mib)?,
            };
            Ok(config::hosts(count as usize, capacity))
        }
        (None, Some(tables)) => {
            counted("host", tables, 0, limits::HOSTS_MAX)?;
            let mut names = HashSet::new();
            let hosts = tables.iter().enumerate().map(|(number, table)| {
                let name = name("name", &table.name)?;
                once("host", &mut names, &name, &table.name)?;
                let capacity = size(&table.vcpus, &table.ram_mib)?;
                Ok(Host { id: HostId(number as u32), name, capacity })
            });
            hosts.collect()
        }
    }
}
