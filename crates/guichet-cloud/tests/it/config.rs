//! Configurations: what is embedded, what a file changes, and what a mistake is told.

use std::num::NonZeroU32;
use std::path::Path;

use guichet_clock::WorldClock;
use guichet_cloud::accounts::Role;
use guichet_cloud::config::{ConfigError, Declared, Rates};
use guichet_core::limits;
use guichet_driver::DriverRegistry;
use proptest::prelude::*;

/// Each mistake with its place and what the message must say.
const MISTAKES: &[(&str, &str, &[&str])] = &[
    ("x = 1", "1:1", &["unknown field `x`", "`region`", "`network`", "\n  | x = 1\n  | ^"]),
    ("worker = 1", "1:1", &["unknown field `worker`; did you mean `workers`? Expected one of"]),
    (
        "[[user]]\nname = 'a'\npasword = 'hunter2'",
        "3:1",
        &["mean `password`?", "\n  | pasword = …\n  | ^"],
    ),
    ("region = 3", "1:10", &["integer `3`", "expected a string"]),
    ("region = ' '", "1:10", &["`region` is no name", "1 to 255 characters"]),
    ("zone = \"a\\u0007\"", "1:8", &["`zone` is no name", "no control characters"]),
    ("\ndriver = 'libvrt'", "2:10", &["there is no driver `libvrt`", "expected one of: simulated"]),
    ("driver = 3", "1:10", &["integer `3`", "expected a string"]),
    ("workers = 0", "1:11", &["`workers` is 0, expected 1 to 4096"]),
    ("\nworkers = -1", "2:11", &["`-1`", "a whole number from 0"]),
    ("queue = 1_000_001", "1:9", &["`queue` is 1000001, expected 1 to 1000000"]),
    ("queue = 'all'", "1:9", &["string \"all\"", "a whole number from 0"]),
    ("servers_max = 1_000_001", "1:15", &["expected 1 to 1000000"]),
    ("quota = 3", "1:9", &["a table with `instances`, `cores`, `ram_mib`"]),
    ("[quota]\ninstances = -1", "2:13", &["`-1`", "from 0 to 2147483647, or \"unlimited\""]),
    ("[quota]\ncores = 'many'", "2:9", &["\"many\"", "or \"unlimited\""]),
    ("[quota]\nram = 3", "2:1", &["unknown field `ram`", "`ram_mib`"]),
    ("[limits]\ncompute_per_s = 0", "2:17", &["`0`", "from 1 to"]),
    ("[limits]\nper_min = 5", "2:1", &["unknown field `per_min`", "`identity_per_min`"]),
    ("[hosts]\ncount = 100_001", "2:9", &["`count` is 100001, expected 0 to 100000"]),
    ("[hosts]\nvcpus = 0", "2:9", &["`vcpus` is 0, expected 1 to"]),
    ("[[host]]\nname = 'a'\nvcpus = 1", "1:1", &["missing field `ram_mib`"]),
    (
        "[hosts]\n[[host]]\nname = 'a'\nvcpus = 1\nram_mib = 1",
        "1:1",
        &["both `[hosts]` and `[[host]]`"],
    ),
    ("project = []", "1:1", &["0 sections `[[project]]`, expected 1 to 10000"]),
    ("[[project]]\nname = 'a'\n[[project]]\nname = 'a'", "4:8", &["project `a` is declared twice"]),
    ("[[project]]\ndescription = 'a'", "1:1", &["missing field `name`"]),
    ("[[project]]\nname = 'a'\nweight = 101", "3:10", &["`weight` is 101, expected 1 to 100"]),
    ("user = []", "1:1", &["0 sections `[[user]]`"]),
    ("[[user]]\nname = 'a'\nrole = 3", "3:1", &["unknown field `role`", "`roles`"]),
    ("[[user]]\nname = 'a'\npassword = ''", "3:12", &["`password` is empty", "drawn at start"]),
    (
        "[[user]]\nname = 'a'\nroles = [{ project = 'x', role = 'member' }]",
        "3:22",
        &["no project `x` is declared", "[[project]]"],
    ),
    (
        "[[user]]\nname = 'a'\nroles = [{ project = 'default', role = 'boss' }]",
        "3:40",
        &["unknown variant `boss`", "`reader`", "`admin`"],
    ),
    (
        "[[user]]\nname = 'a'\nroles = [{ project = 'default', role = 'reader' },\n\
         { project = 'default', role = 'member' }]",
        "4:13",
        &["two roles in `default`"],
    ),
    ("[[user]]\nname = 'a'\ndefault_project = 'nowhere'", "3:19", &["no project `nowhere`"]),
    (
        "[[user]]\nname = 'a'\ndefault_project = 'default'",
        "3:19",
        &["the user `a` has no role in `default`"],
    ),
    ("[[user]]\nname = 'a'\n[[user]]\nname = 'a'", "4:8", &["user `a` is declared twice"]),
    (
        "[[flavor]]\nname = 'f'\nvcpus = 0\nram_mib = 1\ndisk_gib = 1",
        "3:9",
        &["`vcpus` is 0, expected 1 to"],
    ),
    (
        "[[flavor]]\nname = 'f'\nid = 'a/b'\nvcpus = 1\nram_mib = 1\ndisk_gib = 1",
        "3:6",
        &["`a/b` is no id of a flavor", "expected letters, digits"],
    ),
    (
        "[[flavor]]\nname = 'f'\nvcpus = 1\nram_mib = 1\ndisk_gib = 1\nextra_specs = { a = 1 }",
        "6:21",
        &["integer `1`", "expected a string"],
    ),
    ("[[flavor]]\nname = 'f'\nvcpus = 1\nram_mib = 1", "1:1", &["missing field `disk_gib`"]),
    ("[[image]]\nname = 'i'\nid = 'x'", "3:6", &["`x` is no id, expected a uuid"]),
    ("[[image]]\nname = 'i'\n[[image]]\nname = 'i'", "4:8", &["image `i` is declared twice"]),
    ("[[network]]\nname = 'n'", "1:1", &["missing field `cidr`"]),
    ("[[network]]\nname = 'n'\ncidr = '10.0.0.0'", "3:8", &["`10.0.0.0`", "10.0.0.0/16"]),
    ("[[network]]\nname = 'n'\ncidr = '10.0.0.1/16'", "3:8", &["the bits behind it 0"]),
    ("[[network]]\nname = 'n'\ncidr = '10.0.0.0/33'", "3:8", &["8 to 28"]),
    ("[[network]]\nname = 'n'\ncidr = 'fd00::/64'", "3:8", &["an IPv4 network"]),
    ("cells = []", "1:1", &["0 sections `[[cells]]`, expected 1 to 16"]),
    ("[[cells]]\nprojects = ['default']", "1:1", &["missing field `name`"]),
    ("[[cells]]\nname = 'A'", "2:8", &["`A` is no name of a cell", "31 at most"]),
    ("[[cells]]\nname = '1a'", "2:8", &["`1a` is no name of a cell"]),
    (
        "[hosts]\ncount = 2\n[[cells]]\nname = 'a'\n[[cells]]\nname = 'a'",
        "6:8",
        &["the cell `a` is declared twice"],
    ),
    ("[[cells]]\nname = 'a'\nprojects = ['x']", "3:13", &["no project `x` is declared"]),
    ("[[cells]]\nname = 'a'\nhosts = ['x']", "3:10", &["no host `x` is declared"]),
    (
        "[[cells]]\nname = 'a'\nprojects = ['default']\n[[cells]]\nname = 'b'\nprojects = ['default']",
        "6:13",
        &["the project `default` is in a cell already"],
    ),
    ("[[cells]]\nname = 'a'\n[[cells]]\nname = 'b'", "4:8", &["the cell `b` has no project"]),
    (
        "[[project]]\nname = 'p'\n[[project]]\nname = 'q'\n[[cells]]\nname = 'a'\n\
         [[cells]]\nname = 'b'\nprojects = ['q']",
        "8:8",
        &["the cell `b` has no host"],
    ),
    (
        "[hosts]\ncount = 2\n[[project]]\nname = 'p'\n[[project]]\nname = 'q'\n[[cells]]\nname = 'a'\n\
         [[cells]]\nname = 'b'\nprojects = ['q']\nhosts = ['host-0002']",
        "8:8",
        &["the user `admin` has no password", "each cell would draw another"],
    ),
    ("region = ", "1:10", &[]),
    ("[[user]", "1:8", &[]),
];

