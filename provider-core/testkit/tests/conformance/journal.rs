//! Journals with one fault each.

use std::sync::Arc;
use std::time::Duration;

use provider_core::journal::{Begin, Fence, Journal, MemoryJournal};
use provider_core::memory::Evidence;
use provider_core::{Attempt, Error, Receipt, Result, async_trait};
use provider_testkit::conformance::{self, ConformanceReport, Rule};

use crate::seed::{bare_expectations, of_evidence, place_order};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    None,
    /// What was done is not remembered.
    Forgets,
    /// The lease keeps nobody out.
    NeverBusy,
    /// A key stands for any command.
    TakesAnyCommand,
}

#[derive(Debug)]
struct Flawed {
    inner: MemoryJournal,
    flaw: Flaw,
}

#[async_trait]
impl Journal for Flawed {
    async fn begin(&self, attempt: &Attempt, ttl: Duration) -> Result<Begin> {
        match (self.flaw, self.inner.begin(attempt, ttl).await) {
            (Flaw::NeverBusy, Ok(Begin::Busy(_))) | (Flaw::TakesAnyCommand, Err(_)) => {
                Ok(Begin::Fresh(Fence(1)))
            }
            (_, answer) => answer,
        }
    }

    async fn arm(&self, attempt: &Attempt, fence: Fence, ttl: Duration) -> Result<()> {
        self.inner.arm(attempt, fence, ttl).await
    }

    async fn finish(&self, attempt: &Attempt, fence: Fence, receipt: &Receipt) -> Result<(), Error> {
        if self.flaw == Flaw::Forgets {
            return self.inner.release(attempt, fence).await;
        }
        self.inner.finish(attempt, fence, receipt).await
    }

    async fn release(&self, attempt: &Attempt, fence: Fence) -> Result<()> {
        self.inner.release(attempt, fence).await
    }

    async fn leave_open(&self, attempt: &Attempt, fence: Fence) -> Result<()> {
        self.inner.leave_open(attempt, fence).await
    }
}

async fn examined(flaw: Flaw) -> ConformanceReport {
    let journal = Flawed { inner: MemoryJournal::default(), flaw };
    let expectations = bare_expectations().command(place_order()).allow_writes().journal(Arc::new(journal));
    conformance::replay(Arc::new(of_evidence(Evidence::Reference)), expectations).await
}

async fn breaks(flaw: Flaw, rule: Rule) {
    let report = examined(flaw).await;
    assert!(report.failures().any(|case| case.rule == rule), "{flaw:?} does not break {rule}:\n{report}");
}

#[tokio::test]
async fn a_sound_journal_passes() {
    examined(Flaw::None).await.assert();
}

#[tokio::test]
async fn a_journal_that_forgets_sends_twice() {
    breaks(Flaw::Forgets, Rule::ReplayAnswers).await;
}

#[tokio::test]
async fn a_journal_that_is_never_busy_lets_two_through() {
    breaks(Flaw::NeverBusy, Rule::ReplayBusy).await;
}

#[tokio::test]
async fn a_journal_that_takes_any_command_mixes_intents() {
    breaks(Flaw::TakesAnyCommand, Rule::ReplayOther).await;
}
