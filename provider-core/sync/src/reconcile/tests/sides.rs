//! Sides that are empty, missing, open, or not to be trusted: never a match, and never a guess.

use std::sync::Arc;

use async_trait::async_trait;
use provider_core::model::{InvoiceKind, InvoiceSide, InvoiceStatus, UsageKind};
use provider_core::{Capabilities, EntityKind, Error, ErrorKind, Invoice, Operation, Period, UsageRecord};

use super::shop::{Calls, Shop, billed, document, line, month, only, seats, usd};
use crate::reconcile::{
    BilledPage, BilledRow, BilledRows, BilledSource, Cause, Reason, Reconcile, Remark, Rules, Verdict,
};
use crate::target::{LocalCursor, TargetError};

fn has(remarks: &[Remark], fits: impl Fn(&Remark) -> bool) -> bool {
    remarks.iter().any(fits)
}

#[tokio::test]
async fn three_sides_that_agree_are_a_match() {
    let compared =
        Shop::with(vec![seats("s-1"), seats("s-2")]).compare(vec![billed("s-1"), billed("s-2")]).await;
    let rows: Vec<_> = compared.rows().collect();
    assert!(rows.iter().all(|row| row.verdict == Verdict::Match && row.cause == Cause::Agreed), "{rows:#?}");
    assert_eq!((rows.len(), rows[0].customer_name.as_deref()), (2, Some("Example Bakery")));
    let header = compared.header();
    assert!(header.summary.all_matched);
    assert_eq!((header.summary.rows.matched, header.summary.at_stake.len()), (2, 0));
    assert!(header.remarks.is_empty(), "{:?}", header.remarks);
}

#[tokio::test]
async fn a_side_that_is_missing_or_empty_is_never_all_matched() {
    let whole = Shop::with(vec![seats("s-1")]);
    let agreed = || vec![billed("s-1")];

    // Nothing says what was billed.
    let compared = whole.compare_alone().await;
    assert_eq!(only(&compared).verdict, Verdict::NotTold(Reason::BilledUnknown));
    assert!(!compared.header().summary.all_matched);
    assert!(has(
        &compared.header().remarks,
        |one| matches!(one, Remark::SideMissing { side, .. } if side == "billed")
    ));

    // What was billed is empty: it may be the wrong table.
    let compared = whole.compare(Vec::new()).await;
    assert_eq!(only(&compared).verdict, Verdict::NotTold(Reason::BilledIncomplete));
    assert!(has(
        &compared.header().remarks,
        |one| matches!(one, Remark::SideEmpty { side } if side == "billed")
    ));

    // The month has no invoice.
    let compared = Shop { lines: Vec::new(), ..whole.clone() }.compare(agreed()).await;
    assert_eq!(only(&compared).verdict, Verdict::NotTold(Reason::InvoicedIncomplete));
    assert!(!compared.header().summary.all_matched);

    // The subscriptions are not there, or may not be seen: what is charged for is not called unbought.
    for shop in [
        Shop { subscriptions: Vec::new(), ..whole.clone() },
        Shop {
            refusal: Some((
                EntityKind::Subscription,
                Error::new(ErrorKind::PermissionDenied, "the role may not"),
            )),
            ..whole.clone()
        },
    ] {
        let compared = shop.compare(agreed()).await;
        assert_eq!(only(&compared).verdict, Verdict::NotTold(Reason::OrderedIncomplete));
        assert!(!compared.header().summary.all_matched);
    }

    // All three are empty.
    let nothing = Shop { subscriptions: Vec::new(), lines: Vec::new(), ..whole }.compare(Vec::new()).await;
    assert_eq!(nothing.rows().count(), 0);
    assert!(!nothing.header().summary.all_matched);
}

