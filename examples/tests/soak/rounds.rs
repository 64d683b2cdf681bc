//! The course of a soak: bad rounds with kills, then fair ones that bring every key to its end, then a
//! person's word on what is left.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use provider_core::journal::Settlement;
use provider_core::receipt::{LineOutcome, LineReceipt};
use provider_core::{Provider, Receipt};
use provider_simulator::Simulator;
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::time::Instant;

use crate::connection::{Distributor, connect, renew, store};
use crate::dice::Dice;
use crate::faults::Weather;
use crate::intent::{Intent, intents};
use crate::process::{Heard, Worker};
use crate::relay::Relay;
use crate::tally::Tally;
use crate::truth::{self, Effects};
use crate::worker::{AHEAD, DISTRIBUTOR, SKEW, STORE, Said};

/// Two processes, six minutes apart.
const SKEWS: [i64; 2] = [-180, 180];

/// A round and the seconds that pass after it: first the leases of the killed run out, then the settling times.
struct Round {
    bad: bool,
    kills: bool,
    then: u64,
}

const ROUNDS: [Round; 8] = [
    Round { bad: true, kills: true, then: 160 },
    Round { bad: true, kills: true, then: 310 },
    Round { bad: true, kills: true, then: 310 },
    Round { bad: true, kills: false, then: 160 },
    Round { bad: true, kills: false, then: 620 },
    Round { bad: false, kills: false, then: 160 },
    Round { bad: false, kills: false, then: 620 },
    Round { bad: false, kills: false, then: 620 },
];
/// After a person's word.
const LAST: Round = Round { bad: false, kills: false, then: 0 };

pub(crate) struct Soak {
    distributor: Distributor,
    simulator: Simulator,
    relay: Relay,
    folder: TempDir,
    intents: Vec<Intent>,
    before: BTreeSet<String>,
    ahead: TimeDelta,
    dice: Dice,
    seed: u64,
    tally: Tally,
    /// Kills that are still to come in this batch.
    strikes: usize,
    failures: BTreeMap<usize, String>,
}

/// A process under way.
struct Run {
    worker: Worker,
    skew: i64,
    wishes: Vec<usize>,
    begun: BTreeSet<usize>,
    answered: BTreeSet<usize>,
    ended: bool,
    strike: Option<Instant>,
}

/// Whoever is to be killed at the moment of an effect.
type Living = Arc<Mutex<BTreeMap<usize, Worker>>>;

impl Soak {
    pub(crate) async fn start(distributor: Distributor, orders: usize, seed: u64) -> Self {
        // Not all of them may buy.
        let simulator = Simulator::builder().seed(seed).customers(orders * 2 + 20).start().await.unwrap();
        let relay = Relay::start(&distributor.origin(&simulator)).await;
        let folder = tempfile::tempdir().unwrap();
        let dice = Dice::new(seed, distributor.name());
        let mut soak = Self {
            distributor,
            simulator,
            relay,
            folder,
            intents: Vec::new(),
            before: BTreeSet::new(),
            ahead: TimeDelta::zero(),
            dice,
            seed,
            tally: Tally::default(),
            strikes: 0,
            failures: BTreeMap::new(),
        };
        let reader = soak.reader().await;
        soak.intents = intents(distributor, &soak.simulator, &reader, orders).await;
        soak.before = truth::before(distributor, &reader).await;
        reader.close().await.unwrap();
        truth::all_was_listed(distributor, &soak.simulator);
        soak.relay.release();
        soak
    }

    fn address(&self) -> String {
        format!("sqlite:{}", self.folder.path().join("store.db").display())
    }

    fn variables(&self) -> Vec<(String, String)> {
        self.distributor.variables(&self.simulator, self.relay.origin())
    }

    /// A connection of the parent's, while no worker runs.
    async fn reader(&self) -> Arc<dyn Provider> {
        let services = store(&self.address(), self.ahead).await.services();
        let variables = self.variables();
        connect(self.distributor, |name| value(&variables, name), &services)
    }

