//! Plans whose values and names do not go with the columns that are there: told by line, column and key before a run
//! would meet them.

use provider_core::{Capabilities, EntityKind, Operation, Provider, ProviderInfo};

use super::distributor::Distributor;
use crate::plan::{PlanProblems, Position, SyncPlan};
use crate::target::{LocalType, MemoryTarget, TargetField};

const PLAN: &str = r#"version = 1
connection = "shop"
enabled = true

[[kinds]]
kind = "customer"
enabled = true
updates = ["create", "update", "remove"]
key = { remote = "id", local = "remote" }
unmatched = "create"
scope = { branch = 7 }
removal = { how = "mark", column = "gone", value = true }
fields = [
  { remote = "name", local = "name" },
  { remote = "status", local = "active", transform = [{ map = { values = { active = true }, otherwise = false } }] },
]
"#;

/// What is replaced in the plan, by what, and the key and the words of the complaint.
const MISTAKES: &[(&str, &str, &str, &str)] = &[
    ("branch = 7", "branch = \"seven\"", "kinds[0].scope.branch", "of whole numbers, and `seven` is none"),
    ("branch = 7", "made = 7", "kinds[0].scope.made", "cannot be written"),
    ("branch = 7", "Branch = 7", "kinds[0].scope.Branch", "spelled `branch`"),
    ("value = true", "value = \"away\"", "kinds[0].removal.value", "of true and false, and `away` is none"),
    ("column = \"gone\"", "column = \"remote\"", "kinds[0].removal.column", "is the key"),
    ("column = \"gone\"", "column = \"branch\"", "kinds[0].removal.column", "constant of `scope`"),
    ("column = \"gone\"", "column = \"made\"", "kinds[0].removal.column", "cannot be written"),
    ("column = \"gone\"", "column = \"Gone\"", "kinds[0].removal.column", "spelled `gone`"),
    ("local = \"remote\"", "local = \"Remote\"", "kinds[0].key.local", "spelled `remote`"),
    ("local = \"name\"", "local = \"Name\"", "kinds[0].fields[0].local", "spelled `name`"),
    ("otherwise = false", "otherwise = \"unknown\"", "kinds[0].fields[1].local", "and `unknown` is none"),
    ("{ active = true }", "{ active = 2 }", "kinds[0].fields[1].local", "and `2` is none"),
    (
        "local = \"name\"",
        "local = \"since\", transform = [{ constant = \"soon\" }]",
        "kinds[0].fields[0].local",
        "of dates, and `soon` is none",
    ),
    (
        "otherwise = false",
        "otherwse = false",
        "kinds[0].fields[1].transform[0].map.otherwse",
        "unknown field",
    ),
    (
        "unmatched",
        "detail = { full = { refresh = 7, refesh = 3 } }\nunmatched",
        "kinds[0].detail.full.refesh",
        "unknown field",
    ),
];

fn application() -> MemoryTarget {
    let mut made = TargetField::new("made", LocalType::Integer);
    made.writable = false;
    let fields = vec![
        TargetField::new("name", LocalType::Text),
        TargetField::new("active", LocalType::Boolean),
        TargetField::new("branch", LocalType::Integer),
        TargetField::new("gone", LocalType::Boolean),
        TargetField::new("since", LocalType::Date),
        made,
    ];
    MemoryTarget::new([(EntityKind::Customer, fields)])
}

fn check(text: &str) -> Result<(), PlanProblems> {
    SyncPlan::from_toml(text)?.check(&Distributor::new(), &application()).map(drop)
}

/// What stands at a place of a text.
pub(super) fn there(text: &str, position: Position) -> String {
    let line = text.lines().nth(position.line - 1).unwrap_or_default();
    line.chars().skip(position.column - 1).collect()
}

#[test]
fn what_no_column_takes_is_told_by_line_column_and_key() {
    check(PLAN).unwrap_or_else(|problems| panic!("{problems}"));
    for (right, wrong, path, says) in MISTAKES {
        assert!(PLAN.contains(right), "{right}");
        let text = PLAN.replacen(right, wrong, 1);
        let Err(problems) = check(&text) else { panic!("`{wrong}` in place of `{right}` is taken") };
        let told = problems.iter().find(|problem| problem.path == *path);
        let told = told.unwrap_or_else(|| panic!("`{wrong}`: {path}: {problems}"));
        assert!(told.message.contains(says), "`{wrong}`: {problems}");
        let key = path.rsplit('.').next().unwrap_or_default();
        let position = told.position.unwrap_or_else(|| panic!("`{wrong}` has no place: {problems}"));
        assert!(
            there(&text, position).starts_with(key),
            "`{wrong}`: {position} is not at `{key}`: {problems}"
        );
    }
}

