//! What is wrong with a plan that pushes.

use provider_core::schema::FieldType;
use provider_core::{CommandKind, EntityKind, Operation};

use super::check::Check;
use super::checked::Ways;
use super::field::{FieldMap, Owner};
use super::kind::{Direction, Unmatched, Update};
use super::problem::PlanProblem;
use super::transform::Transform;
use crate::promise;

impl Check<'_> {
    /// Whether this data type can be pushed here at all.
    pub(super) fn direction(&mut self) {
        let (kind, direction) = (self.kind.kind, self.kind.direction);
        if direction == Direction::Pull {
            return;
        }
        if !matches!(kind, EntityKind::Customer | EntityKind::Subscription) {
            self.wrong("direction", format!("a {kind} is never pushed: say `pull`"));
            return;
        }
        if self.kind.each.is_some() {
            self.wrong("each", "rows of members are not pushed");
        }
        if self.provider.journal().is_none() {
            let message = "pushing needs a journal, without which a command may be sent twice: give the connection \
                           one (`Services::with_journal`)";
            self.wrong("direction", message);
        }
        let get = self.provider.capabilities().support(Operation::Get(kind));
        if !get.is_supported() {
            let message = format!("a {kind} is read before it is changed, and has no call of its own here");
            self.wrong("direction", message);
        }
        if direction == Direction::Push {
            self.only_pushed();
        }
        if kind == EntityKind::Customer {
            self.customers();
        } else {
            self.subscriptions();
        }
    }

    fn only_pushed(&mut self) {
        if self.kind.updates.contains(&Update::Remove) {
            let message = "`remove` is done to rows, which `push` does not touch: say `both`";
            self.wrong("updates", message);
        }
        if self.kind.unmatched == Unmatched::Create {
            self.wrong(
                "unmatched",
                "`create` makes rows, and `push` makes none: say `queue`, `skip`, or `both`",
            );
        }
    }

    fn customers(&mut self) {
        let wanted =
            [(Update::Create, CommandKind::CreateCustomer), (Update::Update, CommandKind::UpdateCustomer)];
        for (update, command) in wanted {
            let support = self.provider.capabilities().support(Operation::Execute(command));
            if self.kind.updates.contains(&update) && !support.is_supported() {
                let why = support.reason().unwrap_or("not supported").to_owned();
                self.wrong("direction", format!("the distributor does not {command}: {why}"));
            }
        }
        if self.kind.updates.contains(&Update::Create) {
            // Another organization may have a customer of the same name.
            let hides = |name: &&String| !matches!(name.as_str(), "organization" | "with_contacts");
            for name in self.kind.query.keys().filter(hides) {
                let message =
                    "hides customers that are there already, so that one may be made twice: pull without it";
                self.wrong(&format!("query.{name}"), message);
            }
        }
        let named = |field: &FieldMap| {
            field.remote.to_string() == "name" && field.transform.iter().all(Transform::has_inverse)
        };
        if self.kind.updates.contains(&Update::Create) && !self.kind.fields.iter().any(named) {
            let message =
                "a customer is made under its name, and no field carries `name` in a way that can be undone";
            self.wrong("fields", message);
        }
    }

    fn subscriptions(&mut self) {
        let own = self.kind.direction == Direction::Push;
        // Who cancels gives back everything.
        let units = |field: &FieldMap| matches!(field.remote.first(), "quantity" | "status");
        let pushed = |field: &FieldMap| units(field) && (own || field.owner != Owner::Remote);
        if self.kind.fields.iter().any(pushed) && self.plan.cap.units.is_none() {
            let message =
                "a plan that pushes quantities or states says how many units a run may add and give back";
            self.problems.push(PlanProblem::new("cap.units", message));
        }
    }

    /// The ways in which a field is pushed. `owner` is whose word holds in the end.
    pub(super) fn ways(&mut self, at: usize, field: &FieldMap, found: &FieldType, owner: Owner) -> Ways {
        let kind = self.kind;
        if kind.direction == Direction::Pull {
            return Ways::default();
        }
        if kind.direction == Direction::Push && field.owner == Owner::Ask {
            let message = "`ask` is for `both`: what is only pushed is the application's";
            self.wrong(&format!("fields[{at}].owner"), message);
        }
        let undone = field.transform.iter().all(Transform::has_inverse);
        let capabilities = self.provider.capabilities();
        // A new customer's tenant is named by its domain.
        let first = match field.remote.first() {
            "tenants" if field.remote.last() == "domain" => "domain",
            first => first,
        };
        let single = *found != FieldType::List;
        let can = |update| single && promise::writable(capabilities, kind.kind, update, first);
        let ways = Ways {
            create: kind.updates.contains(&Update::Create) && undone && can(Update::Create),
            update: kind.updates.contains(&Update::Update) && owner != Owner::Remote && can(Update::Update),
        };
        if owner == Owner::Remote {
            return ways;
        }
        for (step, transform) in field.transform.iter().enumerate() {
            if !transform.has_inverse() {
                let message = format!("`{}` has no way back, which pushing needs", transform.name());
                self.wrong(&format!("fields[{at}].transform[{step}]"), message);
            }
        }
        if !can(Update::Create) && !can(Update::Update) {
            let what = format!("`{}` of a {} cannot be written at the distributor", field.remote, kind.kind);
            self.wrong(&format!("fields[{at}].remote"), what);
        }
        ways
    }
}
