//! What is wrong with a plan, seen from the distributor's side and from the application's.

use std::collections::BTreeSet;

use provider_core::{EntityKind, Operation, Provider};

use super::checked::{CheckedKind, CheckedPlan};
use super::constant;
use super::fields::Fields;
use super::kind::{DetailPlan, KindPlan, MatchRule, Unmatched, Update};
use super::problem::{PlanProblem, PlanProblems};
use super::removal::{RemovalHow, RemovalPlan, has_evidence};
use super::transform::plain;
use super::{SyncPlan, queries};
use crate::fingerprint::Fingerprint;
use crate::promise;
use crate::reconcile::ReconcilePlan;
use crate::target::{Target, TargetField};

/// The most months that a plan may go back.
const MONTHS: u32 = 36;

pub(super) fn check(
    plan: &SyncPlan,
    provider: &dyn Provider,
    target: &dyn Target,
) -> Result<CheckedPlan, PlanProblems> {
    let mut problems = Vec::new();
    of_the_plan(plan, provider, &mut problems);
    let mut kinds = Vec::new();
    for (at, kind) in plan.active() {
        let mut check = Check { plan, kind, at, provider, target, problems: &mut problems };
        kinds.extend(check.run());
    }
    if let Some(problems) = plan.placed(problems) {
        return Err(problems);
    }
    kinds.sort_by_key(|kind: &CheckedKind| order(kind.kind()));
    let revision = Fingerprint::of_text(&serde_json::to_string(&plan.kinds).unwrap_or_default());
    let connection = provider.info().connection.clone();
    let cap = plan.cap.read().unwrap_or_default();
    let (breaker, alerts) = (plan.breaker.clone(), plan.alerts.clone());
    Ok(CheckedPlan { connection, enabled: plan.enabled, revision, cap, kinds, breaker, alerts })
}

/// Of the plan as a whole, and of the comparison.
pub(super) fn of_reconcile(plan: &SyncPlan, provider: &dyn Provider) -> Result<(), PlanProblems> {
    let mut problems = Vec::new();
    of_the_plan(plan, provider, &mut problems);
    plan.placed(problems).map_or(Ok(()), Err)
}

/// Parents first.
fn order(kind: EntityKind) -> usize {
    EntityKind::ALL.iter().position(|known| *known == kind).unwrap_or(usize::MAX)
}

fn of_the_plan(plan: &SyncPlan, provider: &dyn Provider, problems: &mut Vec<PlanProblem>) {
    let mut wrong = |path: &str, message: String| problems.push(PlanProblem::new(path, message));
    if plan.version != 1 {
        let message = format!("this release knows version 1, and this plan has version {}", plan.version);
        wrong("version", message);
    }
    let info = provider.info();
    if plan.connection.trim().is_empty() {
        wrong("connection", "names no connection".to_owned());
    } else if plan.connection != info.connection && plan.connection != info.kind {
        let message = format!(
            "is for `{}`, and this connection is `{}` of {}",
            plan.connection, info.connection, info.kind
        );
        wrong("connection", message);
    }
    if let Err((path, message)) = plan.cap.read() {
        wrong(path, message);
    }
    for (at, mailbox) in plan.alerts.iter().enumerate() {
        if !mailbox.is_address() {
            wrong(&format!("alerts[{at}]"), "is no e-mail address such as `billing@example.com`".to_owned());
        } else if plan.alerts.iter().take(at).any(|other| other == mailbox) {
            wrong(&format!("alerts[{at}]"), format!("`{}` stands here twice", mailbox.0));
        }
    }
    problems.extend(plan.breaker.problems());
    problems.extend(plan.reconcile.iter().flat_map(ReconcilePlan::problems));
    let mut wrong = |path: &str, message: String| problems.push(PlanProblem::new(path, message));
    let mut met = BTreeSet::new();
    for (at, kind) in plan.kinds.iter().enumerate() {
        if !met.insert(kind.kind) {
            wrong(&format!("kinds[{at}].kind"), format!("`{}` stands here twice", kind.kind));
        }
    }
}

