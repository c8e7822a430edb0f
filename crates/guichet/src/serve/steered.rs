//! The worlds of the service, and who may steer them.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use guichet_cloud::Cloud;
use guichet_cloud::config::{Declared, Drawn};
use guichet_cloud::worlds::{Blueprint, ControlToken, Worlds};
use guichet_control::access::Access;
use guichet_core::limits;
use guichet_driver::profile::Profile;

use crate::cli::{ServeArgs, directory_of};

/// What there is to steer, by whom, and what is said of it once the service listens.
pub(super) struct Steered {
    pub(super) worlds: Arc<Worlds>,
    pub(super) access: Access,
    pub(super) greeting: String,
}

/// Refuses a token that is none before anything begins: a node that follows would end when it comes to lead.
pub(super) fn guard(args: &ServeArgs) -> anyhow::Result<()> {
    args.control_token.as_deref().map(given).transpose().map(drop)
}

/// A token that was chosen: one that nobody guesses, and that a header can carry.
fn given(token: &str) -> anyhow::Result<ControlToken> {
    let is_sound = token.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_sound || token.len() < limits::CONTROL_TOKEN_MIN || token.len() > limits::NAME_MAX {
        bail!(
            "--control-token: expected {} to {} printable ASCII characters without blanks",
            limits::CONTROL_TOKEN_MIN,
            limits::NAME_MAX
        );
    }
    Ok(ControlToken::new(token))
}

/// The worlds around the service's own cloud. `declared` and `profile` are what that was opened with. Of
/// several cells the first alone has worlds beside it.
pub(super) fn steered(
    (args, address): (&ServeArgs, SocketAddr),
    has_worlds: bool,
    cloud: &Arc<Cloud>,
    (mut declared, profile): (Declared, Profile),
    drawn: &Drawn,
) -> anyhow::Result<Steered> {
    let by_default = if args.cloud.dev { limits::WORLDS_MAX } else { 0 };
    let most = args.worlds.map_or(by_default, |worlds| worlds as usize);
    let most = if has_worlds { most } else { 0 };
    let is_open = args.cloud.dev && address.ip().is_loopback() && args.control_token.is_none();
    let mut greeting = String::new();
    let access = match &args.control_token {
        Some(token) => Access::by(&given(token)?),
        None if is_open => Access::Open,
        None => {
            let token = ControlToken::draw().context("no random bytes")?;
            if most > 0 {
                greeting =
                    format!("  control token {} (drawn now, shown only here)\n", token.text());
            }
            Access::by(&token)
        }
    };
    if is_open || args.control_token.is_some() || most > 0 {
        declared.set_passwords(drawn);
    } else {
        // Nobody can ask for another cloud of it: its passwords need not be known any longer.
        declared.users.iter_mut().for_each(|user| user.password = None);
    }
    let (seed, is_stored) = (args.seed, args.data.is_some());
    let snapshots = directory_of(args.data.as_deref()).map(|dir| dir.join("snapshots"));
    let blueprint = Blueprint { declared, profile, seed, is_stored, snapshots };
    let worlds = Arc::new(Worlds::new(Arc::clone(cloud), blueprint, most));
    Ok(Steered { worlds, access, greeting })
}
