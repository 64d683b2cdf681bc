//! The three sides, as they come in: one cell for each subscription, and nothing for a line.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use provider_core::commitment::{Guard, MoneyRange, guard};
use provider_core::model::{InvoiceLine, Product, Subscription, UsageRecord};
use provider_core::{BillingCycle, Currency, CustomerId, Period, ProductId, SubscriptionId, Term};
use rust_decimal::Decimal;

use super::billed::{BilledRow, Figure};
use super::cells::{Cell, Cells};
use super::charges::may_be_here;
use super::judge::{Case, Judged, Sides, Told, judge};
use super::money::Money;
use super::ordered::Ordered;
use super::remark::{Remark, Remarks};
use super::row::{Row, Side};
use super::rules::Rules;
use super::tariff::Tariff;
use super::verdict::{Cause, Reason, Verdict};

/// So many days ahead renewals are told.
pub const RENEWALS_AHEAD: i64 = 90;

/// More renewals than this are counted, not kept.
pub(super) const RENEWALS_KEPT: usize = 10_000;

/// What an offer is found by among those of its product.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct OfferKey {
    pub(super) product: String,
    cycle: Option<BillingCycle>,
    term: Option<Term>,
}

/// What [`Loose`] is kept by: the customer, the kind and the currency, or that it has none that can be added.
type LooseKey = (Option<String>, &'static str, Option<Currency>, bool);

fn loose_key(who: Option<String>, kind: &'static str, money: Money) -> LooseKey {
    (who, kind, money.currency(), matches!(money, Money::Broken(_)))
}

/// What names no subscription: kept by customer, kind and currency, and compared with nothing.
#[derive(Debug, Default)]
struct Loose {
    invoiced: Money,
    billed: Money,
    lines: u32,
    rows: u32,
}

/// Texts that many records have, each of them once.
#[derive(Debug, Default)]
struct Texts(HashSet<Arc<str>>);

impl Texts {
    fn one(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        let shared: Arc<str> = Arc::from(text);
        self.0.insert(Arc::clone(&shared));
        shared
    }
}

/// Everything that is known about a month.
#[derive(Debug)]
pub(super) struct Books {
    distributor: String,
    pub(super) month: Period,
    pub(super) now: DateTime<Utc>,
    pub(super) rules: Rules,
    cells: Cells,
    /// Where usage tells what is invoiced: the vendors, or else the products, that it tells of. Distributors have it of
    /// some vendors only, so that nothing is missing of the others.
    told_of: Option<HashSet<Arc<str>>>,
    texts: Texts,
    offers: HashMap<Arc<OfferKey>, Option<Tariff>>,
    names: HashMap<Box<str>, Box<str>>,
    /// The distributor's ids by the vendor's, to say what a foreign id is.
    vendor_ids: HashMap<Box<str>, Box<str>>,
    loose: BTreeMap<LooseKey, Loose>,
    pub(super) renewals: Vec<Renewing>,
    pub(super) renewals_left: u64,
    pub(super) remarks: Remarks,
}

/// A subscription that renews soon, or of which a window closes soon.
#[derive(Debug, Clone)]
pub(super) struct Renewing {
    pub(super) customer: Arc<str>,
    pub(super) product: Option<Arc<str>>,
    pub(super) guard: Guard,
}

impl Renewing {
    /// The next date of it.
    pub(super) fn when(&self) -> Option<DateTime<Utc>> {
        self.guard.deadline.or_else(|| self.guard.renewal.at())
    }
}

impl Books {
    pub(super) fn new(distributor: &str, month: Period, now: DateTime<Utc>, rules: Rules) -> Self {
        Self {
            distributor: distributor.to_owned(),
            month,
            now,
            rules,
            cells: Cells::default(),
            told_of: None,
            texts: Texts::default(),
            offers: HashMap::new(),
            names: HashMap::new(),
            vendor_ids: HashMap::new(),
            loose: BTreeMap::new(),
            renewals: Vec::new(),
            renewals_left: 0,
            remarks: Remarks::default(),
        }
    }

    /// Usage will tell what is invoiced.
    pub(super) fn tell_by_usage(&mut self) {
        self.told_of = Some(HashSet::new());
    }

    pub(super) fn named(&mut self, customer: &CustomerId, name: &str) {
        self.names.insert(customer.as_str().into(), name.into());
    }

    pub(super) fn ordered(&mut self, seats: &Subscription) {
        let customer = self.texts.one(seats.customer.as_str());
        let name = seats.product.name.as_deref().or(seats.name.as_deref()).or(seats.product.sku.as_deref());
        let product = name.map(|name| self.texts.one(name));
        let ordered = Ordered::of(&self.distributor, seats, (self.month, self.now), &self.rules);
        let told = guard(&self.distributor, seats, self.now);
        let ahead = chrono::TimeDelta::days(RENEWALS_AHEAD);
        if told.deadline.is_some_and(|at| at - self.now <= ahead)
            || told.renewal.at().is_some_and(|at| at - self.now <= ahead)
        {
            let renewing =
                Renewing { customer: Arc::clone(&customer), product: product.clone(), guard: told };
            self.renewing(renewing);
        }
        if let Some(vendor) = &seats.vendor_subscription_id {
            self.vendor_ids.insert(vendor.to_lowercase().into(), seats.id.as_str().into());
        }
        let offer = seats.product.id.as_ref().map(|id| {
            let key = OfferKey {
                product: id.to_string(),
                cycle: seats.billing_cycle.clone(),
                term: seats.commitment_term,
            };
            let known = self.offers.get_key_value(&key).map(|(known, _)| Arc::clone(known));
            known.unwrap_or_else(|| {
                let key = Arc::new(key);
                self.offers.insert(Arc::clone(&key), None);
                key
            })
        });
        let scope = self.told_of.is_some().then(|| self.scope(seats)).flatten();
        self.cells.change(seats.id.as_str(), |cell| {
            cell.ordered = Some(ordered);
            cell.customer = Some(customer);
            cell.product = product;
            cell.offer = offer;
            cell.scope = scope;
        });
    }

    /// The vendor; where it is not told, the product.
    fn scope(&mut self, seats: &Subscription) -> Option<Arc<str>> {
        let product = &seats.product;
        let scope = product.vendor.as_deref().or(product.id.as_ref().map(ProductId::as_str))?;
        Some(self.texts.one(scope))
    }

    /// The same subscription, read by itself: it tells more than the list did.
    pub(super) fn ordered_in_full(&mut self, seats: &Subscription) {
        let ordered = Ordered::of(&self.distributor, seats, (self.month, self.now), &self.rules);
        self.cells.change(seats.id.as_str(), |cell| cell.ordered = Some(ordered));
    }

    /// Keeps those that come first, of more than anybody reads.
    fn renewing(&mut self, renewing: Renewing) {
        self.renewals.push(renewing);
        if self.renewals.len() > 2 * RENEWALS_KEPT {
            self.renewals.sort_by_key(Renewing::when);
            let left = self.renewals.split_off(RENEWALS_KEPT);
            self.renewals_left = self.renewals_left.saturating_add(left.len() as u64);
        }
    }

    /// A line of a document that belongs to the month, or of one before or after it.
    pub(super) fn line(&mut self, line: &InvoiceLine, own: bool) {
        let Some(subscription) = &line.subscription else {
            // Of what another month's document has for other months nothing is said.
            if may_be_here(line.period, self.month, own, &self.rules) {
                let who = line
                    .customer
                    .as_ref()
                    .map(ToString::to_string)
                    .or_else(|| line.customer_reference.clone());
                let cost = line.cost.as_ref().map_or(Money::Nothing, Money::of);
                let loose = self.loose.entry(loose_key(who, kind_of(line), cost)).or_default();
                loose.lines = loose.lines.saturating_add(1);
                loose.invoiced.add(cost);
            }
            return;
        };
        let (month, rules, texts) = (self.month, &self.rules, &mut self.texts);
        self.cells.change(subscription.as_str(), |cell| {
            cell.invoiced.invoiced(line, month, own, rules);
            cell.named_by(line.customer.as_ref(), line.description.as_deref(), |text| texts.one(text));
        });
    }

    pub(super) fn used(&mut self, record: &UsageRecord) {
        let Some(subscription) = &record.subscription else {
            let who = record
                .customer
                .as_ref()
                .map(ToString::to_string)
                .or_else(|| record.customer_reference.clone());
            let cost = record.cost.as_ref().map_or(Money::Nothing, Money::of);
            let loose = self.loose.entry(loose_key(who, "usage", cost)).or_default();
            loose.lines = loose.lines.saturating_add(1);
            loose.invoiced.add(cost);
            return;
        };
        let (rules, texts) = (&self.rules, &mut self.texts);
        let mut scope = None;
        self.cells.change(subscription.as_str(), |cell| {
            cell.invoiced.used(record, rules);
            cell.named_by(record.customer.as_ref(), record.description.as_deref(), |text| texts.one(text));
            scope.clone_from(&cell.scope);
        });
        if let (Some(told_of), Some(scope)) = (&mut self.told_of, scope) {
            told_of.insert(scope);
        }
    }

    pub(super) fn billed(&mut self, row: &BilledRow) {
        for (what, figure) in [("quantity", &row.quantity), ("amount", &row.amount)] {
            if let Figure::Unreadable(text) = figure {
                self.remarks.add(Remark::Unreadable {
                    row: row.key.clone(),
                    what: what.to_owned(),
                    text: text.clone(),
                });
            }
        }
        for (what, text) in [("currency", &row.currency_as_written), ("period", &row.period_as_written)] {
            if let Some(text) = text {
                self.remarks.add(Remark::Unreadable {
                    row: row.key.clone(),
                    what: what.to_owned(),
                    text: text.clone(),
                });
            }
        }
        let id = row.subscription.as_deref().map(str::trim).filter(|id| !id.is_empty());
        let Some(id) = id else {
            let amount =
                row.amount.number().map_or(Money::Nothing, |amount| Money::Sum(amount, row.currency));
            let loose = self.loose.entry(loose_key(row.customer.clone(), "billed", amount)).or_default();
            loose.rows = loose.rows.saturating_add(1);
            loose.billed.add(amount);
            return;
        };
        let known = self.cells.get(id);
        if known.is_none() {
            let other = self.vendor_ids.get(id.to_lowercase().as_str()).map(|own| own.to_string());
            self.remarks.add(Remark::ForeignId { row: row.key.clone(), id: id.to_owned(), may_be: other });
        }
        let named = known.is_some_and(|cell| cell.customer.is_some());
        let customer = row.customer.as_deref().filter(|_| !named).map(|customer| self.texts.one(customer));
        let month = self.month;
        self.cells.change(id, |cell| {
            cell.billed.billed(row, month);
            cell.customer = cell.customer.take().or(customer);
        });
    }

    /// Subscriptions that differ in what a change after the month explains, and of which it is not told when they last
    /// changed.
    pub(super) fn undated(&self, sides: Sides) -> Vec<SubscriptionId> {
        let mut undated: Vec<&str> = Vec::new();
        for (id, cell) in self.cells.iter() {
            let untold = cell.ordered.as_ref().is_some_and(|seats| seats.change_untold);
            if untold && self.judged(cell, sides).is_some_and(|judged| judged.cause.rests_on_the_order()) {
                undated.push(id);
            }
        }
        // Always the same ones, where there are more than are looked up.
        undated.sort_unstable();
        undated.into_iter().map(SubscriptionId::from).collect()
    }

    /// Products of which bands of the price may explain an amount: those of rows that differ in price alone.
    pub(super) fn unexplained(&self, sides: Sides) -> Vec<String> {
        let mut products: Vec<String> = Vec::new();
        for (_, cell) in self.cells.iter() {
            let Some(offer) = &cell.offer else { continue };
            let cause = self.judged(cell, sides).map(|judged| judged.cause);
            if matches!(cause, Some(Cause::InvoicedDearer | Cause::InvoicedCheaper)) {
                products.push(offer.product.clone());
            }
        }
        products.sort_unstable();
        products.dedup();
        products
    }

    /// The bands of a product's offers.
    pub(super) fn tariffs(&mut self, product: &Product) {
        for (key, tariff) in &mut self.offers {
            if key.product != product.id.as_str() {
                continue;
            }
            let fits = |offer: &&provider_core::model::Offer| {
                offer.billing_cycle == key.cycle && (offer.commitment_term == key.term || key.term.is_none())
            };
            *tariff = product.offers.iter().filter(fits).find_map(Tariff::of);
        }
    }

    fn judged(&self, cell: &Cell, mut sides: Sides) -> Option<Judged> {
        if let Some(told_of) = &self.told_of
            && cell.ordered.is_some()
            && cell.invoiced.is_empty()
            && cell.scope.as_ref().is_none_or(|scope| !told_of.contains(scope))
        {
            sides.invoiced = Told::No;
        }
        let tariff = cell.offer.as_ref().and_then(|key| self.offers.get(key)).and_then(Option::as_ref);
        judge(Case {
            ordered: cell.ordered.as_ref(),
            invoiced: &cell.invoiced,
            billed: &cell.billed,
            tariff,
            rules: &self.rules,
            sides,
        })
    }

    /// The places of all cells, in the order of the table: by customer, then by subscription; those of nobody come last.
    pub(super) fn order(&self) -> Vec<usize> {
        let placed = self.cells.iter().enumerate();
        let mut all: Vec<(bool, &str, &str, usize)> = placed
            .map(|(place, (id, cell))| {
                (cell.customer.is_none(), self.name(cell.customer.as_deref()).unwrap_or_default(), id, place)
            })
            .collect();
        all.sort_unstable();
        all.into_iter().map(|(.., place)| place).collect()
    }

    fn name<'a>(&'a self, customer: Option<&'a str>) -> Option<&'a str> {
        let customer = customer?;
        Some(self.names.get(customer).map_or(customer, |name| &**name))
    }

    pub(super) fn name_of(&self, customer: &str) -> Option<String> {
        self.names.get(customer).map(|name| name.to_string())
    }

    /// What every cell came to, in the order of their places; `None` where nothing was ordered in the month and nobody
    /// charged.
    pub(super) fn all_judged(&self, sides: Sides) -> Vec<Option<Judged>> {
        self.cells.iter().map(|(_, cell)| self.judged(cell, sides)).collect()
    }

    /// The id and the name of the customer at a place.
    pub(super) fn customer_at(&self, place: usize) -> Option<(&str, &str)> {
        let id = self.cells.at(place)?.1.customer.as_deref();
        id.zip(self.name(id))
    }

    /// How many rows name no subscription.
    pub(super) fn nameless(&self) -> u64 {
        self.loose.len() as u64
    }

    /// The row of a cell that came to this.
    pub(super) fn row(&self, place: usize, judged: Judged) -> Option<Row> {
        let (id, cell) = self.cells.at(place)?;
        let ordered = cell.ordered.as_ref();
        let side = |seats: &Ordered| Side::new(seats.quantity, seats.cost, 1);
        Some(Row {
            customer: cell.customer.as_deref().map(CustomerId::from),
            customer_name: cell.customer.as_deref().and_then(|customer| self.name_of(customer)),
            subscription: Some(SubscriptionId::from(id)),
            product: cell.product.as_deref().map(str::to_owned),
            ordered: ordered.map_or_else(Side::default, side),
            invoiced: Side::invoiced(&cell.invoiced),
            billed: Side::billed(&cell.billed),
            verdict: judged.verdict,
            cause: judged.cause,
            at_stake: judged.at_stake,
            notes: notes(cell, judged.cause),
        })
    }

    /// What names no subscription. It is compared with nothing.
    pub(super) fn loose(&self) -> impl Iterator<Item = Row> + '_ {
        self.loose.iter().map(move |((who, kind, ..), loose)| {
            let known = [loose.invoiced, loose.billed].into_iter().find(|money| money.amount().is_some());
            let at_stake = known.and_then(|money| {
                Some(MoneyRange::new(Decimal::ZERO, money.amount()?.abs(), money.currency()?))
            });
            Row {
                customer: who.as_deref().map(CustomerId::from),
                customer_name: who.as_deref().and_then(|who| self.name_of(who)),
                subscription: None,
                product: Some((*kind).to_owned()),
                ordered: Side::default(),
                invoiced: Side::new(None, loose.invoiced, loose.lines),
                billed: Side::new(None, loose.billed, loose.rows),
                verdict: Verdict::NotTold(Reason::NoSubscription),
                cause: Cause::NotTold,
                at_stake,
                notes: Vec::new(),
            }
        })
    }
}

