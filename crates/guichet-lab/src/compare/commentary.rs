//! What the figures say, in sentences. Each is made from the figures it names, and only if they
//! say it.

mod laws;
#[cfg(test)]
mod tests;

use guichet_engine::Model;
use guichet_view::number::{figure, percent, rounded, times};
use guichet_view::text::capitalised;

use super::context::Context;
use super::plan::Work;
use super::result::{Fit, Row};
use super::stats::{Interval, ratio};

/// All sentences, the most important first.
pub fn commentary(rows: &[Row], fits: &[Fit], context: &Context) -> Vec<String> {
    let mut sentences = Vec::new();
    for work in [Work::Io, Work::Cpu] {
        let of_work: Vec<&Row> = rows.iter().filter(|row| row.setting.work == work).collect();
        sentences.extend(winner(&of_work, work, context));
        sentences.extend(against_sequential(&of_work, work));
        sentences.extend(why(&of_work, work, context));
        sentences.extend(waits(&of_work, work));
        sentences.extend(threads_or_pool(&of_work, work, context));
    }
    sentences.extend(both_kinds(rows, context));
    sentences.extend(laws::sentences(rows, fits, context));
    sentences.extend(limited(rows, context));
    sentences.extend(queue_full(rows));
    sentences.extend(others(rows, context));
    sentences
}

fn best<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Option<&'a Row> {
    rows.into_iter().max_by(|a, b| a.per_s.median.total_cmp(&b.per_s.median))
}

/// A model that is ahead by less is hardly worth choosing for it.
const LITTLE: f64 = 1.05;

/// Which model won, by how much, and whether that is more than the noise. That a pool is faster
/// than one at a time is said apart.
fn winner(rows: &[&Row], work: Work, context: &Context) -> Option<String> {
    let first = best(rows.iter().copied())?;
    let others = rows.iter().copied().filter(|row| row.setting.model != first.setting.model);
    let second = best(others).filter(|row| row.setting.model != Model::Sequential)?;
    let ahead = ratio(&first.rates(), &second.rates(), context.seed);
    let verdict = match ahead {
        draw if !draw.excludes(1.0) => "no more than the noise, so call it a draw",
        little if little.median < LITTLE => "more than the noise, and little",
        _ => "more than the noise",
    };
    Some(format!(
        "{} work: {} did most, {} requests/s, {} what {} did ({}): {verdict}.",
        work.name(),
        first.setting.name(),
        rounded(first.per_s.median),
        times(ahead.median),
        second.setting.name(),
        interval(ahead),
    ))
}

/// The best row of a model with a pool.
fn best_pooled<'a>(rows: &[&'a Row]) -> Option<&'a Row> {
    best(rows.iter().copied().filter(|row| row.setting.workers.is_some()))
}

fn sequential<'a>(rows: &[&'a Row]) -> Option<&'a Row> {
    rows.iter().copied().find(|row| row.setting.model == Model::Sequential)
}

/// What the best row with a pool gains over one at a time.
fn against_sequential(rows: &[&Row], work: Work) -> Option<String> {
    let (row, alone) = (best_pooled(rows)?, sequential(rows)?);
    let speedup = row.speedup?;
    let verdict = match speedup {
        faster if faster.low > 1.0 => "",
        slower if slower.high < 1.0 => " That is slower than without it.",
        _ => " That is within the noise: it gains nothing here.",
    };
    Some(format!(
        "{} work with {} went {} as fast as one at a time ({}): {} instead of {} requests/s, {} for each worker.{verdict}",
        work.name(),
        row.setting.name(),
        times(speedup.median),
        interval(speedup),
        rounded(row.per_s.median),
        rounded(alone.per_s.median),
        percent(row.efficiency().unwrap_or(0.0)),
    ))
}

/// A machine whose cores are busy to this share can do no more.
const BUSY: f64 = 0.85;

/// Why: the cores, or the waiting, from the time a request took and the CPU it cost.
fn why(rows: &[&Row], work: Work, context: &Context) -> Option<String> {
    let row = best_pooled(rows).or_else(|| best(rows.iter().copied()))?;
    let (service_ms, cpu_ms) = (row.mean_service_s() * 1e3, row.cpu_us() / 1e3);
    let (busy, cores) = (row.cores_busy(), context.cores);
    let is_full = |row: &Row| row.cores_busy() + row.others_busy() > BUSY * cores as f64;
    if is_full(row) {
        let full = rows.iter().copied().filter(|row| is_full(row));
        let smallest = full.min_by_key(|row| row.setting.workers.unwrap_or(usize::MAX))?;
        return Some(format!(
            "{} work is limited by the cores: a request costs {} ms of CPU, so {cores} cores do {} a second and no more. {} has {} of them busy already (others on the machine {}); more workers only share them.",
            work.name(),
            figure(cpu_ms),
            rounded(cores as f64 * 1e3 / cpu_ms.max(1e-6)),
            capitalised(&smallest.setting.name()),
            figure(smallest.cores_busy()),
            figure(smallest.others_busy()),
        ));
    }
    (service_ms > 2.0 * cpu_ms && work == Work::Io).then(|| {
        format!(
            "{} work waits: a request takes {} ms and costs {} ms of CPU (its client's part included), and while one waits others can run. With {} only {} of {cores} cores are busy, so not the cores are the limit but how many may wait at once.",
            work.name(),
            figure(service_ms),
            figure(cpu_ms),
            row.setting.name(),
            figure(busy),
        )
    })
}

