//! What the suite holds a provider to, one rule for each promise.

use std::fmt;

use serde::{Serialize, Serializer};

macro_rules! rules {
    ($( $variant:ident = $name:literal, $text:literal; )+) => {
        /// One promise that every provider makes. A report has a case for each rule and each subject it
        /// applies to: an entity, a filter, an operation, a command.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Rule {
            $( #[doc = $text] $variant, )+
        }

        impl Rule {
            /// Every rule, in the order in which they are examined.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The rule's stable name, such as `listing.proven`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $( Self::$variant => $name, )+ }
            }

            /// The promise in one sentence.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $( Self::$variant => $text, )+ }
            }
        }
    };
}

rules! {
    VerifyChecks = "verify.checks", "Verification makes named checks, and all of them pass.";
    CapabilityRefused = "capability.refused", "What is declared unsupported is refused, not sent, and costs no call.";
    CapabilitySupported = "capability.supported", "What is declared supported never answers `Unsupported`.";
    ListingComplete = "listing.complete", "A listing hands out every record, each one readable.";
    ListingDistinct = "listing.distinct", "No record is listed twice.";
    ListingProven = "listing.proven", "A listing that declares a total proves that it is complete.";
    PagesEnd = "pages.end", "Every page leads on: no cursor comes twice, and the last page says so.";
    PagesTotal = "pages.total", "Every page that declares a total declares the same one.";
    PagesOnWire = "pages.on_wire", "A page counts at least as many records on the wire as it hands out.";
    PagesAhead = "pages.ahead", "Cursors known ahead are at most 16 and are those that the following pages name.";
    PagesSizes = "pages.sizes", "Pages of any size join to the same listing in the same order.";
    ListingPrefetch = "listing.prefetch", "Pages fetched concurrently give the same listing.";
    ListingResume = "listing.resume", "A listing taken up again at any stored point skips nothing.";
    ListingLimit = "listing.limit", "A limited listing is the beginning of the whole one.";
    CursorQuery = "cursor.query", "A cursor of another query is refused and never gives a page.";
    CursorGarbage = "cursor.garbage", "A text that is no cursor is `InvalidCursor`.";
    CursorConnection = "cursor.connection", "A cursor or resume point of another connection is `InvalidCursor`.";
    Filter = "filter.honoured", "A filter selects what it says, or is refused before anything is sent.";
    Raw = "records.raw", "A record's own JSON comes when asked for, and only then.";
    Ids = "records.ids", "Every record that has an id has one that is not empty.";
    RoundTrip = "records.round_trip", "A record written as JSON is read back as it was.";
    Fields = "records.fields", "Every field that is filled is declared: of listings, or of `get` alone.";
    Ended = "records.ended", "Deleted, inactive and ended records are listed.";
    GetContains = "get.contains_list", "What `get` answers contains what the listing told.";
    GetFull = "get.full", "What `get` answers says that it is the full record.";
    GetUnknown = "get.unknown", "An id that nobody has is `NotFound`, by the distributor's word.";
    GetForbidden = "get.forbidden", "A record that the account may not see is `PermissionDenied`, never gone.";
    GetNoId = "get.no_id", "An empty or twisted id is refused and never answered with a record.";
    References = "laws.references", "Every id that names another record is that of a listed one.";
    LinesAddUp = "laws.lines_add_up", "The lines of a document add up to its total.";
    LineOfOneDocument = "laws.one_document", "A line stands on one document.";
    PeriodsTouch = "laws.periods", "Periods are half-open: those that follow one another touch and never overlap.";
    PricesAreTimed = "laws.prices", "Every price says for how long it pays, or is paid once.";
    TrialsAreTrials = "laws.trials", "What is in use and a trial is `Trial`, and what is `Trial` is one.";
    NothingHidden = "laws.nothing_hidden", "A listing that proves to be complete shows every order that can be read by its id.";
    Deadline = "deadline", "A call ends soon after its deadline, with `Timeout`.";
    PlanAnswers = "plan.answers", "A command that can be carried out can be planned.";
    PlanChangesNothing = "plan.changes_nothing", "Planning changes nothing.";
    Writable = "plan.writable", "What a command cannot write is refused or warned of, and what it can is not.";
    ExecuteAnnounced = "execute.announced", "Who says that it announces its requests sends none that was not let through.";
    ExecuteEach = "execute.each_announced", "Who says that it announces its requests has each of them let through by itself.";
    ExecuteApplies = "execute.applies", "A sound command is carried out, once.";
    ExecuteEffect = "execute.effect", "A command has exactly the effect that its receipt tells.";
    ExecuteReceipt = "execute.receipt", "A receipt agrees with its own lines.";
    ExecuteCredentials = "execute.credentials", "A receipt's credentials are in no text that can be stored or logged.";
    ExecuteInvalid = "execute.invalid", "A command that cannot be carried out is refused in a way that says nothing happened.";
    ReplayBusy = "replay.busy", "While a command is under way, its key answers `Conflict` and says when to come back.";
    ReplayAnswers = "replay.answers", "A repeated key answers the stored receipt and sends nothing.";
    ReplayOther = "replay.other_command", "A key that was used for another command is refused.";
    ReplayLost = "replay.lost_answer", "A command whose answer was lost is found out or reported as unknown, never sent twice.";
    ReconcileUnsent = "reconcile.unsent", "A command that was never sent is never reported as applied.";
    ReconcileSent = "reconcile.sent", "A command that was carried out is never reported as not applied.";
    ReconcileForeign = "reconcile.connection", "An attempt of another connection is never judged.";
    ReadOnly = "read_only", "Under the read-only layer every command is refused and costs no call.";
    Close = "close", "Closing works, and works again.";
    Stable = "info.stable", "Who a provider is and what it can do stays the same, and can be stored.";
    ErrorsNamed = "errors.named", "Every error names the provider and the operation.";
    ErrorsOneLine = "errors.one_line", "Every error is one line.";
    Secrets = "secrets", "No planted secret is in any record, text or error.";
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
