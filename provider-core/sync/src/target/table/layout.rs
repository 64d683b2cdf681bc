//! A table as a plan uses it.

use super::schema::{PrimaryKey, Table};
use super::value::{Cell, Form, quoted};
use crate::plan::{KindPlan, Owner, RemovalHow};

/// Where the link stands in a row as it is selected.
pub(super) const LINK: usize = 1;

/// A column as it is written and read.
#[derive(Debug, Clone)]
pub(super) struct Used {
    pub(super) name: String,
    pub(super) form: Form,
    /// The type that a text is cast to on its way in, where the database wants that to be said.
    pub(super) cast: String,
}

/// A column that always has the same value.
#[derive(Debug, Clone)]
pub(super) struct Fixed {
    pub(super) name: String,
    pub(super) form: Form,
    pub(super) cast: String,
    pub(super) value: Cell,
}

/// A table as a plan uses it, with its names ready for SQL.
#[derive(Debug)]
pub(super) struct Layout {
    /// Its name, as SQL has it.
    pub(super) table: String,
    pub(super) key: PrimaryKey,
    /// The column of the distributor's id.
    pub(super) link: Used,
    pub(super) scope: Vec<Fixed>,
    /// The columns of the plan.
    pub(super) columns: Vec<Used>,
    /// The column that marks a row as removed; without it, rows are deleted.
    pub(super) mark: Option<Fixed>,
    /// The columns whose changes matter, the link among them, in the order of their names, and where each stands in a
    /// row as it is selected: not those that the application owns.
    pub(super) watched: Vec<(String, usize)>,
    /// The columns of a row, in the order in which [`Found`](super::found::Found) reads them.
    pub(super) selected: String,
    /// Reads the row with a key.
    pub(super) by_key: String,
    /// Reads the row that is tied to a record.
    pub(super) by_link: String,
    /// Whether anything that has to be unique in the table may be looked at last.
    #[cfg(feature = "postgres")]
    pub(super) deferred: bool,
    /// Reads the row with a number that SQLite gives to every row, where it does.
    #[cfg(feature = "sqlite")]
    pub(super) by_number: Option<String>,
}

impl Layout {
    /// `None` where the table lacks what the plan needs; the check has said what.
    pub(super) fn new(kind: &KindPlan, table: &Table) -> Option<Self> {
        let used = |name: &String| table.used(name);
        let link = used(&kind.key.as_ref()?.local)?;
        let fixed = |name: &String, value: &serde_json::Value| {
            let Used { name, form, cast } = used(name)?;
            Some(Fixed { value: form.cell(value), name, form, cast })
        };
        let columns: Vec<_> = kind.fields.iter().map(|field| used(&field.local)).collect::<Option<_>>()?;
        let mark = match (kind.removal.how, &kind.removal.column, &kind.removal.value) {
            (RemovalHow::Mark, Some(column), Some(value)) => Some(fixed(column, value)?),
            _ => None,
        };
        let scope: Vec<_> =
            kind.scope.iter().map(|(name, value)| fixed(name, value)).collect::<Option<_>>()?;
        let key = table.key()?;
        let first = 2 + usize::from(mark.is_some());
        let places = kind.fields.iter().enumerate().filter(|(_, field)| field.owner != Owner::Local);
        let mut watched: Vec<_> = places.map(|(at, field)| (field.local.clone(), first + at)).collect();
        watched.push((link.name.clone(), LINK));
        watched.sort_unstable();
        watched.dedup_by(|one, other| one.0 == other.0);
        let dialect = table.dialect;
        let mut selected =
            vec![dialect.reading(&key.column, key.form), dialect.reading(&link.name, link.form)];
        selected.extend(mark.iter().map(|mark| dialect.reading(&mark.name, mark.form)));
        selected.extend(columns.iter().map(|column| dialect.reading(&column.name, column.form)));
        let mut layout = Self {
            table: table.relation.clone(),
            key,
            link,
            scope,
            columns,
            mark,
            watched,
            selected: selected.join(", "),
            by_key: String::new(),
            by_link: String::new(),
            #[cfg(feature = "postgres")]
            deferred: table.deferred,
            #[cfg(feature = "sqlite")]
            by_number: None,
        };
        layout.by_key = dialect.looking(&layout, &layout.key.column, &layout.key.cast);
        layout.by_link = dialect.looking(&layout, &layout.link.name, &layout.link.cast);
        #[cfg(feature = "sqlite")]
        {
            let number = table.implied.as_ref().filter(|number| !table.hides(&number.column));
            layout.by_number = number.map(|number| {
                let Self { table, selected, .. } = &layout;
                format!("SELECT {selected} FROM {table} WHERE {} = ?1", quoted(&number.column))
            });
        }
        Some(layout)
    }

    fn used(&self, name: &str) -> Option<(Form, &str)> {
        let own = self.columns.iter().chain([&self.link]).find(|column| column.name == name);
        let own = own.map(|column| (column.form, column.cast.as_str()));
        own.or_else(|| {
            let fixed = self.mark.iter().chain(&self.scope).find(|column| column.name == name)?;
            Some((fixed.form, fixed.cast.as_str()))
        })
    }

    /// What a column makes of what is written to it.
    pub(super) fn form(&self, name: &str) -> Form {
        self.used(name).map_or(Form::Plain, |(form, _)| form)
    }

    /// The type that a text is cast to on its way into a column.
    #[cfg(feature = "postgres")]
    pub(super) fn cast(&self, name: &str) -> &str {
        self.used(name).map_or("text", |(_, cast)| cast)
    }

    /// Whether rows are marked in a column that is no field of the plan, so that no fingerprint tells of it.
    pub(super) fn hides_its_mark(&self) -> bool {
        self.mark.as_ref().is_some_and(|mark| self.columns.iter().all(|column| column.name != mark.name))
    }

    /// The column of the key, as SQL has it.
    pub(super) fn key_column(&self) -> String {
        quoted(&self.key.column)
    }
}
