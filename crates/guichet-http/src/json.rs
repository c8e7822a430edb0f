//! JSON straight into an answer's buffer: what `serde_json` writes, byte by byte the same, in about
//! four fifths of the time.
//!
//! An answer is names, ids, dates and addresses: texts in which there is nothing to escape. This
//! looks at eight bytes of them at a time, and copies; `serde_json` looks at each. All else, and a
//! text that does have something to escape, it leaves to `serde_json`.

mod object;

use std::borrow::Cow;
use std::fmt::{self, Write};

pub use object::{Again, Name, Object, name};
use serde::ser::{self, Serialize, Serializer};
use serde_json::{Error, Result, to_writer};

/// Writes a value behind what is in the buffer.
///
/// # Errors
/// What the value says.
pub fn write(out: &mut Vec<u8>, value: &impl Serialize) -> Result<()> {
    value.serialize(Json(out))
}

/// A text as it stands in JSON between its quotes.
pub fn inside(text: &str) -> Cow<'_, str> {
    if is_plain(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    let written = serde_json::Value::from(text).to_string();
    Cow::Owned(written[1..written.len() - 1].to_owned())
}

/// The serializer: it writes one value behind what is in the buffer.
struct Json<'a>(&'a mut Vec<u8>);

/// Whether a text stands in JSON as it is, with nothing to escape.
#[inline]
fn is_plain(text: &[u8]) -> bool {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const TOP: u64 = EACH << 7;
    // Eight bytes are compared as one word: a byte is below n if taking n from it borrows, and it is
    // a letter if XOR with that leaves zero.
    let has_below = |word: u64, n: u64| word.wrapping_sub(EACH * n) & !word & TOP != 0;
    let plain = |bytes: &[u8; 8]| {
        let word = u64::from_le_bytes(*bytes);
        let is = |letter: u8| has_below(word ^ (EACH * u64::from(letter)), 1);
        !(has_below(word, 0x20) | is(b'"') | is(b'\\'))
    };
    match (text.last_chunk(), text.first_chunk::<4>(), text.last_chunk::<4>()) {
        // The last ones overlap those before.
        (Some(last), ..) => text.as_chunks().0.iter().all(plain) && plain(last),
        (None, Some([a, b, c, d]), Some([e, f, g, h])) => plain(&[*a, *b, *c, *d, *e, *f, *g, *h]),
        _ => text.iter().all(|byte| !matches!(byte, ..0x20 | b'"' | b'\\')),
    }
}

fn write_text(out: &mut Vec<u8>, text: &str) -> Result<()> {
    if !is_plain(text.as_bytes()) {
        return to_writer(out, text);
    }
    out.reserve(text.len() + 2);
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
    Ok(())
}

/// The inside of one text that comes in pieces, as [`Write`] brings it.
struct Pieces<'a>(&'a mut Vec<u8>);

impl Write for Pieces<'_> {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        if is_plain(piece.as_bytes()) {
            self.0.extend_from_slice(piece.as_bytes());
            return Ok(());
        }
        let from = self.0.len();
        to_writer(&mut *self.0, piece).map_err(|_| fmt::Error)?;
        // It was written as a text of its own: its quotes are taken out again.
        self.0.pop();
        self.0.remove(from);
        Ok(())
    }
}

/// Values of a list or an object, one after the other.
struct Many<'a> {
    out: &'a mut Vec<u8>,
    is_first: bool,
    close: &'static [u8],
}

impl<'a> Many<'a> {
    fn open(out: &'a mut Vec<u8>, open: &'static [u8], close: &'static [u8]) -> Self {
        out.extend_from_slice(open);
        Self { out, is_first: true, close }
    }

    #[inline]
    fn next(&mut self) {
        if !std::mem::take(&mut self.is_first) {
            self.out.push(b',');
        }
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.next();
        value.serialize(Json(self.out))
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<()> {
        self.next();
        write_text(self.out, name)?;
        self.out.push(b':');
        value.serialize(Json(self.out))
    }

    #[inline]
    fn close(self) {
        self.out.extend_from_slice(self.close);
    }
}

/// Scalars that are written no better than `serde_json` does it.
macro_rules! by_serde_json {
    ($($method:ident: $type:ty),* $(,)?) => {
        $( fn $method(self, value: $type) -> Result<()> { to_writer(self.0, &value) } )*
    };
}

impl<'a> Serializer for Json<'a> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Many<'a>;
    type SerializeTuple = Many<'a>;
    type SerializeTupleStruct = Many<'a>;
    type SerializeTupleVariant = Many<'a>;
    type SerializeMap = Many<'a>;
    type SerializeStruct = Many<'a>;
    type SerializeStructVariant = Many<'a>;

    by_serde_json! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_i128: i128, serialize_u8: u8, serialize_u16: u16, serialize_u32: u32,
        serialize_u64: u64, serialize_u128: u128, serialize_f32: f32, serialize_f64: f64,
        serialize_char: char, serialize_bytes: &[u8],
    }

    fn serialize_bool(self, value: bool) -> Result<()> {
        self.0.extend_from_slice(if value { b"true" } else { b"false" });
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Result<()> {
        write_text(self.0, text)
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<()> {
        self.0.push(b'"');
        write!(Pieces(self.0), "{value}").map_err(ser::Error::custom)?;
        self.0.push(b'"');
        Ok(())
    }

    fn serialize_none(self) -> Result<()> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<()> {
        self.0.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<()> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &str, _: u32, variant: &'static str) -> Result<()> {
        write_text(self.0, variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &str, value: &T) -> Result<()> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<()> {
        let mut many = Many::open(self.0, b"{", b"}");
        many.field(variant, value)?;
        many.close();
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Many<'a>> {
        Ok(Many::open(self.0, b"[", b"]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Many<'a>> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Many<'a>> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Many<'a>> {
        self.0.push(b'{');
        write_text(self.0, variant)?;
        Ok(Many::open(self.0, b":[", b"]}"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Many<'a>> {
        Ok(Many::open(self.0, b"{", b"}"))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Many<'a>> {
        self.serialize_map(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Many<'a>> {
        self.0.push(b'{');
        write_text(self.0, variant)?;
        Ok(Many::open(self.0, b":{", b"}}"))
    }
}

/// A list, by whichever of its names serde calls it.
macro_rules! lists {
    ($($kind:ident: $method:ident),*) => { $(
        impl ser::$kind for Many<'_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
                self.item(value)
            }

            #[inline]
            fn end(self) -> Result<()> {
                self.close();
                Ok(())
            }
        }
    )* };
}

lists!(
    SerializeSeq: serialize_element,
    SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field,
    SerializeTupleVariant: serialize_field
);

/// An object whose names are known.
macro_rules! objects {
    ($($kind:ident),*) => { $(
        impl ser::$kind for Many<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<()> {
                self.field(name, value)
            }

            #[inline]
            fn end(self) -> Result<()> {
                self.close();
                Ok(())
            }
        }
    )* };
}

objects!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Many<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, name: &T) -> Result<()> {
        self.next();
        let from = self.out.len();
        name.serialize(Json(self.out))?;
        // A number as a name is a text there.
        if self.out.get(from) != Some(&b'"') {
            self.out.insert(from, b'"');
            self.out.push(b'"');
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.out.push(b':');
        value.serialize(Json(self.out))
    }

    #[inline]
    fn end(self) -> Result<()> {
        self.close();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
