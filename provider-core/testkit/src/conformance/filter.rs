//! Filters: each one selects what it says, or is refused before anything is sent.

pub(super) mod billing;
pub(super) mod catalog;
pub(super) mod people;

#[cfg(test)]
use provider_core::Query;
use provider_core::{Delivery, ErrorKind};

use super::context::Context;
use super::listed::{ListedEntity, key, noun};
use super::rule::Rule;
use super::verdict::{Verdict, broken, ensure, moot};
use super::walk::Walk;
use super::world::World;

/// Whether a record is one that the filter asks for; `None` where the record does not tell.
type Holds<T> = Box<dyn Fn(&T) -> Option<bool> + Send + Sync>;

/// One filter of a query, and how to tell whether it is honoured.
pub(super) struct Probe<T: ListedEntity> {
    pub(super) field: &'static str,
    /// With a value that some records have.
    pub(super) some: Option<(T::Query, Holds<T>)>,
    /// With a value that no record has.
    pub(super) none: Option<T::Query>,
}

impl<T: ListedEntity> Probe<T> {
    /// A filter by a value that records tell. The value tried is one that some records have and others do
    /// not, where there is one.
    pub(super) fn by<V: PartialEq + Clone + Send + Sync + 'static>(
        world: &World,
        field: &'static str,
        value: impl Fn(&T) -> Option<V> + Send + Sync + 'static,
        set: impl Fn(T::Query, V) -> T::Query,
        never: Option<V>,
    ) -> Self {
        let reading = T::of(world);
        let told: Vec<V> = reading.records.iter().filter_map(&value).collect();
        let telling = told.iter().find(|one| told.iter().any(|other| other != *one));
        let base = || reading.query.clone();
        let some = telling.or(told.first()).cloned().map(|wanted| {
            let holds: Holds<T> = {
                let wanted = wanted.clone();
                Box::new(move |record| value(record).map(|value| value == wanted))
            };
            (set(base(), wanted), holds)
        });
        Self { field, some, none: never.map(|never| set(base(), never)) }
    }

    /// A search of the distributor's own: what else it finds is its matter, but a record must be found by
    /// its whole name.
    pub(super) fn search(
        world: &World,
        none: T::Query,
        name: fn(&T) -> &str,
        set: impl Fn(T::Query, String) -> T::Query,
    ) -> Self {
        let reading = T::of(world);
        let some = reading.records.first().map(|record| {
            let wanted = name(record).to_owned();
            let query = set(reading.query.clone(), wanted.clone());
            let holds: Holds<T> = Box::new(move |record| (name(record) == wanted).then_some(true));
            (query, holds)
        });
        Self { field: "search", some, none: Some(none) }
    }

    /// A filter that can only be told by what it leaves out.
    pub(super) fn unseen(field: &'static str, none: T::Query) -> Self {
        Self { field, some: None, none: Some(none) }
    }

    /// A switch for more detail: it selects nothing.
    pub(super) fn switch(field: &'static str, query: T::Query) -> Self {
        Self { field, some: Some((query, Box::new(|_| Some(true)))), none: None }
    }
}

/// Examines every filter of a query, and answers a query whose filter is honoured.
pub(super) async fn filters<T: ListedEntity>(ctx: &Context<'_>, world: &World) -> Option<T::Query> {
    let mut honoured = None;
    for probe in T::probes(world) {
        let subject = format!("{} by {}", noun(T::KIND), probe.field);
        let verdict = ctx.patiently(examine(ctx, world, &probe)).await;
        let verdict = verdict.unwrap_or_else(|problem| (Err(problem), None));
        honoured = honoured.or(verdict.1);
        ctx.note(Rule::Filter, subject, verdict.0);
    }
    honoured
}

/// What a filtered listing came to.
enum Answer<T> {
    Records(Vec<T>),
    Refused,
    /// Refused as something that does not exist.
    Nothing(String),
}

async fn ask<T: ListedEntity>(
    ctx: &Context<'_>,
    field: &str,
    query: &T::Query,
) -> Result<Answer<T>, super::verdict::Problem> {
    match Walk::<T>::take(ctx, query, None, usize::MAX).await {
        Ok(walk) => Ok(Answer::Records(walk.records().cloned().collect())),
        Err(error) => match (error.kind(), error.delivery()) {
            (ErrorKind::InvalidInput, Delivery::NotSent) => Ok(Answer::Refused),
            (
                ErrorKind::NotFound
                | ErrorKind::InvalidInput
                | ErrorKind::PermissionDenied
                | ErrorKind::PreconditionFailed,
                Delivery::Rejected,
            ) => Ok(Answer::Nothing(error.to_string())),
            _ => Err(broken(format!("filtering by {field} answered {error}"))),
        },
    }
}

async fn examine<T: ListedEntity>(
    ctx: &Context<'_>,
    world: &World,
    probe: &Probe<T>,
) -> (Verdict, Option<T::Query>) {
    match honours(ctx, world, probe).await {
        Ok((detail, query)) => (Ok(detail), query),
        Err(problem) => (Err(problem), None),
    }
}

type Found<T> = (String, Option<<T as ListedEntity>::Query>);

async fn honours<T: ListedEntity>(
    ctx: &Context<'_>,
    world: &World,
    probe: &Probe<T>,
) -> Result<Found<T>, super::verdict::Problem> {
    let Probe { field, some, none } = probe;
    let all = &T::of(world).records;
    let mut details = Vec::new();
    let mut honoured = None;
    if let Some((query, holds)) = some {
        match ask::<T>(ctx, field, query).await? {
            Answer::Refused => return Ok(("refused, not sent".to_owned(), None)),
            Answer::Nothing(error) => {
                return Err(broken(format!("a value that records have answered {error}")));
            }
            Answer::Records(found) => {
                if let Some(wrong) = found.iter().find(|record| holds(record) == Some(false)) {
                    return Err(broken(format!("`{}` came and does not have the value", key(wrong))));
                }
                let mut wanted = all.iter().filter(|record| holds(record) == Some(true));
                if let Some(lost) = wanted.find(|record| !found.iter().any(|f| key(f) == key(*record))) {
                    return Err(broken(format!("`{}` has the value and did not come", key(lost))));
                }
                details.push(format!("{} of {} have the value", found.len(), all.len()));
                honoured = Some(query.clone());
            }
        }
    }
    if let Some(query) = none {
        match ask::<T>(ctx, field, query).await? {
            Answer::Refused if honoured.is_none() => return Ok(("refused, not sent".to_owned(), None)),
            Answer::Refused | Answer::Nothing(_) => details.push("an unknown value is refused".to_owned()),
            Answer::Records(found) => {
                ensure!(
                    found.is_empty(),
                    "a value that no record has found {} of {} records: the filter is ignored",
                    found.len(),
                    all.len()
                );
                if all.is_empty() && some.is_none() {
                    return Err(moot("there are no records to tell honoured from ignored"));
                }
                details.push("an unknown value finds nothing".to_owned());
                honoured.get_or_insert_with(|| query.clone());
            }
        }
    }
    if details.is_empty() {
        return Err(moot("no record has a value to filter by"));
    }
    Ok((details.join("; "), honoured))
}

/// The names of all filters that the probes of a query walk through.
#[cfg(test)]
fn fields<T: ListedEntity>() -> Vec<&'static str> {
    T::probes(&World::default()).iter().map(|probe| probe.field).collect()
}

/// The filters that a query with everything set names.
#[cfg(test)]
fn all_of<Q: Query>(query: &Q) -> Vec<&'static str> {
    query.set_fields()
}
