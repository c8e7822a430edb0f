//! Passwords of users that are declared without one: drawn at the first start, shown once, and
//! from then on known by their hashes alone.

use std::fmt;
use std::sync::Arc;

use guichet_store::journal::StoredRecord;

use super::declared::Declared;
use crate::accounts;
use crate::random::random_text;

/// Bytes of a drawn password: 144 bits, which nobody guesses.
const PASSWORD_BYTES: usize = 18;

/// Which users have passwords that were drawn.
#[derive(Clone, Default)]
pub struct Drawn {
    /// Users with the passwords drawn now: to be shown once.
    pub now: Vec<(Arc<str>, String)>,
    /// Users whose passwords were drawn, and shown, at an earlier start.
    pub before: Vec<Arc<str>>,
}

impl fmt::Debug for Drawn {
    /// Without the passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let now: Vec<&Arc<str>> = self.now.iter().map(|(user, _)| user).collect();
        f.debug_struct("Drawn").field("now", &now).field("before", &self.before).finish()
    }
}

impl Declared {
    /// Draws a password for each user without one, unless one drawn at an earlier start is among
    /// what was found.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn draw_passwords(&mut self, found: &[StoredRecord]) -> Result<Drawn, getrandom::Error> {
        let mut drawn = Drawn::default();
        for user in self.users.iter_mut().filter(|user| user.password.is_none()) {
            if accounts::has_password(found, &user.id) {
                drawn.before.push(Arc::clone(&user.name));
                continue;
            }
            let password = random_text::<PASSWORD_BYTES>()?;
            user.password = Some(password.clone());
            user.is_drawn = true;
            drawn.now.push((Arc::clone(&user.name), password));
        }
        Ok(drawn)
    }

    /// Declares the passwords that were drawn of it: whoever opens a cloud of it again has the same.
    pub fn set_passwords(&mut self, drawn: &Drawn) {
        for user in &mut self.users {
            let of_user = drawn.now.iter().find(|(name, _)| *name == user.name);
            if let (None, Some((_, password))) = (&user.password, of_user) {
                user.password = Some(password.clone());
            }
        }
    }
}
