//! Rows by the hundred, most of which follow one another.

use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, Row};

use super::between_statements;
use super::transaction::numbered;
use crate::tx::{Ahead, MarkedKeys};

/// The place of a key, the number of its row, and 1 where that is as it was.
type Numbers = [Option<i64>; 3];

/// How many keys may lie further back, one after another, before their order is no help any more.
const ASTRAY: u32 = 4;
/// How many rows that no key is about are gone past.
const PASSED: i64 = 32;

/// Of hundreds of keys nothing is made but what is answered.
pub(super) fn numbers(
    sqlite: &Connection,
    sql: &str,
    ahead: Ahead,
    scope: i64,
    keys: &MarkedKeys,
) -> rusqlite::Result<Vec<Numbers>> {
    let mut asking = Asking { statement: sqlite.prepare_cached(&numbered(sql))?, scope, keys };
    let mut following = sqlite.prepare_cached(&numbered(ahead.sql))?;
    let mut all = Vec::with_capacity(keys.len());
    let (mut at, mut before) = (0, None);
    while at < keys.len() {
        let found = asking.find(at)?;
        at += 1;
        let Some((answer, number)) = found else { continue };
        all.push(answer);
        let in_order = before.is_none_or(|before: i64| before.checked_add(1) == Some(number));
        before = Some(number);
        if !in_order {
            continue;
        }
        between_statements();
        let mut rows = following.query((number, ahead.end))?;
        let (mut row, mut astray) = (rows.next()?, 0);
        while astray < ASTRAY
            && let Some(next) = row
            && let Some((text, mark)) = keys.get(at)
        {
            let own = next.get(0)?;
            if next.get_ref(1)? == ValueRef::Text(text.as_bytes()) {
                all.push([place(at), Some(own), Some(i64::from(is_same(next, mark)?))]);
                (at, before, astray) = (at + 1, Some(own), 0);
                row = rows.next()?;
                continue;
            }
            let found = asking.find(at)?;
            at += 1;
            // What is new is in nobody's way.
            let Some((answer, number)) = found else { continue };
            all.push(answer);
            before = Some(number);
            if number < own {
                astray += 1;
            } else if number - own > PASSED {
                break;
            } else {
                while let Some(passed) = row
                    && passed.get::<_, i64>(0)? <= number
                {
                    row = rows.next()?;
                }
            }
        }
    }
    Ok(all)
}

fn place(at: usize) -> Option<i64> {
    i64::try_from(at).ok()
}

/// Whether a row that was read ahead has this mark and is as it was.
fn is_same(row: &Row<'_>, mark: Option<&[u8]>) -> rusqlite::Result<bool> {
    let marked = mark.is_some_and(|mark| row.get_ref(2).is_ok_and(|own| own == ValueRef::Blob(mark)));
    Ok(marked && row.get::<_, Option<bool>>(3)? == Some(true))
}

/// Looks for one key after another.
struct Asking<'s> {
    statement: CachedStatement<'s>,
    scope: i64,
    keys: &'s MarkedKeys,
}

