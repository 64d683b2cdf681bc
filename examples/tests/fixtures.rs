//! What the simulated distributors show: two months at least, money that was given back, and seats that changed. What is
//! tested with them is tested at all.
#![allow(clippy::unwrap_used, missing_docs, reason = "a failed unwrap is a failed test")]

use chrono::Months;
use provider_core::clock::{Clock as _, SystemClock};
use provider_core::model::{InvoiceKind, UsageKind};
use provider_core::{InvoiceLine, InvoiceLineQuery, Period, ProviderExt as _, UsageQuery, UsageRecord};
use provider_examples::{Connections, Kind};
use provider_testkit::history::History;

/// What one distributor was found to charge.
#[derive(Default)]
struct Charged {
    lines: Vec<InvoiceLine>,
    usage: Vec<UsageRecord>,
}

impl Charged {
    /// Invoices or statements where their lines have subscriptions and seats; at ION the reports of the last months.
    async fn of(connections: &Connections, kind: Kind) -> Self {
        let (_, provider) = connections.iter().find(|(known, _)| *known == kind).unwrap();
        let lines = |kind| provider.invoice_lines(InvoiceLineQuery::default().kind(kind)).collect_all();
        match kind {
            Kind::Crayon => Self { lines: lines(InvoiceKind::Statement).await.unwrap(), ..Self::default() },
            Kind::Pax8 => Self { lines: lines(InvoiceKind::Invoice).await.unwrap(), ..Self::default() },
            Kind::StreamOne => {
                let this = Period::month_of(SystemClock.now().date_naive()).start;
                let query = UsageQuery::default().between(this - Months::new(2), this).unwrap();
                Self { usage: provider.usage(query).collect_all().await.unwrap(), ..Self::default() }
            }
        }
    }

    fn history(&self) -> History {
        let mut history = History::default();
        for line in &self.lines {
            history.line(line);
        }
        for record in &self.usage {
            history.usage(record);
        }
        history
    }

    /// The same without something of it.
    fn without(
        &self,
        line: impl Fn(&InvoiceLine) -> bool,
        usage: impl Fn(&UsageRecord) -> bool,
    ) -> Vec<&'static str> {
        let lines = self.lines.iter().filter(|one| !line(one)).cloned().collect();
        let usage = self.usage.iter().filter(|one| !usage(one)).cloned().collect();
        Self { lines, usage }.history().missing()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_distributor_shows_two_months_a_credit_and_a_changed_number_of_seats() {
    let connections = Connections::open(None).await.unwrap();
    for kind in Kind::ALL {
        let charged = Charged::of(&connections, kind).await;
        assert_eq!(charged.history().missing(), [] as [&str; 0], "{kind}");
        // Each of them is missed where it is gone.
        let negative = |price: &Option<provider_core::Price>| {
            price.as_ref().is_some_and(|price| price.amount.is_sign_negative())
        };
        let missing = charged.without(
            |line| negative(&line.cost),
            |record| negative(&record.cost) || record.kind == Some(UsageKind::Credit),
        );
        assert_eq!(missing, ["money that was given back"], "{kind}");
        let last = charged.lines.iter().filter_map(|line| line.period).map(|period| period.start).max();
        let last =
            last.or(charged.usage.iter().filter_map(|record| record.period).map(|one| one.start).max());
        let first = Period::month_of(last.unwrap().date_naive()).start;
        let missing = charged.without(
            |line| line.period.is_some_and(|period| period.start < first),
            |record| record.period.is_some_and(|period| period.start < first),
        );
        assert!(
            missing.contains(&"two months") && missing.contains(&"a changed number of seats"),
            "{kind}: {missing:?}"
        );
    }
}
