//! How a connection stands: the pure rules with whatever comes, and what the stores keep of it.

use std::sync::Arc;
use std::time::Duration as Time;

use chrono::{DateTime, Duration, Utc};
use proptest::prelude::*;

use super::bases::Base;
use super::stores::{start, take};
use super::world::Hand;
use crate::decide::breaker::{self, Step};
use crate::notify::{AlertKind, StopCause, StopReason};
use crate::plan::{BreakerPlan, Mailbox};
use crate::report::SyncOutcome;
use crate::store::{
    AlertEnd, ConnectionState, Gate, RunWeight, SessionEnd, Standing, StoreErrorKind, SyncStore,
};

fn begin() -> DateTime<Utc> {
    "2026-11-20T08:00:00Z".parse().unwrap()
}

fn weight() -> impl Strategy<Value = RunWeight> {
    prop_oneof![
        Just(RunWeight::AtOnce(StopReason::Credentials)),
        Just(RunWeight::AtOnce(StopReason::Right)),
        Just(RunWeight::Counts),
        Just(RunWeight::Counts),
        Just(RunWeight::Outage),
        Just(RunWeight::Outage),
        Just(RunWeight::Nothing),
    ]
}

fn ending() -> impl Strategy<Value = SessionEnd> {
    let outcome = prop_oneof![
        Just(SyncOutcome::Completed),
        Just(SyncOutcome::Failed),
        Just(SyncOutcome::Failed),
        Just(SyncOutcome::Failed),
        Just(SyncOutcome::Sliced),
        Just(SyncOutcome::Cancelled),
    ];
    (outcome, weight(), 0_u64..200, 0_u64..60).prop_map(|(outcome, weight, listed, rejected)| {
        let mut end = SessionEnd::new("shop", outcome);
        (end.weight, end.listed, end.rejected) = (weight, listed.max(rejected), rejected);
        end
    })
}

/// What happens to a connection.
#[derive(Debug, Clone)]
enum Event {
    Run(SessionEnd),
    Enable,
    Disable,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        12 => ending().prop_map(Event::Run),
        1 => Just(Event::Enable),
        1 => Just(Event::Disable),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Of each stop people hear once, and once that it works again, in this order; what is not active is tried again,
    /// unless a person switched it off; an outage of less than a day stops nothing.
    #[test]
    fn whatever_comes_people_hear_of_each_stop_once(
        events in proptest::collection::vec((event(), 1_i64..1500), 1..60),
    ) {
        let rules = BreakerPlan::default();
        let mut now = begin();
        let mut standing = Standing::new(now);
        let mut heard: Vec<AlertKind> = Vec::new();
        let mut by_person = false;
        for (event, minutes) in events {
            now += Duration::minutes(minutes);
            match event {
                Event::Enable => {
                    standing = breaker::switched(&standing, ConnectionState::Active, None, now);
                    by_person = false;
                }
                Event::Disable => {
                    standing = breaker::switched(&standing, ConnectionState::Disabled, Some("me"), now);
                    by_person = true;
                }
                Event::Run(end) => {
                    if standing.state != ConnectionState::Active {
                        if !breaker::is_due(&standing, now) {
                            continue;
                        }
                        prop_assert!(!by_person, "nobody tries again what a person switched off");
                        let pause = breaker::pause(&rules, standing.probes + 1);
                        standing = breaker::trial(&rules, &standing, now);
                        prop_assert_eq!(standing.next_probe, Some(now + pause), "where this process dies");
                    }
                    let before = standing.clone();
                    let Step { after, outcome, letter } = breaker::ended(&before, &end, now);
                    let rejected = breaker::too_many(&rules, end.listed, end.rejected);
                    let good = end.outcome == SyncOutcome::Completed && !rejected;
                    prop_assert_eq!(after.last_good == Some(now), good);
                    prop_assert_eq!(outcome == SyncOutcome::Disabled, end.outcome == SyncOutcome::Completed && rejected);
                    let outage = end.outcome == SyncOutcome::Failed && end.weight == RunWeight::Outage;
                    if outage && now - before.since < Duration::hours(24) {
                        prop_assert_eq!((after.failures, letter), (before.failures, None));
                        prop_assert!(before.state != ConnectionState::Active || after.state == before.state);
                    }
                    if let RunWeight::AtOnce(reason) = end.weight
                        && (end.outcome, before.state) == (SyncOutcome::Failed, ConnectionState::Active)
                    {
                        prop_assert_eq!(after.cause.as_ref().map(|cause| cause.reason), Some(reason));
                    }
                    if letter == Some(AlertKind::Stopped) {
                        prop_assert_eq!(before.state, ConnectionState::Active);
                        prop_assert_eq!(after.stops, before.stops + 1);
                        prop_assert_eq!(after.next_probe, Some(now + Duration::minutes(15)));
                    }
                    heard.extend(letter);
                    standing = after;
                }
            }
            match standing.state {
                ConnectionState::Active => {
                    prop_assert!(standing.failures < rules.failures, "{:?}", standing);
                    prop_assert_eq!((&standing.cause, standing.next_probe), (&None, None));
                }
                _ => {
                    prop_assert!(standing.cause.is_some());
                    prop_assert_eq!(standing.next_probe.is_none(), by_person);
                }
            }
            prop_assert!(standing.next_probe.is_none_or(|next| next <= now + Duration::hours(24)));
            let working = heard.iter().filter(|about| **about == AlertKind::WorksAgain).count();
            let stopped = heard.len() - working;
            prop_assert_eq!(stopped as u64, standing.stops);
            prop_assert!(heard.windows(2).all(|pair| pair[1] != AlertKind::WorksAgain || pair[0] == AlertKind::Stopped));
            prop_assert_eq!(heard.last() == Some(&AlertKind::Stopped), standing.told.is_some());
        }
    }

