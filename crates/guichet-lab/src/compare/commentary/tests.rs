//! Figures with known properties, and what is said of them.

use guichet_engine::Model;
use guichet_locale::Locale;

use super::*;
use crate::compare::fit::{Usl, amdahl};
use crate::compare::plan::Setting;
use crate::compare::result::{fits, rows};
use crate::compare::spec::RunFigures;

const SIZES: [usize; 7] = [1, 2, 4, 8, 16, 32, 64];
/// What five runs of a row differ by when the machine is quiet.
const QUIET: [f64; 5] = [1.0, 1.004, 0.996, 1.002, 0.998];
/// As little, in other rounds.
const OTHERWISE: [f64; 5] = [1.002, 0.99, 1.004, 0.99, 1.01];

/// A row whose runs had this rate, give or take the noise, and these figures otherwise.
fn row(
    (model, workers): (Model, Option<usize>),
    work: Work,
    per_s: f64,
    noise: [f64; 5],
    figures: &RunFigures,
) -> (Setting, Vec<RunFigures>) {
    let setting = Setting { model, workers, work, cpu_share: None };
    let in_flight = workers.unwrap_or(1) as f64;
    let runs = noise.map(|noise| RunFigures {
        per_s: per_s * noise,
        ran: 1_000,
        seconds: 1_000.0 / (per_s * noise),
        mean_service_s: in_flight / (per_s * noise),
        mean_in_flight: Some(in_flight),
        max_in_flight: workers.unwrap_or(1) as u64,
        ..figures.clone()
    });
    (setting, runs.to_vec())
}

/// Waiting work: hardly any CPU.
fn waiting() -> RunFigures {
    RunFigures { cpu_s: 0.02, peak_threads: 3, peak_rss_mib: 20.0, ..RunFigures::default() }
}

const SEQUENTIAL: (Model, Option<usize>) = (Model::Sequential, None);

fn pool(workers: usize) -> (Model, Option<usize>) {
    (Model::Pool, Some(workers))
}

fn context() -> Context {
    Context { locale: Locale::English, cores: 2, clients: 64, permits: None, seed: 1 }
}

fn say(measured: Vec<(Setting, Vec<RunFigures>)>, context: Context) -> Vec<String> {
    let rows = rows(measured, 1);
    let fits =
        fits(&rows, context.permits.map_or(context.clients, |it| it.min(context.clients)), 1);
    commentary(&rows, &fits, &context).into_iter().map(|said| said.text).collect()
}

/// The one sentence that has these words.
fn sentence<'a>(sentences: &'a [String], words: &str) -> &'a str {
    let found: Vec<&String> =
        sentences.iter().filter(|sentence| sentence.contains(words)).collect();
    assert_eq!(found.len(), 1, "{words:?} in {sentences:#?}");
    found[0]
}

fn pools(rate: impl Fn(f64) -> f64) -> Vec<(Setting, Vec<RunFigures>)> {
    let sized = |workers| row(pool(workers), Work::Io, rate(workers as f64), QUIET, &waiting());
    SIZES.map(sized).to_vec()
}

#[test]
fn a_difference_within_the_noise_is_a_draw() {
    let noisy = [0.8, 1.2, 1.0, 0.9, 1.1];
    let sentences = say(
        vec![
            row(pool(8), Work::Io, 800.0, QUIET, &waiting()),
            row((Model::Async, Some(8)), Work::Io, 820.0, noisy, &waiting()),
        ],
        context(),
    );
    let winner = sentence(&sentences, "did most, 8");
    assert!(winner.contains("async with 8") && winner.contains("draw"), "{winner}");
}

