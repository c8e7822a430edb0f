//! The goals, what was measured of them, and the ratios that they are about.

use comfy_table::Table;

use super::load::Figure;
use super::rounds::Rounds;

/// What was hoped for, and what there is.
#[derive(Debug, Default)]
pub(super) struct Report {
    rows: Vec<[String; 4]>,
}

impl Report {
    /// The goals with so many lives in flight.
    pub(super) fn goals(&mut self, flight: u32, rounds: &Rounds) {
        const SQLITE: usize = 1;
        let ratio = to_ceiling(rounds, SQLITE);
        let of = |what: fn(&Figure) -> f64| rounds.median(|round| what(&round.figures[SQLITE]));
        match flight {
            8 => self.at_least("lives at 8 in flight, to C", ratio, 0.8),
            64 => {
                self.at_least("lives at 64 in flight, to C", ratio, 0.5);
                self.at_least("batch at 64, of all", of(|figure| figure.batch), 0.45);
                let (rate, p99) = (rounds.median(|r| r.rates[SQLITE]), p99_by_r(rounds, SQLITE));
                if rate > 5_000.0 {
                    self.at_most("p99 × R at 64 (R > 5000)", p99, 40.0);
                } else if rate < 500.0 {
                    self.at_most("p99 × R at 64 (R < 500)", p99, 6.0);
                }
            }
            512 => {
                let writer = of(|figure| figure.writer_us);
                self.at_most("writer's CPU of a life at 512, µs", writer, 80.0);
                self.at_most("the same, hoped for", writer, 60.0);
            }
            _ => {}
        }
    }

    fn at_least(&mut self, what: &str, found: f64, goal: f64) {
        self.add(what, found, format!("≥ {goal}"), found >= goal);
    }

    pub(super) fn at_most(&mut self, what: &str, found: f64, goal: f64) {
        self.add(what, found, format!("≤ {goal}"), found <= goal);
    }

    fn add(&mut self, what: &str, found: f64, goal: String, is_met: bool) {
        let verdict = if is_met { "met" } else { "missed" };
        self.rows.push([what.to_owned(), format!("{found:.2}"), goal, verdict.to_owned()]);
    }

    pub(super) fn print(self) {
        let mut table = table(&["goal", "measured", "wanted", ""]);
        table.add_rows(self.rows);
        println!("\n{table}");
    }
}

/// Lives a second, as a share of what the log that only appends does.
pub(super) fn to_ceiling(rounds: &Rounds, place: usize) -> f64 {
    rounds.median(|round| round.figures[place].lives / round.figures[0].lives)
}

/// The slow answers, counted in syncs of the disk.
pub(super) fn p99_by_r(rounds: &Rounds, place: usize) -> f64 {
    rounds.median(|round| round.figures[place].p99_ms / 1e3 * round.rates[place])
}

/// A table with this header.
pub(super) fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.set_header(header.to_vec());
    table
}
