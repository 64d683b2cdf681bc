//! TD SYNNEX StreamOne ION: everything but the customer is an order that is carried out later.

use std::time::Duration;

use provider_simulator::Simulator;
use serde_json::Value;

use crate::operator::{Operator, bought, created, text};
use crate::run::{err, out};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_a_new_customer_to_a_report() {
    let simulator = Simulator::start().await.unwrap();
    let ion = simulator.streamone();
    ion.set_order_delays(Duration::ZERO, Duration::ZERO, Duration::ZERO);
    let operator = Operator::new("streamone", ion.env());
    let found = operator.look_around().await;

    let customers = ion.customer_count();
    let made = operator
        .write(
            "customer",
            &[
                "create",
                "--name",
                "Walk Bakery Ltd",
                "--contact-name",
                "Office Contact",
                "--email",
                "office@walk.example.com",
                "--street",
                "2 Sample Way",
                "--city",
                "Reston",
                "--region",
                "VA",
                "--postal-code",
                "20190",
                "--country",
                "US",
            ],
        )
        .await;
    let customer = created(&made);
    assert_eq!(ion.customer_count(), customers + 1);
    operator.write("customer", &["update", "--customer", &customer, "--name", "Walk Bakery Inc"]).await;
    assert_eq!(text(&operator.exported("customers", &customer).await, "name"), "Walk Bakery Inc");

    let orders = ion.orders().len();
    let product = found.products.iter().find(|p| text(p, "id") == "ExampleSuiteNCE-demo").unwrap();
    let offer = text(&product["offers"][0], "id");
    let order = operator
        .write(
            "order",
            &[
                "--customer",
                &customer,
                "--product",
                text(product, "id"),
                "--offer",
                offer,
                "--quantity",
                "3",
                "--attribute",
                "domainName=walk.onmicrosoft.com",
                "--attribute",
                "renewalSetting=auto-on",
            ],
        )
        .await;
    assert_eq!(text(&order["order"], "status"), "completed");
    let subscription = bought(&order);
    let now = || operator.exported("subscriptions", &subscription);

    operator.write("seats", &["--subscription", &subscription, "--quantity", "5"]).await;
    assert_eq!(text(&now().await, "quantity"), "5");
    operator.write("subscription", &["suspend", "--subscription", &subscription]).await;
    assert_eq!(text(&now().await, "status"), "suspended");
    operator.write("subscription", &["resume", "--subscription", &subscription]).await;
    assert_eq!(text(&now().await, "status"), "active");
    operator.write("subscription", &["renewal", "--auto", "off", "--subscription", &subscription]).await;
    assert_eq!(now().await["auto_renew"], false);
    operator.write("subscription", &["cancel", "--subscription", &subscription]).await;
    assert_eq!(text(&now().await, "status"), "deleted");
    assert_eq!(ion.orders().len(), orders + 6, "one order for each of six intents");
    let late = operator.refused("subscription", &["suspend", "--subscription", &subscription]).await;
    assert!(late.contains("has ended"), "{late}");

    download(&operator).await;
    assert_eq!(ion.refused(), []);
}

async fn download(operator: &Operator) {
    let list = operator.shell.run("report", &["--provider", "streamone", "--json"]).await;
    let reports: Vec<Value> = serde_json::from_str(&out(&list)).unwrap();
    let id = text(&reports[0], "id");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.csv");
    let file = file.to_str().unwrap();
    let args = ["--provider", "streamone", "--id", id, "--range", "month_to_date", "--out", file];
    let run = operator.shell.run("report", &args).await;
    assert_eq!(run.status.code(), Some(0), "{}", err(&run));
    let csv = std::fs::read_to_string(file).unwrap();
    assert!(csv.lines().next().unwrap().contains(','), "{csv}");
    assert!(csv.contains("Walk Bakery Inc"), "{csv}");
    assert!(err(&run).contains(&format!("{} bytes", csv.len())), "{}", err(&run));
    let stdout = operator.shell.run("report", &args[..6]).await;
    assert_eq!(out(&stdout), csv);
}
