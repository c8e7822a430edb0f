//! What the figures say, in sentences. Each is made from the figures it names, and only if they
//! say it.

pub(super) mod laws;
mod models;
mod picked;
#[cfg(test)]
mod tests;

use guichet_locale::{capitalised, text};

use super::context::Context;
use super::plan::Work;
use super::result::{Fit, Row};
use picked::{best, best_pooled, subject};

/// What a sentence is about: beside which chart or table it belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Which model did most.
    Winner,
    /// What a pool gains.
    Gain,
    /// What the rate is limited by: the pool, the semaphore, the clients, the queue.
    Rate,
    /// What one kind of work gains against the other.
    Speedup,
    /// How long requests wait.
    Time,
    /// What the processors do.
    Cost,
    /// The machine, and what holds for all rows.
    All,
    /// Amdahl's law.
    Amdahl,
    /// The Universal Scalability Law.
    Scalability,
}

/// A sentence of the commentary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What it is about.
    pub topic: Topic,
    /// Of which rows; none if of all.
    pub work: Option<Work>,
    /// The sentence.
    pub text: String,
}

/// All sentences, the most important first.
pub fn commentary(rows: &[Row], fits: &[Fit], context: &Context) -> Vec<Said> {
    let mut said = Vec::new();
    let mut add = |topic, work, text: Option<String>| {
        said.extend(text.map(|text| Said { topic, work, text }));
    };
    for work in [Work::Io, Work::Cpu] {
        let of_work: Vec<&Row> = rows.iter().filter(|row| row.setting.work == work).collect();
        let of = Some(work);
        add(Topic::Winner, of, models::winner(&of_work, work, context));
        add(Topic::Gain, of, models::against_sequential(&of_work, work, context));
        add(Topic::Cost, of, why(&of_work, work, context));
        add(Topic::Time, of, models::waits(&of_work, work, context));
        add(Topic::Cost, of, models::threads_or_pool(&of_work, work, context));
    }
    add(Topic::Speedup, Some(Work::Cpu), both_kinds(rows, context));
    add(Topic::All, None, laws::little(rows, context));
    for fit in fits {
        let of = Some(fit.work);
        add(Topic::Amdahl, of, laws::amdahl(fit, context));
        let topic = if fit.is_read(context.cores) { Topic::Scalability } else { Topic::Rate };
        add(topic, of, laws::usl(fit, context));
    }
    let (row, text) = limited(rows, context).unzip();
    add(Topic::Rate, row.map(|row| row.setting.work), text);
    let (row, text) = queue_full(rows, context).unzip();
    add(Topic::Rate, row.map(|row| row.setting.work), text);
    add(Topic::All, None, others(rows, context));
    said
}

/// A machine whose cores are busy to this share can do no more.
const BUSY: f64 = 0.85;

/// Whether requests of these rows wait rather than compute: where fewest run at once, and so none
/// waits for a core that another has, they take much longer than the CPU they cost.
fn mostly_waits(rows: &[&Row], work: Work) -> bool {
    let calmest = rows.iter().min_by(|a, b| a.at_once().total_cmp(&b.at_once()));
    let waits = |row: &&Row| row.mean_service_s() * 1e6 > 2.0 * row.cpu_us();
    work == Work::Io && calmest.is_some_and(waits)
}

