//! Two readings that agree.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

use crate::attempt::Reconciliation;
use crate::error::{Error, ErrorKind, Result};

/// What changed while it was read may be read again soon.
const SOON: Duration = Duration::from_secs(30);

/// A list that is read to its end, page by page: no record twice, none missing.
///
/// ```
/// use provider_core::judge::WholeList;
///
/// let mut list = WholeList::new("orders");
/// list.add("7", "the first")?;
/// list.declared(Some(2));
/// assert!(list.clone().end().is_err(), "one of two");
/// list.add("8", "the second")?;
/// assert_eq!(list.end()?.len(), 2);
/// # Ok::<(), provider_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct WholeList<T> {
    what: &'static str,
    records: BTreeMap<String, T>,
    passed: u64,
    declared: Option<u64>,
}

impl<T> WholeList<T> {
    /// A list of these, such as `orders`, of which nothing is read yet.
    #[must_use]
    pub const fn new(what: &'static str) -> Self {
        Self { what, records: BTreeMap::new(), passed: 0, declared: None }
    }

    /// Adds a record under its id.
    ///
    /// # Errors
    /// `Decode` when the id is empty, `Incomplete` when it was there already: a list that repeats itself
    /// leaves others out.
    pub fn add(&mut self, id: impl Into<String>, record: T) -> Result<()> {
        let id = id.into();
        if id.is_empty() {
            let message = format!("the list of {} has a record without an id", self.what);
            return Err(Error::new(ErrorKind::Decode, message).for_read());
        }
        if self.records.insert(id, record).is_some() {
            return Err(self.incomplete("repeats itself"));
        }
        Ok(())
    }

    /// Counts a record that is of no interest.
    pub fn pass(&mut self) {
        self.passed = self.passed.saturating_add(1);
    }

    /// Remembers how many records there are, where a page says so.
    pub fn declared(&mut self, total: Option<u64>) {
        self.declared = total.or(self.declared);
    }

    /// How many records were read.
    #[must_use]
    pub fn read(&self) -> u64 {
        self.passed.saturating_add(u64::try_from(self.records.len()).unwrap_or(u64::MAX))
    }

    /// The records, once all pages were read.
    ///
    /// # Errors
    /// `Incomplete` when they are not as many as there are; `Decode` for an empty list that does not say
    /// that nothing is there.
    pub fn end(self) -> Result<BTreeMap<String, T>> {
        match self.declared {
            Some(total) if total != self.read() => {
                Err(self.incomplete(&format!("holds {} of {total}", self.read())))
            }
            None if self.read() == 0 => {
                let message = format!("the list of {} is empty, and does not say so by a total", self.what);
                Err(Error::new(ErrorKind::Decode, message).for_read())
            }
            _ => Ok(self.records),
        }
    }

    fn incomplete(&self, how: &str) -> Error {
        Error::new(ErrorKind::Incomplete, format!("the list of {} {how}", self.what)).for_read()
    }
}

/// Reads a list twice, and answers it when both readings hold the same records and every one that was known
/// before. The inner error says why it proves nothing yet.
///
/// # Errors
/// Those of the readings, but for `Incomplete`, which proves nothing yet.
pub async fn agreed_list<T, F>(
    what: &'static str,
    known: impl IntoIterator<Item = String>,
    read: impl Fn() -> F,
) -> Result<Result<BTreeMap<String, T>, Reconciliation>>
where
    F: Future<Output = Result<BTreeMap<String, T>>>,
{
    let known: Vec<String> = known.into_iter().collect();
    let Some(first) = whole(read().await)? else { return Ok(Err(cut_short(what))) };
    let Some(second) = whole(read().await)? else { return Ok(Err(cut_short(what))) };
    if !first.keys().eq(second.keys()) {
        return Ok(Err(not_yet(format!("the list of {what} differs from one reading to the next"))));
    }
    if known.iter().any(|id| !second.contains_key(id)) {
        return Ok(Err(not_yet(format!(
            "{what} that were there before are missing from the list of {what}"
        ))));
    }
    Ok(Ok(second))
}

