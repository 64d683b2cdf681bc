//! Crayon Cloud-iQ: a new tenant buys once the vendor's agreement is on file.

use std::time::Duration;

use provider_simulator::Simulator;

use crate::operator::{Operator, bought, created, text};
use crate::run::{err, out};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_a_new_tenant_to_the_end_of_its_term() {
    let simulator = Simulator::start().await.unwrap();
    let crayon = simulator.crayon();
    crayon.set_order_delay(Duration::ZERO);
    let operator = Operator::new("crayon", crayon.env());
    let found = operator.look_around().await;

    let like = found.customers.iter().find(|c| c["invoice_profile"].is_string()).unwrap();
    let made = operator
        .write(
            "customer",
            &[
                "create",
                "--name",
                "Walk Harbor",
                "--domain",
                "walkharbor.onmicrosoft.com",
                "--organization",
                text(like, "organization"),
                "--invoice-profile",
                text(like, "invoice_profile"),
                "--contact-name",
                "Office Contact",
                "--email",
                "office@walk.example.com",
                "--phone",
                "5550100",
                "--street",
                "1 Sample Street",
                "--city",
                "Oslo",
                "--region",
                "Oslo",
                "--postal-code",
                "0150",
                "--country",
                "NO",
                "--registration-number",
                "999999999",
            ],
        )
        .await;
    let customer = created(&made);

    let (product, offer) = found
        .products
        .iter()
        .filter(|p| text(p, "kind") == "seat")
        .find_map(|p| {
            let offers = p["offers"].as_array()?;
            let offer = offers.iter().map(|o| text(o, "id")).find(|id| id.ends_with("/P1Y/monthly"))?;
            Some((text(p, "id"), offer))
        })
        .unwrap();
    let wanted = ["--customer", &customer, "--product", product, "--offer", offer, "--quantity", "3"];
    let early = operator.refused("order", &wanted).await;
    assert!(early.contains("consent"), "{early}");
    assert_eq!(crayon.purchases(), 0);
    operator
        .write(
            "customer",
            &[
                "consent",
                "--customer",
                &customer,
                "--first-name",
                "Office",
                "--last-name",
                "Contact",
                "--email",
                "office@walk.example.com",
                "--agreed-on",
                "2026-01-31",
            ],
        )
        .await;
    let subscription = bought(&operator.write("order", &wanted).await);
    assert_eq!(crayon.purchases(), 1, "planned, placed, and said again");
    let now = || operator.exported("subscriptions", &subscription);

    operator.write("seats", &["--subscription", &subscription, "--quantity", "5"]).await;
    assert_eq!(text(&now().await, "quantity"), "5");
    operator.write("subscription", &["renewal", "--quantity", "4", "--subscription", &subscription]).await;
    assert_eq!(now().await["next_term"]["quantity"], "4");
    let refused = operator.refused("subscription", &["cancel", "--subscription", &subscription]).await;
    assert!(refused.contains("effective"), "{refused}");
    operator.write("subscription", &["cancel", "--term-end", "--subscription", &subscription]).await;
    let last = now().await;
    assert_eq!((text(&last, "status"), &last["auto_renew"]), ("active", &false.into()));

    download(&operator).await;
    assert!(crayon.refused().is_empty(), "{:#?}", crayon.refused());
}

async fn download(operator: &Operator) {
    let list = operator.shell.run("report", &["--provider", "crayon"]).await;
    assert_eq!(list.status.code(), Some(0), "{}", err(&list));
    let list = out(&list);
    let id = list.split_whitespace().next().unwrap();
    let run = operator.shell.run("report", &["--provider", "crayon", "--id", id]).await;
    assert_eq!(run.status.code(), Some(0), "{}", err(&run));
    assert!(out(&run).lines().next().unwrap().contains(','), "{}", out(&run));
}
