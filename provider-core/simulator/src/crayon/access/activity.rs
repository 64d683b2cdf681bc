//! The log of what changed, who changed it and when.

use chrono::{DateTime, Utc};

use super::record::{Activity, ChangeType};
use crate::crayon::engine::call::Outcome;
use crate::crayon::engine::dates::{self, Form};
use crate::crayon::engine::json::{Json, object};
use crate::crayon::engine::query::{date, int, ints, text};
use crate::crayon::engine::route::{Paging, get};
use crate::crayon::state::{Call, Route, State};

/// The vendor's SDK asks for 15.
const PAGES: Paging = Paging { default: 15, max: 1_000 };

pub(crate) const ROUTES: &[Route] = &[get("activitylogs", list)
    .query(&[
        text("Entity").required(),
        int("Id").required(),
        ints("Ids"),
        date("SearchDate"),
        date("From"),
        date("To"),
    ])
    .paged(PAGES)];

impl State {
    /// Records that a column of an entity changed; nothing where it did not.
    pub(crate) fn note_change(
        &mut self,
        (entity, id): (&'static str, i64),
        column: &'static str,
        (from, to): (Option<String>, Option<String>),
        at: DateTime<Utc>,
    ) {
        if from != to {
            self.activity.push(Activity { entity, id, at, column, from, to, change: ChangeType::Update });
        }
    }

    /// Records that an entity was made.
    pub(crate) fn note_creation(&mut self, entity: &'static str, id: i64, at: DateTime<Utc>) {
        let to = Some(id.to_string());
        self.activity.push(Activity {
            entity,
            id,
            at,
            column: "Id",
            from: None,
            to,
            change: ChangeType::Insert,
        });
    }
}

fn list(call: &mut Call<'_>) -> Outcome {
    let entity = call.query.text("Entity").unwrap_or_default().to_owned();
    let mut ids = call.query.ints("Ids");
    ids.extend(call.query.filter("Id"));
    let day = call.query.date("SearchDate").map(dates::day_start);
    let rows = call.state.activity.iter().filter(|row| {
        row.entity.eq_ignore_ascii_case(&entity)
            && ids.contains(&row.id)
            && day.is_none_or(|day| dates::day_start(row.at) == day)
            && call.query.date("From").is_none_or(|from| row.at >= from)
            && call.query.date("To").is_none_or(|to| row.at <= to)
    });
    let (rows, total) = call.page.cut(rows);
    let items = rows.into_iter().map(|row| {
        object! {
            "Entity": row.entity,
            "Id": row.id,
            "ChangedBy": "api.user@example.com",
            "ChangedDate": dates::write(row.at, Form::Ticks),
            "ChangedColumn": row.column,
            "ChangedFrom": row.from.clone(),
            "ChangedTo": row.to.clone(),
            "CustomValues": Json::Map(Vec::new()),
            "ChangeType": row.change as i32,
        }
    });
    Ok(call.collection(items.collect(), total, &[("Entity", Json::from(entity))]))
}
