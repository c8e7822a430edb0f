//! Delays: in the bounds of their distribution, on average what the profile says without drawing,
//! and the same for the same client's same request, whatever runs beside it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_core::action::Action;
use guichet_core::chance::{Chance, Purpose};
use guichet_core::rows::Outcome;
use guichet_driver::Driver;
use guichet_driver::profile::Profile;

use crate::support::{Ask, SEED, driver, profile, seeded};

const DRAWS: u64 = 40_000;

/// Many samples of a delay, in milliseconds, each of a generator of its own as the driver draws.
fn samples(delay: &str) -> (Vec<f64>, f64) {
    let profile = profile(&format!("default.delay = {delay}"));
    let delay = &profile.behaviour(Action::Stop).delay;
    let chance = Chance::new(SEED);
    let sample = |n| delay.sample(&mut chance.draw(Purpose::Delay, 7, n, 1)).as_secs_f64() * 1e3;
    ((0..DRAWS).map(sample).collect(), delay.mean().as_secs_f64() * 1e3)
}

/// Checks bounds and mean; `tolerance` is a share of the mean, several standard errors wide.
fn check(delay: &str, bounds: (f64, f64), tolerance: f64) {
    let (samples, mean) = samples(delay);
    for sample in &samples {
        assert!(*sample >= bounds.0 && *sample <= bounds.1, "{delay}: {sample} ms");
    }
    let found = samples.iter().sum::<f64>() / samples.len() as f64;
    assert!((found - mean).abs() <= tolerance * mean, "{delay}: {found} ms, expected {mean} ms");
}

#[test]
fn each_distribution_keeps_its_bounds_and_its_mean() {
    check("{ fixed = { ms = 2.5 } }", (2.5, 2.5), 1e-9);
    check("{ uniform = { min_ms = 5, max_ms = 15 } }", (5.0, 15.0), 0.01);
    check("{ uniform = { min_ms = 4, max_ms = 4 } }", (4.0, 4.0), 1e-9);
    check("{ exponential = { mean_ms = 10 } }", (0.0, 200.0), 0.02);
    check("{ exponential = { mean_ms = 10, max_ms = 12 } }", (0.0, 12.0), 0.01);
    check("{ exponential = { mean_ms = 0 } }", (0.0, 0.0), 0.0);
    check("{ log_normal = { median_ms = 20, sigma = 0.4 } }", (2.0, 200.0), 0.01);
    check("{ log_normal = { median_ms = 20, sigma = 1, max_ms = 30 } }", (0.0, 30.0), 0.01);
    check("{ log_normal = { median_ms = 20, sigma = 3, max_ms = 20 } }", (0.0, 20.0), 0.01);
    check("{ log_normal = { median_ms = 20, sigma = 0, max_ms = 20 } }", (20.0, 20.0), 1e-9);
    check("{ log_normal = { median_ms = 0, sigma = 2 } }", (0.0, 0.0), 0.0);
    check("{ trace = { samples_ms = [1, 2.5, 40, 0] } }", (0.0, 40.0), 0.02);
}

/// The spread, which a mean alone would not show.
#[test]
fn half_of_log_normal_delays_are_below_the_median() {
    let (mut samples, _) = samples("{ log_normal = { median_ms = 20, sigma = 0.5 } }");
    samples.sort_by(f64::total_cmp);
    let quantile = |share: f64| samples[(samples.len() as f64 * share) as usize];
    // e to the power of sigma times the normal distribution's own quantile.
    for (share, normal) in [(0.5, 0.0), (0.841_345, 1.0), (0.158_655, -1.0), (0.977_25, 2.0)] {
        let expected = 20.0 * (0.5f64 * normal).exp();
        let found = quantile(share);
        assert!((found / expected - 1.0).abs() < 0.02, "{share}: {found}, expected {expected}");
    }
}

#[test]
fn a_trace_gives_its_samples_and_each_as_often() {
    let (samples, _) = samples("{ trace = { samples_ms = [8.5, 1, 30] } }");
    let mut counts = BTreeMap::new();
    for sample in samples {
        *counts.entry((sample * 1e3).round() as u64).or_insert(0u64) += 1;
    }
    assert_eq!(counts.keys().copied().collect::<Vec<_>>(), [1_000, 8_500, 30_000]);
    let third = DRAWS / 3;
    assert!(counts.values().all(|count| count.abs_diff(third) < third / 20), "{counts:?}");
}