#[test]
fn each_mistake_is_told_with_its_place_and_what_was_expected() {
    for (text, place, said) in MISTAKES {
        let error = Declared::parse(text, "my.toml").unwrap_err().to_string();
        assert!(error.starts_with(&format!("my.toml:{place}: ")), "{text:?}: {error}");
        for words in *said {
            assert!(error.contains(words), "{text:?}: {error} lacks {words:?}");
        }
        let lines: Vec<&str> = error.lines().collect();
        assert!(lines.len() == 1 || lines.len() == 3, "{text:?}: {error}");
        assert!(!lines.iter().any(|line| line.contains(char::is_control)), "{text:?}: {error:?}");
    }
}

#[test]
fn the_default_cloud_holds_100_000_small_servers_and_its_manager_starts() {
    let cloud = Declared::default_cloud();
    assert_eq!((&*cloud.region, &*cloud.zone), ("RegionOne", "nova"));
    let small = cloud.flavors.iter().map(|flavor| flavor.size).min().unwrap();
    let capacity: u64 = cloud
        .hosts
        .iter()
        .map(|host| {
            let by_ram = host.capacity.ram_mib / small.ram_mib;
            u64::from(by_ram.min(host.capacity.vcpus / small.vcpus))
        })
        .sum();
    assert!(capacity >= 100_000, "{capacity}");
    for name in ["d2-2", "d2-4", "b3-8", "b3-16", "c3-4", "c3-8", "r3-16"] {
        assert!(cloud.flavors.iter().any(|flavor| &*flavor.name == name), "{name}");
    }
    assert!(cloud.users.iter().all(|user| user.password.is_none()));
    cloud.engine_config().check(&WorldClock::real()).unwrap();
}

