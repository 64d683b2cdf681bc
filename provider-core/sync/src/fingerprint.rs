//! Fingerprints: what tells whether something changed without keeping it.

mod written;

use std::fmt;

use provider_core::model::Entity;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::part::{Chosen, Looked, Part};
use crate::plan::{CheckedKind, CheckedPlan, Values};
use written::Bytes;

/// 128 bits of SHA-256: the same on every machine and in every release.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    fn finish(hash: Sha256) -> Self {
        let digest = hash.finalize();
        let mut bytes = [0; 16];
        for (byte, digest) in bytes.iter_mut().zip(digest.iter()) {
            *byte = *digest;
        }
        Self(bytes)
    }

    /// Of a text.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(text.as_bytes());
        Self::finish(hash)
    }

    /// Of values with names, such as the columns of a row: the order in which they come does not matter.
    #[must_use]
    pub fn of_values<'v>(values: impl IntoIterator<Item = (&'v str, &'v Value)>) -> Self {
        let mut values: Vec<_> = values.into_iter().collect();
        values.sort_unstable_by_key(|(name, _)| *name);
        let mut written = Written::default();
        for (name, value) in values {
            written.value(name, value);
        }
        written.fingerprint()
    }

    /// The same of values that are sorted already.
    pub(crate) fn of_sorted(values: &Values) -> Self {
        let mut written = Written::default();
        for (name, value) in values {
            written.value(name, value);
        }
        written.fingerprint()
    }

    /// Its bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Of bytes that were stored.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The first few digits, for people.
    #[must_use]
    pub fn short(&self) -> String {
        self.0.iter().take(3).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Values with names on their way into a fingerprint: written one after another, then hashed at once.
#[derive(Debug)]
pub(crate) struct Written(Vec<u8>);

impl Default for Written {
    fn default() -> Self {
        Self(Vec::with_capacity(256))
    }
}

impl Written {
    /// The next value, in the order of the names. No name holds a line break, and JSON text has none outside of strings,
    /// where it is escaped.
    pub(crate) fn value<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        self.0.extend_from_slice(name.as_bytes());
        self.0.push(b'\n');
        // Nothing that a column holds fails to be JSON; whatever did would be another value.
        if serde_json::to_writer(&mut self.0, value).is_err() {
            self.0.push(0);
        }
        self.0.push(b'\n');
    }

    pub(crate) fn fingerprint(&self) -> Fingerprint {
        let mut hash = Sha256::new();
        hash.update(&self.0);
        Fingerprint::finish(hash)
    }
}

/// Fingerprints of a distributor's records under one plan: another plan, or another client, maps anew.
#[derive(Clone)]
pub(crate) struct Sources<'r> {
    begun: Sha256,
    /// The members that anything is made of. Without it, all of them: another record than this one may tell more.
    looked_at: Option<Looked<'r>>,
    bytes: Bytes,
}

impl fmt::Debug for Sources<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sources")
    }
}

impl<'r> Sources<'r> {
    pub(crate) fn new<T: Entity>(
        plan: &CheckedPlan,
        rule: &'r CheckedKind,
        client_version: Option<&str>,
    ) -> Self {
        let mut begun = Sha256::new();
        begun.update(plan.revision.bytes());
        begun.update(client_version.unwrap_or_default().as_bytes());
        begun.update(b"\n");
        let own =
            || rule.looked_at().into_iter().filter(|(member, _)| !T::VOLATILE.contains(member)).collect();
        Self { begun, looked_at: (!rule.full()).then(own), bytes: Bytes(Vec::with_capacity(1024)) }
    }

