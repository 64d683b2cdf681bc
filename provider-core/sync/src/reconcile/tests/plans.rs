//! What a plan says about the comparison, and the application's table that it names.

use provider_core::MemoryProvider;

use super::shop::{Shop, month, seats};
use crate::plan::SyncPlan;
use crate::reconcile::{
    BilledRow, BilledSource as _, BilledTable, BilledTableError, Cause, Figure, Reason, Reconcile, Verdict,
};
use crate::tests::homes::{Home, Place};

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

/// In SQLite, and in PostgreSQL with as little said about the values.
const TABLES: (&str, &str) = (
    "CREATE TABLE positions (id INTEGER PRIMARY KEY, remote TEXT, seats TEXT, net TEXT, currency TEXT, billed_on TEXT, \
     first_day TEXT, last_day TEXT, debtor TEXT, distributor TEXT);",
    "CREATE TABLE positions (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, remote text, seats text, net text, \
     currency text, billed_on text, first_day text, last_day text, debtor text, distributor varchar(20));",
);

fn with_rows(home: Home, rows: &[String]) -> Place {
    Place::new(home, &format!("{}{}", home.of(TABLES.0, TABLES.1), rows.concat()))
}

fn row(values: &str) -> String {
    format!(
        "INSERT INTO positions (remote, seats, net, currency, billed_on, first_day, last_day, debtor, distributor) VALUES ({values});"
    )
}

#[tokio::test]
async fn a_table_of_the_application_is_the_billed_side() {
    for home in Home::all() {
        billed_side(home).await;
    }
}

async fn billed_side(home: Home) {
    let rows = [
        row("'s-1', 10, 30.0, 'usd', '2026-10-31', '2026-10-01', '2026-10-31', 'Bakery', 'pax8'"),
        row("'s-2', '10', '30,00', 'USD', '2026-10', NULL, NULL, 'Bakery', 'pax8'"),
        row("'s-3', '10', '30.00', 'kr', '2026-10-01T09:00:00Z', NULL, NULL, 'Bakery', 'pax8'"),
        row("'s-4', '10', '30.00', 'USD', '2026-10-31', '2026-09-01', '2026-09-30', 'Bakery', 'pax8'"),
        row("'s-5', NULL, '30.00', 'USD', '2026-10-31', NULL, NULL, 'Bakery', 'pax8'"),
        row("'s-6', '10', '30.00', 'USD', '2026-10-31', 'soon', '2026-10-31', 'Bakery', 'pax8'"),
        row("'s-1', '10', '30.00', 'USD', '2026-09-30', NULL, NULL, 'Bakery', 'pax8'"),
        row("'s-1', '10', '30.00', 'USD', '2026-10-31', NULL, NULL, 'Bakery', 'crayon'"),
    ];
    let place = with_rows(home, &rows);
    let plan = SyncPlan::from_toml(PLAN).unwrap();
    let table = BilledTable::open(&place.url(), &plan).await.unwrap().unwrap();
    let page = table.read(month().period(), None, 100).await.unwrap();
    assert_eq!((page.rows.len(), page.next.clone(), page.unplaced), (6, None, 0), "{home:?}");
    assert_eq!(page.rows[0].amount, Figure::Is("30.0".parse().unwrap()), "{home:?}");
    assert_eq!(page.rows[1].amount, Figure::Unreadable("30,00".to_owned()));
    assert_eq!(page.rows[2].currency_as_written.as_deref(), Some("kr"));
    assert_eq!(page.rows[4].quantity, Figure::Missing);
    assert_eq!(page.rows[5].period_as_written.as_deref(), Some("soon to 2026-10-31"));
    assert_eq!(page.rows[5].customer.as_deref(), Some("Bakery"));
    assert_eq!(in_twos(&table).await, page.rows, "{home:?}");

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
        ],
        "{home:?}"
    );
}

