//! Names that are added while the file is written.

use std::path::Path;
use std::sync::Arc;

use guichet_core::fleet::RowImage;
use guichet_core::ids::{ClientId, FlavorId, ImageId, ProjectId};
use guichet_core::project::{Project, Quota};
use guichet_core::server::Server;
use guichet_store::journal::sqlite::{Names, Opened};
use guichet_store::journal::{Log, NewName};

use super::declared::{filled, reopen, words};
use super::support::{World, all_names, names, projects};

fn added(number: u32) -> Vec<NewName> {
    let name = |kind: &str| Arc::from(format!("{kind}-{number}"));
    let quota = Quota { cores: Some(7), ..Quota::default() };
    let id = ProjectId(projects().len() as u32);
    vec![
        NewName::User(name("user")),
        NewName::Image(name("image")),
        NewName::Project(Project { id, name: name("project"), quota, weight: 5 }),
        NewName::Flavor(name("flavor")),
    ]
}

/// Adds the names, and writes one row by the numbers that they have.
fn write(opened: &mut Opened, added: Vec<NewName>, numbers: [u32; 4]) {
    let [project, flavor, image, user] = numbers;
    let row = &opened.saved.rows[0];
    let server = Server {
        project: ProjectId(project),
        flavor: FlavorId(flavor),
        image: ImageId(image),
        created_by: ClientId(user),
        ..Server::clone(&row.server)
    };
    let mut batch = World::new().batch();
    batch.names = added;
    let image = RowImage { server: Arc::new(server), arrival: row.arrival };
    batch.changes.rows.insert(row.slot, image);
    opened.log.write(&batch).expect("written");
}

/// The longer declaration, with what was added before what there was.
fn longer(projects: &[Project], number: u32) -> Names<'_> {
    let with = |kind: &str, count: u32| {
        let mut all = names(kind, count);
        all.insert(0, Arc::from(format!("{kind}-{number}")));
        all
    };
    let (flavors, images, users) = (with("flavor", 3), with("image", 2), with("user", 3));
    Names { flavors, images, users, ..all_names(projects) }
}

fn with_project(number: u32) -> Vec<Project> {
    let mut all = projects();
    all.insert(0, Project { name: Arc::from(format!("project-{number}")), ..all[0].clone() });
    for (project, id) in all.iter_mut().zip(0..) {
        project.id = ProjectId(id);
    }
    all
}

/// What the first row names.
fn first(dir: &Path, number: u32) -> String {
    let projects = with_project(number);
    let names = longer(&projects, number);
    let opened = reopen(dir, &names);
    words(&opened.saved, &names).swap_remove(0)
}

fn is_of(words: &str, number: u32) -> bool {
    let all = ["project", "flavor", "image", "user"];
    all.iter().all(|kind| words.contains(&format!("{kind}-{number}")))
}

#[test]
fn rows_that_name_them_mean_the_same_at_the_next_start() {
    let dir = tempfile::tempdir().expect("a directory");
    filled(dir.path());
    let projects = projects();
    let mut opened = reopen(dir.path(), &all_names(&projects));
    write(&mut opened, added(77), [3, 3, 2, 3]);
    drop(opened);
    let found = first(dir.path(), 77);
    assert!(is_of(&found, 77), "{found}");
}

#[test]
fn a_name_that_the_file_knows_gets_its_old_number() {
    let dir = tempfile::tempdir().expect("a directory");
    filled(dir.path());
    // Declared once, and named by no row.
    let more = with_project(77);
    drop(reopen(dir.path(), &longer(&more, 77)));
    let projects = projects();
    let mut opened = reopen(dir.path(), &all_names(&projects));
    // Inside they are the next ones, behind others that the file does not know.
    write(&mut opened, added(88), [3, 3, 2, 3]);
    write(&mut opened, added(77), [4, 4, 3, 4]);
    drop(opened);
    let mut both = with_project(77);
    both.push(Project { id: ProjectId(4), name: Arc::from("project-88"), ..both[0].clone() });
    let mut names = longer(&both, 77);
    for (list, name) in [
        (&mut names.flavors, "flavor-88"),
        (&mut names.images, "image-88"),
        (&mut names.users, "user-88"),
    ] {
        list.push(Arc::from(name));
    }
    let opened = reopen(dir.path(), &names);
    let found = words(&opened.saved, &names).swap_remove(0);
    assert!(is_of(&found, 77), "{found}");
    drop(opened);
    let database = rusqlite::Connection::open(dir.path().join("guichet.db")).expect("a database");
    let count = "SELECT count(*) FROM name WHERE name = 'flavor-77'";
    let count: i64 = database.query_row(count, [], |row| row.get(0)).expect("counted");
    assert_eq!(count, 1);
}
