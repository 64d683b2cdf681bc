//! Invoices: which of them count, what names no subscription on them, and what tells it where they do not.

use provider_core::model::{InvoiceKind, InvoiceSide, InvoiceStatus, UsageKind};
use provider_core::{Capabilities, Currency, EntityKind, Invoice, Operation, Period, Price, UsageRecord};
use rust_decimal::Decimal;

use super::shop::{Shop, billed, document, line, only, seats, usd};
use crate::reconcile::{Cause, Reason, Remark, Rules, Verdict};

#[tokio::test]
async fn what_names_no_subscription_is_kept_and_compared_with_nothing() {
    let mut shop = Shop::with(vec![seats("s-1")]);
    let mut fee = line("s-1");
    fee.subscription = None;
    fee.kind = provider_core::model::InvoiceLineKind::Fee;
    fee.cost = Some(usd("4.00").flat());
    shop.lines.push(fee);
    let mut nameless = billed("");
    nameless.subscription = None;
    nameless.customer = Some("debtor 7".to_owned());
    let compared = shop.compare(vec![billed("s-1"), nameless]).await;
    let rows: Vec<_> = compared.rows().collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0].verdict, Verdict::Match);
    // The row without an id may be that of any other: the side is not complete.
    assert!(!compared.header().billed.complete && !compared.header().summary.all_matched);
    for row in &rows[1..] {
        assert_eq!(
            (row.verdict, row.subscription.as_ref()),
            (Verdict::NotTold(Reason::NoSubscription), None)
        );
    }
    let amounts: Vec<_> = rows.iter().map(|row| (row.invoiced.amount, row.billed.amount)).collect();
    assert!(amounts.contains(&(Some("4.00".parse().unwrap()), None)), "{amounts:?}");
    assert!(amounts.contains(&(None, Some("30.00".parse().unwrap()))), "{amounts:?}");
}

#[tokio::test]
async fn what_names_no_subscription_stands_there_in_each_of_its_currencies() {
    let mut shop = Shop::with(vec![seats("s-1")]);
    for (amount, code) in [("4.00", "USD"), ("7.00", "EUR"), ("1.00", "USD")] {
        let mut fee = line("s-1");
        fee.subscription = None;
        fee.kind = provider_core::model::InvoiceLineKind::Fee;
        fee.cost = Some(Price::new(amount.parse().unwrap(), code.parse().ok()).flat());
        shop.lines.push(fee);
    }
    let compared = shop.compare(vec![billed("s-1")]).await;
    let told: Vec<_> = compared.rows().skip(1).map(|row| row.invoiced).collect();
    let amounts: Vec<_> = told.iter().map(|side| (side.amount, side.currency, side.lines)).collect();
    let of = |amount: &str, code: &str, lines: u32| {
        (amount.parse::<Decimal>().ok(), code.parse::<Currency>().ok(), lines)
    };
    assert_eq!(amounts, [of("7.00", "EUR", 1), of("5.00", "USD", 2)]);
}

#[tokio::test]
async fn lines_that_name_nobody_tell_nothing_of_anybody() {
    let mut shop = Shop::with(vec![seats("s-1"), seats("s-2")]);
    let rows = vec![billed("s-1"), billed("s-2")];
    // One of them may be the line that is missing.
    shop.lines[1].subscription = None;
    let verdicts: Vec<_> = shop.compare(rows.clone()).await.rows().map(|row| row.verdict).collect();
    let untold = Verdict::NotTold(Reason::InvoicedIncomplete);
    assert_eq!(verdicts, [Verdict::Match, untold, Verdict::NotTold(Reason::NoSubscription)]);
    // None of them names anybody: the promise that lines do so was not kept.
    shop.lines[0].subscription = None;
    shop.invoices[0].total = Some(usd("40.00").flat());
    let compared = shop.compare(rows).await;
    assert!(compared.rows().take(2).all(|row| row.verdict == Verdict::NotTold(Reason::InvoicedUnknown)));
    assert_eq!(
        (compared.header().invoiced.from.as_str(), compared.header().documents.len()),
        ("documents", 1)
    );
}

