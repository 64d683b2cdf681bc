//! What was prepared is sent: once, in the order in which it was shown.

pub(super) mod call;
pub(super) mod customer;
mod order;
pub(super) mod outcome;
mod subscription;

use provider_core::{Outcome, Receipt, Result};

use self::call::Send;
use self::customer::consented;
use self::outcome::named;
use crate::provider::context::Context;

pub(super) async fn send(cx: &Context, send: Send) -> Result<Receipt> {
    match send {
        Send::Nothing(receipt) => Ok(receipt),
        Send::Create { tenant, consent } => customer::create(cx, &tenant, consent).await,
        Send::Attach { tenant } => customer::attach(cx, &tenant).await,
        Send::Replace { customer, id, record } => {
            let answer = cx.client.customer_tenants().replace(id, &record).await?;
            if let Some(answer) = answer {
                named("customer", id, answer.tenant.map(|tenant| tenant.id))?;
            }
            Ok(Receipt::new(Outcome::Applied).with_customer(customer))
        }
        Send::Consent { customer, id, agreement } => {
            consented(cx, id, &agreement).await?;
            Ok(Receipt::new(Outcome::Applied).with_customer(customer))
        }
        Send::Order { customer, lines } => order::place(cx, &customer, &lines).await,
        Send::CancelOrder { order, lines } => order::cancel(cx, &order, &lines).await,
        Send::Change(change) => subscription::change(cx, &change).await,
    }
}
