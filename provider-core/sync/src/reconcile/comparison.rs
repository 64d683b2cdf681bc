//! The table, once all sides are in.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use provider_core::commitment::{Guard, MoneyRange};
use provider_core::{CustomerId, Period, Price};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::books::{Books, RENEWALS_KEPT};
use super::judge::{Judged, Sides};
use super::remark::Remark;
use super::row::Row;
use super::verdict::{Cause, Loser, Verdict};

/// What one side was read from, and whether all of it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SideReport {
    /// The records that it was read from: `subscriptions`, `lines`, `usage`, `documents`, `application`, or
    /// `nothing`.
    pub from: String,
    /// Records that were read.
    pub records: u64,
    /// Whether all records were read: only then is a missing one known not to exist.
    pub complete: bool,
}

impl SideReport {
    pub(super) fn new(from: &str, records: u64, complete: bool) -> Self {
        Self { from: from.to_owned(), records, complete }
    }
}

/// How many rows of one verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Counts {
    /// All three sides agree.
    #[serde(rename = "match")]
    pub matched: u64,
    /// The units differ.
    pub quantity: u64,
    /// The amounts differ.
    pub price: u64,
    /// Bought and not charged.
    pub not_billed: u64,
    /// Charged and not bought.
    pub not_bought: u64,
    /// It cannot be told.
    pub not_told: u64,
}

impl Counts {
    fn add(&mut self, verdict: Verdict) {
        let count = match verdict {
            Verdict::Match => &mut self.matched,
            Verdict::Quantity => &mut self.quantity,
            Verdict::Price => &mut self.price,
            Verdict::NotBilled => &mut self.not_billed,
            Verdict::NotBought => &mut self.not_bought,
            Verdict::NotTold(_) => &mut self.not_told,
        };
        *count += 1;
    }

    /// All rows.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.matched + self.differ() + self.not_told
    }

    /// Rows that differ.
    #[must_use]
    pub const fn differ(&self) -> u64 {
        self.quantity + self.price + self.not_billed + self.not_bought
    }
}

/// Money at stake, summed up by customer or by cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct AtStake {
    /// What it has in common: a customer's name, or a cause.
    pub of: String,
    /// Who is worse off, where all of it is one's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loser: Option<Loser>,
    /// Rows.
    pub rows: u64,
    /// How much, in one currency.
    pub range: MoneyRange,
}

/// What the rows come to. Currencies stand beside each other and are never added.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Summary {
    /// Rows of each verdict.
    pub rows: Counts,
    /// At stake in rows that differ, one range for each currency.
    pub at_stake: Vec<MoneyRange>,
    /// The same by customer, the largest first.
    pub by_customer: Vec<AtStake>,
    /// The same by cause, the largest first.
    pub by_cause: Vec<AtStake>,
    /// Rows that differ and of which nothing tells how much.
    pub unpriced: u64,
    /// Whether all three sides were told, were complete and had something, and every row agrees. With a side that is
    /// empty or missing this is never so.
    pub all_matched: bool,
}

/// A renewal, or the end of a window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Upcoming {
    /// The customer's id.
    pub customer: CustomerId,
    /// The customer's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_name: Option<String>,
    /// The product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// What can be done, until when, and what missing it costs.
    pub guard: Guard,
}

/// What documents claim where they tell no subscription, by currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Documents {
    /// How many.
    pub count: u64,
    /// What they add up to.
    pub total: Price,
}

/// What was ordered, invoiced and billed in one month.
#[derive(Debug)]
pub struct Comparison {
    books: Books,
    /// What each cell of the books came to.
    judged: Vec<Option<Judged>>,
    header: Header,
}

/// Everything of a comparison but its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Header {
    /// The connection.
    pub connection: String,
    /// The distributor's kind, such as `pax8`.
    pub distributor: String,
    /// The month.
    pub period: Period,
    /// When it was read.
    pub as_of: DateTime<Utc>,
    /// Where the ordered side came from.
    pub ordered: SideReport,
    /// Where the invoiced side came from.
    pub invoiced: SideReport,
    /// Where the billed side came from.
    pub billed: SideReport,
    /// What the month's documents claim, where their lines tell no subscription.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Documents>,
    /// Remarks about the comparison as a whole.
    pub remarks: Vec<Remark>,
    /// What the rows come to.
    pub summary: Summary,
    /// Renewals and ends of windows in the next 90 days, the first of them first.
    pub renewals: Vec<Upcoming>,
}

