//! The routes that this crate answers, as they are counted.

use std::sync::Arc;

use guichet_http::answered::{Route, say_route};
use http::Method;
use utoipa::openapi::OpenApi;

/// All of the console: its pages are few, and known to it alone.
pub(crate) const CONSOLE: &str = "/console";

/// Routes by method and path: a few dozen, so they are looked through.
#[derive(Debug)]
pub(crate) struct CountedRoutes(Arc<[Arc<Route>]>);

impl CountedRoutes {
    /// Those of the document, and those beside it.
    pub(crate) fn new(document: &OpenApi) -> Self {
        let paths = document.paths.paths.iter();
        let described = paths.flat_map(|(path, item)| {
            let methods = [
                (Method::GET, &item.get),
                (Method::POST, &item.post),
                (Method::PUT, &item.put),
                (Method::PATCH, &item.patch),
                (Method::DELETE, &item.delete),
            ];
            let there = methods.into_iter().filter(|(_, operation)| operation.is_some());
            there.map(|(method, _)| Route::new(method, path)).collect::<Vec<_>>()
        });
        let beside = ["/healthz", "/readyz", "/metrics", "/guichet/v1/openapi.json", CONSOLE];
        let beside = beside.map(|path| Route::new(Method::GET, path));
        Self(described.chain(beside).collect())
    }

    /// Each of them.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<Route>> {
        self.0.iter()
    }

    /// Says which of them the request that is being answered came to, if it came to one. The router
    /// could say it too, and would then write it down for every request of the clouds.
    pub(crate) fn say(&self, method: &Method, path: &str) {
        let method = if *method == Method::HEAD { &Method::GET } else { method };
        let of_method = self.all().filter(|route| route.method == *method);
        let fits = of_method.filter(|route| fits(&route.template, path));
        // What is written out goes before what is variable, as it does for the router.
        if let Some(route) = fits.min_by_key(|route| route.template.matches('{').count()) {
            say_route(Arc::clone(route));
        }
    }
}

/// Whether a path is one of those that a template is for.
fn fits(template: &str, path: &str) -> bool {
    let (mut expected, mut found) = (template.split('/'), path.split('/'));
    loop {
        match (expected.next(), found.next()) {
            (None, None) => return true,
            (Some(part), Some(given)) if part == given => {}
            (Some(part), Some(given)) if part.starts_with('{') && !given.is_empty() => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_fits_paths_with_anything_in_place_of_what_is_variable() {
        assert!(fits("/a/{id}/b", "/a/7/b") && fits("/a", "/a"));
        assert!(!fits("/a/{id}/b", "/a//b") && !fits("/a/{id}", "/a/7/b") && !fits("/a/b", "/a"));
    }
}
