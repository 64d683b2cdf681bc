//! What becomes of each change, and in which steps.

use std::collections::HashSet;
use std::sync::Arc;

use super::change::Prepared;
use super::found::Found;
use super::layout::Layout;
use super::rows::{By, Edit, EditedRow, Rows, Wrote};
use crate::fingerprint::Fingerprint;
use crate::plan::Update;
use crate::target::{Applied, LocalKey, TargetError, TargetErrorKind};

/// Carries out a batch in one transaction: the comparison of what is there and the writing cannot be parted.
pub(super) async fn apply<R: Rows>(
    rows: &mut R,
    owner: &str,
    fence: u64,
    changes: &[Prepared],
) -> Result<Vec<Applied>, R::Error> {
    pass(rows, owner, fence).await?;
    let mut applied = Vec::with_capacity(changes.len());
    let mut rest = changes;
    while !rest.is_empty() {
        let (window, after) = rest.split_at(apart(rest));
        applied.extend(of_a_window(rows, window).await?);
        rest = after;
    }
    Ok(applied)
}

/// Refuses a worker of before, and remembers this one.
async fn pass<R: Rows>(rows: &mut R, owner: &str, fence: u64) -> Result<(), R::Error> {
    let own = i64::try_from(fence).unwrap_or(i64::MAX);
    let latest = match rows.latest(owner).await? {
        Some(latest) if latest == own => return Ok(()),
        Some(latest) if latest > own => latest,
        _ if rows.raise(owner, own).await? => return Ok(()),
        _ => rows.latest(owner).await?.unwrap_or(own),
    };
    let latest = u64::try_from(latest).unwrap_or_default();
    let message = "another worker has written for this connection since: nothing was written";
    Err(R::refusal(TargetError::new(TargetErrorKind::Fenced { latest }, message)))
}

/// How many of the first changes are about records and rows that differ, so that none has to wait for another.
fn apart(changes: &[Prepared]) -> usize {
    let mut records = HashSet::with_capacity(changes.len());
    let mut taken = HashSet::new();
    let mut count = 0;
    for change in changes {
        let table = Arc::as_ptr(&change.layout);
        let differs = records.insert((table, change.remote()))
            && change.local.as_ref().is_none_or(|local| taken.insert((table, local.as_str())));
        if !differs {
            break;
        }
        count += 1;
    }
    count.max(1)
}

/// What is still to be done for a change.
#[derive(Debug)]
struct Todo<'c> {
    at: usize,
    change: &'c Prepared,
    work: Work,
}

#[derive(Debug)]
enum Work {
    Make,
    /// `back`: it is no longer marked as removed.
    Write {
        key: LocalKey,
        back: bool,
    },
    Mark {
        key: LocalKey,
    },
    Delete {
        key: LocalKey,
        print: Fingerprint,
    },
}

impl Work {
    /// What is carried out first.
    const fn rank(&self) -> u8 {
        match self {
            Self::Delete { .. } => 0,
            Self::Mark { .. } => 1,
            Self::Write { .. } => 2,
            Self::Make => 3,
        }
    }
}

impl Todo<'_> {
    /// Whether one statement does both.
    fn goes_with(&self, other: &Self) -> bool {
        let as_one = match (&self.work, &other.work) {
            (Work::Make, Work::Make) | (Work::Mark { .. }, Work::Mark { .. }) => true,
            (Work::Write { back, .. }, Work::Write { back: other, .. }) => back == other,
            (Work::Delete { .. }, Work::Delete { .. }) => {
                return Arc::ptr_eq(&self.change.layout, &other.change.layout);
            }
            _ => false,
        };
        as_one && self.change.is_alike(other.change)
    }
}

async fn of_a_window<R: Rows>(rows: &mut R, window: &[Prepared]) -> Result<Vec<Applied>, R::Error> {
    let found = look_at(rows, window).await?;
    let mut answers: Vec<(usize, Applied)> = Vec::with_capacity(window.len());
    let mut groups: Vec<Vec<Todo<'_>>> = Vec::new();
    for (at, (change, found)) in window.iter().zip(found).enumerate() {
        let work = match change.op {
            Update::Create => Ok(Work::Make),
            Update::Update => update(change, found),
            Update::Remove => remove(change, found),
        };
        match work {
            Err(applied) => answers.push((at, applied)),
            Ok(work) => {
                let todo = Todo { at, change, work };
                match groups
                    .iter_mut()
                    .rfind(|group| group.first().is_some_and(|first| first.goes_with(&todo)))
                {
                    Some(group) => group.push(todo),
                    None => {
                        // Most of a page go together.
                        let mut group = Vec::with_capacity(window.len() - at);
                        group.push(todo);
                        groups.push(group);
                    }
                }
            }
        }
    }
    // What goes makes way for what comes, whatever columns have to be unique.
    groups.sort_by_key(|group| group.first().map(|first| first.work.rank()));
    let mut refused = Vec::new();
    for group in &groups {
        for (todo, applied) in group.iter().zip(carry_out(rows, &group.iter().collect::<Vec<_>>()).await?) {
            match applied {
                // What is in its way may have gone by the end.
                Applied::Rejected(_) if groups.len() > 1 => refused.push(todo),
                applied => answers.push((todo.at, applied)),
            }
        }
    }
    refused.sort_unstable_by_key(|todo| todo.at);
    for todo in refused {
        answers.extend(carry_out(rows, &[todo]).await?.into_iter().map(|applied| (todo.at, applied)));
    }
    answers.sort_unstable_by_key(|(at, _)| *at);
    Ok(answers.into_iter().map(|(_, applied)| applied).collect())
}

