//! Which trace a request belongs to, as its header says (W3C Trace Context, section 3.2).

use std::fmt;
use std::time::Duration;

use guichet_core::ids::RequestId;
use http::{HeaderMap, Method};

/// The header.
const HEADER: &str = "traceparent";

/// The trace that a request belongs to, and the span of it that the client sent it in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceParent {
    /// The trace; never 0.
    pub trace: u128,
    /// The span; never 0.
    pub span: u64,
    /// Whether the client writes its own spans down.
    pub is_sampled: bool,
}

impl TraceParent {
    /// What the header says. One that is there twice or is malformed is as if there were none: so the
    /// specification has it.
    pub fn read(headers: &HeaderMap) -> Option<Self> {
        let mut all = headers.get_all(HEADER).iter();
        let value = all.next()?.to_str().ok()?;
        if all.next().is_some() {
            return None;
        }
        Self::parse(value)
    }

    fn parse(value: &str) -> Option<Self> {
        let mut fields = value.split('-');
        let version = digits(fields.next()?, 2)?;
        let trace = digits(fields.next()?, 32)?;
        let span = u64::try_from(digits(fields.next()?, 16)?).ok()?;
        let flags = digits(fields.next()?, 2)?;
        // A later version may have more fields, this one has none.
        let is_known = version != 0xff && (version > 0 || fields.next().is_none());
        let is_whole = is_known && trace != 0 && span != 0;
        is_whole.then_some(Self { trace, span, is_sampled: flags & 1 == 1 })
    }
}

/// So many lower-case hexadecimal digits.
fn digits(text: &str, count: usize) -> Option<u128> {
    let is_hex = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
    let is_whole = text.len() == count && text.bytes().all(is_hex);
    is_whole.then(|| u128::from_str_radix(text, 16).ok())?
}

/// A request that was answered.
#[derive(Debug)]
pub struct Answered<'a> {
    /// Its id.
    pub request: RequestId,
    /// The trace that its client had it belong to.
    pub parent: Option<TraceParent>,
    /// Its method.
    pub method: &'a Method,
    /// The route that it came to, if it came to one.
    pub route: Option<&'a str>,
    /// The status of the answer.
    pub status: u16,
    /// How long the answer took to begin: until now.
    pub took: Duration,
}

/// Who writes traces. Called on the way of a request: nothing in it waits.
pub trait Tracer: fmt::Debug + Send + Sync {
    /// A request belongs to its client's trace: called before anything is done for it.
    fn begin(&self, request: RequestId, parent: TraceParent);

    /// A request was answered.
    fn answered(&self, answered: &Answered<'_>);
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    const SOUND: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn read(values: &[&str]) -> Option<TraceParent> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(HEADER, HeaderValue::from_str(value).expect("a header's text"));
        }
        TraceParent::read(&headers)
    }

    #[test]
    fn a_header_names_the_trace_and_the_clients_span() {
        let expected = TraceParent {
            trace: 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736,
            span: 0x00f0_67aa_0ba9_02b7,
            is_sampled: true,
        };
        assert_eq!(read(&[SOUND]), Some(expected));
        let unsampled = SOUND.replace("-01", "-02");
        assert_eq!(read(&[&unsampled]), Some(TraceParent { is_sampled: false, ..expected }));
        let later = format!("{}-more", SOUND.replacen("00", "cc", 1));
        assert_eq!(read(&[&later]), Some(expected));
    }

    #[test]
    fn what_is_malformed_is_as_if_there_were_none() {
        let none = [
            SOUND.to_uppercase(),
            SOUND.replacen("00", "ff", 1),
            format!("{SOUND}-more"),
            SOUND.replace("4bf92f3577b34da6a3ce929d0e0e4736", &"0".repeat(32)),
            SOUND.replace("00f067aa0ba902b7", &"0".repeat(16)),
            SOUND.replace("-01", ""),
            SOUND.replace("4bf9", "+bf9"),
            String::new(),
        ];
        for value in none {
            assert_eq!(read(&[&value]), None, "{value}");
        }
        assert_eq!(read(&[SOUND, SOUND]), None);
        assert_eq!(read(&[]), None);
    }

    proptest! {
        #[test]
        fn nothing_is_too_strange(text in "\\PC{0,80}") {
            let _ = TraceParent::parse(&text);
        }

        #[test]
        fn what_is_written_is_read(trace in 1u128.., span in 1u64.., is_sampled: bool) {
            let text = format!("00-{trace:032x}-{span:016x}-{:02x}", u8::from(is_sampled));
            prop_assert_eq!(TraceParent::parse(&text), Some(TraceParent { trace, span, is_sampled }));
        }
    }
}
