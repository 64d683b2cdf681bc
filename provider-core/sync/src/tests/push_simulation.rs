//! Crashes with edits on both sides: whatever happens, nothing is made twice, nothing is lost, and when the edits stop, the
//! writes stop.

use provider_core::EntityKind;
use provider_core::Subscription;
use serde_json::json;

use super::bases::Base;
use super::crash::Fuse;
use super::market::DeskFault;
use super::town::{Town, city};
use crate::engine::RunControl;
use crate::store::{Decision, PendingType};

const CUSTOMER: EntityKind = EntityKind::Customer;

/// A small world in which everything is still to be done, on both sides: records that one side has alone, edits of each
/// owner's fields, units to be bought.
async fn unrest(base: Base) -> Town {
    let town = Town::on(base).await;
    for n in 0..3 {
        town.market.shop.customer(&format!("c{n}"), &format!("Customer {n}"));
        let id = format!("s{n}");
        town.market
            .shop
            .records()
            .subscriptions
            .insert(id.clone(), Subscription::new(&*id, format!("c{n}"), 5));
    }
    town.run().await;
    town.write(CUSTOMER, "n1", &[("name", "New 1"), ("phone", "1"), ("city", "Berlin")]);
    town.write(CUSTOMER, "n2", &[("name", "New 2")]);
    let key = town.key(CUSTOMER, "c0");
    town.write(CUSTOMER, &key, &[("name", "Renamed here"), ("phone", "2"), ("site", "to be restored")]);
    town.change("c0", |known| known.website = Some("there.example.com".into()));
    town.change("c1", |known| {
        known.address = Some(city("Kiel"));
        known.phone = Some("set there".into());
    });
    let seats = town.key(EntityKind::Subscription, "s2");
    town.write(EntityKind::Subscription, &seats, &[("quantity", "9")]);
    town.market.shop.customer("c9", "New there");
    town
}

/// Everything that was edited has arrived.
fn arrived(town: &Town, when: &str) {
    town.assert_none_doubled(when);
    let customers = town.market.shop.records().customers.clone();
    let made = |name: &str| customers.values().filter(|known| known.name == name).count();
    assert_eq!((made("New 1"), made("New 2"), made("New there"), customers.len()), (1, 1, 1, 6), "{when}");
    let renamed = &customers["c0"];
    assert_eq!((renamed.name.as_str(), renamed.phone.as_deref()), ("Renamed here", Some("2")), "{when}");
    for (id, customer) in &customers {
        let row = town.row(CUSTOMER, &town.key(CUSTOMER, id));
        assert_eq!(row.values["name"], json!(customer.name), "{when}: {id}");
        let site = customer.website.as_ref().map_or(json!(null), |site| json!(site));
        assert_eq!(row.values.get("site").cloned().unwrap_or_default(), site, "{when}: {id}");
    }
    assert_eq!(town.row(CUSTOMER, &town.key(CUSTOMER, "c1")).values["city"], json!("Kiel"), "{when}");
    assert_eq!(town.row(CUSTOMER, "n1").remote.as_deref().map(|_| ()), Some(()), "{when}");
    let quantity = town.market.shop.records().subscriptions["s2"].quantity;
    assert_eq!(quantity, Some(9.into()), "{when}");
}

async fn heals(town: &Town, when: &str) {
    for _ in 0..3 {
        town.run().await;
    }
    arrived(town, when);
    town.assert_quiet(when).await;
    let waiting = town.waiting().await;
    assert!(waiting.is_empty(), "{when}: {waiting:?}");
}

async fn points(make: impl AsyncFn() -> Town) -> u64 {
    let town = make().await;
    let fuse = Fuse::after(1_000_000);
    town.clock.pass(chrono::Duration::hours(1));
    town.dying(&fuse).run(&RunControl::default()).await.unwrap();
    1_000_000 - fuse.left()
}

