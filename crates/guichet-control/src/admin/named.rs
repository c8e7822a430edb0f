//! Projects and users by what they are called.

use guichet_cloud::Cloud;
use guichet_core::ids::ProjectId;
use http::StatusCode;

use crate::problem::Problem;

/// The project with this id or name.
pub(super) fn project(cloud: &Cloud, named: &str) -> Result<ProjectId, Problem> {
    let none = || Problem::new(StatusCode::NOT_FOUND, format!("There is no project {named:?}."));
    cloud.accounts().directory().project_called(named).ok_or_else(none)
}

/// The place of the user with this id or name.
pub(super) fn user(cloud: &Cloud, named: &str) -> Result<usize, Problem> {
    let none = || Problem::new(StatusCode::NOT_FOUND, format!("There is no user {named:?}."));
    cloud.accounts().directory().user_called(named).ok_or_else(none)
}