/// A rule that looks at what the distributor does not tell would never find anything.
#[test]
fn a_rule_about_what_is_never_told_is_a_mistake() {
    #[derive(Debug)]
    struct Silent(ProviderInfo, Capabilities);
    impl Provider for Silent {
        fn info(&self) -> &ProviderInfo {
            &self.0
        }
        fn capabilities(&self) -> &Capabilities {
            &self.1
        }
    }
    let told = |fields: &[&'static str]| {
        let listed = Capabilities::builder().native(Operation::List(EntityKind::Customer));
        let listed = listed.fields(EntityKind::Customer, fields.iter().copied()).build();
        let text = PLAN.replacen("unmatched", "matching = [\"external_id\"]\nunmatched", 1);
        let plan = SyncPlan::from_toml(&text).unwrap();
        plan.check(&Silent(ProviderInfo::new("shop", "shop"), listed), &application())
    };
    let problems = told(&["id", "name", "status"]).unwrap_err();
    let first = problems.first();
    assert_eq!(first.path, "kinds[0].matching[0]");
    assert!(first.message.contains("does not tell `external_id`"), "{problems}");
    told(&["id", "name", "status", "external_id"]).unwrap_or_else(|problems| panic!("{problems}"));
}

#[test]
fn two_kinds_in_one_table_have_to_be_told_apart() {
    let fields = || vec![TargetField::new("what", LocalType::Text)];
    let target =
        MemoryTarget::new([EntityKind::Customer, EntityKind::Subscription].map(|kind| (kind, fields())));
    let check = |scopes: [&str; 2]| {
        let kind = |(name, scope): (&str, &str)| {
            format!(
                "[[kinds]]\nkind = \"{name}\"\nenabled = true\nupdates = [\"create\"]\ntable = \"things\"\n\
                 key = {{ remote = \"id\", local = \"remote\" }}\n{scope}\n"
            )
        };
        let kinds: String = ["customer", "subscription"].into_iter().zip(scopes).map(kind).collect();
        let text = format!("version = 1\nconnection = \"shop\"\nenabled = true\n{kinds}");
        SyncPlan::from_toml(&text).unwrap().check(&Distributor::new(), &target)
    };
    let (one, other) = ("scope = { what = \"customer\" }", "scope = { what = \"seats\" }");
    for scopes in [["", ""], [one, ""], ["", other], [one, one]] {
        let problems = check(scopes).unwrap_err();
        assert_eq!(problems.first().path, "kinds[1].table", "{scopes:?}: {problems}");
        assert!(problems.first().message.contains("kinds[0]"), "{scopes:?}: {problems}");
    }
    check([one, other]).unwrap_or_else(|problems| panic!("{problems}"));
}

#[cfg(feature = "sqlite")]
mod tables {
    use std::sync::Arc;

    use super::super::homes::{Home, Place};
    use super::super::world::Hand;
    use super::*;
    use crate::engine::{RunControl, SyncEngine};
    use crate::report::KindReport;
    use crate::store::{MemoryStore, QueueQuery, SyncStore};

    const ROWS: &str = r#"
        version = 1
        connection = "shop"
        enabled = true
        [[kinds]]
        kind = "customer"
        enabled = true
        updates = ["create", "update"]
        table = "Accounts"
        key = { remote = "id", local = "distributor_id" }
        unmatched = "create"
        fields = [{ remote = "name", local = "name" }]
    "#;

    fn in_a_file(code: &str) -> Place {
        Place::new(
            Home::File,
            &format!("CREATE TABLE accounts (code {code}, distributor_id TEXT UNIQUE, name TEXT)"),
        )
    }

