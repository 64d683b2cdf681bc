//! One page of a listing, across the organizations of the partner.

mod cursor;
pub(super) mod whole;

use std::future::Future;

use futures_util::future::{join, try_join, try_join_all};
use provider_core::model::{Entity as _, OrganizationId, Raw};
use provider_core::{Cursor, Error, ErrorKind, ItemError, Page, PageRequest, Query, Result};
use provider_http::decode::{Records, member};
use provider_http::{Answer, Keys, PageDecoder};
use serde::de::{DeserializeOwned, IgnoredAny};

pub(super) use self::cursor::{LARGEST_SIZE, PageTally, Place};
use self::cursor::{cursors, following, shrunk};
use super::context::refusal::missing;
use super::context::{Context, organizations};
use crate::wire::{Lists, Paging, Rows, SECRET_MEMBERS, mark};

/// One list that a listing reads through.
#[derive(Debug, Clone)]
pub(super) struct List {
    /// Names it in cursors.
    pub(super) key: String,
    /// The organization whose it is; 0 where the list is not cut by organization.
    pub(super) organization: i64,
}

impl List {
    /// That of an organization.
    pub(super) fn of(organization: i64) -> Self {
        Self { key: organization.to_string(), organization }
    }
}

/// What a page begins with, which is of interest only where no total says when to stop.
pub(super) fn beginning(answer: &Answer, got: u64, total: Option<u64>) -> Option<u64> {
    (total.is_none_or(|total| total < got) && got > 0).then(|| mark(&answer.bytes))
}

/// What a record of the wire becomes.
#[derive(Debug)]
pub(super) enum Yield<T> {
    /// Nothing: a filter that the service does not have leaves it out.
    Nothing,
    /// One record.
    One(T),
    /// A record and those that stand inside it.
    Nest(T, Records<T>),
    /// Only those that stand inside it.
    Inner(Records<T>),
}

/// Records a page where each takes a call of its own: all of them have to fit into one deadline.
pub(super) const WITH_CALLS_EACH: u32 = 100;

/// The lists of a listing: one for each organization, or that of the one that is asked for.
pub(super) async fn lists(cx: &Context, wanted: Option<&OrganizationId>) -> Result<Vec<List>> {
    let ids = match wanted {
        Some(id) => vec![organizations::known(cx, id).await?],
        None => organizations::ids(cx).await?,
    };
    Ok(ids.into_iter().map(List::of).collect())
}

/// The lists of a listing that may be of one tenant.
pub(super) async fn lists_of(
    cx: &Context,
    tenant: Option<i64>,
    wanted: Option<&OrganizationId>,
) -> Result<Vec<List>> {
    // A tenant has one organization: the others would only answer that they do not know it.
    if let (Some(tenant), None) = (tenant, wanted) {
        // What the tenant is checked against is found beside it.
        let (found, ids) = join(cx.client.customer_tenants().get(tenant), organizations::ids(cx)).await;
        let found = found.map_err(|e| missing("customer", e))?;
        ids?;
        if let Some(owner) = found.organization {
            return Ok(vec![List::of(organizations::known(cx, &owner.id.to_string().into()).await?)]);
        }
    }
    lists(cx, wanted).await
}

/// Lists a page as large as the account is served it.
pub(super) async fn largest<Q, T, F>(
    cx: &Context,
    query: &Q,
    page: &PageRequest,
    usual: u32,
    list: impl Fn(PageRequest) -> F + Send + Sync,
) -> Result<Page<T>>
where
    Q: Query,
    T: Send,
    F: Future<Output = Result<Page<T>>> + Send,
{
    let info = &cx.settings.info;
    let resized = |cursor: &Cursor, size| {
        let place = Place::parse(&cursor.open(info, query).ok()?).ok()?.resized(size)?;
        Some(Cursor::tagged(info, query, place.text()))
    };
    cx.client.http().largest_page(Q::Item::KIND, page, usual, resized, list).await
}