/// One data type under examination.
pub(super) struct Check<'a> {
    pub(super) plan: &'a SyncPlan,
    pub(super) kind: &'a KindPlan,
    at: usize,
    pub(super) provider: &'a dyn Provider,
    pub(super) target: &'a dyn Target,
    pub(super) problems: &'a mut Vec<PlanProblem>,
}

impl Check<'_> {
    pub(super) fn wrong(&mut self, path: &str, message: impl Into<String>) {
        let path = if path.is_empty() {
            format!("kinds[{}]", self.at)
        } else {
            format!("kinds[{}].{path}", self.at)
        };
        self.problems.push(PlanProblem::new(path, message));
    }

    fn run(&mut self) -> Option<CheckedKind> {
        let before = self.problems.len();
        self.listing();
        self.updates();
        self.table();
        let theirs = self.target.problems(self.kind);
        // Of what is not there at all, nothing else can be said.
        let absent = theirs.iter().any(|problem| problem.path == "table");
        let said = theirs.iter().any(|problem| problem.path == "key.local");
        for problem in theirs {
            self.wrong(&problem.path, problem.message);
        }
        let known = if absent { Vec::new() } else { self.target.fields(self.kind.kind) };
        self.key(&known, absent || said);
        self.scope(&known, absent);
        self.removal(&known, absent);
        let (fields, rules) = Fields::new(self, &known, absent).check();
        self.matching();
        let control = self.provider.capabilities().support(Operation::Get(self.kind.kind))
            == provider_core::Support::Native;
        let fine = self.problems.len() == before;
        fine.then(|| CheckedKind { at: self.at, plan: self.kind.clone(), fields, rules, control })
    }

    fn listing(&mut self) {
        let kind = self.kind.kind;
        let capabilities = self.provider.capabilities();
        let support = capabilities.support(Operation::List(kind));
        if !support.is_supported() {
            let why = support.reason().unwrap_or("this provider does not implement it").to_owned();
            self.wrong("kind", format!("{} cannot be listed here: {why}", kind.plural().replace('_', " ")));
        }
        if let DetailPlan::Full { refresh } = self.kind.detail {
            if !capabilities.support(Operation::Get(kind)).is_supported() {
                self.wrong("detail", format!("{kind} records have no call of their own here"));
            }
            if refresh == 0 {
                self.wrong("detail.full.refresh", "is a number of days, at least 1");
            }
        }
        if let Some(each) = self.kind.each {
            let (list, asked) = (each.as_str(), format!("with_{}", each.as_str()));
            let is_asked = self.kind.query.get(&asked) == Some(&serde_json::Value::Bool(true));
            if each.kind() != kind {
                self.wrong("each", format!("`{list}` belong to a {}, not to a {kind}", each.kind()));
            } else if !is_asked && promise::told(capabilities, kind, list) == promise::Told::InDetail {
                // Rows are made of what is listed: no run would ever make one.
                let message = format!(
                    "`{list}` are not in the list of this distributor: say `query = {{ {asked} = true }}`"
                );
                self.wrong("each", message);
            }
        }
        if let Some(months) = self.kind.months {
            let billed = matches!(kind, EntityKind::Invoice | EntityKind::InvoiceLine | EntityKind::Usage);
            if !billed {
                self.wrong("months", format!("a {kind} belongs to no month"));
            } else if !(1..=MONTHS).contains(&months) {
                self.wrong("months", format!("is a number of months, from 1 to {MONTHS}"));
            }
        }
        if let Err((name, message)) = queries::check(kind, &self.kind.query) {
            self.wrong(&format!("query.{name}"), message);
        }
    }

    fn updates(&mut self) {
        let kind = self.kind.kind;
        if self.kind.updates.is_empty() {
            self.wrong("updates", "names nothing that may be done: create, update, remove");
        }
        if self.kind.updates.contains(&Update::Remove) && !has_evidence(kind) {
            let message = format!("nothing proves that a {kind} is gone, so none is ever removed");
            self.wrong("updates", message);
        }
        let creates = self.kind.updates.contains(&Update::Create);
        if self.kind.unmatched == Unmatched::Create && !creates {
            self.wrong("unmatched", "is `create`, and `updates` does not say `create`");
        }
        self.direction();
    }

    /// Rows of two kinds in one table have to be told apart: their ids may be the same.
    fn table(&mut self) {
        let Some(table) = &self.kind.table else { return };
        let (at, own) = (self.at, &self.kind.scope);
        let shared = self.plan.active().take_while(|(other, _)| *other < at).find(|(_, other)| {
            let apart = own
                .iter()
                .any(|(column, value)| other.scope.get(column).is_some_and(|theirs| theirs != value));
            other.table.as_ref().is_some_and(|other| self.target.is_one_table(other, table)) && !apart
        });
        if let Some((other, _)) = shared {
            let message = format!(
                "`{table}` is the table of kinds[{other}] too, and nothing tells the rows apart: give each of the two a \
                 constant of its own in `scope`"
            );
            self.wrong("table", message);
        }
    }

    /// `said`: what is to be said about the application's side was said.
    fn key(&mut self, known: &[TargetField], said: bool) {
        let Some(key) = &self.kind.key else {
            self.wrong(
                "key",
                "no primary key: `key = { remote = \"id\", local = \"…\" }` ties the records together",
            );
            return;
        };
        let (remote, local) = (key.remote.to_string(), key.local.clone());
        let of_member = self.kind.each.map(|each| format!("{}.id", each.as_str()));
        let fits = remote == "id" || of_member.as_ref() == Some(&remote);
        if !fits {
            let or = of_member.map(|name| format!(" or `{name}`")).unwrap_or_default();
            self.wrong("key.remote", format!("`{remote}` does not tell records apart: use `id`{or}"));
        }
        if said {
            return;
        }
        match known.iter().find(|field| field.name == local) {
            None => self.unknown_field("key.local", &local, known),
            Some(field) if !field.unique => {
                self.wrong(
                    "key.local",
                    format!("`{local}` is not unique: two records could have the same key"),
                );
            }
            Some(field) if !field.writable => self.wrong("key.local", format!("`{local}` cannot be written")),
            Some(_) => {}
        }
    }

    fn scope(&mut self, known: &[TargetField], absent: bool) {
        for (name, value) in &self.kind.scope {
            let path = format!("scope.{name}");
            if value.is_null() || value.is_array() || value.is_object() {
                self.wrong(&path, "is text, a number, true or false");
            }
            if self.kind.key.as_ref().is_some_and(|key| key.local == *name) {
                self.wrong(&path, format!("`{name}` is the key"));
            }
            match known.iter().find(|field| field.name == *name) {
                Some(field) => self.constant(&path, &path, field, Some(value)),
                None if absent => {}
                None => self.unknown_field(&path, name, known),
            }
        }
    }

    /// What keeps a column from always having the same value. `column` is where the plan names it, `of` where the value.
    fn constant(&mut self, column: &str, of: &str, field: &TargetField, value: Option<&serde_json::Value>) {
        let name = &field.name;
        if !field.writable {
            self.wrong(column, format!("`{name}` cannot be written"));
        }
        if let Some(value) = value
            && let Some(holds) = constant::misfit(value, field.kind)
        {
            self.wrong(of, format!("`{name}` is a column of {holds}, and `{}` is none", plain(value)));
        }
    }

    fn removal(&mut self, known: &[TargetField], absent: bool) {
        let removal: &RemovalPlan = &self.kind.removal;
        let removes = self.kind.updates.contains(&Update::Remove);
        match (removal.how, &removal.column) {
            (RemovalHow::Delete, Some(_)) => {
                self.wrong("removal.column", "is for `how = \"mark\"`: a row that is deleted has none");
            }
            (RemovalHow::Delete, None) if removal.value.is_some() => {
                self.wrong("removal.value", "is for `how = \"mark\"`: a row that is deleted has none");
            }
            (RemovalHow::Mark, None) if removes && self.target.marks_by_column() => {
                self.wrong("removal", "`mark` needs `column` and `value`: what says that a row is gone");
            }
            (RemovalHow::Mark, Some(column)) => {
                if removal
                    .value
                    .as_ref()
                    .is_none_or(|value| value.is_array() || value.is_object() || value.is_null())
                {
                    self.wrong(
                        "removal.value",
                        "`mark` needs what is written to the column: text, a number, true or false",
                    );
                }
                if self.kind.key.as_ref().is_some_and(|key| key.local == *column) {
                    self.wrong("removal.column", format!("`{column}` is the key, which the row keeps"));
                }
                if self.kind.scope.contains_key(column) {
                    self.wrong("removal.column", format!("`{column}` is a constant of `scope`"));
                }
                match known.iter().find(|field| field.name == *column) {
                    Some(field) => {
                        self.constant("removal.column", "removal.value", field, removal.value.as_ref());
                    }
                    None if absent => {}
                    None => self.unknown_field("removal.column", column, known),
                }
            }
            _ => {}
        }
        if removal.runs == Some(0) {
            self.wrong("removal.runs", "a record is missing in one run at least");
        }
        if removal.apart.is_some_and(|hours| hours < RemovalPlan::APART) {
            self.wrong("removal.apart", format!("is a number of hours, at least {}", RemovalPlan::APART));
        }
        let words = self.status_words();
        for (at, word) in removal.ended.iter().flatten().enumerate() {
            let path = format!("removal.ended[{at}]");
            match &words {
                None => self.wrong(&path, format!("a {} has no status", self.kind.kind)),
                Some(words) if !words.contains(word) => {
                    self.wrong(
                        &path,
                        format!(
                            "`{word}` is no status of a {}; there is {}",
                            self.kind.kind,
                            words.join(", ")
                        ),
                    );
                }
                Some(_) => {}
            }
        }
    }

    fn status_words(&self) -> Option<Vec<String>> {
        let path = "status".parse().ok()?;
        match provider_core::schema::path(self.kind.kind, &path) {
            Ok(provider_core::schema::FieldType::Word(words)) => Some(words),
            _ => None,
        }
    }

    fn matching(&mut self) {
        let mut met = BTreeSet::new();
        for (at, rule) in self.kind.matching.iter().enumerate() {
            let path = format!("matching[{at}]");
            if self.kind.each.is_some() {
                self.wrong(&path, "rows of members are not matched: they come with their record");
            } else if self.kind.kind != EntityKind::Customer
                && !(*rule == MatchRule::Name && self.kind.kind == EntityKind::Product)
            {
                self.wrong(&path, format!("a {} is not found by `{rule}`", self.kind.kind));
            }
            if !met.insert(*rule) {
                self.wrong(&path, format!("`{rule}` stands here twice"));
            }
        }
        if self.kind.auto_name && !self.kind.matching.contains(&MatchRule::Name) {
            self.wrong("auto_name", "is about the rule `name`, which `matching` does not have");
        }
    }

    pub(super) fn unknown_field(&mut self, path: &str, name: &str, known: &[TargetField]) {
        // To a database it is there: what would add it would fail.
        if let Some(field) = known.iter().find(|field| field.name.eq_ignore_ascii_case(name)) {
            self.wrong(path, format!("the application has no `{name}`: it is spelled `{}`", field.name));
            return;
        }
        let names: Vec<_> = known.iter().map(|field| field.name.as_str()).collect();
        let mut message = format!("the application has no `{name}`; there is {}", names.join(", "));
        if let Some(table) = &self.kind.table
            && let Some(sql) = self.target.sql_to_add(table, name)
        {
            message = format!("{message}; to add it: {sql}");
        }
        self.wrong(path, message);
    }
}