/// Mean against a sum over the distribution itself, where bounds bite.
#[test]
fn bounded_means_are_what_integration_gives() {
    for (median, sigma, max) in [(20.0f64, 0.4f64, 25.0f64), (20.0, 4.0, 5_000.0), (7.0, 1.5, 7.0)]
    {
        let (steps, span) = (200_000, 12.0);
        let step = 2.0 * span / f64::from(steps);
        let integral: f64 = (0..steps)
            .map(|i| {
                let z = (f64::from(i) + 0.5) * step - span;
                let density = (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
                (median * (sigma * z).exp()).min(max) * density * step
            })
            .sum();
        let text = format!(
            "stop.delay.log_normal = {{ median_ms = {median}, sigma = {sigma}, max_ms = {max} }}"
        );
        let mean = profile(&text).mean_of(Action::Stop).as_secs_f64() * 1e3;
        assert!((mean / integral - 1.0).abs() < 1e-5, "{text}: {mean}, integral {integral}");
    }
}

/// tokio's timer counts whole milliseconds, so a wait may be up to one longer than was drawn.
#[tokio::test(start_paused = true)]
async fn a_call_waits_as_long_as_its_profile_says() {
    let clock = WorldClock::virtual_time();
    let driver = seeded(Profile::builtin("fast").unwrap(), clock.clone(), SEED);
    assert_eq!(driver.expected_service(), Duration::from_millis(10));
    let mut total = Duration::ZERO;
    for request in 0..2_000 {
        let ask = Ask { request, server: request, ..Ask::new(Action::Create) };
        let (outcome, took) = ask.run(&driver, &clock).await;
        assert_eq!(outcome, Outcome::Succeeded);
        assert!((5_000..=16_001).contains(&took.as_micros()), "{took:?}");
        total += took;
    }
    let mean_ms = total.as_secs_f64() * 1e3 / 2_000.0;
    assert!((9.9..11.1).contains(&mean_ms), "{mean_ms} ms");
}

#[tokio::test(start_paused = true)]
async fn what_takes_no_time_waits_for_nothing() {
    let (driver, clock) = driver("");
    for action in [Action::Create, Action::Stop, Action::RebootHard, Action::Delete] {
        assert_eq!(
            Ask::new(action).run(&driver, &clock).await,
            (Outcome::Succeeded, Duration::ZERO)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn under_virtual_time_the_cpu_part_is_a_delay() {
    let (driver, clock) = driver("create = { cpu_ms = 30_000, delay.fixed.ms = 5_000 }");
    let (outcome, took) = Ask::new(Action::Create).run(&driver, &clock).await;
    assert_eq!((outcome, took.as_secs()), (Outcome::Succeeded, 35));
}

/// Everything that requests of several clients meet, by client, request and attempt.
async fn fates(seed: u64, backwards: bool, server_shift: u64) -> BTreeMap<(u32, u64, u32), String> {
    let text = "default.delay.uniform = { min_ms = 0, max_ms = 1e6 }
                fault = [{ kind = 'error', probability = 0.3 },
                         { kind = 'failed_but_done', probability = 0.3 }]";
    let clock = WorldClock::virtual_time();
    let driver = Arc::new(seeded(profile(text), clock.clone(), seed));
    let mut asks = Vec::new();
    for client in 1..=4 {
        for request in 1..=20 {
            for attempt in 1..=2 {
                let server = server_shift + u64::from(client) * 100 + request;
                asks.push(Ask { client, request, attempt, server, ..Ask::new(Action::Delete) });
            }
        }
    }
    if backwards {
        asks.reverse();
    }
    let mut running = tokio::task::JoinSet::new();
    for ask in asks {
        let (driver, clock) = (Arc::clone(&driver), clock.clone());
        running.spawn(async move {
            let (outcome, took) = ask.run(&driver, &clock).await;
            ((ask.client, ask.request, ask.attempt), format!("{outcome:?} in {took:?}"))
        });
    }
    running.join_all().await.into_iter().collect()
}

#[tokio::test(start_paused = true)]
async fn a_request_meets_the_same_fate_in_any_order_and_on_any_target() {
    let first = fates(1, false, 0).await;
    assert_eq!(first, fates(1, true, 0).await);
    assert_eq!(first, fates(1, false, 50_000).await);
    let other_seed = fates(2, false, 0).await;
    let same = first.iter().filter(|(key, fate)| other_seed[key] == **fate).count();
    assert!(same < 8, "{same} of {} fates are the same under another seed", first.len());
    let distinct: std::collections::BTreeSet<_> = first.values().collect();
    assert!(distinct.len() > first.len() - 4, "clients, requests and attempts differ");
}

#[tokio::test(start_paused = true)]
async fn servers_of_one_create_have_delays_of_their_own() {
    let (driver, clock) = driver("create.delay.uniform = { min_ms = 0, max_ms = 1e6 }");
    let mut seen = Vec::new();
    for server in 0..10 {
        let ask = Ask { server, ..Ask::new(Action::Create) };
        seen.push(ask.run(&driver, &clock).await.1);
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 10);
}
