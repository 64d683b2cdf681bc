//! Values on their way to PostgreSQL and back.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;

use bytes::BytesMut;
use provider_core::{Error, ErrorKind, Result};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::error::damaged;
use crate::tx::{MarkedKeys, Row, Value};

type Refused = Box<dyn StdError + Send + Sync>;

/// PostgreSQL has no text with a NUL in it, and the ids of distributors are theirs to choose. So this sign, which
/// nobody uses, stands for it together with the digit behind it, and for itself.
const STAND_IN: char = '\u{10FFFD}';

/// As it can be stored.
fn storable(text: &str) -> Cow<'_, str> {
    if !text.contains(['\0', STAND_IN]) {
        return Cow::Borrowed(text);
    }
    let mut stored = String::with_capacity(text.len() + 8);
    for sign in text.chars() {
        match sign {
            '\0' => stored.extend([STAND_IN, '0']),
            STAND_IN => stored.extend([STAND_IN, '1']),
            other => stored.push(other),
        }
    }
    Cow::Owned(stored)
}

/// As it was.
fn read(stored: String) -> String {
    if !stored.contains(STAND_IN) {
        return stored;
    }
    let mut text = String::with_capacity(stored.len());
    let mut signs = stored.chars();
    while let Some(sign) = signs.next() {
        match sign {
            STAND_IN => text.push(if signs.next() == Some('0') { '\0' } else { STAND_IN }),
            other => text.push(other),
        }
    }
    text
}

/// One value of a statement.
pub(super) struct Param<'a>(pub(super) &'a Value);

/// The driver writes the values of every statement into its log.
impl fmt::Debug for Param<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("_")
    }
}

impl ToSql for Param<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> std::result::Result<IsNull, Refused> {
        match (self.0, ty) {
            (Value::Null, _) => Ok(IsNull::Yes),
            (Value::Int(number), &Type::INT8) => number.to_sql(ty, out),
            (Value::Int(number), &Type::INT4) => i32::try_from(*number)?.to_sql(ty, out),
            (Value::Text(text), &Type::TEXT) => storable(text).to_sql(ty, out),
            (Value::Word(word), &Type::TEXT) => word.to_sql(ty, out),
            (Value::Bytes(bytes), &Type::BYTEA) => bytes.to_sql(ty, out),
            (Value::Mark(mark), &Type::BYTEA) => mark.as_slice().to_sql(ty, out),
            _ => Err(format!("a statement takes a {ty} where it is given something else").into()),
        }
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::INT4 | Type::TEXT | Type::BYTEA)
    }

    to_sql_checked!();
}

/// The values of one column of many sets.
pub(super) enum Column<'a> {
    Longs(Vec<Option<i64>>),
    Texts(Vec<Option<Cow<'a, str>>>),
    Bytes(Vec<Option<&'a [u8]>>),
}

impl fmt::Debug for Column<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("_")
    }
}

impl<'a> Column<'a> {
    /// The values that stand at this place in every set.
    pub(super) fn of(ty: &Type, sets: &'a [Vec<Value>], at: usize) -> Result<Self> {
        let values = sets.iter().map(|set| set.get(at).unwrap_or(&Value::Null));
        match *ty {
            Type::INT8 => all(values, |value| match value {
                Value::Int(number) => Some(*number),
                _ => None,
            })
            .map(Self::Longs),
            Type::TEXT => all(values, |value| match value {
                Value::Text(text) => Some(storable(text)),
                Value::Word(word) => Some(Cow::Borrowed(*word)),
                _ => None,
            })
            .map(Self::Texts),
            Type::BYTEA => all(values, |value| match value {
                Value::Bytes(bytes) => Some(bytes.as_slice()),
                Value::Mark(mark) => Some(mark.as_slice()),
                _ => None,
            })
            .map(Self::Bytes),
            _ => Err(unfit()),
        }
    }

    /// The texts of keys, and their marks.
    pub(super) fn of_keys(keys: &'a MarkedKeys) -> (Self, Self) {
        let (texts, marks) = keys.iter().map(|(text, mark)| (Some(storable(text)), mark)).unzip();
        (Self::Texts(texts), Self::Bytes(marks))
    }
}

fn all<'a, A>(
    values: impl Iterator<Item = &'a Value>,
    read: impl Fn(&'a Value) -> Option<A>,
) -> Result<Vec<Option<A>>> {
    let one = |value| match value {
        &Value::Null => Ok(None),
        value => read(value).map(Some).ok_or_else(unfit),
    };
    values.map(one).collect()
}

