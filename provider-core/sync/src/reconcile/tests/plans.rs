//! What a plan says about the comparison, and the application's table that it names.

use provider_core::MemoryProvider;
use tempfile::TempDir;

use super::shop::{Shop, month, seats};
use crate::plan::SyncPlan;
use crate::reconcile::{
    BilledSource as _, BilledTable, BilledTableError, Cause, Figure, Reason, Reconcile, Verdict,
};

const PLAN: &str = r#"version = 1
connection = "shop"

[reconcile.billed]
table = "positions"
subscription = "remote"
quantity = "seats"
amount = "net"
currency = "currency"
month = "billed_on"
from = "first_day"
until = "last_day"
customer = "debtor"
scope = { distributor = "pax8" }

[reconcile.rules]
amounts = "customer_price"
tolerance = { amount = "0.05" }
invoices = { after = 2 }
"#;

const TABLE: &str = "CREATE TABLE positions (id INTEGER PRIMARY KEY, remote TEXT, seats TEXT, net TEXT, currency TEXT, \
    billed_on TEXT, first_day TEXT, last_day TEXT, debtor TEXT, distributor TEXT);";

fn database(sql: &str) -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.db");
    rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    let url = format!("sqlite:{}", path.display());
    (folder, url)
}

fn row(values: &str) -> String {
    format!(
        "INSERT INTO positions (remote, seats, net, currency, billed_on, first_day, last_day, debtor, distributor) VALUES ({values});"
    )
}

#[tokio::test]
async fn a_table_of_the_application_is_the_billed_side() {
    let sql = [
        TABLE.to_owned(),
        row("'s-1', 10, 30.0, 'usd', '2026-10-31', '2026-10-01', '2026-10-31', 'Bakery', 'pax8'"),
        row("'s-2', '10', '30,00', 'USD', '2026-10', NULL, NULL, 'Bakery', 'pax8'"),
        row("'s-3', '10', '30.00', 'kr', '2026-10-01T09:00:00Z', NULL, NULL, 'Bakery', 'pax8'"),
        row("'s-4', '10', '30.00', 'USD', '2026-10-31', '2026-09-01', '2026-09-30', 'Bakery', 'pax8'"),
        row("'s-5', NULL, '30.00', 'USD', '2026-10-31', NULL, NULL, 'Bakery', 'pax8'"),
        row("'s-6', '10', '30.00', 'USD', '2026-10-31', 'soon', '2026-10-31', 'Bakery', 'pax8'"),
        row("'s-1', '10', '30.00', 'USD', '2026-09-30', NULL, NULL, 'Bakery', 'pax8'"),
        row("'s-1', '10', '30.00', 'USD', '2026-10-31', NULL, NULL, 'Bakery', 'crayon'"),
    ];
    let (_folder, url) = database(&sql.concat());
    let plan = SyncPlan::from_toml(PLAN).unwrap();
    let table = BilledTable::open(&url, &plan).await.unwrap().unwrap();
    let page = table.read(month().period(), None, 100).await.unwrap();
    assert_eq!((page.rows.len(), page.next.clone(), page.unplaced), (6, None, 0));
    assert_eq!(page.rows[0].amount, Figure::Is("30.0".parse().unwrap()));
    assert_eq!(page.rows[1].amount, Figure::Unreadable("30,00".to_owned()));
    assert_eq!(page.rows[2].currency_as_written.as_deref(), Some("kr"));
    assert_eq!(page.rows[4].quantity, Figure::Missing);
    assert_eq!(page.rows[5].period_as_written.as_deref(), Some("soon to 2026-10-31"));
    // The same, two at a time.
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = table.read(month().period(), after.as_ref(), 2).await.unwrap();
        rows.extend(page.rows);
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert_eq!(rows, page.rows);

    let shop = Shop::with((1..=6).map(|n| seats(&format!("s-{n}"))).collect());
    let rules = plan.reconcile.clone().unwrap().rules;
    let run =
        Reconcile::new(std::sync::Arc::new(shop), month()).rules(rules).billed(std::sync::Arc::new(table));
    let compared = run.run().await.unwrap();
    let found: Vec<_> = compared.rows().map(|row| (row.verdict, row.cause)).collect();
    assert_eq!(
        found,
        [
            (Verdict::Match, Cause::Agreed),
            (Verdict::NotTold(Reason::Unreadable), Cause::NotTold),
            (Verdict::NotTold(Reason::NoCurrency), Cause::NotTold),
            (Verdict::NotBilled, Cause::BilledOtherMonth),
            (Verdict::NotTold(Reason::NoAmount), Cause::NotTold),
            (Verdict::NotTold(Reason::Unreadable), Cause::NotTold),
        ]
    );
}

