//! Crates made up to have a circle, or to look as if they had one.

use super::*;

/// The circles of a crate of these files.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let read = |path: &Path| {
        let file = files.iter().find(|(name, _)| Path::new(name) == path);
        file.map(|(_, text)| (*text).to_owned())
    };
    circles(Path::new("lib.rs"), &read)
}

fn none(files: &[(&str, &str)]) {
    assert_eq!(found(files), Vec::<String>::new());
}

/// That there is one circle, with all of these arrows.
fn one(files: &[(&str, &str)], arrows: &[&str]) {
    let found = found(files);
    assert_eq!(found.len(), 1, "{found:?}");
    for arrow in arrows {
        assert!(found[0].contains(arrow), "{arrow} in {found:?}");
    }
}

const BOTH: (&str, &str) = ("lib.rs", "mod a; mod b;");

#[test]
fn files_that_need_others_and_are_not_needed_are_fine() {
    none(&[
        BOTH,
        ("a.rs", "use crate::b::B; pub(crate) struct A(B);"),
        ("b.rs", "use std::fmt; pub(crate) struct B;"),
    ]);
}

#[test]
fn two_files_that_import_each_other_are_a_circle() {
    one(
        &[
            BOTH,
            ("a.rs", "use crate::b::B; pub struct A(B);"),
            ("b.rs", "use super::a::A; pub struct B(Box<A>);"),
        ],
        &["a.rs -> b.rs by `crate::b::B`", "b.rs -> a.rs by `super::a::A`"],
    );
}

#[test]
fn a_circle_through_a_nested_group_is_found() {
    one(
        &[
            BOTH,
            ("a.rs", "use crate::{b::{self, inner::{C, D as E}}}; pub struct A(C, E);"),
            ("b.rs", "pub mod inner; pub struct B;"),
            ("b/inner.rs", "use crate::{a::{A}}; pub struct C; pub struct D(Box<A>);"),
        ],
        &["a.rs -> b/inner.rs", "b/inner.rs -> a.rs"],
    );
}

#[test]
fn a_circle_of_three_is_one_circle() {
    one(
        &[
            ("lib.rs", "mod a; mod b; mod c; pub use a::A;"),
            ("a.rs", "use crate::b::B; pub struct A(Box<B>);"),
            ("b.rs", "use crate::c::C; pub struct B(Box<C>);"),
            ("c.rs", "use crate::A; pub struct C(Box<A>);"),
        ],
        &["a.rs -> b.rs", "b.rs -> c.rs", "c.rs -> a.rs by `crate::A`"],
    );
}

#[test]
fn a_parent_that_only_declares_and_hands_on_is_no_circle() {
    none(&[
        ("lib.rs", "pub mod parent;"),
        ("parent.rs", "mod x; mod y; pub use x::X; pub(crate) use y::Y;"),
        ("parent/x.rs", "use super::Y; pub struct X(Y);"),
        ("parent/y.rs", "pub struct Y;"),
    ]);
}

#[test]
fn a_parent_that_its_child_does_not_need_is_no_circle() {
    none(&[
        ("lib.rs", "mod parent;"),
        ("parent.rs", "mod x; use x::X; pub struct P(X); pub const SIZE: usize = x::SIZE;"),
        ("parent/x.rs", "pub struct X; pub const SIZE: usize = 1;"),
    ]);
}

#[test]
fn a_child_that_needs_what_its_parent_defines_is_a_circle() {
    for parent in [
        "mod x; use x::X; pub struct P(X); pub struct Q;",
        "mod x; pub struct P(x::X); pub struct Q;",
        "mod x; pub use x::X; pub struct P(X); pub struct Q;",
        "mod x; pub struct Q; fn p() { println!(\"{:?}\", x::X::new(1)) }",
        "mod x; pub struct Q; fn p() { use x::X; X::new(1); }",
    ] {
        for child in [
            "use super::Q; pub struct X(Q);",
            "pub struct X(super::Q);",
            "use super::*; pub struct X(Q);",
            "use crate::parent; pub struct X(parent::Q);",
            "pub struct X; fn x() { assert!(matches!(1, super::Q { .. })) }",
        ] {
            let files = [("lib.rs", "mod parent;"), ("parent.rs", parent), ("parent/x.rs", child)];
            one(&files, &["parent.rs -> parent/x.rs", "parent/x.rs -> parent.rs"]);
        }
    }
}

#[test]
fn what_a_macro_defines_is_of_the_file_it_is_in() {
    one(
        &[
            BOTH,
            ("a.rs", "use crate::b::B; numbers! { ONE = 1 } fn a(_: B) {}"),
            ("b.rs", "pub struct B; pub const TWO: u8 = 2 * crate::a::ONE;"),
        ],
        &["b.rs -> a.rs by `crate::a::ONE`"],
    );
}

#[test]
fn code_for_unit_tests_is_left_out() {
    none(&[
        ("lib.rs", "mod a; mod b; #[cfg(test)] mod tests;"),
        ("a.rs", "use crate::b::B; pub struct A(B);"),
        (
            "b.rs",
            "pub struct B; #[cfg(test)] use crate::a::A; #[cfg(test)] fn made() -> A { A(B) } \
             #[cfg(test)] mod tests { use crate::a::A; fn is(_: A) {} }",
        ),
    ]);
}

#[test]
fn crates_of_others_are_not_followed() {
    none(&[
        BOTH,
        ("a.rs", "use crate::b; use http::http; pub use b::json; fn a() { json::read(http) }"),
        ("b.rs", "pub use serde_json as json; fn b() { serde::a() }"),
    ]);
}

#[test]
fn modules_in_braces_are_of_their_file() {
    one(
        &[
            ("lib.rs", "mod a { pub mod inner; pub struct A; } use a::inner::I; struct L(I);"),
            ("a/inner.rs", "pub struct I(crate::a::A);"),
        ],
        &["lib.rs -> a/inner.rs", "a/inner.rs -> lib.rs"],
    );
}

#[test]
fn of_many_files_the_shortest_circle_is_shown() {
    one(
        &[
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "use crate::b::B; pub struct A(Box<B>);"),
            ("b.rs", "use crate::c::C; use crate::a::A; pub struct B(Box<C>, Box<A>);"),
            ("c.rs", "use crate::a::A; pub struct C(Box<A>);"),
        ],
        &["a.rs -> b.rs by", "b.rs -> a.rs by", "; 1 more are in circles with these: c.rs"],
    );
}