#[tokio::test]
async fn what_is_missing_from_a_side_that_was_not_read_to_its_end_is_not_told() {
    let mut shop = Shop::with(vec![seats("s-1")]);
    shop.bad = 1;
    let mut foreign = billed("s-9");
    foreign.key = "position 9".to_owned();
    let compared = shop.compare(vec![billed("s-1"), foreign]).await;
    let rows: Vec<_> = compared.rows().map(|row| row.verdict).collect();
    assert_eq!(rows, [Verdict::Match, Verdict::NotTold(Reason::OrderedIncomplete)]);
    assert!(!compared.header().summary.all_matched);
    assert!(has(
        &compared.header().remarks,
        |one| matches!(one, Remark::SideIncomplete { side, .. } if side == "ordered")
    ));
    // A failure is no short list.
    let error = Error::new(ErrorKind::Unavailable, "down");
    let failing = Shop { refusal: Some((EntityKind::InvoiceLine, error)), ..shop };
    let run = Reconcile::new(Arc::new(failing), month()).run().await;
    assert!(run.is_err());
}

#[tokio::test]
async fn a_month_that_is_not_closed_misses_nothing_yet() {
    let two = Shop { lines: vec![line("s-1")], ..Shop::with(vec![seats("s-1"), seats("s-2")]) };
    let rows = vec![billed("s-1"), billed("s-2")];
    let verdicts =
        |compared: &crate::reconcile::Comparison| compared.rows().map(|row| row.verdict).collect::<Vec<_>>();

    let closed = two.compare(rows.clone()).await;
    assert_eq!(verdicts(&closed), [Verdict::Match, Verdict::NotBilled]);

    let open = two.compare_by(rows.clone(), Rules::default(), "2026-10-31T23:00:00Z").await;
    assert_eq!(verdicts(&open), [Verdict::Match, Verdict::NotTold(Reason::MonthOpen)]);
    assert!(has(&open.header().remarks, |one| *one == Remark::MonthOpen));

    let mut rules = Rules::default();
    rules.closed_after = 10;
    let late = two.compare_by(rows, rules, "2026-11-09T00:00:00Z").await;
    assert_eq!(verdicts(&late), [Verdict::Match, Verdict::NotTold(Reason::MonthOpen)]);
}

#[tokio::test]
async fn currencies_are_never_mixed() {
    let mut shop = Shop::with(vec![seats("s-1")]);
    let mut euros = billed("s-1");
    euros.currency = "EUR".parse().ok();
    let row = only(&shop.compare(vec![euros.clone()]).await);
    assert_eq!((row.verdict, row.at_stake), (Verdict::NotTold(Reason::BilledCurrency), None));
    assert_eq!(row.billed.currency, "EUR".parse().ok());

    // Two currencies on one side have no sum.
    let row = only(&shop.compare(vec![euros, billed("s-1")]).await);
    assert_eq!((row.verdict, row.billed.amount), (Verdict::NotTold(Reason::BilledCurrency), None));

    let mut unsaid = billed("s-1");
    unsaid.currency = None;
    assert_eq!(only(&shop.compare(vec![unsaid]).await).verdict, Verdict::NotTold(Reason::NoCurrency));

    let mut written = billed("s-1");
    written.currency = None;
    written.currency_as_written = Some("kr".to_owned());
    let compared = shop.compare(vec![written]).await;
    assert_eq!(only(&compared).verdict, Verdict::NotTold(Reason::NoCurrency));
    assert!(has(
        &compared.header().remarks,
        |one| matches!(one, Remark::Unreadable { text, .. } if text == "kr")
    ));

    shop.lines[0].cost = Some(provider_core::Price::new(20.into(), "NOK".parse().ok()).flat());
    let row = only(&shop.compare(vec![billed("s-1")]).await);
    assert_eq!(row.verdict, Verdict::NotTold(Reason::InvoicedCurrency));

    // Amounts at stake stand beside each other by currency.
    let mut krone = seats("s-2");
    krone.cost = None;
    krone.customer_price = None;
    let mut nok = line("s-2");
    nok.cost = Some(provider_core::Price::new(7.into(), "NOK".parse().ok()).flat());
    nok.sale = None;
    let shop = Shop { lines: vec![line("s-1"), nok], ..Shop::with(vec![seats("s-1"), krone]) };
    let compared = shop.compare(vec![billed("s-3")]).await;
    let stakes: Vec<_> = compared.header().summary.at_stake.iter().map(ToString::to_string).collect();
    assert_eq!(stakes, ["7 NOK", "50.00 to 60.00 USD"]);
}

