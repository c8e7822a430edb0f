//! One form for each path, whatever form a client sends it in; and the project's id in a path of
//! Compute.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::Request;
use guichet_http::path;

use super::id::is_id;

/// A project's id in a path, where it was before microversion 2.18 and still may be: 32
/// hexadecimal digits behind `/compute/v2.1/`. It is taken out, and handed on for the gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectInPath(pub Arc<str>);

const COMPUTE: &str = "/compute/v2.1/";
const IDENTITY: &str = "/identity";

/// The request with one form of its path.
pub fn unified(mut request: Request) -> Request {
    let path = request.uri().path();
    let form = one_form(path);
    let project = form.strip_prefix(COMPUTE).and_then(|rest| {
        let (first, _) = rest.split_once('/').unwrap_or((rest, ""));
        is_id(first).then(|| Arc::<str>::from(first))
    });
    let short = match (&project, form) {
        (None, Cow::Borrowed(form)) if form.len() == path.len() => return request,
        (None, form) => form.into_owned(),
        (Some(id), form) => {
            let rest = &form[COMPUTE.len() + id.len()..];
            format!("{}{rest}", COMPUTE.trim_end_matches('/'))
        }
    };
    // It is made of parts of a path that was one, so it is one.
    if let Some(uri) = path::replaced(request.uri(), short) {
        *request.uri_mut() = uri;
    }
    if let Some(project) = project {
        request.extensions_mut().insert(ProjectInPath(project));
    }
    request
}

/// A path with single slashes and none at its end. The root is Identity's, and `/v3` too: who names
/// no more than the address of this service as `auth_url` finds from there where to log in. An
/// ending `.json` goes where Glance and Neutron take it for the format.
pub(crate) fn one_form(path: &str) -> Cow<'_, str> {
    let mut form = Cow::Borrowed(path);
    if path.contains("//") {
        let mut single = path.to_owned();
        while single.contains("//") {
            single = single.replace("//", "/");
        }
        form = Cow::Owned(single);
    }
    // Nova has no usage of a project without an id, not a list of all.
    if form.ends_with("/os-simple-tenant-usage/") {
        return form;
    }
    let has_format = form.starts_with("/image/") || form.starts_with("/network/");
    let end = match form.trim_end_matches('/') {
        plain if has_format => plain.strip_suffix(".json").unwrap_or(plain).len(),
        plain => plain.len(),
    };
    if end < form.len() {
        match &mut form {
            Cow::Borrowed(text) => *text = &text[..end],
            Cow::Owned(text) => text.truncate(end),
        }
    }
    if form.is_empty() || form == "/v3" || form.starts_with("/v3/") {
        return Cow::Owned(format!("{IDENTITY}{form}"));
    }
    form
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn path(uri: &str) -> (String, Option<ProjectInPath>) {
        let request = Request::builder().uri(uri).body(Body::empty()).unwrap();
        let request = unified(request);
        (request.uri().to_string(), request.extensions().get::<ProjectInPath>().cloned())
    }

    #[test]
    fn a_path_has_one_form() {
        let id = "0123456789abcdef0123456789abcdef";
        let project = Some(ProjectInPath(Arc::from(id)));
        for (uri, expected, in_path) in [
            ("/compute/v2.1/servers?a=b", "/compute/v2.1/servers?a=b", None),
            ("/compute/v2.1/", "/compute/v2.1", None),
            ("/", "/identity", None),
            ("//?a=b", "/identity?a=b", None),
            ("/v3", "/identity/v3", None),
            ("/v3/auth/tokens", "/identity/v3/auth/tokens", None),
            ("/v33", "/v33", None),
            ("//compute///v2.1//servers//", "/compute/v2.1/servers", None),
            ("/network/v2.0/networks.json?name=a", "/network/v2.0/networks?name=a", None),
            ("/image/v2/images.json/", "/image/v2/images", None),
            (
                "/compute/v2.1/os-simple-tenant-usage/?start=a",
                "/compute/v2.1/os-simple-tenant-usage/?start=a",
                None,
            ),
            ("/compute/v2.1/os-keypairs/a.json", "/compute/v2.1/os-keypairs/a.json", None),
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
