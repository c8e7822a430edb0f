//! A comparison as tables, JSON and CSV. What programs read is English, in every language.

use comfy_table::Table;
use guichet_engine::Model;
use guichet_locale::{Locale, text};
use guichet_view::screen::{Screen, Squeeze, framed};
use serde_json::{Value, json};

use super::Comparison;
use super::result::{Fit, Row};
use super::stats::Interval;

/// The whole comparison as one JSON object.
pub fn json(comparison: &Comparison) -> Value {
    let plan = &comparison.plan;
    let main = comparison.main_fit();
    let usl = |fit: &Fit| {
        fit.usl.map(|law| {
            json!({
                "contention": law.contention, "coherency": law.coherency,
                "knee_workers": law.knee(), "rate_of_one": law.rate_of_one,
                "worst_error": fit.usl_error,
            })
        })
    };
    let fits: Vec<Value> = comparison
        .fits
        .iter()
        .map(|fit| {
            json!({
                "model": fit.model.as_str(), "work": fit.work.as_str(), "usl": usl(fit),
                "amdahl": fit.serial_share.map(|share| json!({ "serial_share": share })),
                "best_workers": fit.best_workers, "measured_knee_workers": fit.measured_knee,
            })
        })
        .collect();
    let commentary = comparison.commentary(Locale::English).into_iter().map(|said| said.text);
    let violations = comparison.violations.iter().map(|broken| broken.text(Locale::English));
    let (commentary, violations) =
        (commentary.collect::<Vec<String>>(), violations.collect::<Vec<String>>());
    let busiest = comparison.rows.iter().max_by(|a, b| a.per_s.median.total_cmp(&b.per_s.median));
    json!({
        "seed": plan.seed,
        "runs": plan.runs,
        "clients": plan.clients,
        "permits": plan.permits,
        "profile": plan.profile.name(),
        "mix": plan.mix.to_string(),
        "cores": plan.cores,
        "results": comparison.rows,
        "usl": main.and_then(usl),
        "amdahl": main.and_then(|fit| fit.serial_share).map(|share| json!({ "serial_share": share })),
        "little": busiest.map(|row| json!({
            "model": row.setting.model.as_str(), "workers": row.setting.workers,
            "work": row.setting.work.as_str(),
            "mean_in_flight": row.mean_in_flight(), "rate_times_time": row.rate_times_time(),
        })),
        "fits": fits,
        "commentary": commentary,
        "invariants": { "checked": comparison.checked, "violations": violations },
    })
}

/// The columns of the CSV form.
const COLUMNS: [&str; 27] = [
    "work",
    "model",
    "workers",
    "requests_per_s",
    "requests_per_s_low",
    "requests_per_s_high",
    "speedup",
    "speedup_low",
    "speedup_high",
    "efficiency",
    "wait_ms_p50",
    "wait_ms_p99",
    "latency_ms_p50",
    "latency_ms_p99",
    "cpu_s",
    "cpu_us_per_operation",
    "cores_busy",
    "others_busy",
    "peak_threads",
    "peak_rss_mib",
    "context_switches",
    "max_in_flight",
    "mean_in_flight",
    "mean_service_ms",
    "operations",
    "refused",
    "runs",
];

