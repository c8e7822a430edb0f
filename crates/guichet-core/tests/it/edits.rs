//! Edits: what an owner changes without anything being run, and what a lock holds up.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use guichet_core::action::Action;
use guichet_core::details::Changes;
use guichet_core::details::Details;
use guichet_core::edit::{Edit, EditRequest};
use guichet_core::event::Cause;
use guichet_core::ids::{ClientId, RequestId, ServerId};
use guichet_core::limits::{METADATA_MAX, TAGS_MAX};
use guichet_core::refusal::Refusal;
use guichet_core::request::{Request, RequestBody};
use guichet_core::rows::Decision;
use guichet_core::server::Server;

use crate::support::{BLUE, RED, World, accepted, config, digest, refused};

fn asked(server: ServerId, edit: Edit) -> EditRequest {
    let (id, client) = (RequestId::from_bits(77), ClientId(3));
    EditRequest { id, client, project: BLUE, server, privileged: false, most_metadata: None, edit }
}

fn by_admin(server: ServerId, edit: Edit) -> EditRequest {
    EditRequest { privileged: true, ..asked(server, edit) }
}

fn edit(world: &mut World, request: &EditRequest) -> Result<Arc<Server>, Refusal> {
    let before = digest(&world.fleet);
    let edited = world.fleet.edit(request, world.now).map(|(_, server)| server);
    world.check();
    if edited.is_err() {
        before.assert_same(&world.fleet);
    }
    edited
}

fn details(server: &Server) -> Details {
    server.details.as_deref().cloned().unwrap_or_default()
}

