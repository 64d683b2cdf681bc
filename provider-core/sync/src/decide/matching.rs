//! Which of the application's records a record of the distributor may be.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use provider_core::command::folded_name;
use serde_json::{Value, json};

use super::row::Row;
use crate::fingerprint::Fingerprint;
use crate::plan::{CheckedKind, MatchRule, Values};
use crate::store::{NewPending, PendingType};
use crate::target::{Criterion, LocalKey, LocalRecord};

/// What is asked of the application about a page, for one rule and one of its columns.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Question {
    /// The records with these keys.
    Keys(MatchRule, Vec<LocalKey>),
    /// The records that one of these values is in.
    Column(MatchRule, Criterion),
}

/// What an answer was about.
pub(crate) type Answers = Vec<(Question, Vec<LocalRecord>)>;

/// Whether case and blanks matter to a rule.
const fn folds(rule: MatchRule) -> bool {
    matches!(rule, MatchRule::Name | MatchRule::Tenant | MatchRule::RegistrationNumber)
}

fn text(row: &Row, path: &provider_core::FieldPath) -> Option<String> {
    let text = row.json.value(path)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn external_id(row: &Row) -> Option<String> {
    let id = row.json.get("external_id")?.as_str()?.trim();
    (!id.is_empty()).then(|| id.to_owned())
}

/// What to ask about these records.
pub(crate) fn questions(rule: &CheckedKind, rows: &[&Row]) -> Vec<Question> {
    let mut questions = Vec::new();
    for (by, columns) in &rule.rules {
        // Where no column carries it, what the distributor keeps is the application's own key.
        if columns.is_empty() {
            let keys: BTreeSet<_> = rows.iter().filter_map(|row| external_id(row)).collect();
            if !keys.is_empty() {
                questions.push(Question::Keys(*by, keys.into_iter().map(LocalKey).collect()));
            }
        }
        for (path, column) in columns {
            let values: BTreeSet<_> = rows.iter().filter_map(|row| text(row, path)).collect();
            if !values.is_empty() {
                let values = values.into_iter().map(Value::String).collect();
                let criterion = Criterion { field: column.clone(), values, folded: folds(*by) };
                questions.push(Question::Column(*by, criterion));
            }
        }
    }
    questions
}

/// The records that fit one of the distributor's.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidates {
    pub(crate) rule: MatchRule,
    pub(crate) records: Vec<LocalRecord>,
    /// The one that it is, if no other record of the distributor fits it.
    pub(crate) only: Option<LocalKey>,
}

/// Answers by what they were asked by: a page may have any number of records, and each looks for its own.
#[derive(Debug)]
pub(crate) struct Found<'a>(Vec<(&'a Question, HashMap<String, Vec<&'a LocalRecord>>)>);

impl<'a> Found<'a> {
    pub(crate) fn of(answers: &'a Answers) -> Self {
        let indexed = |(question, records): &'a (Question, Vec<LocalRecord>)| {
            let mut by: HashMap<String, Vec<&LocalRecord>> = HashMap::new();
            for record in records {
                let held = match question {
                    Question::Keys(..) => Some(record.key.0.clone()),
                    Question::Column(rule, criterion) => {
                        let held = record.values.get(&criterion.field).and_then(Value::as_str);
                        held.map(|held| spelled(*rule, held))
                    }
                };
                if let Some(held) = held {
                    by.entry(held).or_default().push(record);
                }
            }
            (question, by)
        };
        Self(answers.iter().map(indexed).collect())
    }
}

/// The candidates of one record by the first rule that has any. Records that are tied to another one are none, but they
/// stand in the way of certainty.
pub(crate) fn candidates(rule: &CheckedKind, row: &Row, found: &Found<'_>) -> Option<Candidates> {
    for (by, columns) in &rule.rules {
        let mut fitting: BTreeMap<&LocalKey, &LocalRecord> = BTreeMap::new();
        for (question, records) in &found.0 {
            let wanted: Vec<String> = match question {
                Question::Keys(asked, _) if asked == by => external_id(row).into_iter().collect(),
                Question::Column(asked, criterion) if asked == by => {
                    let paths = columns.iter().filter(|(_, column)| *column == criterion.field);
                    paths.filter_map(|(path, _)| text(row, path)).map(|text| spelled(*by, &text)).collect()
                }
                _ => continue,
            };
            let own = wanted.iter().filter_map(|wanted| records.get(wanted)).flatten();
            fitting.extend(own.map(|record| (&record.key, *record)));
        }
        let free: Vec<_> =
            fitting.values().filter(|record| record.remote.is_none()).copied().cloned().collect();
        let certain = fitting.len() == 1 && (*by != MatchRule::Name || rule.plan.auto_name);
        if let Some(first) = free.first() {
            let only = certain.then(|| first.key.clone());
            return Some(Candidates { rule: *by, records: free, only });
        }
    }
    None
}

