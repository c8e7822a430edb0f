//! What people read of a race in French: every sentence of it, with the figures of the English one.

use guichet_locale::Locale;
use guichet_race::anomaly::Anomaly;
use guichet_race::case::STARTS;
use guichet_race::schedule::Schedule;
use guichet_race::state::Manager;
use guichet_race::{Options, Outcome, Part, replay, run};
use guichet_view::data::{Block, Report};
use guichet_view::screen::Screen;

/// Words that stand in what is said in English and in no French sentence. Actions and statuses
/// (`create`, ACTIVE) are the same in both.
const ENGLISH: [&str; 22] = [
    "the",
    "of",
    "with",
    "lock",
    "and",
    "was",
    "reads",
    "writes",
    "puts",
    "looks",
    "step",
    "steps",
    "schedule",
    "schedules",
    "room",
    "wait",
    "broken",
    "lost",
    "server",
    "worker",
    "usage",
    "runs",
];

fn english_words(text: &str) -> Vec<&str> {
    // What a shell takes is the same in both languages.
    let sentences = text.lines().filter(|line| !line.contains("--"));
    let words = sentences.flat_map(|line| {
        line.split(|letter: char| !letter.is_alphanumeric() && !"_-".contains(letter))
    });
    words.filter(|word| ENGLISH.contains(word)).collect()
}

/// The figures of a text, without what groups them; grouped ones only if that is the same in both.
fn figures(text: &str) -> Vec<String> {
    let plain: String =
        text.chars().filter(|letter| !matches!(letter, ',' | '.' | '\u{202f}')).collect();
    let mut figures: Vec<String> = plain
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|figure| !figure.is_empty())
        .map(str::to_owned)
        .collect();
    // The languages put them in another order.
    figures.sort_unstable();
    figures
}

fn outcome() -> Outcome {
    let options =
        Options { clients: 4, requests: 20_000, seed: 3, permits: Some(2), states_max: 14_000 };
    run(options, |_| {}).expect("a race")
}

#[test]
fn a_race_is_reported_in_french_with_the_same_figures() {
    let outcome = outcome();
    let said = |locale| outcome.lines(Screen::PIPE, locale).join("\n");
    let (english, french) = (said(Locale::English), said(Locale::French));
    assert_eq!(english_words(&french), Vec::<&str>::new(), "{french}");
    assert_eq!(figures(&french), figures(&english), "{french}\n{english}");
    for expected in [
        "1. De vrais threads",
        "Incomplet (sans le verrou)\u{a0}: arrêté à 14\u{202f}000 états",
        "sémaphore à 2 jetons",
        "     étape  client 1\u{a0}: create",
        "écrit la longueur de la liste\u{a0}: 1",
        "à rejouer avec\u{a0}: guichet race --replay 'lost_server@empty:create/create:",
        "Un sémaphore à 2 jetons n’est pas un verrou\u{a0}: ",
    ] {
        assert!(french.contains(expected.trim_start()), "{expected}: {french}");
    }
    let narrow = outcome.lines(Screen::wide(80), Locale::French);
    // A row is a line; what was found first stands below.
    let table = narrow.iter().find(|line| line.contains("sans verrou")).expect("a table");
    assert_eq!(table.lines().count(), Anomaly::ALL.len() + 4, "{table}");
    assert!(narrow.iter().any(|line| line == "La première trouvée de chaque sorte\u{a0}:"));
    for line in narrow {
        // A replay is one word, which nothing cuts.
        let widest = line.lines().map(|line| line.chars().count()).max().unwrap_or_default();
        assert!(widest <= 80 || line.contains("--replay"), "{widest}: {line}");
    }
}

fn texts(page: &Report) -> String {
    let mut texts = page.lead.clone();
    texts.extend(page.facts.iter().map(|fact| fact.name.clone()));
    for section in &page.sections {
        texts.push(section.title.clone());
        texts.extend(section.text.iter().cloned());
        for block in &section.blocks {
            match block {
                Block::Table(table) => {
                    texts.extend(table.head.iter().chain(table.rows.iter().flatten()).cloned());
                }
                Block::Timeline(timeline) => {
                    texts.push(timeline.title.clone());
                    texts.extend(timeline.columns.iter().cloned());
                    let steps = timeline.steps.iter();
                    texts.extend(steps.flat_map(|step| [step.text.clone(), step.note.clone()]));
                    texts.push(timeline.outcome.clone());
                }
                Block::Chart(chart) => texts.extend([chart.title.clone(), chart.caption.clone()]),
                Block::Play(_) | Block::Walk(_) => {}
            }
        }
    }
    texts.join("\n")
}

