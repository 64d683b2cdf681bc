//! What is counted, and the row that it makes.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use chrono::{DateTime, TimeDelta, Utc};
use provider_core::Receipt;
use provider_core::receipt::LineOutcome;

use crate::intent::{Intent, last};
use crate::truth::Effects;

#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) kills: usize,
    pub(crate) faults: u64,
    pub(crate) doubled: Vec<usize>,
    pub(crate) falsely_claimed: BTreeSet<usize>,
    pub(crate) unknown: usize,
    pub(crate) never_sent: usize,
    /// Orders that a kill cut off, once for each kill.
    cut_off: usize,
    /// What was claimed first.
    claims: BTreeMap<usize, Receipt>,
    /// When a process was killed over a key first.
    crashes: BTreeMap<usize, DateTime<Utc>>,
    certain_after: Vec<TimeDelta>,
}

/// What a receipt says of its one line: where it can be looked up.
fn says(receipt: &Receipt) -> Option<(Option<String>, Option<String>)> {
    let [line] = receipt.lines.as_slice() else { return None };
    if !matches!(line.outcome, LineOutcome::Applied | LineOutcome::Accepted) {
        return None;
    }
    let own = |id: &str| last(id).to_ascii_lowercase();
    Some((
        line.order.as_ref().map(|id| own(id.as_str())),
        line.subscription.as_ref().map(|id| own(id.as_str())),
    ))
}

impl Tally {
    /// A process was killed while it carried this out.
    pub(crate) fn crashed(&mut self, index: usize, at: DateTime<Utc>) {
        self.cut_off += 1;
        if !self.claims.contains_key(&index) {
            self.crashes.entry(index).or_insert(at);
        }
    }

    /// Somebody claims that it happened.
    pub(crate) fn claimed(&mut self, index: usize, receipt: Receipt, at: DateTime<Utc>) {
        if let Some(crash) = self.crashes.remove(&index) {
            self.certain_after.push(at - crash);
        }
        match self.claims.get(&index) {
            // Two claims about one key are about one order.
            Some(first) => {
                if says(first).map(|(order, _)| order) != says(&receipt).map(|(order, _)| order) {
                    self.falsely_claimed.insert(index);
                }
            }
            None => drop(self.claims.insert(index, receipt)),
        }
    }

    /// A person has to say what came of it.
    pub(crate) fn left_unknown(&mut self, index: usize, was_sent: bool) {
        self.unknown += 1;
        self.never_sent += usize::from(!was_sent);
        self.crashes.remove(&index);
    }

    /// How many keys may be unknown though nothing was sent: only a kill between the journal's word and the first
    /// byte does that, and it meets one order in two hundred that it cuts off. More than this has less than one
    /// chance in a thousand.
    pub(crate) fn most_never_sent(&self) -> usize {
        let mean = f64::from(u32::try_from(self.cut_off).unwrap()) / 200.0;
        let (mut most, mut exactly) = (0_u32, (-mean).exp());
        let mut within = exactly;
        while within < 0.999 {
            most += 1;
            exactly *= mean / f64::from(most);
            within += exactly;
        }
        usize::try_from(most).unwrap().max(1)
    }

    /// Holds the claims against what the distributor has.
    pub(crate) fn judge(&mut self, intent: &Intent, effects: &Effects) {
        if effects.live.len() > 1 {
            self.doubled.push(intent.index);
        }
        let claim = self.claims.get(&intent.index);
        if !claim.is_some_and(|claim| belongs(intent, claim, effects)) {
            self.falsely_claimed.insert(intent.index);
        }
    }

    fn median_and_longest(&self) -> (i64, i64) {
        let mut seconds: Vec<_> = self.certain_after.iter().map(TimeDelta::num_seconds).collect();
        seconds.sort_unstable();
        let median = seconds.get(seconds.len() / 2).copied();
        (median.unwrap_or_default(), seconds.last().copied().unwrap_or_default())
    }

    /// One row. Not through `println!`, which the test runner keeps to itself.
    pub(crate) fn print(&self, distributor: &str, seed: u64, keys: usize) {
        let (median, longest) = self.median_and_longest();
        let row = format!(
            "soak {distributor:<9} seed {seed}: {keys} keys, {} kills that cut off {} orders, {} faults | doubled {}, falsely claimed {}, \
             unknown {}, unknown though never sent {} | {} crashes certain after {median} s (median), {longest} s \
             (longest)",
            self.kills,
            self.cut_off,
            self.faults,
            self.doubled.len(),
            self.falsely_claimed.len(),
            self.unknown,
            self.never_sent,
            self.certain_after.len(),
        );
        let _ = writeln!(std::io::stderr(), "{row}");
    }
}

/// Whether a receipt is about what this key, and no other, has at the distributor.
fn belongs(intent: &Intent, receipt: &Receipt, effects: &Effects) -> bool {
    let Some((order, subscription)) = says(receipt) else { return false };
    if let Some(order) = order {
        return effects.live.contains_key(&order) || effects.dead.contains(&order);
    }
    match intent.changed() {
        Some(changed) => effects.happened() && subscription.as_deref() == Some(&changed.to_ascii_lowercase()),
        None => {
            let became = effects.live.values().flatten().any(|id| subscription.as_deref() == Some(id));
            effects.happened() && (became || subscription.is_none())
        }
    }
}

/// What is counted can be counted.
#[test]
fn what_is_doubled_or_claimed_falsely_is_found() {
    use provider_core::receipt::LineReceipt;
    use provider_core::{IdempotencyKey, NewOrder, PlaceOrder};

    let intent = |index: usize| Intent {
        index,
        key: IdempotencyKey::derive("tally", [index.to_string()]),
        command: PlaceOrder::new(NewOrder::new("C-1").lines(Vec::new())).into(),
        customer: "C-1".into(),
        subscription: None,
        quantity: 3,
    };
    let receipt = |order: &str| {
        let mut line = LineReceipt::new(0, LineOutcome::Accepted);
        line.order = Some(order.into());
        Receipt::from_lines(vec![line]).unwrap()
    };
    let orders = |ids: &[&str]| {
        let live = ids.iter().map(|id| ((*id).to_owned(), BTreeSet::new())).collect();
        Effects { live, ..Effects::default() }
    };
    let mut tally = Tally::default();
    let begun = DateTime::UNIX_EPOCH;
    for (index, claim) in ["C-1/O-0", "O-1", "O-of-another", "O-3"].into_iter().enumerate() {
        tally.crashed(index, begun);
        tally.claimed(index, receipt(claim), begun + TimeDelta::seconds(160));
    }
    tally.judge(&intent(0), &orders(&["o-0"]));
    tally.judge(&intent(1), &orders(&["o-1", "o-1-again"]));
    tally.judge(&intent(2), &orders(&["o-2"]));
    tally.judge(&intent(3), &orders(&[]));
    tally.judge(&intent(4), &orders(&["o-4"]));
    // Two processes that claim two orders under one key.
    tally.claimed(0, receipt("O-other"), begun);
    assert_eq!(tally.doubled, [1_usize]);
    assert_eq!(tally.falsely_claimed, BTreeSet::from([0, 2, 3, 4]));
    tally.left_unknown(5, false);
    tally.left_unknown(6, true);
    assert_eq!((tally.unknown, tally.never_sent), (2, 1));
    assert_eq!(tally.median_and_longest(), (160, 160));
    for (cut_off, most) in [(0, 1), (20, 2), (100, 4), (200, 5), (2_000, 21)] {
        assert_eq!(Tally { cut_off, ..Tally::default() }.most_never_sent(), most, "{cut_off}");
    }
}
