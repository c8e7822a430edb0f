use guichet_locale::Locale;
use serde_json::Value;

use super::{DIGITS, MORE, board, push, words};
use crate::data::{
    Block, Graph, Guard, Hold, Move, Named, Play, PlayCase, PlayState, Report, Section, Way,
};
use crate::{RenderError, render};

const EVIL: &str = "</script><script>alert(1)</script>";

fn state(row: &str, moves: &[(usize, &str, usize)]) -> PlayState {
    let moves = moves.iter().map(|(actor, text, to)| Move {
        actor: *actor,
        text: (*text).to_owned(),
        to: *to,
    });
    let hold = Hold { holder: "nobody".to_owned(), waits: vec![1], sealed: vec![0] };
    PlayState {
        rows: vec![row.to_owned()],
        broken: Vec::new(),
        holds: vec![Some(hold)],
        moves: moves.collect(),
    }
}

/// Two clients, three states.
fn sample() -> Play {
    let mut states = vec![
        state("0", &[(0, "reads", 1), (1, EVIL, 2)]),
        state("0", &[(0, "writes", 2)]),
        state(EVIL, &[]),
    ];
    states[2].broken = vec![(0, EVIL.to_owned())];
    states[2].holds = vec![None];
    let ways = vec![Way { guard: 0, harm: 0, steps: "1x2".to_owned(), text: EVIL.to_owned() }];
    Play {
        id: "play".to_owned(),
        title: EVIL.to_owned(),
        starts: vec![Named { name: "empty".to_owned(), about: EVIL.to_owned() }],
        guards: vec![Guard { name: "none".to_owned(), ..Guard::default() }],
        harms: vec![Named { name: "lost".to_owned(), about: String::new() }],
        left_out: EVIL.to_owned(),
        cases: vec![PlayCase {
            name: "empty:create".to_owned(),
            requests: vec![EVIL.to_owned()],
            graph: Some(Graph { labels: vec!["usage".to_owned()], states, ways }),
            ..PlayCase::default()
        }],
    }
}

fn page(play: Play) -> Result<String, RenderError> {
    let section = Section { blocks: vec![Block::Play(play)], ..Section::default() };
    render(&Report { sections: vec![section], ..Report::default() })
}

/// The numbers of a text, read as the script reads them.
fn numbers(text: &str) -> Vec<usize> {
    let mut numbers = Vec::new();
    let (mut number, mut worth) = (0, 1);
    for letter in text.bytes() {
        let digit = DIGITS.iter().position(|known| *known == letter).expect("a digit");
        number += digit % MORE * worth;
        worth *= MORE;
        if digit < MORE {
            numbers.push(number);
            (number, worth) = (0, 1);
        }
    }
    numbers
}

#[test]
fn numbers_are_read_as_they_are_written() {
    let all = [0, 1, 31, 32, 33, 1_023, 1_024, 32_767, 32_768, 1_000_000];
    let mut text = String::new();
    for number in all {
        push(&mut text, number);
    }
    assert_eq!(numbers(&text), all);
    assert!(text.len() < 30, "small numbers are short: {text}");
}

#[test]
fn states_are_written_with_what_they_share_once() {
    let play = sample();
    let board = board(&play, Locale::English).expect("sound data");
    assert_eq!(board.states, 3);
    let data: Value = serde_json::from_str(&board.json).expect("JSON");
    let graph = &data["cases"][0][3];
    let text = |place: &Value| data["texts"][place.as_u64().expect("a place") as usize].clone();
    assert_eq!(graph["rows"].as_array().expect("rows").len(), 2);
    assert_eq!(text(&graph["rows"][1][0]), EVIL);
    let guarded = &data["guarded"][graph["guarded"].as_u64().expect("a place") as usize];
    assert_eq!(*guarded, serde_json::json!([[0], [1]]));
    assert_eq!(data["holds"][0][1], serde_json::json!([1]));
    assert_eq!(data["holds"][1], Value::Null);
    let steps = |place: usize| (graph["steps"][place][0].clone(), text(&graph["steps"][place][1]));
    let states = &data["states"][graph["states"].as_u64().expect("a place") as usize];
    let numbers = numbers(states.as_str().expect("a text"));
    assert_eq!(graph["most"], 3);
    // Rows, harms and how many steps, holds; for each step which one, and how much further on.
    let [0, 2, 0, first, 1, second, 2, 0, 1, 0, third, 1, 1, 3, 1] = numbers[..] else {
        panic!("{numbers:?}");
    };
    assert_eq!(steps(first), (0.into(), "reads".into()));
    assert_eq!(steps(second), (1.into(), EVIL.into()));
    assert_eq!(steps(third), (0.into(), "writes".into()));
}

