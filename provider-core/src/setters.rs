//! Builder methods for the fields of values that a caller fills.

/// Adds a builder method for each named field, after which the value reads like a sentence. The type is that of
/// the value inside an `Option` or a `Patch`.
macro_rules! setters {
    ($name:ident { $( $(#[$meta:meta])+ $field:ident : $value:ty ),+ $(,)? }) => {
        impl $name {
            $(
                $(#[$meta])+
                #[must_use]
                pub fn $field(mut self, $field: impl Into<$value>) -> Self {
                    let value: $value = $field.into();
                    self.$field = From::from(value);
                    self
                }
            )+
        }
    };
}

pub(crate) use setters;
