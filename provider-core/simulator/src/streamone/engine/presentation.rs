//! How numbers, enums and empty members are written: the variants of the live service, as switches.

use serde_json::Value;

use super::wire::{double, drop_unset};

/// How numbers are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum NumberStyle {
    /// protobuf-JSON: 64-bit integers are strings, everything else is a number.
    #[default]
    Protobuf,
    /// Ids, counts and v1 amounts are numbers.
    Numbers,
    /// Ids, counts and quantities are strings.
    Strings,
    /// One after the other as a number and as a string.
    Alternating,
}

/// How enumerated words are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnumCase {
    /// As captured: upper case, but lower case in subscription records.
    #[default]
    Captured,
    /// Upper case throughout.
    Upper,
    /// Lower case throughout.
    Lower,
    /// A capital first letter.
    Capitalized,
}

/// Members that hold 64-bit integers or counts.
const INTEGERS: &[&str] = &[
    "id",
    "accountId",
    "availableRowsCount",
    "cartId",
    "cartItemId",
    "ccpUserId",
    "cloudProviderId",
    "count",
    "customerId",
    "fieldId",
    "isvId",
    "orderId",
    "parentSubscriptionId",
    "providerIds",
    "quantity",
    "reportId",
    "resellerId",
    "resultCount",
    "rowsLimit",
    "subscriptionTotalLicenses",
    "totalCount",
    "totalItems",
    "totalSize",
    "userId",
];

/// Members whose decimal strings (v1) are amounts.
const AMOUNTS: &[&str] = &["cost", "price", "total", "usage"];

/// Members that hold enumerated words.
const WORDS: &[&str] = &[
    "action",
    "agreementStatus",
    "billingMode",
    "billingPeriod",
    "cancelTiming",
    "category",
    "customerStatus",
    "period",
    "reportModule",
    "status",
    "subscriptionBillingCycle",
    "subscriptionBillingType",
    "subscriptionRenewStatus",
    "subscriptionStatus",
    "type",
    "userStatus",
    "valueType",
];

/// Applied to every successful JSON answer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Presentation {
    pub(crate) numbers: NumberStyle,
    pub(crate) case: EnumCase,
    /// Whether empty texts and lists are written out instead of being left out.
    pub(crate) empties: bool,
}

impl Presentation {
    pub(crate) fn apply(self, answer: &mut Value) {
        drop_unset(answer, self.empties);
        if self.numbers != NumberStyle::Protobuf || self.case != EnumCase::Captured {
            let mut turn = false;
            self.walk("", answer, &mut turn);
        }
    }

    fn walk(self, name: &str, value: &mut Value, turn: &mut bool) {
        match value {
            Value::Object(members) => {
                members.iter_mut().for_each(|(name, member)| self.walk(name, member, turn));
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.walk(name, item, turn)),
            Value::String(text) if is_word(name, text) => *text = self.cased(text),
            other if INTEGERS.contains(&name) => self.renumber(other, turn),
            other if AMOUNTS.contains(&name) && other.is_string() => self.renumber(other, turn),
            _ => {}
        }
    }

    fn renumber(self, value: &mut Value, turn: &mut bool) {
        let as_number = match self.numbers {
            NumberStyle::Protobuf => return,
            NumberStyle::Numbers => true,
            NumberStyle::Strings => false,
            NumberStyle::Alternating => {
                *turn = !*turn;
                *turn
            }
        };
        let changed = match value {
            Value::String(text) if as_number => plain_number(text),
            Value::Number(number) if !as_number => Some(Value::String(number.to_string())),
            _ => None,
        };
        if let Some(changed) = changed {
            *value = changed;
        }
    }

    fn cased(self, text: &str) -> String {
        match self.case {
            EnumCase::Captured => text.to_owned(),
            EnumCase::Upper => text.to_uppercase(),
            EnumCase::Lower => text.to_lowercase(),
            EnumCase::Capitalized => {
                let lower = text.to_lowercase();
                let mut letters = lower.chars();
                let first = letters.next().map(|letter| letter.to_ascii_uppercase());
                first.into_iter().chain(letters).collect()
            }
        }
    }
}

/// Whether this member holds an enumerated word. `type` also names JSON types and v1 entities, both in lower case.
fn is_word(name: &str, text: &str) -> bool {
    WORDS.contains(&name) && (name != "type" || text.starts_with(|first: char| first.is_uppercase()))
}

/// The number that this text is, unless writing it as one would lose a leading zero.
fn plain_number(text: &str) -> Option<Value> {
    if text.contains('.') {
        return text.parse().ok().map(double);
    }
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then(|| Value::from(number))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(presentation: Presentation) -> Value {
        let mut answer = json!({
            "id": "0042", "orderId": "7", "customerId": "8", "quantity": 5, "status": "ACTIVE",
            "items": [{"subscriptionStatus": "active", "id": "9"}], "note": "", "price": 1.5,
        });
        presentation.apply(&mut answer);
        answer
    }

    #[test]
    fn the_default_leaves_types_and_case_alone() {
        let expected = json!({
            "id": "0042", "orderId": "7", "customerId": "8", "quantity": 5, "status": "ACTIVE",
            "items": [{"subscriptionStatus": "active", "id": "9"}], "price": 1.5,
        });
        assert_eq!(shown(Presentation::default()), expected);
    }

    #[test]
    fn numbers_and_case_are_switched_by_member_name() {
        let numbers = Presentation { numbers: NumberStyle::Numbers, case: EnumCase::Upper, empties: true };
        let expected = json!({
            "id": "0042", "orderId": 7, "customerId": 8, "quantity": 5, "status": "ACTIVE",
            "items": [{"subscriptionStatus": "ACTIVE", "id": 9}], "note": "", "price": 1.5,
        });
        assert_eq!(shown(numbers), expected);
        let strings =
            Presentation { numbers: NumberStyle::Strings, case: EnumCase::Capitalized, empties: false };
        let expected = json!({
            "id": "0042", "orderId": "7", "customerId": "8", "quantity": "5", "status": "Active",
            "items": [{"subscriptionStatus": "Active", "id": "9"}], "price": 1.5,
        });
        assert_eq!(shown(strings), expected);
    }
}
