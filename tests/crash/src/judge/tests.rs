//! Histories made by hand: what is broken is found, and what may be either way is not.

use super::*;

const ID: &str = "id-1";
const NAME: &str = "crash-0-1";

fn action(request: &str, action: &str, result: Option<&str>) -> Action {
    let result = result.map(str::to_owned);
    Action { request: request.to_owned(), action: action.to_owned(), result }
}

fn row(id: &str, name: &str, status: &str) -> Row {
    let (id, name, status) = (id.to_owned(), name.to_owned(), status.to_owned());
    Row { id, name, status, ..Row::default() }
}

/// A history with one server whose create was acknowledged.
fn created() -> History {
    let mut history = History::default();
    history.creating(NAME, true);
    history.created(NAME, ID, Some("req-create"));
    history
}

/// A service that has these servers, each with a create that succeeded, and all has ended.
fn look(rows: &[Row]) -> Look {
    let mut look = Look { used: Some(rows.len() as u64), all_ended: true, ..Look::default() };
    for row in rows {
        let actions = vec![action("req-create", "create", Some("Success"))];
        look.shown.insert(row.id.clone(), Shown { row: Some(row.clone()), actions });
        look.listed.push(row.clone());
    }
    look
}

/// A service where the server is gone.
fn gone() -> Look {
    let mut look = look(&[]);
    look.shown.insert(ID.to_owned(), Shown::default());
    look
}

fn kinds(history: &mut History, look: &Look) -> Vec<Kind> {
    judge(history, look).into_iter().map(|violation| violation.kind).collect()
}

#[test]
fn what_was_acknowledged_and_is_there_is_fine() {
    let mut history = created();
    let look = look(&[row(ID, NAME, "ACTIVE")]);
    assert_eq!(kinds(&mut history, &look), []);
    assert_eq!(kinds(&mut history, &look), [], "and stays so");
}

#[test]
fn a_lost_create_is_found_once() {
    let mut history = created();
    assert_eq!(kinds(&mut history, &gone()), [Kind::Lost]);
    assert_eq!(kinds(&mut history, &look(&[])), []);
}

#[test]
fn a_lost_create_is_found_by_a_read() {
    let mut history = created();
    let sent = history.tick();
    history.saw(ID, sent, Seen::Gone);
    assert_eq!(history.violations[0].kind, Kind::Lost);
    assert!(history.fleet.is_empty());
}

#[test]
fn a_create_without_an_answer_may_be_there_or_not() {
    for there in [true, false] {
        let mut history = History::default();
        history.creating(NAME, false);
        let now = if there { look(&[row(ID, NAME, "ACTIVE")]) } else { look(&[]) };
        assert_eq!(kinds(&mut history, &now), []);
        // From then on it is settled.
        let other = if there { gone() } else { look(&[row(ID, NAME, "ACTIVE")]) };
        let expected = if there { Kind::Lost } else { Kind::Stranger };
        assert_eq!(kinds(&mut history, &other), [expected], "there: {there}");
    }
}

#[test]
fn a_delete_without_an_answer_may_have_happened_or_not() {
    for there in [true, false] {
        let mut history = created();
        history.deleting(ID);
        let now = if there { look(&[row(ID, NAME, "ACTIVE")]) } else { gone() };
        assert_eq!(kinds(&mut history, &now), []);
    }
}

#[test]
fn a_deleted_server_that_is_there_is_found() {
    let mut history = created();
    history.deleting(ID);
    history.deleted(ID);
    assert_eq!(kinds(&mut history, &look(&[row(ID, NAME, "ACTIVE")])), [Kind::Resurrected]);
}

#[test]
fn a_server_that_is_being_deleted_is_fine_until_it_must_be_gone() {
    let mut history = created();
    history.deleting(ID);
    history.deleted(ID);
    let going = Row { task_state: Some("deleting".to_owned()), ..row(ID, NAME, "ACTIVE") };
    let mut look = look(&[going]);
    look.all_ended = false;
    assert_eq!(kinds(&mut history, &look), []);
    look.all_ended = true;
    assert_eq!(kinds(&mut history, &look), [Kind::Endless]);
}

#[test]
fn a_delete_that_failed_leaves_the_server() {
    let mut history = created();
    history.deleting(ID);
    history.deleted(ID);
    let mut look = look(&[row(ID, NAME, "ERROR")]);
    let failed = action("req-delete", "delete", Some("Error"));
    look.shown.get_mut(ID).expect("it is there").actions.push(failed);
    assert_eq!(kinds(&mut history, &look), []);
}

#[test]
fn a_resurrected_server_is_found() {
    let mut history = created();
    history.deleting(ID);
    history.deleted(ID);
    assert_eq!(kinds(&mut history, &gone()), []);
    let found = kinds(&mut history, &look(&[row(ID, NAME, "ACTIVE")]));
    assert!(found.contains(&Kind::Resurrected), "{found:?}");
}

#[test]
fn a_read_that_was_on_its_way_is_no_resurrection() {
    let mut history = created();
    history.deleting(ID);
    let early = history.tick();
    let sent = history.tick();
    history.saw(ID, sent, Seen::Gone);
    history.saw(ID, early, Seen::Status("ACTIVE"));
    assert_eq!(history.violations, []);
    let late = history.tick();
    history.saw(ID, late, Seen::There);
    assert_eq!(history.violations[0].kind, Kind::Resurrected);
}

