//! The charts of one kind of work: over the workers, one unit each.

use guichet_engine::Model;
use guichet_locale::{Locale, text};
use guichet_view::data::{Axis, Chart, Curve, Curves, Mark, Plot, Point, Shape};

use crate::compare::Comparison;
use crate::compare::commentary::laws;
use crate::compare::fit::{Usl, amdahl};
use crate::compare::plan::Work;
use crate::compare::result::{Fit, Row};
use crate::compare::spec::Quantiles;

/// What charts are made of.
pub(super) struct Drawn<'a> {
    pub(super) locale: Locale,
    pub(super) work: Work,
    /// The rows of this kind of work.
    pub(super) rows: Vec<&'a Row>,
    /// Their fits that are read, the one of the best model first: what is not read is not drawn.
    fits: Vec<&'a Fit>,
    cores: usize,
}

/// The shortest time that is drawn, ms: clocks count microseconds, and 0 has no place on a
/// logarithmic axis.
const SHORTEST_MS: f64 = 0.001;

impl<'a> Drawn<'a> {
    pub(super) fn new(
        comparison: &'a Comparison,
        work: Work,
        rows: Vec<&'a Row>,
        locale: Locale,
    ) -> Self {
        let cores = comparison.plan.cores;
        let read = |fit: &&Fit| fit.work == work && fit.is_read(cores);
        let mut fits: Vec<&Fit> = comparison.fits.iter().filter(read).collect();
        let best = |model: Model| {
            let of_model = rows.iter().filter(|row| row.setting.model == model);
            of_model.map(|row| row.per_s.median).fold(0.0, f64::max)
        };
        fits.sort_by(|a, b| best(b.model).total_cmp(&best(a.model)));
        Self { locale, work, rows, fits, cores }
    }

    /// A chart with its name in the page.
    pub(super) fn chart(&self, name: &str, title: String, caption: String, plot: Curves) -> Chart {
        let id = format!("{}-{name}", self.work.as_str());
        Chart { id, title, caption, plot: Plot::Curves(plot) }
    }

    fn workers(&self) -> Axis {
        Axis { title: text!(self.locale, "compare-axis-workers"), log: true }
    }

    /// A curve of one model, of what `of` makes of its rows: the value, and its bounds.
    fn curve(&self, model: Model, of: impl Fn(&Row) -> Option<Point>) -> Curve {
        let rows = self.rows.iter().filter(|row| row.setting.model == model);
        let points = rows.filter_map(|row| of(row)).collect();
        Curve { name: model.as_str().to_owned(), shape: Shape::Line, points }
    }

    /// A curve of each model that has points.
    fn curves(&self, of: impl Fn(&Row) -> Option<Point>) -> Vec<Curve> {
        let curves = Model::ALL.into_iter().map(|model| self.curve(model, &of));
        curves.filter(|curve| !curve.points.is_empty()).collect()
    }

    fn rate(&self, curves: &[Curve]) -> Axis {
        Axis { title: text!(self.locale, "compare-axis-rate"), log: is_wide(curves) }
    }

    /// Measured rates alone: how a law fits them has a chart of its own.
    pub(super) fn throughput(&self) -> Curves {
        let locale = self.locale;
        let best = self.rows.iter().max_by(|a, b| a.per_s.median.total_cmp(&b.per_s.median));
        let mark = best.map(|row| {
            let rate = locale.rounded(row.per_s.median);
            Mark {
                x: row.at_once(),
                y: row.per_s.median,
                text: text!(
                    locale,
                    "compare-page-best",
                    name = row.setting.name(locale),
                    rate = rate
                ),
            }
        });
        let curves = self.curves(|row| Some(rate_of(row)));
        let (x, y) = (self.workers(), self.rate(&curves));
        Curves { x, y, curves, marks: mark.into_iter().collect() }
    }