#[test]
fn its_page_is_in_french() {
    let outcome = outcome();
    let page = |locale| guichet_race::page(&outcome, locale);
    let french = texts(&page(Locale::French));
    assert_eq!(page(Locale::French).locale, Locale::French);
    assert_eq!(english_words(&french), Vec::<&str>::new(), "{french}");
    assert_eq!(figures(&french), figures(&texts(&page(Locale::English))));
    assert!(french.contains("liste\u{a0}: "), "{french}");
}

/// The sentence above a timeline's rows and the rows must agree: what was written is there.
#[test]
fn the_rows_after_a_step_show_what_it_wrote() {
    let outcome = outcome();
    let page = guichet_race::page(&outcome, Locale::English);
    let timelines = page.sections[2].blocks.iter().filter_map(|block| match block {
        Block::Timeline(timeline) => Some(timeline),
        _ => None,
    });
    let mut uncounted = 0;
    for step in timelines.flat_map(|timeline| &timeline.steps) {
        if let Some((server, _)) =
            step.text.strip_prefix("writes ").and_then(|rest| rest.split_once(" to place "))
        {
            let list = step.note.strip_prefix("list: ").and_then(|rest| rest.split_once(';'));
            let (list, _) = list.expect("the list stands first");
            assert!(list.contains(&format!("{server} BUILD")), "{step:?}");
            uncounted += usize::from(list.contains("(not counted yet)"));
        }
    }
    assert!(uncounted > 0, "a new server is written before it is counted");
}

#[test]
fn a_replay_and_its_refusal_are_in_french() {
    for text in [
        "lost_server@empty:create/create:1x10,2x10",
        "lost_server@empty:create/create:1x6,2x10,1x4",
        "empty:create/create:1x10,2x10,wx2",
        "empty:create/create:1x3,2x10,1x6",
        "double_delete@one-active:delete/delete:1x4,2x6,1x2",
        "last-quota:create/create:1x11,2x4",
        "resurrected@one-active:reboot/delete:1x4,2x6,w,1x2",
    ] {
        let schedule: Schedule = text.parse().expect(text);
        let Ok(replayed) = replay(&schedule, Manager::Unlocked) else { continue };
        let said = |locale| replayed.lines(Screen::PIPE, locale).join("\n");
        let (english, french) = (said(Locale::English), said(Locale::French));
        assert_eq!(english_words(&french), Vec::<&str>::new(), "{french}");
        // What is a word in one language may be a digit in the other, but not here.
        assert_eq!(figures(&french), figures(&english), "{french}\n{english}");
    }
    for (text, manager, expected) in [
        (
            "empty:create:1x11",
            Manager::Unlocked,
            "l’étape 11 de l’entrelacement est impossible pour le client 1\u{a0}: il n’a plus rien à demander",
        ),
        (
            "empty:create:w",
            Manager::Unlocked,
            "l’étape 1 de l’entrelacement est impossible pour l’ouvrier\u{a0}: la file est vide",
        ),
    ] {
        let schedule: Schedule = text.parse().expect(text);
        let error = replay(&schedule, manager).expect_err(text);
        assert_eq!(error.sentence(Locale::French), expected);
    }
}

#[test]
fn what_is_listed_has_its_french_names() {
    let mut said: Vec<String> = Anomaly::ALL
        .into_iter()
        .flat_map(|kind| [kind.title(Locale::French), kind.why(Locale::French)])
        .collect();
    said.extend(STARTS.iter().map(|start| start.about(Locale::French)));
    said.extend(
        [Part::Threads, Part::Unlocked, Part::Locked, Part::Semaphore]
            .map(|part| part.sentence(Locale::French)),
    );
    assert_eq!(english_words(&said.join("\n")), Vec::<&str>::new(), "{said:#?}");
    let different: std::collections::BTreeSet<&String> = said.iter().collect();
    assert_eq!(different.len(), said.len(), "each has its own");
}

/// For programs nothing changes.
#[test]
fn json_is_english() {
    let schedule: Schedule =
        "double_delete@one-active:delete/delete:1x4,2x6,1x2".parse().expect("a schedule");
    let replayed = replay(&schedule, Manager::Unlocked).expect("each step can be taken");
    let object = serde_json::to_string(&replayed.json()).expect("JSON");
    for said in ["\"reads usage: 1\"", "server A was deleted 2 times, each accepted as the first"] {
        assert!(object.contains(said), "{object}");
    }
}
