//! What can be asked for.

use serde::Serialize;

use crate::state::text_enum;

text_enum!(
    /// What a request asks for.
    Action {
        /// Make a server.
        Create = "create",
        /// Ask the guest to restart.
        RebootSoft = "reboot",
        /// Cut and restore the power.
        RebootHard = "reboot_hard",
        /// Power on.
        Start = "start",
        /// Power off.
        Stop = "stop",
        /// Remove.
        Delete = "delete",
        /// Give it another size, and keep the old one until that is confirmed.
        Resize = "resize",
        /// Keep the new size and give the old one up.
        ConfirmResize = "confirm_resize",
        /// Go back to the old size.
        RevertResize = "revert_resize",
        /// Freeze in memory.
        Pause = "pause",
        /// Go on after a pause.
        Unpause = "unpause",
        /// Write its memory to disk and stop.
        Suspend = "suspend",
        /// Go on after a suspend.
        Resume = "resume",
        /// Make its disk anew, from the same image or another.
        Rebuild = "rebuild",
        /// Boot from another image, with its own disk beside.
        Rescue = "rescue",
        /// Boot from its own disk again.
        Unrescue = "unrescue",
        /// Stop it and keep its disk as an image.
        Shelve = "shelve",
        /// Give up the host of a shelved server.
        ShelveOffload = "shelve_offload",
        /// Make a shelved server run again, on a host that is found anew if it has none.
        Unshelve = "unshelve",
        /// Make an image of its disk.
        CreateImage = "create_image",
        /// Make an image of its disk, one of a row of which the oldest goes.
        CreateBackup = "create_backup",
        /// Set its administrator's password.
        ChangePassword = "change_password",
        /// Power off, and be deleted after a while unless it is restored.
        SoftDelete = "soft_delete",
        /// Take back a soft delete.
        Restore = "restore",
        /// Move to another host, powered off meanwhile, and keep the old place until that is
        /// confirmed.
        Migrate = "migrate",
        /// Move to another host while it runs.
        LiveMigrate = "live_migrate",
        /// Be made anew on another host, as its own is down.
        Evacuate = "evacuate",
        /// Say that it is ACTIVE, whatever it is.
        ResetActive = "reset_active",
        /// Say that it is in ERROR, whatever it is.
        ResetError = "reset_error",
        /// Have its kernel write a dump of its memory.
        CrashDump = "crash_dump",
        /// Stop a live migration that is on its way: it stays where it is.
        AbortMigration = "abort_migration",
    }
);

impl Action {
    /// The actions of the lab: what mixes, traces and profiles name.
    pub const LAB: &[Self] =
        &[Self::Create, Self::RebootSoft, Self::RebootHard, Self::Start, Self::Stop, Self::Delete];

    /// Nova's word for the action in its sentences and in its list of instance actions: both
    /// reboots are `reboot` (`nova.compute.instance_actions`).
    pub const fn verb(self) -> &'static str {
        match self {
            Self::RebootHard => "reboot",
            Self::SoftDelete => "delete",
            Self::ConfirmResize => "confirmResize",
            Self::RevertResize => "revertResize",
            Self::ShelveOffload => "shelveOffload",
            Self::CreateImage => "createImage",
            Self::CreateBackup => "createBackup",
            Self::ChangePassword => "changePassword",
            Self::LiveMigrate => "live-migration",
            Self::ResetActive | Self::ResetError => "os-resetState",
            Self::CrashDump => "trigger_crash_dump",
            Self::AbortMigration => "live_migration_cancel",
            other => other.as_str(),
        }
    }
}
