//! Tokens counted and ended by who keeps the service running; none is ever shown.

use super::error::AccountError;
use super::rows;
use super::service::Accounts;

impl Accounts {
    /// How many tokens of a user are good, or have expired and were not yet forgotten.
    pub fn tokens_of(&self, user: usize) -> usize {
        self.tokens.count_of(user)
    }

    /// Makes all tokens of a user worth nothing, or those for one project, durably: gives how many there
    /// were. A token that was got by one of them ends with it.
    ///
    /// # Errors
    /// It cannot be recorded at present: they are worth nothing until the next start.
    pub async fn end_tokens(
        &self,
        user: usize,
        project: Option<usize>,
    ) -> Result<usize, AccountError> {
        let ended = self.tokens.end_of(user, project);
        // Records are written in order: with the last one all are.
        if let Some((last, others)) = ended.split_last() {
            for digest in others {
                self.records.write_unawaited(rows::token_removed(digest));
            }
            self.records.write(rows::token_removed(last)).await?;
        }
        Ok(ended.len())
    }
}
