use super::{RenderError, library, render};
use guichet_locale::Locale;

use crate::data::{
    Axis, BarSet, Bars, Block, Chart, Curve, Curves, Fact, Layer, Layers, Mark, Plot, Point,
    Report, Section, Shape, Span, Spans, Step, Table, Timeline,
};

const EVIL: &str = "</script><script>alert(1)</script>\u{2028}\u{2029}&\"'<img src=x onerror=y>";

fn chart(id: &str, plot: Plot) -> Block {
    let (id, title) = (id.to_owned(), EVIL.to_owned());
    Block::Chart(Chart { id, title, caption: EVIL.to_owned(), plot })
}

fn curves(log: bool, y: f64) -> Plot {
    let points = vec![Point { x: 1.0, y, interval: Some((y - 0.5, y + 0.5)) }];
    let curve = Curve { name: EVIL.to_owned(), shape: Shape::Line, points };
    let axis = Axis { title: EVIL.to_owned(), log };
    let marks = vec![Mark { x: 1.0, y, text: EVIL.to_owned() }];
    Plot::Curves(Curves { x: axis.clone(), y: axis, curves: vec![curve], marks })
}

fn timeline() -> Timeline {
    let step = |column, harm| Step { column, text: EVIL.to_owned(), note: EVIL.to_owned(), harm };
    Timeline {
        title: EVIL.to_owned(),
        columns: vec![EVIL.to_owned(), "b".to_owned()],
        steps: vec![step(0, false), step(1, true)],
        outcome: EVIL.to_owned(),
    }
}

/// Everything there is, with hostile text wherever there is text.
fn everything() -> Report {
    let axis = Axis { title: EVIL.to_owned(), log: false };
    let bars = Bars {
        y: axis.clone(),
        groups: vec![EVIL.to_owned()],
        sets: vec![BarSet { name: EVIL.to_owned(), values: vec![Some(1.0)] }],
    };
    let layers = Layers {
        x: axis.clone(),
        y: axis.clone(),
        at: vec![0.0, 1.0],
        layers: vec![Layer { name: EVIL.to_owned(), heights: vec![1.0, 2.0] }],
    };
    let spans = Spans {
        x: axis,
        lanes: vec![EVIL.to_owned()],
        kinds: vec![EVIL.to_owned()],
        spans: vec![Span { lane: 0, kind: 0, from: 0.0, to: 1.0, text: EVIL.to_owned() }],
    };
    let table = Table { head: vec![EVIL.to_owned()], rows: vec![vec![EVIL.to_owned()]] };
    let section = |blocks| Section { title: EVIL.to_owned(), text: vec![EVIL.to_owned()], blocks };
    Report {
        locale: Locale::English,
        title: EVIL.to_owned(),
        lead: vec![EVIL.to_owned()],
        facts: vec![Fact { name: EVIL.to_owned(), value: EVIL.to_owned() }],
        sections: vec![
            section(vec![chart("a", curves(false, 1.0)), chart("b", Plot::Bars(bars))]),
            section(vec![chart("c", Plot::Layers(layers)), chart("d", Plot::Spans(spans))]),
            section(vec![Block::Table(table)]),
            section(vec![Block::Timeline(timeline())]),
        ],
    }
}

#[test]
fn text_stays_text_wherever_it_stands() {
    let page = render(&everything()).unwrap();
    assert!(!page.contains("<script>alert"), "a tag");
    assert!(!page.contains("<img src=x"), "a tag");
    // Library, drawing script and its words, the script of tables, and the data of four charts: each
    // ends itself.
    assert_eq!(page.matches("</script>").count(), 8);
    assert_eq!(page.matches("<script").count() - library_scripts(), 8);
    assert!(page.contains("&#60;/script&#62;&#60;script&#62;alert(1)"), "as it was given");
    assert!(!page_without_library(&page).contains("\\u003cscript"), "labels hold no tags either");
}

/// How often the library's own text says `<script`.
fn library_scripts() -> usize {
    library().unwrap().matches("<script").count()
}

fn page_without_library(page: &str) -> String {
    page.replace(&library().unwrap(), "")
}

#[test]
fn the_script_is_there_once_and_only_for_charts() {
    let page = render(&everything()).unwrap();
    assert_eq!(page.matches("plotly.js (basic - minified) v").count(), 1);
    assert!(!page.contains("MathJax-script"), "nothing sets formulas");
    let rest = page_without_library(&page);
    assert!(!rest.contains("http://") && !rest.contains("https://"), "nothing is fetched");
    let plain = render(&Report { title: "a".to_owned(), ..Report::default() }).unwrap();
    assert!(!plain.contains("<script") && plain.len() < 20_000, "{}", plain.len());
}

/// What any mail takes. The browser test holds every command's report to it.
const PAGE_BYTES_MAX: usize = 1_500_000;

#[test]
fn a_page_with_charts_is_small_enough_to_send() {
    let page = render(&everything()).unwrap();
    assert!(page.len() < PAGE_BYTES_MAX, "{} bytes", page.len());
}

#[test]
fn the_library_is_what_was_compressed() {
    let file = include_str!("../../assets/plotly/plotly-basic-3.0.1.min.js");
    assert!(library().unwrap() == file);
    assert!(super::LIBRARY.len() < file.len() / 2, "{} bytes", super::LIBRARY.len());
}

