//! Words of open enums: how they are compared, and how a test finds two that cannot be told apart.

/// What [`open_enum!`](crate::open_enum) knows about an enum that it declared.
pub trait OpenEnum: Sized + 'static {
    /// The enum's name, as [`unknown`](super::unknown) values are reported under it.
    const NAME: &'static str;
    /// The words of each known value; the first of them is the one that is written.
    const WORDS: &'static [&'static [&'static str]];
}

/// True where two words are the same but for case and separators (`_`, `-`, blank): `PER_UNIT`, `Per Unit`
/// and `perUnit` are one word.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    folded(a).eq(folded(b))
}

fn folded(word: &str) -> impl Iterator<Item = char> {
    word.chars().filter(|c| !matches!(c, '_' | '-') && !c.is_whitespace()).map(|c| c.to_ascii_lowercase())
}

/// Finds words of different values of one enum that are the same but for case and separators: what arrives
/// in another spelling would be read as the first of them. `but` lists the pairs that are known, where the
/// distributor itself tells two values apart by their spelling alone. For tests of whoever declares enums.
///
/// ```
/// use provider_core::wire::words;
///
/// provider_core::open_enum! {
///     /// Who placed an order.
///     pub enum OrderedBy {
///         /// The partner, as it is written.
///         Partner = "Acme Partner",
///         /// The partner, as it is read.
///         PartnerRead = "AcmePartner",
///         /// The customer.
///         Customer = "Customer" | "client",
///     }
/// }
///
/// assert!(words::check::<OrderedBy>(&[]).is_err());
/// words::check::<OrderedBy>(&[("Acme Partner", "AcmePartner")])?;
/// // What is exactly a known word is that word; any other spelling is the first that fits.
/// assert_eq!(OrderedBy::from("AcmePartner"), OrderedBy::PartnerRead);
/// assert_eq!(OrderedBy::from("ACME_PARTNER"), OrderedBy::Partner);
/// # Ok::<(), String>(())
/// ```
///
/// # Errors
/// Names the enum and the pairs that collide, those of `but` that do not (any more), and words that
/// nothing is left of.
pub fn check<E: OpenEnum>(but: &[(&str, &str)]) -> Result<(), String> {
    let mut problems = Vec::new();
    let mut met = vec![false; but.len()];
    for (at, words) in E::WORDS.iter().enumerate() {
        problems.extend(
            words
                .iter()
                .filter(|word| folded(word).next().is_none())
                .map(|word| format!("`{word}` says nothing")),
        );
        let others = E::WORDS.iter().skip(at + 1).flat_map(|others| others.iter());
        for (word, other) in others.flat_map(|other| words.iter().map(move |word| (*word, *other))) {
            if !same(word, other) {
                continue;
            }
            match but.iter().position(|pair| *pair == (word, other) || *pair == (other, word)) {
                Some(known) => met.iter_mut().skip(known).take(1).for_each(|met| *met = true),
                None => problems.push(format!("`{word}` and `{other}` are the same word")),
            }
        }
    }
    let stale = but.iter().zip(met).filter(|(_, met)| !met);
    problems.extend(stale.map(|((a, b), _)| format!("`{a}` and `{b}` do not collide")));
    if problems.is_empty() { Ok(()) } else { Err(format!("{}: {}", E::NAME, problems.join("; "))) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    struct Two;

    impl OpenEnum for Two {
        const NAME: &'static str = "Two";
        const WORDS: &'static [&'static [&'static str]] =
            &[&["one-time", "once"], &["OneTime"], &["monthly"]];
    }

    struct Blank;

    impl OpenEnum for Blank {
        const NAME: &'static str = "Blank";
        const WORDS: &'static [&'static [&'static str]] = &[&["-"]];
    }

    #[test]
    fn case_and_separators_do_not_count() {
        for (a, b) in [
            ("PER_UNIT", "Per Unit"),
            ("per-unit", "perUnit"),
            (" One Time ", "one_time"),
            ("", "-"),
            ("\tper\u{a0}unit\r\n", "perUnit"),
        ] {
            assert!(same(a, b), "{a} {b}");
        }
        for (a, b) in [("unit", "units"), ("per/unit", "perunit"), ("É", "é"), ("", "a")] {
            assert!(!same(a, b), "{a} {b}");
        }
    }

    #[test]
    fn collisions_are_named_and_exceptions_have_to_be_right() {
        assert_eq!(check::<Two>(&[]).unwrap_err(), "Two: `one-time` and `OneTime` are the same word");
        check::<Two>(&[("one-time", "OneTime")]).unwrap();
        check::<Two>(&[("OneTime", "one-time")]).unwrap();
        let stale = check::<Two>(&[("one-time", "OneTime"), ("once", "monthly")]).unwrap_err();
        assert_eq!(stale, "Two: `once` and `monthly` do not collide");
        assert_eq!(check::<Blank>(&[]).unwrap_err(), "Blank: `-` says nothing");
    }
}
