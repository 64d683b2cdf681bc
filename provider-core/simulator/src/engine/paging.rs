//! Where a distributor's paged answers keep rows, totals and cursors: what faults of listings rewrite.

use serde_json::{Number, Value};

/// The places of a paged answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PagingShape {
    /// Top-level members that hold the rows, for example `content`. A bare array is its own rows.
    pub(crate) rows: &'static [&'static str],
    /// JSON pointers to the totals, for example `/page/totalElements`.
    pub(crate) totals: &'static [&'static str],
    /// JSON pointers to the cursor of the next page; empty where pages are numbered.
    pub(crate) cursors: &'static [&'static str],
}

impl PagingShape {
    /// The rows of `answer`, if it is a page.
    pub(crate) fn rows_mut<'a>(&self, answer: &'a mut Value) -> Option<&'a mut Vec<Value>> {
        match answer {
            Value::Array(rows) => Some(rows),
            Value::Object(members) => {
                let name = self.rows.iter().find(|name| members.get(**name).is_some_and(Value::is_array))?;
                members.get_mut(*name)?.as_array_mut()
            }
            _ => None,
        }
    }

    /// Adds `delta` to every total, which never falls below zero.
    pub(crate) fn shift_totals(&self, answer: &mut Value, delta: i64) {
        for pointer in self.totals {
            let Some(total) = answer.pointer_mut(pointer) else {
                continue;
            };
            let as_text = total.is_string();
            let told = match &*total {
                Value::Number(number) => number.as_i64(),
                Value::String(text) => text.parse().ok(),
                _ => None,
            };
            if let Some(told) = told {
                let lie = told.saturating_add(delta).max(0);
                *total =
                    if as_text { Value::String(lie.to_string()) } else { Value::Number(Number::from(lie)) };
            }
        }
    }

    /// Sends the page's first row a second time, at its end.
    pub(crate) fn duplicate_first_row(&self, answer: &mut Value) {
        if let Some(rows) = self.rows_mut(answer)
            && let Some(first) = rows.first().cloned()
        {
            rows.push(first);
        }
    }

    /// The cursor of the next page, where there is one.
    pub(crate) fn cursor(&self, answer: &Value) -> Option<Value> {
        self.cursors
            .iter()
            .filter_map(|pointer| answer.pointer(pointer))
            .find(|cursor| !cursor.is_null() && cursor.as_str() != Some(""))
            .cloned()
    }

    /// Puts `cursor` in the place of the next page's cursor, also on the last page, where the member may be missing.
    pub(crate) fn set_cursor(&self, answer: &mut Value, cursor: &Value) {
        for pointer in self.cursors {
            if let Some(place) = answer.pointer_mut(pointer) {
                *place = cursor.clone();
                return;
            }
        }
        let Some(pointer) = self.cursors.first() else {
            return;
        };
        let (parent, name) = pointer.rsplit_once('/').unwrap_or(("", pointer));
        if let Some(Value::Object(members)) = answer.pointer_mut(parent) {
            members.insert(name.to_owned(), cursor.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SHAPE: PagingShape =
        PagingShape { rows: &["content"], totals: &["/page/total", "/page/text"], cursors: &["/next"] };

    #[test]
    fn totals_keep_their_json_type() {
        let mut answer = json!({"content": [], "page": {"total": 3, "text": "3"}});
        SHAPE.shift_totals(&mut answer, -5);
        assert_eq!(answer, json!({"content": [], "page": {"total": 0, "text": "0"}}));
    }

    #[test]
    fn rows_and_cursor_are_found_or_made() {
        let mut answer = json!({"content": [1, 2]});
        SHAPE.duplicate_first_row(&mut answer);
        SHAPE.set_cursor(&mut answer, &json!("again"));
        assert_eq!(answer, json!({"content": [1, 2, 1], "next": "again"}));
        assert_eq!(SHAPE.cursor(&answer), Some(json!("again")));
    }
}