    /// The best model's rates with the law fitted to them, if one is read.
    pub(super) fn law(&self) -> Option<(Model, Curves)> {
        let found = self.fits.iter().find_map(|fit| Some((*fit, fit.usl?)));
        let (fit, law): (&Fit, Usl) = found?;
        let name = text!(self.locale, "compare-page-fitted", model = fit.model.as_str());
        let curves = vec![
            self.curve(fit.model, |row| Some(rate_of(row))),
            fitted(name, fit.largest, |workers| law.rate(workers)),
        ];
        let (x, y) = (self.workers(), self.rate(&curves));
        Some((fit.model, Curves { x, y, curves, marks: Vec::new() }))
    }

    /// The serial share that is drawn: the best model's.
    pub(super) fn serial_share(&self) -> Option<(&'a Fit, f64)> {
        let fit = *self.fits.first()?;
        Some((fit, laws::serial_share(fit, self.cores)?))
    }

    /// What each worker gains, in percent of one.
    pub(super) fn speedup(&self) -> Option<Curves> {
        let mut curves = self.curves(|row| {
            let (speedup, each) = (row.speedup?, 100.0 / row.at_once());
            Some(Point {
                x: row.at_once(),
                y: speedup.median * each,
                interval: Some((speedup.low * each, speedup.high * each)),
            })
        });
        if curves.is_empty() {
            return None;
        }
        if let Some((fit, share)) = self.serial_share() {
            let percent = laws::share_text(share, self.locale);
            let name = text!(
                self.locale,
                "compare-page-amdahl",
                model = fit.model.as_str(),
                share = percent
            );
            let each = |workers| 100.0 * amdahl(share, workers) / workers;
            curves.push(fitted(name, fit.largest, each));
        }
        let y = Axis { title: text!(self.locale, "compare-axis-each"), log: false };
        Some(Curves { x: self.workers(), y, curves, marks: Vec::new() })
    }

    /// The median of a time, with a line up to what one in a hundred passes.
    pub(super) fn times(&self, of: impl Fn(&Row) -> Quantiles) -> Curves {
        let curves = self.curves(|row| {
            let times = of(row);
            let (half, slow) = (times.p50.max(SHORTEST_MS), times.p99.max(SHORTEST_MS));
            Some(Point { x: row.at_once(), y: half, interval: Some((half, slow.max(half))) })
        });
        let y = Axis { title: text!(self.locale, "compare-axis-ms"), log: is_wide(&curves) };
        Curves { x: self.workers(), y, curves, marks: Vec::new() }
    }

    /// What each request costs, of one unit.
    pub(super) fn costs(&self, unit: String, of: impl Fn(&Row) -> f64) -> Curves {
        let curves =
            self.curves(|row| Some(Point { x: row.at_once(), y: of(row), interval: None }));
        let y = Axis { title: unit, log: false };
        Curves { x: self.workers(), y, curves, marks: Vec::new() }
    }
}

/// Whether values are so far apart that only a logarithmic axis shows them all; on a narrower range
/// it would have hardly a number beside it.
fn is_wide(curves: &[Curve]) -> bool {
    const WIDE: f64 = 20.0;
    let values = || curves.iter().flat_map(|curve| &curve.points).map(|point| point.y);
    values().fold(0.0, f64::max) > WIDE * values().fold(f64::INFINITY, f64::min)
}

fn rate_of(row: &Row) -> Point {
    let rate = row.per_s;
    Point { x: row.at_once(), y: rate.median, interval: Some((rate.low, rate.high)) }
}

/// A fitted curve, drawn over the sizes that were tried.
fn fitted(name: String, largest: usize, law: impl Fn(f64) -> f64) -> Curve {
    const POINTS: usize = 49;
    let points = (0..POINTS).map(|at| {
        let x = (largest as f64).powf(at as f64 / (POINTS - 1) as f64);
        Point { x, y: law(x), interval: None }
    });
    Curve { name, shape: Shape::Fitted, points: points.collect() }
}
