//! Orders: what is read of them, and how they are placed line by line.

mod resolve;

use provider_core::{
    Delivery, Error, ErrorKind, LineOutcome, LineReceipt, NewOrder, Order, OrderId, OrderQuery, Page,
    PageRequest, Receipt, Result, Violation,
};
use provider_http::RequestSpec;

pub(super) use resolve::{Bought, Resolved};

use super::CrayonProvider;
use super::change::{business_error, for_orders, refused};
use super::execute::before_sending;
use super::listing::{List, Reader, Yield};
use super::lookup::number;
use crate::api::request;
use crate::client::{CrayonClient, Paging};
use crate::map;
use crate::model::{
    AgreementTypeConsent, AssetQuery, CustomerTenantReference, EntityStatus, NewCommerceOrder,
    NewSubscription, ProductReference, PurchaseRequestLine, PurchaseRequestOrder, TermDuration,
};
use crate::wire::Document;

impl CrayonProvider {
    pub(super) async fn orders(&self, query: &OrderQuery, page: &PageRequest) -> Result<Page<Order>> {
        query.only(&["customer"])?;
        let tenant = query.customer.as_ref().map(|id| number("customer", id)).transpose()?;
        let lists = vec![List { key: "orders".to_owned(), organization: 0 }];
        let filter = AssetQuery { reseller_customer_id: tenant, ..Default::default() };
        let reader = Reader {
            provider: self,
            query,
            request: page,
            lists,
            nests: false,
            default_size: None,
            whole: false,
        };
        reader
            .read(
                |_: &List, paging: Paging| request::assets::orders(&filter, paging),
                |wire: PurchaseRequestOrder, raw, _| map::order::purchase(wire, raw).map(Yield::One),
            )
            .await
    }

    pub(super) async fn order(&self, client: &CrayonClient, id: &OrderId) -> Result<Order> {
        let guid = id.own();
        let customer = id.parts().next().filter(|part| *part != guid);
        if let Some(customer) = customer {
            number("order", customer)?;
        }
        if is_guid(guid) {
            let became = client.subscriptions().of_order(guid).await?;
            let mut read = Vec::with_capacity(became.items.len());
            for subscription in became {
                read.push(self.subscription(client, &subscription.to_string().into()).await?);
            }
            let customer = match (customer, read.first()) {
                (Some(customer), _) => customer.into(),
                (None, Some(first)) => first.customer.clone(),
                (None, None) => {
                    return Err(refused(
                        "order",
                        "is being carried out and does not say whose it is yet: ask for it as customer/order",
                    )
                    .for_read());
                }
            };
            return Ok(map::order::new_commerce(id.clone(), customer, &read));
        }
        // A purchase request: the service has no call for one, so the customer's are listed.
        let filter = AssetQuery {
            reseller_customer_id: customer.map(|customer| number("order", customer)).transpose()?,
            external_order_id: Some(guid.to_owned()),
            ..Default::default()
        };
        let found = client.assets().orders(&filter, Paging::first(100)).await?;
        let is_it = |order: &PurchaseRequestOrder| order.external_order_id.as_deref() == Some(guid);
        let order = found.into_iter().find(is_it).ok_or_else(|| {
            Error::new(ErrorKind::NotFound, format!("Cloud-iQ knows no order `{}`", guid.escape_debug()))
                .with_delivery(Delivery::Rejected)
                .for_read()
        })?;
        map::order::purchase(order, None)
            .map_err(|item| Error::new(ErrorKind::Decode, item.to_string()).for_read())
    }

    /// The customer of an order, if it can be sold to: its number and its organization.
    pub(super) async fn buyer(&self, client: &CrayonClient, order: &NewOrder) -> Result<(i64, i64)> {
        let id = number("customer", &order.customer)?;
        if order.lines.is_empty() {
            return Err(Error::invalid_input("lines", "the order has no lines"));
        }
        let tenant = client.customer_tenants().get(id).await.map_err(|error| {
            if error.kind() == ErrorKind::NotFound {
                let problem = format!("Cloud-iQ knows no customer {id}, or this user may not see it");
                return error
                    .with_message(format!("customer: {problem}"))
                    .with_violation(Violation::new("customer", problem));
            }
            error
        })?;
        if tenant.entity_status == Some(EntityStatus::Removed) {
            return Err(refused("customer", format!("customer {id} was removed")));
        }
        let organization = match tenant.organization {
            Some(organization) => {
                self.known_organization(client, &organization.id.to_string().into()).await?
            }
            None => self.owner(client, None).await?,
        };
        Ok((id, organization))
    }

