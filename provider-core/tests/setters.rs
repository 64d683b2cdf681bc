//! Setters of records that a caller fills.
#![allow(missing_docs, clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use rust_decimal::Decimal;

provider_core::records! {
    #![setters]
    #![serde(rename_all = "camelCase")]
    #![derive(Default, PartialEq)]

    /// A line of an order.
    pub struct Line {
        /// Its number.
        pub number: u32,
        /// What is bought.
        pub product_id: String,
        /// How many.
        pub quantity: Decimal,
        /// At what price.
        pub price: Option<Decimal>,
        /// A trial.
        pub is_trial: Option<bool>,
        /// What the customer calls it.
        pub labels: Vec<String>,
        /// Discounts by their names.
        pub discounts: Map<Decimal>,
        /// Of which this is an add-on.
        pub parent: Option<Box<Line>>,
    }
}

#[test]
fn every_member_is_set_from_what_turns_into_it() {
    let parent = Line::default().number(1_u32);
    let line = Line::default()
        .number(2_u32)
        .product_id("p-1")
        .quantity(3)
        .price(Decimal::new(1050, 2))
        .is_trial(false)
        .labels(["sales", "north"])
        .discounts([("early", Decimal::ONE)])
        .parent(parent);
    assert_eq!(
        serde_json::to_string(&line).unwrap_or_default(),
        r#"{"number":2,"productId":"p-1","quantity":"3","price":"10.50","isTrial":false,"labels":["sales","north"],"discounts":{"early":"1"},"parent":{"number":1,"productId":"","quantity":"0"}}"#,
    );
}