/// Reads a record twice, and answers it when both readings say the same. The inner error says that they do
/// not.
///
/// # Errors
/// Those of the readings.
pub async fn agreed_record<T, F>(
    what: &'static str,
    read: impl Fn() -> F,
) -> Result<Result<T, Reconciliation>>
where
    T: PartialEq,
    F: Future<Output = Result<T>>,
{
    let first = read().await?;
    let second = read().await?;
    if first == second {
        Ok(Ok(second))
    } else {
        Ok(Err(not_yet(format!("the {what} differs from one reading to the next"))))
    }
}

fn whole<T>(read: Result<T>) -> Result<Option<T>> {
    match read {
        Ok(list) => Ok(Some(list)),
        Err(error) if error.kind() == ErrorKind::Incomplete => Ok(None),
        Err(error) => Err(error),
    }
}

fn cut_short(what: &str) -> Reconciliation {
    not_yet(format!("the list of {what} was not read whole"))
}

fn not_yet(reason: String) -> Reconciliation {
    Reconciliation::undetermined_until(reason, SOON)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

    use std::cell::Cell;
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    fn now<T>(work: impl Future<Output = T>) -> T {
        match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(done) => done,
            Poll::Pending => panic!("nothing is waited for here"),
        }
    }

    fn list(ids: &[&str], total: Option<u64>) -> Result<BTreeMap<String, ()>> {
        let mut list = WholeList::new("orders");
        list.declared(total);
        for id in ids {
            list.add(*id, ())?;
        }
        list.end()
    }

    #[test]
    fn a_list_is_whole_or_an_error() {
        assert_eq!(list(&["1", "2"], Some(2)).unwrap().len(), 2);
        assert_eq!(list(&["1"], None).unwrap().len(), 1);
        assert!(list(&[], Some(0)).unwrap().is_empty());
        for (ids, total, kind) in [
            (&["1"][..], Some(2), ErrorKind::Incomplete),
            (&["1", "2"], Some(1), ErrorKind::Incomplete),
            (&["1", "1"], Some(2), ErrorKind::Incomplete),
            (&[], Some(1), ErrorKind::Incomplete),
            (&[], None, ErrorKind::Decode),
            (&[""], Some(1), ErrorKind::Decode),
        ] {
            assert_eq!(list(ids, total).unwrap_err().kind(), kind, "{ids:?} {total:?}");
        }
        let mut others = WholeList::new("orders");
        others.pass();
        others.declared(Some(1));
        others.add("1", ()).unwrap();
        assert_eq!(others.end().unwrap_err().kind(), ErrorKind::Incomplete);
    }

    /// What two readings of these prove where one record was known before.
    fn judged(readings: [&[&str]; 2]) -> Result<usize, String> {
        let at = Cell::new(0);
        let read = || {
            let ids = readings.get(at.replace(at.get() + 1)).copied().unwrap_or_default();
            std::future::ready(list(ids, Some(u64::try_from(ids.len()).unwrap())))
        };
        match now(agreed_list("orders", ["1".to_owned()], read)).unwrap() {
            Ok(found) => Ok(found.len()),
            Err(Reconciliation::Undetermined { reason, retry_after }) => {
                assert!(retry_after.is_some());
                Err(reason)
            }
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn readings_agree_and_hold_what_was_known() {
        assert_eq!(judged([&["1", "2"], &["2", "1"]]), Ok(2));
        assert!(judged([&["1"], &["1", "2"]]).unwrap_err().contains("differs"));
        assert!(judged([&["2"], &["2"]]).unwrap_err().contains("missing"));
        assert!(judged([&[], &[]]).unwrap_err().contains("missing"));
    }

    #[test]
    fn a_reading_that_is_cut_short_proves_nothing_and_one_that_fails_is_an_error() {
        let short = || std::future::ready(list(&["1"], Some(2)));
        let found = now(agreed_list("orders", [], short)).unwrap().unwrap_err();
        assert!(matches!(found, Reconciliation::Undetermined { .. }));
        let odd = || std::future::ready(list(&[], None));
        assert_eq!(now(agreed_list("orders", [], odd)).unwrap_err().kind(), ErrorKind::Decode);
    }

    #[test]
    fn a_record_that_moves_proves_nothing() {
        let at = Cell::new(0);
        let moving = || std::future::ready(Ok(at.replace(at.get() + 1)));
        assert!(now(agreed_record("subscription", moving)).unwrap().is_err());
        let still = || std::future::ready(Ok(7));
        assert_eq!(now(agreed_record("subscription", still)).unwrap().unwrap(), 7);
    }
}