#[tokio::test]
async fn a_line_of_a_later_invoice_that_names_nobody_may_be_what_is_missing() {
    let mut later = document();
    later.id = "inv-2".into();
    later.issued_on = "2026-11-05".parse().ok();
    let mut nameless = line("s-2");
    nameless.invoice = "inv-2".into();
    nameless.subscription = None;
    let both = Shop::with(vec![seats("s-1"), seats("s-2")]);
    let mut shop = Shop { invoices: vec![document(), later], lines: vec![line("s-1"), nameless], ..both };
    let rows = || vec![billed("s-1"), billed("s-2")];
    let verdicts: Vec<_> = shop.compare(rows()).await.rows().map(|row| row.verdict).collect();
    let untold = Verdict::NotTold(Reason::InvoicedIncomplete);
    assert_eq!(verdicts, [Verdict::Match, untold, Verdict::NotTold(Reason::NoSubscription)]);
    // One of its own month is none of this one.
    shop.lines[1].period = Period::month(2026, 11);
    let causes: Vec<_> = shop.compare(rows()).await.rows().map(|row| row.cause).collect();
    assert_eq!(causes, [Cause::Agreed, Cause::NotInvoiced]);
}

#[tokio::test]
async fn invoices_count_by_their_state_and_their_month() {
    let mut shop = Shop::with(vec![seats("s-1")]);
    shop.invoices[0].status = Some(InvoiceStatus::Void);
    let compared = shop.compare(vec![billed("s-1")]).await;
    assert_eq!(only(&compared).verdict, Verdict::NotTold(Reason::InvoicedIncomplete));
    let left = |one: &Remark| matches!(one, Remark::InvoiceLeft { status, .. } if status == "void");
    assert!(compared.header().remarks.iter().any(left));

    // A later invoice has the month's line: what is paid afterwards.
    let mut later = document();
    later.id = "inv-2".into();
    later.issued_on = "2026-11-05".parse().ok();
    let mut of_later = line("s-1");
    of_later.invoice = "inv-2".into();
    let mut next = line("s-1");
    next.invoice = "inv-2".into();
    next.period = Period::month(2026, 11);
    let shop = Shop {
        invoices: vec![document(), later],
        lines: vec![line("s-0"), of_later, next],
        ..Shop::with(vec![seats("s-0"), seats("s-1")])
    };
    let compared = shop.compare(vec![billed("s-0"), billed("s-1")]).await;
    assert!(
        compared.rows().all(|row| row.verdict == Verdict::Match),
        "{:#?}",
        compared.rows().collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn which_invoices_count_is_the_billers_choice() {
    let on = |id: &str, day: &str| {
        let mut invoice = document();
        invoice.id = id.into();
        invoice.issued_on = day.parse().ok();
        invoice
    };
    let of = |id: &str, invoice: &str| {
        let mut line = line(id);
        line.invoice = invoice.into();
        line
    };
    // October's line of s-1 stands on an invoice of September, that of s-2 on one of November.
    let shop = Shop {
        invoices: vec![document(), on("inv-0", "2026-09-05"), on("inv-2", "2026-11-05")],
        lines: vec![line("s-0"), of("s-1", "inv-0"), of("s-2", "inv-2")],
        ..Shop::with(vec![seats("s-0"), seats("s-1"), seats("s-2")])
    };
    let rows = || vec![billed("s-0"), billed("s-1"), billed("s-2")];
    let told = async |months: (u32, u32)| {
        let mut rules = Rules::default();
        (rules.invoices.before, rules.invoices.after) = months;
        let compared = shop.compare_by(rows(), rules, "2026-11-20T08:00:00Z").await;
        compared.rows().map(|row| row.cause).collect::<Vec<_>>()
    };
    let (agreed, missing) = (Cause::Agreed, Cause::NotInvoiced);
    assert_eq!(told((1, 1)).await, [agreed, agreed, agreed]);
    assert_eq!(told((0, 1)).await, [agreed, missing, agreed]);
    assert_eq!(told((1, 0)).await, [agreed, agreed, missing]);
    assert_eq!(told((0, 0)).await, [agreed, missing, missing]);

    // By their state: what tells none counts, and what was made void counts for those who say so.
    let mut shop = Shop::with(vec![seats("s-1")]);
    for (status, statuses, counts) in [
        (None, vec![InvoiceStatus::Paid], true),
        (Some(InvoiceStatus::Paid), vec![InvoiceStatus::Paid], true),
        (Some(InvoiceStatus::Open), vec![InvoiceStatus::Paid], false),
        (Some(InvoiceStatus::Open), Rules::default().invoices.statuses, true),
        (Some(InvoiceStatus::Void), Rules::default().invoices.statuses, false),
        (Some(InvoiceStatus::Void), vec![InvoiceStatus::Void], true),
    ] {
        shop.invoices[0].status.clone_from(&status);
        let mut rules = Rules::default();
        rules.invoices.statuses = statuses;
        let compared = shop.compare_by(vec![billed("s-1")], rules, "2026-11-20T08:00:00Z").await;
        assert_eq!(only(&compared).verdict == Verdict::Match, counts, "{status:?}");
    }
}

#[tokio::test]
async fn usage_tells_what_is_invoiced_where_lines_do_not() {
    let mut shop = Shop::with(vec![seats("s-1"), seats("s-2")]);
    shop.capabilities = Capabilities::builder()
        .native(Operation::List(EntityKind::InvoiceLine))
        .native(Operation::List(EntityKind::Usage))
        .fields(EntityKind::Usage, ["subscription", "cost"])
        .build();
    for id in ["s-1", "s-2"] {
        let mut record = UsageRecord::default();
        record.kind = Some(UsageKind::Licence);
        record.subscription = Some(id.into());
        record.quantity = Some(if id == "s-1" { 10.into() } else { 12.into() });
        record.cost = Some(usd("20.00").flat());
        record.sale = Some(usd("30.00").flat());
        shop.usage.push(record);
    }
    let compared = shop.compare(vec![billed("s-1"), billed("s-2")]).await;
    let causes: Vec<_> = compared.rows().map(|row| row.cause).collect();
    assert_eq!(causes, [Cause::Agreed, Cause::InvoicedMore]);
    assert_eq!(compared.header().invoiced.from, "usage");
}

#[tokio::test]
async fn documents_alone_are_totals_and_no_row_rests_on_them() {
    let mut shop = Shop::with(vec![seats("s-1"), seats("s-2")]);
    shop.capabilities = Capabilities::builder().native(Operation::List(EntityKind::Invoice)).build();
    shop.invoices[0].total = Some(usd("40.00").flat());
    let mut receivable = Invoice::new("inv-9", InvoiceKind::Invoice, InvoiceSide::Payable);
    receivable.issued_on = "2026-10-09".parse().ok();
    receivable.total = Some(provider_core::Price::new(5.into(), "EUR".parse().ok()).flat());
    shop.invoices.push(receivable);
    let mut fewer = billed("s-2");
    fewer.quantity = rust_decimal::Decimal::from(7).into();
    fewer.amount = crate::reconcile::Figure::NotKept;
    let compared = shop.compare(vec![billed("s-1"), fewer]).await;
    let rows: Vec<_> = compared.rows().map(|row| (row.verdict, row.cause)).collect();
    // What differs without the invoices is said; what agrees without them is no match.
    assert_eq!(rows[0].0, Verdict::NotTold(Reason::InvoicedUnknown));
    assert_eq!(rows[1].1, Cause::BilledFewer);
    let totals: Vec<_> = compared.header().documents.iter().map(|known| known.total.to_string()).collect();
    assert_eq!(totals, ["40.00 USD flat", "5 EUR flat"]);
}
