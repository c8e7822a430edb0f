//! Where this service is, as far as a client can see: links begin with what the client called it,
//! unless it was configured otherwise.

use std::sync::Arc;

use http::{HeaderMap, header};

/// The scheme and host that links begin with, such as `http://127.0.0.1:8774`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base(pub Arc<str>);

impl Base {
    /// The configured one, or what the request called this service over a connection that was
    /// encrypted or not.
    pub fn of(public_url: Option<&Arc<str>>, is_encrypted: bool, headers: &HeaderMap) -> Self {
        if let Some(url) = public_url {
            return Self(Arc::clone(url));
        }
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = host.filter(|host| is_host(host)).unwrap_or("localhost");
        let scheme = if is_encrypted { "https://" } else { "http://" };
        Self(Arc::from([scheme, host].concat()))
    }

    /// The same with a path that all links begin with.
    pub fn under(self, path: Option<&Arc<str>>) -> Self {
        match path {
            Some(path) => Self(Arc::from([&*self.0, path].concat())),
            None => self,
        }
    }

    /// A link.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

/// A name or address with a port perhaps: nothing that could break out of a link.
fn is_host(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    !text.is_empty() && text.len() <= 255 && text.bytes().all(plain)
}
