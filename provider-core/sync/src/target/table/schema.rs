//! What a table of the application is like, and what it lacks.

use super::create;
use super::dialect::Dialect;
use super::layout::Used;
use super::value::{Form, quoted};
use crate::plan::{FieldMap, KindPlan, Owner, PlanProblem};
use crate::target::{LocalType, TargetField};

/// A table as it is.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(super) dialect: Dialect,
    /// Its name, as SQL has it.
    pub(super) relation: String,
    pub(super) columns: Vec<Column>,
    /// The columns of each unique index that holds for all rows, or for all that have the key.
    pub(super) unique: Vec<Vec<String>>,
    /// Whether it is a view, which has no rows of its own.
    pub(super) view: bool,
    /// Names that nothing else can get, where the database tells them.
    pub(super) taken: Vec<String>,
    /// What names a row where no column does.
    pub(super) implied: Option<PrimaryKey>,
    /// Whether anything that has to be unique in it may be looked at last.
    #[cfg(feature = "postgres")]
    pub(super) deferred: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: LocalType,
    pub(super) form: Form,
    /// The type that a text is cast to on its way in.
    pub(super) cast: String,
    /// Whether keys in it are numbers.
    pub(super) integer: bool,
    /// Whether a new row needs it from outside.
    pub(super) required: bool,
    /// Its place in the primary key, from 1.
    pub(super) key: i64,
    pub(super) generated: bool,
}

/// What identifies a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PrimaryKey {
    pub(crate) column: String,
    #[cfg_attr(not(feature = "sqlite"), allow(dead_code, reason = "a server is told by a cast"))]
    pub(crate) integer: bool,
    pub(super) form: Form,
    pub(super) cast: String,
}

impl Table {
    /// `None` where several columns make the key, or it is none that one can refer to.
    pub(crate) fn key(&self) -> Option<PrimaryKey> {
        let mut parts = self.columns.iter().filter(|column| column.key > 0);
        match (parts.next(), parts.next()) {
            (Some(column), None) => Some(PrimaryKey {
                column: column.name.clone(),
                integer: column.integer,
                form: column.form,
                cast: column.cast.clone(),
            }),
            (None, _) => self.implied.clone(),
            _ => None,
        }
    }

    /// Whether any column is a part of a primary key.
    pub(crate) fn is_keyed(&self) -> bool {
        self.columns.iter().any(|column| column.key > 0)
    }

    /// Whether a column of its own has this name, in any letters.
    #[cfg(feature = "sqlite")]
    pub(super) fn hides(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.name.eq_ignore_ascii_case(name))
    }

    pub(super) fn used(&self, name: &str) -> Option<Used> {
        let column = self.columns.iter().find(|column| column.name == name)?;
        Some(Used { name: name.to_owned(), form: column.form, cast: column.cast.clone() })
    }

    fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column.name == name)
    }

    /// A name like this one that nothing has yet, in any letters.
    fn free(&self, name: String) -> String {
        let taken = |name: &String| self.taken.iter().any(|taken| taken.eq_ignore_ascii_case(name));
        let others = (2..).map(|number| format!("{name}_{number}"));
        let free = std::iter::once(name.clone()).chain(others).find(|name| !taken(name));
        free.unwrap_or(name)
    }

    /// Whether a column tells the rows of a scope apart.
    fn is_unique(&self, name: &str, scope: &[&str]) -> bool {
        let alone = self.columns.iter().any(|column| column.key == 1 && column.name == name)
            && self.columns.iter().filter(|column| column.key > 0).count() == 1;
        let fits = |index: &Vec<String>| {
            index.iter().any(|column| column == name)
                && index.iter().all(|column| column == name || scope.contains(&column.as_str()))
        };
        alone || self.unique.iter().any(fits)
    }

    pub(crate) fn fields(&self) -> Vec<TargetField> {
        let names: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
        let field = |column: &Column| TargetField {
            name: column.name.clone(),
            kind: column.kind,
            required: column.required,
            // With which scope is for the plan to say: any other column may be one of it.
            unique: self.is_unique(&column.name, &names),
            writable: !column.generated,
        };
        self.columns.iter().map(field).collect()
    }
}