#[test]
fn a_doubled_key_is_found() {
    let mut history = created();
    let mut both = look(&[row(ID, NAME, "ACTIVE"), row("id-2", NAME, "ACTIVE")]);
    assert_eq!(kinds(&mut history, &both), [Kind::Doubled]);
    let mut history = created();
    history.created(NAME, "id-2", None);
    both.used = Some(2);
    assert_eq!(kinds(&mut history, &both), [Kind::Doubled], "two answers say it too");
}

#[test]
fn a_server_listed_twice_is_found() {
    let mut history = created();
    let twice = look(&[row(ID, NAME, "ACTIVE"), row(ID, NAME, "ACTIVE")]);
    assert_eq!(kinds(&mut history, &twice), [Kind::Doubled]);
}

#[test]
fn an_address_of_two_servers_is_found() {
    let mut history = created();
    history.creating("crash-0-2", false);
    let with = |id, name| Row { addresses: vec!["10.0.0.7".to_owned()], ..row(id, name, "ACTIVE") };
    let both = look(&[with(ID, NAME), with("id-2", "crash-0-2")]);
    assert_eq!(kinds(&mut history, &both), [Kind::Address]);
}

#[test]
fn a_repeat_answered_with_another_server_is_found() {
    let mut history = created();
    history.repeated(NAME, "id-2");
    assert_eq!(kinds(&mut history, &look(&[row(ID, NAME, "ACTIVE")])), [Kind::Doubled]);
}

#[test]
fn a_stranger_and_a_refused_create_are_found() {
    let mut history = History::default();
    assert_eq!(kinds(&mut history, &look(&[row(ID, "other", "ACTIVE")])), [Kind::Stranger]);
    history.creating(NAME, false);
    history.create_refused(NAME);
    assert_eq!(kinds(&mut history, &look(&[row(ID, NAME, "ACTIVE")])), [Kind::Stranger]);
}

#[test]
fn a_missing_edit_is_found_and_an_unknown_one_may_be_either() {
    let with = |value: Option<&str>| {
        let metadata = value.map(|value| ("c0".to_owned(), value.to_owned())).into_iter().collect();
        look(&[Row { metadata, ..row(ID, NAME, "ACTIVE") }])
    };
    let edits = [("1", Fate::Unknown), ("2", Fate::Acknowledged), ("3", Fate::Unknown)];
    for (value, sent, fine) in [
        (None, 1, true),
        (Some("1"), 1, true),
        (None, 2, false),
        (Some("1"), 2, false),
        (Some("2"), 2, true),
        (Some("2"), 3, true),
        (Some("3"), 3, true),
        (Some("1"), 3, false),
        (Some("9"), 3, false),
    ] {
        let mut history = created();
        for (value, fate) in &edits[..sent] {
            history.edited(ID, "c0", value, *fate);
        }
        let expected = if fine { vec![] } else { vec![Kind::MissingEdit] };
        assert_eq!(kinds(&mut history, &with(value)), expected, "{value:?} of {sent}");
    }
    let mut history = created();
    history.edited(ID, "c0", "1", Fate::Acknowledged);
    history.edited(ID, "c0", "2", Fate::Unknown);
    assert_eq!(kinds(&mut history, &with(Some("2"))), []);
    assert_eq!(kinds(&mut history, &with(Some("1"))), [Kind::MissingEdit], "it was there");
}

#[test]
fn endless_build_and_an_endless_action_are_found() {
    let mut history = created();
    let mut look = look(&[row(ID, NAME, "BUILD")]);
    look.shown.get_mut(ID).expect("it is there").actions[0].result = None;
    look.all_ended = false;
    assert_eq!(kinds(&mut history, &look), [], "it has time");
    look.all_ended = true;
    assert_eq!(kinds(&mut history, &look), [Kind::Endless, Kind::Endless]);
}

#[test]
fn build_after_active_is_found() {
    let mut history = created();
    let early = history.tick();
    let sent = history.tick();
    history.saw(ID, sent, Seen::Status("ACTIVE"));
    history.saw(ID, early, Seen::Status("BUILD"));
    assert_eq!(history.violations, [], "it was sent before");
    let late = history.tick();
    history.saw(ID, late, Seen::Status("BUILD"));
    assert_eq!(history.violations[0].kind, Kind::WentBack);
}

#[test]
fn a_missing_action_and_one_that_ended_twice_are_found() {
    let mut history = created();
    history.acknowledged(ID, "req-stop");
    let mut look = look(&[row(ID, NAME, "SHUTOFF")]);
    assert_eq!(kinds(&mut history, &look), [Kind::MissingAction]);
    let shown = look.shown.get_mut(ID).expect("it is there");
    shown.actions.push(action("req-stop", "stop", Some("Success")));
    assert_eq!(kinds(&mut history, &look), []);
    look.shown.get_mut(ID).expect("it is there").actions[1].result = Some("Error".to_owned());
    assert_eq!(kinds(&mut history, &look), [Kind::ChangedAction]);
}

#[test]
fn two_creates_of_one_server_are_found() {
    let mut history = created();
    let mut look = look(&[row(ID, NAME, "ACTIVE")]);
    let again = action("req-again", "create", Some("Success"));
    look.shown.get_mut(ID).expect("it is there").actions.push(again);
    assert_eq!(kinds(&mut history, &look), [Kind::MissingAction]);
}

#[test]
fn usage_that_is_not_the_number_of_servers_is_found() {
    let mut history = created();
    let mut look = look(&[row(ID, NAME, "ACTIVE")]);
    look.used = Some(2);
    assert_eq!(kinds(&mut history, &look), [Kind::Usage]);
}
