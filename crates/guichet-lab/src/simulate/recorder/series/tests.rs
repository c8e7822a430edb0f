use super::*;

fn levels(waiting: u64, running: u64) -> Levels {
    Levels { waiting, again: 0, running }
}

#[test]
fn a_long_run_keeps_its_peaks_in_as_many_buckets() {
    let mut series = Series::default();
    let at = |n: u64| n * 10_007;
    let peak = 123_456;
    for n in 0..200_000u64 {
        // One moment stands out, for as long as nothing else happens.
        let waiting = if n == peak { 999 } else { n % 7 };
        series.change(at(n), levels(waiting, 1), |_, counts| counts.ended += 1);
    }
    let buckets = series.buckets();
    assert!(buckets.len() <= limits::REPORT_POINTS_MAX);
    assert!(buckets.len() > limits::REPORT_POINTS_MAX / 2, "{}", buckets.len());
    let highest = buckets.iter().position(|bucket| bucket.most.waiting == 999).unwrap();
    assert_eq!(highest as u64, at(peak) / series.width_us(), "it is where it was");
    assert_eq!(Counts::sum(buckets.iter().map(|bucket| &bucket.counts)).ended, 200_000);
}

#[test]
fn what_does_not_change_stays_through_idle_times() {
    let mut series = Series::default();
    series.change(50, levels(3, 2), |servers, _| servers[0] = 5);
    series.change(1_050, levels(0, 0), |servers, _| servers[0] = 4);
    series.reach(1_450);
    let buckets = series.buckets();
    assert_eq!(buckets.len(), 15);
    assert!(buckets[1..=10].iter().all(|bucket| bucket.most == levels(3, 2)), "until it ends");
    assert!(buckets[11..].iter().all(|bucket| bucket.most == levels(0, 0)));
    assert!(buckets[..10].iter().all(|bucket| bucket.servers[0] == 5));
    assert!(buckets[10..].iter().all(|bucket| bucket.servers[0] == 4));
}

#[test]
fn a_very_long_rest_makes_no_more_buckets() {
    let mut series = Series::default();
    series.change(0, levels(1, 0), |_, _| {});
    series.reach(u64::MAX / 4);
    assert!(series.buckets().len() <= limits::REPORT_POINTS_MAX);
}