#[tokio::test]
async fn every_single_crash_heals_with_edits_on_both_sides() {
    for base in Base::all() {
        for together in [0, 100] {
            let unrest = async || Town { together, ..unrest(base).await };
            let points = points(&unrest).await;
            println!("{points} points on {base:?}, {together} at once");
            assert!((150..700).contains(&points), "the world has {points} points on {base:?}");
            for point in 0..points {
                let town = unrest().await;
                town.clock.pass(chrono::Duration::hours(1));
                let _ = town.dying(&Fuse::after(point)).run(&RunControl::default()).await;
                let when = format!("after a crash at {point} of {points} on {base:?}, {together} at once");
                heals(&town, &when).await;
            }
        }
    }
}

/// A run that dies after it has begun what waited leaves nothing in the queue that says why it waits.
#[tokio::test]
async fn what_has_begun_waits_for_nothing_any_more() {
    let hidden = async || {
        let town = Town::new();
        town.market.shop.customer("c1", "Hidden");
        town.market.shop.records().bad = vec!["c1".into()];
        town.write(CUSTOMER, "7", &[("name", "Bakery")]);
        assert_eq!(town.run().await.kinds[0].waiting, 1);
        town.market.shop.records().bad.clear();
        town
    };
    let mut begun = 0;
    for point in 0..points(&hidden).await {
        let town = hidden().await;
        town.clock.pass(chrono::Duration::hours(1));
        let _ = town.dying(&Fuse::after(point)).run(&RunControl::default()).await;
        let scope = crate::KindScope::new("shop", CUSTOMER);
        if town.store.open_intents(&scope).await.unwrap().is_empty() {
            continue;
        }
        begun += 1;
        let waiting = town.waiting().await;
        let waits = waiting.iter().any(|pending| pending.why == PendingType::Waits);
        assert!(!waits, "after a crash at {point}: {waiting:?}");
    }
    assert!(begun > 0, "no run died in time");
}

/// The smallest town in which something is made, and something changed, on either side.
async fn little(base: Base) -> Town {
    let town = Town::on(base).await;
    town.market.shop.customer("c0", "Customer 0");
    town.change("c0", |known| known.website = Some("there.example.com".into()));
    town.run().await;
    town.write(CUSTOMER, "n1", &[("name", "New 1"), ("phone", "1")]);
    town.write(CUSTOMER, &town.key(CUSTOMER, "c0"), &[("name", "Renamed here"), ("site", "to be restored")]);
    town.change("c0", |known| known.phone = Some("set there".into()));
    town.clock.pass(chrono::Duration::hours(1));
    town
}