#[test]
fn the_dev_cloud_is_fixed() {
    let cloud = Declared::dev();
    assert_eq!(cloud.profile, "fast");
    for (place, name) in ["demo", "alt", "admin"].into_iter().enumerate() {
        let user = &cloud.users[place];
        let role = if name == "admin" { Role::Admin } else { Role::Member };
        assert_eq!((&*cloud.projects[place].name, &*user.name), (name, name));
        assert_eq!(user.password.as_deref(), Some("secret"));
        assert_eq!((user.default_project, &user.grants), (Some(place), &vec![(place, role)]));
        let quota = cloud.projects[place].quota;
        assert_eq!(quota.instances, Some(10));
        assert_eq!((quota.cores, quota.ram_mib), (Some(20), Some(51_200)));
    }
    let tiny = &cloud.flavors[0];
    assert_eq!((&*tiny.name, &*tiny.id, tiny.disk_gib), ("m1.tiny", "1", 1));
    assert_eq!((tiny.size.vcpus, tiny.size.ram_mib), (1, 512));
    assert_eq!(&*cloud.images[0].name, "cirros");
    assert_eq!(&*cloud.networks[0].name, "private");
    assert!(!format!("{cloud:?}").contains("secret"), "no secret is shown");
}

#[test]
fn ids_are_made_from_names_and_look_as_they_should() {
    let (one, other) = (Declared::dev(), Declared::dev());
    assert_eq!(one, other);
    for id in one.projects.iter().map(|p| &p.id).chain(one.users.iter().map(|u| &u.id)) {
        assert!(id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()), "{id}");
    }
    assert_ne!(one.projects[0].id, one.users[0].id, "a project is no user of that name");
    assert_eq!(one.images[0].id.get_version_num(), 5);
    // Written down in clients' files: they may not change from one version to the next.
    assert_eq!(&*one.projects[0].id, "ade6cede8b633dacffdf76c7ce3fe16c");
}

#[test]
fn the_example_is_sound_and_says_what_its_comments_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/guichet.toml");
    let cloud = Declared::load(&path).unwrap();
    cloud.engine_config().check(&WorldClock::real()).unwrap();
    assert_eq!(cloud.rates, Rates::named("ovhcloud").unwrap());
    let [web, ci] = &cloud.projects[..] else { panic!("{:?}", cloud.projects) };
    assert_eq!((web.weight, web.quota.instances, web.quota.cores), (2, Some(100), Some(400)));
    assert_eq!((ci.weight, ci.quota.instances, ci.quota.cores), (1, Some(20), None));
    assert_eq!(ci.quota.ram_mib, Some(1_638_400));
    assert!(!cloud.flavors[1].is_public && &*cloud.flavors[1].id == "gpu-1");
    assert_eq!(cloud.hosts.len(), 40);
}