/// Why: the cores, or the waiting, from the time a request took and the CPU it cost. What others
/// take of the cores slows down work that computes; work that waits is limited by the cores only
/// if it fills them itself.
fn why(rows: &[&Row], work: Work, context: &Context) -> Option<String> {
    let row = best_pooled(rows).or_else(|| best(rows.iter().copied()))?;
    let (locale, cores) = (context.locale, context.cores);
    let (service_ms, cpu_ms) = (row.mean_service_s() * 1e3, row.cpu_us() / 1e3);
    let waits = mostly_waits(rows, work);
    let is_full = |row: &Row| {
        let others = if waits { 0.0 } else { row.others_busy() };
        row.cores_busy() + others > BUSY * cores as f64
    };
    if is_full(row) {
        let full = rows.iter().copied().filter(|row| is_full(row));
        let smallest = full.min_by_key(|row| row.setting.workers.unwrap_or(usize::MAX))?;
        let work = subject(work, locale);
        let cpu = locale.figure(cpu_ms);
        let most = locale.rounded(cores as f64 * 1e3 / cpu_ms.max(1e-6));
        let pool = capitalised(&smallest.setting.name(locale));
        let busy = locale.figure(smallest.cores_busy());
        return Some(if waits {
            text!(
                locale,
                "compare-cores",
                work = work,
                cpu = cpu,
                cores = cores,
                most = most,
                pool = pool,
                busy = busy
            )
        } else {
            let others = locale.figure(smallest.others_busy());
            text!(
                locale,
                "compare-cores-shared",
                work = work,
                cpu = cpu,
                cores = cores,
                most = most,
                pool = pool,
                busy = busy,
                others = others
            )
        });
    }
    (service_ms > 2.0 * cpu_ms && work == Work::Io).then(|| {
        text!(
            locale,
            "compare-waits",
            work = subject(work, locale),
            service = locale.figure(service_ms),
            cpu = locale.figure(cpu_ms),
            pool = capitalised(&row.setting.name(locale)),
            busy = locale.figure(row.cores_busy()),
            cores = cores
        )
    })
}

/// Others that keep more of a core busy than this are heard in the figures.
const LOUD: f64 = 0.2;

/// How many cores others kept busy in the middle of so many rows, if they were loud: if that shows in the figures.
pub fn others_loud(busy: &[f64]) -> Option<f64> {
    Some(super::stats::median(busy)).filter(|busy| *busy > LOUD)
}

/// Whether the machine was quiet.
fn others(rows: &[Row], context: &Context) -> Option<String> {
    let busy = others_loud(&rows.iter().map(Row::others_busy).collect::<Vec<_>>())?;
    let locale = context.locale;
    Some(text!(locale, "compare-others", busy = locale.figure(busy), cores = context.cores))
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
    let locale = context.locale;
    Some(text!(
        locale,
        "compare-both",
        pool = large.setting.name(locale),
        waits = locale.times(waits),
        computes = locale.times(computes),
        cores = context.cores
    ))
}

/// When the semaphore, or the clients, and not the pool, is the limit.
fn limited<'a>(rows: &'a [Row], context: &Context) -> Option<(&'a Row, String)> {
    let locale = context.locale;
    let sized = |limit: usize| {
        let mut reached: Vec<&Row> = rows
            .iter()
            .filter(|row| row.setting.workers.is_some_and(|workers| workers > limit))
            .filter(|row| row.max_in_flight() as usize >= limit)
            .collect();
        reached.sort_by_key(|row| row.setting.workers);
        reached.into_iter().next()
    };
    let workers = |row: &Row| row.setting.workers.unwrap_or(1);
    if let Some(permits) = context.permits
        && let Some(row) = sized(permits)
    {
        let text = text!(
            locale,
            "compare-permits",
            workers = workers(row),
            permits = permits,
            flight = row.max_in_flight(),
            rate = locale.rounded(row.per_s.median),
            pool = row.setting.name(locale)
        );
        return Some((row, text));
    }
    let row = sized(context.clients)?;
    let text = text!(
        locale,
        "compare-clients",
        workers = workers(row),
        clients = context.clients,
        flight = row.max_in_flight()
    );
    Some((row, text))
}

fn queue_full<'a>(rows: &'a [Row], context: &Context) -> Option<(&'a Row, String)> {
    let row = rows.iter().max_by_key(|row| row.queue_full())?;
    let locale = context.locale;
    (row.queue_full() > 0).then(|| {
        let pool = row.setting.name(locale);
        (row, text!(locale, "compare-queue-full", count = row.queue_full(), pool = pool))
    })
}
