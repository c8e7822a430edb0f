//! Edits: one step each, whoever else edits meanwhile.

use std::sync::{Arc, Barrier};
use std::thread;

use guichet_core::edit::{Edit, EditRequest};
use guichet_core::ids::{ClientId, ProjectId, RequestId, ServerId};
use guichet_core::limits;
use guichet_core::refusal::Refusal;

use super::bench::Bench;
use super::fixtures::{Setup, answer};

fn tag(server: ServerId, tag: String) -> EditRequest {
    let edit = Edit::AddTag(Arc::from(tag));
    let (id, client) = (RequestId::from_bits(77), ClientId(3));
    EditRequest {
        id,
        client,
        project: ProjectId(0),
        server,
        privileged: false,
        most_metadata: None,
        edit,
    }
}

pub(super) fn an_edit_is_read_back(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let id = bench.active(0);
    let edited = answer(bench.store.edit(&tag(id, "web".to_owned()))).expect("it may");
    let read = bench.store.server(id).expect("it is there");
    assert_eq!(edited.details, read.details);
    assert!(read.details.is_some());
    bench.audit();
}

pub(super) fn a_refused_edit_changes_nothing(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let id = bench.active(0);
    let before = bench.store.server(id);
    let foreign = EditRequest { project: ProjectId(1), ..tag(id, "web".to_owned()) };
    let refused = answer(bench.store.edit(&foreign));
    assert_eq!(refused.err(), Some(Refusal::NotFound { server: id }));
    assert_eq!(bench.store.server(id), before);
    bench.audit();
}

/// Each adds a tag of its own to what the others added: none is lost, and none is too many.
pub(super) fn parallel_edits_lose_nothing(setup: Setup<'_>) {
    let bench = Bench::usual(setup);
    let id = bench.active(0);
    let crowd = limits::TAGS_MAX + 14;
    let start = Barrier::new(crowd);
    let accepted = thread::scope(|scope| {
        let edits: Vec<_> = (0..crowd)
            .map(|n| {
                let (bench, start) = (&bench, &start);
                scope.spawn(move || {
                    start.wait();
                    answer(bench.store.edit(&tag(id, format!("tag-{n}")))).is_ok()
                })
            })
            .collect();
        edits.into_iter().map(|edit| edit.join().expect("no panic")).filter(|ok| *ok).count()
    });
    let server = bench.store.server(id).expect("it is there");
    let tags = server.details.as_ref().map_or(0, |details| details.tags.len());
    assert_eq!((accepted, tags), (limits::TAGS_MAX, limits::TAGS_MAX));
    bench.audit();
}
