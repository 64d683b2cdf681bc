//! Journals that are new, and journals that machines share whose clocks differ: one order under one key.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use provider_core::command::Effective;
use provider_core::journal::{Begin, Fence, Journal, MemoryJournal};
use provider_core::layer::Journaled;
use provider_core::receipt::{Judgement, LineOutcome};
use provider_core::{
    Attempt, CancelOrder, CancelSubscription, ChangeQuantity, ChangeRenewal, Command, CreateCustomer,
    Delivery, ErrorKind, NewOrder, Outcome, Patch, PlaceOrder, Provider as _, ProviderExt as _, Receipt,
    Reconciliation, Result, UpdateCustomer, async_trait,
};
use provider_simulator::{FaultAction, FaultRule, Handle, StreamOne};
use rust_decimal::Decimal;
use serde_json::json;

use crate::faults::{ORDERS, commands, options};
use crate::stage::{Stage, bakery, line, machine, suite};

const MINUTE: Duration = Duration::from_secs(60);

/// The journal in memory, which asks when an attempt is begun and when it is stored as sent.
#[derive(Debug)]
struct Noting {
    inner: MemoryJournal,
    ion: Handle<StreamOne>,
    /// How many reads had been made.
    reads: Mutex<Vec<u64>>,
}

impl Noting {
    fn note(&self) {
        self.reads.lock().unwrap().push(self.ion.count("GET", "/api/*"));
    }
}

#[async_trait]
impl Journal for Noting {
    async fn begin(&self, attempt: &Attempt, ttl: Duration) -> Result<Begin> {
        self.note();
        self.inner.begin(attempt, ttl).await
    }

