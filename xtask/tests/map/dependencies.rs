//! Which crate of ours may depend on which. This table is the map; ARCHITECTURE.md says why.

/// How one crate depends on another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// What is shipped, and how it is built.
    Normal,
    /// The same, behind a feature.
    Optional,
    /// Tests alone.
    Dev,
}

/// A crate of the workspace.
#[derive(Debug, Clone)]
pub(crate) struct Crate {
    pub(crate) name: String,
    /// What it depends on, others' crates too.
    pub(crate) dependencies: Vec<(String, Kind)>,
}

/// A row of the map.
struct Allowed {
    name: &'static str,
    /// What it may depend on of ours.
    normal: &'static [&'static str],
    /// What its tests may use beside that. Store and driver depend on themselves for their
    /// feature `contract`.
    dev: &'static [&'static str],
}

const fn row(
    name: &'static str,
    normal: &'static [&'static str],
    dev: &'static [&'static str],
) -> Allowed {
    Allowed { name, normal, dev }
}

/// The map, from the ground up. A crate whose name does not begin so is not ours.
const PREFIX: &str = "guichet";

const MAP: &[Allowed] = &[
    row("guichet-core", &[], &[]),
    row("guichet-clock", &["guichet-core"], &[]),
    row("guichet-driver", &["guichet-core", "guichet-clock"], &["guichet-driver"]),
    row("guichet-store", &["guichet-core"], &["guichet-clock", "guichet-scratch", "guichet-store"]),
    row(
        "guichet-engine",
        &["guichet-core", "guichet-clock", "guichet-driver", "guichet-store"],
        &[],
    ),
    row(
        "guichet-cloud",
        &["guichet-core", "guichet-clock", "guichet-driver", "guichet-store", "guichet-engine"],
        &[],
    ),
    row("guichet-http", &["guichet-core", "guichet-clock"], &[]),
    row(
        "guichet-openstack",
        &["guichet-core", "guichet-cloud", "guichet-http"],
        &["guichet-clock", "guichet-driver", "guichet-store", "guichet-engine"],
    ),
    row("guichet-locale", &[], &[]),
    row(
        "guichet-console",
        &["guichet-core", "guichet-cloud", "guichet-http", "guichet-openstack", "guichet-locale"],
        &["guichet-driver"],
    ),
    row(
        "guichet-observe",
        &["guichet-core", "guichet-clock", "guichet-store", "guichet-cloud", "guichet-http"],
        &[],
    ),
    row(
        "guichet-otlp",
        &["guichet-core", "guichet-clock", "guichet-store", "guichet-cloud", "guichet-http"],
        &["guichet-driver", "guichet-control"],
    ),
    row(
        "guichet-control",
        &[
            "guichet-core",
            "guichet-clock",
            "guichet-cloud",
            "guichet-http",
            "guichet-observe",
            "guichet-openstack",
            "guichet-console",
        ],
        &["guichet-driver", "guichet-engine"],
    ),
    row(
        "guichet-node",
        &["guichet-core", "guichet-clock", "guichet-cloud", "guichet-http", "guichet-control"],
        &[],
    ),
    row(
        "guichet-testing",
        &[
            "guichet-core",
            "guichet-driver",
            "guichet-cloud",
            "guichet-http",
            "guichet-openstack",
            "guichet-control",
        ],
        &["guichet-clock"],
    ),
    row("guichet-view", &["guichet-locale"], &[]),
    row("guichet-check", &["guichet-core", "guichet-clock", "guichet-locale", "guichet-view"], &[]),
    row("guichet-race", &["guichet-core", "guichet-locale", "guichet-view"], &[]),
    row(
        "guichet-lab",
        &[
            "guichet-core",
            "guichet-clock",
            "guichet-driver",
            "guichet-store",
            "guichet-engine",
            "guichet-cloud",
            "guichet-locale",
            "guichet-view",
        ],
        &[],
    ),
    row(
        "guichet",
        &[
            "guichet-core",
            "guichet-clock",
            "guichet-driver",
            "guichet-store",
            "guichet-engine",
            "guichet-cloud",
            "guichet-http",
            "guichet-observe",
            "guichet-openstack",
            "guichet-console",
            "guichet-control",
            "guichet-node",
            "guichet-otlp",
            "guichet-locale",
            "guichet-view",
            "guichet-race",
            "guichet-check",
            "guichet-lab",
        ],
        &["guichet-scratch"],
    ),
    row("guichet-wire", &[], &[]),
    row("guichet-scratch", &[], &[]),
    row(
        "guichet-benches",
        &[
            "guichet-core",
            "guichet-clock",
            "guichet-driver",
            "guichet-store",
            "guichet-engine",
            "guichet-cloud",
            "guichet-http",
            "guichet-openstack",
            "guichet-observe",
            "guichet-control",
            "guichet-lab",
            "guichet-scratch",
            "guichet-wire",
        ],
        &[],
    ),
    row("guichet-browser", &["guichet-locale", "guichet-view"], &[]),
    row(
        "guichet-crash",
        &["guichet-core", "guichet-clock", "guichet-engine", "guichet-scratch", "guichet-wire"],
        &[],
    ),
    // They show what a program imports: one crate.
    row("guichet-examples", &["guichet"], &[]),
    // A student's solutions: the standard library is all they use.
    row("guichet-tp", &[], &[]),
    row("xtask", &["guichet-core"], &[]),
];

