//! What the laws say of the figures: Little's, Amdahl's, and the Universal Scalability Law.

use guichet_locale::{Locale, capitalised, text};

use crate::compare::context::Context;
use crate::compare::result::{Fit, Row};

/// Little's law (J. D. C. Little, "A Proof for the Queuing Formula L = λW", Operations Research
/// 9(3), 1961) on the row where it holds worst: what ran on average must be the rate times the
/// mean time. The first is what an observer saw, the other two come from the operations.
pub(super) fn little(rows: &[Row], context: &Context) -> Option<String> {
    let locale = context.locale;
    let seen: Vec<(&Row, f64)> =
        rows.iter().filter_map(|row| Some((row, row.mean_in_flight()?))).collect();
    let off = |(row, seen): &(&Row, f64)| (seen / row.rate_times_time() - 1.0).abs();
    let (worst, seen_worst) = *seen.iter().max_by(|a, b| off(a).total_cmp(&off(b)))?;
    let by_rate =
        |a: &&(&Row, f64), b: &&(&Row, f64)| a.0.per_s.median.total_cmp(&b.0.per_s.median);
    let (best, seen_best) = *seen.iter().max_by(by_rate)?;
    let apart = off(&(worst, seen_worst));
    Some(text!(
        locale,
        "compare-little",
        best = best.setting.name(locale),
        best_work = best.setting.work.name(locale),
        seen = locale.figure(seen_best),
        rate = locale.rounded(best.per_s.median),
        time = locale.figure(best.mean_service_s() * 1e3),
        product = locale.figure(best.rate_times_time()),
        worst = worst.setting.name(locale),
        worst_work = worst.setting.work.name(locale),
        worst_seen = locale.figure(seen_worst),
        worst_product = locale.figure(worst.rate_times_time()),
        apart = locale.percent(apart),
        verdict = if apart <= 0.1 { "holds" } else { "fails" }
    ))
}

/// Less than this share of a request, measured on a noisy machine, is nothing.
const NOTHING: f64 = 0.0005;

/// The serial share that says something of the program, and is drawn.
pub(in crate::compare) fn serial_share(fit: &Fit, cores: usize) -> Option<f64> {
    fit.serial_share.filter(|share| *share >= NOTHING && fit.is_read(cores))
}

/// What the serial share of Amdahl's law says of one model.
pub(super) fn amdahl(fit: &Fit, context: &Context) -> Option<String> {
    let share = fit.serial_share?;
    let (locale, cores) = (context.locale, context.cores);
    let (model, work) = (fit.model.as_str(), fit.work.name(locale));
    let percent = share_text(share, locale);
    Some(if share < NOTHING {
        text!(locale, "compare-amdahl-none", model = model, work = work)
    } else if fit.is_read(cores) {
        let most = locale.times(1.0 / share);
        text!(locale, "compare-amdahl", model = model, work = work, share = percent, most = most)
    } else {
        text!(
            locale,
            "compare-amdahl-cores",
            model = model,
            work = work,
            share = percent,
            cores = cores
        )
    })
}

/// A knee so many times beyond the largest size tried is a guess from nothing.
const OUT_OF_REACH: f64 = 4.0;

/// The Universal Scalability Law, with its knee and the measured one.
pub(super) fn usl(fit: &Fit, context: &Context) -> Option<String> {
    let law = fit.usl?;
    let (locale, work) = (context.locale, fit.work.name(context.locale));
    let measured = measured(fit, locale);
    if !fit.is_read(context.cores) {
        return Some(text!(
            locale,
            "compare-usl-unread",
            model = capitalised(fit.model.as_str()),
            work = work,
            measured = measured,
            cores = context.cores
        ));
    }
    let predicted = match law.knee() {
        Some(knee) if knee <= OUT_OF_REACH * fit.largest as f64 => {
            text!(locale, "compare-knee", knee = locale.rounded(knee))
        }
        Some(knee) => text!(locale, "compare-knee-far", knee = locale.rounded(knee)),
        None => text!(locale, "compare-knee-none"),
    };
    Some(text!(
        locale,
        "compare-usl",
        model = fit.model.as_str(),
        work = work,
        contention = share_text(law.contention, locale),
        coherency = coherency_text(law.coherency, locale),
        error = locale.percent(fit.usl_error),
        predicted = predicted,
        measured = measured
    ))
}

/// Where the rate was highest, and from where on it was as high within the noise.
fn measured(fit: &Fit, locale: Locale) -> String {
    let (best, knee) = (fit.best_workers, fit.measured_knee);
    if knee == best {
        text!(locale, "compare-measured", best = best)
    } else {
        text!(locale, "compare-measured-knee", best = best, knee = knee)
    }
}

/// A share of one, in percent.
pub(in crate::compare) fn share_text(share: f64, locale: Locale) -> String {
    match share {
        0.0 => "0".to_owned(),
        share => locale.unit(&locale.figure(share * 100.0), "%"),
    }
}

/// What each worker costs each other one: small, so with its power of ten.
fn coherency_text(coherency: f64, locale: Locale) -> String {
    if coherency > 0.0 { locale.scientific(coherency) } else { "0".to_owned() }
}
