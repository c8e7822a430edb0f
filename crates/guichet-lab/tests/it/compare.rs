//! A comparison from its plan to its figures, with runs that are made up.

use std::cell::RefCell;
use std::convert::Infallible;

use guichet_driver::profile::Profile;
use guichet_engine::Model;
use guichet_lab::compare::plan::{Plan, Work};
use guichet_lab::compare::spec::{RunFigures, RunSpec};
use guichet_lab::compare::{Comparison, compare, output, page};
use guichet_locale::Locale;
use guichet_view::data::{Block, Plot, Report, Shape};
use guichet_view::screen::Screen;

use crate::support::charts;

fn plan() -> Plan {
    Plan {
        models: Model::ALL.to_vec(),
        workers: vec![1, 2, 4, 8, 16, 32, 64],
        cpu_share: None,
        runs: 5,
        requests: None,
        clients: 64,
        permits: None,
        mix: "create=1".parse().expect("a mix"),
        profile: Profile::builtin("fast").expect("a built-in profile"),
        seed: 7,
        rounds: 100.0,
        cores: 2,
    }
}

/// As two cores and 10 ms a request would have it.
fn made_up(spec: &RunSpec) -> RunFigures {
    let at_once = match spec.model.as_str() {
        "sequential" => 1,
        "threads" => 64,
        _ => spec.workers.min(64),
    };
    let computes = spec.cpu_share == Some(1.0);
    let per_s = 100.0 * if computes { at_once.min(2) } else { at_once } as f64;
    RunFigures {
        sent: spec.requests,
        ran: spec.requests,
        seconds: spec.requests as f64 / per_s,
        per_s,
        mean_service_s: at_once as f64 / per_s,
        mean_in_flight: Some(at_once as f64),
        max_in_flight: at_once as u64,
        cpu_s: if computes { spec.requests as f64 * 0.01 } else { 0.01 },
        checked: 10,
        ..RunFigures::default()
    }
}

fn compared(plan: Plan) -> (Comparison, Vec<RunSpec>) {
    let specs = RefCell::new(Vec::new());
    let run = |spec: &RunSpec| {
        specs.borrow_mut().push(spec.clone());
        Ok::<_, Infallible>(made_up(spec))
    };
    let comparison = compare(plan, run, |_| {}).unwrap();
    (comparison, specs.into_inner())
}

#[test]
fn the_default_rows_are_every_model_waiting_and_some_computing() {
    let settings = plan().settings();
    let count = |work, model| {
        settings.iter().filter(|setting| setting.work == work && setting.model == model).count()
    };
    assert_eq!(Model::ALL.map(|model| count(Work::Io, model)), [1, 1, 7, 7]);
    assert_eq!(Model::ALL.map(|model| count(Work::Cpu, model)), [1, 0, 2, 0]);
    let share = Plan { cpu_share: Some(0.5), ..plan() }.settings();
    assert_eq!(share.len(), 16);
    assert!(share.iter().all(|setting| setting.work == Work::Cpu));
}

/// What drifts on the machine must hit all rows alike, and a draw must not favour one.
#[test]
fn rounds_go_through_all_rows_with_the_same_seed() {
    let (comparison, specs) = compared(plan());
    let rows = comparison.rows.len();
    assert_eq!(specs.len(), rows * 6, "five rounds and the first one");
    let mut starts = Vec::new();
    for round in specs.chunks(rows) {
        assert!(round.iter().all(|spec| spec.seed == round[0].seed));
        let mut each: Vec<String> =
            round.iter().map(|s| format!("{} {} {:?}", s.model, s.workers, s.cpu_share)).collect();
        starts.push(each[0].clone());
        each.sort();
        each.dedup();
        assert_eq!(each.len(), rows, "each row once a round");
    }
    starts.dedup();
    assert_eq!(starts.len(), 5, "the first and the first measured round start alike: {starts:?}");
    assert!(comparison.rows.iter().all(|row| row.runs.len() == 5), "the first does not count");
    assert_eq!(comparison.checked, 10 * specs.len() as u64, "but it is checked");
}

