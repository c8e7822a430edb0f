//! What is declared changes between two starts.

use std::path::Path;
use std::sync::Arc;

use guichet_core::fleet::Saved;
use guichet_core::ids::ProjectId;
use guichet_core::project::Project;
use guichet_core::rows::KeyRow;
use guichet_store::journal::Log;
use guichet_store::journal::sqlite::{self, Kind, Names, OpenError, Opened};
use rusqlite::Connection;

use super::support::{World, all_names, names, open, projects};

/// Each row in words: names in place of numbers.
pub(super) fn words(saved: &Saved, names: &Names<'_>) -> Vec<String> {
    let row = |row: &guichet_core::fleet::SavedRow| {
        let server = &row.server;
        let ports = server.details.iter().flat_map(|details| &details.ports);
        let ports: Vec<&str> = ports.map(|port| &*names.networks[port.network as usize]).collect();
        let finished: Vec<&str> =
            row.finished.iter().map(|operation| &*names.users[operation.client.index()]).collect();
        format!(
            "{} {} {} {} {:?} {} {ports:?} {finished:?}",
            server.id,
            names.projects[server.project.index()].name,
            names.flavors[server.flavor.index()],
            names.images[server.image.index()],
            server.host.map(|host| &names.hosts[host.index()]),
            names.users[server.created_by.index()],
        )
    };
    saved.rows.iter().map(row).collect()
}

pub(super) fn reopen(dir: &Path, names: &Names<'_>) -> Opened {
    sqlite::open(dir, names).unwrap_or_else(|error| panic!("{error}"))
}

pub(super) fn filled(dir: &Path) -> World {
    let mut opened = open(dir);
    let mut world = World::new();
    world.fill(&mut opened.log, 20);
    world.create(10, Some(1), true);
    world.write(&mut opened.log);
    world
}

/// Turns each list around and adds to it, in front and behind.
fn turned(mut old: Vec<Arc<str>>) -> Vec<Arc<str>> {
    old.reverse();
    old.insert(0, Arc::from("first of all"));
    old.push(Arc::from("last of all"));
    old
}

#[test]
fn lists_may_be_turned_around_and_added_to() {
    let dir = tempfile::tempdir().expect("a directory");
    let world = filled(dir.path());
    let before = projects();
    let known = all_names(&before);
    let expected = words(&reopen(dir.path(), &known).saved, &known);

    let mut after: Vec<Project> = before.iter().rev().cloned().collect();
    after.insert(0, Project { name: Arc::from("another"), ..before[0].clone() });
    for (project, id) in after.iter_mut().zip(0..) {
        project.id = ProjectId(id);
    }
    let turned = Names {
        projects: &after,
        hosts: turned(known.hosts.clone()),
        flavors: turned(known.flavors.clone()),
        images: turned(known.images.clone()),
        networks: turned(known.networks.clone()),
        users: turned(known.users.clone()),
    };
    let mut opened = reopen(dir.path(), &turned);
    assert_eq!(words(&opened.saved, &turned), expected);
    let owner =
        |keys: &[KeyRow], projects: &[Project]| projects[keys[0].project.index()].name.to_string();
    assert_eq!(owner(&opened.saved.keys, &after), owner(&world.mirror.keys, &before));

    // Rows written by the numbers of this start mean the same at the next.
    let mut changes = World::new().batch();
    for row in &opened.saved.rows {
        let image =
            guichet_core::fleet::RowImage { server: row.server.clone(), arrival: row.arrival };
        changes.changes.rows.insert(row.slot, image);
        changes
            .changes
            .finished
            .extend(row.finished.iter().map(|finished| (row.slot, finished.clone())));
    }
    opened.log.write(&changes).expect("written");
    drop(opened);
    let opened = reopen(dir.path(), &known);
    assert_eq!(words(&opened.saved, &known), expected);
    world.mirror.check(&opened.saved);
}

