//! The list of servers that clients can name, against a plain list.

use guichet_core::ids::{ProjectId, ServerId};
use guichet_lab::simulate::targets::Targets;
use proptest::prelude::*;

const RED: ProjectId = ProjectId(0);
const BLUE: ProjectId = ProjectId(1);

fn server(number: u64) -> ServerId {
    ServerId::from_bits(u128::from(number) << 64 | 7)
}

#[test]
fn shares_are_ranks() {
    let targets = Targets::new(2);
    assert_eq!(targets.at(RED, 0.0), None);
    for number in 0..4 {
        targets.add(RED, server(number));
    }
    for (share, number) in [(0.0, 0), (0.249, 0), (0.25, 1), (0.5, 2), (0.999_999, 3)] {
        let target = Some((server(number), number as usize));
        assert_eq!(targets.at(RED, share), target, "{share}");
    }
    assert_eq!(targets.at(RED, 1.0), None, "shares are below 1");
    assert_eq!(targets.at(BLUE, 0.5), None, "another project's servers are not there");
}

#[test]
fn the_last_takes_the_place_of_what_is_dropped() {
    let targets = Targets::new(1);
    for number in 0..4 {
        targets.add(RED, server(number));
    }
    targets.drop_one(RED, (server(1), 1));
    // Two clients named it.
    targets.drop_one(RED, (server(1), 1));
    targets.drop_one(RED, (server(99), 2));
    let left: Vec<_> = [0.1, 0.5, 0.9].map(|share| targets.at(RED, share)).into();
    assert_eq!(left, [Some((server(0), 0)), Some((server(3), 1)), Some((server(2), 2))]);
    // Named where it stood before.
    targets.drop_one(RED, (server(3), 3));
    targets.drop_one(RED, (server(2), 1));
    targets.drop_one(RED, (server(0), 0));
    assert_eq!(targets.at(RED, 0.0), None);
}

#[test]
fn a_load_that_names_its_servers_leaves_nothing() {
    let targets = Targets::none();
    targets.add(RED, server(1));
    assert_eq!(targets.at(RED, 0.0), None);
}

proptest! {
    #[test]
    fn every_share_names_a_server_that_is_there(
        steps in proptest::collection::vec((any::<bool>(), 0..20u64, 0..20usize), 0..100),
        share in 0.0..1.0f64,
    ) {
        let targets = Targets::new(1);
        let mut known: Vec<ServerId> = Vec::new();
        for (add, number, rank) in steps {
            let id = server(number);
            let place = known.iter().position(|known| *known == id);
            match (add, place) {
                (true, None) => {
                    targets.add(RED, id);
                    known.push(id);
                }
                (false, place) => {
                    // As it was when it was named, or as it has become since.
                    let rank = place.filter(|place| place % 2 == rank % 2).unwrap_or(rank);
                    targets.drop_one(RED, (id, rank));
                    place.map(|place| known.swap_remove(place));
                }
                (true, Some(_)) => {}
            }
            let rank = (share * known.len() as f64) as usize;
            prop_assert_eq!(targets.at(RED, share), known.get(rank).map(|id| (*id, rank)));
        }
    }
}