/// Others that keep more of a core busy than this are heard in the figures.
const LOUD: f64 = 0.2;

/// Whether the machine was quiet.
fn others(rows: &[Row], context: &Context) -> Option<String> {
    let busy: Vec<f64> = rows.iter().map(Row::others_busy).collect();
    let busy = super::stats::median(&busy);
    (busy > LOUD).then(|| {
        format!(
            "The machine was not quiet: others kept {} of its {} cores busy meanwhile, so work that computes was slower than it can be, and the intervals are wider. Compare again when it is quiet.",
            figure(busy),
            context.cores
        )
    })
}

/// What a pool does to the wait of a request.
fn waits(rows: &[&Row], work: Work) -> Option<String> {
    let (row, alone) = (best_pooled(rows)?, sequential(rows)?);
    Some(format!(
        "{} work: half of the requests wait {} ms or more for their turn one at a time, and {} ms with {}; from sending to the end one in a hundred takes {} ms or more, and {} ms.",
        work.name(),
        figure(alone.wait_ms().p50),
        figure(row.wait_ms().p50),
        row.setting.name(),
        figure(alone.latency_ms().p99),
        figure(row.latency_ms().p99),
    ))
}

/// When a thread for each request stops paying: the smallest pool that does as much.
fn threads_or_pool(rows: &[&Row], work: Work, context: &Context) -> Option<String> {
    let threads = rows.iter().copied().find(|row| row.setting.model == Model::Threads)?;
    let pools = || rows.iter().copied().filter(|row| row.setting.model == Model::Pool);
    let as_much = |row: &&Row| {
        let ahead = ratio(&threads.rates(), &row.rates(), context.seed);
        !ahead.excludes(1.0) || ahead.median <= 1.0
    };
    let costs = |row: &Row| {
        format!(
            "A request costs {} µs of CPU with a thread of its own and {} µs with {}; {} threads and {} MiB at most against {} and {}",
            rounded(threads.cpu_us()),
            rounded(row.cpu_us()),
            row.setting.name(),
            threads.peak_threads(),
            rounded(threads.peak_rss_mib()),
            row.peak_threads(),
            rounded(row.peak_rss_mib()),
        )
    };
    if let Some(row) = pools().find(as_much) {
        return Some(format!(
            "{} work: {} does as much as a thread for each request ({} against {} requests/s), so from there on such threads do not pay. {}.",
            work.name(),
            row.setting.name(),
            rounded(row.per_s.median),
            rounded(threads.per_s.median),
            costs(row),
        ));
    }
    let row = best(pools())?;
    Some(format!(
        "{} work: a thread for each request still does more than any pool tried, {} against {} requests/s with {}: {} were in flight at most, not {}. {}.",
        work.name(),
        rounded(threads.per_s.median),
        rounded(row.per_s.median),
        row.setting.name(),
        threads.max_in_flight(),
        row.max_in_flight(),
        costs(row),
    ))
}

/// The same pool on both kinds of work.
fn both_kinds(rows: &[Row], context: &Context) -> Option<String> {
    let computing = rows.iter().filter(|row| row.setting.work == Work::Cpu);
    let large = computing.max_by_key(|row| row.setting.workers)?;
    large.setting.workers?;
    let same = |row: &&Row| {
        row.setting.work == Work::Io
            && row.setting.model == large.setting.model
            && row.setting.workers == large.setting.workers
    };
    let waiting = rows.iter().find(same)?;
    let (waits, computes) = (waiting.speedup?.median, large.speedup?.median);
    Some(format!(
        "The same worker count, another limit: {} makes work that waits {} as fast and work that computes {}. Waits overlap, computing only as far as there are cores ({} here).",
        large.setting.name(),
        times(waits),
        times(computes),
        context.cores,
    ))
}

/// When the semaphore, or the clients, and not the pool, is the limit.
fn limited(rows: &[Row], context: &Context) -> Option<String> {
    let sized = |limit: usize| {
        let mut reached: Vec<&Row> = rows
            .iter()
            .filter(|row| row.setting.workers.is_some_and(|workers| workers > limit))
            .filter(|row| row.max_in_flight() as usize >= limit)
            .collect();
        reached.sort_by_key(|row| row.setting.workers);
        reached.into_iter().next()
    };
    if let Some(permits) = context.permits
        && let Some(row) = sized(permits)
    {
        return Some(format!(
            "From {} workers on the semaphore is the limit, not the pool: {} permits, {} in flight at most, {} requests/s with {}.",
            row.setting.workers.unwrap_or(1),
            permits,
            row.max_in_flight(),
            rounded(row.per_s.median),
            row.setting.name(),
        ));
    }
    let row = sized(context.clients)?;
    Some(format!(
        "From {} workers on the clients are the limit, not the pool: {} of them, each with one request under way, {} in flight at most. Give more --clients to fill it.",
        row.setting.workers.unwrap_or(1),
        context.clients,
        row.max_in_flight(),
    ))
}

fn queue_full(rows: &[Row]) -> Option<String> {
    let row = rows.iter().max_by_key(|row| row.queue_full())?;
    (row.queue_full() > 0).then(|| {
        format!(
            "The queue was full {} times with {}: these requests were refused, none was lost.",
            row.queue_full(),
            row.setting.name()
        )
    })
}

fn interval(interval: Interval) -> String {
    format!("95 % interval {} to {}", figure(interval.low), figure(interval.high))
}