fn words(words: &[&str]) -> BTreeSet<Arc<str>> {
    words.iter().map(|word| Arc::from(*word)).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<Arc<str>, Arc<str>> {
    pairs.iter().map(|(name, value)| (Arc::from(*name), Arc::from(*value))).collect()
}

fn world() -> (World, ServerId) {
    let mut world = World::new(config());
    let server = world.active();
    (world, server)
}

#[test]
fn fields_are_set_and_what_is_not_named_stays() {
    let (mut world, id) = world();
    world.pass(std::time::Duration::from_secs(3));
    let name = Changes { name: Some(Arc::from("db")), ..Changes::default() };
    let server = edit(&mut world, &asked(id, Edit::Update(Box::new(name)))).unwrap();
    assert_eq!((&*server.name, server.details.as_ref()), ("db", None));
    assert_eq!(server.updated, world.now);
    let described = Changes {
        description: Some(Some(Arc::from("the database"))),
        access_ipv4: Some("192.0.2.7".parse().ok()),
        ..Changes::default()
    };
    edit(&mut world, &asked(id, Edit::Update(Box::new(described)))).unwrap();
    let none = Changes { description: Some(None), ..Changes::default() };
    let server = edit(&mut world, &asked(id, Edit::Update(Box::new(none)))).unwrap();
    let after = details(&server);
    assert_eq!((after.description, after.access_ipv4), (None, "192.0.2.7".parse().ok()));
    assert_eq!(&*server.name, "db");
}

#[test]
fn metadata_are_merged_replaced_and_dropped() {
    let (mut world, id) = world();
    let merge = Edit::MergeMetadata(pairs(&[("a", "1"), ("b", "2")]));
    edit(&mut world, &asked(id, merge)).unwrap();
    edit(&mut world, &asked(id, Edit::MergeMetadata(pairs(&[("b", "3")])))).unwrap();
    let server = edit(&mut world, &asked(id, Edit::DropMetadata(Arc::from("a")))).unwrap();
    assert_eq!(details(&server).metadata, pairs(&[("b", "3")]));
    let again = edit(&mut world, &asked(id, Edit::DropMetadata(Arc::from("a"))));
    assert!(matches!(again, Err(Refusal::NoSuchPart { .. })), "{again:?}");
    let server = edit(&mut world, &asked(id, Edit::ReplaceMetadata(BTreeMap::new()))).unwrap();
    assert_eq!(server.details, None, "a server that carries nothing costs nothing");
}

#[test]
fn no_server_carries_more_than_the_limits() {
    let (mut world, id) = world();
    let many = |count: usize| -> BTreeMap<Arc<str>, Arc<str>> {
        (0..count).map(|n| (Arc::from(format!("k{n}")), Arc::from("v"))).collect()
    };
    edit(&mut world, &asked(id, Edit::ReplaceMetadata(many(METADATA_MAX)))).unwrap();
    for over in [
        Edit::MergeMetadata(pairs(&[("one more", "v")])),
        Edit::ReplaceMetadata(many(METADATA_MAX + 1)),
    ] {
        let refusal = edit(&mut world, &asked(id, over)).unwrap_err();
        assert!(matches!(refusal, Refusal::OverQuota(_)), "{refusal}");
    }
    let tags: BTreeSet<Arc<str>> = (0..TAGS_MAX).map(|n| Arc::from(format!("t{n}"))).collect();
    edit(&mut world, &asked(id, Edit::ReplaceTags(tags))).unwrap();
    let refusal = edit(&mut world, &asked(id, Edit::AddTag(Arc::from("one more")))).unwrap_err();
    assert!(matches!(refusal, Refusal::Invalid { field: "tags", .. }), "{refusal}");
    edit(&mut world, &asked(id, Edit::AddTag(Arc::from("t0")))).expect("it is there already");
}

#[test]
fn tags_are_a_set() {
    let (mut world, id) = world();
    edit(&mut world, &asked(id, Edit::AddTag(Arc::from("web")))).unwrap();
    let server = edit(&mut world, &asked(id, Edit::AddTag(Arc::from("web")))).unwrap();
    assert_eq!(details(&server).tags, words(&["web"]));
    edit(&mut world, &asked(id, Edit::DropTag(Arc::from("web")))).unwrap();
    let again = edit(&mut world, &asked(id, Edit::DropTag(Arc::from("web"))));
    assert!(matches!(again, Err(Refusal::NoSuchPart { what: "tag", .. })), "{again:?}");
}

#[test]
fn another_projects_server_is_not_there() {
    let (mut world, id) = world();
    let foreign = EditRequest { project: RED, ..asked(id, Edit::Unlock) };
    assert_eq!(edit(&mut world, &foreign), Err(Refusal::NotFound { server: id }));
}

/// While it is locked nobody but an administrator acts on it or changes its metadata. What only
/// describes it may be changed.
#[test]
fn a_lock_holds_up_actions_and_metadata() {
    let (mut world, id) = world();
    edit(&mut world, &asked(id, Edit::MergeMetadata(pairs(&[("a", "1")])))).unwrap();
    let reason = Some(Arc::from("do not touch"));
    let locked = edit(&mut world, &asked(id, Edit::Lock { reason })).unwrap();
    assert!(locked.is_locked());
    for action in [Action::RebootSoft, Action::RebootHard, Action::Stop, Action::Delete] {
        assert_eq!(refused(world.change(action, id)), Refusal::Locked { server: id });
    }
    for metadata in [
        Edit::MergeMetadata(pairs(&[("b", "2")])),
        Edit::ReplaceMetadata(BTreeMap::new()),
        Edit::DropMetadata(Arc::from("a")),
    ] {
        let refused = edit(&mut world, &asked(id, metadata.clone()));
        assert_eq!(refused, Err(Refusal::Locked { server: id }), "{metadata:?}");
        edit(&mut world, &by_admin(id, metadata)).expect("an administrator may");
        edit(&mut world, &by_admin(id, Edit::MergeMetadata(pairs(&[("a", "1")])))).unwrap();
    }
    let name = Changes { name: Some(Arc::from("db")), ..Changes::default() };
    for description in [
        Edit::Update(Box::new(name)),
        Edit::AddTag(Arc::from("web")),
        Edit::DropTag(Arc::from("web")),
        Edit::ReplaceTags(words(&["db"])),
    ] {
        let edited = edit(&mut world, &asked(id, description)).expect("it only describes it");
        assert!(edited.is_locked());
    }
    let reboot = world.request(BLUE, None, RequestBody::act(Action::RebootSoft, id));
    let reboot = Request { privileged: true, ..reboot };
    assert!(matches!(world.send(&reboot), Decision::Accepted(_)));
    edit(&mut world, &asked(id, Edit::Unlock)).expect("its owner locked it");
    accepted(world.change(Action::Delete, id));
}

#[test]
fn an_administrators_lock_is_not_its_owners_to_open() {
    let (mut world, id) = world();
    edit(&mut world, &by_admin(id, Edit::Lock { reason: None })).unwrap();
    assert_eq!(edit(&mut world, &asked(id, Edit::Unlock)), Err(Refusal::Locked { server: id }));
    let again = Edit::Lock { reason: Some(Arc::from("mine")) };
    edit(&mut world, &asked(id, again)).unwrap();
    assert_eq!(edit(&mut world, &asked(id, Edit::Unlock)), Err(Refusal::Locked { server: id }));
    edit(&mut world, &by_admin(id, Edit::Unlock)).unwrap();
    assert!(!world.server(id).is_locked());
}

/// What a worker brings back must not undo what was edited meanwhile.
#[test]
fn an_edit_outlives_what_runs() {
    let (mut world, id) = world();
    accepted(world.change(Action::RebootSoft, id));
    let claim = world.claim();
    edit(&mut world, &asked(id, Edit::AddTag(Arc::from("web")))).unwrap();
    world.succeed(&claim);
    assert_eq!(details(world.server(id)).tags, words(&["web"]));
}

#[test]
fn a_create_brings_what_its_servers_carry_and_when_they_were_launched() {
    let mut world = World::new(config());
    let RequestBody::Create(mut create) = world.servers(2, 2, crate::support::SMALL) else {
        panic!("a create");
    };
    let carried = |tag: &str| Arc::new(Details { tags: words(&[tag]), ..Details::default() });
    create.details = vec![carried("one"), carried("two")];
    let ids: Vec<ServerId> = create.servers.iter().map(|(id, _)| *id).collect();
    let request = world.request(BLUE, None, RequestBody::Create(create));
    accepted(world.send(&request));
    assert_eq!(world.server(ids[0]).launched, None);
    let ready = world.now;
    world.run_all();
    for (id, tag) in ids.iter().zip(["one", "two"]) {
        let server = world.server(*id);
        assert_eq!(details(server).tags, words(&[tag]));
        assert_eq!((server.launched, server.created_by), (Some(ready), request.client));
    }
}

#[test]
fn an_edit_is_one_change_in_the_order_of_events() {
    let mut world = World::new(config());
    let id = world.active();
    let sequence = world.events.last().expect("events").sequence;
    let request = asked(id, Edit::AddTag(Arc::from("web")));
    let (effects, _) = world.fleet.edit(&request, world.now).expect("it may");
    let change = effects.change.expect("a change");
    assert_eq!(
        (change.sequence, change.at, change.cause),
        (sequence + 1, world.now, Cause::Edited)
    );
    assert_eq!((change.request, change.client), (Some(request.id), Some(request.client)));
    assert_eq!((change.project, change.server), (BLUE, id));
    assert_eq!((change.from, change.to), (world.server(id).state(), world.server(id).state()));
    accepted(world.change(Action::Stop, id));
    assert_eq!(world.events.last().expect("events").sequence, sequence + 2);
}

#[test]
fn a_server_carries_no_more_metadata_than_its_project_may_have() {
    let (mut world, id) = world();
    let mut try_it = |most, change: Edit| {
        let request = EditRequest { most_metadata: Some(most), ..asked(id, change) };
        edit(&mut world, &request).map(|server| details(&server).metadata.len())
    };
    let merge = |names: &[(&str, &str)]| Edit::MergeMetadata(pairs(names));
    let set = |names: &[(&str, &str)]| {
        Edit::Update(Box::new(Changes { metadata: Some(pairs(names)), ..Changes::default() }))
    };
    assert_eq!(try_it(1, merge(&[("a", "1")])), Ok(1));
    assert_eq!(try_it(1, merge(&[("a", "2")])), Ok(1), "none is new");
    for more in [
        merge(&[("b", "1")]),
        Edit::ReplaceMetadata(pairs(&[("a", "1"), ("b", "1")])),
        set(&[("a", "1"), ("b", "1")]),
    ] {
        let refused = try_it(1, more).expect_err("over quota");
        let text = "Quota exceeded for metadata_items: Requested 2, but already used 0 of 1";
        assert!(refused.to_string().starts_with(text), "{refused}");
    }
    assert_eq!(try_it(2, merge(&[("b", "1")])), Ok(2));
    // What it carries beyond a limit that was lowered it goes on carrying.
    assert_eq!(try_it(0, Edit::AddTag(Arc::from("x"))), Ok(2));
    // No quota lets it carry more than any may.
    let many: Vec<String> = (0..=METADATA_MAX).map(|number| number.to_string()).collect();
    let many = many.iter().map(|name| (Arc::from(name.as_str()), Arc::from(""))).collect();
    assert!(try_it(usize::MAX, Edit::ReplaceMetadata(many)).is_err());
}