fn seeds() -> u64 {
    std::env::var("SYNC_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(60)
}

/// Of how many pairs one is tried; all where the simulation is asked for at its longest.
fn one_of(base: Base) -> usize {
    match base {
        _ if seeds() >= 5_000 => 1,
        Base::Memory => 29,
        #[allow(unreachable_patterns, reason = "without a database there is no other")]
        _ => 421,
    }
}

#[tokio::test]
async fn every_pair_of_crashes_heals_with_edits_on_both_sides() {
    for base in Base::all() {
        let town = little(base).await;
        let fuse = Fuse::after(1_000_000);
        town.dying(&fuse).run(&RunControl::default()).await.unwrap();
        let points = 1_000_000 - fuse.left();
        assert!((60..250).contains(&points), "the town has {points} points on {base:?}");
        let mut tried = 0;
        for pair in (0..points * points).step_by(one_of(base)) {
            let (first, second) = (pair / points, pair % points);
            let when = format!("after crashes at {first} and {second} of {points} on {base:?}");
            let town = little(base).await;
            let _ = town.dying(&Fuse::after(first)).run(&RunControl::default()).await;
            town.clock.pass(chrono::Duration::hours(1));
            let _ = town.dying(&Fuse::after(second)).run(&RunControl::default()).await;
            for _ in 0..3 {
                town.run().await;
            }
            town.assert_none_doubled(&when);
            let (made, renamed) = (town.row(CUSTOMER, "n1"), town.theirs("c0"));
            assert_eq!((made.remote.as_deref(), town.writes()), (Some("m01"), 2), "{when}");
            assert_eq!(renamed.name, "Renamed here", "{when}");
            town.assert_quiet(&when).await;
            tried += 1;
        }
        println!("{base:?}: {tried} pairs of crashes, of {}", points * points);
        assert!(tried >= 30, "{base:?}: {tried} pairs");
    }
}

/// Chance that can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// Somebody does something on one side or the other.
fn edit(town: &Town, dice: &mut Dice, day: u64) {
    let mine: Vec<_> = town.target.records(CUSTOMER).into_iter().map(|row| row.key.0).collect();
    let theirs: Vec<_> = town.market.shop.records().customers.keys().cloned().collect();
    let pick = |all: &[String], dice: &mut Dice| {
        let sides = u64::try_from(all.len().max(1)).unwrap();
        all.get(usize::try_from(dice.roll(sides)).unwrap()).cloned()
    };
    match dice.roll(8) {
        0 => town.write(CUSTOMER, &format!("n{day}"), &[("name", &format!("Mine {day}")), ("phone", "1")]),
        1 => town.market.shop.customer(&format!("t{day:02}"), &format!("Theirs {day}")),
        2 | 3 => {
            let Some(key) = pick(&mine, dice) else { return };
            let (field, value) = match dice.roll(4) {
                0 => ("name", format!("Named here {day}")),
                1 => ("phone", format!("{}", dice.roll(90))),
                2 => ("site", format!("site {day}")),
                _ => ("city", format!("City {}", dice.roll(5))),
            };
            town.write(CUSTOMER, &key, &[(field, &value)]);
        }
        4 | 5 => {
            let Some(id) = pick(&theirs, dice) else { return };
            let (what, value) = (dice.roll(4), format!("there {day}"));
            town.change(&id, |known| match what {
                0 => known.name = format!("Named there {day}"),
                1 => known.phone = Some(value),
                2 => known.website = Some(value),
                _ => known.address = Some(city(&value)),
            });
        }
        6 => {
            let rows: Vec<_> =
                town.target.records(EntityKind::Subscription).into_iter().map(|row| row.key.0).collect();
            let Some(key) = pick(&rows, dice) else { return };
            let quantity = (1 + dice.roll(20)).to_string();
            town.write(EntityKind::Subscription, &key, &[("quantity", &quantity)]);
        }
        _ => {
            let Some(id) = pick(&theirs, dice) else { return };
            let seats = Subscription::new(format!("s{day:02}"), id, i64::try_from(dice.roll(9) + 1).unwrap());
            town.market.shop.records().subscriptions.insert(format!("s{day:02}"), seats);
        }
    }
}

/// A person answers everything that waits, one way or the other.
async fn answer(town: &Town, dice: &mut Dice) {
    for pending in town.waiting().await {
        let decision = match pending.why {
            PendingType::Conflict if dice.roll(2) == 0 => Decision::TakeRemote,
            PendingType::Conflict => Decision::TakeLocal,
            PendingType::Twin => Decision::Create,
            PendingType::Refused => Decision::Retry,
            PendingType::Vanished => match pending.body["key"].as_str() {
                Some(key) if town.target.records(CUSTOMER).iter().any(|row| row.key.as_str() == key) => {
                    Decision::Link(crate::LocalKey::new(key))
                }
                _ => Decision::Ignore,
            },
            _ => continue,
        };
        let _ = town.engine().resolve(pending.id, decision, "Anna").await;
    }
}

async fn life(seed: u64, base: Base) {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(11));
    let mut town = Town::on(base).await;
    // Of every other life, pages that came already are put together.
    town.together = if seed.is_multiple_of(2) { 0 } else { 100 };
    for n in 0..4 {
        town.market.shop.customer(&format!("c{n}"), &format!("Customer {n}"));
    }
    town.run().await;
    for day in 0..10 {
        for _ in 0..=dice.roll(3) {
            edit(&town, &mut dice, day);
        }
        let fault = match dice.roll(6) {
            0 => Some(DeskFault::LostBefore),
            1 => Some(DeskFault::LostAfter),
            2 => Some(DeskFault::Throttled),
            _ => None,
        };
        town.market.desk().faults.extend(fault);
        town.clock.pass(chrono::Duration::hours(1));
        if dice.roll(2) == 0 {
            let _ = town.dying(&Fuse::after(dice.roll(160))).run(&RunControl::default()).await;
        } else {
            let _ = town.engine().run(&RunControl::default()).await.unwrap();
        }
        town.assert_none_doubled(&format!("seed {seed}, day {day}"));
    }
    town.market.desk().faults.clear();
    for _ in 0..6 {
        town.run().await;
        answer(&town, &mut dice).await;
    }
    let when = format!("seed {seed} on {base:?}");
    town.run().await;
    town.assert_quiet(&when).await;
    town.assert_none_doubled(&when);
    // Nothing is lost: what stands on one side stands on the other.
    let waiting = town.waiting().await;
    assert!(waiting.is_empty(), "{when}: {waiting:?}");
    let rows = town.target.records(CUSTOMER);
    let customers = town.market.shop.records().customers.clone();
    assert_eq!(rows.len(), customers.len(), "{when}");
    for row in rows {
        let remote = row.remote.as_ref().unwrap_or_else(|| panic!("{when}: {row:?}"));
        let theirs = &customers[remote];
        assert_eq!(row.values["name"], json!(theirs.name), "{when}: {remote}");
        if let Some(phone) = row.values.get("phone").filter(|phone| !phone.is_null()) {
            assert_eq!(
                Some(phone.clone()),
                theirs.phone.as_ref().map(|phone| json!(phone)),
                "{when}: {remote}"
            );
        }
        let there = theirs.address.as_ref().and_then(|address| address.city.as_ref()).map(|city| json!(city));
        let here = row.values.get("city").filter(|city| !city.is_null()).cloned();
        assert_eq!(here, there, "{when}: {remote}");
    }
    for row in town.target.records(EntityKind::Subscription) {
        let theirs = town.market.shop.records().subscriptions[row.remote.as_ref().unwrap()].quantity;
        assert_eq!(row.values["quantity"], json!(theirs.unwrap().to_string()), "{when}");
    }
}

