//! What needs a new start is said, and nothing of the rest is taken over.

use guichet_cloud::config::Declared;
use guichet_cloud::reload::{Reload, ReloadError};
use guichet_driver::profile::Profile;

use super::{AFTER, BEFORE, compared, declared, instant};

fn why(text: &str) -> String {
    compared(&declared(BEFORE), text).unwrap_err().to_string()
}

/// `AFTER` with one thing other than it was.
fn with(from: &str, to: &str) -> String {
    assert!(AFTER.contains(from), "{from}");
    AFTER.replacen(from, to, 1)
}

#[test]
fn what_needs_a_new_start_is_named() {
    for (text, told) in [
        (with("profile", "workers = 3\nprofile"), "workers changed, which only a new start"),
        (with("profile", "region = \"r\"\nprofile"), "region changed"),
        (with("name = \"one\"", "name = \"one\"\nweight = 2"), "[[project]] `one` changed"),
        (with("disk_gib = 10", "disk_gib = 11"), "[[flavor]] `small` changed"),
        (with("min_disk_gib = 1", "min_disk_gib = 3"), "[[image]] `cirros` changed"),
        (with("name = \"small\"", "name = \"tiny\""), "[[flavor]] `small` (removed) changed"),
        (
            with(
                "[[user]]\nname = \"drawn\"\nroles = [{ project = \"two\", role = \"member\" }]\n",
                "",
            ),
            "[[user]] `drawn` (removed) changed",
        ),
    ] {
        let found = why(&text);
        assert!(found.contains(told), "{told}: {found}");
    }
    let many = with("profile", "queue = 9\nprofile");
    let many =
        many.replace("disk_gib = 10", "disk_gib = 11").replace("name = \"cirros\"", "name = \"c\"");
    let told = "queue, [[flavor]] `small`, [[image]] `cirros` (removed) changed, which only a new start \
                takes over";
    assert_eq!(why(&many), told);
}

#[test]
fn a_password_is_not_drawn_while_the_cloud_runs() {
    for (text, user) in
        [(with("password = \"banana\"\n", ""), "bob"), (with("password = \"apple\"\n", ""), "ann")]
    {
        let error = compared(&declared(BEFORE), &text).unwrap_err();
        assert!(matches!(&error, ReloadError::NoPassword { user: found } if found == user));
        assert!(error.to_string().contains("declare one, or start anew"), "{error}");
    }
}

#[test]
fn not_all_of_a_long_list_is_named() {
    let cloud = Declared::default_cloud();
    let mut fewer = cloud.clone();
    fewer.flavors.truncate(1);
    let instant: Profile = instant();
    let error = Reload::of((&cloud, &instant), (&fewer, &instant)).unwrap_err().to_string();
    let more = cloud.flavors.len() - 1 - 3;
    assert!(error.contains(&format!("(removed), {more} more of [[flavor]] changed")), "{error}");
}
