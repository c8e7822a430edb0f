//! Lists of hosts, known by their header: the nodes of Alibaba's cluster-trace-gpu-v2023
//! (`sn,cpu_milli,memory_mib,gpu,model`: thousandths of a processor are rounded down to whole
//! ones, the last two columns are not looked at) and our own, `name,vcpus,ram_mib`. Columns may
//! be in any order.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use guichet_core::ids::HostId;
use guichet_core::limits;
use guichet_core::project::Host;
use guichet_core::server::Size;
use guichet_locale::{Message, text};

use super::input::kind::Kind;
use super::input::table::{Format, Row, Table};
use super::input::{self, InputError};
use super::{native, openb};

const OWN: Format = Format {
    kind: Kind::Hosts,
    columns: &["name", "vcpus", "ram_mib"],
    rows_max: limits::HOSTS_MAX,
};

const OPENB: Format = Format {
    kind: Kind::Nodes,
    columns: &["sn", "cpu_milli", "memory_mib", "gpu", "model"],
    rows_max: limits::HOSTS_MAX,
};

/// The formats of a list of hosts.
pub(super) const FORMATS: &[&Format] = &[&OWN, &OPENB];

// Places in the columns of both formats.
const NAME: usize = 0;
const PROCESSORS: usize = 1;
const MEMORY: usize = 2;

/// Reads a list of hosts from a file of at most [`limits::TRACE_FILE_MAX`] bytes and
/// [`limits::HOSTS_MAX`] rows. Their ids count from 0 in the order of the rows.
///
/// # Errors
/// Any [`InputError`] but [`InputError::Value`]; two hosts of one name are one.
pub fn load(path: &Path) -> Result<Vec<Host>, InputError> {
    parse(&input::read(path)?, &path.to_string_lossy())
}

/// Reads a list of hosts from the bytes of a file, which errors call `shown_name`.
///
/// # Errors
/// As [`load`], but for those of the file system.
pub fn parse(bytes: &[u8], shown_name: &str) -> Result<Vec<Host>, InputError> {
    let traces = &[&native::FORMAT, &openb::FORMAT];
    let mut table = Table::open(bytes, shown_name, FORMATS, traces)?;
    let per_processor = if *table.format() == OPENB { 1_000 } else { 1 };
    let mut hosts = Vec::new();
    let mut known = HashSet::new();
    while let Some(row) = table.next_row()? {
        let id = u32::try_from(hosts.len()).expect("HOSTS_MAX is far below u32::MAX");
        let host = host(row, HostId(id), per_processor)?;
        if !known.insert(Arc::clone(&host.name)) {
            let expected = Message::new(|locale| text!(locale, "input-new-host"));
            return Err(row.wrong(NAME, expected));
        }
        hosts.push(host);
    }
    Ok(hosts)
}

fn host(row: Row<'_>, id: HostId, per_processor: u32) -> Result<Host, InputError> {
    Ok(Host {
        id,
        name: Arc::from(row.name(NAME)?),
        capacity: Size {
            vcpus: row.number(PROCESSORS)? / per_processor,
            ram_mib: row.number(MEMORY)?,
        },
    })
}