#[tokio::test]
async fn rows_of_which_nobody_knows_the_month_make_the_side_incomplete() {
    let sql = [
        TABLE.to_owned(),
        row("'s-1', '10', '30.00', 'USD', '10/2026', NULL, NULL, NULL, 'pax8'"),
        row("'s-2', '10', '30.00', 'USD', '2026-10', NULL, NULL, NULL, 'pax8'"),
    ];
    let (_folder, url) = database(&sql.concat());
    let plan = SyncPlan::from_toml(PLAN).unwrap();
    let table = BilledTable::open(&url, &plan).await.unwrap().unwrap();
    let shop = Shop::with(vec![seats("s-1"), seats("s-2")]);
    let run = Reconcile::new(std::sync::Arc::new(shop), month()).billed(std::sync::Arc::new(table));
    let compared = run.run().await.unwrap();
    let verdicts: Vec<_> = compared.rows().map(|row| row.verdict).collect();
    assert_eq!(verdicts, [Verdict::NotTold(Reason::BilledIncomplete), Verdict::Match]);
    assert!(!compared.header().summary.all_matched);
    let said = compared.header().remarks[0].to_string();
    assert!(said.contains("the month of 1 rows cannot be read"), "{said}");
}

#[tokio::test]
async fn nothing_is_written_to_the_applications_database() {
    let (folder, url) = database(TABLE);
    let path = folder.path().join("app.db");
    let before = std::fs::read(&path).unwrap();
    let plan = SyncPlan::from_toml(PLAN).unwrap();
    let table = BilledTable::open(&url, &plan).await.unwrap().unwrap();
    table.read(month().period(), None, 10).await.unwrap();
    drop(table);
    assert_eq!(std::fs::read(&path).unwrap(), before);
    let absent = BilledTable::open("sqlite:/nowhere/app.db", &plan).await.unwrap_err();
    assert!(absent.to_string().contains("there is no database"), "{absent}");
    assert!(BilledTable::open(&url, &SyncPlan::new("shop")).await.unwrap().is_none());
}

#[tokio::test]
async fn what_the_database_lacks_is_named_with_its_place() {
    let (_folder, url) = database(&TABLE.replace(" net TEXT,", ""));
    let plan = SyncPlan::from_toml(PLAN).unwrap();
    let Err(BilledTableError::Plan(problems)) = BilledTable::open(&url, &plan).await else {
        panic!("it fits")
    };
    let text = problems.to_string();
    assert!(
        text.starts_with(
            "8:1: reconcile.billed.amount: `positions` has no column `net`; there is id, remote"
        ),
        "{text}"
    );
    let other = SyncPlan::from_toml(&PLAN.replace("\"positions\"", "\"invoices\"")).unwrap();
    let Err(BilledTableError::Plan(problems)) = BilledTable::open(&url, &other).await else {
        panic!("it fits")
    };
    assert_eq!(problems.to_string(), "5:1: reconcile.billed.table: the database has no table `invoices`");
}

fn wrong(from: &str, to: &str) -> String {
    assert!(PLAN.contains(from), "{from}");
    let text = PLAN.replace(from, to);
    let provider = MemoryProvider::new("shop");
    match SyncPlan::from_toml(&text) {
        Err(problems) => problems.to_string(),
        Ok(plan) => plan.check_reconcile(&provider).unwrap_err().to_string(),
    }
}

#[test]
fn a_plan_that_is_wrong_says_where() {
    let provider = MemoryProvider::new("shop");
    SyncPlan::from_toml(PLAN).unwrap().check_reconcile(&provider).unwrap();
    for (from, to, said) in [
        ("currency = \"currency\"\n", "", "8:1: reconcile.billed.amount: an amount needs its currency"),
        ("quantity = \"seats\"\namount = \"net\"\n", "", "neither `quantity` nor `amount` is named"),
        ("until = \"last_day\"\n", "", "11:1: reconcile.billed.from: `from` and `until` go together"),
        ("\"0.05\"", "\"-1\"", "reconcile.rules.tolerance.amount: is a difference, 0 or more"),
        ("after = 2", "after = 40", "reconcile.rules.invoices.after: is a number of months, up to 36"),
        ("after = 2", "statuses = [\"settled\"]", "`settled` is no state of an invoice"),
        ("after = 2", "statuses = []", "names no invoice that counts"),
        ("\"customer_price\"", "\"price\"", "reconcile.rules.amounts: unknown variant `price`"),
        ("month = \"billed_on\"\n", "", "missing field `month`"),
        ("table = \"positions\"", "table = \" \"", "5:1: reconcile.billed.table: names no table"),
        ("\"pax8\"", "[1]", "reconcile.billed.scope.distributor: is text, a number, true or false"),
        ("connection = \"shop\"", "connection = \"other\"", "2:1: connection: is for `other`"),
        ("customer = \"debtor\"", "costumer = \"debtor\"", "costumer: unknown field `costumer`"),
        (
            "currency = \"currency\"",
            "currency = \"currency\"\ncurrency_code = \"USD\"",
            "reconcile.billed.currency_code: stands beside `currency`",
        ),
    ] {
        let text = wrong(from, to);
        assert!(text.contains(said), "{text}\nnot: {said}");
    }
}

#[test]
fn rules_are_data_that_goes_both_ways() {
    let plan = SyncPlan::from_toml(PLAN).unwrap();
    let json = serde_json::to_string(&plan).unwrap();
    let again = SyncPlan::from_json(&json).unwrap();
    assert_eq!(again.reconcile, plan.reconcile);
    let rules = plan.reconcile.unwrap().rules;
    assert_eq!((rules.invoices.after, rules.invoices.before), (2, 1));
    assert_eq!(rules.tolerance.amount.to_string(), "0.05");
}
