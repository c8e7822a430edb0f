//! What is recorded for a report adds up to what the run says of itself.

use guichet_core::limits;
use guichet_core::state::Status;
use guichet_engine::Model;
use guichet_lab::report::page::simulated;
use guichet_lab::simulate::recorder::Recorded;
use guichet_lab::simulate::recorder::series::{Counts, Levels};
use guichet_lab::simulate::scenario::Scenario;
use guichet_lab::simulate::{self, Ran, Show};
use guichet_locale::Locale;
use guichet_view::data::{Block, Chart, Plot, Report};
use tokio_util::sync::CancellationToken;

use crate::support::{EVERYTHING, builtin, charts, closed, holds, open, scenario, with_model};

fn recorded(scenario: &Scenario) -> (Ran, Recorded) {
    let ran = simulate::run_recorded(scenario, &Show::default(), CancellationToken::new);
    let ran = ran.expect("it runs");
    holds(&ran);
    let recorded = ran.recorded.clone().expect("it was asked for");
    (ran, recorded)
}

fn adds_up(scenario: &Scenario) {
    let (ran, recorded) = recorded(scenario);
    let (summary, series) = (&ran.summary, &recorded.series);
    assert_eq!(recorded.missed, 0);
    assert_eq!(series.levels(), Levels::default(), "nothing waits or runs at the end");
    assert!(series.buckets().len() <= limits::REPORT_POINTS_MAX);
    let counts = Counts::sum(series.buckets().iter().map(|bucket| &bucket.counts));
    let operations = &summary.operations;
    assert_eq!(counts.accepted.iter().sum::<u64>(), operations.accepted);
    assert_eq!(counts.ended, operations.succeeded + operations.failed + operations.cancelled);
    let refused: u64 = summary.requests.refused.values().sum();
    assert_eq!(counts.refused.iter().sum::<u64>(), refused);

    // Peaks are those the scheduler knows; a cancelled operation holds its place a little longer.
    assert_eq!(recorded.waiting.value, summary.max_queue_depth as u64);
    assert!(recorded.running.value <= summary.max_in_flight as u64);
    let most = |level: fn(&Levels) -> u64| {
        series.buckets().iter().map(|bucket| level(&bucket.most)).max().unwrap_or(0)
    };
    assert_eq!(most(|levels| levels.waiting), recorded.waiting.value);
    assert_eq!(most(|levels| levels.running), recorded.running.value);

    let last = series.buckets().last().expect("something happened");
    let of = |status| {
        last.servers[Status::ALL.iter().position(|one| *one == status).expect("it is there")]
    };
    assert_eq!(last.servers.iter().sum::<u64>(), summary.servers.total);
    assert_eq!(of(Status::Active), summary.servers.active);
    assert_eq!(of(Status::Error), summary.servers.error);
    let highest = series.buckets().iter().map(|bucket| bucket.servers.iter().sum::<u64>()).max();
    assert!(highest.is_some_and(|highest| highest <= summary.peak.servers as u64));

    assert!(recorded.spans.len() <= limits::REPORT_SPANS_MAX);
    assert!(recorded.spans.iter().all(|ran| ran.from_us <= ran.to_us));
    let page = guichet_view::render(&simulated(scenario, &ran, Vec::new(), Locale::English))
        .expect("sound data");
    assert!(page.contains("guichet simulate"));
}

#[test]
fn what_is_recorded_adds_up() {
    adds_up(&scenario(closed(64, 4_000, EVERYTHING)));
    let mut flaky = scenario(closed(64, 3_000, EVERYTHING));
    flaky.profile = builtin("flaky");
    adds_up(&flaky);
    let mut full = scenario(open(20, 5_000, EVERYTHING, 300.0, "2x500ms@5000"));
    full.config.queue = 50;
    full.config.workers = 4;
    adds_up(&full);
}

#[test]
fn it_adds_up_on_real_threads() {
    for model in [Model::Sequential, Model::Threads, Model::Pool] {
        adds_up(&with_model(scenario(closed(16, 2_000, EVERYTHING)), model));
    }
}

#[test]
fn layers_of_servers_add_up_at_every_place() {
    let scenario = scenario(closed(64, 3_000, EVERYTHING));
    let (ran, recorded) = recorded(&scenario);
    let report = simulated(&scenario, &ran, Vec::new(), Locale::English);
    let all = charts(&report);
    let names: Vec<&str> = all.iter().map(|chart| chart.id.as_str()).collect();
    assert_eq!(
        names,
        ["queue", "in-flight", "requests", "refusals", "latency", "workers", "servers"]
    );
    let Plot::Layers(layers) = &all[6].plot else {
        panic!("servers are layers");
    };
    for (bucket, place) in recorded.series.buckets().iter().zip(1..) {
        let height: f64 = layers.layers.iter().map(|layer| layer.heights[place]).sum();
        assert!((height - bucket.servers.iter().sum::<u64>() as f64).abs() < 1e-9);
    }
    let Plot::Layers(rates) = &all[2].plot else {
        panic!("requests are layers");
    };
    assert!(rates.at.len() <= limits::REPORT_RATES_MAX + 1);
    assert!(rates.at.windows(2).all(|two| two[0] < two[1]));
    // Each rate times its stretch is a count again.
    let unit = if recorded.end_us < 1_000_000 { 1e3 } else { 1.0 };
    let total: f64 = rates
        .layers
        .iter()
        .flat_map(|layer| rates.at.windows(2).zip(&layer.heights))
        .map(|(two, rate)| (two[1] - two[0]) / unit * rate)
        .sum();
    assert!((total - ran.summary.requests.sent as f64).abs() < 1.0, "{total}");
}