/// Rows that are asked for alike: by what, and the values with the place of each in the batch.
type Asked<'a> = (&'a Arc<Layout>, By, Vec<(usize, &'a str)>);

/// The rows that changes are about. Rows with the link of one that is to be made are rare: only where one is, it is
/// looked at.
async fn look_at<R: Rows>(rows: &mut R, window: &[Prepared]) -> Result<Vec<Option<Found>>, R::Error> {
    let mut found: Vec<Option<Found>> = Vec::new();
    found.resize_with(window.len(), || None);
    let mut asked: Vec<Asked<'_>> = Vec::new();
    for (at, change) in window.iter().enumerate().filter(|(_, change)| change.op != Update::Create) {
        let (by, wanted) = match &change.local {
            Some(local) => (By::Key, local.as_str()),
            None => (By::Link, change.remote()),
        };
        let same = |(layout, as_by, _): &&mut Asked<'_>| Arc::ptr_eq(layout, &change.layout) && *as_by == by;
        match asked.iter_mut().find(same) {
            Some((_, _, some)) => some.push((at, wanted)),
            None => asked.push((&change.layout, by, vec![(at, wanted)])),
        }
    }
    for (layout, by, some) in asked {
        let wanted: Vec<&str> = some.iter().map(|(_, wanted)| *wanted).collect();
        for ((at, _), row) in some.into_iter().zip(rows.look(layout, by, &wanted).await?) {
            if let (Some(place), Some(change)) = (found.get_mut(at), window.get(at)) {
                *place = row.map(|row| row.in_the_words_of(&change.layout, change.remote()));
            }
        }
    }
    Ok(found)
}

fn done(found: Found) -> Applied {
    Applied::Done { local: found.record.key, fingerprint: found.record.fingerprint }
}

fn as_wanted(found: &Found, change: &Prepared) -> bool {
    found.record.remote.as_deref() == Some(change.remote())
        && change.written().all(|(column, wanted)| found.holds(&change.layout, column, wanted))
}

fn as_expected(found: &Found, change: &Prepared) -> bool {
    change.expected.is_none_or(|expected| expected == found.record.fingerprint)
}

/// What an update of this row takes, or that it takes nothing.
fn update(change: &Prepared, found: Option<Found>) -> Result<Work, Applied> {
    let Some(found) = found else { return Err(Applied::Stale(None)) };
    if as_wanted(&found, change) && !found.marked {
        return Err(done(found));
    }
    let elsewhere = found.record.remote.as_deref().is_some_and(|remote| remote != change.remote());
    if elsewhere || !as_expected(&found, change) {
        return Err(Applied::Stale(Some(found.record)));
    }
    let marks = change.layout.mark.as_ref().is_some_and(|mark| change.columns.contains(&mark.name));
    Ok(Work::Write { key: found.record.key, back: found.marked && !marks })
}

fn remove(change: &Prepared, found: Option<Found>) -> Result<Work, Applied> {
    let Some(found) = found else {
        let gone = change.local.clone().unwrap_or_else(|| LocalKey(String::new()));
        return Err(Applied::Done { local: gone, fingerprint: Fingerprint::of_text("") });
    };
    if found.marked && as_wanted(&found, change) {
        return Err(done(found));
    }
    let own = found.record.remote.as_deref() == Some(change.remote());
    if !own || !as_expected(&found, change) {
        return Err(Applied::Stale(Some(found.record)));
    }
    let (key, print) = (found.record.key, found.record.fingerprint);
    Ok(if change.layout.mark.is_some() { Work::Mark { key } } else { Work::Delete { key, print } })
}

/// Carries out what goes together, and answers in the same order.
async fn carry_out<R: Rows>(rows: &mut R, group: &[&Todo<'_>]) -> Result<Vec<Applied>, R::Error> {
    let Some(first) = group.first() else { return Ok(Vec::new()) };
    match &first.work {
        Work::Make => make(rows, group).await,
        Work::Delete { .. } => delete(rows, group).await,
        Work::Write { .. } | Work::Mark { .. } => {
            let wrote = rows.update(&edit(first, group)).await?;
            Ok(wrote.into_iter().map(|wrote| became(wrote).unwrap_or(Applied::Stale(None))).collect())
        }
    }
}

/// `None` where nothing was written.
fn became(wrote: Wrote) -> Option<Applied> {
    match wrote {
        Wrote::Row(local, fingerprint) => Some(Applied::Done { local, fingerprint }),
        Wrote::Refused(violation) => Some(Applied::Rejected(vec![violation])),
        Wrote::Nothing => None,
    }
}

async fn make<R: Rows>(rows: &mut R, group: &[&Todo<'_>]) -> Result<Vec<Applied>, R::Error> {
    let changes: Vec<&Prepared> = group.iter().map(|todo| todo.change).collect();
    let mut answers: Vec<_> = rows.insert(&changes, true).await?.into_iter().map(became).collect();
    let open: Vec<&Prepared> = changes
        .iter()
        .zip(&answers)
        .filter(|(_, answer)| answer.is_none())
        .map(|(change, _)| *change)
        .collect();
    let Some(first) = open.first() else { return Ok(answers.into_iter().flatten().collect()) };
    let links: Vec<&str> = open.iter().map(|change| change.remote()).collect();
    let found = rows.look(&first.layout, By::Link, &links).await?;
    // Another rule of the application is in the way of those without a row: it says which one.
    let unmet: Vec<&Prepared> =
        open.iter().zip(&found).filter(|(_, found)| found.is_none()).map(|(change, _)| *change).collect();
    let refused = if unmet.is_empty() { Vec::new() } else { rows.insert(&unmet, false).await? };
    let mut refusals = refused.into_iter();
    let mut met = open.iter().zip(found).map(|(change, found)| {
        match found.map(|found| found.in_the_words_of(&change.layout, change.remote())) {
            Some(found) if as_wanted(&found, change) && !found.marked => done(found),
            Some(found) => Applied::Stale(Some(found.record)),
            None => refusals.next().and_then(became).unwrap_or(Applied::Stale(None)),
        }
    });
    for answer in answers.iter_mut().filter(|answer| answer.is_none()) {
        *answer = met.next();
    }
    Ok(answers.into_iter().flatten().collect())
}

fn edit<'c>(first: &'c Todo<'c>, group: &[&'c Todo<'c>]) -> Edit<'c> {
    let (layout, mark) = (&*first.change.layout, first.change.layout.mark.as_ref());
    let marks = matches!(first.work, Work::Mark { .. });
    let back = matches!(first.work, Work::Write { back: true, .. });
    let own = |column: &str| !marks || mark.is_none_or(|mark| mark.name != column);
    let mut columns: Vec<&str> =
        first.change.written().map(|(column, _)| column).filter(|column| own(column)).collect();
    columns.extend(mark.filter(|_| marks).map(|mark| mark.name.as_str()));
    let rows = group.iter().filter_map(|todo| {
        let (Work::Write { key, .. } | Work::Mark { key }) = &todo.work else { return None };
        let mut values: Vec<_> =
            todo.change.written().filter(|(column, _)| own(column)).map(|(_, value)| value).collect();
        values.extend(mark.filter(|_| marks).map(|mark| mark.value.lend()));
        Some(EditedRow { key, remote: todo.change.remote(), values })
    });
    Edit {
        layout,
        ties: !marks,
        empties: mark.filter(|_| back).map(|mark| mark.name.as_str()),
        columns,
        rows: rows.collect(),
    }
}

async fn delete<R: Rows>(rows: &mut R, group: &[&Todo<'_>]) -> Result<Vec<Applied>, R::Error> {
    let Some(first) = group.first() else { return Ok(Vec::new()) };
    let marked = group.iter().filter_map(|todo| match &todo.work {
        Work::Delete { key, print } => Some((key, *print)),
        _ => None,
    });
    let marked: Vec<_> = marked.collect();
    let keys: Vec<&str> = marked.iter().map(|(key, _)| key.as_str()).collect();
    let kept = rows.delete(&first.change.layout, &keys).await?;
    let answer = |((local, fingerprint), why): ((&LocalKey, Fingerprint), _)| match why {
        Some(violation) => Applied::Rejected(vec![violation]),
        None => Applied::Done { local: local.clone(), fingerprint },
    };
    Ok(marked.into_iter().zip(kept).map(answer).collect())
}