#[test]
fn what_one_run_each_does_not_say_is_said_once() {
    let mut measured = vec![
        row(pool(8), Work::Io, 800.0, QUIET, &waiting()),
        row((Model::Async, Some(8)), Work::Io, 820.0, QUIET, &waiting()),
    ];
    measured.iter_mut().for_each(|(_, runs)| runs.truncate(1));
    let english = say(measured.clone(), context());
    let winner = sentence(&english, "did most, 8");
    assert!(
        winner.ends_with(
            "what a pool of 8 did: one run each does not say whether that is more than the noise."
        ),
        "{winner}"
    );
    let french = say(measured, Context { locale: Locale::French, ..context() });
    let winner = sentence(&french, "meilleur débit");
    assert_eq!(winner.matches("une seule exécution").count(), 1, "{winner}");
}

#[test]
fn a_difference_beyond_the_noise_is_named_with_its_size() {
    let sentences = say(
        vec![
            row(pool(8), Work::Io, 800.0, QUIET, &waiting()),
            row((Model::Async, Some(8)), Work::Io, 1_200.0, QUIET, &waiting()),
        ],
        context(),
    );
    let winner = sentence(&sentences, "did most, 1,2");
    assert!(winner.contains("1.50 times what a pool of 8 did"), "{winner}");
    assert!(winner.contains("more than the noise.") && !winner.contains("draw"), "{winner}");
}

#[test]
fn the_speed_up_of_a_pool_is_told_in_full() {
    let mut measured = vec![row(SEQUENTIAL, Work::Io, 100.0, QUIET, &waiting())];
    measured.push(row(pool(16), Work::Io, 1_520.0, QUIET, &waiting()));
    let sentences = say(measured, context());
    let gain = sentence(&sentences, "as fast as one at a time");
    assert!(gain.contains("15.2 times") && gain.contains("95 % for each worker"), "{gain}");
    assert!(gain.contains("1,520 instead of 100 requests/s"), "{gain}");
    let why = sentence(&sentences, "waits: a request takes");
    assert!(why.contains("takes 10.5 ms and costs 0.020 ms of CPU"), "{why}");
}

#[test]
fn a_pool_that_gains_nothing_is_told_so() {
    for (per_s, words) in [(100.0, "gains nothing"), (80.0, "slower than without")] {
        let measured = vec![
            row(SEQUENTIAL, Work::Io, 100.0, QUIET, &waiting()),
            row(pool(4), Work::Io, per_s, QUIET, &waiting()),
        ];
        sentence(&say(measured, context()), words);
    }
}

/// 10 ms of CPU each on two cores: 200 a second, whatever the pool.
#[test]
fn computing_is_limited_by_the_cores() {
    let computing = RunFigures { cpu_s: 10.0, ..waiting() };
    let measured = vec![
        row(SEQUENTIAL, Work::Cpu, 100.0, QUIET, &computing),
        row(pool(2), Work::Cpu, 198.0, QUIET, &computing),
        row(pool(16), Work::Cpu, 199.0, OTHERWISE, &computing),
        row(SEQUENTIAL, Work::Io, 100.0, QUIET, &waiting()),
        row(pool(16), Work::Io, 1_500.0, QUIET, &waiting()),
    ];
    let sentences = say(measured.clone(), context());
    let cores = sentence(&sentences, "limited by the cores");
    assert!(cores.contains("costs 10.0 ms of CPU, so 2 cores do 200 a second"), "{cores}");
    assert!(cores.contains("A pool of 2 has 1.98 of them busy"), "{cores}");
    let both = sentence(&sentences, "another limit");
    assert!(both.contains("waits 15.0 times") && both.contains("computes 1.99 times"), "{both}");
    sentence(&sentences, "measured, 16 workers did most and 2 as much within the noise");
    sentence(&sentences, "it is not the program's: workers past the 2 cores");
    // On more cores the same figures leave some idle.
    let idle = say(measured, Context { cores: 8, ..context() });
    assert!(!idle.iter().any(|sentence| sentence.contains("limited by the cores")), "{idle:#?}");
}

