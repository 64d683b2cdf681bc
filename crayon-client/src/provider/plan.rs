//! What a command would do, worked out from reads.

use provider_core::{
    CancelSubscription, Change, ChangeRenewal, Command, Error, Fidelity, NewOrder, Operation, Per, Plan,
    Price, Result, SubscriptionId, WriteOptions,
};
use rust_decimal::Decimal;

use super::CrayonProvider;
use super::change::{Renewal, Step, cancellable, check_change};
use super::customer::update::changes;
use super::execute::naming;
use super::lookup::number;
use crate::client::CrayonClient;
use crate::model::{AgreementTypeConsent, Subscription, SubscriptionStatus};

pub(super) async fn run(
    provider: &CrayonProvider,
    command: &Command,
    options: &WriteOptions,
) -> Result<Plan> {
    let operation = Operation::Plan(command.kind());
    let client = provider.calls(operation, &options.options);
    let planned = match command {
        Command::CreateCustomer(command) => {
            let tenant = provider.new_tenant(&client, command).await?.tenant.unwrap_or_default();
            let mut plan = made("customer", &command.name);
            let prefix = tenant.domain_prefix.unwrap_or_default();
            plan.changes.push(Change::new("customer: domain", None, Some(prefix)));
            if command.consent.is_none() {
                plan.warnings.push(
                    "consent: before anything is ordered the customer has to accept the Microsoft Customer Agreement".to_owned(),
                );
            }
            Ok(plan)
        }
        Command::AttachCustomer(command) => {
            provider.known_tenant(&client, command).await?;
            Ok(made("customer", &command.tenant_id))
        }
        Command::UpdateCustomer(command) => {
            let id = number("customer", &command.customer)?;
            let edits = changes(command)?;
            let record = client.customer_tenants().document(id).await?;
            let shown = |value: serde_json::Value| match value {
                serde_json::Value::Null => None,
                serde_json::Value::String(text) => Some(text),
                other => Some(other.to_string()),
            };
            let mut plan = Plan::new(Fidelity::Simulated);
            for (path, wanted) in edits {
                let is = record.get::<serde_json::Value>(path).unwrap_or_default();
                let what = format!("customer {id}: {}", path.join("."));
                plan.changes.push(Change::new(what, shown(is), shown(wanted)));
            }
            Ok(plan)
        }
        Command::RecordConsent(command) => {
            let id = number("customer", &command.customer)?;
            let kind = AgreementTypeConsent::MicrosoftCustomerAgreement;
            let known = client.customer_tenants().agreements(id, Some(kind)).await?;
            let mut plan = made(&format!("customer {id}: consent"), &command.consent.email);
            if !known.items.is_empty() {
                plan.warnings.push("the customer has accepted the agreement already".to_owned());
            }
            Ok(plan)
        }
        Command::PlaceOrder(command) => order(provider, &client, &command.order).await,
        Command::ChangeQuantity(command) => {
            check_change(command)?;
            let (id, _, typed) = provider.record(&client, &command.subscription).await?;
            let wanted = provider.check_quantity(&typed, command)?;
            let mut plan = changed(id, "quantity", typed.quantity, Some(wanted));
            let unit = typed.pricing.as_ref().and_then(|pricing| pricing.purchase_price);
            let code = typed.pricing.as_ref().and_then(|pricing| pricing.currency_code.as_deref());
            plan.cost = unit.map(|unit| {
                let money = crate::map::currency(code, provider.currency);
                Price::new(unit * Decimal::from(wanted), money).flat()
            });
            Ok(plan)
        }
        Command::ChangeRenewal(command) => renewal(provider, &client, command).await,
        Command::CancelSubscription(command) => cancellation(provider, &client, command).await,
        Command::Suspend(command) => {
            status(provider, &client, &command.subscription, SubscriptionStatus::SUSPENDED).await
        }
        Command::Resume(command) => {
            status(provider, &client, &command.subscription, SubscriptionStatus::ACTIVE).await
        }
        Command::CancelOrder(command) => provider.plan_cancel_order(&client, command).await,
        _ => Err(Error::unsupported(operation, "this version does not know the command")),
    };
    planned.map_err(|error| naming(command, error).with_provider("crayon").with_operation(operation))
}

