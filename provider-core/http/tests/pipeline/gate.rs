//! What is sent is announced first: every attempt of a write, and nothing else.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use provider_core::{
    CommandKind, Delivery, Error, ErrorKind, IdempotencyKey, LineReceipt, Operation, Result, SendGate,
    Sending, WriteOptions, async_trait,
};
use provider_http::{CallOptions, OperationContext, RequestSpec, TransportErrorKind};

use crate::scripted::{Reply, Scripted};

/// Lets so many attempts through and counts who asked.
struct Counting {
    asked: AtomicU32,
    lets: u32,
}

#[async_trait]
impl SendGate for Counting {
    async fn pass(&self, _: u32) -> Result<()> {
        if self.asked.fetch_add(1, Ordering::SeqCst) < self.lets {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Conflict, "the lease is somebody else's"))
    }

    async fn answered(&self, _: u32, _: &LineReceipt) {}
}

fn gate(lets: u32) -> (Arc<Counting>, CallOptions) {
    let gate = Arc::new(Counting { asked: AtomicU32::new(0), lets });
    let options = WriteOptions::new(IdempotencyKey::derive("test", ["gate"]))
        .sending(Sending::through(Arc::clone(&gate) as _));
    let operation = Operation::Execute(CommandKind::PlaceOrder);
    (gate, OperationContext::write(operation, &options, Duration::from_secs(60)).call())
}

#[tokio::test(start_paused = true)]
async fn every_attempt_of_a_write_asks_and_no_read_does() {
    let wire = Scripted::new(|number, _| if number < 2 { Reply::status(429) } else { Reply::status(200) });
    let (counting, call) = gate(u32::MAX);
    wire.client().send(RequestSpec::post("/orders"), &call).await.unwrap();
    assert_eq!((counting.asked.load(Ordering::SeqCst), wire.count()), (3, 3), "retries included");

    let wire = Scripted::new(|number, _| if number < 2 { Reply::status(503) } else { Reply::status(200) });
    let (counting, call) = gate(0);
    wire.client().send(RequestSpec::get("/orders"), &call).await.unwrap();
    wire.client().send(RequestSpec::post("/orders/search").read(), &call).await.unwrap();
    assert_eq!(counting.asked.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_let_through_is_not_sent() {
    let wire = Scripted::new(|_, _| Reply::status(200));
    let (_, call) = gate(0);
    let error = wire.client().send(RequestSpec::post("/orders"), &call).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery(), wire.count()), (ErrorKind::Conflict, Delivery::NotSent, 0));

    let wire = Scripted::new(|_, _| Reply::fails(TransportErrorKind::Connect));
    let (counting, call) = gate(1);
    let error = wire.client().send(RequestSpec::post("/orders"), &call).await.unwrap_err();
    assert_eq!((error.delivery(), wire.count()), (Delivery::NotSent, 1), "the second attempt was refused");
    assert_eq!(counting.asked.load(Ordering::SeqCst), 2);
}
