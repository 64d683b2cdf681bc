//! One transaction on the application's tables, whatever database they are in: [`apply`](super::apply) is written once,
//! on this.

use provider_core::Violation;

use super::change::Prepared;
use super::found::Found;
use super::layout::Layout;
use super::value::Lent;
use crate::fingerprint::Fingerprint;
use crate::target::{LocalKey, TargetError};

/// By what rows are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// Their own keys.
    Key,
    /// The records that they are tied to.
    Link,
}

/// What became of a row that was to be written.
#[derive(Debug)]
pub(super) enum Wrote {
    /// It is there, and like this.
    Row(LocalKey, Fingerprint),
    /// There is none.
    Nothing,
    /// The application does not take it.
    Refused(Violation),
}

/// New values for some rows of one table, in the same columns.
#[derive(Debug)]
pub(super) struct Edit<'c> {
    pub(super) layout: &'c Layout,
    /// Whether the rows are tied to their records, too.
    pub(super) ties: bool,
    /// A column that is emptied.
    pub(super) empties: Option<&'c str>,
    pub(super) columns: Vec<&'c str>,
    pub(super) rows: Vec<EditedRow<'c>>,
}

/// One of the rows.
#[derive(Debug)]
pub(super) struct EditedRow<'c> {
    pub(super) key: &'c LocalKey,
    pub(super) remote: &'c str,
    pub(super) values: Vec<Lent<'c>>,
}

/// A transaction under way. On SQLite every answer is there at once.
pub(super) trait Rows: Send {
    /// What ends it.
    type Error: Send;

    /// What ends it because of us.
    fn refusal(error: TargetError) -> Self::Error;

    /// The latest fence of a connection. Nobody else passes until the end.
    fn latest(&mut self, owner: &str) -> impl Future<Output = Result<Option<i64>, Self::Error>> + Send;

    /// Makes this the latest fence, unless there is a later one by now.
    fn raise(&mut self, owner: &str, fence: i64) -> impl Future<Output = Result<bool, Self::Error>> + Send;

    /// The rows, each in the place of what it was looked for by. Nobody else changes them until the end.
    fn look(
        &mut self,
        layout: &Layout,
        by: By,
        wanted: &[&str],
    ) -> impl Future<Output = Result<Vec<Option<Found>>, Self::Error>> + Send;

    /// Makes rows, all with the same columns. `gently`: where a row is in the way, none is made.
    fn insert(
        &mut self,
        changes: &[&Prepared],
        gently: bool,
    ) -> impl Future<Output = Result<Vec<Wrote>, Self::Error>> + Send;

    /// Changes rows.
    fn update(&mut self, edit: &Edit<'_>) -> impl Future<Output = Result<Vec<Wrote>, Self::Error>> + Send;

    /// Deletes the rows with these keys, and answers why one stays.
    fn delete(
        &mut self,
        layout: &Layout,
        keys: &[&str],
    ) -> impl Future<Output = Result<Vec<Option<Violation>>, Self::Error>> + Send;
}
