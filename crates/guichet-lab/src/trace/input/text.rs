//! Bytes as lines of text, before anything is read into them.

use guichet_core::limits;
use guichet_locale::{Message, text};

use super::InputError;

/// The bytes as text, without a byte order mark. A NUL byte is no text either, and no line may be
/// longer than [`limits::INPUT_LINE_MAX`].
pub(crate) fn text_of<'a>(bytes: &'a [u8], file: &str) -> Result<&'a str, InputError> {
    let sound = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    let nul = bytes.iter().take(sound).position(|byte| *byte == 0);
    let end = nul.unwrap_or(sound);
    if let Some(byte) = bytes.get(end) {
        let before = &bytes[..end];
        return Err(InputError::NotText {
            file: file.to_owned(),
            line: 1 + line_ends(before),
            column: column_after(before),
            byte: *byte,
            hint: hint(bytes),
        });
    }
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    check_lines(text, file)?;
    Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text))
}

/// What bytes look like that are no text.
fn hint(bytes: &[u8]) -> Option<Message> {
    match bytes {
        [0x1F, 0x8B, ..] => Some(Message::new(|locale| text!(locale, "input-hint-compressed"))),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => {
            Some(Message::new(|locale| text!(locale, "input-hint-utf16")))
        }
        _ => None,
    }
}

/// Which byte of its line, from 1, comes after these.
fn column_after(bytes: &[u8]) -> u64 {
    let line = bytes.iter().rev().take_while(|byte| **byte != b'\n');
    1 + line.count() as u64
}

/// Line ends: LF, CRLF, or CR alone, as the reader takes them.
pub(super) fn line_ends(bytes: &[u8]) -> u64 {
    let mut ends = 0;
    let mut previous = 0;
    for byte in bytes {
        match byte {
            b'\n' if previous == b'\r' => {}
            b'\n' | b'\r' => ends += 1,
            _ => {}
        }
        previous = *byte;
    }
    ends
}

fn check_lines(text: &str, file: &str) -> Result<(), InputError> {
    let mut lines = text.lines().enumerate();
    match lines.find(|(_, line)| line.len() > limits::INPUT_LINE_MAX) {
        None => Ok(()),
        Some((before, line)) => Err(InputError::LongLine {
            file: file.to_owned(),
            line: before as u64 + 1,
            length: line.len() as u64,
            limit: limits::INPUT_LINE_MAX as u64,
        }),
    }
}
