//! Somebody who orders at a simulated Pax8.

use std::process::Output;

use provider_simulator::{Handle, Pax8, Simulator};
use serde_json::Value;

use crate::run::{Shell, err, lines, out};

pub(crate) const KEY: &str = "quote-1841-line-3";

pub(crate) struct Shop {
    pub(crate) simulator: Simulator,
    pub(crate) shell: Shell,
    customer: String,
    product: String,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::with(&[]).await
    }

    pub(crate) async fn with(more: &[(&str, &str)]) -> Self {
        let simulator = Simulator::start().await.unwrap();
        let pax8 = simulator.pax8();
        pax8.set_settling_time(std::time::Duration::ZERO);
        pax8.set_early_subscription_ids(true);
        let mut variables = pax8.env();
        let listed = Shell::new(variables.clone());
        variables.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let args = ["--provider", "pax8", "--entity", "customers"];
        let customers = lines(&listed.run("export", &args).await);
        let active = customers.iter().find(|customer| customer["status"] == "active").unwrap();
        let customer = active["id"].as_str().unwrap().to_owned();
        let product = pax8.product_ids()[1].clone();
        Self { simulator, shell: Shell::new(variables), customer, product }
    }

    pub(crate) fn pax8(&self) -> Handle<Pax8> {
        self.simulator.pax8()
    }

    pub(crate) fn order_args(&self) -> Vec<&str> {
        vec![
            "--provider",
            "pax8",
            "--customer",
            &self.customer,
            "--product",
            &self.product,
            "--billing-cycle",
            "monthly",
            "--quantity",
            "3",
            "--key",
            KEY,
            "--json",
        ]
    }

    pub(crate) async fn order(&self) -> Output {
        self.shell.run("order", &self.order_args()).await
    }

    /// How many orders were sent.
    pub(crate) fn sent(&self) -> u64 {
        let orders = self.pax8().requests();
        let sent = orders.iter().filter(|one| one.method == "POST" && one.path == "/v1/orders");
        u64::try_from(sent.count()).unwrap()
    }
}

/// The report of a write that was done.
pub(crate) fn report(output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{}{}", out(output), err(output));
    serde_json::from_str(&out(output)).unwrap()
}
