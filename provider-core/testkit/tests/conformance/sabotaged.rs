//! Every rule can be broken, and every fault is caught by the rule it breaks.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use provider_core::EntityKind;
use provider_testkit::conformance::{self, ConformanceReport, Rule};

use crate::sabotage::{FORBIDDEN, Flaw, Sabotage};
use crate::seed::expectations;

async fn examined(flaw: Flaw) -> ConformanceReport {
    let wire = Arc::new(AtomicU64::new(0));
    let provider = Sabotage::new(flaw, Arc::clone(&wire));
    let expectations = expectations()
        .forbidden(EntityKind::Customer, FORBIDDEN)
        .wire_calls(move || wire.load(Ordering::SeqCst))
        .wire_writes(provider.writes())
        // Long enough for every case in memory; only what hangs is waited for.
        .patience(Duration::from_secs(3));
    conformance::suite(Arc::new(provider), expectations).await
}

async fn breaks(flaw: Flaw, rule: Rule) {
    let report = examined(flaw).await;
    assert!(report.failures().any(|case| case.rule == rule), "{flaw:?} does not break {rule}:\n{report}");
}

macro_rules! sabotaged {
    ($($name:ident: $flaw:ident breaks $rule:ident;)+) => {
        $(
            #[tokio::test]
            async fn $name() {
                breaks(Flaw::$flaw, Rule::$rule).await;
            }
        )+

        /// The rules that the tests of this table prove breakable.
        const BROKEN: &[Rule] = &[$(Rule::$rule),+];
    };
}