    /// SQLite makes a row whose key is NULL, and nothing would ever find it again.
    #[tokio::test]
    async fn a_key_of_rows_that_nothing_fills_is_told() {
        let plan = SyncPlan::from_toml(ROWS).unwrap();
        for code in ["TEXT PRIMARY KEY", "INT PRIMARY KEY", "TEXT NOT NULL PRIMARY KEY"] {
            let place = in_a_file(code);
            let problems = plan.check(&Distributor::new(), &place.target(ROWS).await).unwrap_err();
            assert_eq!(problems.first().path, "kinds[0].fields", "{code}: {problems}");
            assert!(problems.first().message.contains("`code` is required"), "{code}: {problems}");
        }
    }

    #[tokio::test]
    async fn keys_of_rows_that_the_database_makes_are_kept_however_the_table_is_spelled() {
        for code in ["TEXT PRIMARY KEY DEFAULT (lower(hex(randomblob(8))))", "INTEGER PRIMARY KEY"] {
            let (place, shop, clock) = (in_a_file(code), Distributor::new(), Hand::default());
            shop.customers(3);
            let target = place.target(ROWS).await;
            let plan = SyncPlan::from_toml(ROWS).unwrap().check(&shop, &target);
            let plan = plan.unwrap_or_else(|problems| panic!("{code}: {problems}"));
            let store = MemoryStore::new(Arc::new(clock.clone()));
            let engine = SyncEngine::new(Arc::new(shop.clone()), Arc::new(target), Arc::new(store), plan)
                .with_clock(Arc::new(clock.clone()));
            let created = engine.run(&RunControl::default()).await.unwrap();
            assert_eq!(created.kinds.iter().map(|kind| kind.created).sum::<u64>(), 3, "{code}: {created:?}");
            shop.customer("c01", "Renamed");
            let updated = engine.run(&RunControl::default()).await.unwrap();
            assert_eq!(updated.kinds.iter().map(|kind| kind.updated).sum::<u64>(), 1, "{code}: {updated:?}");
            assert_eq!(place.text("SELECT name FROM accounts WHERE distributor_id = 'c01'"), "Renamed");
            assert_eq!(place.text("SELECT count(*) FROM accounts WHERE code IS NOT NULL"), "3", "{code}");
            let quiet = engine.run(&RunControl::default()).await.unwrap();
            assert!(quiet.kinds.iter().all(KindReport::is_quiet), "{code}: {quiet:?}");
        }
    }

    /// Constraints that are looked at last, and triggers that take everything back, speak of one row only.
    #[tokio::test]
    async fn a_row_that_takes_its_transaction_with_it_is_refused_alone() {
        let table = "CREATE TABLE accounts (code INTEGER PRIMARY KEY, distributor_id TEXT UNIQUE, name TEXT";
        for (tables, mended) in [
            (
                format!(
                    "CREATE TABLE names (name TEXT PRIMARY KEY); INSERT INTO names VALUES ('right'); \
                     {table} REFERENCES names (name) DEFERRABLE INITIALLY DEFERRED)"
                ),
                "INSERT INTO names VALUES ('wrong')",
            ),
            (
                format!(
                    "{table}); CREATE TRIGGER picky BEFORE INSERT ON accounts WHEN new.name = 'wrong' \
                     BEGIN SELECT RAISE(ROLLBACK, 'not this one'); END"
                ),
                "DROP TRIGGER picky",
            ),
        ] {
            let (place, shop, clock) = (Place::new(Home::File, &tables), Distributor::new(), Hand::default());
            for n in 0..9 {
                shop.customer(&format!("c{n}"), if n % 4 == 1 { "wrong" } else { "right" });
            }
            let target = place.target(ROWS).await;
            let plan = SyncPlan::from_toml(ROWS).unwrap().check(&shop, &target);
            let plan = plan.unwrap_or_else(|problems| panic!("{problems}"));
            let store = MemoryStore::new(Arc::new(clock.clone()));
            let engine = SyncEngine::new(Arc::new(shop), Arc::new(target), Arc::new(store), plan)
                .with_clock(Arc::new(clock));
            let counts = |kinds: &[KindReport]| -> Vec<_> {
                kinds.iter().map(|kind| (kind.created, kind.quarantined)).collect()
            };
            let first = engine.run(&RunControl::default()).await.unwrap();
            assert_eq!(counts(&first.kinds), [(7, 2)], "{tables}: {first:?}");
            assert_eq!(place.text("SELECT count(*) FROM accounts WHERE name = 'right'"), "7", "{tables}");
            place.batch(mended);
            let second = engine.run(&RunControl::default()).await.unwrap();
            assert_eq!(counts(&second.kinds), [(2, 0)], "{tables}: {second:?}");
        }
    }

