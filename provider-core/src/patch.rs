//! Three-state fields of updates.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What an update does to one field: leave it, empty it, or set it.
///
/// In JSON an absent field keeps, `null` clears, a value sets. Use with
/// `#[serde(default, skip_serializing_if = "Patch::is_keep")]`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Patch<T> {
    /// Leave the field as it is.
    #[default]
    Keep,
    /// Empty it.
    Clear,
    /// Set it.
    Set(T),
}

impl<T> Patch<T> {
    /// True when the field is left alone.
    #[must_use]
    pub const fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// The new value, if one is set.
    #[must_use]
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }

    /// Applies the patch to a field.
    pub fn apply_to(self, field: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *field = None,
            Self::Set(value) => *field = Some(value),
        }
    }
}

impl<T> From<T> for Patch<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}

/// For patches of decimals.
pub(crate) mod decimal {
    use rust_decimal::Decimal;
    use serde::{Deserializer, Serializer};

    use super::Patch;
    use crate::wire::decimal::option;

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Patch<Decimal>, D::Error> {
        Ok(option::deserialize(d)?.map_or(Patch::Clear, Patch::Set))
    }

    pub(crate) fn serialize<S: Serializer>(patch: &Patch<Decimal>, s: S) -> Result<S::Ok, S::Error> {
        option::serialize(&patch.value().copied(), s)
    }
}

#[cfg(feature = "schema")]
impl<T: schemars::JsonSchema> schemars::JsonSchema for Patch<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Patch_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Option::<T>::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Sample {
        #[serde(default, skip_serializing_if = "Patch::is_keep")]
        phone: Patch<String>,
    }

    #[test]
    fn absent_null_and_value_are_three_things() {
        for (json, phone) in [
            ("{}", Patch::Keep),
            (r#"{"phone":null}"#, Patch::Clear),
            (r#"{"phone":"555"}"#, Patch::Set("555".to_owned())),
        ] {
            let change: Sample = serde_json::from_str(json).unwrap();
            assert_eq!(change, Sample { phone });
            assert_eq!(serde_json::to_string(&change).unwrap(), json);
        }
    }
}