/// What the plan needs and the database has not.
pub(super) fn problems(kind: &KindPlan, dialect: Dialect, table: Option<&Table>) -> Vec<PlanProblem> {
    let Some(name) = kind.table.as_ref().filter(|name| !name.trim().is_empty()) else {
        return vec![PlanProblem::new("table", "names no table: `table = \"…\"` says where the rows are")];
    };
    let Some(table) = table else {
        let sql = create::table(dialect, &[kind], name);
        return vec![PlanProblem::new(
            "table",
            format!("the database has no table `{name}`; to add it: {sql}"),
        )];
    };
    if table.view {
        let message = format!("`{name}` is a view: name the table that its rows are in");
        return vec![PlanProblem::new("table", message)];
    }
    let mut problems = Vec::new();
    if table.key().is_none() {
        let message = if table.is_keyed() {
            format!("the primary key of `{name}` has several columns: a row needs one that names it")
        } else {
            let column = create::key(dialect, table.columns.iter().map(|column| column.name.as_str()));
            let relation = &table.relation;
            format!(
                "`{name}` has no primary key: a row needs a column that names it; to add one: ALTER TABLE {relation} ADD \
                 COLUMN {column};"
            )
        };
        problems.push(PlanProblem::new("table", message));
    }
    if let Some(key) = kind.key.as_ref().filter(|key| table.has(&key.local)) {
        let scope: Vec<&str> = kind.scope.keys().map(String::as_str).collect();
        if !table.is_unique(&key.local, &scope) {
            let columns: Vec<_> = scope.iter().copied().chain([key.local.as_str()]).collect();
            let index = quoted(&table.free(format!("{}_{}", dialect.bare(name), columns.join("_"))));
            let listed: Vec<_> = columns.iter().map(|column| quoted(column)).collect();
            let message = format!(
                "`{}` is not unique: two rows could stand for one record; to make it so: CREATE UNIQUE INDEX {index} ON {} ({});",
                key.local,
                table.relation,
                listed.join(", ")
            );
            problems.push(PlanProblem::new("key.local", message));
        }
    }
    problems.extend(narrow(kind, table));
    problems.extend(renamed(kind, table));
    problems
}

/// A scope in which there is room for one row.
fn narrow(kind: &KindPlan, table: &Table) -> Option<PlanProblem> {
    let own: Vec<String> =
        table.columns.iter().filter(|column| column.key > 0).map(|column| column.name.clone()).collect();
    let is_inside = |index: &&Vec<String>| {
        !index.is_empty() && index.iter().all(|column| kind.scope.contains_key(column))
    };
    let column = table.unique.iter().chain([&own]).find(is_inside)?.first()?;
    let message = format!("`{column}` is unique: one row alone could have what all rows of a scope have");
    Some(PlanProblem::new(format!("scope.{column}"), message))
}

/// Fields whose changes would give a row another key, by which nothing would find it any more.
fn renamed(kind: &KindPlan, table: &Table) -> Vec<PlanProblem> {
    let link = kind.key.as_ref().map(|key| key.local.as_str());
    let Some(own) = table.key().filter(|own| link != Some(own.column.as_str())) else { return Vec::new() };
    // The distributor's id stays what it is.
    let stays = |field: &FieldMap| field.owner == Owner::Local || field.remote.to_string() == "id";
    let fields = kind.fields.iter().enumerate();
    fields
        .filter(|(_, field)| field.local == own.column && !stays(field))
        .map(|(at, field)| {
            let message = format!(
                "`{}` is the primary key, and a row keeps its key: say `owner = \"local\"` to fill it once",
                field.local
            );
            PlanProblem::new(format!("fields[{at}].local"), message)
        })
        .collect()
}
