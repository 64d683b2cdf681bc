//! Records kept as the JSON that is answered, for resources without rules of their own.

use std::collections::BTreeMap;

use super::json::Json;

/// Records by their numeric id.
#[derive(Debug)]
pub(crate) struct Table {
    rows: BTreeMap<i64, Json>,
    next: i64,
}

impl Table {
    /// An empty table whose first record gets that id.
    pub(crate) fn starting(first: i64) -> Self {
        Self { rows: BTreeMap::new(), next: first }
    }

    /// Adds a record, with the new id as its `Id` member.
    pub(crate) fn add(&mut self, mut record: Json) -> i64 {
        let id = self.next;
        self.next += 1;
        record.set("Id", id);
        self.rows.insert(id, record);
        id
    }

    pub(crate) fn get(&self, id: i64) -> Option<&Json> {
        self.rows.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: i64) -> Option<&mut Json> {
        self.rows.get_mut(&id)
    }

    pub(crate) fn remove(&mut self, id: i64) -> Option<Json> {
        self.rows.remove(&id)
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = &Json> {
        self.rows.values()
    }
}

/// True if one of the texts holds `search`, without regard to case; an empty search fits everything.
pub(crate) fn mentions(search: Option<&str>, texts: &[Option<&str>]) -> bool {
    let Some(search) = search else {
        return true;
    };
    let wanted = search.to_lowercase();
    texts.iter().flatten().any(|text| text.to_lowercase().contains(&wanted))
}

#[cfg(test)]
mod tests {
    use super::super::json::object;
    use super::*;

    #[test]
    fn ids_count_up_and_are_not_reused() {
        let mut table = Table::starting(10);
        assert_eq!(table.add(object! { "Id": 0, "Name": "a" }), 10);
        assert_eq!(table.add(object! { "Name": "b" }), 11);
        assert!(table.remove(11).is_some());
        assert_eq!(table.add(object! { "Name": "c" }), 12);
        assert_eq!(table.get(10).map(|row| row.get("Id").int()), Some(Some(10)));
        assert_eq!(table.rows().count(), 2);
    }

    #[test]
    fn search_ignores_case() {
        assert!(mentions(Some("BAKE"), &[None, Some("Fabled Bakery")]));
        assert!(!mentions(Some("ink"), &[Some("Fabled Bakery")]));
        assert!(mentions(None, &[]));
    }
}
