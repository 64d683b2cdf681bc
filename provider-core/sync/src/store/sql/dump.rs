//! Everything at once, for a copy in memory.

use std::collections::BTreeMap;

use provider_core::Result;
use provider_core::info::AccountKey;
use provider_store::seam::{self, Tx, damaged};

use super::breaker::{standing, standing_columns};
use super::intent::{self, ALL};
use super::pending::{pending_columns, read};
use super::rows::{kind_of, print, shadow, shadow_columns};
use super::run::key_of;
use super::steps;
use crate::store::memory::Dump;
use crate::store::types::KindScope;

const CONNECTIONS: &str = concat!(
    "SELECT name, kind, origin, account, plan, session, ",
    standing_columns!(),
    " FROM sync_connection"
);
const SCOPES: &str = "SELECT id, connection, kind, next_slot, listed FROM sync_scope";
const SHADOWS: &str = concat!("SELECT ", shadow_columns!(), " FROM sync_shadow WHERE scope = $1");
const PENDING: &str = concat!(pending_columns!(), "p.scope = $1");
const HINTS: &str = "SELECT id FROM sync_hint WHERE scope = $1";

steps! {
    Read Everything {} -> Dump, everything;
}

async fn everything<T: Tx>(_: Everything, tx: &mut T) -> Result<Dump> {
    let now = tx.now().await?;
    let mut dump = Dump::default();
    for mut row in tx.rows(CONNECTIONS, &[]).await? {
        let name = row.text()?;
        let account = AccountKey::new(row.text()?, row.text()?, row.text()?);
        let plan = print(Some(row.bytes()?))?.ok_or_else(|| damaged("a fingerprint is none"))?;
        let session = row.int()?;
        dump.connections.push((name, account, plan, session, standing(&mut row, now)?));
    }
    let mut scopes = BTreeMap::new();
    for mut row in tx.rows(SCOPES, &[]).await? {
        let (id, connection, kind) = (row.int()?, row.text()?, kind_of(&row.text()?)?);
        let next = u32::try_from(row.int()?).map_err(|_| damaged("a place in the bitmap is none"))?;
        let listed = row.int_or_none()?.and_then(|listed| u64::try_from(listed).ok());
        let scope = KindScope::new(connection, kind);
        dump.scopes.push((scope.clone(), next, listed));
        scopes.insert(id, scope);
    }
    for (id, scope) in scopes {
        for mut row in tx.rows(SHADOWS, &[id.into()]).await? {
            dump.shadows.push((scope.clone(), shadow(&mut row)?));
        }
        for row in tx.rows(PENDING, &[id.into()]).await? {
            let (facts, pending) = read(row)?;
            dump.pending.push((scope.clone(), 0, facts, pending));
        }
        for row in tx.rows(ALL, &[id.into()]).await? {
            dump.intents.push((scope.clone(), intent::read(row)?));
        }
        if let Some(key) = seam::meta(tx, &key_of(&scope.connection, scope.kind)).await? {
            dump.keys.push((scope.clone(), key));
        }
        for mut row in tx.rows(HINTS, &[id.into()]).await? {
            dump.hints.push((scope.clone(), row.text()?));
        }
    }
    dump.name = seam::meta(tx, intent::STORE).await?;
    Ok(dump)
}