/// A text as a rule compares it.
fn spelled(rule: MatchRule, text: &str) -> String {
    if folds(rule) { folded_name(text) } else { text.to_owned() }
}

/// What a person is told about a record that is not tied to anything.
pub(crate) fn pending(
    row: &Row,
    group: Option<&str>,
    mapped: &super::map::Mapped,
    found: Option<&Candidates>,
    run: i64,
) -> NewPending {
    let listed: Vec<_> = found
        .into_iter()
        .flat_map(|found| &found.records)
        .map(|record| json!({ "key": record.key, "values": record.values }))
        .collect();
    let keys: Vec<_> =
        found.into_iter().flat_map(|found| &found.records).map(|record| &record.key.0).collect();
    let name = row.json.get("name").cloned().unwrap_or_default();
    let facts = json!([keys, found.map(|found| found.rule), name]).to_string();
    let reason = match found {
        None => "nothing in the application fits it".to_owned(),
        Some(found) if found.records.len() > 1 => format!("several fit it by {}", found.rule),
        Some(found) if found.only.is_none() => format!("one fits it by {}, which is not enough", found.rule),
        Some(found) => format!("one fits it by {}", found.rule),
    };
    let body = json!({
        "name": name,
        "reason": reason,
        "candidates": listed,
        "only": found.and_then(|found| found.only.as_ref()),
        "values": mapped.update,
        "source": row.source,
        "group": group,
        "run": run,
    });
    NewPending {
        subject: row.id.clone(),
        kind: PendingType::Match,
        facts: Fingerprint::of_text(&facts),
        body,
    }
}

/// The rows of the application that a record may be, by what waits about it.
pub(crate) fn candidate_keys(body: &Value) -> impl Iterator<Item = &str> {
    let listed = body.get("candidates").and_then(Value::as_array).into_iter().flatten();
    listed.filter_map(|candidate| candidate.get("key")?.as_str())
}

/// A record that is tied to another by a rule alone, at the end of a listing.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Certain {
    pub(crate) subject: String,
    pub(crate) local: LocalKey,
    pub(crate) values: Values,
    pub(crate) source: Option<Fingerprint>,
    pub(crate) group: Option<String>,
}

/// Of everything that waits for a match, what is certain on both sides: one record here, one record there. `run` is the
/// one that has met it.
pub(crate) fn certain<'p>(waiting: impl Iterator<Item = (&'p str, &'p Value)>, run: i64) -> Vec<Certain> {
    let mut takers: BTreeMap<String, u32> = BTreeMap::new();
    let mut found = Vec::new();
    for (subject, body) in waiting {
        for key in candidate_keys(body) {
            *takers.entry(key.to_owned()).or_default() += 1;
        }
        let met = body.get("run").and_then(Value::as_i64) == Some(run);
        let Some(key) = body.get("only").and_then(Value::as_str).filter(|_| met) else { continue };
        let read = |name: &str| body.get(name).cloned().unwrap_or_default();
        found.push(Certain {
            subject: subject.to_owned(),
            local: LocalKey::new(key),
            values: serde_json::from_value(read("values")).unwrap_or_default(),
            source: serde_json::from_value(read("source")).ok(),
            group: serde_json::from_value(read("group")).unwrap_or_default(),
        });
    }
    found.retain(|certain| takers.get(&certain.local.0) == Some(&1));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_found_as_their_rule_compares_them() {
        let record = |key: &str, name: Value| LocalRecord {
            key: LocalKey::new(key),
            remote: None,
            values: [("name".to_owned(), name)].into(),
            fingerprint: Fingerprint::of_text(key),
        };
        let records = vec![
            record("1", json!("Harbor  Bakery")),
            record("2", json!("harbor bakery ")),
            record("3", json!("Pier")),
            record("4", json!(null)),
        ];
        let asked = |rule| {
            Question::Column(
                rule,
                Criterion { field: "name".into(), values: Vec::new(), folded: folds(rule) },
            )
        };
        let answers: Answers = vec![
            (asked(MatchRule::Name), records.clone()),
            (asked(MatchRule::ExternalId), records.clone()),
            (Question::Keys(MatchRule::ExternalId, Vec::new()), records),
        ];
        let found = Found::of(&answers);
        let keys = |at: usize, wanted: &str| -> Vec<String> {
            let own = found.0.get(at).and_then(|(_, records)| records.get(wanted));
            own.into_iter().flatten().map(|record| record.key.0.clone()).collect()
        };
        assert_eq!(keys(0, &spelled(MatchRule::Name, " HARBOR bakery")), ["1", "2"]);
        assert_eq!(keys(1, &spelled(MatchRule::ExternalId, "Harbor  Bakery")), ["1"]);
        assert_eq!(keys(2, "3"), ["3"]);
        assert!(keys(2, "5").is_empty());
    }
}
