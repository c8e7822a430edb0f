//! The results of a run for somebody who looks at a screen: sentences, figures, and what to try
//! next.

use anstyle::AnsiColor;
use guichet_engine::Model;
use guichet_lab::simulate::Ran;
use guichet_lab::simulate::paint::painted;
use guichet_lab::simulate::scenario::Scenario;
use guichet_lab::simulate::short::ShortIds;
use guichet_locale::{Locale, text};
use guichet_view::screen::Screen;

use crate::cli::SimulateArgs;
use crate::output;
use crate::reader::Reader;
use crate::terminal;

/// What is printed on a screen at the end of a run.
pub(super) fn report(
    ran: &Ran,
    scenario: &Scenario,
    args: &SimulateArgs,
    (screen, ids): (Screen, &ShortIds),
    reader: Reader,
) -> String {
    let (locale, has_color) = (reader.locale, terminal::has_color(reader.color, true));
    let words = ran.summary.in_words(ran.interrupted, ran.drained, locale);
    let mut lines = screen.paragraph(&words.join(" "), 0);
    let holds = ran.summary.invariants.holds();
    let color = if holds { AnsiColor::Green } else { AnsiColor::Red };
    let verdict = screen.paragraph(&ran.summary.verdict(locale), 0);
    lines.extend(verdict.iter().map(|line| painted(line, color, has_color)));
    lines.push(String::new());
    lines.extend(ran.summary.shown(screen, locale));
    lines.push(output::servers(ran, scenario, args.all, (screen, ids), locale));
    for remark in output::remarks(ran, locale) {
        lines.extend(screen.line(&remark, 2));
    }
    if args.quiet {
        return lines.join("\n") + "\n";
    }
    lines.push(String::new());
    lines.push(text!(locale, "simulate-try-next"));
    let program = program(std::env::args().next().as_deref());
    lines.extend(laid_out(&next(&program, args, scenario.config.model, locale), screen));
    lines.join("\n") + "\n"
}

/// The longest name that the program is called by in a command.
const PROGRAM_MAX: usize = 36;

/// How the program was called, so that a command can be typed again where it was.
fn program(first_word: Option<&str>) -> String {
    // A longer one leaves no place for the rest of a command on a narrow screen.
    let plain = |word: &str| {
        (1..=PROGRAM_MAX).contains(&word.chars().count()) && !word.contains([' ', '\'', '"', '\\'])
    };
    match first_word {
        Some(word) if plain(word) => word.to_owned(),
        _ => "guichet".to_owned(),
    }
}

/// A command, and what it shows.
type Step = (String, String);

/// Three commands that lead on from a run like this one.
fn next(program: &str, args: &SimulateArgs, model: Model, locale: Locale) -> Vec<Step> {
    let pool = match model {
        Model::Pool | Model::Threads => {
            (format!("{program} compare"), text!(locale, "simulate-next-compare"))
        }
        _ => (
            format!("{program} simulate --model pool --workers 8"),
            text!(locale, "simulate-next-pool"),
        ),
    };
    let race = (format!("{program} race"), text!(locale, "simulate-next-race"));
    let other = if args.log {
        (format!("{program} simulate --report run.html"), text!(locale, "simulate-next-report"))
    } else {
        (format!("{program} simulate --requests 20 --log"), text!(locale, "simulate-next-log"))
    };
    vec![pool, race, other]
}

/// Commands under each other with what they show behind them, or above them where the screen is
/// too narrow for that.
fn laid_out(steps: &[Step], screen: Screen) -> Vec<String> {
    let longest = |pick: fn(&Step) -> usize| steps.iter().map(pick).max().unwrap_or_default();
    let command = longest(|(typed, _)| typed.chars().count());
    let whole = command + longest(|(_, shows)| shows.chars().count()) + "    # ".len();
    if screen.width().is_none_or(|width| whole <= width) {
        let lines = steps.iter().map(|(typed, shows)| format!("  {typed:command$}  # {shows}"));
        return lines.collect();
    }
    let lines = steps.iter();
    lines.flat_map(|(typed, shows)| [format!("  # {shows}"), format!("  {typed}")]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_fit_a_screen_and_can_be_typed_as_they_are() {
        let step = |typed: &str, shows: &str| (typed.to_owned(), shows.to_owned());
        let steps = [step("guichet race", "what goes wrong"), step(&"x".repeat(50), "y")];
        let wide = laid_out(&steps, Screen::wide(140));
        assert_eq!(wide.len(), 2);
        assert!(wide[0].starts_with("  guichet race  ") && wide[0].ends_with("# what goes wrong"));
        let narrow = laid_out(&steps, Screen::wide(60));
        assert_eq!(narrow[..2], ["  # what goes wrong", "  guichet race"]);
    }

    #[test]
    fn the_program_is_named_as_it_was_called() {
        assert_eq!(program(Some("target/release/guichet")), "target/release/guichet");
        for word in [None, Some(""), Some("a b/guichet")] {
            assert_eq!(program(word), "guichet");
        }
    }
}
