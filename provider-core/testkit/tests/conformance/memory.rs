//! The provider in memory keeps every promise.

use std::sync::Arc;

use provider_core::layer::ReadOnly;
use provider_core::memory::Evidence;
use provider_core::model::InvoiceLineKind;
use provider_core::{
    CommandKind, InvoiceLine, InvoiceLineQuery, MemoryProvider, Operation, Period, Provider, ProviderExt,
};
use provider_testkit::conformance::{self, CaseStatus, ConformanceReport, Expectations, Rule};
use provider_testkit::history::History;

use crate::sabotage::writes_of;
use crate::seed::{bare_expectations, distributor, expectations, of_evidence, place_order};

async fn examined(evidence: Evidence) -> ConformanceReport {
    let provider = of_evidence(evidence);
    let expectations = expectations().wire_writes(writes_of(provider.clone()));
    conformance::suite(Arc::new(provider), expectations).await
}

/// The cases that had nothing to examine, without those of rules that wait for something to be told.
fn unexamined(report: &ConformanceReport) -> Vec<String> {
    let told = |rule| !matches!(rule, Rule::Ended | Rule::GetForbidden);
    report.not_applicable().filter(|case| told(case.rule)).map(conformance::Case::name).collect()
}

#[tokio::test]
async fn with_a_reference_every_rule_is_kept_and_nothing_stays_unexamined() {
    let report = examined(Evidence::Reference).await;
    println!("{report}");
    report.assert();
    assert_eq!(
        unexamined(&report),
        ["plan.answers: resume", "plan.answers: cancel subscription"],
        "{report}"
    );
    for kind in CommandKind::ALL {
        let subject = Operation::Execute(kind).to_string();
        for rule in [Rule::ExecuteApplies, Rule::ExecuteEffect, Rule::ReplayAnswers, Rule::ReplayBusy] {
            let case = report.cases.iter().find(|case| case.rule == rule && case.subject == subject);
            assert_eq!(case.map(|case| case.status), Some(CaseStatus::Passed), "{rule} {subject}\n{report}");
        }
    }
    // Two rules have no case here: this provider does everything, and nothing in it is forbidden.
    let rules: Vec<_> = report.passed().map(|case| case.rule).collect();
    let missing: Vec<_> = Rule::ALL.iter().filter(|rule| !rules.contains(rule)).collect();
    assert_eq!(missing, [&Rule::CapabilityRefused, &Rule::GetForbidden]);
}

#[tokio::test]
async fn with_a_baseline_every_rule_is_kept() {
    examined(Evidence::Baseline).await.assert();
}

#[tokio::test]
async fn without_evidence_every_rule_is_kept() {
    examined(Evidence::None).await.assert();
}

#[tokio::test(start_paused = true)]
async fn paused_time_changes_nothing() {
    examined(Evidence::Reference).await.assert();
}

#[tokio::test]
async fn a_journaled_provider_keeps_every_rule() {
    let journaled = Arc::new(of_evidence(Evidence::Reference))
        .journaled(Arc::new(provider_core::journal::MemoryJournal::default()));
    conformance::suite(journaled, expectations()).await.assert();
}

#[tokio::test]
async fn a_read_only_provider_refuses_every_command() {
    let sandbox: Arc<dyn Provider> = Arc::new(ReadOnly::new(of_evidence(Evidence::Reference)));
    let report = conformance::suite(sandbox, expectations()).await;
    report.assert();
    let refused = report.passed().filter(|case| case.rule == Rule::CapabilityRefused).count();
    assert_eq!(refused, CommandKind::ALL.len());
    assert!(report.passed().all(|case| case.rule != Rule::ExecuteApplies));
}

#[tokio::test]
async fn nothing_is_carried_out_unless_it_is_allowed() {
    let provider = of_evidence(Evidence::Reference);
    let before = provider.counts();
    let report =
        conformance::suite(Arc::new(provider.clone()), bare_expectations().command(place_order())).await;
    report.assert();
    assert_eq!(provider.counts(), before);
    for kind in CommandKind::ALL {
        assert_eq!(provider.calls(Operation::Execute(kind)), 0, "{kind:?}");
    }
}

#[tokio::test]
async fn what_is_examined_shows_two_months_a_credit_and_a_changed_number_of_seats() {
    let lines = Arc::new(distributor("first")).invoice_lines(InvoiceLineQuery::default());
    let lines = lines.collect_all().await.unwrap();
    let shown = |keep: &dyn Fn(&InvoiceLine) -> bool| {
        let mut history = History::default();
        for line in lines.iter().filter(|line| keep(line)) {
            history.line(line);
        }
        history.missing()
    };
    assert_eq!(shown(&|_| true), [] as [&str; 0]);
    // Each is missed where it is not there.
    assert_eq!(shown(&|line| line.quantity != Some(3.into())), ["a changed number of seats"]);
    assert_eq!(shown(&|line| line.kind != InvoiceLineKind::Credit), ["money that was given back"]);
    let january = Period::month(2026, 1);
    assert_eq!(
        shown(&|line| line.period.is_none() || line.period == january),
        ["two months", "a changed number of seats"]
    );
}

#[tokio::test]
async fn an_empty_distributor_breaks_no_rule() {
    let report = conformance::suite(Arc::new(MemoryProvider::new("empty")), Expectations::default()).await;
    report.assert();
}

#[tokio::test]
async fn replay_examines_the_journal_alone() {
    let provider = of_evidence(Evidence::Reference);
    let report = conformance::replay(Arc::new(provider.clone()), expectations()).await;
    report.assert();
    // Once for its answer and once for a lost one, however often each was asked for.
    assert_eq!(provider.calls(Operation::Execute(CommandKind::PlaceOrder)), 2);
    assert!(report.passed().any(|case| case.rule == Rule::ReplayAnswers));
    assert!(report.cases.iter().all(|case| case.rule != Rule::Filter));
}
