//! Older and newer schemas.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use provider_core::{ErrorKind, Result};

use super::HandClock;
use super::grounds::Ground;
use crate::StoreErrorKind;
use crate::database::Database;
use crate::lite::{Options, Worker};
use crate::place::Making;
use crate::schema::{self, Schema, TABLES};
use crate::seam::{self, Durability};
use crate::tx::{Access, Step, Tx};

const SECOND: [&str; 2] = [
    "CREATE TABLE second (n INTEGER) STRICT; INSERT INTO second VALUES (2)",
    "CREATE TABLE second (n INTEGER); INSERT INTO second VALUES (2)",
];
const THIRD: [&str; 2] = [
    "CREATE TABLE third (n INTEGER) STRICT; INSERT INTO nowhere VALUES (3)",
    "CREATE TABLE third (n INTEGER); INSERT INTO nowhere VALUES (3)",
];
const NEXT: &Schema =
    &Schema { sqlite: &[TABLES.sqlite[0], SECOND[0]], postgres: &[TABLES.postgres[0], SECOND[1]], ..*TABLES };
const BROKEN: &Schema = &Schema {
    sqlite: &[TABLES.sqlite[0], SECOND[0], THIRD[0]],
    postgres: &[TABLES.postgres[0], SECOND[1], THIRD[1]],
    ..*TABLES
};

async fn open(ground: &Ground, schema: &'static Schema) -> Result<Database> {
    let opening = seam::Opening {
        address: ground.address().into(),
        schema,
        durability: Durability::PowerCut,
        clock: Some(Arc::new(HandClock::default())),
        patience: Duration::from_secs(5),
        existing: false,
    };
    seam::open(opening).await.map(|(database, _)| database)
}

async fn open_deep(path: &Path, schema: &'static Schema) -> Result<Database> {
    let clock = Arc::new(HandClock::default());
    let patience = Duration::from_secs(5);
    let durability = Durability::PowerCut;
    let options = Options { path: path.to_owned(), patience, clock, schema, making: Making::All, durability };
    Ok(Database::Lite(Arc::new(Worker::open(options).await?)))
}

#[derive(Clone)]
struct Version;

impl Step for Version {
    type Answer = (Option<String>, bool, bool);
    const ACCESS: Access = Access::Read;
    const OUTLIVES_ITS_CALLER: bool = false;

    async fn run<T: Tx>(self, tx: &mut T) -> Result<Self::Answer> {
        Ok((schema::meta(tx, "schema").await?, tx.has_table("second").await?, tx.has_table("third").await?))
    }
}

fn version(number: &str, second: bool) -> (Option<String>, bool, bool) {
    (Some(number.to_owned()), second, false)
}

#[tokio::test]
async fn an_older_store_is_migrated_once_and_whole() {
    for ground in Ground::all() {
        assert_eq!(open(&ground, TABLES).await.unwrap().run(Version).await.unwrap(), version("1", false));
        for _ in 0..2 {
            assert_eq!(open(&ground, NEXT).await.unwrap().run(Version).await.unwrap(), version("2", true));
        }
    }
}

#[tokio::test]
async fn a_migration_that_fails_changes_nothing() {
    for ground in Ground::all() {
        drop(open(&ground, TABLES).await.unwrap());
        assert!(open(&ground, BROKEN).await.is_err());
        assert_eq!(open(&ground, TABLES).await.unwrap().run(Version).await.unwrap(), version("1", false));
    }
    for fresh in Ground::all() {
        assert!(open(&fresh, BROKEN).await.is_err());
        if let Some(folder) = fresh.folder() {
            assert_eq!(
                std::fs::read_dir(folder.path()).unwrap().count(),
                0,
                "a store that cannot be made is not there"
            );
        }
        assert_eq!(open(&fresh, TABLES).await.unwrap().run(Version).await.unwrap(), version("1", false));
    }
}

#[tokio::test]
async fn a_newer_store_is_refused_at_once_and_while_it_is_open() {
    for ground in Ground::all() {
        let old = open(&ground, TABLES).await.unwrap();
        old.run(Version).await.unwrap();
        drop(open(&ground, NEXT).await.unwrap());
        let newer = StoreErrorKind::NewerSchema { found: 2, known: 1 };
        for error in [old.run(Version).await.unwrap_err(), open(&ground, TABLES).await.unwrap_err()] {
            assert_eq!(StoreErrorKind::of(&error), Some(newer));
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(
                error.to_string().contains("schema 2") && error.to_string().contains("knows 1"),
                "{error}"
            );
        }
        assert_eq!(open(&ground, NEXT).await.unwrap().run(Version).await.unwrap(), version("2", true));
    }
}

#[tokio::test]
async fn many_that_open_a_new_store_at_once_share_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/er/store.db");
    let opening: Vec<_> = (0..8)
        .map(|_| {
            let path = path.clone();
            tokio::spawn(async move { open_deep(&path, NEXT).await })
        })
        .collect();
    for opened in opening {
        let database = opened.await.unwrap().unwrap();
        assert_eq!(database.run(Version).await.unwrap(), version("2", true));
    }
    assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "no draft is left");
}
