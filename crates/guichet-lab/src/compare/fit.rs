//! Curves of throughput over the number of workers, fitted by least squares.

use serde::Serialize;

/// The Universal Scalability Law (N. J. Gunther, "A Simple Capacity Model of Massively Parallel
/// Transaction Systems", CMG 1993; "Guerrilla Capacity Planning", 2007, chapter 4):
///
/// X(N) = λ N / (1 + σ (N − 1) + κ N (N − 1))
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Usl {
    /// λ: the rate of one worker.
    pub rate_of_one: f64,
    /// σ: the share of the work that only one does at a time.
    pub contention: f64,
    /// κ: what each worker costs each other one.
    pub coherency: f64,
}

/// A point of a curve: workers, and operations a second or a speed-up.
pub type Measured = (f64, f64);

impl Usl {
    /// The rate with so many workers.
    pub fn rate(&self, workers: f64) -> f64 {
        let slowed =
            1.0 + self.contention * (workers - 1.0) + self.coherency * workers * (workers - 1.0);
        self.rate_of_one * workers / slowed
    }

    /// The knee: with more workers the rate falls again. N* = √((1 − σ) / κ); none if it never
    /// does.
    pub fn knee(&self) -> Option<f64> {
        let knee = ((1.0 - self.contention) / self.coherency).sqrt();
        (self.coherency > 0.0 && knee.is_finite()).then_some(knee.max(1.0))
    }

    /// Fits the law to measured rates; `None` with fewer than three numbers of workers.
    ///
    /// N / X(N) = a + b (N − 1) + c N (N − 1) is linear in a = 1/λ, b = σ/λ, c = κ/λ, so relative
    /// errors are minimised exactly, without a search, for each choice of b and c being zero or
    /// not; of those without a negative one the closest is taken.
    pub fn fit(points: &[Measured]) -> Option<Self> {
        let points: Vec<Measured> = sound(points);
        let mut sizes: Vec<f64> = points.iter().map(|(workers, _)| *workers).collect();
        sizes.sort_unstable_by(f64::total_cmp);
        sizes.dedup();
        if sizes.len() < 3 {
            return None;
        }
        let choices: [&[usize]; 4] = [&[0], &[0, 1], &[0, 2], &[0, 1, 2]];
        let fits = choices.iter().filter_map(|columns| fit_columns(&points, columns));
        let (_, [a, b, c]) = fits.min_by(|(one, _), (other, _)| one.total_cmp(other))?;
        Some(Self { rate_of_one: 1.0 / a, contention: b / a, coherency: c / a })
    }

    /// The largest distance of a measured rate from the curve, as a share of the measured.
    pub fn worst_error(&self, points: &[Measured]) -> f64 {
        let errors = points.iter().map(|(workers, rate)| (self.rate(*workers) / rate - 1.0).abs());
        errors.fold(0.0, f64::max)
    }
}

fn sound(points: &[Measured]) -> Vec<Measured> {
    let sound = |(workers, rate): &Measured| *workers >= 1.0 && rate.is_finite() && *rate > 0.0;
    points.iter().copied().filter(sound).collect()
}

/// Least squares with some of the three columns, the rest 0: the sum of squared relative errors
/// and the coefficients; `None` if one is negative or nothing can be solved.
fn fit_columns(points: &[Measured], columns: &[usize]) -> Option<(f64, [f64; 3])> {
    let row = |(workers, rate): &Measured| {
        let target = workers / rate;
        [1.0, workers - 1.0, workers * (workers - 1.0)].map(|value| value / target)
    };
    let mut normal = vec![vec![0.0; columns.len() + 1]; columns.len()];
    for values in points.iter().map(row) {
        for (line, column) in normal.iter_mut().zip(columns) {
            for (cell, other) in line.iter_mut().zip(columns) {
                *cell += values[*column] * values[*other];
            }
            // The right-hand side: every target is 1 once divided by itself.
            if let Some(cell) = line.last_mut() {
                *cell += values[*column];
            }
        }
    }
    let solved = solve(normal)?;
    let mut coefficients = [0.0; 3];
    for (column, value) in columns.iter().zip(&solved) {
        coefficients[*column] = *value;
    }
    if coefficients[0] <= 0.0 || coefficients.iter().any(|value| *value < 0.0) {
        return None;
    }
    let squares = points.iter().map(row).map(|values| {
        let fitted: f64 = values.iter().zip(&coefficients).map(|(x, factor)| x * factor).sum();
        (fitted - 1.0).powi(2)
    });
    Some((squares.sum(), coefficients))
}

/// Solves a small system of linear equations, each line with its right-hand side last, by
/// Gaussian elimination with the largest pivot; `None` if it has no single solution.
fn solve(mut lines: Vec<Vec<f64>>) -> Option<Vec<f64>> {
    let count = lines.len();
    for at in 0..count {
        let pivot =
            (at..count).max_by(|a, b| lines[*a][at].abs().total_cmp(&lines[*b][at].abs()))?;
        lines.swap(at, pivot);
        let (done, below) = lines.split_at_mut(at + 1);
        let line = &done[at];
        if line[at].abs() < f64::MIN_POSITIVE {
            return None;
        }
        for other in below {
            let factor = other[at] / line[at];
            for (cell, above) in other.iter_mut().zip(line) {
                *cell -= factor * above;
            }
        }
    }
    let mut solution = vec![0.0; count];
    for at in (0..count).rev() {
        let line = &lines[at];
        let known: f64 = (at + 1..count).map(|other| line[other] * solution[other]).sum();
        solution[at] = (line[count] - known) / line[at];
    }
    solution.iter().all(|value| value.is_finite()).then_some(solution)
}