    /// Brings some keys to their end, and judges them.
    pub(crate) async fn batch(&mut self, range: Range<usize>) {
        self.strikes = 2 + range.len() / 4;
        let mut pending: BTreeSet<usize> = range.clone().collect();
        let mut sent = BTreeSet::new();
        for round in &ROUNDS {
            if !pending.is_empty() {
                self.round(round, &mut pending, &mut sent).await;
            }
        }
        self.ask_a_person(&pending, &sent, range.clone()).await;
        self.round(&LAST, &mut pending, &mut sent).await;
        let left: Vec<_> = pending.iter().map(|index| (index, self.failures.get(index))).collect();
        assert!(left.is_empty(), "after a person's word there is no way on: {left:#?}");
        let effects = self.effects(range.clone()).await;
        for intent in &self.intents[range] {
            self.tally.judge(intent, &effects[&intent.index]);
        }
    }

    async fn effects(&self, range: Range<usize>) -> BTreeMap<usize, Effects> {
        let reader = self.reader().await;
        let intents = &self.intents[range];
        let effects = truth::effects(self.distributor, &self.simulator, &reader, intents, &self.before).await;
        reader.close().await.unwrap();
        truth::all_was_listed(self.distributor, &self.simulator);
        effects
    }

    /// A person looks in the portal and tells the journal what is there.
    async fn ask_a_person(
        &mut self,
        pending: &BTreeSet<usize>,
        sent: &BTreeSet<String>,
        range: Range<usize>,
    ) {
        let effects = self.effects(range).await;
        let journal = store(&self.address(), self.ahead).await.journal();
        let open: BTreeSet<_> =
            journal.open_attempts(None).await.unwrap().into_iter().map(|attempt| attempt.key).collect();
        for index in pending {
            let intent = &self.intents[*index];
            let failure = self.failures.get(index);
            assert!(open.contains(&intent.key), "key {index} is neither done nor unknown: {failure:?}");
            self.tally.left_unknown(*index, sent.contains(&truth::name(self.distributor, intent)));
            let word = word(intent, &effects[index]);
            journal.settle(&intent.key, word, "the soak").await.unwrap();
        }
    }

    async fn round(&mut self, round: &Round, pending: &mut BTreeSet<usize>, sent: &mut BTreeSet<String>) {
        if self.distributor == Distributor::StreamOne {
            let services = store(&self.address(), self.ahead).await.services();
            let variables = self.variables();
            renew(|name| value(&variables, name), &services).await;
        }
        let keys = u64::try_from(pending.len()).unwrap();
        let mut weather = if round.bad {
            Weather::bad(self.distributor, &self.simulator, &mut self.dice, keys)
        } else {
            Weather::fair(self.distributor, &self.simulator)
        };
        let living = Living::default();
        if round.kills && self.dice.chance(70) {
            let write = *self.dice.pick(self.distributor.writes());
            let doomed = Arc::clone(&living);
            weather.at_effect(write, self.dice.below(keys), move || {
                doomed.lock().unwrap().values().for_each(Worker::kill);
            });
        }
        self.run(round.kills, pending, &living).await;
        self.tally.faults += weather.clear();
        self.quiet().await;
        truth::all_was_listed(self.distributor, &self.simulator);
        for request in self.relay.release() {
            sent.extend(truth::written(self.distributor, &request));
        }
        self.simulator.clock().advance(Duration::from_secs(round.then));
        self.ahead += TimeDelta::seconds(i64::try_from(round.then).unwrap());
    }

