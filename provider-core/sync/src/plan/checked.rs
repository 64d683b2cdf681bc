//! A plan that was found to be right.

use std::collections::{BTreeMap, BTreeSet};

use provider_core::schema::FieldType;
use provider_core::{EntityKind, FieldPath};
use serde_json::Value;

use super::breaker::{BreakerPlan, Mailbox};
use super::cap::Cap;
use super::field::Owner;
use super::kind::{DetailPlan, Direction, Each, KindPlan, MatchRule, Unmatched, Update};
use super::removal::RemovalHow;
use super::transform::Transform;
use crate::fingerprint::Fingerprint;
use crate::part::Looked;

/// A plan that was held against its provider and its target: what an engine works by.
#[derive(Debug, Clone)]
pub struct CheckedPlan {
    pub(crate) connection: String,
    pub(crate) enabled: bool,
    /// Changes with everything that decides what is written where.
    pub(crate) revision: Fingerprint,
    /// The most that a run may do at the distributor.
    pub(crate) cap: Cap,
    /// In the order in which they are pulled: parents first.
    pub(crate) kinds: Vec<CheckedKind>,
    /// When it stops by itself.
    pub(crate) breaker: BreakerPlan,
    /// Who is told.
    pub(crate) alerts: Vec<Mailbox>,
}

impl CheckedPlan {
    /// The connection that it is for.
    #[must_use]
    pub fn connection(&self) -> &str {
        &self.connection
    }

    /// The data types that are switched on, parents first.
    pub fn kinds(&self) -> impl Iterator<Item = EntityKind> {
        self.kinds.iter().map(|kind| kind.plan.kind)
    }
}

/// One data type of it.
#[derive(Debug, Clone)]
pub(crate) struct CheckedKind {
    /// Its place in the plan.
    pub(crate) at: usize,
    pub(crate) plan: KindPlan,
    pub(crate) fields: Vec<CheckedField>,
    /// For each rule the columns that hold what it looks at, and the paths that they are filled from.
    pub(crate) rules: Vec<(MatchRule, Vec<(FieldPath, String)>)>,
    /// Whether `get` is a control read here, and not itself a look at the list.
    pub(crate) control: bool,
}

impl CheckedKind {
    pub(crate) fn kind(&self) -> EntityKind {
        self.plan.kind
    }

    pub(crate) fn may(&self, update: Update) -> bool {
        self.plan.updates.contains(&update)
    }

    pub(crate) fn each(&self) -> Option<Each> {
        self.plan.each
    }

    /// Whether rows of members are known by the member's id alone.
    pub(crate) fn by_member_alone(&self) -> bool {
        let key = self.plan.key.as_ref().map(|key| key.remote.first());
        self.plan.each.is_some_and(|each| key == Some(each.as_str()))
    }

    /// Whether a row that is removed is still there, marked.
    pub(crate) fn keeps_rows(&self) -> bool {
        self.plan.removal.how == RemovalHow::Mark
    }

    /// Whether rows of records in this state go.
    pub(crate) fn ends(&self, status: Option<&str>) -> bool {
        self.may(Update::Remove) && status.is_some_and(|status| self.plan.removal.is_end(self.kind(), status))
    }

    /// Whether the listing is asked for some of the records only, and not for what else it may bring along.
    pub(crate) fn filters(&self) -> bool {
        self.plan.query.keys().any(|name| !name.starts_with("with_"))
    }

    pub(crate) fn full(&self) -> bool {
        matches!(self.plan.detail, DetailPlan::Full { .. })
    }

    /// Whether changes of the application go to the distributor.
    pub(crate) fn pushes(&self) -> bool {
        self.plan.direction != Direction::Pull
    }

    /// Whether a person may be asked about a field.
    pub(crate) fn asks(&self) -> bool {
        self.fields.iter().any(|field| field.owner == Owner::Ask)
    }

    pub(crate) fn owner(&self, local: &str) -> Owner {
        self.fields.iter().find(|field| field.local == local).map_or(Owner::Remote, |field| field.owner)
    }