#[test]
fn runs_are_made_about_as_long_as_each_other() {
    let (_, specs) = compared(plan());
    let rows = specs.len() / 6;
    for spec in &specs[rows..] {
        let seconds = made_up(spec).seconds;
        assert!((0.35..=2.1).contains(&seconds), "{spec:?} takes {seconds} s");
    }
    let (_, specs) = compared(Plan { requests: Some(800), ..plan() });
    assert!(specs[rows..].iter().all(|spec| spec.requests == 800));
}

#[test]
fn figures_and_laws_are_those_of_the_runs() {
    let (comparison, _) = compared(plan());
    let json = output::json(&comparison);
    let row = |work: &str, model: &str, workers: u64| {
        let rows = json["results"].as_array().unwrap();
        let found = rows
            .iter()
            .find(|row| row["work"] == work && row["model"] == model && row["workers"] == workers);
        found.unwrap()["speedup"]["median"].as_f64().unwrap()
    };
    assert!((row("io", "pool", 16) - 16.0).abs() < 1e-9);
    assert!((row("cpu", "pool", 16) - 2.0).abs() < 1e-9);
    assert_eq!(json["amdahl"]["serial_share"], 0.0);
    assert_eq!(json["usl"]["coherency"].as_f64().map(|c| c < 1e-9), Some(true));
    assert_eq!(json["little"]["mean_in_flight"], json["little"]["rate_times_time"]);
}

#[test]
fn what_broke_in_one_run_is_named() {
    let run = |spec: &RunSpec| {
        let mut figures = made_up(spec);
        if spec.model == "threads" && spec.seed == 9 {
            figures.violations.push("a server is lost".to_owned());
        }
        Ok::<_, Infallible>(figures)
    };
    let comparison = compare(plan(), run, |_| {}).unwrap();
    let said = |locale| {
        comparison.violations.iter().map(|broken| broken.text(locale)).collect::<Vec<String>>()
    };
    assert_eq!(said(Locale::English), ["a thread for each request (io): a server is lost"]);
    assert_eq!(said(Locale::French), ["un thread par requête (attend)\u{a0}: a server is lost"]);
    let report = page::report(&comparison, Vec::new(), Locale::English);
    assert!(report.lead.iter().any(|text| text.contains("NOT")));
}

#[test]
fn the_first_run_that_fails_ends_it() {
    let calls = RefCell::new(0);
    let run = |_: &RunSpec| {
        *calls.borrow_mut() += 1;
        Err::<RunFigures, _>("no such program")
    };
    assert_eq!(compare(plan(), run, |_| {}).unwrap_err(), "no such program");
    assert_eq!(*calls.borrow(), 1);
}

#[test]
fn the_report_draws_every_row_with_its_interval_and_the_laws() {
    let (comparison, _) = compared(plan());
    let report = page::report(&comparison, Vec::new(), Locale::English);
    let charts = charts(&report);
    let ids: Vec<&str> = charts.iter().map(|chart| chart.id.as_str()).collect();
    let expected = ["throughput", "law", "speed-up", "wait", "latency", "cost", "switches"];
    let io = expected.map(|name| format!("io-{name}"));
    // No law is read from sizes that go past the cores.
    let cpu = expected.iter().filter(|name| **name != "law").map(|name| format!("cpu-{name}"));
    assert_eq!(ids, io.into_iter().chain(cpu).collect::<Vec<String>>());
    for chart in charts {
        let Plot::Curves(curves) = &chart.plot else {
            panic!("{:?}", chart.plot);
        };
        let measured = || curves.curves.iter().filter(|curve| curve.shape == Shape::Line);
        assert!(measured().map(|curve| curve.points.len()).sum::<usize>() >= 3, "{}", chart.id);
        let points = || curves.curves.iter().flat_map(|curve| &curve.points);
        assert!(points().all(|point| point.x > 0.0), "{}", chart.id);
        assert!(!curves.y.log || points().all(|point| point.y > 0.0), "{}", chart.id);
        // One unit on an axis.
        assert!(!curves.y.title.contains(", thread"), "{}", curves.y.title);
        let fitted = curves.curves.iter().filter(|curve| curve.shape == Shape::Fitted).count();
        assert!(fitted <= 1 && (fitted == 0 || measured().count() <= 4), "{}", chart.id);
    }
    let tables = report
        .sections
        .iter()
        .flat_map(|section| &section.blocks)
        .filter_map(|block| if let Block::Table(table) = block { Some(table) } else { None });
    for table in tables {
        assert_eq!(table.rows.len(), comparison.rows.len());
        assert!(table.rows.iter().all(|row| row.len() == table.head.len()), "{table:?}");
    }
}

