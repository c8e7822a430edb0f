//! What is shown of many rounds.

pub(super) fn us(costs: &[f64]) -> String {
    format!("{:.1}", median(costs.to_vec()))
}

/// The median of the rounds' own ratios.
pub(super) fn ratio(costs: &[f64], to: &[f64]) -> String {
    let ratios = costs.iter().zip(to).map(|(cost, to)| cost / to);
    format!("{:.2}", median(ratios.collect()))
}

pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
