//! What a file logs at WARN and above: the text of each `warn!` and `error!` of `tracing`, with `…` for
//! what is put in.
//!
//! Code that is compiled for tests alone is left out.

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, ItemMod, LitStr, Macro, Meta};

/// Macros of these names are looked for.
pub(crate) const LEVELS: [&str; 2] = ["warn", "error"];

/// Level and text of each.
pub(crate) fn of(file: &syn::File) -> Vec<(&'static str, String)> {
    let mut found = Found(Vec::new());
    if !is_test(&file.attrs) {
        found.visit_file(file);
    }
    found.0
}

struct Found(Vec<(&'static str, String)>);

impl<'ast> Visit<'ast> for Found {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_test(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        let path: Vec<String> =
            call.path.segments.iter().map(|part| part.ident.to_string()).collect();
        self.add(&path, &call.tokens);
        self.inside(&call.tokens);
    }
}

impl Found {
    fn add(&mut self, path: &[String], tokens: &TokenStream) {
        let [before @ .., last] = path else { return };
        let is_of_tracing = before.is_empty() || before.last().is_some_and(|it| it == "tracing");
        let level = LEVELS.iter().find(|level| last == *level);
        if let Some(level) = level.filter(|_| is_of_tracing) {
            let text = text(tokens).unwrap_or_else(|| "(a line without a text)".to_owned());
            self.0.push((level, filled(&text)));
        }
    }

    /// Calls in the arguments of other macros, such as `select!`, which are tokens alone.
    fn inside(&mut self, tokens: &TokenStream) {
        let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            let TokenTree::Group(group) = token else { continue };
            if let [TokenTree::Ident(name), TokenTree::Punct(mark)] =
                &tokens[at.saturating_sub(2)..at]
                && mark.as_char() == '!'
            {
                self.add(&[name.to_string()], &group.stream());
            }
            self.inside(&group.stream());
        }
    }
}

/// The argument that is a text by itself and no field's value.
fn text(tokens: &TokenStream) -> Option<String> {
    let mut is_first = true;
    for token in tokens.clone() {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == ',' => is_first = true,
            TokenTree::Literal(literal) if is_first => {
                let text = syn::parse_str::<LitStr>(&literal.to_string()).ok()?;
                return Some(text.value());
            }
            _ => is_first = false,
        }
    }
    None
}

/// A text of a format with `…` for each value.
fn filled(text: &str) -> String {
    let mut filled = String::new();
    let mut is_value = false;
    for letter in text.chars() {
        match letter {
            '{' => {
                is_value = true;
                filled.push('…');
            }
            '}' => is_value = false,
            _ if is_value => {}
            letter => filled.push(letter),
        }
    }
    filled
}

/// Whether it is compiled for tests alone.
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn lines_are_found_wherever_they_are_logged() {
        let file = syn::parse_file(
            r#"
            fn work() {
                tracing::warn!(not_shown, reason = "of its own", "{}: it \
                    broke: {error}", path.display());
                select! { () = told => { error!("in a macro") } _ = rest => {} }
                tracing::info!("not this one");
                if is_bad { tracing::error!(%error, "and {count:>3} more"); }
                output::error!("of another");
            }
            #[cfg(test)]
            mod tests { fn one() { tracing::warn!("of a test"); } }
            "#,
        );
        let found = of(&file.expect("it is Rust"));
        let found: Vec<_> = found.iter().map(|(level, text)| (*level, text.as_str())).collect();
        let expected =
            [("warn", "…: it broke: …"), ("error", "in a macro"), ("error", "and … more")];
        assert_eq!(found, expected);
    }
}
