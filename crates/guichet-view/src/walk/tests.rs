use guichet_locale::Locale;
use serde_json::{Value, json};

use super::{desk, words};
use crate::data::{
    Block, Report, Section, Walk, WalkFinding, WalkLine, WalkState, WalkThread, WalkTurn,
};
use crate::{RenderError, render};

const EVIL: &str = "</script><script>alert(1)</script>";

fn state(value: &str, turns: &[(usize, Option<usize>)]) -> WalkState {
    let thread = WalkThread { line: 2, text: EVIL.to_owned(), known: "n = 0".to_owned() };
    let turns = turns.iter().map(|(actor, to)| WalkTurn {
        actor: *actor,
        lines: vec![1, 2],
        notes: vec![EVIL.to_owned()],
        to: *to,
    });
    WalkState {
        values: vec![value.to_owned()],
        threads: vec![Some(thread), None],
        turns: turns.collect(),
        ..WalkState::default()
    }
}

/// Two threads, three states, and one step out of the page.
fn sample() -> Walk {
    let mut states =
        vec![state("0", &[(0, Some(1)), (1, None)]), state("0", &[(0, Some(2))]), state(EVIL, &[])];
    states[1].is_sealed = true;
    states[2].is_sealed = true;
    states[2].harms = vec![EVIL.to_owned()];
    Walk {
        id: "walk".to_owned(),
        title: EVIL.to_owned(),
        file: EVIL.to_owned(),
        code: vec![WalkLine { number: 1, text: EVIL.to_owned() }],
        findings: vec![WalkFinding {
            number: 1,
            title: EVIL.to_owned(),
            about: vec![EVIL.to_owned()],
            actors: vec!["client 1".to_owned(), EVIL.to_owned()],
            labels: vec![EVIL.to_owned()],
            states,
            shortest: vec![0, 0],
            beyond: EVIL.to_owned(),
        }],
    }
}

fn page(walk: Walk) -> Result<String, RenderError> {
    let section = Section { blocks: vec![Block::Walk(walk)], ..Section::default() };
    render(&Report { sections: vec![section], ..Report::default() })
}

#[test]
fn states_are_written_with_what_they_share_once() {
    let walk = sample();
    let desk = desk(&walk, Locale::English).expect("sound data");
    assert_eq!(desk.states, 3);
    let data: Value = serde_json::from_str(&desk.json).expect("JSON");
    let finding = &data["findings"][0];
    assert_eq!(finding["rows"].as_array().expect("rows").len(), 2);
    assert_eq!(finding["threads"].as_array().expect("threads").len(), 1);
    assert_eq!(finding["deeds"].as_array().expect("deeds").len(), 1);
    assert_eq!(finding["states"][0], json!([0, [0, -1], [[0, 0, 1], [1]], [], 0]));
    assert_eq!(finding["states"][2][4], 1);
    let texts = data["texts"].as_array().expect("texts");
    assert_eq!(texts.iter().filter(|text| **text == EVIL).count(), 1);
}

#[test]
fn its_script_and_style_are_there_once_and_only_for_it() {
    let page = page(sample()).expect("sound data");
    assert_eq!(page.matches("</script>").count(), 2, "its data and its script");
    assert!(!page.contains("<script>alert") && !page.contains("plotly"));
    assert!(page.contains("data-states=\"3\"") && page.contains(".walk .code"));
    assert!(!page.contains("const starts = make"), "nothing of the race");
    let plain = render(&Report::default()).expect("a page");
    assert!(!plain.contains(".walk"), "nothing of it where nothing is played");
}

#[test]
fn data_that_contradict_themselves_are_refused() {
    let wrong: [fn(&mut WalkFinding); 7] = [
        |finding| finding.states.clear(),
        |finding| finding.states[0].values.clear(),
        |finding| finding.states[0].threads.clear(),
        |finding| finding.states[0].turns[0].actor = 2,
        |finding| finding.states[0].turns[0].to = Some(3),
        |finding| finding.shortest = vec![1],
        |finding| finding.shortest = vec![0, 0, 0],
    ];
    for (number, change) in wrong.into_iter().enumerate() {
        let mut walk = sample();
        change(&mut walk.findings[0]);
        assert!(matches!(page(walk), Err(RenderError::Data { .. })), "{number}");
    }
}

/// The script fills in what stands in braces, by these names.
#[test]
fn what_is_filled_in_has_a_name_that_the_script_knows() {
    let script = [include_str!("../../templates/game.js"), include_str!("../../templates/walk.js")];
    let script = script.concat();
    for locale in Locale::ALL {
        let words = words::words(locale);
        for (name, text) in words.as_object().expect("an object") {
            assert!(script.contains(&format!("words.{name}")), "{name} is used");
            if name == "keys" {
                continue;
            }
            let text = text.as_str().expect("a text");
            for part in text.split('{').skip(1) {
                let (filled, _) = part.split_once('}').expect("a name in braces");
                let known =
                    [format!(", {filled} }}"), format!("{filled}: "), format!("{{ {filled}")];
                assert!(known.iter().any(|it| script.contains(it)), "{name}: {filled}");
            }
        }
    }
}

#[test]
fn the_script_speaks_the_language_of_the_report() {
    let [english, french] = Locale::ALL.map(words::words);
    let (english, french) = (english.as_object().unwrap(), french.as_object().unwrap());
    assert!(english.keys().eq(french.keys()));
    let same = english.iter().filter(|(name, text)| french[*name] == **text);
    let same: Vec<_> = same.map(|(name, _)| name.as_str()).collect();
    assert!(same.is_empty(), "{same:?}");
}
