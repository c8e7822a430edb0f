//! Short ids: eight characters of an id, which are nobody else's in the run.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Display;
use std::sync::{Arc, Mutex, PoisonError};

use guichet_core::limits;

/// How many characters a short id has.
pub const SHORT: usize = 8;

/// Where in an id's 32 digits eight are looked for, first to last: none of them has a hyphen
/// inside, so that each can be searched for in a file that has the whole id.
const PLACES: [usize; 6] = [0, 24, 20, 22, 21, 23];

/// The short ids that a run has shown; clones are the same ones.
#[derive(Debug, Clone, Default)]
pub struct ShortIds {
    full: bool,
    /// The whole id that each short one stands for. Held for one look or one insertion.
    known: Arc<Mutex<HashMap<String, u128>>>,
}

impl ShortIds {
    /// Ids that are shown whole.
    pub fn full() -> Self {
        Self { full: true, ..Self::default() }
    }

    /// Whether ids are shown whole.
    pub const fn is_full(&self) -> bool {
        self.full
    }

    /// An id as it is shown: the same one each time, and no two alike. Where all eight characters
    /// that it has to offer are another's, it is shown whole.
    pub fn shown(&self, id: &impl Display) -> String {
        let whole = id.to_string();
        if self.full {
            return whole;
        }
        let digits: String = whole.trim_start_matches("req-").replace('-', "");
        let Ok(bits) = u128::from_str_radix(&digits, 16) else {
            return whole;
        };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let has_place = known.len() < limits::SHORT_IDS_MAX;
        for place in PLACES {
            let Some(short) = digits.get(place..place + SHORT) else {
                break;
            };
            match known.entry(short.to_owned()) {
                Entry::Occupied(found) if *found.get() != bits => {}
                Entry::Vacant(free) if has_place => {
                    free.insert(bits);
                    return short.to_owned();
                }
                _ => return short.to_owned(),
            }
        }
        whole
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use guichet_core::ids::{RequestId, ServerId};

    use super::*;

    #[test]
    fn an_id_is_eight_of_its_characters_and_the_same_each_time() {
        let ids = ShortIds::default();
        let server = ServerId::from_bits(0x1384_e3e9_3c3c_4af1_9016_b02a_5a28_92f1);
        assert_eq!(ids.shown(&server), "1384e3e9");
        let same = ids.clone();
        assert_eq!(ids.shown(&server), "1384e3e9", "each time");
        assert_eq!(same.shown(&server), "1384e3e9", "clones know it too");
        let request = RequestId::from_bits(0x32bd_ac7b << 96);
        assert_eq!(ids.shown(&request), "32bdac7b");
        assert_eq!(ShortIds::full().shown(&server), server.to_string());
    }

    #[test]
    fn ids_that_begin_alike_are_shown_by_other_characters_which_they_have() {
        let ids = ShortIds::default();
        let alike =
            (0..6u128).map(|n| ServerId::from_bits((0x1384_e3e9 << 96) | (n * 0x0111_1111_1111)));
        let mut seen = BTreeSet::new();
        for id in alike {
            let short = ids.shown(&id);
            assert!(id.to_string().contains(&short) && short.len() == SHORT, "{id} {short}");
            assert!(seen.insert(short.clone()), "{short} is another's");
            assert_eq!(ids.shown(&id), short);
        }
    }

    #[test]
    fn an_id_with_nothing_of_its_own_is_shown_whole() {
        let ids = ShortIds::default();
        let (first, second) = (ServerId::from_bits(0), ServerId::from_bits(1 << 70));
        // They differ in the middle alone, which is not shown.
        for _ in 0..8 {
            assert_eq!(ids.shown(&first), "00000000");
            assert_eq!(ids.shown(&second), second.to_string());
        }
    }
}
