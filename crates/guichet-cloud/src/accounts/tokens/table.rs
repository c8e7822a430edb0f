//! The table of tokens: who has which, in which order they were given and end, and which were got
//! by which.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use guichet_core::limits;
use guichet_core::time::Timestamp;

use crate::accounts::digest::Digest;
use crate::accounts::session::Session;

/// A token that is good.
struct Entry {
    session: Arc<Session>,
    /// Its number among all that were given.
    number: u64,
    /// Those that were got by it and have not ended, by number.
    children: BTreeMap<u64, Digest>,
}

/// The tokens of one user.
#[derive(Default)]
struct Share {
    /// By number: the oldest in front.
    tokens: BTreeMap<u64, Digest>,
    /// Places reserved for those that are being made durable: they count as tokens.
    reserved: usize,
}

impl Share {
    fn len(&self) -> usize {
        self.tokens.len() + self.reserved
    }
}

/// All tokens that are good.
#[derive(Default)]
pub(super) struct Table {
    /// By digest: who learns how long a look-up takes learns of a digest, never of a token.
    entries: HashMap<Digest, Entry>,
    /// The same, the first to expire in front.
    by_expiry: BTreeSet<(Timestamp, Digest)>,
    /// The same by user; nobody is in it who has none.
    shares: HashMap<usize, Share>,
    /// The number of the next one.
    next: u64,
    /// Reserved places of all users.
    reserved: usize,
    /// Those that have ended and whose records are still to be removed. Each token comes here once
    /// at most, and with each that is given more are taken than come in.
    ended: Vec<Digest>,
}

impl Table {
    /// The table of what was found at a start.
    pub(super) fn restored(mut found: Vec<(Digest, Session)>) -> Self {
        // Parents were given before their children.
        found.sort_by_key(|(digest, session)| (session.issued_at, *digest));
        let mut table = Self::default();
        for (digest, session) in found {
            table.make_place(session.user);
            let user = session.user;
            if !table.add(digest, Arc::new(session)) {
                table.ended.push(digest);
            }
            table.forget_if_empty(user);
        }
        table
    }

    /// How many there are, with those that are being made.
    pub(super) fn len(&self) -> usize {
        self.entries.len() + self.reserved
    }

    pub(super) fn session(&self, digest: &Digest) -> Option<&Arc<Session>> {
        self.entries.get(digest).map(|entry| &entry.session)
    }

    /// Reserves a place for one more of a user. False if its whole share is reserved.
    pub(super) fn reserve(&mut self, user: usize, now: Timestamp) -> bool {
        self.end_expired(now);
        let has_place = self.make_place(user);
        if has_place {
            self.shares.entry(user).or_default().reserved += 1;
            self.reserved += 1;
        }
        has_place
    }

    /// Gives a reserved place back, filled or not.
    pub(super) fn give_back(&mut self, user: usize) {
        if let Some(share) = self.shares.get_mut(&user) {
            share.reserved = share.reserved.saturating_sub(1);
            self.reserved = self.reserved.saturating_sub(1);
        }
        self.forget_if_empty(user);
    }

    /// Adds a token. False if the one it was got by is not there (any more).
    pub(super) fn add(&mut self, digest: Digest, session: Arc<Session>) -> bool {
        let number = self.next;
        if let Some(parent) = session.parent {
            let Some(parent) = self.entries.get_mut(&parent) else { return false };
            parent.children.insert(number, digest);
        }
        self.next += 1;
        self.by_expiry.insert((session.expires_at, digest));
        self.shares.entry(session.user).or_default().tokens.insert(number, digest);
        self.entries.insert(digest, Entry { session, number, children: BTreeMap::new() });
        true
    }

    /// Ends a token and all that were got by it. The record of the first is its caller's affair.
    pub(super) fn end(&mut self, digest: &Digest) {
        let mut ending = self.remove(digest);
        while let Some((_, child)) = ending.pop_first() {
            ending.append(&mut self.remove(&child));
            self.ended.push(child);
        }
    }

    /// How many a user has.
    pub(super) fn count_of(&self, user: usize) -> usize {
        self.shares.get(&user).map_or(0, |share| share.tokens.len())
    }

