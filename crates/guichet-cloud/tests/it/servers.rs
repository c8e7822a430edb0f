//! Servers, made, acted on, edited and found with no HTTP.

use std::collections::{BTreeMap, HashSet};
use std::net::IpAddr;
use std::sync::Arc;

use guichet_cloud::Cloud;
use guichet_cloud::accounts::{Caller, Role};
use guichet_cloud::quotas::{Limit, QuotaLimits};
use guichet_cloud::servers::values::ValueError;
use guichet_cloud::servers::{
    Condition, CreateError, Filter, Networks, NewServers, NotVisible, Order, Projects, SearchError,
    ServerError, SortKey, TagMatch, Window, pattern,
};
use guichet_core::action::Action;
use guichet_core::details::{Changes, Details};
use guichet_core::edit::Edit;
use guichet_core::ids::{FlavorId, ImageId, ServerId};
use guichet_core::project::OverQuota;
use guichet_core::refusal::Refusal;
use guichet_core::state::{Status, VmState};
use uuid::Uuid;

use crate::support::{caller, dev, finish, made, new};

#[tokio::test]
async fn a_server_is_made_acted_on_edited_and_deleted() {
    let cloud = dev();
    let (servers, who) = (cloud.servers(), caller(&cloud, 0, Role::Member));
    let id = made(&cloud, &who, &new("web")).await;
    let server = servers.find(&who, id).unwrap();
    assert_eq!((&*server.name, server.vm_state), ("web", VmState::Active));
    assert!(servers.console(&server, None).unwrap().contains("web login: "));
    servers.act(&who, &server, Action::Stop).await.unwrap();
    finish(&cloud, id).await;
    let server = servers.find(&who, id).unwrap();
    assert_eq!(server.vm_state, VmState::Stopped);
    let edited = servers.edit(&who, &server, Edit::AddTag(Arc::from("blue"))).await.unwrap();
    assert!(edited.details.as_ref().unwrap().tags.contains("blue"));
    servers.act(&who, &server, Action::Delete).await.unwrap();
    finish(&cloud, id).await;
    assert!(servers.find(&who, id).is_none() && servers.find_remembered(&who, id).is_some());
    assert_eq!(servers.operations(id).len(), 3);
    assert!(cloud.manager().audit().holds());
}

#[tokio::test]
async fn a_create_that_the_rules_forbid_changes_nothing_and_says_which() {
    let cloud = dev();
    let who = caller(&cloud, 0, Role::Member);
    let network = cloud.catalogue().networks()[0].id;
    let address: IpAddr = "192.0.2.7".parse().unwrap();
    let foreign = Networks::These(vec![(0, Some(address))]);
    let text = |text| Some(Arc::from(text));
    let carrying = |details| NewServers { details, ..new("a") };
    let invalid = |field, problem| CreateError::Invalid { field, problem };
    for (asked, expected) in [
        (NewServers { flavor: FlavorId(999), ..new("a") }, CreateError::UnknownFlavor),
        (NewServers { image: ImageId(999), ..new("a") }, CreateError::UnknownImage),
        (
            NewServers { networks: Networks::These(vec![(9, None)]), ..new("a") },
            CreateError::UnknownNetwork,
        ),
        (
            NewServers { networks: foreign, ..new("a") },
            CreateError::ForeignAddress { address, network },
        ),
        (
            carrying(Details { availability_zone: text("mars"), ..Details::default() }),
            CreateError::UnknownZone,
        ),
        (
            NewServers { min_count: 3, max_count: 2, ..new("a") },
            CreateError::CountsReversed { min: 3, max: 2 },
        ),
        (NewServers { max_count: 1_000, ..new("a") }, CreateError::TooMany { most: 100 }),
        (new(" "), invalid("name", ValueError::Blank)),
        // The last of them has its number behind its name.
        (
            NewServers { max_count: 100, ..new(&"x".repeat(252)) },
            invalid("name", ValueError::TooLong),
        ),
        (
            carrying(Details { hostname: text("a b"), ..Details::default() }),
            invalid("hostname", ValueError::Hostname),
        ),
        (
            carrying(Details { user_data: text("a"), ..Details::default() }),
            invalid("user_data", ValueError::Base64),
        ),
    ] {
        assert_eq!(cloud.servers().create(&who, &asked).await, Err(expected));
    }
    let reader = caller(&cloud, 0, Role::Reader);
    let created = cloud.servers().create(&reader, &new("a")).await;
    assert_eq!(created, Err(CreateError::Forbidden));
    assert_eq!(cloud.servers().scan(&who, Projects::Own).unwrap().count(), 0);
}