    /// Refuses an order of a customer that has not accepted the Microsoft Customer Agreement.
    pub(super) async fn check_consent(&self, client: &CrayonClient, tenant: i64) -> Result<()> {
        let kind = AgreementTypeConsent::MicrosoftCustomerAgreement;
        let accepted = client.customer_tenants().agreements(tenant, Some(kind)).await?;
        if accepted.items.is_empty() {
            return Err(refused(
                "consent",
                format!(
                    "customer {tenant} has not accepted the Microsoft Customer Agreement: record its consent first"
                ),
            ));
        }
        Ok(())
    }

    /// Everything that an order needs, or why it cannot be sent.
    pub(super) async fn resolved(
        &self,
        client: &CrayonClient,
        order: &NewOrder,
    ) -> Result<(i64, Vec<Resolved>)> {
        for (at, line) in order.lines.iter().enumerate() {
            resolve::check(at, line)?;
        }
        let (tenant, organization) = self.buyer(client, order).await?;
        let mut lines = Vec::with_capacity(order.lines.len());
        for (at, line) in order.lines.iter().enumerate() {
            lines.push(self.resolve(client, (tenant, organization), at, line).await?);
        }
        if lines.iter().any(|line| line.bought != Bought::Cart) {
            self.check_consent(client, tenant).await?;
        }
        Ok((tenant, lines))
    }

    pub(super) async fn place_order(&self, client: &CrayonClient, order: &NewOrder) -> Result<Receipt> {
        let (tenant, lines) = before_sending(self.resolved(client, order).await)?;
        let mut receipts: Vec<LineReceipt> = Vec::with_capacity(lines.len());
        let mut failure = None;
        for (at, line) in lines.iter().enumerate() {
            if failure.is_some() {
                receipts.push(LineReceipt::new(at, LineOutcome::NotAttempted));
                continue;
            }
            match self.place(client, tenant, order, line).await {
                Ok(mut receipt) => {
                    receipt.line = at;
                    receipts.push(receipt);
                }
                Err(error) => {
                    let unknown = matches!(error.delivery(), Delivery::Unknown | Delivery::Applied);
                    let outcome = if unknown { LineOutcome::Unknown } else { LineOutcome::Rejected };
                    let mut receipt = LineReceipt::new(at, outcome);
                    receipt.violations = error.violations().to_vec();
                    if receipt.violations.is_empty() {
                        receipt.violations.push(Violation::new("", error.message()));
                    }
                    receipts.push(receipt);
                    failure = Some(error);
                }
            }
        }
        match (Receipt::from_lines(receipts), failure) {
            // Once a line took effect an error would hide it.
            (Some(receipt), _) => Ok(receipt.with_customer(&order.customer)),
            (None, Some(error)) => Err(error),
            (None, None) => Err(Error::new(ErrorKind::Internal, "the order took no effect and did not fail")),
        }
    }

    async fn place(
        &self,
        client: &CrayonClient,
        tenant: i64,
        order: &NewOrder,
        line: &Resolved,
    ) -> Result<LineReceipt> {
        match line.bought {
            Bought::NewCommerce => self.place_new_commerce(client, tenant, order, line).await,
            Bought::Directly => place_directly(client, tenant, line).await,
            Bought::Cart => place_cart(client, tenant, order, line).await,
        }
    }

