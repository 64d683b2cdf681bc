//! What a step looks at, and what it costs.

use provider_core::clock::Clock;
use provider_core::{
    AttachCustomer, Attempt, CancelOrder, ChangeQuantity, Command, CreateCustomer, IdempotencyKey, NewOrder,
    PlaceOrder, Result, UpdateCustomer,
};

use super::{HandClock, opened};
use crate::journal::scope_text;
use crate::tx::{Access, Step, Tx};

fn stored(command: Command) -> Option<String> {
    let key = IdempotencyKey::derive("lookups", ["scope"]);
    scope_text(&Attempt::new("pax8", command, key, HandClock::default().now())).unwrap()
}

/// These texts are stored. Where one changes, a migration has to rewrite those of open entries, or two
/// attempts on one record do not see each other.
#[test]
fn the_stored_scopes_are_these() {
    for (command, text) in [
        (PlaceOrder::new(NewOrder::new("C-1").lines(Vec::new())).into(), r#"{"purchases":"C-1"}"#),
        (CreateCustomer::new("Example  Bakery").into(), r#"{"new_customer":"example bakery"}"#),
        (AttachCustomer::new("Tenant-1").into(), r#"{"tenant":"tenant-1"}"#),
        (UpdateCustomer::new("C-1").into(), r#"{"customer":"C-1"}"#),
        (CancelOrder::new("O-1").into(), r#"{"order":"O-1"}"#),
        (ChangeQuantity::new("S-1", 5).into(), r#"{"subscription":"S-1"}"#),
    ] {
        assert_eq!(stored(command).as_deref(), Some(text));
    }
}

#[derive(Clone)]
struct Explain(&'static str, usize);

impl Step for Explain {
    type Answer = Vec<String>;
    const ACCESS: Access = Access::Read;
    const OUTLIVES_ITS_CALLER: bool = false;

    async fn run<T: Tx>(self, tx: &mut T) -> Result<Vec<String>> {
        let values = vec!["x".into(); self.1];
        let rows = tx.rows(self.0, &values).await?;
        let detail = |mut row: crate::tx::Row| {
            for _ in 0..3 {
                row.int()?;
            }
            row.text()
        };
        rows.into_iter().map(detail).collect()
    }
}

/// A journal of years is as fast as a new one.
#[tokio::test]
async fn no_step_of_an_attempt_reads_the_whole_journal() {
    let folder = tempfile::tempdir().unwrap();
    let store = opened(&folder.path().join("store.db"), &std::sync::Arc::default()).await.unwrap();
    for (sql, values) in crate::journal::LOOKUPS {
        let sql: &'static str = format!("EXPLAIN QUERY PLAN {sql}").leak();
        for line in store.database().run(Explain(sql, values)).await.unwrap() {
            let scan =
                line.starts_with("SCAN") && line.contains("provider_journal") && !line.contains("USING");
            assert!(!scan, "{sql}: {line}");
        }
    }
}
