//! The suite every store must pass. A store's own tests call [`run_all`] with a closure that
//! makes an empty store for a configuration and a clock; each check makes its own.
//!
//! The clock stands still unless a check moves it. Answers are waited for on the calling thread,
//! so the suite runs on a plain thread, not inside a runtime. What readers see may come a little
//! later than an answer (a store publishes what is durable), so it is waited for with a deadline.
//!
//! | module | what is checked |
//! | --- | --- |
//! | `life` | accept, claim, finish; states; refusals; repeats |
//! | `fence` | late and second outcomes; cancelled calls; grace |
//! | `race` | many threads on one server and on one quota |
//! | `traffic` | many threads on everything |
//! | `expiry` | states that time ends |
//! | `edits` | what is changed without anything being run |
//! | `credentials` | application credentials: rows beside servers |
//! | `key_pairs` | key pairs: rows of the same sort |
//! | `groups` | server groups: rows of the same sort, and who is in them |
//! | `watch` | completions |
//! | `events` | the hub's order |
//! | `list` | pages |
//! | `figures` | operations, positions, usage, sums |
//! | `reference` | step by step against a bare [`guichet_core::fleet::Fleet`] |

mod bench;
mod clock;
mod credentials;
mod edits;
mod events;
mod expiry;
mod fence;
mod figures;
mod fixtures;
mod groups;
mod key_pairs;
mod life;
mod list;
mod race;
mod reference;
mod traffic;
mod watch;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub use clock::ManualClock;
pub use credentials::credential;
pub use fixtures::Setup;
pub use groups::group;
pub use key_pairs::key_pair;

/// One thing every store must do.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// What holds if it passes.
    pub name: &'static str,
    /// Panics if it does not hold.
    pub run: fn(Setup<'_>),
}

/// Lists checks by the names of their functions.
macro_rules! checks {
    ($( $module:ident :: $name:ident, )*) => {
        /// All checks, in the order in which they are run.
        pub const CHECKS: &[Check] = &[
            $( Check { name: stringify!($name), run: $module::$name }, )*
        ];
    };
}

checks! {
    life::a_server_lives_through_visible_states,
    life::a_transient_failure_waits_for_its_pause,
    life::attempts_are_counted_and_end,
    life::a_create_without_a_host_fails_at_once,
    life::a_refusal_changes_nothing,
    life::a_full_queue_refuses_and_changes_nothing,
    life::a_repeated_key_has_the_first_answer,
    life::a_key_is_forgotten_after_a_day,
    life::a_second_delete_has_the_first_answer,
    life::a_delete_of_an_untouched_server_settles_at_once,
    fence::a_second_outcome_changes_nothing,
    fence::an_old_attempts_outcome_leaves_the_new_one_alone,
    fence::an_old_outcome_leaves_the_workers_next_call_stoppable,
    fence::a_delete_stops_the_running_call_and_waits_for_it,
    fence::a_delete_waits_for_a_stuck_call_no_longer_than_the_grace,
    fence::a_delete_takes_the_place_of_a_queued_operation,
    fence::a_hard_reboot_stops_a_reboot,
    fence::a_deleted_server_stays_deleted,
    race::many_deletes_have_one_effect,
    race::deletes_race_a_worker,
    race::a_quota_holds_under_parallel_creates,
    traffic::random_traffic_keeps_every_invariant,
    expiry::time_ends_a_state_once,
    expiry::a_look_for_work_says_when_a_state_ends,
    edits::an_edit_is_read_back,
    edits::a_refused_edit_changes_nothing,
    edits::parallel_edits_lose_nothing,
    credentials::a_credential_is_read_back_until_it_is_deleted,
    credentials::a_refused_credential_changes_nothing,
    credentials::a_user_has_so_many_credentials_and_no_more,
    credentials::a_name_is_given_once_under_a_crowd,
    key_pairs::a_key_pair_is_read_back_until_it_is_deleted,
    key_pairs::a_refused_key_pair_changes_nothing,
    key_pairs::a_user_has_so_many_key_pairs_and_no_more,
    key_pairs::a_key_pairs_name_is_given_once_under_a_crowd,
    groups::a_group_is_read_back_until_it_is_deleted,
    groups::a_refused_group_changes_nothing,
    groups::a_group_has_the_servers_that_exist,
    watch::watchers_are_answered_once_each,
    watch::a_finished_operation_is_answered_at_once,
    watch::an_unknown_operation_is_not_watched,
    watch::a_retry_is_not_an_end,
    watch::completions_are_in_the_order_of_the_answer,
    watch::a_repeat_is_answered_with_the_first_end,
    watch::who_is_called_at_the_end_is_called_once,
    events::each_transition_has_one_event_in_order,
    events::events_of_parallel_work_are_dense_and_in_order,
    list::servers_are_newest_first,
    list::pages_put_together_are_the_whole,
    list::every_order_has_every_server,
    list::a_page_has_its_limits,
    list::a_page_of_a_rare_status_is_short_and_says_where_to_go_on,
    list::a_long_list_takes_several_holds,
    list::a_filter_shows_only_that_status,
    list::a_marker_may_be_of_a_deleted_server,
    list::other_projects_stay_out_of_sight,
    list::the_last_deleted_come_first,
    list::the_last_to_change_come_first,
    figures::operations_are_oldest_first_and_bounded,
    figures::operations_of_a_deleted_server_are_remembered,
    figures::positions_are_the_order_of_claims,
    figures::only_ready_operations_have_a_position,
    figures::usage_follows_the_servers,
    figures::capacities_follow_the_servers,
    figures::figures_add_up,
    reference::the_store_says_what_the_rules_say,
}

/// Runs every check and panics with the names of all that failed; what each found stands above.
pub fn run_all(setup: Setup<'_>) {
    let failed: Vec<&str> = CHECKS
        .iter()
        .filter(|check| catch_unwind(AssertUnwindSafe(|| (check.run)(setup))).is_err())
        .map(|check| check.name)
        .collect();
    assert!(failed.is_empty(), "{} of {} checks failed: {failed:?}", failed.len(), CHECKS.len());
}
