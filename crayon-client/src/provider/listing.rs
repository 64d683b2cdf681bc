//! One page of a listing, across the organizations of the partner.

use futures_util::future::try_join_all;
use provider_core::{
    Cursor, Entity, Error, ErrorKind, ItemError, Operation, Page, PageRequest, Query, Raw, Result,
};
use provider_http::{Keys, PageDecoder, RequestSpec};
use serde::de::DeserializeOwned;

use super::CrayonProvider;
use super::place::{Place, Seen, cursors, following, mark};
use crate::client::CrayonClient;
use crate::wire::Paging;
use crate::wire::SECRET_MEMBERS;
use crate::wire::{Collection, Lists};

/// One list that a listing reads through.
#[derive(Debug, Clone)]
pub(super) struct List {
    /// Names it in cursors.
    pub(super) key: String,
    /// The organization whose it is; 0 where the list is not cut by organization.
    pub(super) organization: i64,
}

/// What a record of the wire becomes.
#[derive(Debug)]
pub(super) enum Yield<T> {
    /// Nothing: a filter that the service does not have leaves it out.
    Nothing,
    /// One record.
    One(T),
    /// A record and those that stand inside it.
    Nest(T, Vec<T>),
    /// Only those that stand inside it.
    Inner(Vec<T>),
}

/// How records are read: where from, and into what.
pub(super) struct Reader<'a, Q> {
    pub(super) provider: &'a CrayonProvider,
    pub(super) query: &'a Q,
    pub(super) request: &'a PageRequest,
    pub(super) lists: Vec<List>,
    /// Records may stand inside others.
    pub(super) nests: bool,
    /// Records a page unless asked otherwise.
    pub(super) default_size: Option<u32>,
    /// The call takes no paging.
    pub(super) whole: bool,
}

impl<Q: Query> Reader<'_, Q> {
    /// The client for this listing.
    pub(super) fn client(&self) -> CrayonClient {
        self.provider.calls(Operation::List(<Q::Item as Entity>::KIND), self.query.options())
    }

    /// Where the request points.
    pub(super) fn place(&self) -> Result<(Place, List)> {
        let place = match &self.request.cursor {
            Some(cursor) => Place::parse(&cursor.open(&self.provider.info, self.query)?)?,
            None => {
                let first = self.lists.first().map(|list| list.key.clone()).unwrap_or_default();
                Place::first(first, self.request, self.default_size)
            }
        };
        let list = self.lists.iter().find(|list| list.key == place.list).cloned().ok_or_else(|| {
            Error::new(ErrorKind::InvalidCursor, "the cursor names a list that this connection does not read")
        })?;
        Ok((place, list))
    }

    pub(super) fn tag(&self, text: String) -> Cursor {
        Cursor::tagged(&self.provider.info, self.query, text)
    }

    fn keys(&self) -> Vec<String> {
        self.lists.iter().map(|list| list.key.clone()).collect()
    }

    /// Reads the page that the request points to.
    pub(super) async fn read<W, S, M, T>(&self, spec: S, mut map: M) -> Result<Page<T>>
    where
        W: DeserializeOwned,
        S: Fn(&List, Paging) -> Result<RequestSpec> + Sync,
        M: FnMut(W, Option<Raw>, &List) -> Result<Yield<T>, ItemError> + Send,
        T: Send,
    {
        let client = self.client();
        if self.lists.is_empty() {
            return Ok(Page::default().with_total(0));
        }
        let (mut place, list) = self.place()?;
        if self.request.cursor.is_none() && self.lists.len() > 1 {
            place.totals = self.totals(&client, &spec).await?;
        }
        let paging = Paging { page: place.page, size: place.size };
        let answer = client.request(spec(&list, paging)?).await?;
        let (decoded, total) = PageDecoder::new("Items")
            .options(client.options())
            .keys(Keys::AnyCase)
            .secrets(SECRET_MEMBERS)
            .report(client.http(), &answer)
            .page::<Lists, _, _>(&answer.bytes, |wire: W, raw| map(wire, raw, &list))?;
        let got = decoded.len() as u64;
        // Only where no total says when to stop is it of interest what a page begins with.
        let first = (total.is_none() && got > 0).then(|| mark(&answer.bytes));
        if first.is_some() && first == place.before {
            // The list does not page: this is the page before once more.
            let seen = Seen { got: 0, total: None, nested: 0, first: None, whole: true };
            return Ok(self.page_of(&place, Vec::new(), seen, 0));
        }
        let mut items = Vec::with_capacity(decoded.len());
        let (mut nested, mut left_out) = (0, 0);
        for item in decoded {
            match item {
                Ok(Yield::Nothing) => left_out += 1,
                Ok(Yield::One(record)) => items.push(Ok(record)),
                Ok(Yield::Nest(record, inner)) => {
                    nested += inner.len() as u64;
                    items.push(Ok(record));
                    items.extend(inner.into_iter().map(Ok));
                }
                Ok(Yield::Inner(inner)) => {
                    nested += inner.len() as u64;
                    left_out += 1;
                    items.extend(inner.into_iter().map(Ok));
                }
                Err(error) => items.push(Err(error)),
            }
        }
        let seen = Seen { got, total, nested, first, whole: self.whole };
        Ok(self.page_of(&place, items, seen, left_out))
    }

    pub(super) fn page_of<T>(
        &self,
        place: &Place,
        items: Vec<Result<T, ItemError>>,
        seen: Seen,
        left_out: u64,
    ) -> Page<T> {
        let mut page: Page<T> = Page::new(items);
        page.on_wire += left_out;
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
    async fn totals<S>(&self, client: &CrayonClient, spec: &S) -> Result<Vec<u64>>
    where
        S: Fn(&List, Paging) -> Result<RequestSpec> + Sync,
    {
        let ask = |list: &List| {
            let spec = spec(list, Paging::first(1));
            async move {
                let records: Collection<serde::de::IgnoredAny> = client.fetch(spec?).await?;
                Ok::<_, Error>(records.total_hits)
            }
        };
        let totals = try_join_all(self.lists.iter().map(ask)).await?;
        Ok(totals.into_iter().collect::<Option<Vec<u64>>>().unwrap_or_default())
    }
}
