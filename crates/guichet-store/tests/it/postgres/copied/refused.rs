//! What is not copied, and onto what nothing is.

use std::ops::ControlFlow;

use guichet_scratch::Server;
use guichet_store::journal::copy;
use guichet_store::journal::sqlite::{Names, OpenError};

use super::super::{lead, open, place};
use super::{copy_all, database, directory, files, is_sound, schema};
use crate::any::Journal;
use crate::sqlite::support::World;

#[test]
fn a_directory_that_is_served_is_not_moved() {
    let Some(server) = Server::start("a_directory_that_is_served_is_not_moved") else { return };
    let (from, url) = (crate::any::directory(), server.database().expect("a database"));
    let missing = copy_all(&directory(from.path()), &database(&url));
    assert!(matches!(missing, Err(OpenError::Missing { .. })), "{missing:?}");
    let mut opened = from.open();
    let mut world = World::new();
    world.fill(&mut *opened.log, 10);
    let in_use = copy_all(&directory(from.path()), &database(&url));
    assert!(matches!(in_use, Err(OpenError::InUse { .. })), "{in_use:?}");
    assert_eq!(schema(&server, &url), "none");
    drop(opened);
    is_sound(copy_all(&directory(from.path()), &database(&url)));
    // And nobody has it open afterwards.
    world.mirror.check(&from.open().saved);
}

#[test]
fn a_database_that_is_led_is_not_moved() {
    let Some(server) = Server::start("a_database_that_is_led_is_not_moved") else { return };
    let (url, to) = (server.database().expect("a database"), crate::any::directory());
    let empty = copy_all(&database(&url), &directory(to.path()));
    assert!(matches!(empty, Err(OpenError::EmptyDatabase { .. })), "{empty:?}");
    let opened = open(&url, &Names::default()).expect("it opens");
    let led = copy_all(&database(&url), &directory(to.path()));
    assert!(matches!(&led, Err(OpenError::Led { by: Some(by), .. }) if by == "a"), "{led:?}");
    assert!(files(to.path()).is_empty());
    drop(opened);
    is_sound(copy_all(&database(&url), &directory(to.path())));
}

#[test]
fn nothing_is_put_over_data() {
    let Some(server) = Server::start("nothing_is_put_over_data") else { return };
    let (dir, url) = (crate::any::directory(), server.database().expect("a database"));
    drop(dir.open());
    drop(open(&url, &Names::default()).expect("it opens"));
    let held = copy_all(&directory(dir.path()), &database(&url));
    assert!(matches!(held, Err(OpenError::HasData { .. })), "{held:?}");
    let there = copy_all(&database(&url), &directory(dir.path()));
    assert!(matches!(there, Err(OpenError::Exists { .. })), "{there:?}");
    // Also while a node leads: what it must be told first is that there are data.
    let led = open(&url, &Names::default()).expect("it opens");
    let held = copy_all(&directory(dir.path()), &database(&url));
    assert!(matches!(held, Err(OpenError::HasData { .. })), "{held:?}");
    drop(led);
    // What is in the way is named, whichever cell's it is.
    let west = format!("{url}?cell=west");
    is_sound(copy_all(&directory(dir.path()), &database(&west)));
    for (url, schema) in
        [(&url, "ALTER SCHEMA guichet RENAME"), (&west, "ALTER SCHEMA guichet_west ")]
    {
        let held = copy_all(&directory(dir.path()), &database(url)).expect_err("there are data");
        assert!(held.to_string().contains(schema), "{held}");
    }
    let other = server.database().expect("a database");
    let name = other.rsplit('/').next().expect("a name");
    server.sql(name, "CREATE SCHEMA guichet; CREATE TABLE guichet.t ()").expect("made");
    let foreign = copy_all(&directory(dir.path()), &database(&other));
    assert!(matches!(foreign, Err(OpenError::ForeignDatabase { .. })), "{foreign:?}");
}

/// A schema that an operator made, or a node that ended before it led, has no data.
#[test]
fn a_schema_without_rows_is_empty() {
    let Some(server) = Server::start("a_schema_without_rows_is_empty") else { return };
    let dir = crate::any::directory();
    drop(dir.open());
    for tables in [false, true] {
        let url = server.database().expect("a database");
        let name = url.rsplit('/').next().expect("a name");
        if tables {
            drop(open(&url, &Names::default()).expect("it opens"));
            server.sql(name, "TRUNCATE guichet.cell, guichet.project, guichet.name").expect("done");
        } else {
            server.sql(name, "CREATE SCHEMA guichet").expect("made");
        }
        is_sound(copy_all(&directory(dir.path()), &database(&url)));
    }
}

/// While a copy is under way nobody leads the database, and no other copy goes there; then a node leads
/// what was copied.
#[test]
fn nobody_leads_while_a_database_is_written() {
    let Some(server) = Server::start("nobody_leads_while_a_database_is_written") else { return };
    let (dir, url) = (crate::any::directory(), server.database().expect("a database"));
    let mut opened = dir.open();
    let mut world = World::new();
    world.fill(&mut *opened.log, 10);
    drop(opened);
    let copy_to = dir.path().join("copy");
    guichet_store::journal::sqlite::backup(dir.path(), &copy_to).expect("copied");
    std::thread::scope(|scope| {
        let mut follower = None;
        let restored = copy::restore(&copy_to, &place(&url), &mut |_| {
            if follower.is_none() {
                let other = copy_all(&directory(dir.path()), &database(&url));
                assert!(matches!(other, Err(OpenError::Led { by: None, .. })), "{other:?}");
            }
            let follower = follower.get_or_insert_with(|| scope.spawn(|| lead(&url, "b")));
            assert!(!follower.is_finished(), "it leads");
            ControlFlow::Continue(())
        });
        is_sound(restored);
        let lead = follower.expect("it follows").join().expect("no panic").expect("it leads");
        // No node of an earlier life is ever in an epoch of this one.
        assert!(lead.epoch() > 1_700_000_000, "{}", lead.epoch());
        let names = crate::sqlite::support::projects();
        let names = crate::sqlite::support::all_names(&names);
        let opened = guichet_store::journal::postgres::open(lead, &names).expect("it opens");
        world.mirror.check(&opened.saved);
    });
}