/// All rows of the month, two at a time.
async fn in_twos(table: &BilledTable) -> Vec<BilledRow> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let page = table.read(month().period(), after.as_ref(), 2).await.unwrap();
        rows.extend(page.rows);
        match page.next {
            Some(next) => after = Some(next),
            None => return rows,
        }
    }
}

#[tokio::test]
async fn rows_of_which_nobody_knows_the_month_make_the_side_incomplete() {
    for home in Home::all() {
        let rows = [
            row("'s-1', '10', '30.00', 'USD', '10/2026', NULL, NULL, NULL, 'pax8'"),
            row("'s-2', '10', '30.00', 'USD', '2026-10', NULL, NULL, NULL, 'pax8'"),
            row("'s-3', '10', '30.00', 'USD', '10/2026', NULL, NULL, NULL, 'crayon'"),
            row("'s-4', '10', '30.00', 'USD', ' ', NULL, NULL, NULL, 'pax8'"),
            row("'s-5', '10', '30.00', 'USD', '2026-13', NULL, NULL, NULL, 'pax8'"),
            row("'s-5', '10', '30.00', 'USD', '2026-00-31', NULL, NULL, NULL, 'pax8'"),
            row("'s-5', '10', '30.00', 'USD', '2026-09', NULL, NULL, NULL, 'pax8'"),
            row("'s-5', '10', '30.00', 'USD', '2026-12-01', NULL, NULL, NULL, 'pax8'"),
        ];
        let place = with_rows(home, &rows);
        let plan = SyncPlan::from_toml(PLAN).unwrap();
        let table = BilledTable::open(&place.url(), &plan).await.unwrap().unwrap();
        let shop = Shop::with(vec![seats("s-1"), seats("s-2")]);
        let run = Reconcile::new(std::sync::Arc::new(shop), month()).billed(std::sync::Arc::new(table));
        let compared = run.run().await.unwrap();
        let verdicts: Vec<_> = compared.rows().map(|row| row.verdict).collect();
        assert_eq!(verdicts, [Verdict::NotTold(Reason::BilledIncomplete), Verdict::Match], "{home:?}");
        assert!(!compared.header().summary.all_matched);
        let said = compared.header().remarks[0].to_string();
        assert!(said.contains("the month of 3 rows cannot be read"), "{home:?}: {said}");
    }
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn nothing_is_written_to_the_applications_database() {
    let place = with_rows(Home::File, &[]);
    let before = std::fs::read(place.path()).unwrap();
    let plan = SyncPlan::from_toml(PLAN).unwrap();
    let table = BilledTable::open(&place.url(), &plan).await.unwrap().unwrap();
    table.read(month().period(), None, 10).await.unwrap();
    drop(table);
    assert_eq!(std::fs::read(place.path()).unwrap(), before);
    let absent = BilledTable::open("sqlite:/nowhere/app.db", &plan).await.unwrap_err();
    assert!(absent.to_string().contains("there is no database"), "{absent}");
    assert!(BilledTable::open(&place.url(), &SyncPlan::new("shop")).await.unwrap().is_none());
}

/// A server keeps amounts, days and moments as what they are, and a schema may be named; a session that may not write is
/// enough.
#[cfg(feature = "postgres")]
#[tokio::test]
async fn what_columns_of_a_server_hold_is_read_as_text() {
    if !Home::Server.is_there() {
        return;
    }
    let place = Place::new(
        Home::Server,
        "CREATE TABLE \"Positions\" (id uuid PRIMARY KEY, remote text, seats integer, net numeric(12,2), currency char(3), \
         billed_on timestamptz, first_day date, last_day date, debtor jsonb, distributor text); \
         INSERT INTO \"Positions\" VALUES \
         ('0a6f8f3c-0000-4000-8000-000000000002', 's-1', 10, 30, 'USD', '2026-10-31 23:30:00+00', '2026-10-01', '2026-10-31', \
         '\"Bakery\"', 'pax8'), \
         ('0a6f8f3c-0000-4000-8000-000000000001', 's-2', NULL, 1234567.5, 'USD', '2026-11-01 01:00:00+02', NULL, NULL, NULL, \
         'pax8'), \
         ('0a6f8f3c-0000-4000-8000-000000000003', 's-3', 1, 1, 'USD', '2026-10-31 23:30:00-05', NULL, NULL, NULL, 'pax8'), \
         ('0a6f8f3c-0000-4000-8000-000000000004', 's-4', 1, 1, 'USD', 'infinity', NULL, NULL, NULL, 'pax8'), \
         ('0a6f8f3c-0000-4000-8000-000000000005', 's-5', 1, 1, 'USD', '2026-10-01 00:00:00+00', NULL, NULL, NULL, 'crayon')",
    );
    let table = format!("\"{}.Positions\"", place.schema());
    let plan = SyncPlan::from_toml(&PLAN.replace("\"positions\"", &table)).unwrap();
    let url =
        format!("{}%20-c%20TimeZone%3DAsia%2FTokyo%20-c%20default_transaction_read_only%3Don", place.url());
    let table = BilledTable::open(&url, &plan).await.unwrap().unwrap();
    let page = table.read(month().period(), None, 100).await.unwrap();
    assert_eq!(page.unplaced, 1);
    let told: Vec<_> = page.rows.iter().map(|row| row.subscription.as_deref().unwrap()).collect();
    assert_eq!(told, ["s-2", "s-1"], "in the order of their keys, and by their moments in UTC");
    let (odd, whole) = (&page.rows[0], &page.rows[1]);
    assert_eq!(odd.amount, Figure::Is("1234567.50".parse().unwrap()));
    assert_eq!((&odd.quantity, &odd.period), (&Figure::Missing, &None));
    assert_eq!((&whole.quantity, &whole.amount), (&Figure::read("10"), &Figure::read("30.00")));
    assert_eq!(whole.currency, "USD".parse().ok());
    assert_eq!(whole.period, provider_core::Period::month(2026, 10));
    assert_eq!(whole.key, "0a6f8f3c-0000-4000-8000-000000000002");
    assert_eq!(in_twos(&table).await, page.rows);
}

#[tokio::test]
async fn what_the_database_lacks_is_named_with_its_place() {
    for home in Home::all() {
        let tables = home.of(TABLES.0, TABLES.1);
        let without = tables.replace(" net TEXT,", "").replace(" net text,", "");
        let place = Place::new(home, &without);
        let text = lacking(&place, PLAN).await;
        assert!(
            text.starts_with(
                "8:1: reconcile.billed.amount: `positions` has no column `net`; there is id, remote"
            ),
            "{home:?}: {text}"
        );
        let other = PLAN.replace("\"positions\"", "\"invoices\"");
        assert_eq!(
            lacking(&place, &other).await,
            "5:1: reconcile.billed.table: the database has no table `invoices`"
        );
        let several = Place::new(
            home,
            &tables.replace("PRIMARY KEY", "").replace(");", ", PRIMARY KEY (id, remote));"),
        );
        let text = lacking(&several, PLAN).await;
        assert_eq!(
            text,
            "5:1: reconcile.billed.table: the primary key of `positions` has several columns: a row needs a column that names it"
        );
    }
}

async fn lacking(place: &Place, plan: &str) -> String {
    match BilledTable::open(&place.url(), &SyncPlan::from_toml(plan).unwrap()).await {
        Err(BilledTableError::Plan(problems)) => problems.to_string(),
        other => panic!("it fits: {other:?}"),
    }
}

/// A file names every row by itself; a server does not.
#[cfg(feature = "postgres")]
#[tokio::test]
async fn a_table_of_a_server_without_a_key_is_told() {
    if !Home::Server.is_there() {
        return;
    }
    let place = Place::new(Home::Server, &TABLES.1.replace("PRIMARY KEY", ""));
    assert_eq!(
        lacking(&place, PLAN).await,
        "5:1: reconcile.billed.table: `positions` has no primary key: a row needs a column that names it"
    );
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
