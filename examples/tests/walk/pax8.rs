//! Pax8: a company is ready to buy once it has its contacts; changes are told to a receiver of webhooks.

use std::time::Duration;

use chrono::Days;
use pax8_client::model::{AddWebhookTopic, CreateWebhook};
use pax8_client::{Pax8Config, Pax8Provider};
use provider_simulator::Simulator;

use crate::operator::{Operator, bought, created, text};
use crate::running::Running;

const AUTHORIZATION: &str = "Bearer EXAMPLE-WALK-VALUE";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_a_new_company_to_a_dated_cancellation() {
    let simulator = Simulator::start().await.unwrap();
    let pax8 = simulator.pax8();
    pax8.set_settling_time(Duration::ZERO);
    pax8.set_early_subscription_ids(true);
    let operator = Operator::new("pax8", pax8.env());
    let found = operator.look_around().await;

    let made = operator
        .write(
            "customer",
            &[
                "create",
                "--name",
                "Walk Supplies",
                "--contact-name",
                "Office Contact",
                "--email",
                "office@walk.example.com",
                "--phone",
                "555-0111",
                "--street",
                "5 Quay Road",
                "--city",
                "Portland",
                "--region",
                "ME",
                "--postal-code",
                "04101",
                "--country",
                "US",
                "--website",
                "https://walk.example.com",
            ],
        )
        .await;
    let customer = created(&made);
    assert_eq!(text(&operator.exported("customers", &customer).await, "status"), "active");

    let placed = || {
        pax8.requests()
            .iter()
            .filter(|one| {
                one.method == "POST" && one.path == "/v1/orders" && one.query_value("isMock") != Some("true")
            })
            .count()
    };
    let product = found.products.iter().find(|p| text(p, "name") == "ExampleSoft Base").unwrap();
    let order = operator
        .write(
            "order",
            &[
                "--customer",
                &customer,
                "--product",
                text(product, "id"),
                "--billing-cycle",
                "monthly",
                "--quantity",
                "3",
            ],
        )
        .await;
    assert_eq!(placed(), 1, "planned, placed, and said again");
    let subscription = bought(&order);

    let authorization = ("PAX8_WEBHOOK_AUTHORIZATION", AUTHORIZATION);
    let (receiver, listening) =
        Running::start(&operator.shell, "webhooks", &["--deliveries", "1"], authorization).await;
    subscribe(&pax8.env(), listening.strip_prefix("listening on ").unwrap()).await;
    operator.write("seats", &["--subscription", &subscription, "--quantity", "5"]).await;
    assert_eq!(text(&operator.exported("subscriptions", &subscription).await, "quantity"), "5");
    let (code, heard) = receiver.finish().await;
    assert_eq!(code, Some(0), "{heard}");
    assert_eq!(heard.trim(), format!("SUBSCRIPTION: fetch again from subscriptions: {subscription}"));

    let day = simulator.clock().now().date_naive() + Days::new(20);
    let day = day.to_string();
    operator.write("subscription", &["cancel", "--on", &day, "--subscription", &subscription]).await;
    let now = operator.exported("subscriptions", &subscription).await;
    assert_eq!(text(&now, "status"), "pending_cancellation", "{now:#}");
    let never = operator.refused("subscription", &["suspend", "--subscription", &subscription]).await;
    assert!(never.contains("not supported"), "{never}");
    assert!(pax8.refused().is_empty(), "{:#?}", pax8.refused());
}

/// What an operator enters in the portal: where changes of subscriptions are to be delivered.
async fn subscribe(variables: &[(String, String)], url: &str) {
    let lookup = |name: &str| variables.iter().find(|(known, _)| known == name).map(|(_, v)| v.clone());
    let provider = Pax8Provider::from_config(Pax8Config::from_vars(lookup).unwrap().unwrap()).unwrap();
    let mut webhook = CreateWebhook::new("walk");
    webhook.url = Some(url.to_owned());
    webhook.authorization = Some(AUTHORIZATION.into());
    webhook.active = true;
    webhook.webhook_topics = vec![AddWebhookTopic::new("SUBSCRIPTION")];
    provider.client().webhooks().create(&webhook).await.unwrap();
}