/// Where others take what computing needs, the cores are still the limit, and it is said whose.
#[test]
fn a_machine_that_is_not_quiet_is_not_passed_over() {
    let computing = RunFigures { cpu_s: 10.0, others_busy: 1.0, ..waiting() };
    let measured = vec![
        row(SEQUENTIAL, Work::Cpu, 70.0, QUIET, &computing),
        row(pool(16), Work::Cpu, 110.0, QUIET, &computing),
    ];
    let sentences = say(measured, context());
    let cores = sentence(&sentences, "limited by the cores");
    assert!(
        cores.contains("has 1.10 of them busy already (others on the machine 1.00)"),
        "{cores}"
    );
    sentence(&sentences, "others kept 1.00 of its 2 cores busy");
    assert!(!sentences.iter().any(|sentence| sentence.contains("work waits")), "{sentences:#?}");
}

/// A busy machine slows down nothing that waits: it is not the cores that limit it, and others'
/// use of them is said apart.
#[test]
fn waiting_is_not_limited_by_cores_that_others_fill() {
    let crowded = RunFigures { others_busy: 1.9, ..waiting() };
    let measured = vec![
        row(SEQUENTIAL, Work::Io, 100.0, QUIET, &crowded),
        row(pool(16), Work::Io, 1_500.0, QUIET, &crowded),
    ];
    let sentences = say(measured, context());
    let why = sentence(&sentences, "I/O-bound work waits");
    assert!(why.contains("A pool of 16 keeps only 0.030 of 2 cores busy"), "{why}");
    assert!(!sentences.iter().any(|text| text.contains("limited by the cores")), "{sentences:#?}");
    sentence(&sentences, "others kept 1.90 of its 2 cores busy");
}

/// What it uses itself fills the cores: 0.9 ms of CPU each, two thousand a second.
#[test]
fn waiting_is_limited_by_cores_that_it_fills_itself() {
    let dear = RunFigures { cpu_s: 0.9, ..waiting() };
    let measured = vec![
        row(SEQUENTIAL, Work::Io, 100.0, QUIET, &dear),
        row(pool(32), Work::Io, 2_000.0, QUIET, &dear),
    ];
    let cores = say(measured, context());
    let cores = sentence(&cores, "I/O-bound work is limited by the cores");
    assert!(cores.contains("A pool of 32 has 1.80 of them busy already; more"), "{cores}");
}

/// That a pool is slower than one at a time is said once, by what it gains.
#[test]
fn a_pool_that_loses_is_told_of_once() {
    let measured = vec![
        row(SEQUENTIAL, Work::Cpu, 100.0, QUIET, &waiting()),
        row(pool(4), Work::Cpu, 80.0, QUIET, &waiting()),
    ];
    let sentences = say(measured, context());
    assert!(!sentences.iter().any(|text| text.contains("did most, 1")), "{sentences:#?}");
    sentence(&sentences, "slower than without");
}

#[test]
fn amdahls_share_is_the_one_the_curve_was_made_with() {
    let mut measured = vec![row(SEQUENTIAL, Work::Io, 100.0, QUIET, &waiting())];
    measured.extend(pools(|workers| 100.0 * amdahl(0.05, workers)));
    let sentences = say(measured, context());
    let share = sentence(&sentences, "Amdahl's law");
    assert!(share.contains("serial share of 5.00 %") && share.contains("20.0 times"), "{share}");
}

#[test]
fn the_knee_is_the_one_the_curve_was_made_with() {
    let law = Usl { rate_of_one: 100.0, contention: 0.02, coherency: 0.002 };
    let sentences = say(pools(|workers| law.rate(workers)), context());
    let knee = sentence(&sentences, "Universal Scalability Law");
    assert!(knee.contains("contention 2.00 %, coherency 2.0e-3, at most 0 % off"), "{knee}");
    // √(0.98 / 0.002) = 22.1; of the sizes tried 16 and 32 lie around it.
    assert!(knee.contains("lies at 22"), "{knee}");
    assert!(knee.contains("measured, 16 workers did most"), "{knee}");
}

