//! A cache with a time to live, for what need not be read again for every page.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use provider_core::Result;

/// A cache with a time to live: values by key that are read again once they are too old, such as a list that other
/// lists have to be compared with page after page. Two who miss a value at the same time both read it.
///
/// ```
/// use chrono::TimeDelta;
/// use provider_http::TtlCache;
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let cache = TtlCache::new(TimeDelta::minutes(5));
/// let now = chrono::DateTime::UNIX_EPOCH;
/// assert_eq!(*cache.get(&"a", now, async { Ok(1) }).await?, 1);
/// assert_eq!(*cache.get(&"a", now + TimeDelta::minutes(4), async { Ok(2) }).await?, 1);
/// assert_eq!(*cache.get(&"a", now + TimeDelta::minutes(5), async { Ok(3) }).await?, 3);
/// # Ok::<(), provider_core::Error>(())
/// # }).unwrap();
/// ```
pub struct TtlCache<K, T> {
    good_for: TimeDelta,
    values: Mutex<Values<K, T>>,
}

/// What is known, and since when.
type Values<K, T> = HashMap<K, (DateTime<Utc>, Arc<T>)>;

impl<K: Eq + Hash + Clone + Send + Sync, T: Send + Sync> TtlCache<K, T> {
    /// An empty cache whose values are read again once they are `good_for` old.
    #[must_use]
    pub fn new(good_for: TimeDelta) -> Self {
        Self { good_for, values: Mutex::default() }
    }

    /// The value of a key, read where none is known or it is too old.
    ///
    /// # Errors
    /// Those of reading it; nothing is kept then.
    pub async fn get(
        &self,
        key: &K,
        now: DateTime<Utc>,
        read: impl Future<Output = Result<T>> + Send,
    ) -> Result<Arc<T>> {
        let known = self.values.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned();
        if let Some((at, known)) = known
            && (TimeDelta::zero()..self.good_for).contains(&(now - at))
        {
            return Ok(known);
        }
        let read = Arc::new(read.await?);
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        values.insert(key.clone(), (now, Arc::clone(&read)));
        Ok(read)
    }
}

impl<K, T> fmt::Debug for TtlCache<K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TtlCache").field("good_for", &self.good_for).finish_non_exhaustive()
    }
}
