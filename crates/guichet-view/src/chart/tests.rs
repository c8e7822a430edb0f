use serde_json::Value;

use super::draw;
use crate::data::{Axis, Chart, Curve, Curves, Plot, Point, Shape, Span, Spans};

fn curve(name: &str, shape: Shape, points: &[(f64, f64)]) -> Curve {
    let points = points.iter().map(|(x, y)| Point { x: *x, y: *y, interval: None }).collect();
    Curve { name: name.to_owned(), shape, points }
}

fn drawn(plot: Plot) -> Value {
    let chart = Chart { id: "a".to_owned(), title: String::new(), caption: String::new(), plot };
    let text = draw(&chart).unwrap().json;
    assert!(!text.contains('<'));
    serde_json::from_str(&text).unwrap()
}

#[test]
fn a_formula_has_the_colour_of_what_it_is_fitted_to() {
    let at = [(1.0, 1.0)];
    let curves = vec![
        curve("pool", Shape::Line, &at),
        curve("async", Shape::Line, &at),
        curve("pool, fitted", Shape::Fitted, &at),
        curve("a law", Shape::Fitted, &at),
    ];
    let drawn = drawn(Plot::Curves(Curves { curves, ..Curves::default() }));
    let colours: Vec<_> = (0..4).map(|at| drawn["styles"][at][1].as_u64().unwrap()).collect();
    assert_eq!(colours, [0, 1, 0, 1]);
}

#[test]
fn intervals_are_told_as_distances() {
    let mut measured = curve("a", Shape::Line, &[(1.0, 10.0), (2.0, 20.0)]);
    measured.points[0].interval = Some((8.0, 13.0));
    let axis = Axis { title: "x".to_owned(), log: true };
    let plot = Curves { x: axis, curves: vec![measured], ..Curves::default() };
    let drawn = drawn(Plot::Curves(plot));
    let trace = &drawn["plot"]["data"][0];
    assert_eq!(trace["error_y"]["array"], serde_json::json!([3.0, 0.0]));
    assert_eq!(trace["error_y"]["arrayminus"], serde_json::json!([2.0, 0.0]));
    assert_eq!(drawn["plot"]["layout"]["xaxis"]["type"], "log");
}

#[test]
fn spans_of_one_kind_are_one_line_with_gaps() {
    let span = |lane, from, to| Span { lane, kind: 0, from, to, text: "x".to_owned() };
    let plot = Plot::Spans(Spans {
        lanes: vec!["a".to_owned(), "b".to_owned()],
        kinds: vec!["k".to_owned()],
        spans: vec![span(0, 0.0, 2.0), span(1, 1.0, 2.0)],
        ..Spans::default()
    });
    let drawn = drawn(plot);
    let trace = &drawn["plot"]["data"][0];
    let expected = serde_json::json!([0.0, 1.0, 2.0, null, 1.0, 1.5, 2.0, null]);
    assert_eq!(trace["x"], expected);
    assert_eq!(trace["y"], serde_json::json!([0, 0, 0, null, 1, 1, 1, null]));
}
