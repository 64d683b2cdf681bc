//! The suite on the model of all journals, and on journals with one fault each.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use provider_core::journal::{Journal, MemoryJournal};
use provider_core::{Result, async_trait};
use provider_testkit::journal::{self, JournalFixture};

use crate::sabotaged::{Flaw, Sabotaged};

#[derive(Debug, Default)]
struct InMemory(MemoryJournal);

#[async_trait]
impl JournalFixture for InMemory {
    async fn open(&self) -> Result<Arc<dyn Journal>> {
        Ok(Arc::new(self.0.clone()))
    }
}

provider_testkit::journal_conformance!(memory, InMemory::default());

#[async_trait]
impl JournalFixture for Sabotaged {
    async fn open(&self) -> Result<Arc<dyn Journal>> {
        Ok(Arc::new(self.clone()))
    }

    async fn pass(&self, time: Duration) {
        self.turn(time);
    }

    fn keeps_house(&self) -> bool {
        !self.is(Flaw::KeepsNoHouse)
    }
}

async fn failing(flaw: Option<Flaw>) -> Vec<&'static str> {
    journal::failures(|| Sabotaged::new(flaw)).await.into_iter().map(|(case, _)| case).collect()
}

#[tokio::test]
async fn a_sound_journal_on_a_clock_of_its_own_passes() {
    assert_eq!(failing(None).await, [""; 0]);
}

#[tokio::test]
async fn a_journal_that_only_keeps_attempts_passes() {
    assert_eq!(failing(Some(Flaw::KeepsNoHouse)).await, [""; 0]);
}

/// Each flaw with a case that finds it. Every case is named at least once, so that none passes whatever it is
/// given.
const FLAWS: [(Flaw, &[&str]); 25] = [
    (Flaw::NeverBusy, &["a_new_key_is_fresh_and_then_held", "of_sixteen_with_one_key_one_is_fresh"]),
    (Flaw::ReleasesNothing, &["a_released_key_is_fresh_again"]),
    (Flaw::OpensReservations, &["what_was_never_sent_is_fresh_again"]),
    (Flaw::ReservesForEver, &["a_lapsed_reservation_guards_nothing"]),
    (Flaw::LosesBaseline, &["what_may_have_been_sent_is_open"]),
    (Flaw::Forgets, &["a_receipt_is_answered_for_ever", "many_keys_at_once_do_not_mix"]),
    (Flaw::KeepsCredentials, &["credentials_are_not_stored", "a_person_settles_what_is_open"]),
    (Flaw::TakesAnyCommand, &["another_command_is_refused"]),
    (Flaw::ForgetsWithItsHandle, &["what_was_answered_outlives_its_handle"]),
    (Flaw::NoFence, &["a_lease_that_ran_out_arms_nothing"]),
    (Flaw::ReleasesForOthers, &["a_sleeper_ends_nobody_elses_lease"]),
    (Flaw::FinishNeedsLease, &["a_late_answer_is_still_a_fact"]),
    (Flaw::LastAnswerWins, &["a_late_answer_is_still_a_fact"]),
    (Flaw::ArmsOnce, &["arming_again_renews"]),
    (Flaw::LeavesNothing, &["an_attempt_left_open_is_open_at_once"]),
    (Flaw::ArmsWhatIsDone, &["what_is_done_arms_nothing"]),
    (Flaw::GuardsNothing, &["one_attempt_at_a_time_on_a_record", "an_entry_of_before_guards_its_record"]),
    (Flaw::GuardsEverything, &["other_records_are_free", "what_a_reference_decides_guards_nothing"]),
    (Flaw::KnowsNoAccounts, &["two_accounts_do_not_meet", "another_account_on_the_connection_is_refused"]),
    (Flaw::KeysOfConnections, &["a_renamed_connection_keeps_its_keys"]),
    (Flaw::MovesOver, &["a_key_in_both_accounts_moves_nothing"]),
    (Flaw::NoEntriesOfBefore, &["an_entry_of_before_becomes_its_accounts"]),
    (Flaw::ListsEverything, &["what_is_open_is_listed"]),
    (Flaw::SettlesEverything, &["what_is_not_open_is_not_settled", "a_person_says_that_it_never_happened"]),
    (Flaw::ForgetsWhatIsOpen, &["only_what_ended_is_forgotten"]),
];

#[tokio::test]
async fn each_flaw_is_found() {
    let mut missed = Vec::new();
    for (flaw, cases) in FLAWS {
        let failing = failing(Some(flaw)).await;
        missed.extend(cases.iter().filter(|case| !failing.contains(case)).map(|case| (flaw, *case)));
    }
    assert_eq!(missed, []);
}

#[tokio::test]
async fn a_journal_whose_begin_is_no_single_step_is_found() {
    let failing = failing(Some(Flaw::NotExclusive)).await;
    for case in ["of_sixteen_on_one_record_one_is_fresh", "of_sixteen_with_one_key_one_is_fresh"] {
        assert!(failing.contains(&case), "it passes {case}; it fails {failing:?}");
    }
}

#[tokio::test]
async fn every_case_is_one_that_a_flaw_fails() {
    let cases: BTreeSet<_> = failing(Some(Flaw::Down)).await.into_iter().collect();
    let mut found: BTreeSet<_> = FLAWS.iter().flat_map(|(_, cases)| cases.iter().copied()).collect();
    found.insert("of_sixteen_on_one_record_one_is_fresh");
    assert_eq!(found, cases);
}
