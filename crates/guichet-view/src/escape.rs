//! Escaping: text that must stay text inside a script or a chart's label.

/// JSON that may stand inside a `<script>`: no tag can end it or begin in it, and the two line
/// ends that JSON allows and older scripts do not are written as escapes. It parses to the same.
pub(crate) fn json_in_script(json: &str) -> String {
    let mut text = String::with_capacity(json.len() + json.len() / 64);
    for letter in json.chars() {
        match letter {
            '<' => text.push_str("\\u003c"),
            '>' => text.push_str("\\u003e"),
            '&' => text.push_str("\\u0026"),
            '\u{2028}' => text.push_str("\\u2028"),
            '\u{2029}' => text.push_str("\\u2029"),
            other => text.push(other),
        }
    }
    text
}

/// Text for a chart's names and labels, which may hold a few tags: so none of it is one.
pub(crate) fn in_chart(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::{in_chart, json_in_script};

    #[test]
    fn no_json_ends_its_script() {
        let value = serde_json::json!({ "a": "</script><!-- <script> & \u{2028}\u{2029} é" });
        let text = json_in_script(&value.to_string());
        for forbidden in ["<", ">", "&", "\u{2028}", "\u{2029}"] {
            assert!(!text.contains(forbidden), "{forbidden:?} in {text}");
        }
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }

    #[test]
    fn no_label_is_a_tag() {
        assert_eq!(in_chart("<b>a</b> & b"), "&lt;b&gt;a&lt;/b&gt; &amp; b");
    }
}