#[tokio::test]
async fn a_number_with_a_comma_is_said_and_kept_and_not_read() {
    let shop = Shop::with(vec![seats("s-1")]);
    let mut row = billed("s-1");
    row.amount = crate::reconcile::Figure::read("30,00");
    let compared = shop.compare(vec![row]).await;
    assert_eq!(only(&compared).verdict, Verdict::NotTold(Reason::Unreadable));
    let said = compared.header().remarks.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(said, ["billed row position of s-1: `30,00` is no amount"]);
}

#[tokio::test]
async fn the_vendors_own_id_is_told_and_not_taken() {
    let mut known = seats("s-1");
    known.vendor_subscription_id = Some("5B0C-ABCD".to_owned());
    let compared = Shop::with(vec![known]).compare(vec![billed("5b0c-abcd")]).await;
    let verdicts: Vec<_> = compared.rows().map(|row| row.cause).collect();
    assert_eq!(verdicts, [Cause::NotBilled, Cause::BilledNotOrdered]);
    let said = compared.header().remarks[0].to_string();
    assert!(said.contains("is the vendor's own id of subscription s-1: bill by s-1"), "{said}");
}

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
async fn invoices_count_by_their_state_and_their_month() {
    let mut shop = Shop::with(vec![seats("s-1")]);
    shop.invoices[0].status = Some(InvoiceStatus::Void);
    let compared = shop.compare(vec![billed("s-1")]).await;
    assert_eq!(only(&compared).verdict, Verdict::NotTold(Reason::InvoicedIncomplete));
    assert!(has(
        &compared.header().remarks,
        |one| matches!(one, Remark::InvoiceLeft { status, .. } if status == "void")
    ));

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

/// A source that is read page by page.
#[derive(Debug)]
struct Paged(BilledRows, Arc<Calls>);

#[async_trait]
impl BilledSource for Paged {
    async fn read(
        &self,
        month: Period,
        after: Option<&LocalCursor>,
        _: usize,
    ) -> Result<BilledPage, TargetError> {
        self.1.0.lock().unwrap().push(after.map(|after| after.0.clone()));
        self.0.read(month, after, 2).await
    }
}

/// A source that never ends.
#[derive(Debug)]
struct Endless;

#[async_trait]
impl BilledSource for Endless {
    async fn read(&self, _: Period, _: Option<&LocalCursor>, _: usize) -> Result<BilledPage, TargetError> {
        Ok(BilledPage::before(vec![BilledRow::new("1", "s-1")], LocalCursor("same".to_owned())))
    }
}

#[tokio::test]
async fn a_source_is_read_to_its_end_and_one_that_has_none_is_not_trusted() {
    let ids: Vec<String> = (1..=5).map(|n| format!("s-{n}")).collect();
    let shop = Shop::with(ids.iter().map(|id| seats(id)).collect());
    let calls = Arc::new(Calls::default());
    let source = Paged(BilledRows::new(ids.iter().map(|id| billed(id)).collect()), Arc::clone(&calls));
    let compared =
        Reconcile::new(Arc::new(shop.clone()), month()).billed(Arc::new(source)).run().await.unwrap();
    assert_eq!(compared.header().billed.records, 5);
    assert_eq!(calls.0.lock().unwrap().len(), 3);
    let compared = Reconcile::new(Arc::new(shop), month()).billed(Arc::new(Endless)).run().await.unwrap();
    assert!(!compared.header().billed.complete);
}
