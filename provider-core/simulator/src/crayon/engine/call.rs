//! One request as a handler sees it, and what it answers.

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::failure::ErrorAnswer;
use super::json::{Json, object};
use super::query::Query;
use super::settings::{ListEnvelope, Settings};

/// A request with a valid bearer token, known parameters and a body of the right shape.
#[derive(Debug)]
pub(crate) struct Call<'a, S> {
    pub(crate) state: &'a mut S,
    pub(crate) settings: &'a Settings,
    pub(crate) now: DateTime<Utc>,
    pub(crate) base_url: &'a str,
    pub(crate) captures: Captures,
    pub(crate) query: Query,
    pub(crate) page: Page,
    /// Bound to the call's shape; null for calls without one.
    pub(crate) body: Json,
    /// The client asked for `application/octet-stream`.
    pub(crate) wants_bytes: bool,
}

/// The page that was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    pub(crate) number: i64,
    pub(crate) size: i64,
}

impl Page {
    /// Everything in one page, for lists that are not paged.
    pub(crate) const ALL: Self = Self { number: 1, size: i64::MAX };

    fn skip(self) -> usize {
        let before = (self.number - 1).saturating_mul(self.size);
        usize::try_from(before).unwrap_or(usize::MAX)
    }

    fn take(self) -> usize {
        usize::try_from(self.size).unwrap_or(usize::MAX)
    }

    /// The rows of this page, and how many there are over all pages.
    pub(crate) fn cut<T>(self, rows: impl Iterator<Item = T>) -> (Vec<T>, usize) {
        let mut kept = Vec::new();
        let mut total = 0;
        for row in rows {
            if total >= self.skip() && kept.len() < self.take() {
                kept.push(row);
            }
            total += 1;
        }
        (kept, total)
    }
}

/// The body of an answer.
#[derive(Debug)]
pub(crate) enum Content {
    Empty,
    Json(Json),
    File { content_type: &'static str, name: Option<String>, bytes: Bytes },
}

/// A successful answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content: Content,
    /// The resource is documented in camelCase.
    pub(crate) camel: bool,
}

impl Answer {
    pub(crate) fn json(body: impl Into<Json>) -> Self {
        Self { status: 200, content: Content::Json(body.into()), camel: false }
    }

    pub(crate) fn empty() -> Self {
        Self { status: 200, content: Content::Empty, camel: false }
    }

    pub(crate) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    pub(crate) fn camel(mut self) -> Self {
        self.camel = true;
        self
    }

    pub(crate) fn file(content_type: &'static str, name: Option<String>, bytes: Vec<u8>) -> Self {
        Self {
            status: 200,
            content: Content::File { content_type, name, bytes: Bytes::from(bytes) },
            camel: false,
        }
    }
}

impl<S> Call<'_, S> {
    /// A captured number; the route has checked its type.
    pub(crate) fn id(&self, name: &str) -> i64 {
        self.text(name).parse().unwrap_or_default()
    }

    /// A captured text, in lower case.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.captures.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value.as_str())
    }

    /// A page of rows that are rendered only when they are on it.
    pub(crate) fn page_of<T>(&self, rows: impl Iterator<Item = T>, render: impl Fn(T) -> Json) -> Answer {
        let (kept, total) = self.page.cut(rows);
        self.collection(kept.into_iter().map(render).collect(), total, &[])
    }

    /// The envelope of a list, with further members where the resource has them.
    pub(crate) fn collection(&self, items: Vec<Json>, total: usize, more: &[(&'static str, Json)]) -> Answer {
        if self.settings.envelope == ListEnvelope::Bare {
            return Answer::json(Json::List(items));
        }
        let mut body = object! { "Items": items, "TotalHits": total };
        for (name, value) in more {
            body.set(name, value.clone());
        }
        Answer::json(body)
    }

    /// A list that the docs show as a plain array.
    pub(crate) fn plain_list(&self, items: Vec<Json>) -> Answer {
        match self.settings.envelope {
            ListEnvelope::Items => {
                let total = items.len();
                self.collection(items, total, &[])
            }
            ListEnvelope::Documented | ListEnvelope::Bare => Answer::json(Json::List(items)),
        }
    }
}

/// The answer `true`.
pub(crate) fn yes() -> Outcome {
    Ok(Answer::json(true))
}

/// What a call answers.
pub(crate) type Outcome = Result<Answer, ErrorAnswer>;

/// The values captured from a path.
pub(crate) type Captures = Vec<(&'static str, String)>;