#[test]
fn what_is_left_out_is_as_embedded() {
    let embedded = Declared::default_cloud();
    assert_eq!(Declared::parse("", "empty").unwrap(), embedded);
    assert_eq!(Declared::parse(Declared::default_text(), "itself").unwrap(), embedded);
    let cloud = Declared::parse("queue = 5\n[hosts]\ncount = 1", "mine").unwrap();
    assert_eq!((cloud.queue, cloud.hosts.len()), (5, 1));
    assert_eq!(cloud.hosts[0].capacity, embedded.hosts[0].capacity);
    assert_eq!(cloud.flavors, embedded.flavors);
    // Projects without users: the embedded users are in each what they are in the embedded one.
    let cloud = Declared::parse("[[project]]\nname='a'\n[[project]]\nname='b'", "mine").unwrap();
    assert_eq!(cloud.users[0].grants, [(0, Role::Admin), (1, Role::Admin)]);
    assert_eq!(cloud.users[1].grants, [(0, Role::Member), (1, Role::Member)]);
    let cloud = Declared::parse("[quota]\ninstances = 3", "mine").unwrap();
    assert_eq!(cloud.projects[0].quota.instances, Some(3));
}

/// Three projects and four hosts in two cells; what neither names is the first one's.
const TWO_CELLS: &str = "
    [hosts]\ncount = 4
    [[project]]\nname = 'web'
    [[project]]\nname = 'ci'
    [[project]]\nname = 'lab'
    [[user]]\nname = 'ann'\npassword = 'x'\ndefault_project = 'ci'
    roles = [{ project = 'web', role = 'reader' }, { project = 'ci', role = 'member' }]
    [[user]]\nname = 'root'\npassword = 'x'\ndefault_project = 'web'
    roles = [{ project = 'web', role = 'admin' }]
    [[cells]]\nname = 'first'\nprojects = ['lab']\nhosts = ['host-0003']
    [[cells]]\nname = 'second'\nprojects = ['ci']\nhosts = ['host-0004', 'host-0002']
    ";

#[test]
fn each_cell_is_a_part_with_its_projects_and_hosts() {
    let cloud = Declared::parse(TWO_CELLS, "mine").unwrap();
    assert_eq!(cloud.cell_names().len(), 2);
    let names = |of: &Declared| -> Vec<String> {
        let projects = of.projects.iter().map(|project| project.name.to_string());
        projects.chain(of.hosts.iter().map(|host| format!("{}={}", host.name, host.id.0))).collect()
    };
    let (first, second) = (cloud.part(0), cloud.part(1));
    assert_eq!(names(&first), ["web", "lab", "host-0001=0", "host-0003=1"]);
    assert_eq!(names(&second), ["ci", "host-0002=0", "host-0004=1"]);
    assert_eq!((first.cell, second.cell), (0, 1));
    assert_eq!(cloud.project_cells()[..2], [0, 1]);
    // All users are everywhere, and have roles in what is there alone.
    let grants = |of: &Declared, user: usize| {
        (of.users[user].default_project, of.users[user].grants.clone())
    };
    assert_eq!(grants(&first, 0), (None, vec![(0, Role::Reader)]));
    assert_eq!(grants(&second, 0), (Some(0), vec![(0, Role::Member)]));
    assert_eq!(grants(&first, 1), (Some(0), vec![(0, Role::Admin)]));
    assert_eq!(grants(&second, 1), (None, vec![]));
    // What has an id has the same one everywhere.
    assert_eq!(second.projects[0].id, cloud.projects[1].id);
    assert_eq!((&second.flavors, &second.images), (&cloud.flavors, &cloud.images));
    for part in [first, second] {
        part.engine_config().check(&WorldClock::real()).unwrap();
    }
    let whole = Declared::dev();
    assert_eq!(whole.cell_names(), ["default".into()]);
    assert_eq!(whole.part(0), whole);
    let written = cloud.to_toml();
    assert!(written.contains("[[cells]]\nname = \"second\"\nprojects = [\"ci\"]"), "{written}");
}