    /// Ends those of a user, or those that are for one project, with all that were got by them. The
    /// records of those that are given are the caller's affair.
    pub(super) fn end_of(&mut self, user: usize, project: Option<usize>) -> Vec<Digest> {
        let of = |session: &Session| session.project.map(|(project, _)| project);
        let found = self.matching(user, |session| project.is_none() || of(session) == project);
        // One may have ended with another that it was got by.
        found.iter().for_each(|digest| self.end(digest));
        found
    }

    /// As many that have ended as one request should see to, once there are so many.
    pub(super) fn take_ended(&mut self) -> Vec<Digest> {
        let rest = self.ended.len().checked_sub(limits::KEYS_EXPIRED_PER_STEP);
        rest.map(|rest| self.ended.split_off(rest)).unwrap_or_default()
    }

    /// All that have ended.
    pub(super) fn take_all_ended(&mut self) -> Vec<Digest> {
        std::mem::take(&mut self.ended)
    }

    /// Ends the tokens of a user that are over, and all that were got by them.
    pub(super) fn end_where(&mut self, user: usize, is_over: impl Fn(&Session) -> bool) {
        for digest in self.matching(user, is_over) {
            // One may have ended with the one that it was got by.
            if self.entries.contains_key(&digest) {
                self.end(&digest);
                self.ended.push(digest);
            }
        }
    }

    /// The tokens of a user that fit, the oldest in front.
    fn matching(&self, user: usize, fits: impl Fn(&Session) -> bool) -> Vec<Digest> {
        let tokens = self.shares.get(&user).into_iter().flat_map(|share| share.tokens.values());
        tokens.filter(|digest| self.session(digest).is_some_and(|it| fits(it))).copied().collect()
    }

    /// Takes one token out and gives back its children.
    fn remove(&mut self, digest: &Digest) -> BTreeMap<u64, Digest> {
        let Some(Entry { session, number, children }) = self.entries.remove(digest) else {
            return BTreeMap::new();
        };
        self.by_expiry.remove(&(session.expires_at, *digest));
        if let Some(share) = self.shares.get_mut(&session.user) {
            share.tokens.remove(&number);
        }
        self.forget_if_empty(session.user);
        let parent = session.parent.and_then(|parent| self.entries.get_mut(&parent));
        if let Some(parent) = parent {
            parent.children.remove(&number);
        }
        children
    }

    /// Ends the oldest tokens until there is a place for one more of this user. False if there is
    /// nothing left to end.
    fn make_place(&mut self, user: usize) -> bool {
        while self.shares.get(&user).is_some_and(|share| share.len() >= limits::TOKENS_PER_USER_MAX)
        {
            if !self.end_oldest_of(user) {
                return false;
            }
        }
        while self.len() >= limits::TOKENS_MAX {
            // A look at every user, and only when the table is full.
            let most = self.shares.iter().max_by_key(|(user, share)| (share.tokens.len(), **user));
            let Some(most) = most.map(|(user, _)| *user) else { return false };
            if !self.end_oldest_of(most) {
                return false;
            }
        }
        true
    }

    /// Ends the oldest token of a user. False if it has none.
    fn end_oldest_of(&mut self, user: usize) -> bool {
        let share = self.shares.get(&user);
        let Some(oldest) = share.and_then(|share| share.tokens.values().next().copied()) else {
            return false;
        };
        self.end(&oldest);
        self.ended.push(oldest);
        true
    }

    /// Ends what has expired: a few at a time, more than are added, all if it is full.
    fn end_expired(&mut self, now: Timestamp) {
        let is_full = self.len() >= limits::TOKENS_MAX;
        let most = if is_full { usize::MAX } else { limits::KEYS_EXPIRED_PER_STEP };
        for _ in 0..most {
            match self.by_expiry.first().copied() {
                Some((expires_at, digest)) if expires_at <= now => {
                    self.end(&digest);
                    self.ended.push(digest);
                }
                _ => return,
            }
        }
    }

    fn forget_if_empty(&mut self, user: usize) {
        if self.shares.get(&user).is_some_and(|share| share.len() == 0) {
            self.shares.remove(&user);
        }
    }
}
