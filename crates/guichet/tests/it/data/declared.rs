//! Configurations that change between two starts.

use std::path::Path;

use super::cloud::{Cloud, declared};
use super::{is_refused, is_sound, ran};
use crate::support::Place;

/// A small cloud with flavors of these names.
fn cloud_of(place: &Place, flavors: &[&str]) -> std::path::PathBuf {
    let mut text = String::from(
        "profile = \"instant\"\n\n[[project]]\nname = \"demo\"\n\n[[user]]\nname = \"demo\"\n\
         password = \"secret\"\ndefault_project = \"demo\"\n\
         roles = [{ project = \"demo\", role = \"member\" }]\n\n\
         [[image]]\nname = \"cirros\"\n\n[[network]]\nname = \"private\"\ncidr = \"10.0.0.0/16\"\n",
    );
    for (n, flavor) in flavors.iter().enumerate() {
        let (vcpus, ram) = (flavor.len(), 512 + n);
        text += &format!(
            "\n[[flavor]]\nname = \"{flavor}\"\nvcpus = {vcpus}\nram_mib = {ram}\ndisk_gib = 1\n"
        );
    }
    place.file("cloud.toml", text.as_bytes())
}

fn start(dir: &Path, file: &Path) -> Cloud {
    Cloud::of(declared(dir, file), &dir.with_extension("log"))
}

#[test]
fn a_flavor_that_is_used_must_stay_declared() {
    let place = Place::new();
    let dir = place.path("data");
    let file = cloud_of(&place, &["m1.tiny", "m1.large", "spare"]);
    let cloud = start(&dir, &file);
    let server = cloud.client.create("web");
    cloud.client.becomes(&server, "ACTIVE");
    let flavor = cloud.client.show(&server).body["server"]["flavor"].clone();
    assert_eq!(flavor["original_name"], "m1.tiny");
    cloud.stop();

    let file = cloud_of(&place, &["m1.large", "spare"]);
    let refused = ran(declared(&dir, &file));
    is_refused(&refused, &["error: --data: ", "flavor", "\"m1.tiny\"", "declare it again"]);
    is_sound(&dir);

    // In another order, with one more and one less: each server keeps its own.
    let file = cloud_of(&place, &["new", "m1.large", "m1.tiny"]);
    let cloud = start(&dir, &file);
    let shown = cloud.client.show(&server).body["server"]["flavor"].clone();
    assert_eq!(shown["original_name"], "m1.tiny");
    assert_eq!(shown["vcpus"], flavor["vcpus"]);
    let other = cloud.client.create("other");
    cloud.client.becomes(&other, "ACTIVE");
    // What is not used any more need not be declared.
    for server in [&server, &other] {
        assert_eq!(cloud.client.delete(server).status, 204);
        cloud.client.goes(server);
    }
    cloud.stop();
    let file = cloud_of(&place, &["new"]);
    let cloud = start(&dir, &file);
    assert!(cloud.held.contains(": 0 servers there"), "{}", cloud.held);
    cloud.stop();
    is_sound(&dir);
}