#[tokio::test]
async fn a_quota_of_metadata_that_is_written_holds_for_all_that_makes_and_changes_servers() {
    let cloud = dev();
    let (admin, who) = (caller(&cloud, 0, Role::Admin), caller(&cloud, 0, Role::Member));
    let limits = |most| QuotaLimits {
        others: [("metadata_items".to_owned(), Limit::Most(most))].into(),
        ..QuotaLimits::default()
    };
    cloud.quotas().set(&admin, who.project, limits(1), false).await.unwrap();
    let metadata = |count: usize| -> BTreeMap<Arc<str>, Arc<str>> {
        (0..count).map(|number| (Arc::from(number.to_string()), Arc::from(""))).collect()
    };
    let carrying = |count| NewServers {
        details: Details { metadata: metadata(count), ..Details::default() },
        ..new("a")
    };
    let over = Refusal::OverQuota(OverQuota {
        resource: "metadata_items",
        requested: 2,
        used: 0,
        limit: 1,
    });
    let refused = cloud.servers().create(&who, &carrying(2)).await;
    assert_eq!(refused, Err(CreateError::Refused(over.clone())));
    let id = made(&cloud, &who, &carrying(1)).await;
    let server = cloud.servers().find(&who, id).unwrap();
    let refused = Err(ServerError::Refused(over));
    for edit in [Edit::MergeMetadata(metadata(2)), Edit::ReplaceMetadata(metadata(2))] {
        assert_eq!(cloud.servers().edit(&who, &server, edit).await.map(drop), refused);
    }
    let changes = Changes { metadata: Some(metadata(2)), ..Changes::default() };
    assert_eq!(cloud.servers().rebuild(&who, &server, changes.clone()).await, refused);
    cloud.quotas().set(&admin, who.project, limits(2), false).await.unwrap();
    cloud.servers().rebuild(&who, &server, changes).await.unwrap();
}

#[tokio::test]
async fn another_projects_server_is_not_there_and_a_reader_only_looks() {
    let cloud = dev();
    let id = made(&cloud, &caller(&cloud, 0, Role::Member), &new("mine")).await;
    assert!(cloud.servers().find(&caller(&cloud, 1, Role::Member), id).is_none());
    assert!(cloud.servers().find(&caller(&cloud, 1, Role::Admin), id).is_some());
    let reader = caller(&cloud, 0, Role::Reader);
    let server = cloud.servers().find(&reader, id).unwrap();
    let acted = cloud.servers().act(&reader, &server, Action::Delete).await;
    assert_eq!(acted, Err(ServerError::Forbidden));
    let edited = cloud.servers().edit(&reader, &server, Edit::Unlock).await;
    assert_eq!(edited, Err(ServerError::Forbidden));
}

/// Names of what a caller's search finds.
async fn names(
    (cloud, who): (&Cloud, &Caller),
    filter: &Filter,
    order: &Order,
    window: Window,
) -> Result<Vec<String>, SearchError> {
    let found = cloud.servers().search(who, filter.clone(), order.clone(), window).await?;
    Ok(found.iter().map(|server| server.name.to_string()).collect())
}

#[tokio::test]
async fn a_search_filters_sorts_and_begins_behind_a_marker() {
    let cloud = dev();
    let who = caller(&cloud, 0, Role::Member);
    let details = Details { tags: [Arc::from("blue")].into(), ..Details::default() };
    let tagged = NewServers { details, ..new("bravo") };
    let first = made(&cloud, &who, &new("alpha")).await;
    made(&cloud, &who, &tagged).await;
    made(&cloud, &caller(&cloud, 1, Role::Member), &new("other")).await;
    let (asker, own) = ((&*cloud, &who), Filter::default());
    let with = |condition| Filter { conditions: vec![condition], ..own.clone() };
    let window = |marker| Window { limit: 10, marker };
    let by_name = Order::by(vec![(SortKey::Name, true)]);
    let all = names(asker, &own, &by_name, window(None)).await;
    assert_eq!(all.unwrap(), ["alpha", "bravo"]);
    let behind = names(asker, &own, &by_name, window(Some(first))).await;
    assert_eq!(behind.unwrap(), ["bravo"]);
    let nowhere = names(asker, &own, &by_name, window(Some(ServerId(Uuid::nil())))).await;
    assert_eq!(nowhere, Err(SearchError::UnknownMarker));
    for (condition, expected) in [
        (Condition::Name(pattern("^al").unwrap()), &["alpha"][..]),
        (Condition::Id(first), &["alpha"]),
        (Condition::Tags(TagMatch::Any, vec!["blue".to_owned()]), &["bravo"]),
        (Condition::Tags(TagMatch::NotAny, vec!["blue".to_owned()]), &["alpha"]),
        (Condition::VmState(VmState::Active), &["alpha", "bravo"]),
        (Condition::Never, &[]),
    ] {
        let found = names(asker, &with(condition), &by_name, window(None)).await;
        assert_eq!(found.unwrap(), expected);
    }
    let none = Filter { statuses: Some(vec![Status::Error]), ..Filter::default() };
    assert!(names(asker, &none, &Order::Newest, window(None)).await.unwrap().is_empty());
}

