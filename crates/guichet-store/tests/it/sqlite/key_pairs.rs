//! Key pairs in the file, whatever is declared between two starts.

use std::sync::Arc;

use guichet_core::ids::UserId;
use guichet_store::journal::Log;
use guichet_store::journal::sqlite::{self, Names};

use super::support::{World, all_names, names, open, projects};

/// One of a user that is not declared any more stays, and is its user's again when that is declared
/// again; its name stays taken.
#[test]
fn their_users_go_by_names() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut opened = open(dir.path());
    let mut world = World::new();
    for user in 0..3 {
        assert!(world.make_key_pair(user, "mine"));
    }
    world.write(&mut opened.log);
    drop(opened);
    let all = projects();
    let mut users = names("user", 3);
    users.reverse();
    users.truncate(2);
    let fewer = Names { users, ..all_names(&all) };
    let mut opened = sqlite::open(dir.path(), &fewer).expect("it opens");
    let found = opened.saved.key_pairs.clone();
    let mut owners: Vec<u32> = found.iter().map(|row| row.user.0).collect();
    owners.sort_unstable();
    assert_eq!(owners[..2], [0, 1], "the third and the second in turn");
    assert!(owners[2] > 2, "it is nobody's");
    // Written again as it was read.
    let mut batch = world.batch();
    batch.changes.key_pairs.extend(found.iter().map(|row| (row.id, Some(Arc::clone(row)))));
    opened.log.write(&batch).expect("written");
    drop(opened);
    let opened = open(dir.path());
    world.mirror.check(&opened.saved);
    assert!(opened.saved.key_pairs.iter().any(|row| row.user == UserId(0)));
}
