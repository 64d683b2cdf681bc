//! The right to work on an account, in memory.

use std::time::Duration;

use chrono::{DateTime, Utc};
use provider_core::info::AccountKey;

use super::MemoryStore;
use crate::store::StoreResult;
use crate::store::rules::next_fence;
use crate::store::types::RunLease;

impl MemoryStore {
    pub(super) fn leased(&self, account: &AccountKey, ttl: Duration) -> Option<RunLease> {
        let (now, ends_at) = (self.clock.now(), self.end(ttl));
        let mut state = self.state();
        let (fence, end) = state.leases.entry(account.clone()).or_insert((0, DateTime::<Utc>::MIN_UTC));
        if *end > now {
            return None;
        }
        (*fence, *end) = (next_fence(*fence, now), ends_at);
        Some(RunLease { account: account.clone(), fence: *fence, ends_at, ttl })
    }

    pub(super) fn outbidden(&self, lease: &RunLease, fence: u64) -> StoreResult<RunLease> {
        let ends_at = self.end(lease.ttl);
        let mut state = self.state();
        state.held(lease, ends_at)?;
        let fence = fence.max(lease.fence).saturating_add(1);
        state.leases.insert(lease.account.clone(), (fence, ends_at));
        Ok(RunLease { ends_at, fence, ..lease.clone() })
    }
}
