//! Who sent a request.

use std::sync::Arc;

use guichet_cloud::Cloud;
use guichet_cloud::accounts::{Project, Session};
use guichet_openstack::http::gate::TOKEN;
use http::HeaderMap;

/// The token that a request comes with.
pub(crate) fn token(headers: &HeaderMap) -> Option<&str> {
    headers.get(&TOKEN).and_then(|token| token.to_str().ok())
}

/// The session of that token, if it is good.
pub(crate) fn session(cloud: &Cloud, headers: &HeaderMap) -> Option<Arc<Session>> {
    token(headers).and_then(|token| cloud.accounts().session(token))
}

/// The name of the project that a session is for.
pub(crate) fn project(cloud: &Cloud, session: &Session) -> Option<Arc<str>> {
    project_as(cloud, session, |project| &project.name)
}

/// The id of the project that a session is for.
pub(crate) fn project_id(cloud: &Cloud, session: &Session) -> Option<Arc<str>> {
    project_as(cloud, session, |project| &project.id)
}

fn project_as(
    cloud: &Cloud,
    session: &Session,
    text: impl FnOnce(&Project) -> &Arc<str>,
) -> Option<Arc<str>> {
    let (project, _) = session.scope()?;
    let directory = cloud.accounts().directory();
    directory.owner(project).map(|project| Arc::clone(text(project)))
}
