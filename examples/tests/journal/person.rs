//! What is open, and a person's word on it.

use provider_simulator::{FaultAction, FaultRule};
use serde_json::Value;

use crate::run::{err, out};
use crate::shop::{KEY, Shop, report};

/// An order whose answer was lost, after it took effect or before.
async fn lost(action: FaultAction) -> Shop {
    let shop = Shop::open().await;
    shop.pax8().faults().add(FaultRule::new("POST", "/v1/orders", action).once());
    let output = shop.order().await;
    assert_eq!(output.status.code(), Some(1), "{}{}", out(&output), err(&output));
    shop
}

async fn journal(shop: &Shop, args: &[&str]) -> String {
    let output = shop.shell.run("journal", args).await;
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", err(&output));
    out(&output)
}

async fn refused(shop: &Shop, args: &[&str], code: i32) -> String {
    let output = shop.shell.run("journal", args).await;
    assert_eq!(output.status.code(), Some(code), "{args:?}: {}{}", out(&output), err(&output));
    err(&output)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_open_is_listed_and_shown() {
    let shop = lost(FaultAction::DisconnectAfter).await;
    let table = journal(&shop, &["list"]).await;
    assert!(table.contains(KEY) && table.contains("place order: the purchases of customer"), "{table}");
    assert!(table.contains(&format!("pax8 account {}", shop.pax8().client_id())), "{table}");
    let open: Vec<Value> = serde_json::from_str(&journal(&shop, &["list", "--json"]).await).unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0]["key"], KEY);
    assert_eq!(open[0]["account"]["kind"], "pax8");
    assert_eq!(open[0]["command"]["place_order"]["order"]["lines"][0]["quantity"], "3");
    assert!(open[0]["started_at"].is_string() && open[0]["sent_until"].is_string());
    assert!(open[0]["holder"].as_str().unwrap().starts_with("process "));
    let other = journal(&shop, &["list", "--key", "another-key-of-mine"]).await;
    assert!(other.contains("Nothing is open"), "{other}");

    let shown = journal(&shop, &["show", "--key", KEY]).await;
    assert!(
        shown.contains("step 0    no answer") && shown.contains("open: it may have been sent"),
        "{shown}"
    );
    let entries: Vec<Value> =
        serde_json::from_str(&journal(&shop, &["show", "--key", KEY, "--json"]).await).unwrap();
    assert_eq!(entries[0]["stage"], "armed");
    assert!(entries[0]["attempt"]["baseline"].is_object());
    refused(&shop, &["show", "--key", "another-key-of-mine"], 1).await;

    // Calling again looks it up, and nothing is left to be settled.
    let found = report(&shop.order().await);
    assert_eq!((&found["receipt"]["replayed"], shop.sent()), (&true.into(), 1));
    assert!(journal(&shop, &["list"]).await.contains("Nothing is open"));
    let shown = journal(&shop, &["show", "--key", KEY]).await;
    // It was found, and its answer is lost all the same.
    assert!(shown.contains("step 0    no answer") && shown.contains("state     done ("), "{shown}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_is_shown_with_its_answer() {
    let shop = Shop::open().await;
    report(&shop.order().await);
    let shown = journal(&shop, &["show", "--key", KEY]).await;
    assert!(shown.contains("step 0    answered") && shown.contains("state     done ("), "{shown}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_that_a_person_found_is_not_sent_again() {
    let shop = lost(FaultAction::DisconnectBefore).await;
    // Pax8 gives no proof that nothing happened.
    assert_eq!(shop.order().await.status.code(), Some(1));
    let settle = ["settle", "--key", KEY, "--happened", "O-77", "--by", "Office"];
    let settled = journal(&shop, &settle).await;
    assert!(settled.contains("order O-77") && settled.contains("by the word of Office"), "{settled}");
    let report = report(&shop.shell.run("order", &shop.order_args()).await);
    let receipt = &report["receipt"];
    assert_eq!((&receipt["replayed"], &receipt["judged_by"]), (&true.into(), &"person".into()));
    assert_eq!(receipt["lines"][0]["order"], "O-77");
    assert_eq!(shop.sent(), 1);
    let shown: Vec<Value> =
        serde_json::from_str(&journal(&shop, &["show", "--key", KEY, "--json"]).await).unwrap();
    assert_eq!(shown[0]["settled"]["by"], "Office");
    let twice = refused(&shop, &settle, 1).await;
    assert!(twice.contains("settled before"), "{twice}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_that_a_person_did_not_find_is_sent_by_the_next_call() {
    let shop = lost(FaultAction::DisconnectBefore).await;
    let mut command = shop.shell.command("journal", &["settle", "--key", KEY, "--never-happened", "--json"]);
    command.env("USER", "office");
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let settled: Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!((&settled["stage"], &settled["settled"]["by"]), (&"not_applied".into(), &"office".into()));
    assert!(report(&shop.order().await)["receipt"]["replayed"].is_null());
    assert_eq!(shop.sent(), 2, "the first one never arrived");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mistakes_are_named() {
    let shop = lost(FaultAction::DisconnectBefore).await;
    let folder = tempfile::tempdir().unwrap();
    let nowhere = format!("sqlite:{}", folder.path().join("nowhere.db").display());
    for (args, says) in [
        (&["settle", "--key", KEY][..], "--happened"),
        (&["settle", "--key", KEY, "--happened", "O-1", "--never-happened"], "--never-happened"),
        (&["settle", "--key", KEY, "--happened", "none"], "--never-happened"),
        (&["settle", "--key", KEY, "--happened", "O-1", "--happened", "O-2"], "1 lines"),
        (&["settle", "--key", KEY, "--happened", "O-1", "--by", " "], "--by"),
        (&["settle", "--never-happened"], "--key"),
        (&["show", "--key", "short"], "--key"),
        (&["list", "--db", "mysql:orders"], "--db"),
        (&["list", "--db", ""], "--db"),
        (&["list", "--db", &nowhere], "--db"),
        (&["move", "--kind", "pax8", "--from", "a", "--to", "b"], "--origin"),
        (&["forget"], "forget"),
    ] {
        let said = refused(&shop, args, 2).await;
        assert!(said.contains(says), "{args:?}: {said}");
    }
    let said = refused(&shop, &["settle", "--key", "another-key-of-mine", "--never-happened"], 1).await;
    assert!(said.contains("another-key-of-mine"), "{said}");
    assert!(!folder.path().join("nowhere.db").exists());
    assert!(journal(&shop, &["list"]).await.contains(KEY), "nothing was settled");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_keys_of_a_replaced_client_go_to_its_successor() {
    let shop = lost(FaultAction::DisconnectAfter).await;
    let pax8 = shop.pax8();
    let (origin, own) = (pax8.base_url().to_owned(), pax8.client_id().to_owned());
    let there =
        ["move", "--kind", "pax8", "--origin", &origin, "--from", &own, "--to", "its-successor", "--json"];
    let moved: Value = serde_json::from_str(&journal(&shop, &there).await).unwrap();
    assert_eq!(moved["moved"], 1);
    let other = shop.order().await;
    assert_eq!(other.status.code(), Some(1), "{}", out(&other));
    assert!(err(&other).contains("its-successor"), "{}", err(&other));
    let back = ["move", "--kind", "pax8", "--origin", &origin, "--from", "its-successor", "--to", &own];
    assert!(journal(&shop, &back).await.contains("1 entries were moved"));
    assert_eq!(report(&shop.order().await)["receipt"]["replayed"], true);
    assert_eq!(shop.sent(), 1);
}
