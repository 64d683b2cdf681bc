//! The tables of `docs/mapping.md`: the members of the wire are what was found to move a field, the words beside them
//! are those of `rules.txt`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::Value;

use crate::influence::{self, Influences};
use crate::reader::{Kind, Reader, Vendor};

const RULES: &str = include_str!("rules.txt");

/// So many members beside one another are told by what they stand in.
const MANY: usize = 3;

/// Records with everything that a mapping reads.
pub(crate) fn records(vendor: Vendor) -> Vec<(Kind, Value)> {
    let file = match vendor {
        Vendor::Crayon => include_str!("records/crayon.json"),
        Vendor::Pax8 => include_str!("records/pax8.json"),
        Vendor::StreamOne => include_str!("records/streamone.json"),
    };
    let mut file: BTreeMap<String, Vec<Value>> = serde_json::from_str(file).unwrap();
    let mut records = Vec::new();
    for kind in Kind::ALL {
        let own = file.remove(&format!("{kind:?}")).unwrap_or_default();
        records.extend(own.into_iter().map(|record| (kind, record)));
    }
    assert!(file.is_empty(), "{vendor:?}: {:?} are no kinds", file.keys());
    records
}

/// What moves the fields of each kind of record at a distributor.
#[derive(Debug)]
pub(crate) struct Sources(BTreeMap<Kind, Influences>);

impl Sources {
    pub(crate) fn of(vendor: Vendor) -> Self {
        let mut all: BTreeMap<Kind, Influences> = BTreeMap::new();
        for (kind, record) in records(vendor) {
            let found = influence::of_record(&Reader::new(vendor, kind), &record);
            assert!(!found.is_empty(), "{vendor:?}: {kind:?} is not read");
            let of_kind = all.entry(kind).or_default();
            for (field, members) in found {
                of_kind.entry(field).or_default().extend(members.iter().map(|member| flat(member)));
            }
        }
        Self(all)
    }

    /// Whether a member is known to move a field of this kind of record.
    pub(crate) fn has(&self, kind: Kind, field: &str, member: &str) -> bool {
        let kinds = self.0.iter().filter(|(known, _)| known.name() == kind.name());
        let mut all = kinds.filter_map(|(_, found)| found.get(field)).flatten();
        all.any(|known| known.strip_prefix(TENANT).unwrap_or(known).eq_ignore_ascii_case(&flat(member)))
    }

    /// The members of a field, group by group: what a list tells, then what another call or another kind does.
    fn cell(&self, entity: &str, field: &str) -> String {
        let mut shown: BTreeSet<String> = BTreeSet::new();
        let mut groups = Vec::new();
        for (kind, found) in self.0.iter().filter(|(kind, _)| kind.name() == entity) {
            let Some(members) = found.get(field) else { continue };
            let (inner, own): (Vec<&String>, Vec<&String>) =
                members.iter().partition(|member| member.starts_with(ADD_ONS));
            let mut add = |label: &str, members: Vec<&str>| {
                let new: Vec<&str> = members.into_iter().filter(|member| !shown.contains(*member)).collect();
                shown.extend(new.iter().map(|member| (*member).to_owned()));
                if !new.is_empty() {
                    groups.push(format!("{label}{}", named(&new)));
                }
            };
            let own = own.into_iter().map(|member| member.strip_prefix(TENANT).unwrap_or(member));
            add(label(*kind), own.collect());
            let inner = inner.into_iter().filter_map(|member| member.strip_prefix(ADD_ONS));
            add("of add-ons ", inner.collect());
        }
        groups.join("; ")
    }
}

/// How deep a node of a report stands differs by provider, and says nothing.
fn flat(member: &str) -> String {
    let mut flat = member.to_owned();
    while flat.contains("lines.lines.") {
        flat = flat.replace("lines.lines.", "lines.");
    }
    flat
}

/// Add-ons stand in their subscription at Crayon, and the row of the list in the whole record of a customer.
const ADD_ONS: &str = "Subscriptions.";
pub(crate) const TENANT: &str = "Tenant.";

const fn label(kind: Kind) -> &'static str {
    match kind {
        Kind::WholeCustomer | Kind::WholeProduct => "by `get` ",
        Kind::WholeOrder => "of new commerce, by `get`, ",
        Kind::Statement | Kind::StatementLine => "of statements ",
        Kind::UsageLine => "of a day ",
        _ => "",
    }
}

/// The members in backticks; several that stand in one are told by it.
fn named(members: &[&str]) -> String {
    let parent = |member: &str| member.rsplit_once('.').map(|(parent, _)| parent.to_owned());
    let mut names: Vec<String> = Vec::new();
    for member in members {
        let beside =
            members.iter().filter(|other| parent(other).is_some() && parent(other) == parent(member));
        let name = match parent(member) {
            Some(parent) if beside.count() >= MANY => format!("`{parent}.*`"),
            _ => format!("`{member}`"),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

/// The tables, and what is said of where the three differ.
pub(crate) fn write(sources: [&Sources; 3]) -> String {
    let mut page = String::new();
    let mut entity = String::new();
    let mut in_table = false;
    for line in RULES.lines().filter(|line| !line.starts_with("# ")) {
        if let Some(name) = line.strip_prefix("## ") {
            name.clone_into(&mut entity);
            let head = "| field | Crayon Cloud-iQ | Pax8 | StreamOne ION | an empty one means |";
            let _ = write!(page, "\n## {name}\n\n{head}\n|---|---|---|---|---|\n");
            in_table = true;
        } else if line.starts_with("- ") {
            if in_table {
                page.push_str("\nWhere the three differ, and why:\n\n");
                in_table = false;
            }
            let _ = writeln!(page, "{line}");
        } else if !line.trim().is_empty() {
            page.push_str(&row(&entity, line, sources));
        }
    }
    page
}

fn row(entity: &str, line: &str, sources: [&Sources; 3]) -> String {
    let parts: Vec<&str> = line.split('|').map(str::trim).collect();
    let [field, crayon, pax8, streamone, empty] = parts.as_slice() else {
        panic!("{entity}: five parts are needed: {line}");
    };
    assert!(!empty.is_empty(), "{entity}.{field}: what an empty one means is not said");
    let mut row = format!("| `{field}` |");
    for (sources, rule) in sources.into_iter().zip([crayon, pax8, streamone]) {
        // The names of members are found, never claimed.
        for name in rule.split('`').skip(1).step_by(2) {
            assert!(
                ["get", "Trial", "unspecified", "sku", "draft"].contains(&name),
                "{entity}.{field}: `{name}`"
            );
        }
        let members = sources.cell(&entity.replace('_', " "), field);
        let cell = match (members.is_empty(), rule.is_empty()) {
            (true, true) => "-".to_owned(),
            (true, false) => (*rule).to_owned(),
            (false, true) => members,
            (false, false) => format!("{members}: {rule}"),
        };
        let _ = write!(row, " {cell} |");
    }
    let _ = writeln!(row, " {empty} |");
    row
}