    #[test]
    fn pauses_grow_and_never_beyond_the_longest(probe in 1_u32..200, hours in 4_u32..100, trials in 0_u32..200) {
        let rules = BreakerPlan { probe, probe_at_most: hours, ..BreakerPlan::default() };
        let (one, next) = (breaker::pause(&rules, trials), breaker::pause(&rules, trials.saturating_add(1)));
        prop_assert!(one >= Duration::minutes(i64::from(probe)).min(Duration::hours(i64::from(hours))));
        prop_assert!(one <= next && next <= Duration::hours(i64::from(hours)));
    }
}

#[test]
fn too_many_is_more_than_a_fifth_and_more_than_twenty() {
    let rules = BreakerPlan::default();
    for (listed, rejected, many) in [
        (100, 20, false),
        (100, 21, true),
        (105, 21, false),
        (104, 21, true),
        (3, 3, false),
        (20, 20, false),
        (21, 21, true),
        (0, 0, false),
        (u64::MAX, u64::MAX, true),
    ] {
        assert_eq!(breaker::too_many(&rules, listed, rejected), many, "{rejected} of {listed}");
    }
    let own = BreakerPlan { rejected: 50, rejected_at_least: 2, ..rules };
    assert!(breaker::too_many(&own, 5, 3) && !breaker::too_many(&own, 6, 3));
}

fn people() -> Vec<Mailbox> {
    ["a@example.com", "b@example.com"].map(|person| Mailbox(person.to_owned())).to_vec()
}

fn broken(outcome: SyncOutcome) -> SessionEnd {
    let mut end = SessionEnd::new("shop", outcome);
    (end.error, end.weight) = (Some("why".to_owned()), RunWeight::AtOnce(StopReason::Setting));
    end.recipients = people();
    end
}

