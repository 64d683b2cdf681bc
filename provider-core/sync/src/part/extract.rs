//! What is looked at in a record, taken out of it.

use std::fmt::Display;

use provider_core::FieldPath;
use serde::ser::{Error as _, Impossible, Serialize, SerializeStruct, Serializer};
use serde_json::{Error, Value};

use super::Looked;

/// A record as far as anything looks at it. As JSON every name would be a text of its own, of every record.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Extract {
    /// The record, or what became of it, as JSON.
    Json(Value),
    Members(Members),
}

type Members = Vec<(&'static str, Member)>;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Member {
    Whole(Value),
    /// Of a record within the record, some of its own members.
    Own(Vec<(&'static str, Value)>),
}

impl Extract {
    /// Takes those members out of a record.
    pub(crate) fn of<T: Serialize>(record: &T, looked_at: &Looked<'_>) -> Self {
        Self::Members(record.serialize(OfRecord(looked_at)).unwrap_or_default())
    }

    /// What stands where a path leads, as [`FieldPath::value`] has it.
    pub(crate) fn value(&self, path: &FieldPath) -> Option<&Value> {
        match self {
            Self::Json(record) => path.value(record),
            Self::Members(members) => match found(members, path.first())? {
                Member::Whole(value) => path.value_behind(1, value),
                Member::Own(own) => path.value_behind(2, found(own, path.second()?)?),
            },
        }
    }

    /// The same, taken out of it where the path leads no further than its parts do.
    pub(crate) fn take(&mut self, path: &FieldPath) -> Option<Value> {
        let Self::Members(members) = self else { return self.value(path).cloned() };
        let (names, value) = match found_mut(members, path.first())? {
            Member::Whole(value) => (1, value),
            Member::Own(own) => (2, found_mut(own, path.second()?)?),
        };
        let led_to = path.value_behind(names, value)?;
        if std::ptr::eq(led_to, value) { Some(std::mem::take(value)) } else { Some(led_to.clone()) }
    }

    /// A member of the record, whole.
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        match self {
            Self::Json(record) => record.get(name),
            Self::Members(members) => match found(members, name)? {
                Member::Whole(value) => Some(value),
                Member::Own(_) => None,
            },
        }
    }
}

fn found<'m, M>(members: &'m [(&'static str, M)], name: &str) -> Option<&'m M> {
    members.iter().find(|(own, _)| *own == name).map(|(_, member)| member)
}

fn found_mut<'m, M>(members: &'m mut [(&'static str, M)], name: &str) -> Option<&'m mut M> {
    members.iter_mut().find(|(own, _)| *own == name).map(|(_, member)| member)
}

/// Takes a record with members, and nothing else.
struct OfRecord<'l>(&'l Looked<'l>);

struct Taken<'l> {
    looked_at: &'l Looked<'l>,
    members: Members,
}

impl SerializeStruct for Taken<'_> {
    type Ok = Members;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        let Some((_, own)) = self.looked_at.iter().find(|(member, _)| *member == name) else { return Ok(()) };
        let member = match own {
            None => Member::Whole(serde_json::to_value(value)?),
            // What is no record after all is taken whole.
            Some(own) => match value.serialize(OfMember(own)) {
                Ok(member) => member,
                Err(_) => Member::Whole(serde_json::to_value(value)?),
            },
        };
        self.members.push((name, member));
        Ok(())
    }

    fn end(self) -> Result<Members, Error> {
        Ok(self.members)
    }
}

/// Takes some members of a record within a record.
struct OfMember<'l>(&'l [String]);

struct Own<'l> {
    own: &'l [String],
    members: Vec<(&'static str, Value)>,
}

impl SerializeStruct for Own<'_> {
    type Ok = Member;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
        if self.own.iter().any(|own| own == name) {
            self.members.push((name, serde_json::to_value(value)?));
        }
        Ok(())
    }

    fn end(self) -> Result<Member, Error> {
        Ok(Member::Own(self.members))
    }
}

macro_rules! no_record {
    ($($name:ident($($type:ty),*);)+) => {$(
        fn $name(self, $(_: $type),*) -> Result<Self::Ok, Error> {
            Err(none())
        }
    )+};
    (in parts: $($name:ident($($type:ty),*) -> $part:ident;)+) => {$(
        fn $name(self, $(_: $type),*) -> Result<Self::$part, Error> {
            Err(none())
        }
    )+};
}