#[test]
fn the_peaks_are_marked_where_they_were() {
    let mut scenario = scenario(open(20, 5_000, EVERYTHING, 300.0, "2x500ms@5000"));
    scenario.config.workers = 4;
    let (ran, recorded) = recorded(&scenario);
    let report = simulated(&scenario, &ran, Vec::new(), Locale::English);
    let Plot::Curves(curves) = &charts(&report)[0].plot else {
        panic!("the queue is curves");
    };
    let mark = &curves.marks[0];
    assert!((mark.y - recorded.waiting.value as f64).abs() < 1e-9);
    let waiting = &curves.curves[0];
    let at = waiting.points.iter().rev().find(|point| point.x <= mark.x).expect("it is there");
    assert!((at.y - mark.y).abs() < 1e-9, "the mark is on its curve");
}

#[test]
fn a_report_of_nothing_is_a_report() {
    let scenario = scenario(closed(1, 3, "delete=1"));
    let (ran, recorded) = recorded(&scenario);
    assert_eq!(recorded.spans_total, 0);
    let page = simulated(&scenario, &ran, Vec::new(), Locale::English);
    assert!(guichet_view::render(&page).is_ok());
}

/// The words of a page that people read; what it was made with is left out.
fn words(report: &Report) -> Vec<String> {
    let mut words = report.lead.clone();
    for section in &report.sections {
        words.push(section.title.clone());
        words.extend(section.text.iter().cloned());
        for block in &section.blocks {
            match block {
                Block::Chart(chart) => {
                    words.extend([chart.title.clone(), chart.caption.clone()]);
                    match &chart.plot {
                        Plot::Curves(curves) => {
                            words.extend([curves.x.title.clone(), curves.y.title.clone()]);
                            words.extend(curves.curves.iter().map(|curve| curve.name.clone()));
                            words.extend(curves.marks.iter().map(|mark| mark.text.clone()));
                        }
                        Plot::Layers(layers) => {
                            words.extend([layers.x.title.clone(), layers.y.title.clone()]);
                        }
                        Plot::Bars(bars) => words.push(bars.y.title.clone()),
                        Plot::Spans(spans) => {
                            words.push(spans.x.title.clone());
                            words.extend(spans.spans.iter().map(|span| span.text.clone()));
                        }
                    }
                }
                Block::Table(table) => {
                    words.extend(table.head.clone());
                    words.extend(table.rows.iter().map(|row| row[0].clone()));
                }
                _ => {}
            }
        }
    }
    words
}

#[test]
fn a_french_report_is_french_with_the_same_figures() {
    let mut full = scenario(open(20, 5_000, EVERYTHING, 300.0, "2x500ms@5000"));
    full.config.queue = 50;
    full.config.workers = 4;
    let mut real = scenario(closed(16, 2_000, EVERYTHING));
    real.profile = builtin("flaky");
    for scenario in [full, with_model(real, Model::Pool)] {
        let (ran, _) = recorded(&scenario);
        let french = simulated(&scenario, &ran, Vec::new(), Locale::French);
        let english = simulated(&scenario, &ran, Vec::new(), Locale::English);
        let (french_words, english_words) = (words(&french), words(&english));
        assert_eq!(french_words.len(), english_words.len());
        for (french, english) in french_words.iter().zip(&english_words) {
            let digits = |text: &str| {
                let mut digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
                digits.sort_unstable();
                digits
            };
            assert_eq!(digits(french), digits(english), "{french}\n{english}");
            for word in [
                " the ",
                " of ",
                " and ",
                " with ",
                " at ",
                "requests",
                "servers",
                "operation ",
                "waiting",
                "accepted",
                "refused",
                "since",
                " was ",
                "succeeded",
                "worker ",
            ] {
                assert!(!french.contains(word), "{word:?} in {french}");
            }
            assert!(!french.contains(" :") && !french.contains('\''), "{french}");
        }
        let page = guichet_view::render(&french).expect("sound data");
        assert!(page.contains("<html lang=\"fr\">"));
        // Charts differ in words alone.
        let points = |report: &Report| -> Vec<String> {
            let of = |chart: &&Chart| match &chart.plot {
                Plot::Curves(curves) => {
                    let points = curves.curves.iter().map(|curve| format!("{:?}", curve.points));
                    points.collect()
                }
                Plot::Layers(layers) => format!("{:?}", layers.at),
                Plot::Bars(bars) => format!("{:?}", bars.groups),
                Plot::Spans(spans) => format!("{:?}", spans.lanes),
            };
            charts(report).iter().map(of).collect()
        };
        assert_eq!(points(&french), points(&english));
    }
}
