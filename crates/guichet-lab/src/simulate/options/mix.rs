//! What simulated clients ask for, and how often.

use std::fmt;
use std::str::FromStr;

use guichet_core::action::Action;
use guichet_core::limits;
use guichet_locale::{Message, text};

use super::pairs::pairs;
use crate::trace::input::number::whole;
use crate::trace::input::{InputError, words};

const EXAMPLE: &str = "create=5,reboot=3,delete=2,list=1";

/// One kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MixItem {
    /// An action on a server.
    Action(Action),
    /// A list of the project's servers.
    List,
}

impl MixItem {
    /// All, in the order in which a [`Mix`] picks.
    pub const ALL: [Self; 7] = [
        Self::Action(Action::Create),
        Self::Action(Action::RebootSoft),
        Self::Action(Action::RebootHard),
        Self::Action(Action::Start),
        Self::Action(Action::Stop),
        Self::Action(Action::Delete),
        Self::List,
    ];

    /// The word for it in a mix.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Action(action) => action.as_str(),
            Self::List => "list",
        }
    }
}

const _: () = assert!(MixItem::ALL.len() == Action::LAB.len() + 1, "every action can be asked for");

/// How often each kind of request is made, as weights from 0 to 1,000,000:
/// `create=5,reboot=3,delete=2,list=1`. What is not named has weight 0; not all may be 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mix {
    /// In the order of [`MixItem::ALL`].
    weights: [u64; MixItem::ALL.len()],
}

impl Mix {
    /// The kind of request that a draw in [0, 1) stands for: the unit interval is cut into
    /// pieces as long as the weights, in the order of [`MixItem::ALL`], however the mix was
    /// written. A number outside falls on the nearest piece, one that is none on the first.
    pub fn pick(&self, unit: f64) -> MixItem {
        let total: u64 = self.weights.iter().sum();
        let mut left = ((unit * total as f64) as u64).min(total - 1);
        for (item, weight) in MixItem::ALL.iter().zip(self.weights) {
            if left < weight {
                return *item;
            }
            left -= weight;
        }
        unreachable!("what is left is less than the sum of the weights")
    }

    /// The weight of one kind of request.
    pub fn weight(&self, item: MixItem) -> u64 {
        let known = MixItem::ALL.iter().zip(self.weights);
        known.filter(|(known, _)| **known == item).map(|(_, weight)| weight).sum()
    }
}

impl FromStr for Mix {
    type Err = InputError;

    fn from_str(given: &str) -> Result<Self, InputError> {
        let mix = || Message::new(|locale| text!(locale, "input-mix"));
        let mut weights = [None; MixItem::ALL.len()];
        for pair in pairs(given, EXAMPLE) {
            let (word, weight) = pair?;
            let mut known = MixItem::ALL.iter().enumerate();
            let Some((index, item)) = known.find(|(_, item)| item.as_str() == word) else {
                let what = Message::new(|locale| text!(locale, "input-mix-kind"));
                let known = words::plain(MixItem::ALL.map(MixItem::as_str).join(", "));
                return Err(InputError::value(what, word, known, EXAMPLE));
            };
            let name = item.as_str();
            let weight = whole(weight, limits::MIX_WEIGHT_MAX).ok_or_else(|| {
                let what =
                    Message::new(move |locale| text!(locale, "input-mix-weight", name = name));
                InputError::value(what, weight, words::whole(0, limits::MIX_WEIGHT_MAX), EXAMPLE)
            })?;
            if weights[index].replace(weight).is_some() {
                return Err(InputError::value(mix(), given, words::once(name), EXAMPLE));
            }
        }
        let weights = weights.map(Option::unwrap_or_default);
        if weights.iter().all(|weight| *weight == 0) {
            let expected = Message::new(|locale| text!(locale, "input-mix-above"));
            return Err(InputError::value(mix(), given, expected, EXAMPLE));
        }
        Ok(Self { weights })
    }
}

impl fmt::Display for Mix {
    /// What has a weight, in the order in which it picks.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (item, weight) in MixItem::ALL.iter().zip(self.weights) {
            if weight > 0 {
                write!(f, "{separator}{}={weight}", item.as_str())?;
                separator = ",";
            }
        }
        Ok(())
    }
}