    /// Lets two processes work on all that is pending, and starts those again that are killed.
    async fn run(&mut self, kills: bool, pending: &mut BTreeSet<usize>, living: &Living) {
        let (send, mut heard) = unbounded_channel();
        let (mut runs, mut number) = (BTreeMap::new(), 0);
        for skew in SKEWS {
            number += 1;
            runs.insert(number, self.begin(number, skew, pending.iter().copied().collect(), living, &send));
        }
        while !runs.is_empty() {
            let strike = runs.values().filter_map(|run| run.strike).min();
            let (number_of, said) = tokio::select! {
                heard = heard.recv() => heard.unwrap(),
                () = strike_at(strike) => {
                    for run in runs.values_mut().filter(|run| run.strike == strike) {
                        run.strike = None;
                        run.worker.kill();
                    }
                    continue;
                }
            };
            let Some(said) = said else {
                let run = runs.remove(&number_of).unwrap();
                living.lock().unwrap().remove(&number_of);
                let rest = self.buried(run);
                if let Some((skew, rest)) = rest {
                    number += 1;
                    runs.insert(number, self.begin(number, skew, rest, living, &send));
                }
                continue;
            };
            let run = runs.get_mut(&number_of).unwrap();
            match said {
                Said::Ready if kills && self.strikes > 0 && self.dice.chance(80) => {
                    let longest = 100 + 50 * u64::try_from(run.wishes.len().min(40)).unwrap();
                    run.strike = Some(Instant::now() + self.dice.millis(2, longest));
                }
                Said::Ready => {}
                Said::Begun(index) => drop(run.begun.insert(index)),
                Said::Claimed(index, receipt) => {
                    run.answered.insert(index);
                    pending.remove(&index);
                    self.tally.claimed(index, receipt, self.simulator.clock().now());
                }
                Said::Failed { index, unknown, kind, message } => {
                    run.answered.insert(index);
                    self.failures.insert(index, format!("{kind}, unknown: {unknown}: {message}"));
                }
                Said::Ended => run.ended = true,
            }
        }
    }

    fn begin(
        &self,
        number: usize,
        skew: i64,
        wishes: Vec<usize>,
        living: &Living,
        send: &UnboundedSender<Heard>,
    ) -> Run {
        let mut variables = self.variables();
        for (name, value) in [
            (DISTRIBUTOR, self.distributor.name().to_owned()),
            (STORE, self.address()),
            (AHEAD, self.ahead.num_seconds().to_string()),
            (SKEW, skew.to_string()),
        ] {
            variables.push((name.to_owned(), value));
        }
        let wanted: Vec<&Intent> = wishes.iter().map(|index| &self.intents[*index]).collect();
        let worker = Worker::start(number, &variables, &wanted, send.clone());
        living.lock().unwrap().insert(number, worker.clone());
        let (begun, answered) = (BTreeSet::new(), BTreeSet::new());
        Run { worker, skew, wishes, begun, answered, ended: false, strike: None }
    }

    /// What a process that is gone has left undone.
    fn buried(&mut self, run: Run) -> Option<(i64, Vec<usize>)> {
        if run.ended {
            return None;
        }
        assert!(run.worker.was_killed(), "a worker failed by itself");
        self.tally.kills += 1;
        self.strikes = self.strikes.saturating_sub(1);
        let now = self.simulator.clock().now();
        for index in run.begun.difference(&run.answered) {
            self.tally.crashed(*index, now);
        }
        let rest: Vec<_> = run.wishes.into_iter().filter(|index| !run.begun.contains(index)).collect();
        (!rest.is_empty()).then_some((run.skew, rest))
    }

    /// Until the distributor has read all that the dead had sent: whatever arrives later would arrive after the
    /// settling time, which passes in no time here.
    async fn quiet(&self) {
        let (mut before, mut still) = (u64::MAX, 0);
        while still < 10 {
            let now = truth::received(self.distributor, &self.simulator);
            still = if now == before { still + 1 } else { 0 };
            before = now;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub(crate) async fn finish(self) {
        let Self { tally, intents, distributor, seed, .. } = self;
        tally.print(distributor.name(), seed, intents.len());
        assert!(tally.doubled.is_empty(), "ordered twice: {:?}", tally.doubled);
        assert!(tally.falsely_claimed.is_empty(), "claimed and not there: {:?}", tally.falsely_claimed);
        let allowed = tally.most_never_sent();
        assert!(tally.never_sent <= allowed, "{} unknown though never sent, of {allowed}", tally.never_sent);
    }
}

fn value(variables: &[(String, String)], name: &str) -> Option<String> {
    variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
}

async fn strike_at(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

/// What a person reads in the portal.
fn word(intent: &Intent, effects: &Effects) -> Settlement {
    if !effects.happened() {
        return Settlement::NotApplied;
    }
    let mut line = LineReceipt::new(0, LineOutcome::Applied);
    line.order = effects.live.keys().next().map(|id| id.as_str().into());
    line.subscription.clone_from(&intent.subscription);
    Settlement::applied(Receipt::from_lines(vec![line]).unwrap())
}
