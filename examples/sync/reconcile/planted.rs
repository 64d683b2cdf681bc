//! Differences for newcomers, in the simulator's data and in what was billed.

use std::sync::Arc;

use provider_core::model::{InvoiceKind, InvoiceLineKind};
use provider_core::rust_decimal::Decimal;
use provider_core::{
    BillingCycle, InvoiceLineQuery, InvoiceQuery, Provider, ProviderExt as _, Subscription,
    SubscriptionQuery, SubscriptionStatus,
};
use provider_examples::Failure;
use provider_simulator::Simulator;
use provider_sync::reconcile::{BilledRow, BilledRows, Figure, Month};

/// What was billed where nothing went wrong: every line of the month, at what the customer is charged.
async fn as_invoiced(provider: &Arc<dyn Provider>, month: Month) -> Result<Vec<BilledRow>, Failure> {
    let mut rows: Vec<BilledRow> = Vec::new();
    let period = month.period();
    let invoices =
        provider.invoices(InvoiceQuery::default().kind(InvoiceKind::Invoice)).collect_all().await?;
    for invoice in invoices {
        let day = invoice.issued_on;
        let near = day.is_some_and(|day| {
            let at = day.and_time(provider_core::chrono::NaiveTime::MIN).and_utc();
            at >= period.start && at < period.end + provider_core::chrono::TimeDelta::days(31)
        });
        if !near {
            continue;
        }
        let lines =
            provider.invoice_lines(InvoiceLineQuery::default().invoice(invoice.id)).collect_all().await?;
        for line in lines {
            let here = line.period.is_some_and(|known| period.contains(known.start));
            let (Some(subscription), Some(sale), true) = (&line.subscription, &line.sale, here) else {
                continue;
            };
            let one = line.kind == InvoiceLineKind::Usage;
            let mut row = BilledRow::new(format!("position {}", rows.len() + 1), subscription.as_str());
            row.quantity = if one { Decimal::ONE } else { line.quantity.unwrap_or_default() }.into();
            row.amount = sale.amount.into();
            row.currency = sale.currency;
            rows.push(row);
        }
    }
    Ok(rows)
}

/// Plain seats of the month, paid by the month, each for one difference.
async fn plain(provider: &Arc<dyn Provider>, month: Month) -> Result<Vec<Subscription>, Failure> {
    let listed = provider.subscriptions(SubscriptionQuery::default()).collect_all().await?;
    let few = Decimal::from(3);
    let fits = |seats: &Subscription| {
        let live = matches!(seats.status, SubscriptionStatus::Active | SubscriptionStatus::Converted);
        let priced = seats.cost.as_ref().is_some_and(|cost| cost.amount > Decimal::ZERO);
        let begun = seats.starts_at.is_some_and(|start| start < month.period().start);
        live && priced
            && begun
            && seats.billing_cycle == Some(BillingCycle::Monthly)
            && seats.quantity.is_some_and(|quantity| quantity > few)
    };
    Ok(listed.into_iter().filter(fits).collect())
}

/// Plants differences in a month of the simulator, and answers what was billed.
pub(super) async fn plant(
    simulator: &Simulator,
    provider: &Arc<dyn Provider>,
    month: Month,
) -> Result<BilledRows, Failure> {
    let pax8 = simulator.pax8();
    let mut rows = as_invoiced(provider, month).await?;
    let plain = plain(provider, month).await?;
    let mut plain = plain.iter().map(|seats| seats.id.to_string());
    let mut next = || plain.next().unwrap_or_default();
    let at =
        |rows: &[BilledRow], id: &str| rows.iter().position(|row| row.subscription.as_deref() == Some(id));
    let two = Decimal::TWO;

    // Billed: not at all, twice, too few, at another price, with a decimal comma, for an id that nobody knows.
    let (unbilled, twice, fewer, cheaper, comma) = (next(), next(), next(), next(), next());
    rows.retain(|row| row.subscription.as_deref() != Some(unbilled.as_str()));
    if let Some(mut again) = at(&rows, &twice).and_then(|at| rows.get(at)).cloned() {
        again.key.push_str(" again");
        rows.push(again);
    }
    if let Some(row) = at(&rows, &fewer).and_then(|at| rows.get_mut(at)) {
        row.quantity = match row.quantity {
            Figure::Is(units) => Figure::Is(units - two),
            ref other => other.clone(),
        };
    }
    if let Some(row) = at(&rows, &cheaper).and_then(|at| rows.get_mut(at)) {
        row.amount = match row.amount {
            Figure::Is(amount) => Figure::Is(amount * Decimal::new(93, 2)),
            ref other => other.clone(),
        };
    }
    if let Some(row) = at(&rows, &comma).and_then(|at| rows.get_mut(at)) {
        row.amount = Figure::Unreadable("1.234,50".to_owned());
    }
    let mut unknown = BilledRow::new("position of another system", "b7c1-4711");
    (unknown.quantity, unknown.amount) = (Decimal::from(4).into(), Decimal::from(52).into());
    unknown.currency = "USD".parse().ok();
    rows.push(unknown);

    // Invoiced: twice, too many, not at all, with money back; and one that had ended before.
    let (doubled, more, missing, credited, ended) = (next(), next(), next(), next(), next());
    let first = month.period().start;
    for invoice in pax8.invoices_of(first.date_naive()) {
        pax8.edit_invoice(&invoice, |items| {
            let copies: Vec<_> =
                items.iter().filter(|item| item.subscription.as_ref() == Some(&doubled)).cloned().collect();
            items.extend(copies);
            items.retain(|item| item.subscription.as_ref() != Some(&missing));
            let mut back = Vec::new();
            for item in items.iter_mut() {
                if item.subscription.as_ref() == Some(&more) {
                    item.cost_total += item.cost_total / item.quantity * two;
                    item.quantity += two;
                }
                if item.subscription.as_ref() == Some(&credited) {
                    let mut credit = item.clone();
                    credit.kind = "invoice-credit".to_owned();
                    (credit.quantity, credit.cost_total, credit.sub_total) =
                        (Decimal::ONE, Decimal::from(-15), Decimal::ZERO);
                    back.push(credit);
                }
            }
            items.extend(back);
        });
    }
    pax8.edit_subscription(&ended, |seats| {
        seats.status = "Cancelled".to_owned();
        seats.ends_at = Some(first - provider_core::chrono::TimeDelta::days(3));
    });
    rows.retain(|row| row.subscription.as_deref() != Some(ended.as_str()));
    Ok(BilledRows::new(rows))
}