/// A comparison with its rows, as it is written for machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Report {
    /// Everything but the rows.
    #[serde(flatten)]
    pub header: Header,
    /// The rows, by customer and subscription; what names no subscription comes last.
    pub rows: Vec<Row>,
}

/// Sums by what they have in common, in each currency.
type Sums = BTreeMap<(String, String), AtStake>;

/// Stands for the customer of what names none.
const NO_CUSTOMER: &str = "no customer";

fn sum(sums: &mut Sums, (key, of): (&str, &str), loser: Option<Loser>, range: MoneyRange) {
    let entry = sums.entry((range.currency.to_string(), key.to_owned()));
    let kept = entry.or_insert_with(|| AtStake {
        of: of.to_owned(),
        loser,
        rows: 0,
        range: MoneyRange::exactly(rust_decimal::Decimal::ZERO, range.currency),
    });
    kept.rows += 1;
    kept.loser = kept.loser.filter(|known| Some(*known) == loser);
    // What no number holds is as large as the largest.
    kept.range = kept.range.checked_add(range).unwrap_or(kept.range);
}

fn largest_first(sums: Sums) -> Vec<AtStake> {
    let mut all: Vec<_> = sums.into_values().collect();
    all.sort_by(|one, other| other.range.most.cmp(&one.range.most).then_with(|| one.of.cmp(&other.of)));
    all
}

impl Comparison {
    pub(super) fn close(mut books: Books, sides: Sides, header: Header) -> Self {
        books.renewals.sort_by_key(|renewing| (renewing.when(), renewing.guard.subscription.to_string()));
        books.renewals_left += books.renewals.len().saturating_sub(RENEWALS_KEPT) as u64;
        books.renewals.truncate(RENEWALS_KEPT);
        if books.renewals_left > 0 {
            let count = books.renewals_left;
            books.remarks.add(Remark::More { kind: "renewals".to_owned(), count });
        }
        let judged = books.all_judged(sides);
        let mut comparison = Self { books, judged, header };
        comparison.header.summary = comparison.summarize();
        let upcoming = comparison.books.renewals.iter().map(|renewing| Upcoming {
            customer: CustomerId::from(&*renewing.customer),
            customer_name: comparison.books.name_of(&renewing.customer),
            product: renewing.product.as_deref().map(str::to_owned),
            guard: renewing.guard.clone(),
        });
        comparison.header.renewals = upcoming.collect();
        comparison.header.remarks = comparison.books.remarks.all();
        comparison
    }

    /// Made without the rows, whose texts nobody reads here.
    fn summarize(&self) -> Summary {
        let mut summary = Summary::default();
        let (mut by_customer, mut by_cause, mut total) = (Sums::new(), Sums::new(), Sums::new());
        for (place, judged) in self.judged.iter().enumerate() {
            let Some(judged) = judged else { continue };
            summary.rows.add(judged.verdict);
            if matches!(judged.verdict, Verdict::Match | Verdict::NotTold(_)) {
                continue;
            }
            let Some(range) = judged.at_stake else {
                summary.unpriced += 1;
                continue;
            };
            let loser = judged.cause.loser();
            // Two customers may have one name.
            let (id, name) = self.books.customer_at(place).unwrap_or(("", NO_CUSTOMER));
            sum(&mut by_customer, (id, name), loser, range);
            let cause = judged.cause.as_str();
            sum(&mut by_cause, (cause, cause), loser, range);
            sum(&mut total, ("", ""), loser, range);
        }
        summary.rows.not_told += self.books.nameless();
        summary.at_stake = total.into_values().map(|all| all.range).collect();
        summary.by_customer = largest_first(by_customer);
        summary.by_cause = largest_first(by_cause);
        let sides = [&self.header.ordered, &self.header.invoiced, &self.header.billed];
        summary.all_matched = sides.iter().all(|side| side.records > 0 && side.complete)
            && summary.rows.matched > 0
            && summary.rows.rows() == summary.rows.matched;
        summary
    }

    /// Everything but the rows.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The rows, made one by one: by customer and subscription, and last what names no subscription.
    pub fn rows(&self) -> impl Iterator<Item = Row> + '_ {
        let places = self.books.order().into_iter();
        let row = move |place: usize| self.books.row(place, (*self.judged.get(place)?)?);
        places.filter_map(row).chain(self.books.loose())
    }

    /// The comparison with all its rows, for machines.
    #[must_use]
    pub fn report(&self) -> Report {
        Report { header: self.header.clone(), rows: self.rows().collect() }
    }
}

impl Cause {
    /// Of a word, as summaries have it.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|cause| cause.as_str() == word).copied()
    }
}
