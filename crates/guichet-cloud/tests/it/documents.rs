//! What is written while a cloud runs outlives it, with the servers that name it.

use std::path::Path;
use std::sync::Arc;

use guichet_cloud::Cloud;
use guichet_cloud::accounts::Role;
use guichet_cloud::aggregates::AggregateEdit;
use guichet_cloud::catalogue::Viewer;
use guichet_cloud::config::Declared;
use guichet_cloud::flavors::{FlavorEdit, FlavorError, NewFlavor};
use guichet_cloud::hosts::HostEdit;
use guichet_cloud::images::NewImage;
use guichet_cloud::quotas::{Limit, QuotaLimits};
use guichet_cloud::servers::{CreateError, NewServers};
use guichet_core::ids::{HostId, ProjectId};
use guichet_core::refusal::Refusal;
use guichet_core::server::Size;
use guichet_driver::profile::Profile;

use crate::support::{caller, finish, made};

async fn open(dir: &Path) -> Arc<Cloud> {
    let profile = Profile::builtin("instant").unwrap();
    Cloud::builder(Declared::dev()).data(dir).profile(profile).start().await.unwrap().cloud
}

fn flavor(id: &str) -> NewFlavor {
    NewFlavor {
        id: Arc::from(id),
        name: Arc::from(format!("c-{id}")),
        size: Size { vcpus: 1, ram_mib: 512 },
        disk_gib: 4,
        ephemeral_gib: 0,
        swap_mib: 0,
        rxtx_factor: 1.5,
        is_public: true,
        description: None,
    }
}

#[tokio::test]
async fn what_was_written_and_the_servers_made_of_it_are_there_again() {
    let dir = tempfile::tempdir().unwrap();
    let cloud = open(dir.path()).await;
    let (admin, who) = (caller(&cloud, 2, Role::Admin), caller(&cloud, 0, Role::Member));
    for id in ["x", "y"] {
        cloud.flavors().create(&admin, flavor(id)).await.unwrap();
    }
    let (x, _) = cloud.catalogue().find_flavor("x", Viewer::Admin).unwrap();
    let cirros = cloud.catalogue().images(Viewer::Admin)[0].id;
    let (cirros, _) = cloud.catalogue().find_image(cirros, Viewer::Admin).unwrap();
    let server = made(&cloud, &who, &NewServers::one("a", x, cirros)).await;
    let found = cloud.servers().find(&who, server).unwrap();
    let name = (Arc::from("copy"), std::collections::BTreeMap::new());
    let image = cloud.images().make(&who, &found, name, NewImage::Snapshot).await.unwrap();
    finish(&cloud, server).await;
    let (number, _, _) = cloud.images().find(&who, image).unwrap();
    // A caller is one request, and this is another one.
    let who = caller(&cloud, 0, Role::Member);
    let copy = made(&cloud, &who, &NewServers::one("b", x, number)).await;
    cloud.flavors().edit(&admin, "x", FlavorEdit::Delete).await.unwrap();
    let specs = FlavorEdit::AddSpecs([("a".to_owned(), "1".to_owned())].into());
    cloud.flavors().edit(&admin, "1", specs).await.unwrap();
    let disabled = HostEdit { disabled: Some((true, None)), ..HostEdit::default() };
    cloud.hosts().edit(&admin, HostId(0), disabled).await.unwrap();
    let limits = QuotaLimits { instances: Some(Limit::Most(2)), ..QuotaLimits::default() };
    cloud.quotas().set(&admin, ProjectId(0), limits, false).await.unwrap();
    let east = Some("east".to_owned());
    let zone = cloud.aggregates().create(&admin, Arc::from("fast"), east).await.unwrap();
    let host = Arc::clone(&cloud.catalogue().hosts()[1].name);
    cloud.aggregates().edit(&admin, zone, AggregateEdit::AddHost(host)).await.unwrap();
    assert!(cloud.manager().drain(std::time::Duration::from_secs(30)).await.is_complete());
    drop(cloud);
    let verified = guichet_store::journal::sqlite::verify(dir.path()).unwrap();
    assert!(verified.audit.holds(), "{:?}", verified.audit);

    let cloud = open(dir.path()).await;
    let who = caller(&cloud, 0, Role::Member);
    let shown = cloud.servers().find(&who, server).unwrap();
    assert_eq!(shown.flavor, x);
    let (_, declared) = cloud.catalogue().find_flavor("1", Viewer::Admin).unwrap();
    assert_eq!(declared.extra_specs["a"], "1");
    assert_eq!(&*cloud.catalogue().flavor(x).unwrap().name, "c-x", "deleted, and still named");
    assert!(cloud.catalogue().find_flavor("x", Viewer::Admin).is_none());
    assert!(cloud.catalogue().find_flavor("y", Viewer::Admin).is_some());
    let copied = cloud.servers().find(&who, copy).unwrap();
    assert_eq!(cloud.catalogue().image(copied.image).unwrap().id, image);
    assert!(cloud.images().find(&who, image).is_some());
    assert!(cloud.hosts().state(&cloud.catalogue().hosts()[0]).is_disabled);
    let zones = cloud.catalogue().zones();
    assert_eq!(zones.iter().map(|(zone, _)| &**zone).collect::<Vec<_>>(), ["nova", "east"]);
    let full = cloud.servers().create(&who, &NewServers::one("c", x, cirros)).await;
    assert_eq!(full, Err(CreateError::UnknownFlavor), "nothing more is made of it");
    let (y, _) = cloud.catalogue().find_flavor("y", Viewer::Admin).unwrap();
    let full = cloud.servers().create(&who, &NewServers::one("c", y, cirros)).await;
    assert!(matches!(full, Err(CreateError::Refused(Refusal::OverQuota(_)))), "{full:?}");
    // A number is never given twice.
    let admin = caller(&cloud, 2, Role::Admin);
    cloud.flavors().create(&admin, flavor("z")).await.unwrap();
    let (z, _) = cloud.catalogue().find_flavor("z", Viewer::Admin).unwrap();
    assert!(z > y && y > x);
    assert!(cloud.manager().audit().holds());
}