/// Reads the records of a list one by one: a bad record costs one record.
pub(super) fn decoder(cx: &Context) -> PageDecoder<'_> {
    PageDecoder::new("Items").options(&cx.call()).keys(Keys::AnyCase).secrets(SECRET_MEMBERS)
}

/// The error of something that stands inside a record of the page.
fn within(record: usize, mut error: ItemError) -> ItemError {
    error.path = format!("Items[{record}].{}", error.path);
    error
}

/// How records are read: where from, and into what.
pub(super) struct Reader<'a, Q> {
    cx: &'a Context,
    query: &'a Q,
    request: &'a PageRequest,
    pub(super) lists: Vec<List>,
    nests: bool,
    size: Option<u32>,
    identify: Identify,
}

/// The id that the model of a record has, where only its JSON is at hand.
type Identify = fn(&Raw, &List) -> Option<String>;

/// `Id`, as most records have it.
fn own_id(record: &Raw, _: &List) -> Option<String> {
    member(record, "Id", Keys::AnyCase)
}

impl<'a, Q: Query> Reader<'a, Q> {
    pub(super) const fn new(
        cx: &'a Context,
        query: &'a Q,
        request: &'a PageRequest,
        lists: Vec<List>,
    ) -> Self {
        Self { cx, query, request, lists, nests: false, size: None, identify: own_id }
    }

    /// Records may stand inside others.
    pub(super) const fn nesting(mut self) -> Self {
        self.nests = true;
        self
    }

    /// A record that could not be read is named by this.
    pub(super) const fn identified(mut self, by: Identify) -> Self {
        self.identify = by;
        self
    }

    /// So many records a page unless asked otherwise.
    pub(super) const fn sized(mut self, size: u32) -> Self {
        self.size = Some(size);
        self
    }

    /// Where the request points.
    pub(super) fn place(&self) -> Result<(Place, List)> {
        let place = match &self.request.cursor {
            Some(cursor) => Place::parse(&cursor.open(&self.cx.settings.info, self.query)?)?,
            None => {
                let first = self.lists.first().map(|list| list.key.clone()).unwrap_or_default();
                Place::first(first, self.request, self.size)
            }
        };
        let list = self.lists.iter().find(|list| list.key == place.list).cloned().ok_or_else(|| {
            Error::new(ErrorKind::InvalidCursor, "the cursor names a list that this connection does not read")
        })?;
        Ok((place, list))
    }

    fn tag(&self, text: String) -> Cursor {
        Cursor::tagged(&self.cx.settings.info, self.query, text)
    }

    fn keys(&self) -> Vec<String> {
        self.lists.iter().map(|list| list.key.clone()).collect()
    }

    /// Reads the page that the request points to. `ask` makes the call for a page of a list.
    pub(super) async fn read<W, A, F, M, T>(&self, ask: A, mut map: M) -> Result<Page<T>>
    where
        W: DeserializeOwned,
        A: Fn(List, Paging) -> F + Sync,
        F: Future<Output = Result<Answer>> + Send,
        M: FnMut(W, Option<Raw>, &List) -> Result<Yield<T>, ItemError> + Send,
        T: Send,
    {
        if self.lists.is_empty() {
            return Ok(Page::empty());
        }
        let (mut place, list) = self.place()?;
        let paging = Paging { page: place.page, size: place.size };
        let begins = self.request.cursor.is_none() && self.lists.len() > 1;
        // What the other lists declare is asked for beside the first page.
        let totals = async { if begins { self.totals(&ask).await } else { Ok(Vec::new()) } };
        let (totals, answer) = try_join(totals, ask(list.clone(), paging)).await?;
        if begins {
            place.totals = totals;
        }
        let mut nesting = false;
        let (decoded, beside) = decoder(self.cx).report(self.cx.client.http(), &answer).page::<Lists, _, _>(
            &answer.bytes,
            |wire: W, raw| {
                let yielded = map(wire, raw, &list);
                nesting |= matches!(yielded, Ok(Yield::Nest(..) | Yield::Inner(_)));
                yielded
            },
        )?;
        let (got, total) = (decoded.len() as u64, beside.total_hits);
        let first = beginning(&answer, got, total);
        if first.is_some() && first == place.before {
            return Ok(self.page_before(&place));
        }
        let (items, nested, left_out) = self.unfolded(decoded, nesting, &list, place.again);
        let seen = PageTally { got, total, nested, first, whole: false };
        Ok(self.page_of(&place, items, seen, left_out).with_bytes(answer.bytes.len() as u64))
    }

