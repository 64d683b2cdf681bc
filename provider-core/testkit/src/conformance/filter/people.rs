//! The filters of customers and orders.

use provider_core::model::{CustomerStatus, OrderStatus, OrganizationId};
use provider_core::{Customer, CustomerId, CustomerQuery, Order, OrderQuery};

use super::Probe;
use crate::conformance::world::{World, unknown_id};

/// A text that no record holds.
pub(super) const NEVER: &str = "zzqx no such value qxzz";

fn never<T: for<'a> From<&'a str>>() -> Option<T> {
    Some(T::from(NEVER))
}

/// A customer id of the right shape that nobody has.
pub(super) fn no_customer(world: &World) -> CustomerId {
    CustomerId::new(unknown_id(world.customers.ids()))
}

/// An organization id of the right shape that nobody has.
pub(super) fn no_organization(world: &World) -> OrganizationId {
    let known = world.organizations();
    OrganizationId::new(unknown_id(known.iter().map(OrganizationId::as_str)))
}

pub(crate) fn customers(world: &World) -> Vec<Probe<Customer>> {
    let base = || world.customers.query.clone();
    let mut probes = vec![
        Probe::by(
            world,
            "status",
            |c: &Customer| c.status.clone(),
            CustomerQuery::status,
            never::<CustomerStatus>(),
        ),
        Probe::by(
            world,
            "organization",
            |c: &Customer| c.organization.clone(),
            |q: CustomerQuery, v| q.organization(v),
            Some(no_organization(world)),
        ),
        Probe::by(
            world,
            "name",
            |c: &Customer| Some(c.name.clone()),
            |q: CustomerQuery, v| q.name(v),
            never(),
        ),
        Probe::by(
            world,
            "external_id",
            |c: &Customer| c.external_id.clone(),
            |q: CustomerQuery, v| q.external_id(v),
            never(),
        ),
        Probe::search(world, base().search(NEVER), |c: &Customer| &c.name, |q: CustomerQuery, v| q.search(v)),
        Probe::switch("with_contacts", base().with_contacts(true)),
    ];
    let domain = world.customers.records.iter().flat_map(|c| &c.tenants).find_map(|t| t.domain.clone());
    let mut by_domain = Probe::unseen("domain", base().domain("no-such-domain.example.com"));
    if let Some(domain) = domain {
        let query = base().domain(&*domain);
        by_domain.some = Some((
            query,
            Box::new(move |c: &Customer| {
                let mut domains = c.tenants.iter().filter_map(|t| t.domain.as_deref()).peekable();
                domains.peek()?;
                Some(domains.any(|d| d.eq_ignore_ascii_case(&domain)))
            }),
        ));
    }
    probes.push(by_domain);
    probes
}

pub(crate) fn orders(world: &World) -> Vec<Probe<Order>> {
    vec![
        Probe::by(
            world,
            "customer",
            |o: &Order| Some(o.customer.clone()),
            |q: OrderQuery, v| q.customer(v),
            Some(no_customer(world)),
        ),
        Probe::by(
            world,
            "status",
            |o: &Order| (o.status != OrderStatus::default()).then(|| o.status.clone()),
            OrderQuery::status,
            never::<OrderStatus>(),
        ),
        Probe::by(
            world,
            "reference",
            |o: &Order| o.reference.clone(),
            |q: OrderQuery, v| q.reference(v),
            never(),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::{all_of, fields};
    use super::*;

    #[test]
    fn every_filter_is_walked() {
        let all = CustomerQuery::default()
            .status(CustomerStatus::Active)
            .organization("1")
            .search("a")
            .name("a")
            .external_id("a")
            .domain("a")
            .with_contacts(true);
        let mut walked = fields::<Customer>();
        walked.sort_unstable();
        let mut known = all_of(&all);
        known.sort_unstable();
        assert_eq!(walked, known);
        let all = OrderQuery::default().customer("1").status(OrderStatus::Failed).reference("a");
        assert_eq!(fields::<Order>(), all_of(&all));
    }
}
