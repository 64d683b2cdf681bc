//! What columns of PostgreSQL make of values, whatever they are called and wherever they are; and at which cost.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use provider_core::EntityKind;
use provider_testkit::postgres::Server;
use serde_json::{Value, json};

use super::bases::postgres::{address_of, schema_on};
use super::distributor::Distributor;
use super::homes::{Home, Place};
use crate::plan::{SyncPlan, Update};
use crate::target::{
    Applied, ApplyBatch, ApplyChange, Criterion, LocalKey, LocalRecord, RemoteRef, TableTarget, Target,
    TargetErrorKind,
};

fn plan(table: &str, fields: &[&str]) -> SyncPlan {
    let fields: Vec<_> =
        fields.iter().map(|field| format!("{{ remote = \"name\", local = '{field}' }}")).collect();
    let text = format!(
        r#"
        version = 1
        connection = "shop"
        enabled = true
        [[kinds]]
        kind = "customer"
        enabled = true
        updates = ["create", "update", "remove"]
        table = '{table}'
        key = {{ remote = "id", local = 'Remote "Id"' }}
        unmatched = "create"
        removal = {{ how = "delete" }}
        fields = [{}]
        "#,
        fields.join(", ")
    );
    SyncPlan::from_toml(&text).unwrap()
}

fn change(op: Update, id: &str, local: Option<&LocalKey>, values: &[(&str, Value)]) -> ApplyChange {
    let values = values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let remote = RemoteRef::new(EntityKind::Customer, id);
    ApplyChange { remote, local: local.cloned(), op, values, expected: None }
}

fn batch(fence: u64, changes: Vec<ApplyChange>) -> ApplyBatch {
    ApplyBatch { connection: "shop".into(), fence, deadline: DateTime::<Utc>::MAX_UTC, changes }
}

async fn one(target: &TableTarget, change: ApplyChange) -> Applied {
    target.apply(&batch(1, vec![change])).await.unwrap().pop().unwrap()
}

fn done(applied: &Applied) -> LocalKey {
    match applied {
        Applied::Done { local, .. } => local.clone(),
        other => panic!("{other:?}"),
    }
}

async fn get(target: &TableTarget, key: &LocalKey) -> LocalRecord {
    target.get(EntityKind::Customer, std::slice::from_ref(key)).await.unwrap().pop().unwrap()
}

