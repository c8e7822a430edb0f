//! The policies of actions, and the problem of one that is not done.

use guichet_cloud::servers::ServerError;
use guichet_core::action::Action;

use crate::compute::servers::problem;
use crate::http::problem::Problem;

/// The problem of an action that is not done.
pub(super) fn refused(error: ServerError, action: Action) -> Problem {
    problem::of_server(error, policy(action))
}

/// The policy that lets one do an action (`nova.policies`).
const fn policy(action: Action) -> &'static str {
    match action {
        Action::Create => "os_compute_api:servers:create",
        Action::RebootSoft | Action::RebootHard => "os_compute_api:servers:reboot",
        Action::Start => "os_compute_api:servers:start",
        Action::Stop => "os_compute_api:servers:stop",
        Action::Delete | Action::SoftDelete => "os_compute_api:servers:delete",
        Action::Resize => "os_compute_api:servers:resize",
        Action::ConfirmResize => "os_compute_api:servers:confirm_resize",
        Action::RevertResize => "os_compute_api:servers:revert_resize",
        Action::Pause => "os_compute_api:os-pause-server:pause",
        Action::Unpause => "os_compute_api:os-pause-server:unpause",
        Action::Suspend => "os_compute_api:os-suspend-server:suspend",
        Action::Resume => "os_compute_api:os-suspend-server:resume",
        Action::Rebuild => "os_compute_api:servers:rebuild",
        Action::Rescue => "os_compute_api:os-rescue",
        Action::Unrescue => "os_compute_api:os-unrescue",
        Action::Shelve => "os_compute_api:os-shelve:shelve",
        Action::ShelveOffload => "os_compute_api:os-shelve:shelve_offload",
        Action::Unshelve => "os_compute_api:os-shelve:unshelve",
        Action::CreateImage => "os_compute_api:servers:create_image",
        Action::CreateBackup => "os_compute_api:os-create-backup",
        Action::ChangePassword => "os_compute_api:os-admin-password",
        Action::Restore => "os_compute_api:os-deferred-delete:restore",
        Action::Migrate => "os_compute_api:os-migrate-server:migrate",
        Action::LiveMigrate => "os_compute_api:os-migrate-server:migrate_live",
        Action::Evacuate => "os_compute_api:os-evacuate",
        Action::ResetActive | Action::ResetError => "os_compute_api:os-admin-actions:reset_state",
        Action::CrashDump => "os_compute_api:servers:trigger_crash_dump",
        Action::AbortMigration => "os_compute_api:servers:migrations:delete",
    }
}
