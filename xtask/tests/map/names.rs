//! Words that were names here once and said too little.

use syn::visit::{self, Visit};

/// Each with what to say instead.
const BANNED: &[(&str, &str)] = &[
    ("crew", "workers"),
    ("aftermath", "what it is: effects, outcome"),
    ("kept", "record"),
    ("told", "what it is: answer, report, notice"),
    ("heard", "received"),
];

/// Types, functions and fields of a file that have such a word for a name, or in it.
pub(crate) fn banned(text: &str) -> syn::Result<Vec<String>> {
    let mut names = Names(Vec::new());
    names.visit_file(&syn::parse_file(text)?);
    Ok(names.0)
}

struct Names(Vec<String>);

impl Names {
    fn look(&mut self, name: &syn::Ident) {
        let name = name.to_string();
        let words = words(&name);
        let found = BANNED.iter().find(|(word, _)| words.iter().any(|known| known == word));
        if let Some((word, instead)) = found {
            self.0.push(format!("{name}: not {word:?}, but {instead}"));
        }
    }
}

/// The words of a name in either case, in small letters.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for letter in name.chars() {
        let is_new = letter == '_' || letter.is_uppercase();
        if is_new && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if letter != '_' {
            words.last_mut().expect("there is one").extend(letter.to_lowercase());
        }
    }
    words
}

impl<'ast> Visit<'ast> for Names {
    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        let name = signature.ident.to_string();
        // A test's name is a sentence.
        if name.matches('_').count() < 4 {
            self.look(&signature.ident);
        }
        visit::visit_signature(self, signature);
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        field.ident.iter().for_each(|name| self.look(name));
        visit::visit_field(self, field);
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.look(&item.ident);
        visit::visit_item_struct(self, item);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.look(&item.ident);
        visit::visit_item_enum(self, item);
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.look(&item.ident);
        visit::visit_item_trait(self, item);
    }

    fn visit_item_type(&mut self, item: &'ast syn::ItemType) {
        self.look(&item.ident);
        visit::visit_item_type(self, item);
    }
}

#[cfg(test)]
mod tests {
    use super::banned;

    #[test]
    fn types_functions_and_fields_are_looked_at() {
        let text = "struct Crew { kept: u8 } trait Aftermath { fn told_of(&self); } fn heard() {} \
                    type KeptRow = u8; enum Told { A }";
        assert_eq!(banned(text).expect("it is Rust").len(), 7);
    }

    #[test]
    fn prose_variables_and_other_words_are_not() {
        let text = "//! What is kept and told.\n fn screw(told: u8) { let kept = \"heard\"; } \
                    #[test] fn whoever_asks_is_told_so_at_once() {}";
        assert_eq!(banned(text).expect("it is Rust"), Vec::<String>::new());
    }
}