/// Amdahl's serial share s (G. M. Amdahl, "Validity of the single processor approach", AFIPS
/// 1967): the speed-up with N workers is 1 / (s + (1 − s) / N). Fitted to measured speed-ups with
/// the least relative error; from 0 to 1; `None` without a speed-up of two or more workers.
pub fn serial_share(speedups: &[Measured]) -> Option<f64> {
    let points: Vec<Measured> =
        sound(speedups).into_iter().filter(|(workers, _)| *workers > 1.0).collect();
    if points.is_empty() {
        return None;
    }
    // 1/S − 1/N = s (1 − 1/N), each side divided by 1/S.
    let (mut above, mut below) = (0.0, 0.0);
    for (workers, speedup) in points {
        let x = (1.0 - 1.0 / workers) * speedup;
        let y = (1.0 / speedup - 1.0 / workers) * speedup;
        above += x * y;
        below += x * x;
    }
    Some((above / below).clamp(0.0, 1.0))
}

/// The speed-up that Amdahl's law gives.
pub fn amdahl(serial_share: f64, workers: f64) -> f64 {
    1.0 / (serial_share + (1.0 - serial_share) / workers)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIZES: [f64; 7] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];

    fn curve(law: Usl) -> Vec<Measured> {
        SIZES.map(|workers| (workers, law.rate(workers))).to_vec()
    }

    fn close(found: f64, wanted: f64) -> bool {
        (found - wanted).abs() <= 1e-6 * wanted.abs().max(1e-3)
    }

    proptest! {
        /// What was made with known parameters is found again.
        #[test]
        fn a_curve_gives_its_parameters_back(
            rate_of_one in 1.0f64..10_000.0,
            contention in prop_oneof![Just(0.0), 0.001f64..0.5],
            coherency in prop_oneof![Just(0.0), 0.00001f64..0.05],
        ) {
            let law = Usl { rate_of_one, contention, coherency };
            let fitted = Usl::fit(&curve(law)).unwrap();
            prop_assert!(close(fitted.rate_of_one, rate_of_one), "{:?} {:?}", fitted, law);
            prop_assert!(close(fitted.contention, contention), "{:?} {:?}", fitted, law);
            prop_assert!(close(fitted.coherency, coherency), "{:?} {:?}", fitted, law);
            prop_assert!(fitted.worst_error(&curve(law)) < 1e-6);
        }

        #[test]
        fn amdahls_share_is_found_again(share in 0.0f64..=1.0) {
            let points = SIZES.map(|workers| (workers, amdahl(share, workers)));
            prop_assert!(close(serial_share(&points).unwrap(), share));
        }

        /// Whatever was measured, what comes out is a law: no negative part, no panic.
        #[test]
        fn any_measurement_gives_a_law_or_none(
            points in proptest::collection::vec((1.0f64..100.0, -1.0f64..1e6), 0..12)
        ) {
            if let Some(law) = Usl::fit(&points) {
                prop_assert!(law.rate_of_one > 0.0 && law.contention >= 0.0 && law.coherency >= 0.0);
            }
            let share = serial_share(&points);
            prop_assert!(share.is_none_or(|share| (0.0..=1.0).contains(&share)));
        }
    }

    #[test]
    fn the_knee_is_where_the_rate_is_highest() {
        let law = Usl { rate_of_one: 100.0, contention: 0.05, coherency: 0.0005 };
        let knee = law.knee().unwrap();
        assert!((knee - (0.95f64 / 0.0005).sqrt()).abs() < 1e-9);
        assert!(law.rate(knee) > law.rate(knee * 0.9) && law.rate(knee) > law.rate(knee * 1.1));
        assert_eq!(Usl { coherency: 0.0, ..law }.knee(), None, "it only flattens");
    }

    #[test]
    fn two_sizes_say_nothing_of_three_parameters() {
        assert_eq!(Usl::fit(&[(1.0, 100.0), (2.0, 190.0), (2.0, 191.0)]), None);
        assert_eq!(serial_share(&[(1.0, 1.0)]), None);
    }

    /// One slow point in seven moves the curve, not off the others by much.
    #[test]
    fn noise_of_some_percent_moves_the_parameters_little() {
        let law = Usl { rate_of_one: 100.0, contention: 0.02, coherency: 0.0002 };
        let noise = [1.03, 0.97, 1.02, 0.98, 1.01, 0.99, 1.0];
        let points: Vec<Measured> = curve(law)
            .iter()
            .zip(noise)
            .map(|((workers, rate), noise)| (*workers, rate * noise))
            .collect();
        let fitted = Usl::fit(&points).unwrap();
        assert!(fitted.worst_error(&points) < 0.06, "{fitted:?}");
        let (found, wanted) = (fitted.knee().unwrap(), law.knee().unwrap());
        assert!((found / wanted - 1.0).abs() < 0.25, "{found} {wanted}");
    }
}
