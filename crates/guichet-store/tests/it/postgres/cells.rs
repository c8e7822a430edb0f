//! Several cells in one database.

use std::sync::Arc;

use guichet_scratch::Server;
use guichet_store::journal::postgres::{self, Credential, Lead, Node, Place, other_cells};
use guichet_store::journal::sqlite::OpenError;

use super::copied::{copy_all, database as side, directory, is_sound};
use super::{lead, place};
use crate::any::{Journal, database, other_cell};
use crate::sqlite::support::{World, all_names, projects};

/// Two fleets, whose rows have the same ids, each with a leader at the same time.
#[test]
fn two_cells_never_see_each_other() {
    let Some(server) = Server::start("two_cells_never_see_each_other") else { return };
    let first = database(&server);
    let second = other_cell(&first);
    // Both are led, by one lock each.
    let (mut one, mut other) = (first.open(), second.open());
    let (mut world, mut other_world) = (World::new(), World::new());
    world.fill(&mut *one.log, 30);
    other_world.fill(&mut *other.log, 10);
    world.fill(&mut *one.log, 5);
    one.log.close().expect("closed");
    drop(one);
    let again = first.open();
    assert_eq!((again.starts, other.starts), (2, 1), "each counts its own leaders");
    world.mirror.check(&again.saved);
    drop(again);
    other_world.fill(&mut *other.log, 5);
    other.log.close().expect("closed");
    drop(other);
    let other = second.open();
    assert_eq!(other.starts, 2);
    other_world.mirror.check(&other.saved);
    drop(other);
    let name = first.0.rsplit('/').next().expect("a name");
    let count = |schema: &str| {
        let ask = format!("SELECT count(*) FROM {schema}.server");
        server.sql(name, &ask).expect("counted")
    };
    assert_ne!(count("guichet"), count("guichet_other"));
    for cell in [&first, &second] {
        let verified = cell.verify();
        assert!(verified.audit.holds(), "{verified:?}");
    }
    assert_eq!(other_cells(&place(&first.0)).expect("listed"), ["other"]);
    assert_eq!(other_cells(&place(&second.0)).expect("listed"), [""]);
}

/// What was put in a cell is that cell; what was moved away, whatever it is called now, is none any more.
#[test]
fn what_was_moved_away_is_no_cell() {
    let Some(server) = Server::start("what_was_moved_away_is_no_cell") else { return };
    let (dir, url) = (crate::any::directory(), server.database().expect("a database"));
    drop(dir.open());
    let (from, cell) = (directory(dir.path()), |name| format!("{url}?cell={name}"));
    for to in [url.clone(), cell("west"), cell("south")] {
        is_sound(copy_all(&from, &side(&to)));
    }
    let others = || other_cells(&place(&url)).expect("listed");
    assert_eq!(others(), ["south", "west"]);
    let name = url.rsplit('/').next().expect("a name");
    let sql = |text: &str| server.sql(name, text).expect("done");
    sql("ALTER SCHEMA guichet RENAME TO guichet_before");
    sql("ALTER SCHEMA guichet_south RENAME TO \"guichet_South of then\"");
    sql("CREATE SCHEMA guichet_theirs; CREATE TABLE guichet_theirs.cell ()");
    is_sound(copy_all(&from, &side(&url)));
    assert_eq!(others(), ["west"]);
}

fn lead_cell(url: &str, number: usize, name: &str) -> Result<Lead, OpenError> {
    lead_place(&place(url).cell(number, name))
}

fn lead_place(place: &Place) -> Result<Lead, OpenError> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let node = Node {
        name: "a".to_owned(),
        address: "http://a:8774".to_owned(),
        credential: Credential::new(""),
    };
    runtime.block_on(postgres::stand(place, &node, |_| ()))
}

/// What was led as one cell is not led as another, whoever has changed the order in the configuration.
#[test]
fn a_schema_stays_the_cell_that_it_was() {
    let Some(server) = Server::start("a_schema_stays_the_cell_that_it_was") else { return };
    let url = server.database().expect("a database");
    // Of before there were cells.
    let before = lead(&url, "a").expect("it leads");
    let term = before.term();
    drop(postgres::open(before, &all_names(&projects())).expect("open"));
    assert!(!term.holds());
    let open = |number, name| {
        lead_cell(&url, number, name).map(|lead| {
            drop(postgres::open(lead, &all_names(&projects())).expect("open"));
        })
    };
    open(0, "east").expect("it is the first from now on");
    open(1, "west").expect("it is new");
    open(3, "west").expect("it is the same wherever it stands");
    for (name, what) in [("west", "the cell \"west\" there"), ("", "no cells there")] {
        let error = open(0, name).expect_err("it is another").to_string();
        assert!(error.contains("is the cell \"east\"") && error.contains(what), "{error}");
    }
    open(0, "east").expect("it is as before");
}

/// A cell that was renamed in the configuration, or taken out of it, is there all the same: whoever would lead
/// another one beside it is told so.
#[test]
fn a_cell_with_servers_is_not_forgotten() {
    let Some(server) = Server::start("a_cell_with_servers_is_not_forgotten") else { return };
    let first = database(&server);
    let declared = |names: &[&str]| {
        let names: Vec<_> = names.iter().map(|name| Arc::from(*name)).collect();
        place(&first.0).among(&names)
    };
    let open = |cells: &[&str], number: usize| {
        let place = declared(cells).cell(number, cells[number]);
        lead_place(&place).map(|lead| postgres::open(lead, &all_names(&projects())).expect("open"))
    };
    drop(open(&["east", "west"], 0).expect("it leads"));
    let west = open(&["east", "west"], 1).expect("it leads");
    drop(west);
    // Nothing is in it.
    drop(open(&["east"], 0).expect("it leads"));
    let (mut west, mut world) = (open(&["east", "west"], 1).expect("it leads"), World::new());
    world.fill(&mut west.log, 30);
    drop(west);
    for (cells, number) in [(&["east", "west9"][..], 0), (&["east", "west9"], 1), (&["east"], 0)] {
        let error = open(cells, number).expect_err("it is refused").to_string();
        assert!(error.contains("guichet_west is the cell \"west\" with"), "{error}");
    }
    drop(open(&["east", "north", "west"], 0).expect("it is declared, wherever"));
    // What is no cell's is left alone.
    let name = first.0.rsplit('/').next().expect("a name");
    for sql in [
        "ALTER SCHEMA guichet_west RENAME TO guichet_before",
        "CREATE SCHEMA guichet_theirs; CREATE TABLE guichet_theirs.cell (a int)",
    ] {
        server.sql(name, sql).expect("done");
    }
    drop(open(&["east"], 0).expect("it leads"));
}
