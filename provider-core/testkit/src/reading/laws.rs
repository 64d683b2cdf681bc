//! Each law, for one member of a record.

use serde_json::{Value, json};

use super::change::{Member, clothes};
use super::facts::{Facts, is_amount, is_day, is_nothing};
use super::{Law, LawReport, Reading};

/// A word that no distributor has.
const UNHEARD_OF: &str = "Zzqx Unheard Of";
/// A number that no enum has.
const UNHEARD_NUMBER: i64 = 987_654;
/// What is written where no code stands.
const NO_CODE: &str = "kr";

type Try<'a> = dyn FnMut(Option<Value>) -> Reading + 'a;
type Verdict = Result<(), String>;

/// Holds one member to all laws.
pub(super) fn of_member(report: &mut LawReport, before: &Facts, member: &Member, read: &mut Try<'_>) {
    let absent = Facts::of(&read(None));
    report.note(Law::AbsentIsNotZero, absent_is_not_zero(before, member, absent.as_ref()));
    let Ok(absent) = absent else { return };
    for odd in unreadable(member) {
        let verdict =
            unreadable_is_not_absent(before, &absent, member, &odd, &Facts::of(&read(Some(odd.clone()))));
        report.note(Law::UnreadableIsNotAbsent, verdict);
    }
    if member.is_word() {
        let after = Facts::of(&read(Some(json!(UNHEARD_OF))));
        report.note(Law::UnknownIsNoOther, unknown_is_no_other(before, &absent, member, UNHEARD_OF, &after));
        for other in spelled(member) {
            let after = Facts::of(&read(Some(json!(other))));
            report.note(Law::WordsInAnyCase, same_word(before, member, &other, &after));
        }
    }
    if member.value.is_i64() {
        let after = Facts::of(&read(Some(json!(UNHEARD_NUMBER))));
        let number = UNHEARD_NUMBER.to_string();
        report.note(Law::UnknownIsNoOther, unknown_is_no_other(before, &absent, member, &number, &after));
    }
    if member.is_currency() {
        let after = Facts::of(&read(Some(json!(NO_CODE))));
        report.note(Law::CurrencyAsSent, currency_as_sent(before, member, &after));
    }
    for offset in elsewhere(member) {
        let after = Facts::of(&read(Some(json!(offset))));
        report.note(Law::DayAsWritten, day_as_written(before, member, &offset, &after));
    }
    for other in clothes(member) {
        let after = Facts::of(&read(Some(other.clone())));
        report.note(Law::OtherClothes, the_same(before, member, &other, &after));
    }
}

fn absent_is_not_zero(before: &Facts, member: &Member, after: Result<&Facts, &String>) -> Verdict {
    let name = &member.name;
    let after = after.map_err(|refused| format!("without `{name}`: {refused}"))?;
    let zero =
        after.values.iter().find(|(path, value)| is_nothing(value) && before.get(path) != Some(*value));
    match zero {
        Some((path, value)) => Err(format!("without `{name}`, `{path}` is {value}")),
        None => Ok(()),
    }
}

/// What stands where a value of this kind cannot be read.
fn unreadable(member: &Member) -> Vec<Value> {
    let mut odd = vec![json!({ "odd": [] })];
    if member.value.is_number() {
        odd.push(json!("1.234,50"));
    }
    odd
}

fn unreadable_is_not_absent(
    before: &Facts,
    absent: &Facts,
    member: &Member,
    odd: &Value,
    after: &Result<Facts, String>,
) -> Verdict {
    let name = &member.name;
    let after = after.as_ref().map_err(|refused| format!("`{name}` as {odd}: {refused}"))?;
    if !after.errors.is_empty() {
        // By its own name, or by that of what it stands in.
        return if member.at.iter().any(|step| step.parse::<usize>().is_err() && after.blames(step)) {
            Ok(())
        } else {
            Err(format!("`{name}` as {odd} is refused without being named: {}", after.errors.join("; ")))
        };
    }
    // What is gone as a whole, an offer without its cycle, has lost no amount.
    let stands = |path: &str| {
        let around = path.rsplitn(3, '.').last().unwrap_or(path);
        absent.values.keys().any(|known| known.starts_with(&format!("{around}.")))
    };
    let counts = |(path, _): &(&str, _)| is_amount(path) && stands(path);
    if let Some((path, _)) = absent.differences(before).into_iter().find(counts) {
        return Err(format!("`{name}` as {odd} costs `{path}` and no record"));
    }
    // Whoever keeps any text keeps this.
    let kept =
        |value: Option<&Value>| value.and_then(Value::as_str).is_some_and(|text| odd.as_str() == Some(text));
    if let Some((path, value)) = after.differences(absent).into_iter().find(|(_, value)| !kept(*value)) {
        return Err(format!("`{name}` as {odd} is not as if it were absent: `{path}` is {value:?}"));
    }
    let missed = !absent.differences(before).is_empty() && absent.errors.is_empty();
    // By the member's name, or by what stood there.
    let told = after.tells(name) || odd.as_str().is_some_and(|text| after.tells(text));
    if missed && after.values == absent.values && !told {
        return Err(format!("`{name}` as {odd} counts as absent, and nobody is told"));
    }
    Ok(())
}

