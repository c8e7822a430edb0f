//! The hub: readers that come, read and leave beside those who append.

use guichet_store::hub::{Hub, LogEntry};
use shuttle::{check_random, future, thread};

use super::support::together;

#[test]
fn a_reader_that_comes_while_the_last_one_leaves_misses_nothing() {
    check_random(
        || {
            let hub = Hub::default();
            let last = hub.subscribe();
            let leaver = thread::spawn(move || drop(last));
            let mut reader = hub.subscribe_lossless();
            hub.append((0..3).map(|number| LogEntry::Note(number.to_string().into())));
            let batch = reader.try_batch();
            assert_eq!((batch.records.len(), batch.missed), (3, 0));
            leaver.join().expect("no panic");
        },
        2_000,
    );
}

#[test]
fn a_reader_gets_everything_up_to_the_end() {
    check_random(
        || {
            let hub = Hub::default();
            let mut reader = hub.subscribe();
            let writer = |which: usize| -> Box<dyn FnOnce() + Send> {
                let hub = hub.clone();
                Box::new(move || {
                    for _ in 0..2 {
                        hub.note(LogEntry::Note(which.to_string().into()));
                    }
                })
            };
            let listener = thread::spawn(move || {
                future::block_on(async {
                    let mut count = 0;
                    while let Some(batch) = reader.batch().await {
                        count += batch.records.len();
                    }
                    count
                })
            });
            together(vec![writer(1), writer(2)]);
            hub.close();
            assert_eq!(listener.join().expect("no panic"), 4);
        },
        2_000,
    );
}