/// Where nothing dies and nothing is lost, two runs after the last edit are enough, whatever waits for a person.
#[tokio::test]
async fn writes_stop_within_two_runs_of_the_last_edit() {
    for seed in 0..30 {
        let mut dice = Dice(seed * 7_919 + 3);
        let town = Town::new();
        town.market.desk().normalises = seed % 2 == 1;
        for n in 0..4 {
            town.market.shop.customer(&format!("c{n}"), &format!("Customer {n}"));
        }
        town.run().await;
        for day in 0..6 {
            for _ in 0..=dice.roll(5) {
                edit(&town, &mut dice, day);
            }
            town.run().await;
        }
        // That of the last day was the first.
        town.run().await;
        town.assert_quiet(&format!("seed {seed}")).await;
        town.assert_none_doubled(&format!("seed {seed}"));
    }
}

/// 60 lives, or as many as `SYNC_SEEDS` says; of those with a database a tenth.
#[tokio::test]
async fn many_lives_with_edits_on_both_sides_end_in_step() {
    // A life with edits on both sides takes several times as long as one without.
    let seeds = seeds().div_ceil(5);
    for base in Base::all() {
        for seed in 0..if base == Base::Memory { seeds } else { seeds / 10 } {
            life(seed, base).await;
        }
    }
}
