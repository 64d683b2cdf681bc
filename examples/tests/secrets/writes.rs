//! What came of a write, where the distributor's answer repeats the credentials: errors, receipts, plans, and what a
//! journal keeps of them.

use std::sync::Arc;

use provider_core::journal::{Journal, MemoryJournal};
use provider_core::{IdempotencyKey, Provider, ProviderExt as _, WriteOptions};
use provider_simulator::{FaultAction, FaultRule, Faults, Simulator};
use serde_json::{Value, json};

use crate::orders::commands;
use crate::wire::{Vendor, simulated};
use crate::{Shown, spellings};

/// What a careless service says of a write that it refuses, beside what it answers.
fn with_complaints(answer: Value, said: &str) -> Value {
    let fault = json!({
        "code": said, "message": said, "description": said, "reasonCode": said, "field": said,
        "Code": 7, "Description": said, "ReasonCode": said, "Message": said, "defaultMessage": said,
    });
    match answer {
        Value::Object(mut members) if !members.keys().any(|name| name.to_lowercase().contains("token")) => {
            for lines in ["OrderLines", "orderLines", "lineItems", "items"] {
                if let Some(Value::Array(lines)) = members.get_mut(lines) {
                    for line in lines.iter_mut().filter_map(Value::as_object_mut) {
                        line.insert("Errors".to_owned(), json!([fault]));
                        line.insert("errors".to_owned(), json!([fault]));
                    }
                }
            }
            for name in ["errors", "Errors"] {
                members.insert(name.to_owned(), json!([fault]));
            }
            for name in ["message", "Message", "error", "detail", "reason", "ErrorCode"] {
                members.insert(name.to_owned(), json!(said));
            }
            members.insert("status".to_owned(), json!("ERROR"));
            members.insert("success".to_owned(), json!(false));
            Value::Object(members)
        }
        other => other,
    }
}

fn complain(faults: &Faults, said: &str) {
    faults.clear();
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        let said = said.to_owned();
        let rewrite = FaultAction::rewrite(move |answer| with_complaints(answer, &said));
        faults.add(FaultRule::new(method, "*", rewrite));
    }
}

#[test]
fn no_secret_is_in_what_came_of_a_write() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let shown = Shown::default();
    let simulator = runtime.block_on(Simulator::builder().customers(6).start()).unwrap();
    let variables = simulator.env();
    // A connection knows its own.
    let secrets_of = |vendor: Vendor| -> Vec<String> {
        let own = ["CRAYON_", "PAX8_", "STREAMONE_"][vendor as usize];
        let is_secret = |name: &str| ["SECRET", "PASSWORD", "TOKEN"].iter().any(|kind| name.ends_with(kind));
        let own = variables.iter().filter(|(name, _)| name.starts_with(own) && is_secret(name));
        own.map(|(_, value)| value.clone()).collect()
    };
    let faults = [
        simulator.crayon().faults().clone(),
        simulator.pax8().faults().clone(),
        simulator.streamone().faults().clone(),
    ];
    runtime.block_on(async {
        for (vendor, faults) in Vendor::ALL.into_iter().zip(&faults) {
            let provider = simulated(&simulator, vendor, None);
            let journal = Arc::new(MemoryJournal::default());
            let writer = provider.journaled(Arc::clone(&journal));
            let commands = commands(vendor, &simulator, &provider).await;
            let secrets = secrets_of(vendor);
            assert_eq!(secrets.len(), if vendor == Vendor::Pax8 { 1 } else { 2 });
            complain(faults, &format!("refused: {}", secrets.join(" ")));
            let mut told = 0;
            for (number, command) in commands.iter().enumerate() {
                let key = IdempotencyKey::derive("complaints", [format!("{vendor:?}"), number.to_string()]);
                let options = WriteOptions::new(key);
                match provider.plan(command, &options).await {
                    Ok(plan) => shown.value(&(plan.to_string(), serde_json::to_string(&plan).unwrap())),
                    Err(error) => shown.error(&error),
                }
                match writer.execute(command, &options).await {
                    Ok(receipt) => {
                        shown.value(&(receipt.to_string(), serde_json::to_string(&receipt).unwrap()));
                        told += 1;
                    }
                    Err(error) => {
                        shown.error(&error);
                        told += 1;
                    }
                }
            }
            assert!(told > 5, "{vendor:?}: {told}");
            for attempt in journal.open_attempts(None).await.unwrap() {
                shown.value(&(serde_json::to_string(&attempt).unwrap(), provider.reconcile(&attempt).await));
            }
            shown.value(&journal);
            faults.clear();
        }
    });
    let text = shown.0.lock().unwrap();
    assert!(text.contains("refused: ***"), "nothing that was said was shown: {text}");
    for secret in Vendor::ALL.into_iter().flat_map(secrets_of) {
        for spelling in spellings(&secret) {
            assert!(!text.contains(&spelling), "{spelling}");
        }
    }
}
