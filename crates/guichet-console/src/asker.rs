//! Who asks for data with a session of the console: what `/guichet/v1` goes by.

use guichet_cloud::accounts::Session;
use guichet_core::ids::ProjectId;
use http::{HeaderMap, Method};
use subtle::ConstantTimeEq as _;

use crate::app::Console;
use crate::{cookie, origin};

/// The header that a script of ours sends with whatever is no read: what the forms have in them.
pub(crate) const CSRF: &str = "x-guichet-csrf";

/// Who asks with a session of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asker {
    /// The user, by its position.
    pub user: usize,
    /// The project that its session is for.
    pub project: ProjectId,
    /// Whether it may look at what is others', and steer.
    pub is_admin: bool,
}

/// Why a session of the console does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// Another site's page asks.
    #[error("A session of the console counts for the console's own pages, and not for another's.")]
    Foreign,
    /// Something is to be changed, and the request does not show that a page of ours asks.
    #[error(
        "A session of the console changes nothing without the header X-Guichet-Csrf, whose value its pages have."
    )]
    NoCsrf,
}

impl Console {
    /// Who asks, if a session of the console came along and is good. It is not in use for that: a page that
    /// is open by itself keeps nobody in.
    ///
    /// # Errors
    /// [`NotTaken`].
    pub fn asker(&self, method: &Method, headers: &HeaderMap) -> Result<Option<Asker>, NotTaken> {
        let state = self.state();
        let Some(cookie) = cookie::read(headers, &cookie::session(headers)) else {
            return Ok(None);
        };
        let cloud = state.cloud();
        let held = state.sessions.look_at(cookie, state.now());
        let found = held.and_then(|held| Some((cloud.accounts().session(&held.token)?, held)));
        let Some((session, held)) = found else { return Ok(None) };
        if !origin::is_own(headers, cloud.public_url()) {
            return Err(NotTaken::Foreign);
        }
        let is_read = *method == Method::GET || *method == Method::HEAD;
        let sent = headers.get(CSRF).map_or(&b""[..], |value| value.as_bytes());
        if !is_read && !bool::from(sent.ct_eq(held.csrf.as_bytes())) {
            return Err(NotTaken::NoCsrf);
        }
        Ok(asker(&session))
    }
}

fn asker(session: &Session) -> Option<Asker> {
    let (project, _) = session.scope()?;
    Some(Asker { user: session.user, project, is_admin: session.is_admin() })
}
