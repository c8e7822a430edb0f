//! What the nodes of one cloud know each other by: each node draws one when it starts, and writes it into
//! the database when it leads. Who reads it there is a node.

pub use guichet_cloud::data::Credential;
use guichet_core::hex::Hex;
use http::HeaderValue;
use subtle::ConstantTimeEq as _;

/// Bytes of a credential: nobody guesses them.
const BYTES: usize = 32;

/// Draws one.
///
/// # Errors
/// The system gives no random bytes.
pub fn draw() -> Result<Credential, getrandom::Error> {
    let mut bytes = [0_u8; BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(Credential::new(&Hex(&bytes).to_string()))
}

/// Whether a request has this one with it. How long it takes says nothing of how much of a guess was right.
pub(crate) fn is(own: &Credential, given: &HeaderValue) -> bool {
    let text = own.text();
    !text.is_empty() && bool::from(text.as_bytes().ct_eq(given.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_itself_alone_and_never_shown() {
        let (one, other) = (draw().unwrap(), draw().unwrap());
        let header = |credential: &Credential| HeaderValue::from_str(credential.text()).unwrap();
        assert!(is(&one, &header(&one)));
        assert!(!is(&one, &header(&other)));
        assert!(!is(&one, &HeaderValue::from_static("")));
        assert!(!is(&Credential::new(""), &HeaderValue::from_static("")));
        assert!(!format!("{one:?}").contains(one.text()));
    }
}
