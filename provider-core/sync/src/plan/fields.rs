//! What is wrong with what goes where.

use std::collections::BTreeMap;

use provider_core::schema::{self, FieldType};
use provider_core::{EntityKind, FieldPath};

use super::check::Check;
use super::checked::{CheckedField, Clear};
use super::constant;
use super::field::{FieldMap, Owner};
use super::kind::{DetailPlan, Direction, MatchRule, Unmatched};
use super::transform::{Flow, Transform, plain};
use crate::promise;
use crate::target::{LocalType, TargetField};

/// The rules with the columns that hold what they look at.
type Rules = Vec<(MatchRule, Vec<(FieldPath, String)>)>;

/// The fields of one data type under examination.
pub(super) struct Fields<'c, 'a> {
    check: &'c mut Check<'a>,
    known: &'c [TargetField],
    /// Nothing is known of the application's side.
    absent: bool,
    /// Which field fills a column.
    filled: BTreeMap<&'c str, usize>,
}

impl<'c, 'a> Fields<'c, 'a> {
    pub(super) fn new(check: &'c mut Check<'a>, known: &'c [TargetField], absent: bool) -> Self {
        Self { check, known, absent, filled: BTreeMap::new() }
    }

    pub(super) fn check(mut self) -> (Vec<CheckedField>, Rules) {
        let kind = self.check.kind;
        let mut checked = Vec::new();
        for (at, field) in kind.fields.iter().enumerate() {
            checked.extend(self.field(at, field));
        }
        let mapped: Vec<String> = kind.fields.iter().map(|field| field.local.clone()).collect();
        self.unfilled(&mapped);
        let rules = self.rules();
        (checked, rules)
    }

    fn wrong(&mut self, at: usize, member: &str, message: impl Into<String>) {
        let path = if member.is_empty() { format!("fields[{at}]") } else { format!("fields[{at}].{member}") };
        self.check.wrong(&path, message);
    }

    fn field(&mut self, at: usize, field: &FieldMap) -> Option<CheckedField> {
        let kind = self.check.kind;
        let each = kind.each.map(super::kind::Each::as_str);
        let target = self.local(at, field);
        let found = match schema::member_path(kind.kind, each, &field.remote) {
            Ok(found) => found,
            Err(unknown) => {
                self.wrong(at, "remote", unknown.to_string());
                return None;
            }
        };
        let kept = found.clone();
        let flow = self.flow(at, field, found)?;
        self.reach(at, field);
        if let Some(target) = target {
            self.fits(at, field, &flow, target);
        }
        let link = match flow {
            Flow::KeyOf(parent) => Some(parent),
            _ => None,
        };
        if let Some(parent) = link {
            self.parent(at, parent);
        }
        let owner = if kind.direction == Direction::Push { Owner::Local } else { field.owner };
        let ways = self.check.ways(at, field, &kept, owner);
        let clear = self.clear(at, field, target);
        let amount = field.transform.contains(&Transform::MinorUnits);
        let currency = if amount { sibling(&field.remote, "currency") } else { None };
        Some(CheckedField {
            remote: field.remote.clone(),
            currency,
            local: field.local.clone(),
            transform: field.transform.clone(),
            kind: kept,
            owner,
            clear,
            link,
            ways,
        })
    }

