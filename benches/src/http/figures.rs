//! How what is measured is shown.

use crate::median::median;

pub(super) fn us(costs: &[f64]) -> String {
    format!("{:.1}", median(costs.to_vec()))
}

/// The median of the rounds' own ratios.
pub(super) fn ratio(costs: &[f64], to: &[f64]) -> String {
    let ratios = costs.iter().zip(to).map(|(cost, to)| cost / to);
    format!("{:.2}", median(ratios.collect()))
}
