//! Who may steer what.
//!
//! | token | makes and lists worlds | shows, resets, ends a world |
//! | --- | --- | --- |
//! | the service's | yes | any |
//! | a world's own | no | that one |
//! | none, and the service has one | 401 | 401 |
//! | none, and the service has none | yes | any |
//! | none, and an administrator is signed in to the console | yes | any |
//!
//! Over the control socket the system says who asks, and no token is wanted: [`crate::owned_app`].
//!
//! A service without a token of its own is open to whoever reaches it: it is for one machine, and
//! takes no request that a page in a browser sent, unless it is a page of the console: whoever is signed in
//! there reads the figures of its own project, and an administrator those of all
//! ([`guichet_console::Console::asker`]).

use std::net::Ipv4Addr;
use std::sync::Arc;

use guichet_cloud::worlds::{ControlToken, TokenDigest, World, WorldError};
use http::{HeaderMap, StatusCode, header};

use crate::problem::Problem;

/// Whether whoever steers needs a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Whoever reaches the service may steer it.
    Open,
    /// Whoever has this token may.
    Token(TokenDigest),
    /// Whoever is asked by has shown that it is the service's own user, or root: any token is as good
    /// as none.
    Owner,
}

impl Access {
    /// With this token.
    pub fn by(token: &ControlToken) -> Self {
        Self::Token(token.digest())
    }

    /// Lets on whoever may make and list worlds.
    pub(crate) fn check(self, headers: &HeaderMap) -> Result<(), Problem> {
        let token = token(headers);
        if self.is_service(token.as_ref()) {
            return self.no_browser(headers);
        }
        Err(if token.is_some() { foreign() } else { missing() })
    }

    /// Lets on whoever may steer this world. Whoever may not learns of no world that there is none.
    pub(crate) fn check_for(
        self,
        world: Option<Arc<World>>,
        headers: &HeaderMap,
    ) -> Result<Arc<World>, Problem> {
        let token = token(headers);
        let is_own = match (&world, &token) {
            (Some(world), Some(token)) => world.admits(token),
            _ => false,
        };
        if !is_own && !self.is_service(token.as_ref()) {
            return Err(if token.is_some() { foreign() } else { missing() });
        }
        self.no_browser(headers)?;
        world.ok_or_else(|| WorldError::NotFound.into())
    }

    /// A browser says which page a request comes from, and no other client does: a page that somebody
    /// happens to read must not steer what runs on the same machine, nor read it.
    fn no_browser(self, headers: &HeaderMap) -> Result<(), Problem> {
        let is_by_name = self == Self::Open && !is_of_here(headers);
        if self == Self::Open && headers.contains_key(header::FORWARDED) {
            let message = "Requests that come through a proxy or another node from elsewhere are not \
                taken without a token: start the service with --control-token.";
            return Err(Problem::new(StatusCode::FORBIDDEN, message));
        }
        if headers.contains_key(header::ORIGIN) || is_by_name {
            let message = "Requests from pages in a browser are not taken, nor by another name than \
                localhost, 127.0.0.1 or [::1] without a token.";
            return Err(Problem::new(StatusCode::FORBIDDEN, message));
        }
        Ok(())
    }

    fn is_service(self, token: Option<&ControlToken>) -> bool {
        match (self, token) {
            (Self::Open, None) | (Self::Owner, _) => true,
            (Self::Token(own), Some(token)) => own == token.digest(),
            _ => false,
        }
    }
}

/// The token that came along (RFC 6750, section 2.1).
fn token(headers: &HeaderMap) -> Option<ControlToken> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| ControlToken::new(token.trim()))
}

/// Whether a request called us by a name of this machine: a page that has its own name lead here calls us
/// by that.
fn is_of_here(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).map_or(Ok("localhost"), |host| host.to_str());
    let host = host.unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let is_address = name.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback());
    is_address || matches!(name, "localhost" | "[::1]") || name.ends_with(".localhost")
}

fn missing() -> Problem {
    let message = "A control token is wanted, as Authorization: Bearer TOKEN; on the command line \
        --token or GUICHET_CONTROL_TOKEN. A service has one if it was started with --control-token \
        or --worlds.";
    Problem::new(StatusCode::UNAUTHORIZED, message)
}

fn foreign() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "The control token is for something else, or has ended.")
}
