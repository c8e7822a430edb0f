//! How a command ends.

/// How a command ended, and the exit code that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// All is well.
    Good,
    /// An invariant broke.
    Broken,
    /// Some of several inputs were bad; the others were looked at.
    Refused,
    /// Interrupted; what was accepted was finished.
    Interrupted,
    /// A command that was run for somebody ended so.
    Command(u8),
}

impl Ended {
    /// A run ended: whether all invariants hold, and whether it was interrupted. What broke
    /// outweighs the interrupt.
    pub(crate) const fn of(holds: bool, interrupted: bool) -> Self {
        match (holds, interrupted) {
            (false, _) => Self::Broken,
            (true, true) => Self::Interrupted,
            (true, false) => Self::Good,
        }
    }

    /// Its exit code.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::Broken => 1,
            Self::Refused => 2,
            Self::Interrupted => 130,
            Self::Command(code) => code,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ended;

    #[test]
    fn each_end_has_its_exit_code() {
        for (holds, interrupted, code) in
            [(true, false, 0), (false, false, 1), (false, true, 1), (true, true, 130)]
        {
            assert_eq!(Ended::of(holds, interrupted).code(), code);
        }
        assert_eq!(Ended::Refused.code(), 2);
    }
}
