//! Memory for large answers: reserved before one is made, held until it is written.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::Response;
use guichet_core::limits;
use http::StatusCode;
use http::request::Parts;

use crate::answer;
use crate::budget::{Charge, Share};
use crate::origin::Origin;

/// Too much is being answered at once ([`limits::ANSWERS_IN_FLIGHT`]); later there may be enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Too many long answers are under way; ask again, or for less.")]
pub struct Full;

/// Where an answer's memory is reserved. A handler takes it as an argument.
#[derive(Debug)]
pub struct Space(Option<Arc<Origin>>);

impl<S: Sync> FromRequestParts<S> for Space {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.extensions.get().cloned()))
    }
}

impl Space {
    /// Memory for an answer of about so many bytes, waited for if others have it.
    ///
    /// # Errors
    /// Nothing came free within [`limits::ANSWER_PATIENCE`].
    pub async fn reserve(&self, bytes: usize) -> Result<Reserved, Full> {
        let Some(origin) = self.0.as_deref().filter(|_| bytes > limits::ANSWER_FREE) else {
            return Ok(Reserved {
                charge: None,
                share: self.0.as_ref().map(|o| o.answers.clone()),
            });
        };
        let share = origin.answers.clone();
        let charge = match share.try_take(bytes) {
            Some(charge) => charge,
            None => tokio::time::timeout(limits::ANSWER_PATIENCE, share.take(bytes))
                .await
                .map_err(|_| Full)?
                .map_err(|_| Full)?,
        };
        Ok(Reserved { charge: Some(charge), share: Some(share) })
    }
}

/// Memory that is reserved for one answer. Whoever makes the answer has it, and then the connection.
#[derive(Debug)]
pub struct Reserved {
    charge: Option<Charge>,
    share: Option<Share>,
}

impl Reserved {
    /// Sees to it that so many bytes are covered, when an answer becomes longer than it was thought.
    /// It does not wait: whoever waits for more while holding some keeps others from ending.
    ///
    /// # Errors
    /// They are not there.
    pub fn cover(&mut self, bytes: usize) -> Result<(), Full> {
        let Some(share) = self.share.as_ref().filter(|_| bytes > limits::ANSWER_FREE) else {
            return Ok(());
        };
        let is_covered = match &mut self.charge {
            Some(charge) if charge.bytes() >= bytes => true,
            Some(charge) => charge.resize(share, bytes),
            none => {
                *none = share.try_take(bytes);
                none.is_some()
            }
        };
        if is_covered { Ok(()) } else { Err(Full) }
    }
}

/// The charge of an answer, in its extensions on its way to the connection.
#[derive(Debug, Clone)]
pub(crate) struct Held(pub(crate) Arc<Charge>);

/// An answer whose JSON is written already, in memory that was reserved for it.
pub fn written(status: StatusCode, body: Vec<u8>, reserved: Reserved) -> Response {
    let mut response = answer::written(status, body);
    if let Some(charge) = reserved.charge {
        response.extensions_mut().insert(Held(Arc::new(charge)));
    }
    response
}

#[cfg(test)]
mod tests {
    use tokio_util::task::TaskTracker;

    use super::*;
    use crate::budget::Budget;
    use crate::origin::Parser;

    fn space(bytes: usize) -> Space {
        let budget = Budget::new(bytes, bytes);
        let parser = Parser::new(TaskTracker::new());
        let [bodies, answers, streams, refusals] = [(); 4].map(|()| budget.share());
        Space(Some(Arc::new(Origin {
            address: std::net::Ipv4Addr::LOCALHOST.into(),
            bodies,
            answers,
            streams,
            refusals,
            parser,
        })))
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_not_there_is_waited_for_but_not_for_ever() {
        let space = space(8 * limits::ANSWER_FREE);
        let first = space.reserve(3 * limits::ANSWER_FREE).await.expect("it is there");
        assert_eq!(space.reserve(2 * limits::ANSWER_FREE).await.unwrap_err(), Full);
        let small = space.reserve(limits::ANSWER_FREE).await;
        assert!(small.is_ok(), "a small answer needs none");
        let response = written(StatusCode::OK, Vec::new(), first);
        let (second, ()) = tokio::join!(space.reserve(2 * limits::ANSWER_FREE), async {
            drop(response);
        });
        assert!(second.is_ok(), "the first one is gone");
    }

    #[tokio::test]
    async fn an_answer_that_grows_takes_what_there_is() {
        let space = space(8 * limits::ANSWER_FREE);
        let mut reserved = space.reserve(1).await.expect("it is there");
        assert_eq!(reserved.cover(4 * limits::ANSWER_FREE), Ok(()));
        assert_eq!(reserved.cover(2 * limits::ANSWER_FREE), Ok(()));
        assert_eq!(reserved.cover(4 * limits::ANSWER_FREE + 1), Err(Full));
        let mut free = Space(None).reserve(usize::MAX).await.expect("nobody counts");
        assert_eq!(free.cover(usize::MAX), Ok(()));
    }
}
