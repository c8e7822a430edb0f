//! Patterns of names: `*` stands for any characters, also none; `?` for exactly one.

use std::str::Chars;

/// A pattern of names. Every other character stands for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Box<[Piece]>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// Any characters, also none.
    Any,
    /// One character.
    One,
    /// This character.
    This(char),
}

impl Pattern {
    /// The pattern that `text` spells; every text is one.
    pub fn new(text: &str) -> Self {
        Self::of(
            text,
            |character| if character == '?' { Piece::One } else { Piece::This(character) },
        )
    }

    /// The same where `?` stands for itself.
    pub fn of_stars(text: &str) -> Self {
        Self::of(text, Piece::This)
    }

    fn of(text: &str, other: impl Fn(char) -> Piece) -> Self {
        let piece = |character| if character == '*' { Piece::Any } else { other(character) };
        Self(text.chars().map(piece).collect())
    }

    /// Whether all of `name` fits. Takes at most their lengths' product of steps.
    pub fn matches(&self, name: &str) -> bool {
        let (mut index, mut rest) = (0, name.chars());
        // The last star seen: where the pattern goes on behind it, and what it has not taken.
        let mut star: Option<(usize, Chars<'_>)> = None;
        loop {
            let here = rest.clone();
            match (self.0.get(index), rest.next()) {
                (None, None) => return true,
                (Some(Piece::Any), _) => {
                    index += 1;
                    rest = here.clone();
                    star = Some((index, here));
                }
                (Some(Piece::One), Some(_)) => index += 1,
                (Some(Piece::This(wanted)), Some(found)) if *wanted == found => index += 1,
                _ => {
                    // A misfit: the last star takes one character more. Earlier stars need not
                    // move, as they took the least that fits.
                    let Some((behind, untaken)) = &mut star else {
                        return false;
                    };
                    if untaken.next().is_none() {
                        return false;
                    }
                    (index, rest) = (*behind, untaken.clone());
                }
            }
        }
    }
}