fn unknown_is_no_other(
    before: &Facts,
    absent: &Facts,
    member: &Member,
    stands: &str,
    after: &Result<Facts, String>,
) -> Verdict {
    let name = &member.name;
    let after = after.as_ref().map_err(|refused| format!("`{name}` as `{stands}`: {refused}"))?;
    if !after.errors.is_empty() {
        return Err(format!("`{name}` as `{stands}` costs a record: {}", after.errors.join("; ")));
    }
    for (path, value) in after.differences(before) {
        let Some(value) = value else { continue };
        // What is counted with it: an amount, or a length of time.
        let counted = |text: &str| {
            text.parse::<f64>().is_ok()
                || (text.starts_with('P') && text.contains(|c: char| c.is_ascii_digit()))
        };
        let number = value.is_number() || value.as_str().is_some_and(counted);
        let kept = folded(&shown(value)).contains(&folded(stands));
        if !kept && !number && absent.get(path) != Some(value) {
            return Err(format!("`{name}` as `{stands}` makes `{path}` {value}"));
        }
    }
    Ok(())
}

fn currency_as_sent(before: &Facts, member: &Member, after: &Result<Facts, String>) -> Verdict {
    let name = &member.name;
    let after = after.as_ref().map_err(|refused| format!("`{name}` as `{NO_CODE}`: {refused}"))?;
    if !after.errors.is_empty() {
        // A record without its currency may be refused, as long as it says why.
        return if after.blames(name) {
            Ok(())
        } else {
            Err(format!("`{name}` as `{NO_CODE}`: {:?}", after.errors))
        };
    }
    for (path, value) in after.differences(before) {
        let Some(price) = path.strip_suffix(".currency") else { continue };
        if let Some(other) = value {
            return Err(format!("`{name}` as `{NO_CODE}` makes `{path}` {other}"));
        }
        let sent = after.get(&format!("{price}.currency_as_sent"));
        if after.get(&format!("{price}.amount")).is_some() && sent != Some(&json!(NO_CODE)) {
            return Err(format!("`{name}` as `{NO_CODE}` leaves `{price}` without what was sent"));
        }
    }
    Ok(())
}

/// The same written day and time, far to the east and far to the west.
fn elsewhere(member: &Member) -> Vec<String> {
    let Some((day, rest)) = member.date() else { return Vec::new() };
    let time: String =
        rest.chars().skip(1).take_while(|c| c.is_ascii_digit() || *c == ':' || *c == '.').collect();
    let time = if time.is_empty() { "00:00:00".to_owned() } else { time };
    ["+14:00", "-11:00"].map(|offset| format!("{day}T{time}{offset}")).into()
}

fn day_as_written(before: &Facts, member: &Member, stands: &str, after: &Result<Facts, String>) -> Verdict {
    let name = &member.name;
    let after = after.as_ref().map_err(|refused| format!("`{name}` as `{stands}`: {refused}"))?;
    if !after.errors.is_empty() {
        return Err(format!("`{name}` as `{stands}` costs a record: {}", after.errors.join("; ")));
    }
    for (path, value) in after.differences(before) {
        if before.get(path).is_some_and(|day| is_day(path, day)) {
            return Err(format!("`{name}` as `{stands}` makes `{path}` {value:?}"));
        }
    }
    Ok(())
}

/// The word as others write it.
fn spelled(member: &Member) -> Vec<String> {
    let word = member.text().unwrap_or_default();
    let upper = word.to_ascii_uppercase();
    let mut all = vec![upper.replace([' ', '-'], "_"), upper, word.to_ascii_lowercase()];
    all.retain(|other| other != word);
    all.dedup();
    all
}

fn same_word(before: &Facts, member: &Member, stands: &str, after: &Result<Facts, String>) -> Verdict {
    let name = &member.name;
    let word = member.text().unwrap_or_default();
    let after = after.as_ref().map_err(|refused| format!("`{name}` as `{stands}`: {refused}"))?;
    if !after.errors.is_empty() {
        return Err(format!("`{name}` as `{stands}` costs a record: {}", after.errors.join("; ")));
    }
    for (path, value) in after.differences(before) {
        // Text that is copied comes as it was written.
        let copied = before.get(path).map(shown).is_some_and(|text| text.contains(word));
        let kept = value.map(shown).is_some_and(|text| text.contains(stands));
        if !(copied && kept) {
            return Err(format!("`{name}` as `{stands}` makes `{path}` {value:?}"));
        }
    }
    Ok(())
}

fn the_same(before: &Facts, member: &Member, stands: &Value, after: &Result<Facts, String>) -> Verdict {
    let name = &member.name;
    let after = after.as_ref().map_err(|refused| format!("`{name}` as {stands}: {refused}"))?;
    if !after.errors.is_empty() {
        return Err(format!("`{name}` as {stands} costs a record: {}", after.errors.join("; ")));
    }
    for (path, value) in after.differences(before) {
        if !value.zip(before.get(path)).is_some_and(|(one, other)| equal(one, other, stands)) {
            return Err(format!("`{name}` as {stands} makes `{path}` {value:?}"));
        }
    }
    Ok(())
}

/// The same number in other digits, or text that was copied as it came.
fn equal(one: &Value, other: &Value, stands: &Value) -> bool {
    let number = |value: &Value| shown(value).parse::<rust_decimal::Decimal>().ok();
    number(one).is_some_and(|it| number(other) == Some(it)) || stands.as_str() == Some(shown(one).as_str())
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn folded(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}