#[test]
fn a_law_that_is_not_read_is_not_drawn() {
    let (comparison, _) = compared(Plan { cpu_share: Some(1.0), ..plan() });
    let report = page::report(&comparison, Vec::new(), Locale::English);
    let text: Vec<&str> = charts(&report).iter().map(|chart| chart.caption.as_str()).collect();
    assert!(text.join(" ").contains("No scalability law is read"), "{text:#?}");
    for chart in charts(&report) {
        let Plot::Curves(curves) = &chart.plot else {
            panic!("{:?}", chart.plot);
        };
        assert!(curves.curves.iter().all(|curve| curve.shape == Shape::Line), "{}", chart.id);
    }
    // With cores for all of them it is read, and drawn.
    let (comparison, _) = compared(Plan { cpu_share: Some(1.0), cores: 64, ..plan() });
    let report = page::report(&comparison, Vec::new(), Locale::English);
    assert!(charts(&report).iter().any(|chart| chart.id == "cpu-law"));
}

/// All that the page says: first, above and below what is drawn.
fn said(report: &Report) -> String {
    let mut said = report.lead.clone();
    for section in &report.sections {
        said.extend(section.text.iter().cloned());
        said.extend(section.blocks.iter().filter_map(|block| match block {
            Block::Chart(chart) => Some(chart.caption.clone()),
            _ => None,
        }));
    }
    said.join("\n")
}

#[test]
fn each_sentence_stands_once_on_the_page_and_few_before_the_first_chart() {
    let plans = [
        plan(),
        Plan { cpu_share: Some(1.0), ..plan() },
        Plan { permits: Some(4), ..plan() },
        Plan { models: vec![Model::Pool], ..plan() },
        Plan { models: vec![Model::Sequential, Model::Threads], ..plan() },
    ];
    for plan in plans {
        let (comparison, _) = compared(plan);
        for locale in Locale::ALL {
            let report = page::report(&comparison, Vec::new(), locale);
            let page = said(&report);
            for sentence in comparison.commentary(locale) {
                let times = page.matches(&sentence.text).count();
                assert_eq!(times, 1, "{}\n\n{page}", sentence.text);
            }
            assert!(report.lead.len() <= 4, "{:#?}", report.lead);
            assert!(report.sections[0].text.is_empty());
            guichet_view::render(&report).expect("sound data");
        }
    }
}

#[test]
fn french_tables_fit_a_screen_and_programs_read_english() {
    let (comparison, _) = compared(plan());
    for columns in [80, 100, 140] {
        for table in output::shown(&comparison, Screen::wide(columns), Locale::French) {
            let wide = |line: &&str| line.chars().count() > columns;
            assert!(table.lines().all(|line| !wide(&line)), "{columns}:\n{table}");
            assert!(table.contains("modèle") && !table.contains("workers"), "{table}");
        }
    }
    let json = output::json(&comparison).to_string();
    assert!(json.contains("did most") && !json.contains("ouvriers"));
    let head = |locale| {
        output::tables(&comparison, locale)
            .map(|table| table.header().map_or(0, |head| head.cell_count()))
    };
    assert_eq!(head(Locale::English), head(Locale::French));
}