fn unfit() -> Error {
    Error::new(ErrorKind::Internal, "a statement of the store is given values that it does not take")
}

impl ToSql for Column<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> std::result::Result<IsNull, Refused> {
        match self {
            Self::Longs(values) => values.to_sql(ty, out),
            Self::Texts(values) => values.to_sql(ty, out),
            Self::Bytes(values) => values.to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8_ARRAY | Type::TEXT_ARRAY | Type::BYTEA_ARRAY)
    }

    to_sql_checked!();
}

/// The name of a type in SQL, of those that the values here have.
pub(super) fn name(ty: &Type) -> Result<&'static str> {
    match *ty {
        Type::INT8 => Ok("bigint"),
        Type::TEXT => Ok("text"),
        Type::BYTEA => Ok("bytea"),
        _ => Err(unfit()),
    }
}

/// A value as it comes back.
struct Cell(Value);

impl<'a> FromSql<'a> for Cell {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> std::result::Result<Self, Refused> {
        Ok(Self(match *ty {
            Type::INT8 => Value::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Value::Int(i64::from(i32::from_sql(ty, raw)?)),
            Type::INT2 => Value::Int(i64::from(i16::from_sql(ty, raw)?)),
            Type::BOOL => bool::from_sql(ty, raw)?.into(),
            Type::BYTEA => Value::Bytes(raw.to_vec()),
            _ => Value::Text(read(String::from_sql(ty, raw)?)),
        }))
    }

    fn from_sql_null(_: &Type) -> std::result::Result<Self, Refused> {
        Ok(Self(Value::Null))
    }

    fn accepts(ty: &Type) -> bool {
        matches!(*ty, Type::INT8 | Type::INT4 | Type::INT2 | Type::BOOL | Type::BYTEA)
            || <String as FromSql<'_>>::accepts(ty)
    }
}

/// A row of an answer.
pub(super) fn row(found: &tokio_postgres::Row) -> Result<Row> {
    let cell = |at| found.try_get::<_, Cell>(at).map(|cell| cell.0);
    let values = (0..found.len()).map(cell).collect::<std::result::Result<_, _>>();
    // The driver's own words name the column alone.
    values.map(Row::new).map_err(|error| damaged(format_args!("a row of the store cannot be read ({error})")))
}

/// Three lists of whole numbers, as rows.
pub(super) fn numbers(found: &tokio_postgres::Row) -> Result<Vec<[Option<i64>; 3]>> {
    // The driver's own words name the column alone.
    let unread = |error| damaged(format_args!("a row of the store cannot be read ({error})"));
    let longs = |at: usize| found.try_get::<_, Option<Vec<Option<i64>>>>(at).map_err(unread);
    let flags = found.try_get::<_, Option<Vec<Option<i32>>>>(2).map_err(unread)?.unwrap_or_default();
    let (first, second) = (longs(0)?.unwrap_or_default(), longs(1)?.unwrap_or_default());
    let all = first.into_iter().zip(second).zip(flags);
    Ok(all.map(|((first, second), flag)| [first, second, flag.map(i64::from)]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back_and_none_has_a_nul_meanwhile() {
        for text in ["", "plain", "a\0b", "\0", "\u{10FFFD}", "\u{10FFFD}0", "\0\u{10FFFD}1\0", "ü\0"] {
            let stored = storable(text);
            assert!(!stored.contains('\0'), "{text:?}");
            assert_eq!(read(stored.into_owned()), text);
        }
    }

    #[test]
    fn keys_are_two_columns() {
        let mut keys = MarkedKeys::default();
        keys.push("a", None);
        keys.push("b\0", Some([7; 16]));
        let (texts, marks) = Column::of_keys(&keys);
        let stored = [Some(Cow::Borrowed("a")), Some(Cow::Borrowed("b\u{10FFFD}0"))];
        assert!(matches!(texts, Column::Texts(all) if all == stored));
        assert!(matches!(marks, Column::Bytes(all) if all == [None, Some([7_u8; 16].as_slice())]));
    }

    #[test]
    fn values_are_in_no_log() {
        let value = Value::from("REFRESH-0001");
        assert_eq!(format!("{:?}", Param(&value)), "_");
        let sets = [vec![value]];
        assert_eq!(
            Column::of(&Type::TEXT, &sets, 0).map(|column| format!("{column:?}")).ok().as_deref(),
            Some("_")
        );
    }
}