    fn local(&mut self, at: usize, field: &FieldMap) -> Option<&'c TargetField> {
        let kind = self.check.kind;
        let local = field.local.as_str();
        if kind.key.as_ref().is_some_and(|key| key.local == local) {
            self.wrong(at, "local", format!("`{local}` is the key, which is filled by itself"));
        }
        if kind.scope.contains_key(local) {
            self.wrong(at, "local", format!("`{local}` is a constant of `scope`"));
        }
        let name = kind.fields.get(at).map_or("", |field| field.local.as_str());
        if let Some(first) = self.filled.get(name) {
            let first = *first;
            let owners = kind.fields.get(first).map(|first| first.owner) != Some(field.owner);
            let what = if owners { "two owners" } else { "two sources" };
            self.wrong(at, "local", format!("`{local}` has {what}: fields[{first}] fills it too"));
        } else {
            self.filled.insert(name, at);
        }
        if self.absent {
            return None;
        }
        let Some(target) = self.known.iter().find(|known| known.name == local) else {
            let path = format!("fields[{at}].local");
            self.check.unknown_field(&path, local, self.known);
            return None;
        };
        if !target.writable {
            self.wrong(at, "local", format!("`{local}` cannot be written"));
        }
        Some(target)
    }

    fn flow(&mut self, at: usize, field: &FieldMap, found: FieldType) -> Option<Flow> {
        let mut flow = Flow::Of(found);
        for (step, transform) in field.transform.iter().enumerate() {
            match transform.follow(&flow) {
                Ok(after) => flow = after,
                Err(message) => {
                    self.wrong(at, &format!("transform[{step}]"), message);
                    return None;
                }
            }
        }
        if flow == Flow::Of(FieldType::Record) {
            let remote = &field.remote;
            self.wrong(
                at,
                "remote",
                format!("`{remote}` is a record: name a member of it, as in `{remote}.…`"),
            );
            return None;
        }
        Some(flow)
    }

    /// Whether the distributor tells it at all, and where.
    fn reach(&mut self, at: usize, field: &FieldMap) {
        if matches!(field.transform.first(), Some(Transform::Constant(_))) {
            return;
        }
        if let Some(message) = self.untold(field.remote.first()) {
            self.wrong(at, "remote", message);
        }
    }

    /// Why a member of the records never arrives.
    fn untold(&self, member: &str) -> Option<String> {
        let kind = self.check.kind;
        // A listing may be asked to bring it along.
        let asked = kind.query.get(&format!("with_{member}")) == Some(&serde_json::Value::Bool(true))
            // Of a list that rows are made of, it is said there.
            || kind.each.is_some_and(|each| each.as_str() == member);
        match promise::told(self.check.provider.capabilities(), kind.kind, member) {
            promise::Told::Never => {
                Some(format!("this distributor does not tell `{member}` of a {}", kind.kind))
            }
            promise::Told::InDetail if kind.detail == DetailPlan::Listed && !asked => Some(format!(
                "`{member}` is not in the list of this distributor: say `detail = {{ full = {{ refresh = 7 }} }}`"
            )),
            _ => None,
        }
    }

    fn fits(&mut self, at: usize, field: &FieldMap, flow: &Flow, target: &TargetField) {
        let local = &field.local;
        if let Some(problem) = misfit(flow, target.kind) {
            self.wrong(at, "local", format!("`{local}` {problem}"));
        }
        let said = field.transform.last().filter(|_| *flow == Flow::Any).map(constant::named);
        let strange = |value: &serde_json::Value| {
            constant::misfit(value, target.kind).map(|holds| (plain(value), holds))
        };
        if let Some((value, holds)) = said.into_iter().flatten().find_map(strange) {
            self.wrong(at, "local", format!("`{local}` is a column of {holds}, and `{value}` is none"));
        }
    }

    fn parent(&mut self, at: usize, parent: EntityKind) {
        let plan = self.check.plan;
        let there = plan.active().any(|(_, kind)| kind.kind == parent && kind.each.is_none());
        if !there {
            let message = format!("links to a {parent}, and the plan does not keep {}", parent.plural());
            self.wrong(at, "transform", message);
        }
    }

    fn clear(&mut self, at: usize, field: &FieldMap, target: Option<&TargetField>) -> Clear {
        if !field.clear {
            return Clear::Never;
        }
        let kind = self.check.kind;
        if target.is_some_and(|target| target.required) {
            let message = format!("`{}` cannot be emptied: the application requires it", field.local);
            self.wrong(at, "clear", message);
        }
        if field.owner == Owner::Local && kind.direction == Direction::Pull {
            self.wrong(at, "clear", "what the application owns is not emptied");
        }
        match promise::told(self.check.provider.capabilities(), kind.kind, field.remote.first()) {
            promise::Told::InList => Clear::Always,
            _ => Clear::InFull,
        }
    }

    /// What a new row needs and nothing fills.
    fn unfilled(&mut self, mapped: &[String]) {
        let kind = self.check.kind;
        let creates = kind.updates.contains(&super::Update::Create) && kind.unmatched != Unmatched::Skip;
        if !creates || self.absent {
            return;
        }
        let key = kind.key.as_ref().map(|key| key.local.as_str());
        for field in self.known.iter().filter(|field| field.required) {
            let name = field.name.as_str();
            let filled = mapped.iter().any(|local| local == name) || kind.scope.contains_key(name);
            if !filled && key != Some(name) {
                let message =
                    format!("`{name}` is required by the application, and nothing fills it in new records");
                self.check.wrong("fields", message);
            }
        }
    }

    fn rules(&mut self) -> Rules {
        let kind = self.check.kind;
        let mut rules = Vec::new();
        for (at, rule) in kind.matching.iter().enumerate() {
            let columns: Vec<_> = kind
                .fields
                .iter()
                .filter(|field| field.remote.first() == rule.member() && field.transform.is_empty())
                .map(|field| (field.remote.clone(), field.local.clone()))
                .collect();
            if columns.is_empty() && *rule != MatchRule::ExternalId {
                let message =
                    format!("`{rule}` compares `{}`, which no field carries as it is", rule.member());
                self.check.wrong(&format!("matching[{at}]"), message);
            } else if columns.is_empty()
                && let Some(message) = self.untold(rule.member())
            {
                self.check.wrong(&format!("matching[{at}]"), message);
            }
            rules.push((*rule, columns));
        }
        rules
    }
}