    async fn arm(&self, attempt: &Attempt, fence: Fence, ttl: Duration) -> Result<()> {
        self.note();
        self.inner.arm(attempt, fence, ttl).await
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

#[tokio::test]
async fn every_command_reads_before_it_counts_as_sent_so_that_its_connection_is_open() {
    let stage = Stage::start().await;
    let mut commands: Vec<Command> = commands(&stage).await.into_iter().map(|(_, command)| command).collect();
    stage.ion.hold_orders(true);
    let held = stage.provider.execute(&commands[0], &options("held")).await.unwrap();
    stage.ion.hold_orders(false);
    commands.push(CancelOrder::new(held.order().unwrap()).into());
    commands.push(bakery("reads@example.com").into());
    let customers = stage.shared().customers(Default::default()).limit(1).collect_all().await.unwrap();
    let mut update = UpdateCustomer::new(&customers[0].id);
    update.name = Patch::Set("Renamed Ltd".into());
    commands.push(update.into());
    for (index, command) in commands.iter().enumerate() {
        let inner = MemoryJournal::new(Arc::new(stage.clock()));
        let noting = Arc::new(Noting { inner, ion: stage.ion.clone(), reads: Mutex::default() });
        let provider = machine(&stage, 0, Arc::clone(&noting) as _);
        provider.execute(command, &options(&format!("reads {index}"))).await.unwrap();
        let reads = noting.reads.lock().unwrap().clone();
        assert!(reads.len() == 2 && reads[1] > reads[0], "{:?}: {reads:?}", command.kind());
        // The next command finds the subscription at rest.
        stage.sim.clock().advance(MINUTE);
    }
}

fn journal(stage: &Stage) -> Arc<MemoryJournal> {
    Arc::new(MemoryJournal::new(Arc::new(stage.clock())))
}

#[tokio::test]
async fn a_journal_that_was_lost_doubles_no_order() {
    for index in 0..6 {
        for answered in [true, false] {
            let stage = Stage::start().await;
            let (name, command) = commands(&stage).await.swap_remove(index);
            let before = stage.ion.orders().len();
            if !answered {
                stage.ion.faults().add(FaultRule::new("POST", ORDERS, FaultAction::DisconnectAfter).once());
            }
            let first = machine(&stage, 0, journal(&stage)).execute(&command, &options(name)).await;
            assert_eq!(first.is_ok(), answered, "{name}");
            // Carried out or not: what it changed already must not hide it.
            // The vendor refuses the cancellation, whose time is over; what came to nothing would be sent again.
            let carried_out = answered && name != "cancel";
            stage.sim.clock().advance(if carried_out { MINUTE * 60 } else { Duration::ZERO });
            let known = stage.ion.orders().pop().unwrap();

            let new = journal(&stage);
            let provider = machine(&stage, 0, Arc::clone(&new) as _);
            for _ in 0..2 {
                let again = provider.execute(&command, &options(name)).await.unwrap();
                assert_eq!((again.replayed, again.judged_by), (true, Judgement::Reference), "{name}");
                assert_eq!(again.order().unwrap().own(), known.id, "{name}");
            }
            assert!(new.open_attempts(None).await.unwrap().is_empty());
            assert_eq!(
                (stage.ion.count("POST", ORDERS), stage.ion.orders().len()),
                (1, before + 1),
                "{name}"
            );
        }
    }
}

#[tokio::test]
async fn a_subscription_that_has_ended_by_the_command_hides_it_from_no_new_journal() {
    let stage = Stage::start().await;
    let (_, place) = commands(&stage).await.swap_remove(0);
    let bought = stage.provider.execute(&place, &options("buy")).await.unwrap();
    let bought = stage.follow(&bought).await.lines[0].subscription.clone().unwrap();
    let cancel: Command = CancelSubscription::new(&bought).into();
    let first = machine(&stage, 0, journal(&stage)).execute(&cancel, &options("end")).await.unwrap();
    stage.sim.clock().advance(MINUTE);
    let ended = stage.shared().get_subscription(&bought, &Default::default()).await.unwrap();
    assert!(!ended.status.is_live(), "{ended:?}");
    let again = machine(&stage, 0, journal(&stage)).execute(&cancel, &options("end")).await.unwrap();
    assert_eq!((again.replayed, again.order()), (true, first.order()));
    assert_eq!(stage.ion.count("POST", ORDERS), 2);
    // Under another key it is another intent, and refused as one.
    let other = machine(&stage, 0, journal(&stage)).execute(&cancel, &options("again")).await.unwrap_err();
    assert_eq!((other.kind(), other.delivery()), (ErrorKind::PreconditionFailed, Delivery::NotSent));
}

#[tokio::test]
async fn what_is_wrong_without_the_network_costs_no_call() {
    let stage = Stage::start().await;
    let sub = stage.seat_subscription().await;
    let (product, offer) = suite(&stage).await;
    let mut later = NewOrder::new(&sub.customer).line(line(&product, &offer, 2));
    later.effective = chrono::NaiveDate::from_ymd_opt(2027, 1, 1);
    let mut seats = ChangeQuantity::new(&sub.id, sub.quantity.unwrap());
    seats.effective = Effective::TermEnd;
    let mut ends = CancelSubscription::new(&sub.id);
    ends.effective = Effective::On(chrono::NaiveDate::from_ymd_opt(2027, 1, 1).unwrap());
    let wrong: [Command; 7] = [
        PlaceOrder::new(NewOrder::new(&sub.customer)).into(),
        PlaceOrder::new(later).into(),
        seats.into(),
        ChangeQuantity::new(&sub.id, Decimal::new(15, 1)).into(),
        ChangeRenewal::new(&sub.id).into(),
        ends.into(),
        CreateCustomer::new("Nobody").into(),
    ];
    let asked = stage.ion.count("*", "*");
    for (index, command) in wrong.iter().enumerate() {
        let provider = Journaled::new(stage.shared(), journal(&stage));
        let error = provider.execute(command, &options(&format!("wrong {index}"))).await.unwrap_err();
        let expected = (ErrorKind::InvalidInput, Delivery::NotSent);
        assert_eq!((error.kind(), error.delivery()), expected, "{command:?}: {error}");
        assert_eq!(stage.ion.count("*", "*"), asked, "{command:?}");
    }
}

#[tokio::test]
async fn machines_with_journals_of_their_own_place_one_order_one_after_the_other() {
    let stage = Stage::start().await;
    let (name, command) = commands(&stage).await.swap_remove(0);
    let before = stage.ion.orders().len();
    let mut orders = Vec::new();
    for minutes in [0, 6, -6] {
        let provider = machine(&stage, minutes, journal(&stage));
        orders.push(provider.execute(&command, &options(name)).await.unwrap().order().cloned());
        stage.sim.clock().advance(MINUTE);
    }
    assert!(orders.iter().all(|order| order.is_some() && *order == orders[0]), "{orders:?}");
    assert_eq!(stage.ion.orders().len(), before + 1);
    // Without any journal the reference still is there.
    let bare = stage.provider.execute(&command, &options(name)).await.unwrap();
    assert!(bare.replayed);
    assert_eq!(stage.ion.orders().len(), before + 1);
}

/// Commands that take a key which another command was sent with, and what the refusal says of the first.
async fn others(stage: &Stage) -> Vec<(Command, Command, &'static str)> {
    let sub = stage.seat_subscription().await;
    let (product, offer) = suite(stage).await;
    let place = |quantity| NewOrder::new(&sub.customer).line(line(&product, &offer, quantity));
    let two: Command = PlaceOrder::new(place(2)).into();
    let mut longer = place(2);
    longer.lines.push(line(&product, &offer, 1));
    let mut named = place(2);
    named.reference = Some("Q 1841".to_owned());
    let quantity: Command = ChangeQuantity::new(&sub.id, sub.quantity.unwrap() + Decimal::ONE).into();
    let more = ChangeQuantity::new(&sub.id, sub.quantity.unwrap() + Decimal::TWO);
    let cancel: Command = CancelSubscription::new(&sub.id).into();
    vec![
        (two.clone(), PlaceOrder::new(place(3)).into(), "its quantity is 2"),
        (two.clone(), PlaceOrder::new(longer).into(), "it has 1 lines"),
        (two.clone(), PlaceOrder::new(named.clone()).into(), "no reference of yours"),
        (PlaceOrder::new(named).into(), two.clone(), "its reference is `Q 1841`"),
        (two, quantity.clone(), "it buys something"),
        (quantity.clone(), PlaceOrder::new(place(2)).into(), "it changes a subscription"),
        (quantity.clone(), more.into(), "its quantity is"),
        (quantity.clone(), cancel.clone(), "it changes the seats"),
        (cancel, quantity, "it sets statusUpdate to deleted"),
    ]
}

#[tokio::test]
async fn a_key_whose_order_is_another_commands_is_refused_and_the_order_named() {
    let count = others(&Stage::start().await).await.len();
    for index in 0..count {
        let stage = Stage::start().await;
        let (first, second, difference) = others(&stage).await.swap_remove(index);
        machine(&stage, 0, journal(&stage)).execute(&first, &options("a")).await.unwrap();
        let known = stage.ion.orders().pop().unwrap();
        let new = journal(&stage);
        let error =
            machine(&stage, 0, Arc::clone(&new) as _).execute(&second, &options("a")).await.unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::Refused, Delivery::NotSent), "{error}");
        assert!(error.message().contains(&known.id) && error.message().contains(difference), "{error}");
        assert_eq!(stage.ion.count("POST", ORDERS), 1, "{error}");
        assert!(new.open_attempts(None).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn an_answer_about_orders_that_cannot_be_read_stops_before_sending() {
    let odd: Vec<(&str, FaultAction)> = vec![
        ("another name", FaultAction::rewrite(|mut page| json!({"orderList": page["orders"].take()}))),
        ("an error", FaultAction::rewrite(|_| json!({"error": "INTERNAL_ERROR", "code": 13}))),
        ("an array", FaultAction::rewrite(|_| json!([]))),
        ("no JSON", FaultAction::Html),
        ("a torn body", FaultAction::TornBody),
        ("no right", FaultAction::status(http::StatusCode::FORBIDDEN, "{}")),
        ("not there", FaultAction::status(http::StatusCode::SERVICE_UNAVAILABLE, "{}")),
        (
            "the reference of the order sought, twisted",
            FaultAction::rewrite(|mut page| {
                page["orders"][0]["referenceId"] =
                    json!({ "value": page["orders"][0]["referenceId"].take() });
                page
            }),
        ),
    ];
    for (what, fault) in odd {
        let stage = Stage::start().await;
        let (name, command) = commands(&stage).await.swap_remove(0);
        stage.provider.execute(&command, &options(name)).await.unwrap();
        let id = stage.ion.faults().add(FaultRule::new("GET", ORDERS, fault));
        let error = stage.provider.execute(&command, &options(name)).await.unwrap_err();
        assert_eq!(error.delivery(), Delivery::NotSent, "{what}: {error}");
        assert!(stage.ion.faults().hits(id) > 0);
        let provider = machine(&stage, 0, journal(&stage));
        let error = provider.execute(&command, &options(name)).await;
        // A customer whose orders cannot be listed at all has no baseline either.
        assert_eq!(error.unwrap_err().delivery(), Delivery::NotSent, "{what}");
        assert_eq!(stage.ion.count("POST", ORDERS), 1, "{what}");
    }
}

#[tokio::test]
async fn an_order_that_carries_the_key_is_found_though_its_items_cannot_be_read() {
    let stage = Stage::start().await;
    let (name, command) = commands(&stage).await.swap_remove(0);
    stage.provider.execute(&command, &options(name)).await.unwrap();
    let twisted = FaultAction::rewrite(|mut page| {
        page["orders"][0]["orderItems"] = json!("many");
        page
    });
    stage.ion.faults().add(FaultRule::new("GET", ORDERS, twisted));
    let provider = machine(&stage, 0, journal(&stage));
    let receipt = provider.execute(&command, &options(name)).await.unwrap();
    assert_eq!((receipt.replayed, receipt.judged_by), (true, Judgement::Reference));
    assert_eq!(stage.ion.count("POST", ORDERS), 1);
}

#[tokio::test]
async fn a_list_that_is_empty_is_asked_for_again_elsewhere() {
    for nothing in [json!({}), json!({"orders": []}), json!({"nextPageToken": ""}), json!({"orders": null})] {
        let stage = Stage::start().await;
        let (name, command) = commands(&stage).await.swap_remove(0);
        let first = stage.provider.execute(&command, &options(name)).await.unwrap();
        let answer = nothing.clone();
        let empty = FaultAction::rewrite(move |_| answer.clone());
        stage.ion.faults().add(FaultRule::new("GET", ORDERS, empty));
        let again = machine(&stage, 0, journal(&stage)).execute(&command, &options(name)).await.unwrap();
        assert_eq!((again.replayed, again.order()), (true, first.order()), "{nothing}");
        assert_eq!(stage.ion.count("POST", ORDERS), 1, "{nothing}");
        let elsewhere = stage.ion.requests().into_iter().filter(|r| r.method == "GET");
        assert!(
            elsewhere
                .filter(|r| r.path.ends_with(&format!("accounts/{}/orders", stage.ion.account_id())))
                .count()
                > 0,
            "{nothing}"
        );
    }
}

#[tokio::test]
async fn a_record_of_another_key_that_cannot_be_read_stops_nothing() {
    let stage = Stage::start().await;
    let (name, command) = commands(&stage).await.swap_remove(0);
    stage.provider.execute(&command, &options("another")).await.unwrap();
    let twisted = FaultAction::rewrite(|mut page| {
        page["orders"][0]["orderItems"] = json!("many");
        page
    });
    stage.ion.faults().add(FaultRule::new("GET", ORDERS, twisted));
    let receipt = stage.provider.execute(&command, &options(name)).await.unwrap();
    assert!(!receipt.replayed);
    assert_eq!(stage.ion.count("POST", ORDERS), 2);
}

#[tokio::test]
async fn the_first_order_of_a_customer_and_one_after_an_order_that_came_to_nothing_are_sent() {
    let stage = Stage::start().await;
    let created = stage.shared().create_customer(bakery("first@example.com"), &options("create")).await;
    let (product, offer) = suite(&stage).await;
    let order = NewOrder::new(created.unwrap().customer.unwrap()).line(line(&product, &offer, 2));
    let command: Command = PlaceOrder::new(order).into();
    stage.ion.fail_next_order("MSFT_CR_099", "no credit");
    let first = machine(&stage, 0, journal(&stage)).execute(&command, &options("a")).await.unwrap();
    assert!(!first.replayed);
    stage.sim.clock().advance(MINUTE);
    let second = machine(&stage, 0, journal(&stage)).execute(&command, &options("a")).await.unwrap();
    assert!(!second.replayed && second.order() != first.order());
    let third = machine(&stage, 0, journal(&stage)).execute(&command, &options("a")).await.unwrap();
    assert_eq!((third.replayed, third.order()), (true, second.order()));
    assert_eq!(stage.ion.count("POST", ORDERS), 2);
}

#[tokio::test]
async fn clocks_that_differ_by_minutes_on_one_journal_double_no_order() {
    for (first, second) in [(0, 6), (6, 0), (0, -6), (-6, 0), (6, -6), (-6, 6)] {
        for arrives in [true, false] {
            let what = format!("{first} and {second} minutes, arrives late: {arrives}");
            let stage = Stage::start().await;
            let (name, command) = commands(&stage).await.swap_remove(0);
            let before = stage.ion.orders().len();
            let shared = journal(&stage);
            let (one, two) =
                (machine(&stage, first, Arc::clone(&shared) as _), machine(&stage, second, shared));
            stage.ion.faults().add(FaultRule::new("POST", ORDERS, FaultAction::DisconnectBefore).once());
            let lost = one.execute(&command, &options(name)).await.unwrap_err();
            assert_eq!(lost.delivery(), Delivery::Unknown, "{what}: {lost}");

            let mut waited = Duration::ZERO;
            for wait in [Duration::ZERO, MINUTE, MINUTE * 2] {
                stage.sim.clock().advance(wait);
                waited += wait;
                let early = two.execute(&command, &options(name)).await.unwrap_err();
                assert_eq!(
                    (early.kind(), early.delivery()),
                    (ErrorKind::Conflict, Delivery::Unknown),
                    "{what}"
                );
                let rest = early.retry_after().unwrap();
                assert!(rest <= MINUTE * 5 - waited && rest > MINUTE * 4 - waited, "{what}: {early}");
            }
            if arrives {
                // What was on its way all the time, for the service the same request.
                stage.provider.execute(&command, &options(name)).await.unwrap();
            }
            stage.sim.clock().advance(MINUTE * 2 + Duration::from_secs(1));
            let receipt = two.execute(&command, &options(name)).await.unwrap();
            assert_eq!(receipt.replayed, arrives, "{what}");
            assert_eq!(receipt.judged_by == Judgement::Reference, arrives, "{what}");
            let again = one.execute(&command, &options(name)).await.unwrap();
            assert_eq!((again.replayed, again.order()), (true, receipt.order()), "{what}");
            assert_eq!(stage.ion.orders().len(), before + 1, "{what}");
        }
    }
}

#[tokio::test]
async fn a_customer_whose_answer_was_lost_is_found_by_whatever_clock() {
    for minutes in [-20, 0, 20] {
        for happened in [true, false] {
            let stage = Stage::start().await;
            let before = stage.ion.customer_count();
            let shared = journal(&stage);
            let provider = machine(&stage, minutes, Arc::clone(&shared) as _);
            let fault = if happened { FaultAction::DisconnectAfter } else { FaultAction::DisconnectBefore };
            let path = "/api/v3/accounts/*/customers";
            stage.ion.faults().add(FaultRule::new("POST", path, fault).once());
            let command: Command = bakery("clock@example.com").into();
            provider.execute(&command, &options("create")).await.unwrap_err();
            // Another creation of that name waits until it is known what became of this one.
            let same_name: Command = bakery("second@example.com").into();
            let blocked = provider.execute(&same_name, &options("second")).await.unwrap_err();
            assert_eq!((blocked.kind(), blocked.delivery()), (ErrorKind::Conflict, Delivery::NotSent));
            stage.sim.clock().advance(MINUTE * 10);
            let receipt = provider.execute(&command, &options("create")).await.unwrap();
            assert_eq!(receipt.replayed, happened, "{minutes} minutes");
            assert_eq!(receipt.judged_by == Judgement::Comparison, happened, "{minutes} minutes");
            assert_eq!(stage.ion.customer_count(), before + 1, "{minutes} minutes");
        }
    }
}

#[tokio::test]
async fn a_customer_who_had_the_address_before_is_not_taken_for_the_one_that_was_to_be_made() {
    let stage = Stage::start().await;
    stage.shared().create_customer(bakery("taken@example.com"), &options("first")).await.unwrap();
    let command: Command = bakery("taken@example.com").into();
    let attempt = stage.shared().attempt(&command, &options("second")).await.unwrap();
    let judged = stage.provider.reconcile(&attempt).await.unwrap();
    assert!(matches!(judged, Reconciliation::NotApplied), "{judged:?}");
}

#[tokio::test]
async fn where_nothing_is_to_change_nothing_is_sent() {
    let stage = Stage::start().await;
    let customers = stage.shared().customers(Default::default()).limit(1).collect_all().await.unwrap();
    let mut update = UpdateCustomer::new(&customers[0].id);
    update.name = Patch::Set(customers[0].name.clone());
    let plan = stage.provider.plan(&update.clone().into(), &options("u")).await.unwrap();
    assert!(plan.changes.is_empty() && plan.warnings[0].contains("nothing is sent"), "{plan:?}");
    let shared = journal(&stage);
    let provider = machine(&stage, 0, Arc::clone(&shared) as _);
    let receipt = provider.execute(&update.into(), &options("u")).await.unwrap();
    assert_eq!((receipt.outcome, receipt.customer), (Outcome::Applied, Some(customers[0].id.clone())));

    let sub = stage.seat_subscription().await;
    let mut seats = ChangeQuantity::new(&sub.id, sub.quantity.unwrap());
    seats.expected = Some(sub.quantity.unwrap());
    let receipt = provider.execute(&seats.into(), &options("s")).await.unwrap();
    assert_eq!((receipt.outcome, receipt.lines[0].outcome), (Outcome::Applied, LineOutcome::Applied));
    assert_eq!(receipt.lines[0].subscription, Some(sub.id.clone()));
    assert_eq!((stage.ion.count("PUT", "*"), stage.ion.count("POST", ORDERS)), (0, 0));
    assert!(shared.open_attempts(None).await.unwrap().is_empty());
    // Reads can lag: what nobody relies on is sent.
    let same: Command = ChangeQuantity::new(&sub.id, sub.quantity.unwrap()).into();
    provider.execute(&same, &options("same")).await.unwrap();
    assert_eq!(stage.ion.count("POST", ORDERS), 1);
}
