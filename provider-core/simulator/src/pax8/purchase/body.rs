//! Reading an order from a request body: types and names only, a wrong one is a 400.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::provisioning;
use super::record::Given;
use crate::engine::answer::Stop;
use crate::pax8::catalog::record::BILLING_TERMS;
use crate::pax8::engine::body::{At, Fields};
use crate::pax8::engine::wire;
use crate::pax8::state::Call;

const ORDER_FIELDS: &[&str] = &["companyId", "orderedBy", "orderedByUserEmail", "lineItems"];
const LINE_FIELDS: &[&str] = &[
    "productId",
    "quantity",
    "billingTerm",
    "lineItemNumber",
    "commitmentTermId",
    "provisionStartDate",
    "provisioningDetails",
    "parentSubscriptionId",
    "parentLineItemNumber",
];

/// An order as sent.
#[derive(Debug)]
pub(crate) struct OrderSent {
    pub(crate) company_id: String,
    pub(crate) ordered_by: Option<&'static str>,
    pub(crate) email: Option<String>,
    pub(crate) lines: Vec<LineSent>,
}

/// A line as sent.
#[derive(Debug)]
pub(crate) struct LineSent {
    pub(crate) number: Decimal,
    pub(crate) product_id: String,
    pub(crate) quantity: Decimal,
    pub(crate) billing_term: &'static str,
    pub(crate) commitment_id: Option<String>,
    pub(crate) provision_start: Option<DateTime<Utc>>,
    pub(crate) answers: Vec<Given>,
    pub(crate) parent_subscription: Option<String>,
    pub(crate) parent_line: Option<Decimal>,
}

/// Reads `POST /v1/orders`.
pub(crate) fn read(call: &Call, members: &Map<String, Value>) -> Result<OrderSent, Stop> {
    let at = At::default();
    let fields = Fields::read(call, &at, members, ORDER_FIELDS)?;
    let Some(company_id) = fields.text(&at, "companyId")? else {
        return Err(fields.refuse(&at, "companyId", "required"));
    };
    let ordered_by = fields.choice(&at, "orderedBy", &["Pax8 Partner", "Customer", "Pax8"])?;
    let email = fields.text(&at, "orderedByUserEmail")?;
    let Some(items) = fields.objects(&at, "lineItems")? else {
        return Err(fields.refuse(&at, "lineItems", "required"));
    };
    let lines = items
        .into_iter()
        .enumerate()
        .map(|(place, (at, members))| line(call, &at, members, place))
        .collect::<Result<_, _>>()?;
    Ok(OrderSent { company_id: company_id.to_owned(), ordered_by, email: email.map(str::to_owned), lines })
}

fn line(call: &Call, at: &At, members: &Map<String, Value>, place: usize) -> Result<LineSent, Stop> {
    let fields = Fields::read(call, at, members, LINE_FIELDS)?;
    if fields.has("commitmentTerm") {
        // The one name that the live interface was seen to refuse; it is looked at without strictness, too.
        return Err(fields.refuse(at, "commitmentTerm", "use commitmentTermId"));
    }
    let number = match fields.number(at, "lineItemNumber")? {
        Some(number) => number,
        None if call.sim.frame.is_strict() => {
            return Err(fields.refuse(at, "lineItemNumber", "required"));
        }
        None => Decimal::from(place) + Decimal::ONE,
    };
    let Some(product_id) = fields.text(at, "productId")? else {
        return Err(fields.refuse(at, "productId", "required"));
    };
    let Some(quantity) = fields.number(at, "quantity")? else {
        return Err(fields.refuse(at, "quantity", "required"));
    };
    let Some(billing_term) = fields.choice(at, "billingTerm", BILLING_TERMS)? else {
        return Err(fields.refuse(at, "billingTerm", "required"));
    };
    Ok(LineSent {
        number,
        product_id: product_id.to_owned(),
        quantity,
        billing_term,
        commitment_id: fields.text(at, "commitmentTermId")?.map(str::to_owned),
        provision_start: date_time(at, fields, "provisionStartDate")?,
        answers: provisioning::read(call, at, fields)?.unwrap_or_default(),
        parent_subscription: fields.text(at, "parentSubscriptionId")?.map(str::to_owned),
        parent_line: fields.number(at, "parentLineItemNumber")?,
    })
}

/// Reads a date-time member.
pub(crate) fn date_time(at: &At, fields: Fields<'_>, name: &str) -> Result<Option<DateTime<Utc>>, Stop> {
    match fields.text(at, name)? {
        None => Ok(None),
        Some(text) => match wire::parse_date_time(text) {
            Some(time) => Ok(Some(time)),
            None => Err(fields.refuse(at, name, "must be a date-time with an offset")),
        },
    }
}
