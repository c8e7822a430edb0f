//! What was started and is not over.

use super::{WIDE, job, later, operation, push_all, start, with};
use crate::scheduler::{Restored, Scheduler};

#[test]
fn what_began_and_is_not_over_is_listed_from_the_first_start_on() {
    let mut scheduler = with(WIDE, &[1]);
    push_all(&mut scheduler, &[job(1, 0, None), job(2, 0, None), job(3, 0, None), job(4, 0, None)]);
    let begun = |scheduler: &Scheduler, count| -> Vec<u32> {
        scheduler.begun(count).map(|operation| operation.number).collect()
    };
    assert!(begun(&scheduler, 9).is_empty(), "what waits has not begun");
    assert_eq!([start(&mut scheduler), start(&mut scheduler), start(&mut scheduler)].len(), 3);
    assert_eq!((begun(&scheduler, 9), begun(&scheduler, 2)), (vec![1, 2, 3], vec![1, 2]));
    // It goes on standing where it began while it waits for another attempt, and when that runs.
    scheduler.requeue(operation(1), later(10));
    assert_eq!(begun(&scheduler, 9), [1, 2, 3]);
    scheduler.done(operation(2));
    assert_eq!(scheduler.next(later(10)), Some(job(1, 0, None)));
    assert_eq!(begun(&scheduler, 9), [1, 3]);
    // What takes the place of one that was started was not started itself.
    scheduler.requeue(operation(1), later(20));
    scheduler.replace(operation(1), job(5, 0, None));
    assert_eq!(begun(&scheduler, 9), [3]);
    // What an earlier process began stands there before it is started again.
    let mut scheduler = with(WIDE, &[1]);
    let started = Restored::Started { not_before: None };
    for (number, was) in [(7, Restored::New), (8, started), (9, Restored::Running)] {
        scheduler.restore(job(number, 0, None), u64::from(number), was);
    }
    assert_eq!(begun(&scheduler, 9), [8, 9]);
    assert_eq!((start(&mut scheduler), start(&mut scheduler)), (Some(7), Some(8)));
    assert_eq!(begun(&scheduler, 9), [8, 9, 7]);
}

#[test]
fn what_began_long_ago_stays_in_front_of_thousands_that_are_over() {
    let mut scheduler = with(WIDE, &[1]);
    let mut left = Vec::new();
    for number in 1..=3_000 {
        scheduler.push(job(number, 0, None));
        assert_eq!(start(&mut scheduler), Some(number));
        if number % 100 == 1 {
            left.push(number);
        } else {
            scheduler.done(operation(number));
        }
        let begun: Vec<u32> = scheduler.begun(40).map(|operation| operation.number).collect();
        assert_eq!(begun, left);
    }
    for number in left.split_off(1) {
        scheduler.done(operation(number));
    }
    assert_eq!(scheduler.begun(40).collect::<Vec<_>>(), [operation(1)]);
    scheduler.done(operation(1));
    assert_eq!(scheduler.begun(40).next(), None);
}
