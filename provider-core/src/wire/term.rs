//! Lengths of time as distributors write them: `P1Y`, and the words of people.

use crate::Term;

/// Numbers that are written as words.
const NUMBERS: [(&str, u32); 5] = [("one", 1), ("two", 2), ("three", 3), ("four", 4), ("five", 5)];

/// No commitment is for longer than this: a larger number is another thing.
const MOST: u32 = 1_200;

/// Reads the length of a time: an ISO 8601 duration in any case, a word such as `Monthly`, `annual` or `triennial`, or a
/// number and its unit, such as `1-Year`, `36 months`, `three years`. `None` where it is none of these.
///
/// ```
/// use provider_core::Term;
/// use provider_core::wire::term;
///
/// assert_eq!(term::parse("p3y"), Some(Term::years(3)));
/// assert_eq!(term::parse("36 Months"), Some(Term::years(3)));
/// assert_eq!(term::parse("Annual"), Some(Term::YEAR));
/// assert_eq!(term::parse("Perpetual"), None);
/// ```
#[must_use]
pub fn parse(text: &str) -> Option<Term> {
    let text = text.trim();
    text.parse().ok().or_else(|| word(&text.to_ascii_lowercase()))
}

fn word(text: &str) -> Option<Term> {
    let letters: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    match letters.as_str() {
        "monthly" | "month" => return Some(Term::MONTH),
        "quarterly" | "quarter" => return Some(Term::months(3)),
        "semiannual" | "semiannually" | "halfyearly" => return Some(Term::months(6)),
        "annual" | "annually" | "yearly" | "year" => return Some(Term::YEAR),
        "biennial" | "biennially" => return Some(Term::years(2)),
        "triennial" | "triennially" => return Some(Term::years(3)),
        _ => {}
    }
    let (number, unit) = match text.find(|sign: char| !sign.is_ascii_digit())? {
        0 => {
            let (word, rest) = text.split_at(text.find(|sign: char| !sign.is_ascii_alphabetic())?);
            (NUMBERS.iter().find(|(name, _)| *name == word)?.1, rest)
        }
        end => (text.get(..end)?.parse().ok()?, text.get(end..)?),
    };
    if !(1..=MOST).contains(&number) {
        return None;
    }
    let unit = unit.trim_start_matches(|sign: char| sign.is_whitespace() || matches!(sign, '-' | '_'));
    match unit.trim_end_matches('.') {
        "year" | "years" | "yr" | "yrs" | "y" => Some(Term::years(number)),
        "month" | "months" | "mo" | "mos" | "mth" | "m" => Some(Term::months(number)),
        "week" | "weeks" | "w" => Some(Term::days(7 * number)),
        "day" | "days" | "d" => Some(Term::days(number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_in_every_spelling() {
        for (text, term) in [
            ("P1Y", Some("P1Y")),
            (" p12m ", Some("P1Y")),
            ("Monthly", Some("P1M")),
            ("1-Year", Some("P1Y")),
            ("1 year", Some("P1Y")),
            ("Annual", Some("P1Y")),
            ("Semi-Annual", Some("P6M")),
            ("TRIENNIAL", Some("P3Y")),
            ("3 Year", Some("P3Y")),
            ("3-year", Some("P3Y")),
            ("three years", Some("P3Y")),
            ("One-Year", Some("P1Y")),
            ("3yrs", Some("P3Y")),
            ("3 Yrs.", Some("P3Y")),
            ("1\u{a0}Year", Some("P1Y")),
            ("12-Months", Some("P1Y")),
            ("36 months", Some("P3Y")),
            ("30 days", Some("P30D")),
            ("2 weeks", Some("P14D")),
            ("Perpetual", None),
            ("whenever", None),
            ("none", None),
            ("one", None),
            ("one time", None),
            ("", None),
            ("12", None),
            ("0-Year", None),
            ("1.5 years", None),
            ("1 year 6 months", None),
            ("99999999999-Year", None),
            ("\u{663} years", None),
        ] {
            assert_eq!(parse(text).map(|term| term.to_string()).as_deref(), term, "{text}");
        }
    }
}
