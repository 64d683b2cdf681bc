//! What a report looks like, and when its assertion fails.

use std::sync::Arc;

use provider_core::{Capabilities, EntityKind, Operation, Provider, ProviderInfo};
use provider_testkit::conformance::{self, CaseStatus, Expectations, Rule};

use crate::seed::{bare_expectations, distributor};

/// Knows who it is and nothing else.
#[derive(Debug)]
struct Bare {
    info: ProviderInfo,
    capabilities: Capabilities,
}

impl Provider for Bare {
    fn info(&self) -> &ProviderInfo {
        &self.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }
}

fn bare() -> Arc<dyn Provider> {
    Arc::new(Bare { info: ProviderInfo::new("bare", "one"), capabilities: Capabilities::default() })
}

#[tokio::test]
async fn a_provider_that_does_nothing_refuses_everything() {
    let report = conformance::suite(bare(), Expectations::default().wire_calls(|| 0)).await;
    report.assert();
    let refused = report.passed().filter(|case| case.rule == Rule::CapabilityRefused).count();
    // Everything but verification: 7 listings, 4 gets, and plan, execute, reconcile of 11 commands.
    assert_eq!(refused, Operation::all().count() - 1);
    for case in report.not_applicable() {
        assert!(!case.detail.is_empty(), "{} gives no reason", case.name());
    }
}

#[tokio::test]
async fn a_report_reads_as_a_table_and_as_data() {
    let report = conformance::suite(Arc::new(distributor("first")), bare_expectations()).await;
    let text = report.to_string();
    assert_eq!(text.lines().count(), report.cases.len() + 1);
    assert!(
        text.lines().any(|line| line.starts_with("ok      listing.proven") && line.contains("23 declared"))
    );
    assert!(text.ends_with("not applicable\n"), "{text}");
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["provider"], "memory");
    assert_eq!(json["cases"][0]["rule"], "verify.checks");
    assert_eq!(json["cases"][0]["status"], "passed");
    assert_eq!(report.cases[0].name(), "verify.checks");
}

#[tokio::test]
async fn a_broken_promise_fails_the_assertion_with_its_detail() {
    let wrong = bare_expectations().count(EntityKind::Product, 8);
    let report = conformance::suite(Arc::new(distributor("first")), wrong).await;
    assert!(!report.ok());
    let failed: Vec<_> = report.failures().collect();
    assert_eq!(failed.len(), 1, "{report}");
    assert_eq!((failed[0].rule, failed[0].status), (Rule::ListingComplete, CaseStatus::Failed));
    let panic = std::panic::catch_unwind(|| report.assert()).unwrap_err();
    let message = panic.downcast_ref::<String>().unwrap();
    assert!(message.contains("9 came instead of 8 products"), "{message}");
    assert!(message.contains("1 failed"), "{message}");
}

#[test]
fn every_rule_has_a_name_and_a_sentence() {
    let mut names: Vec<_> = Rule::ALL.iter().map(|rule| rule.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Rule::ALL.len());
    for rule in Rule::ALL {
        assert!(rule.text().ends_with('.'), "{rule}");
    }
}

#[test]
fn expectations_show_no_secret() {
    let shown = format!("{:?}", bare_expectations());
    assert!(!shown.contains(crate::seed::SECRET), "{shown}");
}
