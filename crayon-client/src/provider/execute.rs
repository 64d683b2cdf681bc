//! Commands, one by one.

use provider_core::{Command, Delivery, Error, Operation, Receipt, Result, WriteOptions};

use super::CrayonProvider;

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
    done.map_err(|error| error.with_provider("crayon").with_operation(operation))
}
