//! An order of which each line is a request of its own, and a process that ends between them.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use provider_core::journal::{Begin, Fence, Journal, MemoryJournal};
use provider_core::receipt::{Judgement, LineOutcome};
use provider_core::{Attempt, Command, NewOrder, Outcome, PlaceOrder, Receipt, Result};
use tokio::sync::Notify;

use super::commands::{SUITE, key, seats};
use super::connection::Account;
use super::lost::account;

const NEW_COMMERCE: &str = "/api/v1/subscriptions/new-commerce-orders";

/// Where the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// The second line was not let through yet.
    Between,
    /// The second line was let through, and did not reach the wire.
    BeforeTheWire,
    /// The second line was carried out, and its answer was not remembered.
    AfterTheEffect,
}

/// A journal whose process ends at one moment: from then on nothing goes on.
#[derive(Debug)]
struct Ending {
    inner: MemoryJournal,
    ends: Ends,
    reached: Arc<Notify>,
}

#[async_trait]
impl Journal for Ending {
    async fn begin(&self, attempt: &Attempt, ttl: Duration) -> Result<Begin> {
        self.inner.begin(attempt, ttl).await
    }

    async fn arm(&self, attempt: &Attempt, fence: Fence, ttl: Duration) -> Result<()> {
        let second = attempt.step(1);
        let is_reached = match self.ends {
            Ends::Between | Ends::BeforeTheWire => second.is_some(),
            Ends::AfterTheEffect => second.is_some_and(|step| step.line.is_some()),
        };
        if !is_reached || self.ends == Ends::BeforeTheWire {
            self.inner.arm(attempt, fence, ttl).await?;
        }
        if is_reached {
            self.reached.notify_one();
            std::future::pending::<()>().await;
        }
        Ok(())
    }

    async fn finish(&self, attempt: &Attempt, fence: Fence, receipt: &Receipt) -> Result<()> {
        self.inner.finish(attempt, fence, receipt).await
    }

    async fn release(&self, attempt: &Attempt, fence: Fence) -> Result<()> {
        self.inner.release(attempt, fence).await
    }

    async fn leave_open(&self, attempt: &Attempt, fence: Fence) -> Result<()> {
        self.inner.leave_open(attempt, fence).await
    }
}

fn three_lines(account: &Account) -> Command {
    let lines = vec![seats(SUITE, 7), seats("CFQ7TTC0SMP4:0001", 2), seats(SUITE, 3)];
    PlaceOrder::new(NewOrder::new(account.crayon.tenant_ids()[0].to_string()).lines(lines)).into()
}

/// Begins the order and ends the process; answers what the journal knows then.
async fn killed(account: &Account, ends: Ends) -> MemoryJournal {
    let (inner, reached) = (account.journal(), Arc::new(Notify::new()));
    let provider = account.over(Ending { inner: inner.clone(), ends, reached: Arc::clone(&reached) });
    let command = three_lines(account);
    let options = key("lines");
    tokio::select! {
        biased;
        result = provider.execute(&command, &options) => panic!("{ends:?}: it ended: {result:?}"),
        () = reached.notified() => {}
    }
    inner
}

fn outcomes(receipt: &Receipt) -> Vec<LineOutcome> {
    receipt.lines.iter().map(|line| line.outcome).collect()
}

#[tokio::test]
async fn what_was_answered_is_known_and_only_the_line_in_flight_is_judged() {
    use LineOutcome::{Applied, NotAttempted, Unknown};
    for (ends, sent, second, judged_by) in [
        (Ends::Between, 1, NotAttempted, Judgement::Answer),
        (Ends::BeforeTheWire, 1, Unknown, Judgement::Comparison),
        (Ends::AfterTheEffect, 2, Applied, Judgement::Comparison),
    ] {
        let account = account().await;
        let journal = killed(&account, ends).await;
        assert_eq!(account.crayon.count("POST", NEW_COMMERCE), sent, "{ends:?}");
        account.crayon.clock().advance(Duration::from_secs(3600));
        let provider = account.over(journal);
        let receipt = provider.execute(&three_lines(&account), &key("lines")).await.unwrap();
        assert_eq!((receipt.outcome, receipt.replayed), (Outcome::Partial, true), "{ends:?}");
        assert_eq!(outcomes(&receipt), [Applied, second, NotAttempted], "{ends:?}: {receipt:?}");
        assert_eq!(receipt.judged_by, judged_by, "{ends:?}");
        assert!(receipt.lines[0].order.is_some() && receipt.lines[0].subscription.is_some(), "{receipt:?}");
        assert_ne!(receipt.lines[0].subscription, receipt.lines[1].subscription);
        // Each line that was not carried out says what can be done about it.
        for line in receipt.lines.iter().filter(|line| line.outcome != Applied) {
            assert_eq!(line.violations[0].field, format!("lines[{}]", line.line));
            assert!(line.violations[0].message.contains("under a new key"), "{ends:?}: {line:?}");
        }
        // Nothing is sent again, and the answer stays.
        let again = provider.execute(&three_lines(&account), &key("lines")).await.unwrap();
        assert_eq!(outcomes(&again), outcomes(&receipt));
        assert_eq!(account.crayon.count("POST", NEW_COMMERCE), sent, "{ends:?}");
    }
}

#[tokio::test]
async fn a_line_that_may_still_arrive_is_waited_for() {
    let account = account().await;
    let journal = killed(&account, Ends::BeforeTheWire).await;
    // The lease has run out by then; the settling time has not.
    account.crayon.clock().advance(Duration::from_secs(200));
    let provider = account.over(journal);
    // What is known is answered, and nothing is made of the line in flight.
    let early = provider.execute(&three_lines(&account), &key("lines")).await.unwrap();
    assert_eq!(outcomes(&early), [LineOutcome::Applied, LineOutcome::Unknown, LineOutcome::NotAttempted]);
    assert!(early.lines[1].violations.is_empty(), "nothing is advised before the settling time: {early:?}");
    let open = provider.journal().unwrap().open_attempts(None).await.unwrap();
    assert_eq!(open.len(), 1, "it is not done yet");
    account.crayon.clock().advance(Duration::from_secs(400));
    let receipt = provider.execute(&three_lines(&account), &key("lines")).await.unwrap();
    assert_eq!(receipt.outcome, Outcome::Partial);
    assert!(!receipt.lines[1].violations.is_empty(), "{receipt:?}");
    assert_eq!(account.crayon.count("POST", NEW_COMMERCE), 1);
}

#[tokio::test]
async fn what_somebody_else_bought_is_not_the_line_in_flight() {
    let account = account().await;
    let journal = killed(&account, Ends::BeforeTheWire).await;
    let other = PlaceOrder::new(
        NewOrder::new(account.crayon.tenant_ids()[0].to_string()).line(seats("CFQ7TTC0SMP4:0001", 9)),
    );
    account.provider().execute(&other.into(), &key("somebody-else")).await.unwrap();
    account.crayon.clock().advance(Duration::from_secs(3600));
    let receipt = account.over(journal).execute(&three_lines(&account), &key("lines")).await.unwrap();
    assert_eq!(outcomes(&receipt), [LineOutcome::Applied, LineOutcome::Unknown, LineOutcome::NotAttempted]);
}