async fn suite(store: Arc<dyn SyncStore>, clock: Hand) {
    assert_eq!(store.standing("shop").await.unwrap(), None);
    let rules = BreakerPlan::default();
    let unbegun = broken(SyncOutcome::Failed);
    assert_eq!(store.not_begun(&unbegun).await.unwrap(), None, "no run was ever made");
    let lease = take(&*store).await;
    assert_eq!(store.begin_probe(&lease, "shop", &rules).await.unwrap(), Gate::Open, "it is new");
    store.open_session(&lease, &start("one")).await.unwrap();
    store.close_session(&lease, &SessionEnd::new("shop", SyncOutcome::Completed)).await.unwrap();
    let good = store.standing("shop").await.unwrap().unwrap().0;
    assert_eq!((good.state, good.failures, good.stops), (ConnectionState::Active, 0, 0));
    assert_eq!(good.last_good, Some(begin()));

    // It stops: state, cause and letters are there together.
    clock.pass(Duration::hours(1));
    store.open_session(&lease, &start("one")).await.unwrap();
    let closed = store.close_session(&lease, &broken(SyncOutcome::Failed)).await.unwrap();
    let stopped = closed.stopped.unwrap();
    assert_eq!((closed.outcome, stopped.message.as_str()), (SyncOutcome::Failed, "a setting is wrong: why"));
    let (standing, due) = store.standing("shop").await.unwrap().unwrap();
    assert_eq!((standing.state, standing.failures, due), (ConnectionState::Disabled, 1, false));
    assert_eq!((&standing.cause, &standing.told), (&Some(stopped.clone()), &Some(stopped)));
    let status = store.status().await.unwrap().remove(0);
    assert_eq!((status.unsent, status.reason), (2, Some(StopReason::Setting)));
    assert_eq!((status.next_probe, status.failures), (standing.next_probe, 1));
    assert!(matches!(store.begin_probe(&lease, "shop", &rules).await.unwrap(), Gate::Shut(_)), "too early");
    assert_eq!(store.not_begun(&unbegun).await.unwrap(), None, "it has stopped already");
    assert_eq!(store.status().await.unwrap().remove(0), status, "and nothing is written about that");

    // Whoever comes back late changes nothing.
    clock.pass(Duration::hours(1));
    let later = take(&*store).await;
    let late = store.begin_probe(&lease, "shop", &rules).await.unwrap_err();
    assert_eq!(late.kind, StoreErrorKind::Fenced);
    assert_eq!(
        store.close_session(&lease, &broken(SyncOutcome::Failed)).await.unwrap_err().kind,
        StoreErrorKind::Fenced
    );
    assert_eq!(store.status().await.unwrap()[0].unsent, 2);

    // It is tried again.
    assert!(store.standing("shop").await.unwrap().unwrap().1, "it is due");
    assert_eq!(store.begin_probe(&later, "shop", &rules).await.unwrap(), Gate::Trial);
    let (probing, due) = store.standing("shop").await.unwrap().unwrap();
    assert_eq!((probing.state, probing.probes, due), (ConnectionState::Probing, 1, false));
    let more = StopCause::new(StopReason::Right, "it is a right");
    store.end_probe(&later, "shop", Some(&more)).await.unwrap();
    let (still, _) = store.standing("shop").await.unwrap().unwrap();
    assert_eq!((still.state, still.cause), (ConnectionState::Disabled, Some(more)));

    // A letter is one process's at a time; to one person they go in their order.
    let first = store.claim_alert(Some("shop"), Time::from_secs(300)).await.unwrap().unwrap();
    let second = store.claim_alert(None, Time::from_secs(300)).await.unwrap().unwrap();
    assert_ne!(first.alert.recipient, second.alert.recipient);
    assert_ne!(first.alert.id, second.alert.id);
    assert_eq!(store.claim_alert(None, Time::from_secs(300)).await.unwrap(), None, "both are held");
    assert_eq!(store.claim_alert(Some("other"), Time::from_secs(300)).await.unwrap(), None);
    store.settle_alert(&second, &AlertEnd::Sent).await.unwrap();
    let why = || AlertEnd::Later { why: "full".into(), pause: Time::from_secs(600) };
    store.settle_alert(&first, &why()).await.unwrap();
    clock.pass(Duration::minutes(9));
    assert_eq!(store.claim_alert(None, Time::from_secs(60)).await.unwrap(), None, "it waits");
    clock.pass(Duration::minutes(1));
    let again = store.claim_alert(None, Time::from_secs(60)).await.unwrap().unwrap();
    assert_eq!((again.number, again.tries, &again.alert), (first.number, 1, &first.alert));
    // Its process dies, and somebody else sends it: that the first one wakes up changes nothing.
    clock.pass(Duration::minutes(1));
    let taken = store.claim_alert(None, Time::from_secs(60)).await.unwrap().unwrap();
    assert_eq!(taken.number, first.number);
    store.settle_alert(&again, &why()).await.unwrap();
    store.settle_alert(&taken, &AlertEnd::Sent).await.unwrap();
    store.settle_alert(&again, &why()).await.unwrap();
    clock.pass(Duration::hours(1));
    assert_eq!(store.claim_alert(None, Time::from_secs(60)).await.unwrap(), None);

    // It works again, which the same people are told. A lease that nobody else has taken is as good as ever.
    assert_eq!(store.begin_probe(&later, "shop", &rules).await.unwrap(), Gate::Trial);
    store.open_session(&later, &start("one")).await.unwrap();
    let mut good = SessionEnd::new("shop", SyncOutcome::Completed);
    good.recipients = people();
    let closed = store.close_session(&later, &good).await.unwrap();
    assert_eq!((closed.outcome, closed.stopped), (SyncOutcome::Completed, None));
    let active = store.standing("shop").await.unwrap().unwrap().0;
    assert_eq!((active.state, active.failures, active.cause), (ConnectionState::Active, 0, None));
    let mut told = Vec::new();
    while let Some(letter) = store.claim_alert(None, Time::from_secs(60)).await.unwrap() {
        assert_eq!(letter.alert.about, AlertKind::WorksAgain);
        store.settle_alert(&letter, &AlertEnd::Sent).await.unwrap();
        told.push(letter.alert.recipient);
    }
    told.sort_unstable();
    assert_eq!(told, people());
}

