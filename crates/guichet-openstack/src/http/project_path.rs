//! The project's id in a path of Compute.

use std::sync::Arc;

use axum::extract::Request;
use guichet_http::path;

use super::id::is_id;

/// A project's id in a path, where it was before microversion 2.18 and still may be: 32
/// hexadecimal digits behind `/compute/v2.1/`. It is taken out, and handed on for the gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectInPath(pub Arc<str>);

const COMPUTE: &str = "/compute/v2.1/";

/// The request with one form of its path: no project in it, no slash at its end.
pub fn taken_out(mut request: Request) -> Request {
    let path = request.uri().path();
    let project = path.strip_prefix(COMPUTE).and_then(|rest| {
        let (first, _) = rest.split_once('/').unwrap_or((rest, ""));
        is_id(first).then(|| Arc::<str>::from(first))
    });
    let has_slash = path.len() > 1 && path.ends_with('/');
    if project.is_none() && !has_slash {
        return request;
    }
    let mut short = match &project {
        Some(id) => {
            let rest = &path[COMPUTE.len() + id.len()..];
            format!("{}{rest}", COMPUTE.trim_end_matches('/'))
        }
        None => path.to_owned(),
    };
    short.truncate(short.trim_end_matches('/').len().max(1));
    // It is made of parts of a path that was one, so it is one.
    if let Some(uri) = path::replaced(request.uri(), short) {
        *request.uri_mut() = uri;
    }
    if let Some(project) = project {
        request.extensions_mut().insert(ProjectInPath(project));
    }
    request
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn path(uri: &str) -> (String, Option<ProjectInPath>) {
        let request = Request::builder().uri(uri).body(Body::empty()).unwrap();
        let request = taken_out(request);
        (request.uri().to_string(), request.extensions().get::<ProjectInPath>().cloned())
    }

    #[test]
    fn a_project_in_the_path_is_taken_out_and_a_slash_at_the_end() {
        let id = "0123456789abcdef0123456789abcdef";
        let project = Some(ProjectInPath(Arc::from(id)));
        for (uri, expected, in_path) in [
            ("/compute/v2.1/servers?a=b", "/compute/v2.1/servers?a=b", None),
            ("/compute/v2.1/", "/compute/v2.1", None),
            ("/", "/", None),
            (
                &format!("/compute/v2.1/{id}/servers/x?a=/"),
                "/compute/v2.1/servers/x?a=/",
                project.clone(),
            ),
            (&format!("/compute/v2.1/{id}"), "/compute/v2.1", project.clone()),
            (&format!("/compute/v2.1/{id}/servers/"), "/compute/v2.1/servers", project),
            (&format!("/image/v2/{id}"), &format!("/image/v2/{id}"), None),
        ] {
            assert_eq!(path(uri), (expected.to_owned(), in_path), "{uri}");
        }
    }
}
