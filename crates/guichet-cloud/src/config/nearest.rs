//! Which name was meant by one that there is not.

use crate::plain::nearest;

/// The sentence of a reader that found an unknown name, with the nearest of those it expected.
pub(super) fn with_nearest(problem: &str) -> String {
    let found = problem
        .strip_prefix("unknown field `")
        .or_else(|| problem.strip_prefix("unknown variant `"))
        .and_then(|rest| rest.split_once("`, expected "));
    let meant =
        found.and_then(|(found, expected)| nearest(found, expected.split('`').skip(1).step_by(2)));
    match (meant, problem.split_once(", expected ")) {
        (Some(name), Some((found, expected))) => {
            format!("{found}; did you mean `{name}`? Expected {expected}")
        }
        _ => problem.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::with_nearest;

    #[test]
    fn the_nearest_name_is_said_and_none_where_nothing_is_near() {
        let problem = "unknown field `quto`, expected one of `region`, `quota`, `zone`";
        let told = "unknown field `quto`; did you mean `quota`? Expected one of `region`, `quota`, \
                    `zone`";
        assert_eq!(with_nearest(problem), told);
        let others = ["unknown field `x`, expected `region` or `zone`", "duplicate key"];
        for same in others.into_iter().chain(["unknown field `", "unknown variant `a`"]) {
            assert_eq!(with_nearest(same), same);
        }
    }
}
