//! Sides that are empty, missing, open, or not to be trusted: never a match, and never a guess.

use std::sync::Arc;

use async_trait::async_trait;
use provider_core::{EntityKind, Error, ErrorKind, Period};

use super::shop::{Calls, Shop, billed, line, month, only, seats};
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
