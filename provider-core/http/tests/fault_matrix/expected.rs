//! The outcome of each fault, written down before it is tried.

use std::time::Duration;

use provider_core::{Advice, Delivery, ErrorKind};
use provider_testkit::fault::{
    AnswerFault, CodingFault, ConnectionFault, FramingFault, SlowFault, WireFault,
};

use crate::ATTEMPTS;

/// What one call has to end in.
pub(crate) struct Expected {
    pub(crate) kind: ErrorKind,
    pub(crate) delivery: Delivery,
    pub(crate) attempts: u32,
}

pub(crate) struct Outcome {
    pub(crate) read: Expected,
    pub(crate) write: Expected,
    /// A read that meets the fault once gets its answer.
    pub(crate) survived: bool,
    wait: Option<Duration>,
}

impl Outcome {
    pub(crate) fn read_advice(&self) -> Advice {
        match (self.read.kind, self.wait) {
            (ErrorKind::Decode | ErrorKind::Config | ErrorKind::PermissionDenied, _) => Advice::Never,
            (_, Some(wait)) => Advice::After(wait),
            (_, None) => Advice::Backoff,
        }
    }

    pub(crate) fn write_advice(&self) -> Advice {
        if self.write.delivery == Delivery::Unknown { Advice::AfterReconcile } else { self.read_advice() }
    }
}

/// Not sent: both try again.
fn not_sent(survived: bool) -> Outcome {
    let call = || Expected { kind: ErrorKind::Transport, delivery: Delivery::NotSent, attempts: ATTEMPTS };
    Outcome { read: call(), write: call(), survived, wait: None }
}

/// Perhaps applied: a read tries again, a write must not.
fn unknown(kind: ErrorKind) -> Outcome {
    let call = |attempts| Expected { kind, delivery: Delivery::Unknown, attempts };
    Outcome { read: call(ATTEMPTS), write: call(1), survived: true, wait: None }
}

/// An answer that may be whole the next time: a read tries again, a write was acted on.
fn garbled() -> Outcome {
    unknown(ErrorKind::Decode)
}

/// An answer that would be the same a second time.
fn unreadable(kind: ErrorKind) -> Outcome {
    let call = || Expected { kind, delivery: Delivery::Unknown, attempts: 1 };
    Outcome { read: call(), write: call(), survived: false, wait: None }
}

/// Refused for now.
fn refused(kind: ErrorKind, wait: Option<Duration>, attempts: u32) -> Outcome {
    let call = || Expected { kind, delivery: Delivery::Rejected, attempts };
    Outcome { read: call(), write: call(), survived: attempts > 1, wait }
}

pub(crate) fn expected(fault: WireFault) -> Outcome {
    let minute = Some(Duration::from_secs(60));
    match fault {
        WireFault::Connection(fault) => match fault {
            ConnectionFault::Refused => not_sent(false),
            ConnectionFault::NoTls => not_sent(false),
            _ => unknown(ErrorKind::Transport),
        },
        WireFault::Slow(
            SlowFault::Silent | SlowFault::Headers | SlowFault::Body | SlowFault::StalledBody,
        ) => unknown(ErrorKind::Timeout),
        WireFault::Framing(fault) => match fault {
            // The length that was declared is the length that counts; what is left is cut JSON.
            FramingFault::LengthTooShort => garbled(),
            FramingFault::EndlessChunks => unreadable(ErrorKind::Decode),
            _ => unknown(ErrorKind::Transport),
        },
        WireFault::Coding(CodingFault::BadGzip | CodingFault::BadChecksum | CodingFault::CutGzip) => {
            garbled()
        }
        WireFault::Coding(CodingFault::Bomb) => unreadable(ErrorKind::Decode),
        WireFault::Answer(fault) => match fault {
            // The account's own pause, doubled by the second one.
            AnswerFault::Throttled => refused(ErrorKind::RateLimited, Some(Duration::from_secs(2)), ATTEMPTS),
            AnswerFault::ThrottledForLong => refused(ErrorKind::RateLimited, minute, 1),
            // The pause leads past the deadline of the read; of the write nobody can say what became.
            AnswerFault::BusyForLong => Outcome {
                read: Expected { kind: ErrorKind::Unavailable, delivery: Delivery::Unknown, attempts: 1 },
                survived: false,
                wait: minute,
                ..unknown(ErrorKind::Unavailable)
            },
            AnswerFault::BusyAfterApply => {
                Outcome { wait: Some(Duration::ZERO), ..unknown(ErrorKind::Unavailable) }
            }
            // A read follows, and is answered there.
            AnswerFault::MovedAfterApply | AnswerFault::MovedForGoodAfterApply => {
                Outcome { survived: true, ..unreadable(ErrorKind::Config) }
            }
            AnswerFault::FailedBeforeApply | AnswerFault::FailedAfterApply | AnswerFault::GatewayTimeout => {
                unknown(ErrorKind::Unavailable)
            }
            AnswerFault::Html
            | AnswerFault::CutJson
            | AnswerFault::EmptyBody
            | AnswerFault::PlainText
            | AnswerFault::Zeros
            | AnswerFault::OtherCoding => garbled(),
            // Said on purpose, and the same the next time.
            AnswerFault::NoContent => unreadable(ErrorKind::Decode),
            // A read may get past what stands before the service; a write was refused.
            AnswerFault::ForbiddenPage => {
                let mut outcome = refused(ErrorKind::PermissionDenied, None, ATTEMPTS);
                outcome.write.attempts = 1;
                outcome
            }
            AnswerFault::OriginDown => unknown(ErrorKind::Unavailable),
            AnswerFault::RedirectElsewhere => unreadable(ErrorKind::Config),
            AnswerFault::NotHttp => unknown(ErrorKind::Transport),
            _ => panic!("{fault:?} has no expectation"),
        },
        _ => panic!("{fault} has no expectation"),
    }
}
