//! The only domain: users and projects are in it, and nobody has a role in the domain itself.

/// The id of the only domain: libcloud sends it whatever one configures.
pub(crate) const DOMAIN_ID: &str = "default";
/// The name of the only domain.
pub(crate) const DOMAIN_NAME: &str = "Default";
