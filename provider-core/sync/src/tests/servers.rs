//! The store on a real server: what only that can do to it.

use std::time::Duration;

use super::bases::postgres::address;
use super::stores::{TTL, account, scope, shadow, start, take};
use crate::store::{PageCommit, SqlStore, StoreErrorKind, SyncStore};

#[tokio::test]
async fn what_is_wrong_with_the_database_is_told() {
    let Some(address) = address() else { return };
    let absent = SqlStore::open_existing(&address).await.unwrap_err();
    assert_eq!(absent.kind, StoreErrorKind::Absent);
    let store = SqlStore::open(&address).await.unwrap();
    assert!(store.path().is_none());
    let lease = take(&store).await;
    store.sql("UPDATE sync_meta SET value = '9' WHERE name = 'schema'").await.unwrap();
    let newer = |kind| matches!(kind, StoreErrorKind::NewerSchema { found: 9, .. });
    assert!(newer(SqlStore::open(&address).await.unwrap_err().kind));
    assert!(newer(store.renew(&lease).await.unwrap_err().kind));
    let nowhere = address.replace("/postgres?", "/nowhere?");
    assert_eq!(SqlStore::open(&nowhere).await.unwrap_err().kind, StoreErrorKind::Absent);
}

/// Machines whose clocks are minutes apart agree, since none of them is asked.
#[tokio::test]
async fn leases_end_by_the_databases_clock() {
    let Some(address) = address() else { return };
    let (one, other) = (SqlStore::open(&address).await.unwrap(), SqlStore::open(&address).await.unwrap());
    one.lease(&account("held"), TTL).await.unwrap().unwrap();
    assert!(other.lease(&account("held"), TTL).await.unwrap().is_none());
    // How many times it is asked for before its end depends on the machine.
    let lease = one.lease(&account("one"), Duration::from_millis(300)).await.unwrap().unwrap();
    let taken = loop {
        if let Some(taken) = other.lease(&account("one"), TTL).await.unwrap() {
            break taken;
        }
    };
    assert!(taken.fence > lease.fence);
    assert_eq!(one.renew(&lease).await.unwrap_err().kind, StoreErrorKind::Fenced);
    let ends = taken.ends_at - chrono::Duration::from_std(TTL).unwrap();
    assert!(ends >= lease.ends_at, "the successor came after the end");
}

/// Of many that want one account, one has it at a time, whatever machine they are on.
#[tokio::test]
async fn of_sixteen_one_has_the_lease() {
    let Some(address) = address() else { return };
    let mut stores = Vec::new();
    for _ in 0..16 {
        stores.push(SqlStore::open(&address).await.unwrap());
    }
    let mut last = 0;
    for _ in 0..20 {
        let tasks = stores.iter().map(|store| {
            let store = store.clone();
            tokio::spawn(async move { store.lease(&account("one"), TTL).await.unwrap() })
        });
        let mut leases = Vec::new();
        for task in tasks.collect::<Vec<_>>() {
            leases.extend(task.await.unwrap());
        }
        assert_eq!(leases.len(), 1, "{leases:?}");
        assert!(leases[0].fence > last);
        last = leases[0].fence;
        stores[0].release(&leases[0]).await.unwrap();
    }
}

/// A database that was restored knows nothing of the lease: whoever goes on with it is refused.
#[tokio::test]
async fn an_older_copy_is_noticed_by_the_fence() {
    let Some(address) = address() else { return };
    let store = SqlStore::open(&address).await.unwrap();
    let before = take(&store).await;
    store.release(&before).await.unwrap();
    store.sql("CREATE TABLE copy AS SELECT * FROM sync_lease").await.unwrap();
    let lease = take(&store).await;
    let session = store.open_session(&lease, &start("one")).await.unwrap();
    let run = store.open_kind(&lease, &session, &scope()).await.unwrap();
    store.sql("DELETE FROM sync_lease; INSERT INTO sync_lease SELECT * FROM copy").await.unwrap();
    let page = PageCommit { shadows: vec![shadow("c1")], ..PageCommit::default() };
    let late = store.commit_page(&lease, &scope(), run.id, page.clone()).await.unwrap_err();
    assert_eq!(late.kind, StoreErrorKind::Fenced);
    assert!(store.shadows(&scope(), &["c1"]).await.unwrap().is_empty());
    assert!(take(&store).await.fence > before.fence);
}

/// Whatever a distributor calls its records.
#[tokio::test]
async fn any_id_can_be_stored() {
    let Some(address) = address() else { return };
    let store = SqlStore::open(&address).await.unwrap();
    let lease = take(&store).await;
    let session = store.open_session(&lease, &start("one")).await.unwrap();
    let run = store.open_kind(&lease, &session, &scope()).await.unwrap();
    let ids = ["a\0b", "\u{10FFFD}0", "'; DROP TABLE sync_shadow; --", "$1", ""];
    let page = PageCommit { shadows: ids.map(shadow).to_vec(), ..PageCommit::default() };
    store.commit_page(&lease, &scope(), run.id, page.clone()).await.unwrap();
    let known = store.shadows(&scope(), &ids).await.unwrap();
    assert_eq!(known.iter().map(|shadow| shadow.remote.as_str()).collect::<Vec<_>>(), ids);
}
