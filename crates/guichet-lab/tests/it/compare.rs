//! A comparison from its plan to its figures, with runs that are made up.

use std::cell::RefCell;
use std::convert::Infallible;

use guichet_driver::profile::Profile;
use guichet_engine::Model;
use guichet_lab::compare::plan::{Plan, Work};
use guichet_lab::compare::spec::{RunFigures, RunSpec};
use guichet_lab::compare::{Comparison, compare, output, page};
use guichet_view::data::{Block, Plot};

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
    assert_eq!(comparison.violations, ["a thread for each request (io): a server is lost"]);
    assert!(page::report(&comparison, Vec::new()).lead.iter().any(|text| text.contains("NOT")));
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
    let report = page::report(&comparison, Vec::new());
    let charts: Vec<_> = report
        .sections
        .iter()
        .flat_map(|section| &section.blocks)
        .filter_map(|block| match block {
            Block::Chart(chart) => Some(chart),
            _ => None,
        })
        .collect();
    let ids: Vec<&str> = charts.iter().map(|chart| chart.id.as_str()).collect();
    let expected = ["throughput", "speed-up", "latency", "cost"];
    let of = |work: &str| expected.map(|name| format!("{work}-{name}"));
    assert_eq!(ids, [of("io"), of("cpu")].concat());
    for chart in charts {
        match &chart.plot {
            Plot::Curves(curves) => {
                let measured = curves.curves.iter().filter(|curve| !curve.name.contains(','));
                let points: usize = measured.map(|curve| curve.points.len()).sum();
                assert!(points >= 3, "{}", chart.id);
                let sound = |point: &guichet_view::data::Point| point.x > 0.0 && point.y > 0.0;
                assert!(curves.curves.iter().flat_map(|c| &c.points).all(sound), "{}", chart.id);
            }
            Plot::Bars(bars) => {
                assert!(bars.sets.iter().all(|set| set.values.len() == bars.groups.len()));
                assert!(bars.sets.iter().flat_map(|set| &set.values).flatten().all(|v| *v > 0.0));
            }
            other => panic!("{other:?}"),
        }
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