fn kind_of(line: &InvoiceLine) -> &'static str {
    use provider_core::model::InvoiceLineKind as Kind;
    match line.kind {
        Kind::Subscription => "subscription",
        Kind::Prorate => "prorate",
        Kind::OneTime => "one_time",
        Kind::Usage => "usage",
        Kind::Credit => "credit",
        Kind::Rebate => "rebate",
        Kind::Fee => "fee",
        Kind::Tax => "tax",
        _ => "other",
    }
}

/// What is to be known of a row beside its figures.
fn notes(cell: &Cell, cause: Cause) -> Vec<String> {
    let mut notes = Vec::new();
    let amount = |money: Money| match (money.amount(), money.currency()) {
        (Some(amount), Some(currency)) => format!("{amount} {currency}"),
        (Some(amount), None) => amount.to_string(),
        _ => "an amount that cannot be added up".to_owned(),
    };
    if let Some(rare) = &cell.invoiced.rare {
        if rare.prorates > 0 {
            notes.push(format!("{} prorated: {}", rare.prorates, amount(rare.prorate_cost)));
        }
        if rare.credit != Money::Nothing {
            notes.push(format!("given back: {}", amount(rare.credit)));
        }
        if rare.consumption > 1 {
            notes.push(format!("{} meters as one line", rare.consumption));
        }
        if rare.other_month > 0 {
            notes.push(format!("the month's invoice has {} for another month", amount(rare.other_cost)));
        }
        if rare.other_credit != Money::Nothing {
            notes.push(format!("given back: {} for another month", amount(rare.other_credit)));
        }
    }
    if let Some(rare) = &cell.billed.rare
        && rare.other_month > 0
    {
        notes.push(format!("billed in this month for another one: {}", amount(rare.other_cost)));
    }
    if cell.ordered.as_ref().is_some_and(|seats| seats.changed_since) {
        notes.push("it changed after the month".to_owned());
    }
    if cell.ordered.as_ref().is_some_and(|seats| seats.change_untold) && cause.rests_on_the_order() {
        notes.push("when it last changed is not told: what is ordered is what it is now".to_owned());
    }
    notes
}