#[test]
fn a_name_in_use_is_missing() {
    let dir = tempfile::tempdir().expect("a directory");
    filled(dir.path());
    let projects = projects();
    let missing = |names: &Names<'_>| match sqlite::open(dir.path(), names) {
        Err(OpenError::NameMissing { kind, name, servers }) => (kind, name, servers),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it opened"),
    };
    let all = all_names(&projects);
    let without = |kind: &str, count| names(kind, count);
    let hosts = missing(&Names { hosts: without("host", 1), ..all.clone() });
    assert_eq!((hosts.0, &*hosts.1), (Kind::Host, "host-1"));
    let networks = missing(&Names { networks: without("network", 1), ..all.clone() });
    assert_eq!(networks.0, Kind::Network);
    assert!(networks.2 > 0 && networks.2 < 10);
    let users = missing(&Names { users: without("user", 1), ..all.clone() });
    assert_eq!(users.0, Kind::User);
    let project = missing(&Names { projects: &projects[..2], ..all.clone() });
    assert_eq!((project.0, &*project.1), (Kind::Project, "project-2"));
    let error = sqlite::open(dir.path(), &Names { images: names("image", 1), ..all.clone() });
    let text = error.expect_err("missing").to_string();
    assert!(text.contains("image \"image-1\" is not declared any more"), "{text}");
    // Nothing of that changed the file.
    assert_eq!(open(dir.path()).saved.rows.len(), 30);
}

#[test]
fn a_name_that_only_deleted_servers_use() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut opened = open(dir.path());
    let mut world = World::new();
    world.create(1, Some(3), false);
    world.create(1, None, false);
    world.change(guichet_core::action::Action::Delete, 0, None);
    world.write(&mut opened.log);
    drop(opened);
    let (gone, stays) = (world.servers[0], world.servers[1]);
    assert_ne!(gone.1, stays.1);
    let all = projects();
    let left: Vec<Project> = all.iter().filter(|project| project.id != gone.1).cloned().collect();
    let opened = reopen(dir.path(), &all_names(&left));
    assert_eq!(opened.saved.rows.len(), 1);
    assert_eq!(opened.saved.rows[0].server.id, stays.0);
    assert!(opened.saved.keys.is_empty());
    drop(opened);
    let file = Connection::open(dir.path().join("guichet.db")).expect("a database");
    let count = |sql: &str| file.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("a number");
    assert_eq!(count("SELECT count(*) FROM server"), 1);
    assert_eq!(count("SELECT count(*) FROM operation"), 0);
    drop(file);
    let opened = open(dir.path());
    // The number of a project is never another's, and no key is forgotten early.
    assert_eq!(opened.saved.rows[0].server.project, stays.1);
    assert_eq!(opened.saved.keys.len(), 1);
}

#[test]
fn a_name_is_declared_twice() {
    let dir = tempfile::tempdir().expect("a directory");
    let names = Names { hosts: [names("host", 2), names("host", 1)].concat(), ..Names::default() };
    let error = sqlite::open(dir.path(), &names).expect_err("twice");
    assert!(matches!(error, OpenError::NameTwice { kind: Kind::Host, .. }), "{error:?}");
}

/// Nothing declared: numbers stay as they are.
#[test]
fn numbers_without_names() {
    let dir = tempfile::tempdir().expect("a directory");
    let all = projects();
    let names = Names { projects: &all, ..Names::default() };
    let mut opened = reopen(dir.path(), &names);
    let mut world = World::new();
    world.create(3, None, true);
    world.write(&mut opened.log);
    drop(opened);
    world.mirror.check(&reopen(dir.path(), &names).saved);
}

/// A user who is not declared any more, and only did something once: nobody, but always the same.
#[test]
fn a_user_who_left() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut opened = open(dir.path());
    let mut world = World::new();
    world.fill(&mut opened.log, 1);
    drop(opened);
    let file = Connection::open(dir.path().join("guichet.db")).expect("a database");
    let by = "UPDATE server SET created_by = 0; UPDATE operation SET client = 2";
    file.execute_batch(by).expect("changed");
    drop(file);
    let all = projects();
    let fewer = Names { users: names("user", 2), ..all_names(&all) };
    let mut opened = reopen(dir.path(), &fewer);
    let row = opened.saved.rows[0].clone();
    assert!(row.finished[0].client.index() > 1_000_000, "{:?}", row.finished);
    let mut again = World::new().batch();
    again.changes.finished.push((row.slot, row.finished[0].clone()));
    opened.log.write(&again).expect("written");
    drop(opened);
    assert_eq!(open(dir.path()).saved.rows[0].finished[0].client.0, 2);
}
