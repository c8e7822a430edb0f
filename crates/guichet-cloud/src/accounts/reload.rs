//! What the accounts of a running cloud take over of another declaration.

use std::sync::Arc;

use guichet_store::journal::RecordChange;

use super::directory::{Directory, Project, User};
use super::rows;
use super::service::Accounts;
use crate::random::random;

/// Who there is from now on, in the order of the present positions, those that are new behind them.
pub(crate) struct NewAccounts {
    users: Vec<User>,
    projects: Vec<Project>,
    /// Passwords by position: of users that are new, in their order, and of those that have another.
    passwords: Vec<(usize, String)>,
    seed: [u8; 32],
}

impl NewAccounts {
    /// Draws what the passwords are hashed with.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub(crate) fn new(
        users: Vec<User>,
        projects: Vec<Project>,
        passwords: Vec<(usize, String)>,
    ) -> Result<Self, getrandom::Error> {
        Ok(Self { users, projects, passwords, seed: random()? })
    }
}

impl Accounts {
    /// Takes them over. The tokens of a user for a project in which it has a lesser role than they
    /// say end; those of who has another password stay good, as they do over a restart.
    pub(crate) fn take_over(&self, new: NewAccounts) {
        let NewAccounts { users, projects, passwords, seed } = new;
        let before = self.directory();
        let changed: Vec<usize> = passwords.iter().map(|(user, _)| *user).collect();
        self.drawn.change(|drawn| drawn.retain(|user| !changed.contains(user)));
        // A user can be found once it has a password.
        self.passwords.put(passwords, &seed);
        let now = Arc::new(Directory::new(users, projects));
        self.directory.replace(Arc::clone(&now));
        let pairs = before.users().iter().zip(now.users()).enumerate();
        let others = pairs.filter(|(_, (before, now))| before.grants != now.grants);
        let others: Vec<usize> = others.map(|(user, _)| user).collect();
        // Whoever asks for a token at this moment looks at the directory once more when it is there.
        self.tokens.end_where(&others, |session| !now.allows(session.user, session.project));
    }

    /// Removes the records of tokens that have ended, and of drawn passwords of these users, which
    /// have declared ones now. What cannot be removed is seen to at the next start.
    pub(crate) async fn remove_ended(&self, users: &[usize]) {
        let directory = self.directory();
        let users = users.iter().filter_map(|user| directory.user(*user));
        let mut removals: Vec<RecordChange> =
            users.map(|user| rows::password_removed(&user.id)).collect();
        removals.extend(self.tokens.take_all_ended().iter().map(rows::token_removed));
        let left = self.records.write_all(removals).await;
        if left > 0 {
            tracing::warn!(left, "what ended with the configuration is still recorded");
        }
    }
}
