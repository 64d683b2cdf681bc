//! What is seen of a run in traces: `sync.run` around `sync.page` and `sync.push`, with names, kinds and counts, never
//! with a value of a record.

use tracing::Span;
use tracing::field::Empty;

use super::walk::Kind;
use crate::report::{KindReport, SyncReport};

/// The span of a whole run.
pub(super) fn run(connection: &str) -> Span {
    tracing::info_span!(
        "sync.run",
        connection,
        outcome = Empty,
        listed = Empty,
        created = Empty,
        updated = Empty,
        removed = Empty,
        queued = Empty,
        quarantined = Empty,
    )
}

/// Says how a run ended and what it did, all kinds together.
pub(super) fn ended(span: &Span, report: &SyncReport) {
    let sum = |count: fn(&KindReport) -> u64| report.kinds.iter().map(count).sum::<u64>();
    span.record("outcome", report.outcome.as_str());
    span.record("listed", sum(|kind| kind.listed));
    span.record("created", sum(|kind| kind.created));
    span.record("updated", sum(|kind| kind.updated));
    span.record("removed", sum(|kind| kind.removed));
    span.record("queued", sum(|kind| kind.queued));
    span.record("quarantined", sum(|kind| kind.quarantined));
}

/// The span of what goes to the distributor.
pub(super) fn push(kind: &Kind<'_>) -> Span {
    tracing::info_span!(
        "sync.push",
        connection = %kind.scope.connection,
        kind = %kind.scope.kind,
        run = kind.run.0,
        pushed = Empty,
        refused = Empty,
        waiting = Empty,
        unknown = Empty,
    )
}

/// Says what went there since so many had, and what waits.
pub(super) fn pushed(span: &Span, before: u64, after: &KindReport) {
    span.record("pushed", after.pushed.saturating_sub(before));
    span.record("refused", after.refused);
    span.record("waiting", after.waiting);
    span.record("unknown", after.unknown);
}

/// The span of a page of a kind, or of several that are dealt with as one.
pub(super) fn page(kind: &Kind<'_>, pages: usize) -> Span {
    tracing::info_span!(
        "sync.page",
        connection = %kind.scope.connection,
        kind = %kind.scope.kind,
        run = kind.run.0,
        page = kind.report.pages + 1,
        pages,
        listed = Empty,
        created = Empty,
        updated = Empty,
        queued = Empty,
        quarantined = Empty,
    )
}

/// Says what a page did, by what was counted before and after it.
pub(super) fn counted(span: &Span, before: &KindReport, after: &KindReport) {
    let counts = [
        ("listed", before.listed, after.listed),
        ("created", before.created, after.created),
        ("updated", before.updated, after.updated),
        ("queued", before.queued, after.queued),
        ("quarantined", before.quarantined, after.quarantined),
    ];
    for (name, before, after) in counts {
        span.record(name, after.saturating_sub(before));
    }
}
