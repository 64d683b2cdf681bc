//! The two paging styles of v3.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::call::Call;
use super::problem::Problem;
use super::query::Query;
use super::wire::sha256_hex;

/// Position of a record in its list: a sort value, then the id.
pub(crate) type Position = (i64, u64);

/// A page asked for by `pageSize` or `pageToken`.
#[derive(Debug)]
pub(crate) struct TokenPage {
    size: usize,
    scope: String,
    pub(crate) after: Option<Position>,
}

impl TokenPage {
    /// The parameters of this paging style.
    pub(crate) const NAMES: [&'static str; 2] = ["pageSize", "pageToken"];

    /// Reads the page. Without `pageSize` and `pageToken` the API answers 400; a token is good only with the filters it
    /// was made for.
    pub(crate) fn of(call: &Call, query: &Query<'_>, largest: usize) -> Result<Self, Problem> {
        let size: Option<i64> = query.number("pageSize")?;
        let token = query.text("pageToken");
        let size = match size.filter(|size| *size != 0) {
            Some(size) => usize::try_from(size)
                .map_err(|_| Problem::invalid_argument("pageSize must not be negative"))?,
            None if token.is_some() => largest,
            None => {
                let message = "page_size or page_token is required";
                return Err(Problem::query("pageSize", message));
            }
        };
        let scope = scope_of(call, query);
        let after = token.map(|token| decode(token, &scope).ok_or_else(|| bad_token(token))).transpose()?;
        Ok(Self { size: size.min(largest), scope, after })
    }

    /// The records of the page and the token of the next one. `records` start behind [`after`](Self::after).
    pub(crate) fn cut<T>(
        &self,
        records: impl Iterator<Item = T>,
        position: impl Fn(&T) -> Position,
    ) -> (Vec<T>, Option<String>) {
        let mut records = records.peekable();
        let page: Vec<T> = records.by_ref().take(self.size).collect();
        let more = records.peek().is_some();
        let next = page.last().filter(|_| more).map(|last| self.token(position(last)));
        (page, next)
    }

    fn token(&self, (sort, id): Position) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}.{sort}.{id}", self.scope))
    }
}

fn decode(token: &str, scope: &str) -> Option<Position> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let rest = text.strip_prefix(scope)?.strip_prefix('.')?;
    let (sort, id) = rest.split_once('.')?;
    Some((sort.parse().ok()?, id.parse().ok()?))
}

fn bad_token(token: &str) -> Problem {
    Problem::invalid_argument(format!("page_token '{token}' is not valid for this list"))
}

/// What a token depends on: the path and every parameter but the page itself.
fn scope_of(call: &Call, query: &Query<'_>) -> String {
    let mut filters: Vec<String> = query
        .pairs()
        .iter()
        .filter(|(name, value)| !TokenPage::NAMES.contains(name) && !value.is_empty())
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    filters.sort();
    let text = format!("{}?{}", call.shown_path(), filters.join("&"));
    sha256_hex(&text).chars().take(12).collect()
}

/// A page asked for by `pagination.limit` and `pagination.offset`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OffsetPage {
    limit: usize,
    offset: usize,
    /// `None` where no order was asked for: then there is no promise of one.
    pub(crate) sort_by: Option<&'static str>,
    pub(crate) descending: bool,
}

impl OffsetPage {
    /// The parameters of this paging style.
    pub(crate) const NAMES: [&'static str; 6] = [
        "pagination.limit",
        "pagination.offset",
        "pagination.filter",
        "pagination.sortBy",
        "pagination.sortOrder",
        "pagination.userId",
    ];

    /// Reads the page; `sortable` are the accepted values of `pagination.sortBy`.
    pub(crate) fn of(query: &Query<'_>, largest: usize, sortable: &[&'static str]) -> Result<Self, Problem> {
        let limit = query.number("pagination.limit")?.unwrap_or(100_usize);
        let offset = query.number("pagination.offset")?.unwrap_or(0_usize);
        let sort_by = query.choice("pagination.sortBy", sortable)?;
        let order = query.choice("pagination.sortOrder", &["ASC", "DESC"])?;
        // The syntax of this filter is not known, so there is nothing to honour.
        if query.text("pagination.filter").is_some() {
            return Err(Problem::query("pagination.filter", "pagination.filter is not understood"));
        }
        Ok(Self { limit: limit.min(largest), offset, sort_by, descending: order == Some("DESC") })
    }

    pub(crate) fn cut<T>(&self, records: Vec<T>) -> Vec<T> {
        records.into_iter().skip(self.offset).take(self.limit).collect()
    }

    /// Where a list without a promised order may start differently on every call.
    pub(crate) fn is_unordered(&self) -> bool {
        self.sort_by.is_none()
    }
}