#[tokio::test]
async fn the_model_and_every_database_stand_alike() {
    for base in Base::all() {
        let clock = Hand::default();
        let (store, _ground) = base.store(&clock).await;
        println!("{base:?}");
        suite(store, clock).await;
    }
}

/// The same life in the model and in every database.
#[tokio::test]
async fn every_store_makes_the_same_of_the_same() {
    let mut all = Vec::new();
    for base in Base::all() {
        let clock = Hand::default();
        let (store, ground) = base.store(&clock).await;
        let mut seen = Vec::new();
        for step in 0..40_u32 {
            clock.pass(Duration::minutes(i64::from(step * 7 % 60) + 20));
            let lease = take(&*store).await;
            let rules = BreakerPlan::default();
            let gate = store.begin_probe(&lease, "shop", &rules).await.unwrap();
            if !matches!(gate, Gate::Shut(_)) {
                store.open_session(&lease, &start("one")).await.unwrap();
                let mut end =
                    broken(if step % 3 == 1 { SyncOutcome::Completed } else { SyncOutcome::Failed });
                if step % 5 > 1 {
                    end.weight = RunWeight::Counts;
                }
                seen.push(format!("{:?}", store.close_session(&lease, &end).await.unwrap()));
            }
            store.release(&lease).await.unwrap();
            if step % 11 == 10 {
                store.switch("shop", ConnectionState::Active, None).await.unwrap();
            }
            if let Some(due) = store.claim_alert(None, Time::from_secs(60)).await.unwrap() {
                seen.push(format!("{:?} {} {:?}", due.number, due.tries, due.alert));
                if step % 2 == 0 {
                    store.settle_alert(&due, &AlertEnd::Sent).await.unwrap();
                }
            }
            seen.push(format!("{:?}", store.standing("shop").await.unwrap()));
            seen.push(format!("{:?}", store.status().await.unwrap()));
        }
        drop(ground);
        all.push(seen);
    }
    for other in &all[1..] {
        for (one, other) in all[0].iter().zip(other) {
            assert_eq!(one, other);
        }
    }
}