    /// What waits because a trigger has swallowed the row waits no longer once there is one.
    #[tokio::test]
    async fn a_row_that_was_swallowed_waits_until_it_is_made() {
        let tables = "CREATE TABLE accounts (code INTEGER PRIMARY KEY, distributor_id TEXT UNIQUE, name TEXT); \
                      CREATE TRIGGER swallows BEFORE INSERT ON accounts WHEN new.name = 'wrong' \
                      BEGIN SELECT RAISE(IGNORE); END";
        let (place, shop, clock) = (Place::new(Home::File, tables), Distributor::new(), Hand::default());
        shop.customer("c1", "wrong");
        shop.customer("c2", "right");
        let target = place.target(ROWS).await;
        let plan = SyncPlan::from_toml(ROWS).unwrap().check(&shop, &target);
        let plan = plan.unwrap_or_else(|problems| panic!("{problems}"));
        let store: Arc<dyn SyncStore> = Arc::new(MemoryStore::new(Arc::new(clock.clone())));
        let engine = SyncEngine::new(Arc::new(shop), Arc::new(target), Arc::clone(&store), plan)
            .with_clock(Arc::new(clock));
        engine.run(&RunControl::default()).await.unwrap();
        let waiting = store.queue(&QueueQuery::default()).await.unwrap();
        assert_eq!(waiting.iter().map(|one| one.subject.as_str()).collect::<Vec<_>>(), ["c1"]);
        place.batch("DROP TRIGGER swallows");
        engine.run(&RunControl::default()).await.unwrap();
        assert_eq!(place.text("SELECT count(*) FROM accounts"), "2");
        let waiting = store.queue(&QueueQuery::default()).await.unwrap();
        assert!(waiting.is_empty(), "{waiting:?}");
    }

    /// What the text of a table says in a comment, or on two lines, is no rule of it.
    #[tokio::test]
    async fn a_table_is_what_the_catalog_says() {
        let columns = "distributor_id TEXT UNIQUE, name TEXT";
        for (tables, fits) in [
            (format!("code INTEGER PRIMARY KEY, {columns}) WITHOUT\n  ROWID"), false),
            (format!("code INTEGER PRIMARY KEY /* not WITHOUT ROWID */, {columns})"), true),
            (
                format!(
                    "code INTEGER PRIMARY KEY, {columns}, folded TEXT AS (lower(name)) VIRTUAL NOT NULL)"
                ),
                true,
            ),
        ] {
            let place = Place::new(Home::File, &format!("CREATE TABLE accounts ({tables}"));
            let plan = SyncPlan::from_toml(ROWS).unwrap();
            match plan.check(&Distributor::new(), &place.target(ROWS).await) {
                Ok(_) => assert!(fits, "{tables}"),
                Err(problems) => {
                    assert!(!fits, "{tables}: {problems}");
                    assert!(problems.first().message.contains("`code` is required"), "{problems}");
                }
            }
        }
    }

    /// A value that changes is no name for a row; the distributor's id is one, and so is what is filled once.
    #[tokio::test]
    async fn a_row_keeps_its_key() {
        let place = in_a_file("TEXT PRIMARY KEY");
        for (field, right) in [
            ("{ remote = \"external_id\", local = \"code\" }", false),
            ("{ remote = \"external_id\", local = \"code\", owner = \"local\" }", true),
            ("{ remote = \"id\", local = \"code\" }", true),
        ] {
            let text = ROWS.replace("fields = [", &format!("fields = [{field}, "));
            let target = place.target(&text).await;
            let checked = SyncPlan::from_toml(&text).unwrap().check(&Distributor::new(), &target);
            match checked {
                Ok(_) => assert!(right, "{field}"),
                Err(problems) => {
                    assert!(!right, "{field}: {problems}");
                    assert_eq!(problems.first().path, "kinds[0].fields[0].local", "{problems}");
                    assert!(problems.first().message.contains("a row keeps its key"), "{problems}");
                }
            }
        }
    }
}