    async fn place_new_commerce(
        &self,
        client: &CrayonClient,
        tenant: i64,
        order: &NewOrder,
        line: &Resolved,
    ) -> Result<LineReceipt> {
        let wanted = NewCommerceOrder {
            customer_tenant_id: Some(tenant),
            part_number: Some(line.choice.part_number.clone()),
            billing_cycle: Some(before_sending(for_orders("billing_cycle", line.choice.cycle.for_orders()))?),
            term_duration: line.choice.term.map(|term| TermDuration::from(term.to_string())),
            quantity: Some(line.seats),
            custom_term_end_date: line.custom_end,
            scheduled_date: order.effective,
        };
        let result = client.subscriptions().order(&wanted).await?;
        if result.is_successful != Some(true) {
            return Err(business_error(
                result.error_reason_code.as_deref(),
                result.error_description.as_deref(),
            ));
        }
        let mut receipt = LineReceipt::new(0, LineOutcome::Accepted);
        let Some(guid) = result.new_commerce_order_id.filter(|id| !id.is_empty()) else { return Ok(receipt) };
        receipt.order = Some(OrderId::composite([order.customer.as_str(), guid.as_str()]));
        if order.effective.is_none() {
            // One look, in case it was carried out at once. A look that fails changes nothing.
            if let Ok(became) = client.subscriptions().of_order(&guid).await
                && let Some(first) = became.items.first()
            {
                receipt.subscription = Some(first.to_string().into());
                receipt.outcome = LineOutcome::Applied;
            }
        }
        Ok(receipt)
    }
}

/// An Azure plan, or a legacy subscription that the vendor sells so.
async fn place_directly(client: &CrayonClient, tenant: i64, line: &Resolved) -> Result<LineReceipt> {
    let wanted = NewSubscription {
        name: Some(line.name.clone()),
        customer_tenant: Some(CustomerTenantReference { id: tenant, ..Default::default() }),
        product: Some(ProductReference {
            part_number: Some(line.choice.part_number.clone()),
            ..Default::default()
        }),
        quantity: Some(line.seats),
        ..Default::default()
    };
    let made = client.subscriptions().create(&wanted).await?;
    let mut receipt = LineReceipt::new(0, LineOutcome::Applied);
    receipt.subscription = Some(made.id.to_string().into());
    Ok(receipt)
}

/// A cart of one line: verified, which buys nothing, then checked out as the verification answered it.
async fn place_cart(
    client: &CrayonClient,
    tenant: i64,
    order: &NewOrder,
    line: &Resolved,
) -> Result<LineReceipt> {
    let part = line.choice.part_number.as_str();
    let (product, sku) = part.split_once(':').map_or((part, None), |(product, sku)| (product, Some(sku)));
    let mut wanted = PurchaseRequestLine {
        product_id: Some(product.to_owned()),
        sku_id: sku.map(str::to_owned),
        product_variant_id: line.variant,
        quantity: Some(line.seats),
        billing_cycle: line.choice.cycle.for_orders(),
        term_duration: line.choice.term.map(|term| TermDuration::from(term.to_string())),
        r#type: Some(line.asset_type),
        custom_term_end_date: line.custom_end,
        ..Default::default()
    };
    if !line.attributes.is_empty() {
        let context = line.attributes.iter().map(|(key, value)| (key.clone(), Some(value.clone()))).collect();
        wanted.provisioning_context = Some(context);
    }
    let cart = PurchaseRequestOrder {
        reseller_customer_id: Some(tenant),
        scheduled_purchase_date: order.effective.map(|day| day.and_time(chrono::NaiveTime::MIN).and_utc()),
        order_lines: vec![wanted],
        ..Default::default()
    };
    let verify = RequestSpec::post("/api/v1/purchaserequest/verify").json(&cart)?.read();
    let verified = before_sending(client.fetch::<Document>(verify).await)?;
    before_sending(faultless(&before_sending(verified.read())?))?;
    let check_out = RequestSpec::post("/api/v1/purchaserequest/checkout").json(&verified)?;
    let done: PurchaseRequestOrder = client.fetch(check_out).await?;
    faultless(&done)?;
    let mut receipt = LineReceipt::new(0, LineOutcome::Accepted);
    let number = done.external_order_id.filter(|number| !number.is_empty());
    receipt.order = number.map(|number| OrderId::composite([order.customer.as_str(), number.as_str()]));
    Ok(receipt)
}

/// Faults of a cart come with HTTP 200.
fn faultless(order: &PurchaseRequestOrder) -> Result<()> {
    if let Some(fault) = order.order_lines.iter().flat_map(|line| &line.errors).next() {
        return Err(business_error(fault.reason_code.as_deref(), fault.description.as_deref()));
    }
    if let Some(fault) = order.errors.first() {
        let code = fault.code.map(|code| code.to_string());
        return Err(business_error(code.as_deref(), fault.description.as_deref()));
    }
    Ok(())
}

/// New commerce orders have GUIDs, purchase requests numbers.
fn is_guid(text: &str) -> bool {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && text.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit())
}