#[test]
fn a_knee_far_outside_of_what_was_tried_is_no_knee() {
    let law = Usl { rate_of_one: 100.0, contention: 0.0, coherency: 1e-6 };
    sentence(&say(pools(|workers| law.rate(workers)), context()), "read it as none");
    let sentences = say(pools(|workers| 100.0 * workers), context());
    sentence(&sentences, "it has no knee");
}

#[test]
fn littles_law_is_checked_against_what_an_observer_saw() {
    let holds = vec![row(pool(8), Work::Io, 800.0, QUIET, &waiting())];
    let sentences = say(holds, context());
    let law = sentence(&sentences, "Little's law");
    assert!(law.contains("had 8.00 in flight on average, and 800 requests/s × 10.0 ms is 8.00"));
    assert!(law.ends_with("it holds."), "{law}");
    let (setting, mut runs) = row(pool(8), Work::Io, 800.0, QUIET, &waiting());
    for run in &mut runs {
        run.mean_in_flight = Some(4.0);
    }
    let sentences = say(vec![(setting, runs)], context());
    assert!(
        sentence(&sentences, "Little's law").contains("50 % apart: it does not hold"),
        "{sentences:#?}"
    );
}

#[test]
fn threads_stop_paying_at_the_smallest_pool_that_does_as_much() {
    let dear = RunFigures { cpu_s: 0.3, peak_threads: 105, peak_rss_mib: 111.0, ..waiting() };
    let threads = row((Model::Threads, None), Work::Io, 1_600.0, QUIET, &dear);
    let mut measured = pools(|workers| 100.0 * workers);
    measured.push(threads.clone());
    let sentences = say(measured, context());
    let stops = sentence(&sentences, "so from there on such threads do not pay");
    assert!(stops.contains("a pool of 16 does as much"), "{stops}");
    assert!(
        stops.contains("300 µs of CPU") && stops.contains("105 threads and 111 MiB"),
        "{stops}"
    );

    let small = vec![row(pool(2), Work::Io, 200.0, QUIET, &waiting()), threads];
    sentence(&say(small, context()), "still does more than any pool tried");
}

#[test]
fn the_semaphore_is_named_where_it_is_the_limit() {
    let held = |workers: usize| {
        let in_flight = workers.min(4) as f64;
        let (setting, mut runs) =
            row(pool(workers), Work::Io, 100.0 * in_flight, QUIET, &waiting());
        for run in &mut runs {
            run.max_in_flight = in_flight as u64;
        }
        (setting, runs)
    };
    let measured = SIZES.map(held).to_vec();
    let permits = Context { permits: Some(4), ..context() };
    let limit = say(measured.clone(), permits);
    // Sizes that it limits say nothing of the program: three of them are left for the law.
    let law = sentence(&limit, "Universal Scalability Law");
    assert!(law.contains("it has no knee"), "{law}");
    let limit = sentence(&limit, "the semaphore is the limit");
    assert!(limit.starts_with("From 8 workers on") && limit.contains("4 in flight"), "{limit}");
    let clients = Context { clients: 4, ..context() };
    sentence(&say(measured.clone(), clients), "the clients are the limit");
    let few = say(measured[1..].to_vec(), permits);
    assert!(!few.iter().any(|sentence| sentence.contains("Scalability")), "{few:#?}");
    let neither = say(pools(|workers| 100.0 * workers), context());
    assert!(!neither.iter().any(|sentence| sentence.contains("is the limit, not the pool")));
}

#[test]
fn a_full_queue_is_not_passed_over() {
    let full = RunFigures { queue_full: 7, ..waiting() };
    let sentences = say(vec![row(pool(1), Work::Io, 100.0, QUIET, &full)], context());
    assert!(sentence(&sentences, "The queue was full").contains("35 times"), "{sentences:#?}");
}

/// A single row has nothing to be compared with; what is said of it must not fail.
#[test]
fn few_rows_have_few_sentences() {
    assert_eq!(say(Vec::new(), context()), Vec::<String>::new());
    let sentences = say(vec![row(SEQUENTIAL, Work::Io, 100.0, QUIET, &waiting())], context());
    assert!(sentences.iter().any(|sentence| sentence.contains("Little's law")), "{sentences:#?}");
    assert!(!sentences.iter().any(|sentence| sentence.contains("NaN")), "{sentences:#?}");
}