/// Another member of the same record.
fn sibling(path: &FieldPath, name: &str) -> Option<FieldPath> {
    let text = path.to_string();
    let (before, _) = text.rsplit_once('.')?;
    format!("{before}.{name}").parse().ok()
}

/// Why a value does not fit into a column.
fn misfit(flow: &Flow, column: LocalType) -> Option<&'static str> {
    use LocalType::{Any, Boolean, Date, Integer, Numeric, Other, Real, Text};
    let decimal = match (flow, column) {
        (_, Any) | (Flow::Any, _) => return None,
        (_, Other) => return Some("is of a type that nothing of this goes into: use text, or a type for it"),
        (Flow::Of(FieldType::Decimal), Real) => {
            return Some("is a column of floats, which do not hold every amount: make it TEXT or NUMERIC");
        }
        (Flow::Of(FieldType::Decimal), Text | Numeric) => return None,
        (Flow::Of(FieldType::Decimal), _) => true,
        _ => false,
    };
    if decimal {
        return Some("does not hold an amount: use TEXT or NUMERIC, or `minor_units` for whole numbers");
    }
    match (flow, column) {
        (Flow::Any | Flow::KeyOf(_), _) => None,
        (Flow::Number | Flow::Of(FieldType::Integer), Text | Integer | Numeric | Real) => None,
        (Flow::Of(FieldType::Boolean), Boolean | Integer | Numeric) => None,
        (Flow::Of(FieldType::Date | FieldType::DateTime), Text | Date) => None,
        (
            Flow::Of(FieldType::Text | FieldType::Word(_) | FieldType::Reference(_) | FieldType::List),
            Text,
        ) => None,
        (Flow::Number | Flow::Of(FieldType::Integer), _) => Some("does not hold a whole number"),
        (Flow::Of(FieldType::Boolean), _) => Some("does not hold true and false: use INTEGER or BOOLEAN"),
        (Flow::Of(FieldType::Date | FieldType::DateTime), _) => {
            Some("does not hold a date: use TEXT or DATE")
        }
        _ => Some("does not hold text"),
    }
}
