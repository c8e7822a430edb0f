//! Which cell a request is for: what a dialect says of it, and the paths that are the service's own.

use std::sync::{Arc, PoisonError, RwLock};

use guichet_cloud::config::Declared;
use guichet_console::Console;
use guichet_control::cells::in_path;
use guichet_http::cells::Way;
use guichet_http::path;
use guichet_node::Routes;
use guichet_openstack::cells::{Homes, of_login, way};
use http::Uri;
use http::request::Parts;

/// Which cell a request is for, as it is declared.
#[derive(Debug)]
pub(super) struct Routing {
    names: Vec<Arc<str>>,
    /// Replaced when the configuration is read again. Held to copy the pointer.
    homes: RwLock<Arc<Homes>>,
}

impl Routing {
    pub(super) fn new(declared: &Declared) -> Self {
        Self { names: declared.cell_names(), homes: RwLock::new(Arc::new(Homes::of(declared))) }
    }

    /// Goes by another declaration of the same cells.
    pub(super) fn replace(&self, declared: &Declared) {
        let homes = Arc::new(Homes::of(declared));
        *self.homes.write().unwrap_or_else(PoisonError::into_inner) = homes;
    }

    fn homes(&self) -> Arc<Homes> {
        Arc::clone(&self.homes.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Where what steers the service is answered. Of cells whoever leads one knows all.
    fn of_control(&self, path: &str) -> Way {
        if path == "/guichet/v1/cells" || path == "/guichet/v1/openapi.json" {
            return Way::Any;
        }
        let Some(named) = in_path(path) else { return Way::At(0) };
        // Whoever answers says that there is none.
        self.named(named).map_or(Way::Any, Way::At)
    }

    /// The number of a cell that is named, or numbered.
    fn named(&self, named: &str) -> Option<usize> {
        let is_named =
            |(number, name): (usize, &Arc<str>)| **name == *named || number.to_string() == named;
        self.names.iter().enumerate().position(is_named)
    }

    /// What steers one cell, where a path says which: `/c/NAME/guichet/v1/...`.
    fn of_one(&self, uri: &Uri) -> Option<Way> {
        let (named, rest) = uri.path().strip_prefix("/c/")?.split_once('/')?;
        let cell = self.named(named).filter(|_| rest.starts_with("guichet/"))?;
        Some(Way::Inside(cell, path::replaced(uri, format!("/{rest}"))?))
    }
}

impl Routes for Routing {
    fn way(&self, parts: &Parts) -> Way {
        let path = parts.uri.path();
        if path.starts_with("/guichet/") {
            return self.of_control(path);
        }
        if let Some(way) = self.of_one(&parts.uri) {
            return way;
        }
        // The console and the worlds beside the service's own cloud are the first cell's.
        if path.starts_with("/w/") || Console::has(path) {
            return Way::At(0);
        }
        way(parts, &self.homes())
    }

    fn by_body(&self, body: &[u8]) -> Way {
        of_login(body, &self.homes())
    }
}