#[tokio::test]
async fn whose_servers_a_caller_sees_is_decided_here() {
    let cloud = dev();
    let (who, other) = (caller(&cloud, 0, Role::Member), caller(&cloud, 1, Role::Member));
    let admin = caller(&cloud, 0, Role::Admin);
    made(&cloud, &who, &new("mine")).await;
    let theirs = made(&cloud, &other, &new("theirs")).await;
    let forbidden = SearchError::NotVisible(NotVisible);
    let both = ["mine", "theirs"];
    for (caller, projects, expected) in [
        (&who, Projects::Own, Ok(&["mine"][..])),
        (&who, Projects::Visible, Ok(&["mine"])),
        (&who, Projects::One(who.project), Ok(&["mine"])),
        (&who, Projects::One(other.project), Err(forbidden)),
        (&who, Projects::All, Err(forbidden)),
        (&other, Projects::Own, Ok(&["theirs"])),
        (&admin, Projects::Own, Ok(&["mine"])),
        (&admin, Projects::Visible, Ok(&both)),
        (&admin, Projects::All, Ok(&both)),
        (&admin, Projects::One(other.project), Ok(&["theirs"])),
    ] {
        let expected = expected.map(<[&str]>::to_vec);
        let window = Window { limit: 10, marker: None };
        for order in [Order::by(vec![(SortKey::Name, true)]), Order::Newest] {
            let filter = Filter { projects, ..Filter::default() };
            let found = names((&cloud, caller), &filter, &order, window).await;
            let found = found.map(|mut names| {
                names.sort();
                names.join(" ")
            });
            let expected = expected.as_ref().map(|names| names.join(" ")).map_err(|error| *error);
            assert_eq!(found, expected, "{caller:?} {projects:?}");
        }
        let since = cloud.now();
        let page = cloud.servers().page(caller, projects, window, since).await;
        let page = page.map(|page| page.len());
        assert_eq!(page, expected.as_ref().map(Vec::len).map_err(|error| *error));
        let scanned = cloud.servers().scan(caller, projects).map(Iterator::count);
        assert_eq!(scanned.ok(), expected.as_ref().map(Vec::len).ok());
        // Deleted ones are no way around it, and neither is a marker.
        let deleted = Filter { projects, deleted: Some(true), ..Filter::default() };
        let found = names((&cloud, caller), &deleted, &Order::Newest, window).await;
        assert_eq!(found.is_ok(), expected.is_ok());
    }
    let behind = Window { limit: 10, marker: Some(theirs) };
    let found = names((&cloud, &who), &Filter::default(), &Order::Newest, behind).await;
    assert_eq!(found, Err(SearchError::UnknownMarker));
}

#[tokio::test]
async fn a_scan_sees_every_server_of_a_project_or_of_all_once() {
    let cloud = dev();
    let (who, other) = (caller(&cloud, 0, Role::Member), caller(&cloud, 1, Role::Member));
    made(&cloud, &who, &NewServers { max_count: 3, min_count: 3, ..new("web") }).await;
    made(&cloud, &other, &new("other")).await;
    let admin = caller(&cloud, 0, Role::Admin);
    for (who, projects, expected) in
        [(&who, Projects::Own, 3), (&other, Projects::Own, 1), (&admin, Projects::All, 4)]
    {
        let mut scan = cloud.servers().scan(who, projects).unwrap();
        let mut seen = HashSet::new();
        while let Some(server) = scan.next_server().await {
            assert!(seen.insert(server.id));
        }
        assert_eq!(seen.len(), expected);
        assert_eq!(cloud.servers().scan(who, projects).unwrap().count(), expected);
    }
}

#[tokio::test]
async fn servers_of_one_create_have_numbered_names_and_addresses_of_their_own() {
    let cloud = dev();
    let who = caller(&cloud, 0, Role::Member);
    made(&cloud, &who, &NewServers { max_count: 3, ..new("web") }).await;
    let servers: Vec<_> = cloud.servers().scan(&who, Projects::Own).unwrap().collect();
    let names: HashSet<&str> = servers.iter().map(|server| &*server.name).collect();
    assert_eq!(names, HashSet::from(["web-1", "web-2", "web-3"]));
    let addresses: HashSet<IpAddr> =
        servers.iter().flat_map(|server| server.ports()).map(|port| port.address).collect();
    assert_eq!(addresses.len(), 3);
}
