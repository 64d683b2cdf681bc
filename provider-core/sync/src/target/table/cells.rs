//! The texts and values of a change on their way to another thread.

use serde_json::Value;

use super::value::{Cell, Form, Lent};

/// A text, and values in the order of their columns, with all their texts in one piece: each by itself would be made here
/// and thrown away there.
#[derive(Debug)]
pub(super) struct Cells {
    texts: String,
    /// Up to here it is the first text.
    head: usize,
    places: Vec<Place>,
}

#[derive(Debug, Clone, Copy)]
enum Place {
    Null,
    Whole(i64),
    /// Up to here; it begins where the last one ends.
    Text(usize),
}

impl Cells {
    /// A text, and the values as their columns are given them.
    pub(super) fn of<'v>(
        head: &str,
        values: impl ExactSizeIterator<Item = (Form, &'v Value)> + Clone,
    ) -> Self {
        let length: usize = values.clone().filter_map(|(_, value)| value.as_str()).map(str::len).sum();
        let mut texts = String::with_capacity(head.len() + length);
        texts.push_str(head);
        let mut cells = Self { texts, head: head.len(), places: Vec::with_capacity(values.len()) };
        for (form, value) in values {
            cells.push(form, value);
        }
        cells
    }

    fn push(&mut self, form: Form, value: &Value) {
        let place = match (form.as_it_is(value), value) {
            (true, Value::String(text)) => self.text(text),
            _ => match form.cell(value) {
                Cell::Null => Place::Null,
                Cell::Whole(whole) => Place::Whole(whole),
                Cell::Text(text) => self.text(&text),
            },
        };
        self.places.push(place);
    }

    fn text(&mut self, text: &str) -> Place {
        self.texts.push_str(text);
        Place::Text(self.texts.len())
    }

    pub(super) fn head(&self) -> &str {
        self.texts.get(..self.head).unwrap_or_default()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Lent<'_>> {
        let mut begin = self.head;
        self.places.iter().map(move |place| match *place {
            Place::Null => Lent::Null,
            Place::Whole(whole) => Lent::Whole(whole),
            Place::Text(end) => {
                let from = std::mem::replace(&mut begin, end);
                Lent::Text(self.texts.get(from..end).unwrap_or_default())
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_value_comes_out_as_its_column_is_given_it() {
        let values = [
            (Form::Plain, json!("seats")),
            (Form::Plain, json!(null)),
            (Form::Number, json!("007")),
            (Form::Plain, json!(12)),
            (Form::Plain, json!("")),
            (Form::Whole, json!("5.00")),
            (Form::Moment { zoned: true, digits: 6 }, json!("2026-03-01")),
            (Form::Json, json!("[1]")),
            (Form::Truth, json!(true)),
            (Form::Text, json!("é")),
        ];
        let cells = Cells::of("0017", values.iter().map(|(form, value)| (*form, value)));
        let wanted: Vec<_> = values.iter().map(|(form, value)| form.cell(value)).collect();
        assert_eq!(cells.iter().collect::<Vec<_>>(), wanted.iter().map(Cell::lend).collect::<Vec<_>>());
        assert_eq!(cells.head(), "0017");
        assert_eq!(cells.iter().nth(3), Some(Lent::Whole(12)));
    }
}
