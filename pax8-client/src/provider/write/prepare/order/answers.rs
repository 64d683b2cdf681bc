//! Provisioning answers: checked against the product's questions.

use provider_core::NewOrderLine;
use provider_core::error::Violation;

use crate::model::{ProvisioningAnswer, ProvisioningDetail, ProvisioningValueType};
use crate::provider::write::prepare::prepared::field;

/// The answers as Pax8 wants them: always lists, each value equal to a possible value to the letter.
///
/// Which questions need an answer is not told; the open ones become a warning, and a dry run decides.
pub(super) fn resolve(
    index: usize,
    line: &NewOrderLine,
    questions: &[ProvisioningDetail],
    violations: &mut Vec<Violation>,
    warnings: &mut Vec<String>,
) -> Vec<ProvisioningAnswer> {
    let mut answers = Vec::new();
    let keyed = || questions.iter().filter_map(|question| Some((question.key.as_deref()?, question)));
    for (key, text) in &line.attributes {
        let Some((_, question)) = keyed().find(|(known, _)| known == key) else {
            let known: Vec<_> = keyed().map(|(key, _)| key).collect();
            let problem = if known.is_empty() {
                "the product asks no questions".to_owned()
            } else {
                format!("the product asks no such question; it asks: {}", known.join(", "))
            };
            violations.push(Violation::new(attribute(index, key), problem));
            continue;
        };
        match values(question, text) {
            Ok(values) => answers.push(ProvisioningAnswer::new(key, values)),
            Err(problem) => violations.push(Violation::new(attribute(index, key), problem)),
        }
    }
    let open: Vec<_> = keyed()
        .filter(|(key, _)| !line.attributes.contains_key(*key))
        .map(|(key, question)| match question.label.as_deref() {
            Some(label) => format!("{key} ({label})"),
            None => key.to_owned(),
        })
        .collect();
    if !open.is_empty() {
        warnings.push(format!("lines[{index}]: not answered: {}", open.join(", ")));
    }
    answers
}

fn attribute(index: usize, key: &str) -> String {
    field(index, &format!("attributes.{key}"))
}

fn values(question: &ProvisioningDetail, text: &str) -> Result<Vec<String>, String> {
    let choices = &question.possible_values;
    let exact = |text: &str| {
        let text = text.trim();
        let same = choices.iter().find(|choice| *choice == text);
        same.or_else(|| choices.iter().find(|choice| choice.eq_ignore_ascii_case(text))).cloned()
    };
    let unknown = |text: &str| format!("`{}` is no answer; choose from: {}", text.trim(), choices.join("; "));
    match question.value_type {
        Some(ProvisioningValueType::SingleValue) if !choices.is_empty() => {
            exact(text).map(|value| vec![value]).ok_or_else(|| unknown(text))
        }
        Some(ProvisioningValueType::MultiValue) if !choices.is_empty() => {
            // Values may hold commas, so the whole text is tried first, then semicolons, then commas.
            if let Some(value) = exact(text) {
                return Ok(vec![value]);
            }
            let separator = if text.contains(';') { ';' } else { ',' };
            text.split(separator)
                .filter(|part| !part.trim().is_empty())
                .map(|part| exact(part).ok_or_else(|| unknown(part)))
                .collect()
        }
        _ => Ok(vec![text.to_owned()]),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed unwrap is a failed test")]

    use rust_decimal::Decimal;

    use super::*;

    const QUESTIONS: &str = r#"[
      {"label":"Tenant?","key":"exists","valueType":"Single-Value","possibleValues":["No, create one","Yes, use it"]},
      {"label":"Prefix","key":"domain","valueType":"Input","possibleValues":null},
      {"label":"Regions","key":"regions","valueType":"Multi-Value","possibleValues":["us-east","us-west"]}]"#;

    fn check(attributes: &[(&str, &str)]) -> (Vec<ProvisioningAnswer>, Vec<Violation>, Vec<String>) {
        let questions: Vec<ProvisioningDetail> = serde_json::from_str(QUESTIONS).unwrap();
        let mut line = NewOrderLine::new("p", Decimal::ONE);
        line.attributes = attributes.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let (mut violations, mut warnings) = (Vec::new(), Vec::new());
        let answers = resolve(1, &line, &questions, &mut violations, &mut warnings);
        (answers, violations, warnings)
    }

    #[test]
    fn answers_become_lists_of_possible_values() {
        let (answers, violations, warnings) =
            check(&[("exists", "no, create one"), ("domain", "a;b"), ("regions", "us-west, US-EAST")]);
        assert!(violations.is_empty() && warnings.is_empty(), "{violations:?} {warnings:?}");
        let values: Vec<_> = answers.iter().map(|answer| answer.values.join("|")).collect();
        assert_eq!(values, ["a;b", "No, create one", "us-west|us-east"]);
    }

    #[test]
    fn wrong_answers_are_named_and_open_questions_are_warned_of() {
        let (_, violations, warnings) =
            check(&[("exists", "maybe"), ("regions", "us-west;mars"), ("novel", "1")]);
        let fields: Vec<_> = violations.iter().map(|v| v.field.as_str()).collect();
        assert_eq!(
            fields,
            ["lines[1].attributes.exists", "lines[1].attributes.novel", "lines[1].attributes.regions"]
        );
        assert!(violations[2].message.contains("`mars`"), "{}", violations[2].message);
        assert_eq!(warnings, ["lines[1]: not answered: domain (Prefix)"]);
    }
}
