//! Projects and users by what they are called.

use guichet_cloud::Cloud;
use guichet_core::ids::ProjectId;
use http::StatusCode;

use crate::problem::Problem;

/// The project with this id or name.
pub(super) fn project(cloud: &Cloud, named: &str) -> Result<ProjectId, Problem> {
    let projects = cloud.accounts().directory();
    let projects = projects.projects().iter();
    let found = projects.clone().position(|project| *project.id == *named);
    let found = found.or_else(|| projects.clone().position(|project| *project.name == *named));
    let none = || Problem::new(StatusCode::NOT_FOUND, format!("There is no project {named:?}."));
    found.and_then(|place| u32::try_from(place).ok()).map(ProjectId).ok_or_else(none)
}

/// The place of the user with this id or name.
pub(super) fn user(cloud: &Cloud, named: &str) -> Result<usize, Problem> {
    let users = cloud.accounts().directory();
    let users = users.users().iter();
    let found = users.clone().position(|user| *user.id == *named);
    let found = found.or_else(|| users.clone().position(|user| *user.name == *named));
    let none = || Problem::new(StatusCode::NOT_FOUND, format!("There is no user {named:?}."));
    found.ok_or_else(none)
}