#[tokio::test]
async fn what_is_declared_of_extra_specs_can_be_written_over_and_comes_back() {
    use std::collections::BTreeMap;
    let dir = tempfile::tempdir().unwrap();
    let specs = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let start = async |declared: &[(&str, &str)]| {
        let mut all = Declared::dev();
        all.flavors[0].extra_specs = specs(declared);
        let profile = Profile::builtin("instant").unwrap();
        Cloud::builder(all).data(dir.path()).profile(profile).start().await.unwrap().cloud
    };
    let shown = |cloud: &Cloud| cloud.catalogue().flavors(Viewer::Admin)[0].extra_specs.clone();
    let cloud = start(&[("a", "1"), ("b", "2")]).await;
    let (admin, who) = (caller(&cloud, 2, Role::Admin), caller(&cloud, 0, Role::Member));
    let flavors = cloud.flavors();
    let id = Arc::clone(&cloud.catalogue().flavors(Viewer::Admin)[0].id);
    let add = |pairs: &[(&str, &str)]| FlavorEdit::AddSpecs(specs(pairs));
    let drop_one = |name: &str| FlavorEdit::DropSpec(name.to_owned());
    assert_eq!(flavors.edit(&who, &id, add(&[])).await, Err(FlavorError::Forbidden));
    let edited = flavors.edit(&admin, &id, add(&[("b", "3"), ("c", "4")])).await.unwrap();
    assert_eq!(edited.extra_specs, specs(&[("a", "1"), ("b", "3"), ("c", "4")]));
    flavors.edit(&admin, &id, drop_one("a")).await.unwrap();
    assert_eq!(flavors.edit(&admin, &id, drop_one("a")).await, Err(FlavorError::NoSpec));
    assert_eq!(shown(&cloud), specs(&[("b", "3"), ("c", "4")]));
    let described = FlavorEdit::Describe(None);
    assert_eq!(flavors.edit(&admin, &id, described).await, Err(FlavorError::Declared));
    assert!(cloud.manager().drain(std::time::Duration::from_secs(30)).await.is_complete());
    drop(cloud);
    // What is declared anew holds, but for what was written.
    let cloud = start(&[("a", "1"), ("b", "2"), ("d", "5")]).await;
    assert_eq!(shown(&cloud), specs(&[("b", "3"), ("c", "4"), ("d", "5")]));
    let flavors = cloud.flavors();
    flavors.edit(&admin, &id, add(&[("a", "1"), ("b", "2")])).await.unwrap();
    flavors.edit(&admin, &id, drop_one("c")).await.unwrap();
    assert_eq!(shown(&cloud), specs(&[("a", "1"), ("b", "2"), ("d", "5")]));
    assert!(cloud.manager().drain(std::time::Duration::from_secs(30)).await.is_complete());
    drop(cloud);
    let cloud = start(&[("b", "9")]).await;
    assert_eq!(shown(&cloud), specs(&[("b", "9")]), "nothing is left of what is as declared");
}