/// Every kind of sentence there is, of figures that have them all.
fn everything() -> (Vec<(Setting, Vec<RunFigures>)>, Context) {
    let law = Usl { rate_of_one: 100.0, contention: 0.02, coherency: 0.002 };
    let computing = RunFigures { cpu_s: 10.0, others_busy: 0.5, ..waiting() };
    let crowded = RunFigures { others_busy: 0.5, queue_full: 1, ..waiting() };
    let mut measured = vec![
        row(SEQUENTIAL, Work::Io, 100.0, QUIET, &crowded),
        row((Model::Threads, None), Work::Io, 900.0, QUIET, &crowded),
    ];
    let sized = |n: usize| row(pool(n), Work::Io, law.rate(n as f64), QUIET, &crowded);
    measured.extend(SIZES.map(sized));
    measured
        .extend([2, 4, 16].map(|n| row((Model::Async, Some(n)), Work::Io, 90.0, QUIET, &crowded)));
    measured.push(row(SEQUENTIAL, Work::Cpu, 100.0, QUIET, &computing));
    measured.extend([2, 16].map(|n| row(pool(n), Work::Cpu, 150.0, QUIET, &computing)));
    (measured, Context { permits: Some(16), ..context() })
}

/// The numbers in a text, without what groups and divides their digits.
fn numbers(text: &str) -> Vec<String> {
    let is_mark = |letter: char| matches!(letter, '.' | ',' | '\u{202f}');
    let mut found = vec![String::new()];
    for letter in text.chars().filter(|letter| !is_mark(*letter)) {
        match letter.is_ascii_digit() {
            true => found.last_mut().unwrap().push(letter),
            false => found.push(String::new()),
        }
    }
    found.retain(|number| !number.is_empty());
    found.sort_unstable();
    found
}

#[test]
fn french_says_the_same_in_other_words() {
    let (measured, english) = everything();
    let french = Context { locale: Locale::French, ..english };
    let (english, french) = (say(measured.clone(), english), say(measured, french));
    assert_eq!(english.len(), french.len());
    assert!(english.len() >= 16, "{english:#?}");
    for (english, french) in english.iter().zip(&french) {
        assert_eq!(numbers(english), numbers(french), "{english}\n{french}");
        for word in
            [" the ", " of ", " and ", " with ", " at ", "workers", "requests", " is ", "times"]
        {
            assert!(!french.contains(word), "{word:?} in {french}");
        }
        assert!(!french.contains(" :") && !french.contains('\''), "{french}");
        assert!(french.starts_with(char::is_uppercase) && french.ends_with('.'), "{french}");
    }
}

#[test]
fn counts_choose_their_plural() {
    let name = |workers| Setting {
        model: Model::Pool,
        workers: Some(workers),
        work: Work::Io,
        cpu_share: None,
    };
    assert_eq!(name(1).name(Locale::French), "un pool de 1 ouvrier");
    assert_eq!(name(2).name(Locale::French), "un pool de 2 ouvriers");
    let full = |times, locale| {
        let full = RunFigures { queue_full: times, ..waiting() };
        let (setting, runs) = row(pool(2), Work::Io, 100.0, QUIET, &full);
        let context = Context { locale, ..context() };
        say(vec![(setting, runs[..1].to_vec())], context)
    };
    sentence(
        &full(1, Locale::French),
        "pleine une fois avec un pool de 2 ouvriers\u{a0}: cette requête",
    );
    sentence(&full(2, Locale::French), "pleine 2 fois");
    sentence(&full(1, Locale::English), "full once with a pool of 2: this request");
    let none = full(0, Locale::French);
    assert!(!none.iter().any(|text| text.contains("pleine")), "{none:#?}");
}