    /// The members of a record that something here looks at, and of those that are records what is looked at in them.
    pub(crate) fn looked_at(&self) -> Looked<'_> {
        let fields = self.fields.iter().flat_map(|field| [Some(&field.remote), field.currency.as_ref()]);
        let rules = self.rules.iter().flat_map(|(_, columns)| columns.iter().map(|(path, _)| Some(path)));
        let paths = fields.chain(rules).flatten().map(|path| (path.first(), path.second()));
        // The matching of records asks for these two without a path.
        let whole = ["external_id", "name"].into_iter().chain(self.each().map(Each::as_str));
        let mut members: BTreeMap<&str, Option<BTreeSet<&str>>> = BTreeMap::new();
        for (member, own) in paths.chain(whole.map(|member| (member, None))) {
            let looked = members.entry(member).or_insert_with(|| Some(BTreeSet::new()));
            match (looked.as_mut(), own) {
                (Some(all), Some(own)) => drop(all.insert(own)),
                _ => *looked = None,
            }
        }
        let owned = |own: BTreeSet<&str>| own.into_iter().map(ToOwned::to_owned).collect();
        members.into_iter().map(|(member, own)| (member, own.map(owned))).collect()
    }

    /// Whether nothing that a path leads to is looked at again once a record is mapped, as long as nothing waits.
    pub(crate) fn reads_once(&self) -> bool {
        let paths = self.fields.iter().flat_map(|field| [Some(&field.remote), field.currency.as_ref()]);
        let paths: Vec<_> = paths.flatten().map(|path| (path.first(), path.second())).collect();
        let apart = paths.iter().enumerate().all(|(at, (member, own))| {
            let mut others = paths.iter().skip(at + 1).filter(|(other, _)| other == member);
            others.all(|(_, other)| own.is_some() && other.is_some() && own != other)
        });
        // What waits for a match is told by its name.
        let named = self.pushes() || self.plan.unmatched == Unmatched::Queue || !self.rules.is_empty();
        !named && apart
    }

    /// The kind that the field `link`s to.
    pub(crate) fn links(&self) -> impl Iterator<Item = (&CheckedField, EntityKind)> {
        self.fields.iter().filter_map(|field| field.link.map(|kind| (field, kind)))
    }
}

/// One value on its way.
#[derive(Debug, Clone)]
pub(crate) struct CheckedField {
    pub(crate) remote: FieldPath,
    /// Where the currency of the amount stands, in the record.
    pub(crate) currency: Option<FieldPath>,
    pub(crate) local: String,
    pub(crate) transform: Vec<Transform>,
    /// What the distributor's record holds there.
    pub(crate) kind: FieldType,
    pub(crate) owner: Owner,
    /// Whether this record's silence empties the field: never, only where the whole record was sent, or always.
    pub(crate) clear: Clear,
    pub(crate) link: Option<EntityKind>,
    pub(crate) ways: Ways,
}

/// In which commands a field goes to the distributor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Ways {
    pub(crate) create: bool,
    pub(crate) update: bool,
}

/// When a value that is absent empties the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clear {
    Never,
    /// The distributor promises the member in the record's own call only.
    InFull,
    Always,
}

/// Values for the application, by their columns.
pub(crate) type Values = BTreeMap<String, Value>;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn field(remote: &str, currency: Option<&str>) -> CheckedField {
        CheckedField {
            remote: remote.parse().unwrap(),
            currency: currency.map(|path| path.parse().unwrap()),
            local: remote.to_owned(),
            transform: Vec::new(),
            kind: FieldType::Text,
            owner: Owner::Remote,
            clear: Clear::Never,
            link: None,
            ways: Ways::default(),
        }
    }

    #[test]
    fn a_record_is_read_once_where_no_path_leads_into_another() {
        let kind = |fields: Vec<CheckedField>, unmatched| {
            let mut plan = KindPlan::new(EntityKind::Subscription);
            plan.unmatched = unmatched;
            CheckedKind { at: 0, plan, fields, rules: Vec::new(), control: false }
        };
        let of = |fields: &[(&str, Option<&str>)]| {
            let fields = fields.iter().map(|(remote, currency)| field(remote, *currency)).collect();
            kind(fields, Unmatched::Create).reads_once()
        };
        assert!(of(&[("quantity", None), ("cost.amount", Some("cost.currency")), ("product.id", None)]));
        assert!(!of(&[("quantity", None), ("quantity", None)]), "one path fills two columns");
        assert!(!of(&[("cost.amount", None), ("cost", None)]), "one is a part of the other");
        assert!(!of(&[("cost.amount", Some("cost.currency")), ("cost.currency", None)]));
        assert!(!of(&[("tenants[vendor=microsoft].id", None), ("tenants[vendor=google].id", None)]));
        let waits = kind(vec![field("name", None)], Unmatched::Queue);
        assert!(!waits.reads_once(), "a person is told its name");
    }
}