/// A store of the release before this one: nothing of it is lost, and what a person switched off stays off.
#[cfg(feature = "sqlite")]
#[tokio::test]
async fn a_store_of_the_schema_before_is_migrated() {
    use crate::store::SqlStore;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sync.db");
    let file = rusqlite::Connection::open(&path).unwrap();
    file.execute_batch(include_str!("../store/sql/sqlite/1.sql")).unwrap();
    file.execute_batch(OF_BEFORE).unwrap();
    drop(file);
    let clock = Hand::default();
    let address = format!("sqlite:{}", path.display());
    let store = SqlStore::with_clock(&address, Arc::new(clock.clone())).await.unwrap();
    assert_migrated(&store).await;
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn a_database_of_the_schema_before_is_migrated() {
    use super::bases::postgres::{address, server};
    use crate::store::SqlStore;

    let (Some(server), Some(address)) = (server(), address()) else { return };
    let schema = address.rsplit("%3D").next().unwrap();
    let old = include_str!("../store/sql/postgres/1.sql").replace("\\x", "\\\\x");
    let fill = OF_BEFORE.replace("x'00'", "'\\x00'");
    server.sql(&format!("SET search_path TO {schema}; {old} {fill}")).unwrap();
    let store = SqlStore::with_clock(&address, Arc::new(Hand::default())).await.unwrap();
    assert_migrated(&store).await;
}

const OF_BEFORE: &str = "\
INSERT INTO sync_meta (name, value) VALUES ('schema', '1');
INSERT INTO sync_connection (name, kind, origin, account, plan, session, session_open, resumed, state, cause, last_good, \
outcome) VALUES ('off', 'shop', '', 'one', x'00', 3, 0, 0, 'disabled', 'Ada switched it off', 1, 'completed');
INSERT INTO sync_connection (name, kind, origin, account, plan, session, session_open, resumed, state, last_good, \
outcome) VALUES ('on', 'shop', '', 'two', x'00', 3, 1, 0, 'active', 1000000, 'failed');
INSERT INTO sync_scope (connection, kind, next_slot, listed) VALUES ('on', 'customers', 1, 1), \
('on', 'products', 6000, 2);
INSERT INTO sync_shadow (scope, remote, slot, local, base, state, absent_runs) VALUES \
(1, 'c1', 0, '17', '{}', 'linked', 0), (2, 'p1', 5999, '18', NULL, 'held', 1), (2, 'p2', 0, '19', NULL, 'held', 0);";

#[cfg(any(feature = "postgres", feature = "sqlite"))]
async fn assert_migrated(store: &crate::store::SqlStore) {
    use crate::store::KindScope;
    use crate::target::LocalKey;
    use provider_core::EntityKind;

    let all = store.status().await.unwrap();
    assert_eq!(all.len(), 2);
    let (off, on) = (&all[0], &all[1]);
    assert_eq!((off.state, off.reason), (ConnectionState::Disabled, Some(StopReason::Person)));
    assert_eq!((off.cause.as_deref(), off.next_probe), (Some("Ada switched it off"), None));
    assert_eq!(
        (on.state, on.failures, on.last_outcome),
        (ConnectionState::Active, 0, Some(SyncOutcome::Failed))
    );
    let standing = store.standing("on").await.unwrap().unwrap().0;
    assert_eq!(Some(standing.since), standing.last_good, "an outage counts from the last success");
    assert!(store.claim_alert(None, Time::from_secs(60)).await.unwrap().is_none());
    let scope = KindScope::new("on", EntityKind::Customer);
    let tied = store.tied(&scope, &[LocalKey::new("17")]).await.unwrap();
    assert_eq!((on.linked, tied.len(), tied[0].remote.as_str()), (1, 1, "c1"));
    assert!(store.open_intents(&scope).await.unwrap().is_empty());
    let products = KindScope::new("on", EntityKind::Product);
    let known = store.shadows(&products, &["p1", "p2", "c1"]).await.unwrap();
    let places: Vec<_> = known.iter().map(|shadow| (shadow.slot, shadow.absent_runs)).collect();
    assert_eq!(places, [(Some(5999), 1), (Some(0), 0)]);
}
