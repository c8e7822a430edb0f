//! What the laws say of the figures: Little's, Amdahl's, and the Universal Scalability Law.

use guichet_view::number::{figure, percent, rounded, times};
use guichet_view::text::capitalised;

use crate::compare::context::Context;
use crate::compare::plan::Work;
use crate::compare::result::{Fit, Row};

/// What each law says of the measured rows.
pub(super) fn sentences(rows: &[Row], fits: &[Fit], context: &Context) -> Vec<String> {
    let mut sentences = Vec::new();
    sentences.extend(little(rows));
    for fit in fits {
        sentences.extend(amdahl(fit, context));
        sentences.extend(usl(fit, context));
    }
    sentences
}

/// Little's law (J. D. C. Little, "A Proof for the Queuing Formula L = λW", Operations Research
/// 9(3), 1961) on the row where it holds worst: what ran on average must be the rate times the
/// mean time. The first is what an observer saw, the other two come from the operations.
fn little(rows: &[Row]) -> Option<String> {
    let seen: Vec<(&Row, f64)> =
        rows.iter().filter_map(|row| Some((row, row.mean_in_flight()?))).collect();
    let off = |(row, seen): &(&Row, f64)| (seen / row.rate_times_time() - 1.0).abs();
    let (worst, seen_worst) = *seen.iter().max_by(|a, b| off(a).total_cmp(&off(b)))?;
    let by_rate =
        |a: &&(&Row, f64), b: &&(&Row, f64)| a.0.per_s.median.total_cmp(&b.0.per_s.median);
    let (best, seen_best) = *seen.iter().max_by(by_rate)?;
    let apart = off(&(worst, seen_worst));
    let verdict = if apart <= 0.1 {
        "it holds"
    } else {
        "it does not hold there: the observer was held up, or the run was not steady"
    };
    Some(format!(
        "Little's law, in flight = rate × mean time: {} ({} work) had {} in flight on average, and {} requests/s × {} ms is {}. The two are furthest apart for {} ({} work), {} and {}, {} apart: {verdict}.",
        best.setting.name(),
        best.setting.work.name(),
        figure(seen_best),
        rounded(best.per_s.median),
        figure(best.mean_service_s() * 1e3),
        figure(best.rate_times_time()),
        worst.setting.name(),
        worst.setting.work.name(),
        figure(seen_worst),
        figure(worst.rate_times_time()),
        percent(apart),
    ))
}

/// What the serial share of Amdahl's law says of one model.
fn amdahl(fit: &Fit, context: &Context) -> Option<String> {
    let share = fit.serial_share?;
    let (name, work) = (fit.model.as_str(), fit.work.name());
    // Less than this share of a request, measured on a noisy machine, is nothing.
    const NOTHING: f64 = 0.0005;
    if share < NOTHING {
        return Some(format!(
            "Amdahl's law on {name}, {work} work: the serial share is nothing one could measure; the speed-up grows with the workers."
        ));
    }
    if fit.work == Work::Cpu && fit.largest > context.cores {
        return Some(format!(
            "Amdahl's law on {name}, {work} work: a serial share of {} fits best, and it is not the program's: workers past the {} cores wait for them, which the law takes for serial work.",
            share_text(share),
            context.cores,
        ));
    }
    Some(format!(
        "Amdahl's law on {name}, {work} work: a serial share of {} fits best, the part that only one does at a time with the queue, the lock and the processors; no number of workers makes it more than {} as fast.",
        share_text(share),
        times(1.0 / share),
    ))
}

/// A knee so many times beyond the largest size tried is a guess from nothing.
const OUT_OF_REACH: f64 = 4.0;

/// The Universal Scalability Law, with its knee and the measured one. Of computing it says
/// something only while there are cores to compute on.
fn usl(fit: &Fit, context: &Context) -> Option<String> {
    let law = fit.usl?;
    if fit.work == Work::Cpu && fit.largest > context.cores {
        return Some(format!(
            "{}, CPU-bound work: {}. No scalability law is read from these sizes: they go past the {} cores, of which it knows nothing.",
            capitalised(fit.model.as_str()),
            measured(fit),
            context.cores,
        ));
    }
    let predicted = match law.knee() {
        Some(knee) if knee <= OUT_OF_REACH * fit.largest as f64 => {
            format!("its knee, where more workers make it slower, lies at {}", rounded(knee))
        }
        Some(knee) => format!(
            "its knee would lie at {} workers, far beyond what was tried: read it as none",
            rounded(knee)
        ),
        None => "it has no knee: more workers never make it slower".to_owned(),
    };
    Some(format!(
        "Universal Scalability Law on {}, {} work: contention {}, coherency {}, at most {} off a measured rate; {predicted}; {}.",
        fit.model.as_str(),
        fit.work.name(),
        share_text(law.contention),
        if law.coherency == 0.0 { "0".to_owned() } else { format!("{:.1e}", law.coherency) },
        percent(fit.usl_error),
        measured(fit),
    ))
}

/// Where the rate was highest, and from where on it was as high within the noise.
fn measured(fit: &Fit) -> String {
    let (best, knee) = (fit.best_workers, fit.measured_knee);
    if knee == best {
        format!("measured, {best} workers did most")
    } else {
        format!("measured, {best} workers did most and {knee} as much within the noise")
    }
}

/// A share of one, in percent.
fn share_text(share: f64) -> String {
    match share {
        0.0 => "0".to_owned(),
        share => format!("{} %", figure(share * 100.0)),
    }
}
