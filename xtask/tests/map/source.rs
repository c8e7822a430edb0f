//! One file: the modules in it, what they define, what they import, what they name.
//!
//! Code that is compiled for unit tests alone (`#[cfg(test)]`) is left out.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, Meta, UseTree, Visibility};

/// A path by its segments.
pub(crate) type Path = Vec<String>;

/// One name that a `use` brings in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Import {
    pub(crate) path: Path,
    /// The name it has here; none if it is `_` or if all is imported.
    pub(crate) name: Option<String>,
    /// `path::*`.
    pub(crate) is_glob: bool,
    /// Whether others may import it from here.
    pub(crate) is_public: bool,
}

/// A module in a file: the file's own, or one in braces.
#[derive(Debug, Default)]
pub(crate) struct Module {
    /// Modules whose code is in files of their own.
    pub(crate) declared: Vec<String>,
    pub(crate) inline: Vec<(String, Module)>,
    /// Names of items.
    pub(crate) defined: BTreeSet<String>,
    pub(crate) imports: Vec<Import>,
    /// Every path that the code names, in macros too.
    pub(crate) paths: BTreeSet<Path>,
}

/// Reads a file.
pub(crate) fn parse(text: &str) -> syn::Result<Module> {
    let file = syn::parse_file(text)?;
    let mut module = Module::default();
    if !is_test(&file.attrs) {
        module.collect(&file.items);
    }
    Ok(module)
}

impl Module {
    fn collect(&mut self, items: &[Item]) {
        for item in items.iter().filter(|item| !is_test(attributes(item))) {
            match item {
                Item::Mod(module) => match &module.content {
                    None => self.declared.push(module.ident.to_string()),
                    Some((_, items)) => {
                        let mut inner = Self::default();
                        inner.collect(items);
                        self.inline.push((module.ident.to_string(), inner));
                    }
                },
                Item::Use(item) => self.import(item),
                item => {
                    self.defined.extend(name(item));
                    Code(self).visit_item(item);
                }
            }
        }
    }

    fn import(&mut self, item: &syn::ItemUse) {
        let is_public = !matches!(item.vis, Visibility::Inherited);
        if item.leading_colon.is_none() {
            tree(&item.tree, &mut Vec::new(), is_public, &mut self.imports);
        }
    }
}

/// Spells a tree of imports out.
fn tree(part: &UseTree, before: &mut Path, is_public: bool, imports: &mut Vec<Import>) {
    let mut add = |last: Option<String>, name: Option<String>| {
        let is_glob = last.is_none();
        // `a::{self}` is `a`.
        let last = last.filter(|last| last != "self" || before.is_empty());
        let path: Path = before.iter().cloned().chain(last).collect();
        let name = if name.as_deref() == Some("self") { path.last().cloned() } else { name };
        imports.push(Import { path, name, is_glob, is_public });
    };
    match part {
        UseTree::Path(path) => {
            before.push(path.ident.to_string());
            tree(&path.tree, before, is_public, imports);
            before.pop();
        }
        UseTree::Name(name) => add(Some(name.ident.to_string()), Some(name.ident.to_string())),
        UseTree::Rename(rename) => {
            let name = rename.rename.to_string();
            add(Some(rename.ident.to_string()), (name != "_").then_some(name));
        }
        UseTree::Glob(_) => add(None, None),
        UseTree::Group(group) => {
            for part in &group.items {
                tree(part, before, is_public, imports);
            }
        }
    }
}

/// Gathers what the code of an item names.
struct Code<'a>(&'a mut Module);

impl<'ast> Visit<'ast> for Code<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_test(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if !is_test(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    /// Inside a function.
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.0.import(item);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            let segments = path.segments.iter().map(|segment| segment.ident.to_string());
            self.0.paths.insert(segments.collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, invocation: &'ast syn::Macro) {
        visit::visit_macro(self, invocation);
        tokens(invocation.tokens.clone(), &mut self.0.paths);
    }

    fn visit_meta_list(&mut self, list: &'ast syn::MetaList) {
        visit::visit_meta_list(self, list);
        tokens(list.tokens.clone(), &mut self.0.paths);
    }
}

/// Paths among tokens that nobody parsed: names with `::` between them.
fn tokens(stream: TokenStream, paths: &mut BTreeSet<Path>) {
    let mut path = Path::new();
    let mut colons = 0;
    for token in stream {
        match token {
            TokenTree::Ident(ident) => {
                if colons != 2 {
                    paths.insert(std::mem::take(&mut path));
                }
                path.push(ident.to_string());
                colons = 0;
            }
            TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
            other => {
                paths.insert(std::mem::take(&mut path));
                colons = 0;
                if let TokenTree::Group(group) = other {
                    tokens(group.stream(), paths);
                }
            }
        }
    }
    paths.insert(path);
}

/// Whether something is compiled for unit tests alone.
pub(crate) fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => {
            let text = list.tokens.to_string().replace(' ', "");
            text == "test" || text.starts_with("all(test,") || text.starts_with("all(test)")
        }
        _ => false,
    })
}

/// The attributes of an item.
pub(crate) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// The name of an item that has one.
fn name(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}
