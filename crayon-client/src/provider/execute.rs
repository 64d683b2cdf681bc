//! Commands, one by one.

use provider_core::{Command, Delivery, Error, Operation, Receipt, Result, WriteOptions};

use super::CrayonProvider;
use super::goal::target;
use super::lookup::missing;

/// Whatever went wrong before the command itself was sent, the command was not.
pub(super) fn before_sending<T>(prepared: Result<T>) -> Result<T> {
    prepared.map_err(|error| error.with_delivery(Delivery::NotSent))
}

pub(super) async fn run(
    provider: &CrayonProvider,
    command: &Command,
    options: &WriteOptions,
) -> Result<Receipt> {
    let operation = Operation::Execute(command.kind());
    let client = provider.calls(operation, &options.options);
    let done = match command {
        Command::CreateCustomer(command) => provider.create_customer(&client, command).await,
        Command::UpdateCustomer(command) => provider.update_customer(&client, command).await,
        Command::AttachCustomer(command) => provider.attach_customer(&client, command).await,
        Command::RecordConsent(command) => provider.record_consent(&client, command).await,
        Command::PlaceOrder(command) => provider.place_order(&client, &command.order).await,
        Command::ChangeQuantity(command) => provider.change_quantity(&client, command).await,
        Command::ChangeRenewal(command) => provider.change_renewal(&client, command).await,
        Command::Suspend(command) => provider.suspend(&client, &command.subscription).await,
        Command::Resume(command) => provider.resume(&client, &command.subscription).await,
        Command::CancelSubscription(command) => provider.cancel(&client, command).await,
        Command::CancelOrder(command) => provider.cancel_order(&client, command).await,
        _ => Err(Error::unsupported(operation, "this version does not know the command")),
    };
    done.map_err(|error| naming(command, error).with_provider("crayon").with_operation(operation))
}

/// What does not exist is named by the field of the command that names it.
pub(super) fn naming(command: &Command, error: Error) -> Error {
    match command {
        Command::UpdateCustomer(_) | Command::RecordConsent(_) | Command::PlaceOrder(_) => {
            missing("customer", error)
        }
        Command::CancelOrder(_) => missing("order", error),
        changed if target(changed).is_some() => missing("subscription", error),
        _ => error,
    }
}
