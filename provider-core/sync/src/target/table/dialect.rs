//! In what the words of the two databases differ.

use super::layout::{Fixed, Layout};
use super::value::{Form, quoted};

/// Whose words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// A table's name, as SQL has it. In PostgreSQL a name may have its schema in front; a dot that is part of a name
    /// stands in quotes.
    pub(super) fn relation(self, name: &str) -> String {
        match self {
            Self::Sqlite => quoted(name),
            Self::Postgres => {
                let parts: Vec<_> = parts(name).iter().map(|part| quoted(part)).collect();
                parts.join(".")
            }
        }
    }

    /// Whether two names are those of one table, or of one column.
    pub(super) fn is_one(self, one: &str, other: &str) -> bool {
        match self {
            Self::Sqlite => one.eq_ignore_ascii_case(other),
            Self::Postgres => one == other,
        }
    }

    /// The same without its schema and quotes.
    pub(super) fn bare(self, name: &str) -> String {
        match self {
            Self::Sqlite => name.to_owned(),
            Self::Postgres => parts(name).pop().unwrap_or_default(),
        }
    }

    /// A column as it is read: of PostgreSQL everything as text that depends on no setting of the session.
    pub(super) fn reading(self, column: &str, form: Form) -> String {
        if self == Self::Sqlite {
            return quoted(column);
        }
        let column = format!("t.{}", quoted(column));
        let moment = |at: &str| {
            format!(
                "CASE WHEN isfinite({column}) THEN to_char({at}, 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') \
                 ELSE CAST({column} AS text) END"
            )
        };
        match form {
            Form::Day => format!(
                "CASE WHEN isfinite({column}) THEN to_char({column}, 'YYYY-MM-DD') ELSE CAST({column} AS text) END"
            ),
            Form::Moment { zoned: true, .. } => moment(&format!("{column} AT TIME ZONE 'UTC'")),
            Form::Moment { zoned: false, .. } => moment(&column),
            _ => format!("CAST({column} AS text)"),
        }
    }

    /// Reads the rows of a layout by one of its columns: on SQLite the one with a value, on PostgreSQL those with the values
    /// of a list, each with its place in the list in front.
    pub(super) fn looking(self, layout: &Layout, column: &str, cast: &str) -> String {
        let Layout { table, selected, .. } = layout;
        let within = self.within(layout, 2);
        match self {
            Self::Sqlite => format!("SELECT {selected} FROM {table} WHERE {} = ?1{within}", quoted(column)),
            Self::Postgres => format!(
                "SELECT CAST(v.n AS text), {selected} FROM unnest(CAST($1 AS text[])) WITH ORDINALITY AS v (p, n) \
                 JOIN {table} AS t ON t.{} = CAST(v.p AS {cast}){within}",
                quoted(column)
            ),
        }
    }

    /// The condition that holds for every row of the scope. Its values begin with this number.
    pub(super) fn within(self, layout: &Layout, first: usize) -> String {
        self.constant(&layout.scope, first)
    }

    /// The condition that columns hold their constants.
    pub(super) fn constant(self, scope: &[Fixed], first: usize) -> String {
        let one = |(at, fixed): (usize, &Fixed)| {
            format!(" AND {} = {}", self.column(&fixed.name), self.given(at, &fixed.cast))
        };
        (first..).zip(scope).map(one).collect()
    }

    /// A column, as it is compared.
    pub(super) fn column(self, name: &str) -> String {
        match self {
            Self::Sqlite => quoted(name),
            Self::Postgres => format!("t.{}", quoted(name)),
        }
    }

    /// The value of this number, as the type of a column.
    pub(super) fn given(self, at: usize, cast: &str) -> String {
        match self {
            Self::Sqlite => format!("?{at}"),
            Self::Postgres => format!("CAST(CAST(${at} AS text) AS {cast})"),
        }
    }
}

/// The parts of a name between its dots; what is in quotes is one part.
pub(super) fn parts(name: &str) -> Vec<String> {
    let (mut parts, mut part, mut within) = (Vec::new(), String::new(), false);
    let mut signs = name.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if within && signs.peek() == Some(&'"') => {
                part.push('"');
                signs.next();
            }
            '"' => within = !within,
            '.' if !within => parts.push(std::mem::take(&mut part)),
            other => part.push(other),
        }
    }
    parts.push(part);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_have_its_schema_in_front_and_any_sign_in_quotes() {
        for (name, relation, bare) in [
            ("accounts", "\"accounts\"", "accounts"),
            ("billing.accounts", "\"billing\".\"accounts\"", "accounts"),
            ("Accounts", "\"Accounts\"", "Accounts"),
            ("\"odd.name\"", "\"odd.name\"", "odd.name"),
            ("a.\"x\"\"y\"", "\"a\".\"x\"\"y\"", "x\"y"),
        ] {
            assert_eq!(Dialect::Postgres.relation(name), relation);
            assert_eq!(Dialect::Postgres.bare(name), bare);
        }
        assert_eq!(Dialect::Sqlite.relation("a.b"), "\"a.b\"");
    }
}
