//! Commands that stand in where none was given, and commands that cannot be carried out.

use chrono::{DateTime, Utc};
use provider_core::command::Consent;
use provider_core::{
    AttachCustomer, CancelOrder, CancelSubscription, ChangeQuantity, ChangeRenewal, Command, CommandKind,
    CreateCustomer, CustomerId, Delivery, Error, ErrorKind, IdempotencyKey, NewOrder, NewOrderLine, OrderId,
    Patch, PlaceOrder, ProductId, RecordConsent, ResumeSubscription, SubscriptionId, SuspendSubscription,
    UpdateCustomer,
};
use rust_decimal::Decimal;

use super::verdict::{Problem, broken};
use super::world::{World, unknown_id};

/// A key that no other call has.
pub(super) fn any_key() -> Result<IdempotencyKey, Problem> {
    IdempotencyKey::random().map_err(|error| broken(error.to_string()))
}

fn consent() -> Consent {
    let agreed_at = DateTime::<Utc>::from_timestamp(1_767_225_600, 0).unwrap_or_default();
    Consent::new("Ada", "Example", "ada@example.com", agreed_at)
}

/// A command of this kind about records that do not exist: nothing can come of it.
pub(super) fn stand_in(kind: CommandKind, world: &World) -> Command {
    let customer = CustomerId::new(unknown_id(world.customers.ids()));
    let product = ProductId::new(unknown_id(world.products.ids()));
    let subscription = SubscriptionId::new(unknown_id(world.subscriptions.ids()));
    let order = OrderId::new(unknown_id(world.orders.ids()));
    match kind {
        CommandKind::UpdateCustomer => {
            let mut update = UpdateCustomer::new(customer);
            update.name = Patch::Set("Example Bakery".to_owned());
            update.into()
        }
        CommandKind::AttachCustomer => AttachCustomer::new("").into(),
        CommandKind::RecordConsent => RecordConsent::new(customer, consent()).into(),
        CommandKind::PlaceOrder => {
            PlaceOrder::new(NewOrder::new(customer).line(NewOrderLine::new(product, Decimal::ONE))).into()
        }
        CommandKind::CancelOrder => CancelOrder::new(order).into(),
        CommandKind::ChangeQuantity => ChangeQuantity::new(subscription, Decimal::ONE).into(),
        CommandKind::ChangeRenewal => {
            let mut change = ChangeRenewal::new(subscription);
            change.auto_renew = Some(false);
            change.into()
        }
        CommandKind::Suspend => SuspendSubscription::new(subscription).into(),
        CommandKind::Resume => ResumeSubscription::new(subscription).into(),
        CommandKind::CancelSubscription => CancelSubscription::new(subscription).into(),
        // A kind that is added later is stood in for by one that cannot be carried out either.
        _ => CreateCustomer::new("").into(),
    }
}

/// Commands of this kind that cannot be carried out, each with what is wrong with it.
pub(super) fn impossible(
    kind: CommandKind,
    given: Option<&Command>,
    world: &World,
) -> Vec<(&'static str, Command)> {
    let about = match kind {
        CommandKind::CreateCustomer => "a customer without a name",
        CommandKind::AttachCustomer => "a tenant without an id",
        _ => "a record that does not exist",
    };
    let mut commands = vec![(about, stand_in(kind, world))];
    match given {
        Some(Command::PlaceOrder(place)) => {
            for (what, quantity) in
                [("a quantity of 0", Decimal::ZERO), ("a negative quantity", -Decimal::ONE)]
            {
                let mut wrong = place.clone();
                wrong.order.lines.iter_mut().for_each(|line| line.quantity = quantity);
                commands.push((what, wrong.into()));
            }
            let mut empty = place.clone();
            empty.order.lines.clear();
            commands.push(("an order without lines", empty.into()));
        }
        Some(Command::ChangeQuantity(change)) => {
            let mut zero = change.clone();
            zero.quantity = Decimal::ZERO;
            commands.push(("a quantity of 0", zero.into()));
            let mut expected = change.clone();
            expected.expected = Some(Decimal::from(987_654));
            commands.push(("an expected quantity that is not so", expected.into()));
        }
        Some(Command::UpdateCustomer(update)) => {
            let mut nameless = update.clone();
            nameless.name = Patch::Set(String::new());
            commands.push(("an empty name", nameless.into()));
        }
        _ => {}
    }
    commands
}

/// Whether an error says that the command was understood, and that nothing happened.
pub(super) fn is_refusal(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::InvalidInput
            | ErrorKind::NotFound
            | ErrorKind::PreconditionFailed
            | ErrorKind::Conflict
            | ErrorKind::AlreadyExists
            | ErrorKind::PermissionDenied
    ) && matches!(error.delivery(), Delivery::NotSent | Delivery::Rejected)
}