impl Asking<'_> {
    /// What is answered for the key at this place, and the number of its row.
    fn find(&mut self, at: usize) -> rusqlite::Result<Option<(Numbers, i64)>> {
        between_statements();
        let (text, mark) = self.keys.get(at).unwrap_or_default();
        let mut found = self.statement.query((self.scope, text, place(at), mark))?;
        let Some(row) = found.next()? else { return Ok(None) };
        let number = row.get(1)?;
        Ok(Some(([row.get(0)?, Some(number), row.get(2)?], number)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is a failed test")]

    use proptest::prelude::*;

    use super::*;

    const ONE: &str = "SELECT $3, number, mark = $4 AND calm FROM t WHERE scope = $1 AND name = $2";
    const FOLLOWING: &str =
        "SELECT number, name, mark, calm FROM t WHERE number > $1 AND number < $2 ORDER BY number";

    /// Rows by their numbers, each calm or not, with a mark or without one.
    fn filled(rows: &[(u8, bool, Option<u8>)]) -> Connection {
        let sqlite = Connection::open_in_memory().unwrap();
        sqlite
            .execute_batch(
                "CREATE TABLE t (number INTEGER PRIMARY KEY, scope INTEGER, name TEXT, mark BLOB, calm INTEGER, \
                 UNIQUE (scope, name))",
            )
            .unwrap();
        for (name, calm, mark) in rows {
            let mark = mark.map(|mark| [mark; 16].to_vec());
            let row = (name.to_string(), mark, calm);
            let sql = "INSERT OR IGNORE INTO t (scope, name, mark, calm) VALUES (1, ?1, ?2, ?3)";
            sqlite.execute(sql, row).unwrap();
        }
        // A row of the next scope follows.
        sqlite.execute("INSERT INTO t VALUES (5000, 2, '7', zeroblob(16), 1)", ()).unwrap();
        sqlite
    }

    fn asked(names: &[(u8, Option<u8>)]) -> MarkedKeys {
        let mut keys = MarkedKeys::default();
        for (name, mark) in names {
            keys.push(&name.to_string(), mark.map(|mark| [mark; 16]));
        }
        keys
    }

    fn one_by_one(sqlite: &Connection, keys: &MarkedKeys) -> Vec<(Option<i64>, Option<i64>, bool)> {
        let mut asking = Asking { statement: sqlite.prepare_cached(&numbered(ONE)).unwrap(), scope: 1, keys };
        let found = (0..keys.len()).filter_map(|at| asking.find(at).unwrap());
        found.map(|(answer, _)| plain(&answer)).collect()
    }

    fn plain(answer: &Numbers) -> (Option<i64>, Option<i64>, bool) {
        (answer[0], answer[1], answer[2] == Some(1))
    }

    fn mark() -> impl Strategy<Value = Option<u8>> {
        proptest::option::of(0_u8..3)
    }

    proptest! {
        /// Whatever is there and whatever is asked, in whatever order, the answer is that of asking one by one.
        #[test]
        fn going_on_answers_what_looking_for_each_answers(
            rows in prop::collection::vec((0_u8..80, any::<bool>(), mark()), 0..80),
            asks in prop_oneof![
                prop::collection::vec((0_u8..90, mark()), 0..90),
                (prop::collection::btree_set(0_u8..90, 0..90), mark())
                    .prop_map(|(names, mark)| names.into_iter().map(|name| (name, mark)).collect()),
            ],
            in_order in any::<bool>(),
        ) {
            let mut rows = rows;
            if in_order {
                rows.sort_unstable_by_key(|(name, ..)| *name);
            }
            let (sqlite, keys) = (filled(&rows), asked(&asks));
            let all = numbers(&sqlite, ONE, Ahead::new(FOLLOWING, 5000), 1, &keys).unwrap();
            prop_assert_eq!(all.iter().map(plain).collect::<Vec<_>>(), one_by_one(&sqlite, &keys));
        }
    }

    #[test]
    fn keys_in_the_order_of_their_rows_are_looked_for_once() {
        let rows: Vec<_> = (0..80).map(|name| (name, true, Some(1))).collect();
        let asks: Vec<_> = (0..80).filter(|name| name % 9 != 4).map(|name| (name, Some(1))).collect();
        let (sqlite, keys) = (filled(&rows), asked(&asks));
        let ahead = Ahead::new(FOLLOWING, 5000);
        let all = numbers(&sqlite, ONE, ahead, 1, &keys).unwrap();
        assert_eq!(all.len(), asks.len());
        assert!(all.iter().all(|answer| answer[2] == Some(1)));
        let statement = sqlite.prepare_cached(&numbered(ONE)).unwrap();
        let runs = statement.get_status(rusqlite::StatementStatus::Run);
        assert_eq!(runs, 1 + 9, "the first, and those behind one that is not listed any more");
    }
}