/// Everything but records with members is refused.
macro_rules! records_only {
    () => {
        type Error = Error;
        type SerializeSeq = Impossible<Self::Ok, Error>;
        type SerializeTuple = Impossible<Self::Ok, Error>;
        type SerializeTupleStruct = Impossible<Self::Ok, Error>;
        type SerializeTupleVariant = Impossible<Self::Ok, Error>;
        type SerializeMap = Impossible<Self::Ok, Error>;
        type SerializeStructVariant = Impossible<Self::Ok, Error>;

        no_record! {
            serialize_bool(bool);
            serialize_i8(i8);
            serialize_i16(i16);
            serialize_i32(i32);
            serialize_i64(i64);
            serialize_u8(u8);
            serialize_u16(u16);
            serialize_u32(u32);
            serialize_u64(u64);
            serialize_f32(f32);
            serialize_f64(f64);
            serialize_char(char);
            serialize_str(&str);
            serialize_bytes(&[u8]);
            serialize_unit_struct(&'static str);
            serialize_unit_variant(&'static str, u32, &'static str);
        }

        no_record! { in parts:
            serialize_seq(Option<usize>) -> SerializeSeq;
            serialize_tuple(usize) -> SerializeTuple;
            serialize_tuple_struct(&'static str, usize) -> SerializeTupleStruct;
            serialize_tuple_variant(&'static str, u32, &'static str, usize) -> SerializeTupleVariant;
            serialize_map(Option<usize>) -> SerializeMap;
            serialize_struct_variant(&'static str, u32, &'static str, usize) -> SerializeStructVariant;
        }

        fn serialize_newtype_variant<T: Serialize + ?Sized>(
            self,
            _: &'static str,
            _: u32,
            _: &'static str,
            _: &T,
        ) -> Result<Self::Ok, Error> {
            Err(none())
        }

        fn collect_str<T: Display + ?Sized>(self, _: &T) -> Result<Self::Ok, Error> {
            Err(none())
        }
    };
}

fn none() -> Error {
    Error::custom("a record has members")
}

impl<'l> Serializer for OfRecord<'l> {
    type Ok = Members;
    type SerializeStruct = Taken<'l>;

    records_only!();

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Taken<'l>, Error> {
        Ok(Taken { looked_at: self.0, members: Vec::with_capacity(self.0.len()) })
    }

    fn serialize_none(self) -> Result<Members, Error> {
        Err(none())
    }

    fn serialize_unit(self) -> Result<Members, Error> {
        Err(none())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<Members, Error> {
        Err(none())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: &T,
    ) -> Result<Members, Error> {
        Err(none())
    }
}

impl<'l> Serializer for OfMember<'l> {
    type Ok = Member;
    type SerializeStruct = Own<'l>;

    records_only!();

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Own<'l>, Error> {
        Ok(Own { own: self.0, members: Vec::with_capacity(self.0.len()) })
    }

    fn serialize_none(self) -> Result<Member, Error> {
        Ok(Member::Whole(Value::Null))
    }

    fn serialize_unit(self) -> Result<Member, Error> {
        Ok(Member::Whole(Value::Null))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Member, Error> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Member, Error> {
        value.serialize(self)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use provider_core::Customer;
    use provider_core::model::{Address, Tenant};
    use serde_json::json;

    use super::*;

    fn path(path: &str) -> FieldPath {
        path.parse().unwrap()
    }

    /// What a plan with these paths looks at, as [`CheckedKind::looked_at`](crate::plan::CheckedKind) has it.
    fn looked_at<'p>(paths: &'p [FieldPath]) -> Looked<'p> {
        let mut looked: Looked<'p> = Vec::new();
        for path in paths {
            let own = path.second().map(ToOwned::to_owned);
            match looked.iter_mut().find(|(member, _)| *member == path.first()) {
                Some((_, Some(all))) if own.is_some() => all.extend(own),
                Some((_, whole)) => *whole = None,
                None => looked.push((path.first(), own.map(|own| vec![own]))),
            }
        }
        looked
    }

    #[test]
    fn every_path_leads_to_what_it_leads_to_in_the_json() {
        let paths: Vec<_> = [
            "id",
            "name",
            "address.country",
            "address.city",
            "external_id",
            "website",
            "tenants[vendor=microsoft].domain",
            "contacts[role=billing].email",
        ]
        .map(path)
        .into();
        let mut customer = Customer::new("1", "Bakery");
        let mut address = Address::default();
        address.city = Some("Kiel".into());
        customer.address = Some(address);
        customer.tenants = vec![Tenant::new("microsoft")];
        customer.tenants.iter_mut().for_each(|tenant| tenant.domain = Some("m.example.com".into()));
        let json = serde_json::to_value(&customer).unwrap();
        let extract = Extract::of(&customer, &looked_at(&paths));
        for path in &paths {
            assert_eq!(extract.value(path), path.value(&json), "{path}");
            assert_eq!(Extract::Json(json.clone()).value(path), path.value(&json), "{path}");
        }
        let mut taken = extract.clone();
        for path in &paths {
            assert_eq!(taken.take(path).as_ref(), path.value(&json), "{path}");
        }
        assert_eq!(taken.value(&path("address.city")), None, "it was taken");
        assert_eq!(extract.get("name"), Some(&json!("Bakery")));
        assert_eq!(extract.get("status"), None, "nothing looks at it");
    }
}
