//! What plans say of costs: how much, and for how long it pays.

use provider_core::model::{Offer, PricePer};
use provider_core::{
    BillingCycle, ChangeQuantity, CustomerQuery, NewOrder, PlaceOrder, Plan, Product, ProductQuery, Provider,
    ProviderExt as _, Term,
};
use provider_simulator::{FaultAction, FaultRule};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::stage::{Stage, key, line};

/// Every price of the price book, and what is said of its currency.
fn book(currency: Option<&'static str>) -> FaultAction {
    fn price(value: &mut Value, currency: Option<&str>) {
        match value {
            Value::Object(members) => {
                if members.contains_key("pricebookPrice") {
                    members.insert("pricebookPrice".to_owned(), serde_json::from_str("912.50").unwrap());
                    match currency {
                        Some(code) => members.insert("pricebookCurrency".to_owned(), json!(code)),
                        None => members.remove("pricebookCurrency"),
                    };
                }
                members.values_mut().for_each(|inner| price(inner, currency));
            }
            Value::Array(items) => items.iter_mut().for_each(|inner| price(inner, currency)),
            _ => {}
        }
    }
    FaultAction::rewrite(move |mut answer| {
        price(&mut answer, currency);
        answer
    })
}

async fn sold(stage: &Stage, fits: impl Fn(&Offer) -> bool) -> (Product, Offer) {
    let products = stage.shared().products(ProductQuery::default()).collect_all().await.unwrap();
    let mut offers = products.into_iter().flat_map(|product| {
        let offers = product.offers.clone();
        offers.into_iter().map(move |offer| (product.clone(), offer))
    });
    offers.find(|(_, offer)| offer.cost.is_some() && fits(offer)).unwrap()
}

async fn planned(stage: &Stage, bought: &[&(Product, Offer)]) -> Plan {
    let provider = stage.shared();
    let customer = provider.customers(CustomerQuery::default()).next().await.unwrap().unwrap();
    let lines = bought.iter().map(|(product, offer)| line(product, offer, 3));
    let order = PlaceOrder::new(NewOrder::new(&customer.id).lines(lines));
    provider.plan(&order.into(), &key("plan")).await.unwrap()
}

#[tokio::test]
async fn what_is_bought_for_good_is_paid_once_and_what_is_paid_again_says_how_long_it_pays() {
    let stage = Stage::start().await;
    let cycle = |wanted: BillingCycle| move |offer: &Offer| offer.billing_cycle.as_ref() == Some(&wanted);
    let once = sold(&stage, cycle(BillingCycle::OneTime)).await;
    let monthly = sold(&stage, cycle(BillingCycle::Monthly)).await;
    let annual = sold(&stage, cycle(BillingCycle::Annual)).await;
    stage.ion.faults().add(FaultRule::new("GET", "/api/v3/*", book(Some("EUR"))));
    for (bought, period) in [(&once, None), (&monthly, Some(Term::MONTH)), (&annual, Some(Term::YEAR))] {
        let cost = planned(&stage, &[bought]).await.cost.unwrap();
        assert_eq!((cost.amount, cost.period), (Decimal::new(273_750, 2), period));
        assert_eq!((cost.per, cost.currency), (PricePer::Flat, "EUR".parse().ok()));
    }
    // What is paid once and what is paid every month cannot be added up.
    assert_eq!(planned(&stage, &[&once, &monthly]).await.cost, None);
}

#[tokio::test]
async fn a_plan_is_in_the_currency_that_the_offer_is_in() {
    for (sent, currency, as_sent) in
        [(Some("kr"), None, Some("kr")), (None, Some("NOK"), None), (Some("eur"), Some("EUR"), None)]
    {
        let stage = Stage::with(|config| config.with_currency("NOK".parse().unwrap())).await;
        stage.ion.faults().add(FaultRule::new("GET", "/api/v3/*", book(sent)));
        let bought = sold(&stage, |_| true).await;
        let unit = bought.1.cost.clone().unwrap();
        let cost = planned(&stage, &[&bought]).await.cost.unwrap();
        assert_eq!(cost.amount, unit.amount * Decimal::from(3), "{sent:?}");
        for price in [unit, cost] {
            let code = price.currency.map(|code| code.to_string());
            assert_eq!((code.as_deref(), price.currency_as_sent.as_deref()), (currency, as_sent), "{sent:?}");
        }
    }
}

#[tokio::test]
async fn another_number_of_seats_says_what_it_costs_each_time_it_is_paid() {
    let stage = Stage::start().await;
    let seats = stage.seat_subscription().await;
    let unit = seats.cost.clone().unwrap();
    let more = seats.quantity.unwrap() + Decimal::ONE;
    let plan = stage.provider.plan(&ChangeQuantity::new(&seats.id, more).into(), &key("plan")).await.unwrap();
    let cost = plan.cost.unwrap();
    assert_eq!((cost.amount, cost.period), (unit.amount * more, unit.period));
    assert_eq!((cost.currency, cost.per), (unit.currency, PricePer::Flat));
    assert!(cost.period.is_some());
}
