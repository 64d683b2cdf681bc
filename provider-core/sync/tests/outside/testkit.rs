//! The suites of the testkit, called as their documentation says.

use std::sync::Arc;

use provider_core::journal::{Journal, MemoryJournal};
use provider_core::{Customer, EntityKind, MemoryProvider, Result, async_trait};
use provider_testkit::conformance::{self, Case, ConformanceReport, Expectations};
use provider_testkit::journal::JournalFixture;

#[derive(Debug, Default)]
struct InMemory(MemoryJournal);

#[async_trait]
impl JournalFixture for InMemory {
    async fn open(&self) -> Result<Arc<dyn Journal>> {
        Ok(Arc::new(self.0.clone()))
    }
}

provider_testkit::journal_conformance!(journal, InMemory::default());

#[tokio::test]
async fn a_provider_is_examined() {
    let customers = [Customer::new("1", "Example Bakery"), Customer::new("2", "Example Dental")];
    let provider = MemoryProvider::new("wholesale").with_customers(customers);
    let expectations = Expectations::default().count(EntityKind::Customer, 2).proven([EntityKind::Customer]);
    let report: ConformanceReport = conformance::suite(Arc::new(provider), expectations).await;
    assert!(report.ok(), "{report}");
    assert!(report.passed().count() > 0 && report.failures().next().is_none());
    // What could not be examined is told by its name.
    let names: Vec<String> = report.not_applicable().map(Case::name).collect();
    assert!(!names.is_empty() && names.iter().all(|name| !name.is_empty()), "{names:?}");
    report.assert();
}