/// A type, what is written to it, and what is read: the same again is no change, whatever the column made of it.
#[tokio::test]
async fn values_are_what_the_columns_make_of_them_and_the_same_again_is_no_change() {
    if !Home::Server.is_there() {
        return;
    }
    let types = [
        ("text", json!("ü ' \" \\ $1"), json!("ü ' \" \\ $1")),
        ("varchar(40)", json!("Example"), json!("Example")),
        ("char(12)", json!("Example"), json!("Example")),
        ("text", json!(true), json!("1")),
        ("text", json!(["a", "b"]), json!("[\"a\",\"b\"]")),
        ("numeric", json!("12345678901234567890.123456789"), json!("12345678901234567890.123456789")),
        ("numeric(10,2)", json!("5"), json!("5.00")),
        ("numeric(10,2)", json!("5.005"), json!("5.01")),
        ("smallint", json!("7"), json!(7)),
        ("integer", json!("7.00"), json!(7)),
        ("bigint", json!(9_007_199_254_740_993_i64), json!(9_007_199_254_740_993_i64)),
        ("boolean", json!(true), json!(true)),
        ("boolean", json!("0"), json!(false)),
        ("date", json!("2026-11-20"), json!("2026-11-20")),
        ("date", json!("2026-11-20T23:30:00Z"), json!("2026-11-20")),
        ("timestamptz", json!("2026-11-20T08:00:00Z"), json!("2026-11-20T08:00:00Z")),
        ("timestamptz", json!("2026-11-20T08:00:00.123Z"), json!("2026-11-20T08:00:00.123Z")),
        ("timestamptz", json!("2026-11-20"), json!("2026-11-20T00:00:00Z")),
        ("timestamp", json!("2026-11-20T08:00:00Z"), json!("2026-11-20T08:00:00Z")),
        (
            "uuid",
            json!("0A6F8F3C-0000-4000-8000-00000000000A"),
            json!("0a6f8f3c-0000-4000-8000-00000000000a"),
        ),
        ("jsonb", json!(["a", 1, { "b": null }]), json!("[\"a\",1,{\"b\":null}]")),
        ("json", json!("text"), json!("\"text\"")),
        ("mood", json!("fine"), json!("fine")),
        ("name_of", json!("Example"), json!("Example")),
        ("double precision", json!(0.5), json!(0.5)),
    ];
    let columns: Vec<String> =
        types.iter().enumerate().map(|(at, (ty, _, _))| format!("\"C {at}\" {ty}")).collect();
    let place = Place::new(
        Home::Server,
        &format!(
            "CREATE TYPE mood AS ENUM ('fine', 'odd'); CREATE DOMAIN name_of AS text CHECK (value <> ''); \
             CREATE TABLE all_types (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \"Remote \"\"Id\"\"\" text UNIQUE, {})",
            columns.join(", ")
        ),
    );
    let names: Vec<String> = (0..types.len()).map(|at| format!("C {at}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    // Whatever the zone and the style of a session is.
    let url = format!("{}%20-c%20TimeZone%3DAsia%2FTokyo%20-c%20DateStyle%3DGerman", place.url());
    let target = TableTarget::open(&url, &plan("all_types", &names)).await.unwrap();
    let wanted: Vec<(&str, Value)> =
        names.iter().zip(&types).map(|(name, (_, wanted, _))| (*name, wanted.clone())).collect();
    let made = one(&target, change(Update::Create, "r1", None, &wanted)).await;
    let key = done(&made);
    let record = get(&target, &key).await;
    for (name, (ty, wanted, read)) in names.iter().zip(&types) {
        assert_eq!(record.values[*name], *read, "{ty}: {wanted}");
    }
    let version = || place.text("SELECT xmin FROM all_types");
    let before = version();
    // The same again, as a creation and as an update that expected something else: nothing is written.
    assert_eq!(one(&target, change(Update::Create, "r1", None, &wanted)).await, made);
    let mut again = change(Update::Update, "r1", Some(&key), &wanted);
    again.expected = Some(crate::fingerprint::Fingerprint::of_text("something else"));
    assert_eq!(one(&target, again.clone()).await, made);
    assert_eq!(version(), before, "the row was written again");
    // Each value that differs is a difference.
    let others = [json!("x"), json!("x"), json!("x"), json!("0"), json!(["b"])];
    for (name, other) in names.iter().zip(&others) {
        let mut changed = again.clone();
        changed.values.insert((*name).to_owned(), other.clone());
        assert!(matches!(one(&target, changed).await, Applied::Stale(Some(_))), "{name}");
    }
}

#[tokio::test]
async fn a_row_that_does_not_fit_is_told_and_all_others_are_written() {
    if !Home::Server.is_there() {
        return;
    }
    let place = Place::new(
        Home::Server,
        "CREATE TABLE accounts (id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, \"Remote \"\"Id\"\"\" varchar(8) UNIQUE, \
         name varchar(10) UNIQUE, seats smallint, price numeric(6,2), at date, \
         parent integer REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED)",
    );
    let target =
        TableTarget::open(&place.url(), &plan("accounts", &["name", "seats", "price", "at", "parent"]))
            .await
            .unwrap();
    let bad = [
        ("name", json!("far too long for it"), "too long"),
        ("name", json!("n 7"), "unique"),
        ("name", json!("a\0b"), "0x00"),
        ("seats", json!("70000"), "out of range"),
        ("seats", json!("5.5"), "invalid input syntax"),
        ("price", json!("123456.00"), "overflow"),
        ("price", json!("much"), "invalid input syntax"),
        ("at", json!("the 3rd"), "date"),
        ("parent", json!("999"), "foreign key"),
    ];
    let mut changes: Vec<_> = (0..200)
        .map(|n| change(Update::Create, &format!("r{n}"), None, &[("name", json!(format!("n {n}")))]))
        .collect();
    for (at, (field, value, _)) in bad.iter().enumerate() {
        let values = [("name", json!(format!("b {at}"))), (*field, value.clone())];
        changes.insert(at * 20 + 3, change(Update::Create, &format!("b{at}"), None, &values));
    }
    changes.push(change(Update::Create, "an id that is too long", None, &[("name", json!("y"))]));
    let answers = target.apply(&batch(1, changes.clone())).await.unwrap();
    assert_eq!(answers.len(), changes.len());
    for (change, answer) in changes.iter().zip(&answers) {
        let wrong = change.remote.id.strip_prefix('b').and_then(|at| bad.get(at.parse::<usize>().ok()?));
        match (answer, wrong) {
            (Applied::Done { local, .. }, None) => {
                assert_eq!(get(&target, local).await.remote.as_deref(), Some(change.remote.id.as_str()));
            }
            (Applied::Rejected(violations), Some((field, _, says))) => {
                assert!(violations[0].message.contains(says), "{field}: {violations:?}");
            }
            (Applied::Rejected(_), None) if change.remote.id.starts_with("an id") => {}
            other => panic!("{}: {other:?}", change.remote.id),
        }
    }
    assert_eq!(place.text("SELECT count(*) FROM accounts"), "200");
    // Keys and ids that no such column can hold are no rows, and no errors.
    for key in ["x", "99999999999999999999", ""] {
        let gone = one(&target, change(Update::Update, "r1", Some(&LocalKey::new(key)), &[])).await;
        assert_eq!(gone, Applied::Stale(None), "{key}");
    }
}

/// What an earlier change of a batch makes way for goes through, in whatever order the statements come.
#[tokio::test]
async fn a_change_that_waits_for_another_goes_through() {
    for home in Home::all() {
        let place = Place::new(
            home,
            home.of(
                "CREATE TABLE accounts (id INTEGER PRIMARY KEY, \"Remote \"\"Id\"\"\" TEXT UNIQUE, name TEXT UNIQUE, note TEXT)",
                "CREATE TABLE accounts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \"Remote \"\"Id\"\"\" text UNIQUE, name text UNIQUE, note text)",
            ),
        );
        let target = TableTarget::open(&place.url(), &plan("accounts", &["name", "note"])).await.unwrap();
        let first = one(&target, change(Update::Create, "r1", None, &[("name", json!("one"))])).await;
        let (name, note) = (("name", json!("one")), ("note", json!("x")));
        let answers = target
            .apply(&batch(
                1,
                vec![
                    change(Update::Create, "r0", None, &[note.clone(), ("name", json!("zero"))]),
                    change(Update::Remove, "r1", Some(&done(&first)), &[]),
                    change(Update::Create, "r2", None, &[note, name.clone()]),
                    change(Update::Create, "r3", None, &[name]),
                ],
            ))
            .await
            .unwrap();
        let kinds: Vec<_> = answers.iter().map(|answer| matches!(answer, Applied::Done { .. })).collect();
        assert_eq!(kinds, [true, true, true, false], "{home:?}: {answers:?}");
        assert_eq!(place.text("SELECT count(*) FROM accounts"), "2");
        // The same record twice in one batch is one row.
        let twice = change(Update::Create, "r9", None, &[("note", json!("n"))]);
        let answers = target.apply(&batch(1, vec![twice.clone(), twice])).await.unwrap();
        assert_eq!(answers[0], answers[1], "{home:?}");
    }
}

/// A trigger of the application changes what is written: what is told of the row is what is in it.
#[tokio::test]
async fn a_row_of_a_file_is_told_as_a_trigger_has_left_it() {
    let shouting = "UPDATE accounts SET name = upper(new.name) WHERE id = new.id; END;";
    let tables = format!(
        "CREATE TABLE accounts (id INTEGER PRIMARY KEY, \"Remote \"\"Id\"\"\" TEXT UNIQUE, name TEXT); \
         CREATE TRIGGER made AFTER INSERT ON accounts BEGIN {shouting} \
         CREATE TRIGGER changed AFTER UPDATE ON accounts WHEN new.name <> upper(new.name) BEGIN {shouting}"
    );
    let place = Place::new(Home::File, &tables);
    let target = TableTarget::open(&place.url(), &plan("accounts", &["name"])).await.unwrap();
    let mut local = None;
    for (op, name) in [(Update::Create, "one"), (Update::Update, "two")] {
        let told = one(&target, change(op, "r1", local.as_ref(), &[("name", json!(name))])).await;
        let key = done(&told);
        let row = target.get(EntityKind::Customer, std::slice::from_ref(&key)).await.unwrap().remove(0);
        assert_eq!(told, Applied::Done { local: key.clone(), fingerprint: row.fingerprint });
        assert_eq!(row.values["name"], json!(name.to_uppercase()));
        local = Some(key);
    }
}

#[tokio::test]
async fn tables_are_found_by_their_schema_and_every_name_is_taken_as_it_is() {
    if !Home::Server.is_there() {
        return;
    }
    let place = Place::new(Home::Server, "");
    let other = format!("{} odd", place.schema());
    place.batch(&format!(
        "CREATE SCHEMA \"{other}\"; CREATE TABLE \"{other}\".\"Select; --\" (\"the \"\"key\" uuid PRIMARY KEY DEFAULT gen_random_uuid(), \
         \"Remote \"\"Id\"\"\" uuid, \"nämé\" text, made_at timestamptz NOT NULL DEFAULT now(), \
         shout text GENERATED ALWAYS AS (upper(\"nämé\")) STORED); \
         CREATE UNIQUE INDEX ON \"{other}\".\"Select; --\" (\"Remote \"\"Id\"\"\") WHERE \"Remote \"\"Id\"\"\" IS NOT NULL"
    ));
    let name = format!("\"{other}\".\"Select; --\"");
    let plan = plan(&name, &["nämé"]);
    let target = TableTarget::open(&place.url(), &plan).await.unwrap();
    plan.clone().check(&Distributor::new(), &target).unwrap();
    let fields: BTreeMap<_, _> =
        target.fields(EntityKind::Customer).into_iter().map(|field| (field.name.clone(), field)).collect();
    assert!(!fields["made_at"].required && !fields["the \"key"].required && !fields["shout"].writable);
    assert!(fields["Remote \"Id\""].unique);
    // A UUID in other letters is the same record.
    let id = "0A6F8F3C-0000-4000-8000-00000000000A";
    let made = one(&target, change(Update::Create, id, None, &[("nämé", json!("ab"))])).await;
    let key = done(&made);
    assert_eq!(one(&target, change(Update::Create, id, None, &[("nämé", json!("ab"))])).await, made);
    let update = change(Update::Update, id, Some(&key), &[("nämé", json!("cd"))]);
    assert_eq!(done(&one(&target, update).await), key);
    let criterion =
        Criterion { field: "Remote \"Id\"".into(), values: vec![json!(id), json!("no id")], folded: false };
    let found = target.find(EntityKind::Customer, &[criterion], 10).await.unwrap();
    assert_eq!(found.iter().map(|row| row.remote.as_deref()).collect::<Vec<_>>(), [Some(id)]);
    let shout = format!("SELECT shout FROM \"{other}\".\"Select; --\"");
    assert_eq!(place.text(&shout), "CD");
    assert_eq!(done(&one(&target, change(Update::Remove, id, Some(&key), &[])).await), key);
    assert_eq!(place.text(&shout), "");
    // In the schema of somebody else there is no such table.
    let elsewhere =
        TableTarget::open(&place.url(), &self::plan("nowhere.accounts", &["name"])).await.unwrap();
    let kind = &self::plan("nowhere.accounts", &["name"]).kinds[0];
    let problems = elsewhere.problems(kind);
    assert!(problems[0].message.contains("CREATE TABLE \"nowhere\".\"accounts\""), "{problems:?}");
}

#[tokio::test]
async fn what_a_table_lacks_is_told_in_the_words_of_the_server() {
    if !Home::Server.is_there() {
        return;
    }
    let place = Place::new(
        Home::Server,
        "CREATE TABLE accounts (\"Remote \"\"Id\"\"\" text, name text[]); \
         CREATE UNIQUE INDEX ON accounts (\"Remote \"\"Id\"\"\") WHERE name IS NOT NULL",
    );
    let plan = plan("accounts", &["name"]);
    let target = TableTarget::open(&place.url(), &plan).await.unwrap();
    let told = plan.check(&Distributor::new(), &target).unwrap_err().to_string();
    assert!(
        told.contains("has no primary key") && told.contains("GENERATED BY DEFAULT AS IDENTITY"),
        "{told}"
    );
    assert!(told.contains("is not unique"), "an index over some rows is not enough: {told}");
    let add = told.split("to add one: ").nth(1).unwrap().split(';').next().unwrap();
    place.batch(add);
    let target = TableTarget::open(&place.url(), &plan).await.unwrap();
    let told = plan.check(&Distributor::new(), &target).unwrap_err().to_string();
    assert!(told.contains("is of a type that nothing of this goes into"), "{told}");
}

/// Names are compared in every locale as the rules say, not as the server's locale does.
#[tokio::test]
async fn folded_names_are_found_in_every_locale() {
    if !Home::Server.is_there() {
        return;
    }
    let place = Place::new(
        Home::Server,
        "CREATE TABLE accounts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \"Remote \"\"Id\"\"\" text UNIQUE, name text); \
         INSERT INTO accounts (name) VALUES ('BÄCKEREI  Köln'), ('bäckerei bonn'), ('日本'), ('Istanbul'), (NULL), ('x')",
    );
    let target = TableTarget::open(&place.url(), &plan("accounts", &["name"])).await.unwrap();
    for (wanted, there) in
        [("bäckerei köln", 1), ("Bäckerei Bonn ", 1), ("日本", 1), ("ISTANBUL", 1), ("y", 0), ("本日", 0)]
    {
        let criterion = Criterion { field: "name".into(), values: vec![json!(wanted)], folded: true };
        let found = target.find(EntityKind::Customer, &[criterion], 10).await.unwrap();
        assert_eq!(found.len(), there, "{wanted}");
    }
}

/// Two workers on two machines: whoever has the older fence is refused, whenever it comes, and no row is written twice.
#[tokio::test]
async fn of_two_workers_at_once_the_later_fence_holds() {
    if !Home::Server.is_there() {
        return;
    }
    let place = Place::new(
        Home::Server,
        "CREATE TABLE accounts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \"Remote \"\"Id\"\"\" text UNIQUE, name text)",
    );
    let plan = plan("accounts", &["name"]);
    let mut workers = Vec::new();
    for _ in 0..4 {
        workers.push(Arc::new(TableTarget::open(&place.url(), &plan).await.unwrap()));
    }
    for round in 0..20_u64 {
        let tasks = workers.iter().zip(1..).map(|(target, n)| {
            let (target, fence) = (Arc::clone(target), round * 10 + n);
            let name = json!(format!("{fence}"));
            let changes = (0..50)
                .map(|id| change(Update::Create, &format!("{round} {id}"), None, &[("name", name.clone())]))
                .collect();
            tokio::spawn(async move { (fence, target.apply(&batch(fence, changes)).await) })
        });
        let mut passed = Vec::new();
        for task in tasks.collect::<Vec<_>>() {
            match task.await.unwrap() {
                (fence, Ok(answers)) => {
                    assert_eq!(answers.len(), 50);
                    passed.push(fence);
                }
                (fence, Err(error)) => {
                    let TargetErrorKind::Fenced { latest } = error.kind else { panic!("{error:?}") };
                    assert!(latest > fence);
                }
            }
        }
        assert!(passed.contains(&(round * 10 + 4)), "the latest is never refused: {passed:?}");
        assert_eq!(place.text("SELECT fence FROM provider_sync_fence"), (round * 10 + 4).to_string());
    }
    assert_eq!(place.text("SELECT count(*) FROM accounts"), "1000");
    assert_eq!(place.text("SELECT count(DISTINCT \"Remote \"\"Id\"\"\") FROM accounts"), "1000");
}

/// The application counts in a row while a worker counts there too, by millions and each time by what it has seen: no count
/// is lost.
#[tokio::test]
async fn nothing_that_the_application_changes_meanwhile_is_written_over() {
    const MILLION: u64 = 1_000_000;
    if !Home::Server.is_there() {
        return;
    }
    let place = Place::new(
        Home::Server,
        "CREATE TABLE accounts (id bigint PRIMARY KEY, \"Remote \"\"Id\"\"\" text UNIQUE, name text); \
         INSERT INTO accounts VALUES (1, 'r1', '0')",
    );
    let target = TableTarget::open(&place.url(), &plan("accounts", &["name"])).await.unwrap();
    let counting = format!(
        "DO $$ BEGIN FOR n IN 1..2000 LOOP UPDATE {}.accounts SET name = CAST(name AS bigint) + 1; COMMIT; END LOOP; END $$",
        place.schema()
    );
    let application = std::thread::spawn(move || {
        super::bases::postgres::server().unwrap().sql(&counting).unwrap();
    });
    let (key, mut counted, mut stale) = (LocalKey::new("1"), 0, 0);
    while !application.is_finished() {
        let record = get(&target, &key).await;
        let seen: u64 = record.values["name"].as_str().unwrap().parse().unwrap();
        let mut next =
            change(Update::Update, "r1", Some(&key), &[("name", json!((seen + MILLION).to_string()))]);
        next.expected = Some(record.fingerprint);
        match one(&target, next).await {
            Applied::Done { .. } => counted += 1,
            Applied::Stale(Some(_)) => stale += 1,
            other => panic!("{other:?}"),
        }
    }
    application.join().unwrap();
    let found: u64 = place.text("SELECT name FROM accounts").parse().unwrap();
    println!("{counted} counted, {stale} stale, {found} in all");
    assert_eq!(found, 2000 + counted * MILLION, "{stale} were stale");
    assert!(counted > 0, "{stale} were stale");
}

/// A page of 200 rows is a handful of statements, whatever becomes of them.
#[tokio::test]
async fn a_page_is_a_handful_of_statements() {
    let Some(server) = Server::start(&[("log_statement", "all"), ("log_line_prefix", "%a ")]).unwrap() else {
        return;
    };
    let schema = schema_on(
        &server,
        "CREATE TABLE accounts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \"Remote \"\"Id\"\"\" text UNIQUE, name text, note text)",
    );
    let target =
        TableTarget::open(&address_of(&server, &schema), &plan("accounts", &["name", "note"])).await.unwrap();
    let log = server.folder().join("log");
    let count = || {
        let log = std::fs::read_to_string(&log).unwrap();
        log.lines().filter(|line| line.starts_with("provider-sync ") && line.contains("execute ")).count()
    };
    let name = |text: &str, n: usize| ("name", json!(format!("{text} {n}")));
    let page = |op, text: &str, keys: &[LocalKey]| -> Vec<ApplyChange> {
        (0..200).map(|n| change(op, &format!("r{n}"), keys.get(n), &[name(text, n)])).collect()
    };
    let first = batch(1, page(Update::Create, "made", &[]));
    let mut spent = BTreeMap::new();
    let mut step = async |what: &'static str, batch: &ApplyBatch| {
        let before = count();
        let answers = target.apply(batch).await.unwrap();
        spent.insert(what, count() - before);
        answers
    };
    let keys: Vec<_> = step("made, with the first fence", &first).await.iter().map(done).collect();
    step("made again", &first).await;
    let changed = batch(1, page(Update::Update, "changed", &keys));
    step("changed", &changed).await;
    step("the same again", &changed).await;
    // Of which every other one has a column more, and one does not fit.
    let mut mixed = page(Update::Update, "mixed", &keys);
    for change in mixed.iter_mut().step_by(2) {
        change.values.insert("note".into(), json!("x"));
    }
    step("with two sets of columns", &batch(1, mixed)).await;
    step(
        "removed",
        &batch(
            1,
            page(Update::Remove, "", &keys)
                .into_iter()
                .map(|mut change| {
                    change.values.clear();
                    change
                })
                .collect(),
        ),
    )
    .await;
    println!("statements for 200 rows: {spent:?}");
    for (what, most) in [
        ("made, with the first fence", 3),
        ("made again", 3),
        ("changed", 3),
        ("the same again", 2),
        ("with two sets of columns", 4),
        ("removed", 3),
    ] {
        assert!(spent[what] <= most, "{what}: {spent:?}");
    }
}
