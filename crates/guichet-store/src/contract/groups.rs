//! Server groups: rows beside servers, and who is in them.

use std::sync::Arc;

use guichet_core::action::Action;
use guichet_core::details::Details;
use guichet_core::group::{GroupRequest, Policy, ServerGroup};
use guichet_core::ids::{GroupId, ProjectId, UserId};
use guichet_core::refusal::{Refusal, RefusalKind};
use guichet_core::request::RequestBody;
use guichet_core::time::VIRTUAL_START;

use super::bench::Bench;
use super::fixtures::{Setup, answer};

const BLUE: ProjectId = ProjectId(0);
const RED: ProjectId = ProjectId(1);

type Made = Result<Arc<ServerGroup>, Refusal>;

/// A group of this number, project and policy.
pub fn group(number: u128, project: ProjectId, policy: Policy) -> ServerGroup {
    ServerGroup {
        id: GroupId::from_bits(number),
        project,
        user: UserId(1),
        name: Arc::from("\"web\" ☃"),
        policy,
        has_rules: matches!(policy, Policy::AntiAffinity { .. }),
        created: VIRTUAL_START,
    }
}

fn create(bench: &Bench, new: ServerGroup) -> Made {
    answer(bench.store.change_group(&GroupRequest::create(Arc::new(new))))
}

fn delete(bench: &Bench, project: ProjectId, number: u128) -> Made {
    let id = GroupId::from_bits(number);
    answer(bench.store.change_group(&GroupRequest::Delete { project, id }))
}

pub(super) fn a_group_is_read_back_until_it_is_deleted(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let wanted = group(1, BLUE, Policy::AntiAffinity { max_per_host: 3 });
    let made = create(&bench, wanted.clone()).expect("it may");
    assert_eq!(*made, wanted);
    let other = create(&bench, group(2, RED, Policy::SoftAffinity)).expect("it may");
    // An answer is given when readers see what it says.
    assert_eq!(bench.store.group(wanted.id).as_deref(), Some(&wanted));
    assert_eq!(bench.store.groups(Some(BLUE), None), [Arc::clone(&made)]);
    assert_eq!(bench.store.groups(None, None).len(), 2);
    let behind = bench.store.groups(None, Some(made.id.min(other.id)));
    assert_eq!(behind.iter().map(|row| row.id).collect::<Vec<_>>(), [made.id.max(other.id)]);
    bench.audit();
    assert_eq!(delete(&bench, BLUE, 1), Ok(made));
    assert!(bench.store.group(wanted.id).is_none());
    assert!(bench.store.groups(Some(BLUE), None).is_empty());
    bench.audit();
}

pub(super) fn a_refused_group_changes_nothing(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    create(&bench, group(1, BLUE, Policy::Affinity)).expect("it may");
    let before = bench.store.groups(None, None);
    let refused = [
        (create(&bench, group(1, RED, Policy::Affinity)), RefusalKind::Conflict),
        (delete(&bench, RED, 1), RefusalKind::NotFound),
        (delete(&bench, BLUE, 2), RefusalKind::NotFound),
    ];
    for (refused, kind) in refused {
        assert_eq!(refused.map_err(|refusal| refusal.kind()), Err(kind));
    }
    assert_eq!(bench.store.groups(None, None), before);
    bench.audit();
}

pub(super) fn a_group_has_the_servers_that_exist(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let apart = group(1, BLUE, Policy::AntiAffinity { max_per_host: 1 });
    let id = apart.id;
    create(&bench, apart).expect("it may");
    let mut request = bench.create_many(0, 3, 3);
    let RequestBody::Create(create) = &mut request.body else { unreachable!("it is a create") };
    let details = Arc::new(Details { group: Some(id), ..Details::default() });
    create.details = create.servers.iter().map(|_| Arc::clone(&details)).collect();
    let made = bench.accept(&request);
    let mut expected: Vec<_> = made.operations.iter().map(|operation| operation.server).collect();
    expected.sort_unstable();
    assert_eq!(bench.store.members(id), expected, "of one instant, by their ids");
    bench.run_everything();
    let shown: Vec<_> = expected.iter().filter_map(|id| bench.store.server(*id)).collect();
    let mut hosts: Vec<_> = shown.iter().filter_map(|server| server.host).collect();
    hosts.sort_unstable();
    hosts.dedup();
    assert_eq!(hosts.len(), 3, "each on a host of its own");
    bench.ask(0, Action::Delete, expected[0]);
    bench.run_everything();
    bench.shows(expected[0], None);
    assert_eq!(bench.store.members(id), expected[1..]);
    bench.audit();
}
