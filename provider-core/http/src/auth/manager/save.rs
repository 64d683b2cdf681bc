//! Storing what was issued, however long it takes.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use provider_core::observe::EventKind;
use provider_core::token::{Lease, TokenStore};
use provider_core::{Error, ErrorKind, Result};

use super::rotate::{LEASE, Record};
use super::{Access, Held, Inner, Landing};
use crate::auth::chain::{Chain, Spend, TokenHash};

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Where one attempt to save led.
enum Saved {
    /// The record is stored.
    Ours,
    /// Another process has gone on without us; its record stands.
    Theirs(Box<Record>),
}

impl Inner {
    /// Stores `record` and only then publishes it. Where the store fails, the new token is the only one
    /// that is good, so it is served from memory, and nothing else is renewed until it is stored.
    pub(super) async fn save(
        &self,
        store: &dyn TokenStore,
        landing: &Landing,
        mut lease: Box<dyn Lease>,
        mut record: Record,
        spend: &Spend,
    ) {
        let Some(access) = record.chain.access.clone() else { return };
        let rotated = record.chain.refresh_token.as_ref().map(TokenHash::of).as_ref() != Some(&spend.hash);
        let mut pause = FIRST_PAUSE;
        let mut early: Option<Arc<Held>> = None;
        loop {
            let error = match self.try_save(store, &mut record, spend).await {
                Ok(saved) => {
                    self.unsaved.store(0, Ordering::Relaxed);
                    self.saved(landing, saved, &record.chain, &access, rotated, early);
                    drop(lease);
                    return;
                }
                // A store of somebody else's may quote what it was given.
                Err(error) => self.scrubber.quoting(error),
            };
            let attempts = self.unsaved.fetch_add(1, Ordering::Relaxed).saturating_add(1);
            tracing::error!(
                provider = %self.key.provider, connection = %self.connection, %error, attempts,
                "a rotated token could not be saved: if this process ends now, new credentials are needed"
            );
            self.observe(EventKind::token_unsaved(attempts));
            if early.is_none() {
                let held = self.publish(&access, record.chain.refresh_expires_at);
                self.announce_renewal(&access, rotated);
                landing.announce(Ok(Arc::clone(&held)));
                early = Some(held);
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                // Somebody closes: there is no time to wait.
                () = self.save_now.notified() => {}
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
            if !lease.is_held()
                && let Ok(Ok(again)) = tokio::time::timeout(pause, store.lease(&self.key, LEASE)).await
            {
                lease = again;
            }
        }
    }

    fn saved(
        &self,
        landing: &Landing,
        saved: Saved,
        chain: &Chain,
        access: &Access,
        rotated: bool,
        early: Option<Arc<Held>>,
    ) {
        match (saved, early) {
            (Saved::Ours, Some(held)) => landing.land(Ok(held)),
            (Saved::Ours, None) => {
                let held = self.publish(access, chain.refresh_expires_at);
                self.announce_renewal(access, rotated);
                landing.land(Ok(held));
            }
            (Saved::Theirs(theirs), _) => {
                let held = match &theirs.chain.access {
                    Some(access) => self.publish(access, theirs.chain.refresh_expires_at),
                    // Theirs has none yet; ours is good for its life.
                    None => self.publish(access, chain.refresh_expires_at),
                };
                tracing::warn!(
                    provider = %self.key.provider, connection = %self.connection,
                    "another process began a new chain of tokens while this one renewed the old one"
                );
                landing.land(Ok(held));
            }
        }
    }

    async fn try_save(&self, store: &dyn TokenStore, record: &mut Record, spend: &Spend) -> Result<Saved> {
        for _ in 0..3 {
            if self.write(store, record.version, &record.chain).await? {
                return Ok(Saved::Ours);
            }
            let stored = self.read(store).await?;
            if refresh_hash(&stored.chain) == refresh_hash(&record.chain) {
                // An attempt that reported a failure had succeeded after all.
                return Ok(Saved::Ours);
            }
            if !stored.chain.still_waits_for(spend) && stored.version.is_some() {
                return Ok(Saved::Theirs(Box::new(stored)));
            }
            record.version = stored.version;
        }
        Err(Error::new(ErrorKind::Conflict, "the token store is being written by others without a pause"))
    }
}

fn refresh_hash(chain: &Chain) -> Option<TokenHash> {
    chain.refresh_token.as_ref().map(TokenHash::of)
}
