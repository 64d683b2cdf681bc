//! What no filter of today finds, and records that cannot be read: what is judged by a list is judged by all of it.

use provider_core::{NewOrder, NewOrderLine, PlaceOrder, Provider as _};

use super::facts::{page, scene};

/// A subscription in a state of tomorrow, which is listed only where no state is asked for.
const TOMORROW: &str =
    r#"{"Id":512001,"CustomerTenant":{"Id":2},"Quantity":3,"Status":512,"PartNumber":"A:1"}"#;
const TODAY: &str = r#"{"Id":1,"CustomerTenant":{"Id":2},"Quantity":1,"Status":1,"PartNumber":"A:1"}"#;

fn answered(target: &str) -> Option<Vec<u8>> {
    match target.to_ascii_lowercase() {
        tenant if tenant.contains("customertenants/2") => {
            Some(br#"{"Id":2,"Name":"Bakery","Organization":{"Id":7}}"#.to_vec())
        }
        known if known.contains("subscriptions") && known.contains("statuses") => page(TODAY, 1),
        all if all.contains("subscriptions") => page(&format!("{TODAY},{TOMORROW}"), 2),
        _ => page("", 0),
    }
}

#[tokio::test]
async fn a_baseline_knows_subscriptions_in_a_state_of_tomorrow() {
    let scene = scene(answered);
    let order = PlaceOrder::new(NewOrder::new("2").line(NewOrderLine::new("A:1", 3)));
    let baseline = scene.provider.baseline(&order.into()).await.unwrap().unwrap();
    let noted = baseline.state.to_string();
    assert!(noted.contains("512001") && noted.contains("\"subscriptions\":[1,"), "{noted}");
}

#[tokio::test]
async fn what_a_filter_finds_and_no_filter_does_not_is_known_as_well() {
    let scene = scene(|target| {
        let lower = target.to_ascii_lowercase();
        if lower.contains("subscriptions") && !lower.contains("statuses") {
            return page("", 0);
        }
        answered(target)
    });
    let order = PlaceOrder::new(NewOrder::new("2").line(NewOrderLine::new("A:1", 3)));
    let baseline = scene.provider.baseline(&order.into()).await.unwrap().unwrap();
    assert!(baseline.state.to_string().contains("\"subscriptions\":[1]"), "{}", baseline.state);
}
