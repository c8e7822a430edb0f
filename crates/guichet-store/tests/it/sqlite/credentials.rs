//! Application credentials in the file, whatever is declared between two starts.

use std::path::Path;
use std::sync::Arc;

use guichet_core::credential::ApplicationCredential;
use guichet_core::ids::{ProjectId, UserId};
use guichet_core::project::Project;
use guichet_store::journal::sqlite::{self, Names, Opened};

use super::support::{World, all_names, names, open, projects};

/// A credential of each of three users, for the project of the same number.
fn filled(dir: &Path) -> World {
    let mut opened = open(dir);
    let mut world = World::new();
    for user in 0..3 {
        assert!(world.make_credential(user, "ci"));
    }
    world.write(&mut opened.log);
    world
}

fn reopen(dir: &Path, names: &Names<'_>) -> Opened {
    sqlite::open(dir, names).unwrap_or_else(|error| panic!("{error}"))
}

/// Users and projects in place of their numbers, in order.
fn words(found: &[Arc<ApplicationCredential>], names: &Names<'_>) -> Vec<(String, String)> {
    let word = |row: &Arc<ApplicationCredential>| {
        let user = names.users.get(row.user.index()).map(|user| user.to_string());
        let project =
            names.projects.get(row.project.index()).map(|project| project.name.to_string());
        (user.unwrap_or_default(), project.unwrap_or_default())
    };
    let mut words: Vec<_> = found.iter().map(word).collect();
    words.sort();
    words
}

#[test]
fn their_users_and_projects_go_by_names() {
    let dir = tempfile::tempdir().expect("a directory");
    filled(dir.path());
    let all = projects();
    let known = all_names(&all);
    let expected = words(&reopen(dir.path(), &known).saved.credentials, &known);
    assert_eq!(expected[2], ("user-2".to_owned(), "project-2".to_owned()));
    let mut after: Vec<Project> = all.iter().rev().cloned().collect();
    for (project, id) in after.iter_mut().zip(0..) {
        project.id = ProjectId(id);
    }
    let mut users = names("user", 5);
    users.reverse();
    let turned = Names { projects: &after, users, ..known.clone() };
    assert_eq!(words(&reopen(dir.path(), &turned).saved.credentials, &turned), expected);
}

/// Its name stays taken, and it is its user's again when that is declared again.
#[test]
fn one_whose_user_or_project_is_not_declared_any_more_stays() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut world = filled(dir.path());
    let all = projects();
    let known = all_names(&all);
    let fewer = Names { projects: &all[..2], users: names("user", 2), ..known.clone() };
    let mut opened = reopen(dir.path(), &fewer);
    let found = opened.saved.credentials.clone();
    assert_eq!(words(&found, &fewer)[0], (String::new(), String::new()), "it is nobody's");
    // It is written again as it was read, and beside it one of a user that is declared.
    assert!(world.make_credential(1, "more"));
    let mut batch = world.batch();
    batch.changes.credentials.extend(found.iter().map(|row| (row.id, Some(Arc::clone(row)))));
    guichet_store::journal::Log::write(&mut opened.log, &batch).expect("written");
    drop(opened);
    let opened = reopen(dir.path(), &known);
    world.mirror.check(&opened.saved);
    let third = opened.saved.credentials.iter().filter(|row| row.user == UserId(2));
    assert_eq!(third.count(), 1);
}