sabotaged! {
    a_failing_check: FailingCheck breaks VerifyChecks;
    unsupported_after_a_call: UnsupportedAfterCall breaks CapabilityRefused;
    unsupported_and_answered: UnsupportedAnswers breaks CapabilityRefused;
    supported_and_missing: SupportedIsMissing breaks CapabilitySupported;
    a_skipped_page: SkipsPage breaks ListingComplete;
    a_record_that_cannot_be_read: CannotReadRecord breaks ListingComplete;
    a_repeated_id: RepeatsId breaks ListingDistinct;
    a_dropped_total: DropsTotal breaks ListingProven;
    a_repeated_cursor: RepeatsCursor breaks PagesEnd;
    a_moving_total: MovesTotal breaks PagesTotal;
    a_page_that_counts_too_few: CountsTooFew breaks PagesOnWire;
    cursors_ahead_out_of_order: AheadOutOfOrder breaks PagesAhead;
    too_many_cursors_ahead: AheadTooFar breaks PagesAhead;
    small_pages_that_lose_a_record: SmallPagesLoseRecord breaks PagesSizes;
    concurrent_pages_that_lose_a_record: LosesRecordWhenConcurrent breaks ListingPrefetch;
    a_cursor_that_forgets_the_size: CursorForgetsSize breaks ListingResume;
    an_unstable_order: UnstableOrder breaks ListingLimit;
    a_cursor_of_any_query: CursorOfAnyQuery breaks CursorQuery;
    a_cursor_of_any_text: CursorOfAnyText breaks CursorGarbage;
    a_cursor_of_any_connection: CursorOfAnyConnection breaks CursorConnection;
    an_ignored_filter: IgnoresFilter breaks Filter;
    a_filter_refused_after_a_call: FilterAfterCall breaks Filter;
    json_that_nobody_asked_for: RawUnasked breaks Raw;
    json_that_is_missing: RawMissing breaks Raw;
    an_empty_id: EmptyId breaks Ids;
    a_status_in_two_spellings: StatusInTwoSpellings breaks RoundTrip;
    an_undeclared_field: UndeclaredField breaks Fields;
    a_field_that_only_get_fills: ListsLess breaks Fields;
    hidden_deleted_records: HidesDeleted breaks Ended;
    get_that_loses_a_field: GetLosesField breaks GetContains;
    get_that_answers_another_record: GetsAnother breaks GetContains;
    get_that_says_summary: GetSaysSummary breaks GetFull;
    not_found_as_an_empty_record: NotFoundIsEmptyRecord breaks GetUnknown;
    not_found_without_asking: NotFoundWasNotSent breaks GetUnknown;
    what_is_forbidden_as_gone: ForbiddenIsGone breaks GetForbidden;
    what_is_forbidden_as_a_record: ForbiddenIsShown breaks GetForbidden;
    no_id_as_the_first_record: NoIdIsFirstRecord breaks GetNoId;
    a_customer_that_nobody_lists: DanglingCustomer breaks References;
    a_line_without_its_credit: LosesCredit breaks LinesAddUp;
    a_line_on_two_documents: LineOnTwoDocuments breaks LineOfOneDocument;
    a_last_day_left_out: LeavesLastDayOut breaks PeriodsTouch;
    months_that_overlap: OverlappingMonths breaks PeriodsTouch;
    a_monthly_price_without_a_month: PriceWithoutPeriod breaks PricesAreTimed;
    an_active_trial: ActiveTrial breaks TrialsAreTrials;
    an_order_that_no_list_shows: HidesNewOrders breaks NothingHidden;
    a_call_that_hangs: HangsPastDeadline breaks Deadline;
    a_deadline_that_is_an_internal_error: DeadlineIsInternal breaks Deadline;
    a_plan_that_executes: PlanExecutes breaks PlanChangesNothing;
    a_plan_that_says_nothing: PlanSaysNothing breaks PlanAnswers;
    a_member_that_is_written_unasked: WritesUndeclared breaks Writable;
    a_command_that_fails: ExecuteFails breaks ExecuteApplies;
    a_gate_that_is_asked_and_ignored: IgnoresGate breaks ExecuteAnnounced;
    a_layer_that_makes_options_of_its_own: LayerOfItsOwnOptions breaks ExecuteAnnounced;
    a_gate_that_is_passed_once_for_many: PassesOnceForMany breaks ExecuteEach;
    an_order_sent_twice: SendsTwice breaks ExecuteEffect;
    a_receipt_that_lies: ReceiptLies breaks ExecuteReceipt;
    a_password_in_a_receipt: PasswordInReceipt breaks ExecuteCredentials;
    an_invalid_command_that_is_accepted: AcceptsInvalid breaks ExecuteInvalid;
    an_invalid_command_of_unknown_fate: InvalidIsUnknown breaks ExecuteInvalid;
    an_unsent_command_that_was_applied: UnsentIsApplied breaks ReconcileUnsent;
    a_sent_command_that_was_not_applied: SentIsNotApplied breaks ReconcileSent;
    a_lost_answer_that_is_sent_again: SentIsNotApplied breaks ReplayLost;
    a_foreign_attempt_that_is_judged: JudgesForeignAttempt breaks ReconcileForeign;
    a_refusal_that_costs_calls: CallsForItsName breaks ReadOnly;
    closing_that_works_once: ClosesOnce breaks Close;
    an_identity_that_changes: ChangesItsMind breaks Stable;
    a_capability_without_a_reason: GivesNoReason breaks Stable;
    anonymous_errors: AnonymousErrors breaks ErrorsNamed;
    errors_of_another_operation: ErrorsOfAnotherOperation breaks ErrorsNamed;
    errors_of_many_lines: ErrorsOfManyLines breaks ErrorsOneLine;
    a_secret_in_debug: SecretInDebug breaks Secrets;
    a_secret_in_json: SecretInRaw breaks Secrets;
    a_secret_in_an_error: SecretInError breaks Secrets;
}

/// The rest is broken by journals, in `journal`.
const BROKEN_BY_JOURNALS: [Rule; 3] = [Rule::ReplayBusy, Rule::ReplayAnswers, Rule::ReplayOther];

#[test]
fn every_rule_is_broken_by_something() {
    let broken: BTreeSet<_> = BROKEN.iter().chain(&BROKEN_BY_JOURNALS).collect();
    let safe: Vec<_> = Rule::ALL.iter().filter(|rule| !broken.contains(rule)).collect();
    assert!(safe.is_empty(), "no fault breaks {safe:?}");
}

/// What only this rule notices: the gate is asked and obeyed, and the effect and the receipt are right.
#[tokio::test]
async fn passing_once_for_many_breaks_that_rule_alone() {
    let report = examined(Flaw::PassesOnceForMany).await;
    let broken: BTreeSet<_> = report.failures().map(|case| case.rule).collect();
    assert!(broken.contains(&Rule::ExecuteEach) && !broken.contains(&Rule::ExecuteAnnounced), "{report}");
}

#[tokio::test]
async fn without_a_fault_nothing_is_broken() {
    let report = examined(Flaw::None).await;
    report.assert();
    assert!(report.passed().any(|case| case.rule == Rule::GetForbidden), "{report}");
}
