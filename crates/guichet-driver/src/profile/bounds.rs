//! How much a profile may ask for.

use guichet_core::limits;

/// The longest delay a profile may name, in milliseconds: 24 h, past every deadline by far, and
/// the bound of every distribution that names none.
pub const DELAY_MAX_MS: f64 = 86_400_000.0;
/// The largest CPU part, in milliseconds: 60 s of one processor, a third of the shortest deadline.
pub const CPU_MAX_MS: f64 = 60_000.0;
/// The largest spread of a log-normal delay: at 4, one call in a hundred takes 10,000 times the
/// median.
pub const SIGMA_MAX: f64 = 4.0;
/// The longest message of a rule, in characters: it is shown whole in answers and in log lines.
pub const MESSAGE_MAX: usize = 1_000;

const _: () = assert!(
    CPU_MAX_MS < limits::ACTION_DEADLINE.as_millis() as f64,
    "a CPU part alone passes no deadline"
);
const _: () = assert!(
    DELAY_MAX_MS > limits::CREATE_DEADLINE.as_millis() as f64,
    "a profile can describe a call that is too slow"
);