#[test]
fn the_library_is_of_the_version_that_it_is_named_by() {
    let library = library().unwrap();
    let head: Vec<&str> = library.lines().take(6).collect();
    assert_eq!(head[1], "* plotly.js (basic - minified) v3.0.1");
    assert_eq!(head[4], "* Licensed under the MIT license");
    assert!(include_str!("../../assets/plotly/LICENSE").contains("Plotly"), "its licence is here");
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let report = everything();
    assert!(render(&report).unwrap() == render(&report.clone()).unwrap());
}

#[test]
fn each_chart_says_how_many_points_it_has() {
    let page = render(&everything()).unwrap();
    for (id, points) in [("a", "1,1"), ("b", "1"), ("c", "2"), ("d", "4")] {
        let element = page.split(&format!("<div class=\"chart\" id=\"{id}\"")).nth(1).unwrap();
        let element = element.split('>').next().unwrap();
        assert!(element.contains(&format!("data-points=\"{points}\"")), "{id}: {element}");
    }
    assert!(page.contains("data-steps=\"2\""));
    assert_eq!(page.matches("✖ harm").count(), 1);
}

#[test]
fn many_sections_have_a_table_of_contents() {
    let mut report = everything();
    assert!(render(&report).unwrap().contains("<nav aria-label=\"Contents\">"));
    report.sections.truncate(3);
    assert!(!render(&report).unwrap().contains("<nav"));
}

fn one(block: Block) -> Result<String, RenderError> {
    let section = Section { blocks: vec![block], ..Section::default() };
    render(&Report { sections: vec![section], ..Report::default() })
}

#[test]
fn data_that_contradict_themselves_are_not_drawn() {
    let twice = Section {
        blocks: vec![chart("a", curves(false, 1.0)), chart("a", curves(false, 1.0))],
        ..Section::default()
    };
    let twice = render(&Report { sections: vec![twice], ..Report::default() });
    assert_eq!(twice, Err(RenderError::Twice("a".to_owned())));
    assert!(matches!(one(chart("a b", curves(false, 1.0))), Err(RenderError::Name(_))));
    assert!(matches!(one(chart("", curves(false, 1.0))), Err(RenderError::Name(_))));
    assert!(matches!(one(chart("a", curves(true, 0.0))), Err(RenderError::Data { .. })));
    let short = Layers {
        at: vec![0.0],
        layers: vec![Layer { name: String::new(), heights: Vec::new() }],
        ..Layers::default()
    };
    assert!(matches!(one(chart("a", Plot::Layers(short))), Err(RenderError::Data { .. })));
    let lane = Span { lane: 1, kind: 0, from: 0.0, to: 1.0, text: String::new() };
    let lanes = vec!["a".to_owned()];
    let spans = Spans { kinds: lanes.clone(), lanes, spans: vec![lane], ..Spans::default() };
    assert!(matches!(one(chart("a", Plot::Spans(spans))), Err(RenderError::Data { .. })));
    let row = Table { head: Vec::new(), rows: vec![vec![String::new()]] };
    assert!(matches!(one(Block::Table(row)), Err(RenderError::Data { .. })));
    let outside = Timeline { columns: vec!["a".to_owned()], ..timeline() };
    assert!(matches!(one(Block::Timeline(outside)), Err(RenderError::Data { .. })));
}

/// The page without what is the reader's own text, or a script.
fn frame(locale: Locale) -> String {
    let page = render(&Report { locale, ..everything() }).unwrap();
    let style = page.find("</style>").unwrap();
    let script = page.find(library().unwrap().lines().nth(1).unwrap()).unwrap();
    page[style..script].to_owned()
}

#[test]
fn the_frame_is_in_the_language_of_the_report() {
    let page = render(&Report { locale: Locale::French, ..everything() }).unwrap();
    assert!(page.contains("<html lang=\"fr\">"));
    let (english, french) = (frame(Locale::English), frame(Locale::French));
    for (here, there) in [
        ("What this report was made with", "Ce avec quoi ce rapport a été fait"),
        ("aria-label=\"Contents\"", "aria-label=\"Sommaire\""),
        ("aria-label=\"Table: ", "aria-label=\"Tableau\u{a0}: "),
        ("<span class=\"unseen\">step<", "<span class=\"unseen\">étape<"),
        ("shared rows after the step", "données partagées après l’étape"),
        ("✖ harm", "✖ dégât"),
        ("This goes on to the right", "La suite est à droite"),
        ("One file: nothing is fetched", "Un seul fichier\u{a0}: rien n’est chargé"),
        ("switched off here", "désactivé ici"),
        ("This chart could not be drawn.", "Ce graphique n’a pas pu être dessiné."),
        ("\"Zoom in\":\"Zoom in\"", "\"Zoom in\":\"Zoom avant\""),
    ] {
        assert!(english.contains(here) && !english.contains(there), "{here}");
        assert!(french.contains(there) && !french.contains(here), "{there}");
    }
}

/// plotly.js looks a text up by its own English: a name that it does not have would never show.
#[test]
fn the_library_says_what_is_translated() {
    let words = super::words::charts(Locale::French);
    let library = library().unwrap();
    let names: Vec<&String> = words["library"].as_object().unwrap().keys().collect();
    assert_eq!(names.len(), 11);
    for name in names {
        assert!(library.contains(&format!("\"{name}\"")), "{name}");
    }
}
