//! Values that an open enum does not know and members that no model has, noticed while an answer is read.
//!
//! Serde hands no context down to the types it reads. Whoever reads an answer therefore listens on its
//! own thread for as long as it reads, and an enum that meets an unknown value says so to the listener.

use std::cell::RefCell;
use std::fmt::Display;

/// At most so many different values are noticed in one answer.
const MOST_VALUES: usize = 32;
/// At most so many characters of a value are kept.
const LONGEST_VALUE: usize = 64;

/// A value that an open enum does not know. The model keeps it as it came.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct UnknownValue {
    /// What it is a value of: the name of the enum, such as `SubscriptionStatus`.
    pub of: &'static str,
    /// The value, cut to 64 characters.
    pub value: String,
    /// It is no value but a member that the record does not have: `of` is the record then, and `value` the name.
    pub is_member: bool,
}

thread_local! {
    static LISTENER: RefCell<Option<Vec<UnknownValue>>> = const { RefCell::new(None) };
}

/// Says that an enum met a value it does not know. For `Deserialize` implementations of open enums;
/// [`open_enum!`](crate::open_enum) does it by itself. Costs nothing where nobody listens.
pub fn note(of: &'static str, value: &(impl Display + ?Sized)) {
    LISTENER.with_borrow_mut(|listener| {
        let Some(heard) = listener else { return };
        if heard.len() >= MOST_VALUES {
            return;
        }
        let value: String = value.to_string().chars().take(LONGEST_VALUE).collect();
        let unknown = UnknownValue { of, value, is_member: false };
        if !heard.contains(&unknown) {
            heard.push(unknown);
        }
    });
}

/// Says that a record has a member that its model does not. For those who read member names; costs nothing where
/// nobody listens.
pub fn note_member(of: &'static str, name: &str) {
    LISTENER.with_borrow_mut(|listener| {
        let Some(heard) = listener else { return };
        let name =
            name.char_indices().nth(LONGEST_VALUE).and_then(|(end, _)| name.get(..end)).unwrap_or(name);
        let known = |unknown: &UnknownValue| unknown.is_member && unknown.of == of && unknown.value == name;
        if heard.len() < MOST_VALUES && !heard.iter().any(known) {
            heard.push(UnknownValue { of, value: name.to_owned(), is_member: true });
        }
    });
}

/// Says that text which is no date stood where a date was expected, and hands on what was read. Empty text, and
/// what means "never", "not set" or "not yet", are no news.
pub(super) fn date<T>(text: &str, read: Option<T>) -> Option<T> {
    let text = text.trim();
    let looks =
        || text.starts_with("9999-") || text.starts_with("0001-") || text.eq_ignore_ascii_case("pending");
    let zero = || text.bytes().all(|byte| byte == b'0');
    if read.is_none() && !text.is_empty() && !looks() && !zero() {
        note("date", text);
    }
    read
}

/// Reads something and answers which unknown values were met in it, each once.
///
/// ```
/// use provider_core::SubscriptionStatus;
/// use provider_core::wire::unknown;
///
/// let read = || serde_json::from_str::<Vec<SubscriptionStatus>>(r#"["active", "dormant", "dormant"]"#);
/// let (statuses, met) = unknown::listen(read);
/// assert_eq!(statuses?[1].as_str(), "dormant");
/// assert_eq!(met.len(), 1);
/// assert_eq!((met[0].of, met[0].value.as_str()), ("SubscriptionStatus", "dormant"));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn listen<T>(read: impl FnOnce() -> T) -> (T, Vec<UnknownValue>) {
    let outer = Outer(LISTENER.replace(Some(Vec::new())));
    let value = read();
    let met = LISTENER.take().unwrap_or_default();
    drop(outer);
    (value, met)
}

/// The listener outside, put back even when the reading panics.
struct Outer(Option<Vec<UnknownValue>>);

impl Drop for Outer {
    fn drop(&mut self) {
        LISTENER.set(self.0.take());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn values_are_cut_and_told_once_and_bounded() {
        let long = "x".repeat(100);
        let ((), met) = listen(|| {
            note("Status", &long);
            note("Status", &long);
            for number in 0..100 {
                note("Reason", &number);
            }
        });
        assert_eq!(met.first().unwrap().value.len(), LONGEST_VALUE);
        assert_eq!(met.len(), MOST_VALUES);
        assert_eq!(
            met.get(1).unwrap(),
            &UnknownValue { of: "Reason", value: "0".to_owned(), is_member: false }
        );
    }

    #[test]
    fn members_are_told_apart_from_values() {
        let ((), met) = listen(|| {
            note_member("Subscription", "novel");
            note_member("Subscription", "novel");
            note("Subscription", "novel");
            note_member("Subscription", &"x".repeat(100));
        });
        let told: Vec<_> = met.iter().map(|met| (met.value.len(), met.is_member)).collect();
        assert_eq!(told, [(5, true), (5, false), (LONGEST_VALUE, true)]);
    }

    #[test]
    fn reading_within_reading_keeps_them_apart() {
        let ((inner, ()), outer) = listen(|| {
            note("Status", "outer");
            let ((), inner) = listen(|| note("Status", "inner"));
            (inner, note("Status", "outer again"))
        });
        assert_eq!(inner.iter().map(|met| met.value.as_str()).collect::<Vec<_>>(), ["inner"]);
        assert_eq!(outer.iter().map(|met| met.value.as_str()).collect::<Vec<_>>(), ["outer", "outer again"]);
    }

    #[test]
    fn nobody_listens_after_a_panic() {
        let panicked = std::panic::catch_unwind(|| listen(|| std::panic::resume_unwind(Box::new(()))));
        assert!(panicked.is_err());
        assert!(LISTENER.with_borrow(Option::is_none));
    }
}
