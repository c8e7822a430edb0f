//! What is explored: every choice of requests for two clients with one or two each, and for three
//! with one each, from every start fleet.

use crate::case::{Case, RequestKind, STARTS};

/// All cases of the scope. Clients are alike, so of programs that differ only in who has which,
/// one is taken.
pub fn scope() -> Vec<Case> {
    let single: Vec<Vec<RequestKind>> = RequestKind::ALL.iter().map(|kind| vec![*kind]).collect();
    let double: Vec<Vec<RequestKind>> = RequestKind::ALL
        .iter()
        .flat_map(|first| RequestKind::ALL.iter().map(|second| vec![*first, *second]))
        .collect();
    // The smallest first: of two schedules that are equally short, the first one is shown.
    let mut choices = chosen(&single, 2);
    choices.extend(chosen(&double, 2));
    choices.extend(chosen(&single, 3));
    let cases = choices
        .iter()
        .flat_map(|programs| STARTS.iter().map(|start| Case { start, programs: programs.clone() }));
    cases.collect()
}

/// Every choice of programs for so many clients, in an order that does not go down.
fn chosen(programs: &[Vec<RequestKind>], clients: usize) -> Vec<Vec<Vec<RequestKind>>> {
    if clients == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (index, first) in programs.iter().enumerate() {
        for rest in chosen(&programs[index..], clients - 1) {
            all.push([vec![first.clone()], rest].concat());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::scope;

    #[test]
    fn every_choice_is_there_once() {
        let cases = scope();
        // 9 programs of two requests: 45 pairs. 3 of one: 6 pairs and 10 triples. 5 start fleets.
        assert_eq!(cases.len(), 5 * (6 + 45 + 10));
        for (index, case) in cases.iter().enumerate() {
            assert!(!cases[..index].contains(case), "{case}");
        }
    }
}
