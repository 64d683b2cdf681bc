//! A command's effect is what its receipt tells, no more and no less.

use std::collections::BTreeSet;

use provider_core::command::Effective;
use provider_core::receipt::LineOutcome;
use provider_core::{
    Command, Customer, Operation, Order, OrderId, OrderQuery, Outcome, ReadOptions, Receipt, Subscription,
};
use secrecy::ExposeSecret;

use super::context::Context;
use super::listed::ListedEntity;
use super::plan::Snapshot;
use super::verdict::{Verdict, broken, ensure, moot};

/// Whether a receipt agrees with itself and with the command it answers.
pub(super) fn consistent(command: &Command, receipt: &Receipt) -> Verdict {
    let lines = &receipt.lines;
    let wanted = match command {
        Command::PlaceOrder(place) => place.order.lines.len(),
        _ => 1,
    };
    ensure!(!receipt.replayed, "a first answer says that it is a stored one");
    let numbers: BTreeSet<_> = lines.iter().map(|line| line.line).collect();
    ensure!(numbers.len() == lines.len(), "two lines have the same number");
    if let Some(number) = numbers.iter().find(|number| **number >= wanted) {
        return Err(broken(format!("it tells of line {number}, and the command has {wanted}")));
    }
    if matches!(command, Command::PlaceOrder(_)) {
        ensure!(lines.len() == wanted, "it tells of {} lines, and the order has {wanted}", lines.len());
    }
    for line in lines {
        let took = matches!(line.outcome, LineOutcome::Applied | LineOutcome::Accepted);
        ensure!(
            line.outcome != LineOutcome::Rejected || !line.violations.is_empty(),
            "line {} was refused without a reason",
            line.line
        );
        if matches!(command, Command::PlaceOrder(_)) && took {
            ensure!(
                line.order.is_some() || line.subscription.is_some(),
                "line {} took effect and names neither an order nor a subscription",
                line.line
            );
        }
    }
    match Receipt::from_lines(lines.clone()) {
        Some(whole) => ensure!(
            whole.outcome == receipt.outcome,
            "its lines make it {:?}, and it says {:?}",
            whole.outcome,
            receipt.outcome
        ),
        None => ensure!(lines.is_empty(), "no line took effect: that is an error, not a receipt"),
    }
    ensure!(
        !lines.is_empty() || receipt.outcome != Outcome::Partial,
        "it says that only a part took effect and not which"
    );
    let made = matches!(command, Command::CreateCustomer(_) | Command::AttachCustomer(_));
    ensure!(
        !made || receipt.customer.is_some() || receipt.outcome == Outcome::Accepted,
        "it made a customer and does not say which"
    );
    Ok(format!("{:?}, lines: {}", receipt.outcome, lines.len()))
}

/// The administrator's password is in nothing that can be stored or logged.
pub(super) fn credentials(receipt: &Receipt) -> Verdict {
    let json = serde_json::to_string(receipt)
        .map_err(|error| broken(format!("a receipt cannot be written as JSON: {error}")))?;
    let Some(credentials) = &receipt.credentials else {
        return Ok("no credentials were handed out".to_owned());
    };
    let password = credentials.password.expose_secret();
    ensure!(!password.is_empty(), "the credentials are empty");
    ensure!(!json.contains(password), "the password is in the receipt's JSON");
    ensure!(!format!("{receipt:?}").contains(password), "the password is in the receipt's `Debug`");
    Ok("handed out, stored nowhere".to_owned())
}

/// Whether the records changed as the receipt tells.
pub(super) async fn exactly(
    ctx: &Context<'_>,
    command: &Command,
    receipt: &Receipt,
    before: &Snapshot,
    after: &Snapshot,
) -> Verdict {
    let listed = |operation| ctx.provider.capabilities().support(operation).is_supported();
    let new_customers = before.new_in::<Customer>(after);
    match command {
        Command::CreateCustomer(_) | Command::AttachCustomer(_) => {
            ensure!(new_customers.len() <= 1, "one command made {} customers", new_customers.len());
            if let (Some(told), Some(new)) = (&receipt.customer, new_customers.first()) {
                ensure!(told.as_str() == new, "the receipt names `{told}`, and `{new}` is new");
            }
            ensure!(
                receipt.outcome != Outcome::Applied || new_customers.len() == 1 || !listed(Customer::LIST),
                "it is said to be applied, and no customer is new"
            );
        }
        _ => ensure!(new_customers.is_empty(), "`{}` made a customer", command.kind().words()),
    }
    if let Command::PlaceOrder(place) = command {
        ordered(place.order.lines.len(), receipt, before, after)?;
    }
    if let Command::ChangeQuantity(change) = command
        && change.effective == Effective::Now
        && receipt.outcome == Outcome::Applied
        && listed(Subscription::GET)
    {
        let operation = Operation::Get(provider_core::EntityKind::Subscription);
        let options = ReadOptions::default();
        let now = ctx.saw(operation, ctx.provider.get_subscription(&change.subscription, &options).await)?;
        ensure!(
            now.quantity == Some(change.quantity),
            "the quantity is {:?} instead of {}",
            now.quantity,
            change.quantity
        );
    }
    match before.difference(after) {
        Some(difference) => Ok(difference),
        None => Ok("nothing that is listed changed".to_owned()),
    }
}

fn ordered(lines: usize, receipt: &Receipt, before: &Snapshot, after: &Snapshot) -> Verdict {
    let told: BTreeSet<_> =
        receipt.lines.iter().filter_map(|line| line.order.as_ref()).map(OrderId::as_str).collect();
    let orders = before.new_in::<Order>(after);
    if told.is_empty() {
        ensure!(orders.len() <= lines, "{} orders are new, and {lines} lines were ordered", orders.len());
    } else if let Some(untold) = orders.iter().find(|id| !told.contains(id.as_str())) {
        return Err(broken(format!("the order `{untold}` is new, and the receipt does not tell of it")));
    }
    let told: BTreeSet<_> = receipt.lines.iter().filter_map(|line| line.subscription.as_ref()).collect();
    let subscriptions = before.new_in::<Subscription>(after);
    ensure!(
        subscriptions.len() <= lines.max(told.len()),
        "{} subscriptions are new, and {lines} lines were ordered",
        subscriptions.len()
    );
    Ok(String::new())
}

/// Whoever removes what a proven list does not show must not lose what was just bought.
pub(super) async fn nothing_hidden(ctx: &Context<'_>, receipt: &Receipt) -> Verdict {
    let placed: BTreeSet<&OrderId> = receipt.lines.iter().filter_map(|line| line.order.as_ref()).collect();
    let capabilities = ctx.provider.capabilities();
    if placed.is_empty()
        || ![Order::LIST, Order::GET].iter().all(|one| capabilities.support(*one).is_supported())
    {
        return Err(moot("it placed no order that can be listed and read by its id"));
    }
    let mut listing = Order::listing(&ctx.provider, OrderQuery::default());
    let report = listing.report();
    let mut listed = BTreeSet::new();
    while let Some(order) = listing.next().await {
        listed.insert(ctx.saw(Order::LIST, order)?.id);
    }
    for id in placed {
        let found = ctx.provider.get_order(id, &ReadOptions::default()).await.is_ok();
        ensure!(
            !found || listed.contains(id) || !report.completeness().is_proven(),
            "the order `{id}` can be read, and a listing without it proves to be complete"
        );
    }
    Ok(format!("{:?}", report.completeness()))
}
