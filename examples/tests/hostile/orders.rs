//! Commands about what a simulator holds.

use std::sync::Arc;

use provider_core::model::CustomerStatus;
use provider_core::{
    BillingCycle, CancelOrder, CancelSubscription, ChangeQuantity, Command, CustomerQuery, NewOrder,
    NewOrderLine, Patch, PlaceOrder, ProductQuery, Provider, ProviderExt as _, SubscriptionQuery,
    SuspendSubscription, Term, UpdateCustomer,
};
use provider_simulator::Simulator;

use crate::wire::Vendor;

/// An order that the simulator of this distributor takes, where one is easily made, and changes of what is there.
pub(crate) async fn commands(
    vendor: Vendor,
    simulator: &Simulator,
    provider: &Arc<dyn Provider>,
) -> Vec<Command> {
    let query = CustomerQuery::default().status(CustomerStatus::Active);
    let customers = provider.customers(query).collect_all().await.unwrap();
    let subscriptions = provider.subscriptions(SubscriptionQuery::default()).collect_all().await.unwrap();
    let sold = match vendor {
        Vendor::StreamOne => {
            let query = ProductQuery::default().vendor("Microsoft");
            provider.products(query).limit(1).collect_all().await.unwrap().remove(0).id.to_string()
        }
        Vendor::Crayon | Vendor::Pax8 => String::new(),
    };
    let mut commands = Vec::new();
    for customer in customers.iter().take(2) {
        let product = match vendor {
            Vendor::Crayon => "CFQ7TTC0LH18:0001".to_owned(),
            Vendor::Pax8 => simulator.pax8().product_ids()[1].to_string(),
            Vendor::StreamOne => sold.clone(),
        };
        let mut line = NewOrderLine::new(product.as_str(), 3);
        line.billing_cycle = Some(BillingCycle::Monthly);
        line.commitment_term = (vendor == Vendor::Crayon).then_some(Term::YEAR);
        commands.push(PlaceOrder::new(NewOrder::new(&customer.id).line(line.clone()).line(line)).into());
        let mut update = UpdateCustomer::new(&customer.id);
        update.phone = Patch::Set("+1 555 0100".to_owned());
        commands.push(update.into());
    }
    for subscription in subscriptions.iter().take(6) {
        commands.push(ChangeQuantity::new(&subscription.id, 77).into());
        commands.push(SuspendSubscription::new(&subscription.id).into());
        commands.push(CancelSubscription::new(&subscription.id).into());
    }
    commands.push(CancelOrder::new("1").into());
    commands
}