fn made(what: &str, name: &str) -> Plan {
    Plan::new(Fidelity::Simulated).with_change(Change::new(what, None, Some(name.to_owned())))
}

fn changed<T: ToString>(id: i64, field: &str, from: Option<T>, to: Option<T>) -> Plan {
    let shown = |value: Option<T>| value.map(|value| value.to_string());
    Plan::new(Fidelity::Simulated).with_change(Change::new(
        format!("subscription {id}: {field}"),
        shown(from),
        shown(to),
    ))
}

async fn order(provider: &CrayonProvider, client: &CrayonClient, order: &NewOrder) -> Result<Plan> {
    let (tenant, lines) = provider.resolved(client, order).await?;
    let mut plan = Plan::new(Fidelity::Simulated);
    let mut total: Option<Price> = None;
    let mut comparable = true;
    for line in &lines {
        let what = format!("customer {tenant}: {}", line.name);
        plan.changes.push(Change::new(what, None, Some(format!("{} by {}", line.seats, line.choice.id()))));
        let Some(cost) = line.cost.as_ref().filter(|cost| cost.per == Per::Unit) else {
            comparable = false;
            continue;
        };
        let amount = cost.amount * Decimal::from(line.seats);
        match &mut total {
            None => {
                let mut first = cost.clone().flat();
                first.amount = amount;
                total = Some(first);
            }
            // Prices of other currencies or times cannot be added up.
            Some(sum) if sum.currency == cost.currency && sum.period == cost.period => sum.amount += amount,
            Some(_) => comparable = false,
        }
    }
    plan.cost = total.filter(|_| comparable);
    Ok(plan)
}

async fn renewal(provider: &CrayonProvider, client: &CrayonClient, command: &ChangeRenewal) -> Result<Plan> {
    let Renewal { id, typed, instructions, .. } = provider.prepare_renewal(client, command).await?;
    let mut plan = Plan::new(Fidelity::Simulated);
    let mut note = |field: &str, from: Option<String>, to: Option<String>| {
        if to.is_some() {
            plan.changes.push(Change::new(format!("subscription {id}: {field}"), from, to));
        }
    };
    let text = |flag: bool| flag.to_string();
    note("auto_renew", typed.auto_renew_enabled.map(text), command.auto_renew.map(text));
    if let Some(wanted) = instructions {
        let Subscription { quantity, part_number, term_duration, .. } = typed;
        note("next term: quantity", quantity.map(|q| q.to_string()), wanted.quantity.map(|q| q.to_string()));
        note("next term: product", part_number, wanted.part_number);
        note(
            "next term: commitment",
            term_duration.map(|term| term.to_string()),
            wanted.term_duration.map(|term| term.to_string()),
        );
        let cycle =
            wanted.billing_cycle.and_then(|cycle| crate::map::offer::cycle(cycle.for_subscriptions(), false));
        note("next term: billing cycle", None, cycle.map(|cycle| cycle.to_string()));
        note("next term: end", None, wanted.custom_term_end_date.map(|end| end.to_rfc3339()));
    }
    Ok(plan)
}

async fn cancellation(
    provider: &CrayonProvider,
    client: &CrayonClient,
    command: &CancelSubscription,
) -> Result<Plan> {
    let mut renewal_off = ChangeRenewal::new(&command.subscription);
    renewal_off.auto_renew = Some(false);
    let plan = renewal(provider, client, &renewal_off).await?;
    cancellable(command)?;
    Ok(plan)
}

async fn status(
    provider: &CrayonProvider,
    client: &CrayonClient,
    id: &SubscriptionId,
    to: SubscriptionStatus,
) -> Result<Plan> {
    let Step { id, typed, .. } = provider.prepare_status(client, id, to).await?;
    let name = crate::map::subscription::status;
    Ok(changed(id, "status", typed.status.map(name), Some(name(to))))
}