#[test]
fn what_is_in_a_cell_stays_there_and_what_is_new_may_come() {
    let cloud = Declared::parse(TWO_CELLS, "mine").unwrap();
    let with = |from: &str, to: &str| {
        let other = Declared::parse(&TWO_CELLS.replace(from, to), "mine").unwrap();
        guichet_cloud::reload::Reload::check_cells(&cloud, &other).is_ok()
    };
    assert!(with("", ""));
    let new = "[[project]]\nname = 'new'\n[[cells]]\nname = 'first'";
    assert!(with("[[cells]]\nname = 'first'", new));
    assert!(!with("['ci']", "['ci', 'web']"));
    assert!(!with("['host-0004', 'host-0002']", "['host-0004']"));
    assert!(!with("'second'", "'other'"));
    // What is gone could come back in another cell, and its servers would not.
    assert!(!with("'ci'", "'other'"));
}

#[test]
fn a_driver_is_named_among_those_there_are() {
    assert_eq!(&*Declared::default_cloud().driver, "simulated");
    assert_eq!(&*Declared::parse("driver = 'simulated'", "mine").unwrap().driver, "simulated");
    let mut drivers = DriverRegistry::builtin();
    drivers.add("libvirt", |_| Err("no socket: start the daemon".to_owned()));
    let cloud = Declared::parse_for("driver = 'libvirt'", "mine", &drivers).unwrap();
    assert_eq!(&*cloud.driver, "libvirt");
    let error = Declared::parse_for("driver = 'xen'", "mine", &drivers).unwrap_err().to_string();
    assert_eq!(
        error,
        "mine:1:10: there is no driver `xen`, expected one of: libvirt, simulated\n  | driver = 'xen'\n  |          ^"
    );
}

#[test]
fn rates_have_names() {
    let ovhcloud = Rates::named("ovhcloud").unwrap();
    assert_eq!(ovhcloud.compute_per_s, NonZeroU32::new(20));
    assert_eq!(ovhcloud.identity_per_min, NonZeroU32::new(60));
    assert_eq!(Rates::named("unlimited"), Some(Rates::default()));
    assert_eq!(Rates::named("none"), None);
}

proptest! {
    /// The example with a part of it cut out or something else in its place: sound, or a mistake
    /// with its place; never a panic.
    #[test]
    fn a_file_that_is_damaged_is_read_or_told_so(start in 0usize..4_500, length in 0usize..40, by in ".{0,12}") {
        let text = include_str!("../../../../examples/guichet.toml");
        let fits = |at: usize| (at.min(text.len())..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap();
        let damaged = format!("{}{by}{}", &text[..fits(start)], &text[fits(start + length)..]);
        if let Err(error) = Declared::parse(&damaged, "x.toml") {
            prop_assert!(error.to_string().starts_with("x.toml:"), "{}", error);
        }
    }
}

#[test]
fn files_that_are_none_are_told_so() {
    let dir = tempfile::tempdir().unwrap();
    let missing = Declared::load(&dir.path().join("missing.toml")).unwrap_err();
    assert!(matches!(missing, ConfigError::Unreadable { .. }), "{missing}");
    let large = dir.path().join("large.toml");
    let file = std::fs::File::create(&large).unwrap();
    file.set_len(limits::CONFIG_FILE_MAX + 1).unwrap();
    let error = Declared::load(&large).unwrap_err();
    assert!(matches!(error, ConfigError::TooLarge { .. }), "{error}");
    let binary = dir.path().join("binary.toml");
    std::fs::write(&binary, b"queue = 5\nzone = \"\xff\"").unwrap();
    let error = Declared::load(&binary).unwrap_err().to_string();
    assert!(
        error.ends_with("binary.toml:2:9: not UTF-8 text\n  | zone = \"\n  |         ^"),
        "{error}"
    );
}

#[test]
fn passwords_are_drawn_for_those_without_one() {
    let mut cloud = Declared::default_cloud();
    let drawn = cloud.draw_passwords(&[]).unwrap().now;
    let names: Vec<&str> = drawn.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["admin", "user"]);
    assert!(drawn.iter().all(|(_, password)| password.len() == 24));
    assert_ne!(drawn[0].1, drawn[1].1);
    assert!(cloud.draw_passwords(&[]).unwrap().now.is_empty(), "all have one now");
}
