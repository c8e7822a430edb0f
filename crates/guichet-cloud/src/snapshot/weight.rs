//! What a snapshot holds beside the rows of its servers, in bytes, roughly: texts and lists, each with what
//! it costs to have it. What two snapshots share is counted for each: it is not known who goes last.

use std::mem::size_of;

use guichet_core::credential::ApplicationCredential;
use guichet_core::details::{Details, Port};
use guichet_core::fleet::{Saved, SavedRow};
use guichet_core::group::ServerGroup;
use guichet_core::ids::OperationId;
use guichet_core::key_pair::KeyPair;
use guichet_core::rows::KeyRow;
use guichet_core::server::{Allocation, Fault, Operation};
use guichet_store::journal::StoredRecord;

/// What a text costs beside its letters: two counts, a length, a pointer, and what an allocator adds.
const TEXT_BYTES: usize = 48;

/// All that these rows and records hold.
pub(super) fn bytes(saved: &Saved, records: &[StoredRecord]) -> usize {
    let servers: usize = saved.rows.iter().map(server).sum();
    let keys: usize = saved.keys.iter().map(key).sum();
    let key_pairs: usize = saved.key_pairs.iter().map(|row| key_pair(row)).sum();
    let groups: usize = saved.groups.iter().map(|row| group(row)).sum();
    let credentials: usize = saved.credentials.iter().map(|row| credential(row)).sum();
    let records: usize = records.iter().map(record).sum();
    servers + keys + key_pairs + groups + credentials + records
}

fn text(text: impl AsRef<str>) -> usize {
    TEXT_BYTES + text.as_ref().len()
}

fn texts<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> usize {
    texts.into_iter().map(text).sum()
}

fn server(row: &SavedRow) -> usize {
    let server = &row.server;
    let details = server.details.as_deref().map_or(0, details);
    let fault = server.fault.as_ref().map_or(0, |it| size_of::<Fault>() + text(&it.message));
    let second = server.second.as_ref().map_or(0, |_| size_of::<Allocation>());
    let finished = row.finished.len() * size_of::<Operation>();
    text(&*server.name) + details + fault + second + finished
}

fn details(details: &Details) -> usize {
    let Details { description, metadata, tags, key_name, hostname, .. } = details;
    let single = [description, key_name, hostname, &details.availability_zone, &details.user_data];
    let reason = details.lock.as_ref().and_then(|lock| lock.reason.as_ref());
    size_of::<Details>()
        + texts(single.into_iter().flatten())
        + texts(metadata.iter().flat_map(|(name, value)| [name, value]))
        + texts(tags)
        + texts(reason)
        + details.ports.len() * size_of::<Port>()
}

fn key(row: &KeyRow) -> usize {
    let operations = row.answer.operations.len() * size_of::<OperationId>();
    size_of::<KeyRow>() + text(&row.key.0) + operations
}

fn key_pair(row: &KeyPair) -> usize {
    size_of::<KeyPair>() + texts([&row.name, &row.public_key, &row.fingerprint])
}

fn group(row: &ServerGroup) -> usize {
    size_of::<ServerGroup>() + text(&row.name)
}

fn credential(row: &ApplicationCredential) -> usize {
    let roles = texts(row.roles.iter().map(|role| &role.0));
    let single = [Some(&row.name), row.description.as_ref(), Some(&row.secret.0)];
    size_of::<ApplicationCredential>() + texts(single.into_iter().flatten()) + roles
}

fn record(record: &StoredRecord) -> usize {
    size_of::<StoredRecord>() + texts([&record.kind, &record.id, &record.body])
}