    /// Of a record without what changes by itself, and of what is `told` about it beside its members.
    pub(crate) fn of<T: Entity>(&mut self, record: &T, told: [Option<&str>; 2]) -> Fingerprint {
        let chosen = self.looked_at.as_deref().map_or(Chosen::But(T::VOLATILE), Chosen::Only);
        // A hash that is fed each value by itself spends most of its time on that.
        let bytes = &mut self.bytes;
        bytes.0.clear();
        // Neither the models nor memory can fail; whatever did would be another record.
        if told.serialize(&mut *bytes).and(record.serialize(Part { inner: &mut *bytes, chosen })).is_err() {
            bytes.0.push(0);
        }
        let mut hash = self.begun.clone();
        hash.update(&bytes.0);
        Fingerprint::finish(hash)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut bytes = [0; 16];
        if text.len() != 32 || !text.is_ascii() {
            return Err(serde::de::Error::custom("a fingerprint has 32 digits"));
        }
        for (at, byte) in bytes.iter_mut().enumerate() {
            let digits = text.get(2 * at..2 * at + 2).unwrap_or_default();
            *byte = u8::from_str_radix(digits, 16).map_err(serde::de::Error::custom)?;
        }
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use provider_core::model::{Detail, Raw};
    use provider_core::schema::FieldType;
    use provider_core::{Customer, EntityKind};
    use serde_json::json;

    use super::*;
    use crate::plan::{CheckedField, Clear, DetailPlan, KindPlan, Owner, Ways};

    fn plan() -> CheckedPlan {
        CheckedPlan {
            connection: "a".into(),
            enabled: true,
            revision: Fingerprint::of_text("plan"),
            cap: crate::plan::Cap::default(),
            kinds: Vec::new(),
            breaker: crate::plan::BreakerPlan::default(),
            alerts: Vec::new(),
        }
    }

    fn rule(detail: DetailPlan) -> CheckedKind {
        let mut plan = KindPlan::new(EntityKind::Customer);
        plan.detail = detail;
        let field = CheckedField {
            remote: "created_at".parse().unwrap(),
            currency: None,
            local: "since".into(),
            transform: Vec::new(),
            kind: FieldType::DateTime,
            owner: Owner::Remote,
            clear: Clear::Never,
            link: None,
            ways: Ways::default(),
        };
        CheckedKind { at: 0, plan, fields: vec![field], rules: Vec::new(), control: false }
    }

    fn of(rule: &CheckedKind, client: &str, customer: &Customer) -> Fingerprint {
        Sources::new::<Customer>(&plan(), rule, Some(client)).of(customer, [None, None])
    }

    #[test]
    fn only_what_changes_by_itself_is_left_out() {
        for detail in [DetailPlan::default(), DetailPlan::Full { refresh: 7 }] {
            let rule = rule(detail);
            let mut customer = Customer::new("1", "Bakery");
            let first = of(&rule, "1", &customer);
            customer.detail = Detail::Full;
            customer.raw = Some(Raw::new(r#"{"a":1}"#, &[]).unwrap());
            customer.updated_at = Some(chrono::DateTime::UNIX_EPOCH);
            assert_eq!(of(&rule, "1", &customer), first);
            customer.created_at = Some(chrono::DateTime::UNIX_EPOCH);
            assert_ne!(of(&rule, "1", &customer), first);
            assert_ne!(of(&rule, "2", &Customer::new("1", "Bakery")), first, "another client");
        }
    }

    #[test]
    fn what_nothing_is_made_of_changes_nothing_unless_it_tells_that_more_has_to_be_read() {
        let (before, mut after) = (Customer::new("1", "Bakery"), Customer::new("1", "Bakery"));
        after.website = Some("https://example.com".into());
        let list = rule(DetailPlan::default());
        assert_eq!(of(&list, "1", &before), of(&list, "1", &after));
        let full = rule(DetailPlan::Full { refresh: 7 });
        assert_ne!(of(&full, "1", &before), of(&full, "1", &after));
    }

    #[test]
    fn what_is_told_beside_the_members_counts() {
        let rule = rule(DetailPlan::default());
        let of =
            |told| Sources::new::<Customer>(&plan(), &rule, None).of(&Customer::new("1", "Bakery"), told);
        let all = [[None, None], [Some("a"), None], [None, Some("a")], [Some("a"), Some("a")]];
        for (at, one) in all.iter().enumerate() {
            assert!(all.iter().skip(at + 1).all(|other| of(*other) != of(*one)), "{one:?}");
        }
    }

    #[test]
    fn the_order_of_columns_does_not_matter_and_their_borders_do() {
        let of = |pairs: &[(&str, Value)]| {
            Fingerprint::of_values(pairs.iter().map(|(name, value)| (*name, value)))
        };
        let (a, b) = (("a", json!("1")), ("b", json!("2")));
        assert_eq!(of(&[a.clone(), b.clone()]), of(&[b, a]));
        assert_ne!(of(&[("a", json!("1"))]), of(&[("a", json!(1))]));
        assert_ne!(of(&[("a", json!("x\nb\n1"))]), of(&[("a", json!("x")), ("b", json!(1))]));
    }

    #[test]
    fn it_is_written_and_read() {
        let one = Fingerprint::of_text("x");
        assert_eq!(serde_json::from_value::<Fingerprint>(json!(one)).unwrap(), one);
        assert_eq!(Fingerprint::from_bytes(one.bytes()), Some(one));
        assert_eq!(Fingerprint::from_bytes(&[1, 2]), None);
    }
}