/// A line for each row, under a header.
///
/// # Errors
/// None: memory takes whatever is written; the writer's type has one.
pub fn csv(comparison: &Comparison) -> csv::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for row in &comparison.rows {
        let three = |interval: Option<Interval>| {
            let part =
                |pick: fn(Interval) -> f64| interval.map_or(String::new(), |i| pick(i).to_string());
            [part(|i| i.median), part(|i| i.low), part(|i| i.high)]
        };
        let (wait, latency) = (row.wait_ms(), row.latency_ms());
        let mut record = vec![
            row.setting.work.as_str().to_owned(),
            row.setting.model.as_str().to_owned(),
            workers(row),
        ];
        record.extend(three(Some(row.per_s)));
        record.extend(three(row.speedup));
        record.push(row.efficiency().map_or(String::new(), |efficiency| efficiency.to_string()));
        let numbers = [
            wait.p50,
            wait.p99,
            latency.p50,
            latency.p99,
            row.cpu_s(),
            row.cpu_us(),
            row.cores_busy(),
            row.others_busy(),
            row.peak_threads() as f64,
            row.peak_rss_mib(),
            row.context_switches(),
            row.max_in_flight() as f64,
            row.mean_in_flight().unwrap_or(f64::NAN),
            row.mean_service_s() * 1e3,
            row.ran(),
            row.refused(),
            row.runs.len() as f64,
        ];
        // What is not known is an empty cell.
        let cell = |number: f64| if number.is_nan() { String::new() } else { number.to_string() };
        record.extend(numbers.map(cell));
        writer.write_record(record)?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn workers(row: &Row) -> String {
    match (row.setting.workers, row.setting.model) {
        (Some(workers), _) => workers.to_string(),
        (None, Model::Sequential) => "1".to_owned(),
        (None, _) => String::new(),
    }
}

fn with_interval(interval: Interval, shown: impl Fn(f64) -> String) -> String {
    if interval.is_point() {
        return shown(interval.median);
    }
    format!("{} ({}–{})", shown(interval.median), shown(interval.low), shown(interval.high))
}

/// The first three columns of every table for people, and the others as `cells` gives them.
fn with_rows<const N: usize>(
    comparison: &Comparison,
    locale: Locale,
    head: [String; N],
    cells: impl Fn(&Row) -> [String; N],
) -> Table {
    let mut all = vec![
        text!(locale, "compare-col-work"),
        text!(locale, "compare-col-model"),
        text!(locale, "compare-col-workers"),
    ];
    all.extend(head);
    let columns = all.len();
    let rows = comparison.rows.iter().map(|row| {
        let setting = row.setting;
        let mut line =
            vec![setting.work.word(locale), setting.model.as_str().to_owned(), workers(row)];
        line.extend(cells(row));
        line
    });
    framed(all, rows, 2..columns)
}

/// The tables for people: how much was done, how long it took, what it cost.
pub fn tables(comparison: &Comparison, locale: Locale) -> [Table; 3] {
    [rates(comparison, locale), times(comparison, locale), costs(comparison, locale)]
}

/// The same tables, no wider than a screen.
pub fn shown(comparison: &Comparison, screen: Screen, locale: Locale) -> [String; 3] {
    let [rates, times, costs] = tables(comparison, locale);
    // What says least goes first; the interval of a rate can be wrapped.
    [
        screen.table(rates, Squeeze { drops: &[5], wraps: 4 }),
        screen.table(times, Squeeze { drops: &[8, 6, 4], wraps: 0 }),
        screen.table(costs, Squeeze { drops: &[6, 9, 3, 8], wraps: 0 }),
    ]
}

fn rates(comparison: &Comparison, locale: Locale) -> Table {
    let head = [
        text!(locale, "compare-col-rate"),
        text!(locale, "compare-col-speedup"),
        text!(locale, "compare-col-efficiency"),
    ];
    with_rows(comparison, locale, head, |row| {
        let speedup = |interval| with_interval(interval, |value| locale.figure(value));
        [
            with_interval(row.per_s, |value| locale.rounded(value)),
            row.speedup.map_or_else(|| "-".to_owned(), speedup),
            row.efficiency().map_or_else(|| "-".to_owned(), |share| locale.percent(share)),
        ]
    })
}

fn times(comparison: &Comparison, locale: Locale) -> Table {
    let head = [
        text!(locale, "compare-col-wait"),
        "p99".to_owned(),
        text!(locale, "compare-col-latency"),
        "p99".to_owned(),
        text!(locale, "compare-col-flight"),
        text!(locale, "compare-col-refused"),
    ];
    with_rows(comparison, locale, head, |row| {
        let (wait, latency) = (row.wait_ms(), row.latency_ms());
        [
            locale.figure(wait.p50),
            locale.figure(wait.p99),
            locale.figure(latency.p50),
            locale.figure(latency.p99),
            row.max_in_flight().to_string(),
            locale.rounded(row.refused()),
        ]
    })
}

fn costs(comparison: &Comparison, locale: Locale) -> Table {
    let head = [
        text!(locale, "compare-col-cpu"),
        text!(locale, "compare-col-cpu-each"),
        text!(locale, "compare-col-busy"),
        text!(locale, "compare-col-others"),
        text!(locale, "compare-col-threads"),
        text!(locale, "compare-col-memory"),
        text!(locale, "compare-col-switches"),
    ];
    with_rows(comparison, locale, head, |row| {
        [
            locale.figure(row.cpu_s()),
            locale.rounded(row.cpu_us()),
            locale.figure(row.cores_busy()),
            locale.fixed(row.others_busy(), 2),
            row.peak_threads().to_string(),
            locale.fixed(row.peak_rss_mib(), 1),
            locale.rounded(row.context_switches()),
        ]
    })
}