/// Every dependency that the map does not have, and every crate.
pub(crate) fn strangers(crates: &[Crate]) -> Vec<String> {
    let mut problems = Vec::new();
    for Crate { name, dependencies } in crates {
        let Some(allowed) = MAP.iter().find(|row| row.name == name) else {
            problems.push(format!("{name} is not on the map"));
            continue;
        };
        for (other, kind) in dependencies.iter().filter(|(other, _)| other.starts_with(PREFIX)) {
            let is_normal = allowed.normal.contains(&other.as_str());
            let is_dev = *kind == Kind::Dev && allowed.dev.contains(&other.as_str());
            if !is_normal && !is_dev {
                let tests = if *kind == Kind::Dev { " in tests" } else { "" };
                problems.push(format!("{name} depends on {other}{tests}"));
            }
        }
    }
    problems
}

/// What the library `guichet` depends on without any feature. Whoever embeds the manager builds
/// nothing of the program.
const LIBRARY: &[&str] = &[
    "async-trait",
    "guichet-clock",
    "guichet-core",
    "guichet-driver",
    "guichet-engine",
    "guichet-store",
    "tokio",
];

/// What else the library depends on without any feature.
pub(crate) fn burdens(crates: &[Crate]) -> Vec<String> {
    let library = crates.iter().filter(|known| known.name == "guichet");
    let dependencies = library.flat_map(|library| &library.dependencies);
    let normal = dependencies.filter(|(_, kind)| *kind == Kind::Normal);
    let more = normal.filter(|(name, _)| !LIBRARY.contains(&name.as_str()));
    more.map(|(name, _)| format!("the library needs {name}: make it part of the feature `cli`"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Crates that depend on all that the map lets them.
    fn mapped() -> Vec<Crate> {
        let of = |row: &Allowed| {
            let normal = row.normal.iter().map(|name| ((*name).to_owned(), Kind::Normal));
            let dev = row.dev.iter().map(|name| ((*name).to_owned(), Kind::Dev));
            Crate { name: row.name.to_owned(), dependencies: normal.chain(dev).collect() }
        };
        MAP.iter().map(of).collect()
    }

    #[test]
    fn the_map_itself_is_fine_and_those_of_others_are_no_matter() {
        let mut crates = mapped();
        assert_eq!(strangers(&crates), Vec::<String>::new());
        crates[0].dependencies.push(("serde".to_owned(), Kind::Normal));
        assert_eq!(strangers(&crates), Vec::<String>::new());
    }

    #[test]
    fn every_arrow_that_is_added_is_found() {
        let names: Vec<&str> = MAP.iter().map(|row| row.name).collect();
        for (n, row) in MAP.iter().enumerate() {
            for other in names.iter().filter(|name| name.starts_with(PREFIX)) {
                if row.normal.contains(other) {
                    continue;
                }
                let mut crates = mapped();
                crates[n].dependencies.push(((*other).to_owned(), Kind::Normal));
                let found = strangers(&crates);
                assert_eq!(found, [format!("{} depends on {other}", row.name)]);
            }
        }
    }

    #[test]
    fn tests_may_use_more_but_not_all() {
        let mut crates = mapped();
        crates[0].dependencies.push(("guichet-store".to_owned(), Kind::Dev));
        assert_eq!(strangers(&crates), ["guichet-core depends on guichet-store in tests"]);
    }

    #[test]
    fn a_crate_that_is_not_on_the_map_is_found() {
        let stranger = Crate { name: "guichet-new".to_owned(), dependencies: Vec::new() };
        assert_eq!(strangers(&[stranger]), ["guichet-new is not on the map"]);
    }

    #[test]
    fn the_map_has_no_circle() {
        // Each row stands below those that it depends on.
        for (n, row) in MAP.iter().enumerate() {
            for other in row.normal {
                let above = MAP[..n].iter().any(|row| row.name == *other);
                assert!(above, "{}: {other} stands below it", row.name);
            }
        }
    }

    #[test]
    fn what_the_library_needs_without_a_feature_is_found() {
        let needs = |kind| {
            let dependencies = vec![("tokio".to_owned(), Kind::Normal), ("clap".to_owned(), kind)];
            burdens(&[Crate { name: "guichet".to_owned(), dependencies }])
        };
        assert_eq!(
            needs(Kind::Normal),
            ["the library needs clap: make it part of the feature `cli`"]
        );
        assert_eq!(needs(Kind::Optional), Vec::<String>::new());
        assert_eq!(needs(Kind::Dev), Vec::<String>::new());
    }
}