    /// The records of a page and those that stand inside them, how many of these there are that have not come `again` with
    /// the first ones, and how many records were left out.
    fn unfolded<T>(
        &self,
        decoded: Vec<Result<Yield<T>, ItemError>>,
        nesting: bool,
        list: &List,
        again: u64,
    ) -> (Vec<Result<T, ItemError>>, u64, u64) {
        let (mut nested, mut left_out) = (0, 0);
        let named = |mut error: ItemError| {
            error.id = error.raw.as_ref().and_then(|raw| (self.identify)(raw, list));
            Err(error)
        };
        if !nesting {
            // Record for record, in the memory that they have.
            let items = decoded.into_iter().filter_map(|item| match item {
                Ok(Yield::One(record)) => Some(Ok(record)),
                Ok(_) => {
                    left_out += 1;
                    None
                }
                Err(error) => Some(named(error)),
            });
            return (items.collect(), nested, left_out);
        }
        let mut items = Vec::with_capacity(decoded.len());
        for (at, item) in decoded.into_iter().enumerate() {
            let placed = |inner: Records<T>| {
                inner.into_iter().map(move |item| item.map_err(|error| within(at, error)))
            };
            let fresh = |inner: &Records<T>| if (at as u64) < again { 0 } else { inner.len() as u64 };
            match item {
                Ok(Yield::Nothing) => left_out += 1,
                Ok(Yield::One(record)) => items.push(Ok(record)),
                Ok(Yield::Nest(record, inner)) => {
                    nested += fresh(&inner);
                    items.push(Ok(record));
                    items.extend(placed(inner));
                }
                Ok(Yield::Inner(inner)) => {
                    nested += fresh(&inner);
                    left_out += 1;
                    items.extend(placed(inner));
                }
                Err(error) => items.push(named(error)),
            }
        }
        (items, nested, left_out)
    }

    /// The page before once more, which is nothing: the list does not page.
    pub(super) fn page_before<T>(&self, place: &Place) -> Page<T> {
        let seen = PageTally { got: 0, total: None, nested: 0, first: None, whole: true };
        self.page_of(place, Vec::new(), seen, 0)
    }

    pub(super) fn page_of<T>(
        &self,
        place: &Place,
        items: Vec<Result<T, ItemError>>,
        seen: PageTally,
        left_out: u64,
    ) -> Page<T> {
        let mut page: Page<T> = Page::new(items);
        page.on_wire += left_out;
        if let Some(size) = shrunk(place, seen) {
            self.cx.client.http().page_shrank(Q::Item::KIND, size);
        }
        let after = following(place, &self.keys(), seen, self.nests);
        page.total = after.total;
        let mut places = after.places;
        if self.nests {
            // What follows counts the records inside others on the pages before it, so only the next is known.
            places.truncate(1);
        }
        cursors(&mut page, places, |text| self.tag(text));
        page
    }

    /// What every list declares, by a page of one record each. Empty where one declares nothing.
    async fn totals<A, F>(&self, ask: &A) -> Result<Vec<u64>>
    where
        A: Fn(List, Paging) -> F + Sync,
        F: Future<Output = Result<Answer>> + Send,
    {
        let asked =
            self.lists.iter().map(|list| {
                let answer = ask(list.clone(), Paging::first(1));
                async move {
                    Ok::<_, Error>(answer.await?.read::<Rows<IgnoredAny>>(Keys::AnyCase)?.beside.total_hits)
                }
            });
        let totals = try_join_all(asked).await?;
        Ok(totals.into_iter().collect::<Option<Vec<u64>>>().unwrap_or_default())
    }
}
