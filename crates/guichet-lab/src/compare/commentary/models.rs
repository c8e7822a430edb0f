//! What is said of the models against each other.

use guichet_engine::Model;
use guichet_locale::text;

use super::picked::{best, best_pooled, interval, sequential, subject};
use crate::compare::context::Context;
use crate::compare::plan::Work;
use crate::compare::result::Row;
use crate::compare::stats::ratio;

/// A model that is ahead by less is hardly worth choosing for it.
const LITTLE: f64 = 1.05;

/// Which model won, by how much, and whether that is more than the noise. That a pool is faster or
/// slower than one at a time is said apart.
pub(super) fn winner(rows: &[&Row], work: Work, context: &Context) -> Option<String> {
    let locale = context.locale;
    let first = best(rows.iter().copied())?;
    let others = rows.iter().copied().filter(|row| row.setting.model != first.setting.model);
    let second = best(others).filter(|row| row.setting.model != Model::Sequential)?;
    if first.setting.model == Model::Sequential && second.setting.workers.is_some() {
        return None;
    }
    let ahead = ratio(&first.rates(), &second.rates(), context.seed);
    let verdict = match ahead {
        point if point.is_point() => "unknown",
        draw if !draw.excludes(1.0) => "draw",
        little if little.median < LITTLE => "little",
        _ => "more",
    };
    Some(text!(
        locale,
        "compare-winner",
        work = subject(work, locale),
        first = first.setting.name(locale),
        rate = locale.rounded(first.per_s.median),
        ahead = locale.times(ahead.median),
        second = second.setting.name(locale),
        interval = interval(ahead, locale),
        verdict = verdict
    ))
}

/// What the best row with a pool gains over one at a time.
pub(super) fn against_sequential(rows: &[&Row], work: Work, context: &Context) -> Option<String> {
    let locale = context.locale;
    let (row, alone) = (best_pooled(rows)?, sequential(rows)?);
    let speedup = row.speedup?;
    let verdict = match speedup {
        faster if faster.low > 1.0 => "faster",
        slower if slower.high < 1.0 => "slower",
        _ => "noise",
    };
    Some(text!(
        locale,
        "compare-gain",
        work = subject(work, locale),
        pool = row.setting.name(locale),
        gain = locale.times(speedup.median),
        interval = interval(speedup, locale),
        rate = locale.rounded(row.per_s.median),
        alone = locale.rounded(alone.per_s.median),
        each = locale.percent(row.efficiency().unwrap_or(0.0)),
        verdict = verdict
    ))
}

/// What a pool does to the wait of a request.
pub(super) fn waits(rows: &[&Row], work: Work, context: &Context) -> Option<String> {
    let locale = context.locale;
    let (row, alone) = (best_pooled(rows)?, sequential(rows)?);
    Some(text!(
        locale,
        "compare-turns",
        work = subject(work, locale),
        alone = locale.figure(alone.wait_ms().p50),
        wait = locale.figure(row.wait_ms().p50),
        pool = row.setting.name(locale),
        alone_latency = locale.figure(alone.latency_ms().p99),
        latency = locale.figure(row.latency_ms().p99)
    ))
}

/// When a thread for each request stops paying: the smallest pool that does as much.
pub(super) fn threads_or_pool(rows: &[&Row], work: Work, context: &Context) -> Option<String> {
    let locale = context.locale;
    let threads = rows.iter().copied().find(|row| row.setting.model == Model::Threads)?;
    let pools = || rows.iter().copied().filter(|row| row.setting.model == Model::Pool);
    let as_much = |row: &&Row| {
        let ahead = ratio(&threads.rates(), &row.rates(), context.seed);
        !ahead.excludes(1.0) || ahead.median <= 1.0
    };
    let enough = pools().find(as_much);
    let row = enough.or_else(|| best(pools()))?;
    let (work, pool) = (subject(work, locale), row.setting.name(locale));
    let (rate, of_threads) =
        (locale.rounded(row.per_s.median), locale.rounded(threads.per_s.median));
    let verdict = if enough.is_some() {
        text!(
            locale,
            "compare-threads-stop",
            work = work,
            pool = pool,
            rate = rate,
            threads = of_threads
        )
    } else {
        text!(
            locale,
            "compare-threads-pay",
            work = work,
            pool = pool,
            rate = rate,
            threads = of_threads,
            threads_flight = threads.max_in_flight(),
            flight = row.max_in_flight()
        )
    };
    let costs = text!(
        locale,
        "compare-threads-cost",
        threads_cpu = locale.rounded(threads.cpu_us()),
        cpu = locale.rounded(row.cpu_us()),
        pool = row.setting.name(locale),
        threads_count = threads.peak_threads(),
        threads_memory = locale.rounded(threads.peak_rss_mib()),
        count = row.peak_threads(),
        memory = locale.rounded(row.peak_rss_mib())
    );
    Some(format!("{verdict} {costs}"))
}