#[test]
fn cases_with_the_same_states_share_them() {
    let mut play = sample();
    let again = PlayCase { name: "one-active:create".to_owned(), ..play.cases[0].clone() };
    play.cases.push(again);
    let board = board(&play, Locale::English).expect("sound data");
    let data: Value = serde_json::from_str(&board.json).expect("JSON");
    assert_eq!((board.states, data["states"].as_array().map(Vec::len)), (6, Some(1)));
    assert_eq!(data["cases"][0][3]["states"], data["cases"][1][3]["states"]);
}

#[test]
fn its_script_and_style_are_there_once_and_only_for_it() {
    let page = page(sample()).expect("sound data");
    assert_eq!(page.matches("</script>").count(), 2, "its data and its script");
    assert!(!page.contains("<script>alert") && !page.contains("plotly"));
    assert!(page.contains("data-states=\"3\"") && page.contains(".play .turns"));
    let plain = render(&Report::default()).expect("a page");
    assert!(!plain.contains(".play"), "nothing of it where nothing is played");
}

#[test]
fn data_that_contradict_themselves_are_refused() {
    let wrong: [fn(&mut Play, &mut Graph); 11] = [
        |play, _| play.cases[0].start = 1,
        |_, graph| graph.states.clear(),
        |_, graph| graph.states[0].rows.clear(),
        |_, graph| graph.states[0].holds.clear(),
        |_, graph| graph.states[0].broken = vec![(1, String::new())],
        |_, graph| graph.states[0].holds = vec![Some(Hold { sealed: vec![1], ..Hold::default() })],
        |_, graph| graph.states[0].holds = vec![Some(Hold { waits: vec![2], ..Hold::default() })],
        |_, graph| graph.states[0].moves[0].actor = 2,
        |_, graph| graph.states[1].moves[0].to = 1,
        |_, graph| graph.states[1].moves[0].to = 3,
        |_, graph| graph.ways[0].harm = 1,
    ];
    for (number, change) in wrong.into_iter().enumerate() {
        let mut play = sample();
        let mut graph = play.cases[0].graph.take().expect("it has one");
        change(&mut play, &mut graph);
        play.cases[0].graph = Some(graph);
        assert!(matches!(page(play), Err(RenderError::Data { .. })), "{number}");
    }
    let named = Play { id: "a b".to_owned(), ..sample() };
    assert!(matches!(page(named), Err(RenderError::Name(_))));
}

/// The script fills in what stands in braces, by these names.
#[test]
fn what_is_filled_in_has_a_name_that_the_script_knows() {
    let script = [include_str!("../../templates/game.js"), include_str!("../../templates/play.js")];
    let script = script.concat();
    for locale in Locale::ALL {
        let words = words::words(locale);
        for (name, text) in words.as_object().unwrap() {
            assert!(script.contains(&format!("words.{name}")), "{name} is said nowhere");
            let text = text.as_str().unwrap();
            assert!(!text.is_empty() && !text.contains('\u{2068}'), "{name}");
            for part in text.split('{').skip(1) {
                let (given, _) = part.split_once('}').expect("a brace that is closed");
                let known = name == "keys" || script.contains(&format!("{given}:"));
                assert!(known || script.contains(&format!(" {given} }}")), "{name}: {given}");
            }
        }
    }
}

#[test]
fn the_script_speaks_the_language_of_the_report() {
    let [english, french] = Locale::ALL.map(words::words);
    let (english, french) = (english.as_object().unwrap(), french.as_object().unwrap());
    assert!(english.keys().eq(french.keys()));
    // "client 1" is the same in both.
    let same: Vec<_> = english.iter().filter(|(name, text)| french[*name] == **text).collect();
    assert_eq!(
        same.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["client", "refused"]
    );
}
