//! Numbers of hosts and services, as Compute had them before there were UUIDs: each is one thing's in all cells.

use guichet_core::limits;

/// How many numbers a cell has. The first one's begin at 1, as those of a cloud without cells do.
const OF_A_CELL: u64 = 1 << 24;

/// Services beside those of hosts have numbers, too. And what is shown is a number of 32 bits, as Nova's are.
const _: () = assert!((limits::HOSTS_MAX as u64) < OF_A_CELL / 2);
const _: () = assert!(OF_A_CELL * limits::CELLS_MAX as u64 <= 1 << 31);

/// Among those of all cells the number of what has this one in its own, from 1.
pub(crate) const fn of_all(cell: usize, number: u64) -> u64 {
    cell as u64 * OF_A_CELL + number
}

/// The cell whose a number is.
pub(crate) fn cell_of(number: u64) -> usize {
    usize::try_from(number.saturating_sub(1) / OF_A_CELL).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_of_one_cell() {
        assert_eq!(of_all(0, 7), 7);
        for cell in 0..limits::CELLS_MAX {
            for number in [1, limits::HOSTS_MAX as u64 + 2, OF_A_CELL] {
                assert_eq!(cell_of(of_all(cell, number)), cell);
            }
        }
        assert_eq!(cell_of(0), 0);
        assert!(cell_of(u64::MAX) > limits::CELLS_MAX);
    }
}
