//! Figures in the form that Prometheus reads (OpenMetrics 1.0).

mod exemplars;
mod gather;
mod process;
mod table;
mod values;

use guichet_cloud::worlds::Worlds;
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;

use crate::followed::Followed;
use crate::http::HttpCounts;
use guichet_http::connections::Connections;
pub use table::{Kind, METRICS, Metric};
use values::Values;

/// The type of the text.
pub const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// All metrics as text: of the first world and of the service. Costs what its projects and hosts
/// do, however many servers there are.
pub(crate) fn text(
    worlds: &Worlds,
    followed: Option<&Followed>,
    of_http: (&HttpCounts, &Connections),
) -> String {
    let mut registry = Registry::default();
    let mut values = Values::none();
    gather::all(&mut values, worlds, followed, of_http);
    let exemplars = values.exemplars();
    registry.register_collector(Box::new(values));
    let mut text = String::new();
    // Writing into a string cannot fail.
    let _ = encode(&mut text, &registry);
    exemplars::added(&text, exemplars)
}
