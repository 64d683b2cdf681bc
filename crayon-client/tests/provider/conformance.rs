//! The promises of every provider, on the simulator.

use provider_core::{Command, CommandKind, EntityKind, Patch, Receipt, RecordConsent, UpdateCustomer};
use provider_simulator::{FaultAction, FaultRule};
use provider_testkit::conformance::{self, Expectations};

use super::commands::{consent, new_customer};
use super::connection::Account;

#[tokio::test]
async fn the_conformance_suite_passes() {
    let account = Account::start().await;
    let crayon = account.crayon.clone();
    let customers = u64::try_from(crayon.tenant_ids().len()).unwrap();
    let made = |receipts: &[Receipt]| receipts.iter().find_map(|receipt| receipt.customer.clone());
    let create = new_customer(&account);
    // Of another partner: the vendor answers nothing but the status.
    let forbidden = FaultAction::status(http::StatusCode::FORBIDDEN, "");
    for path in ["/api/v1/CustomerTenants/98765432*", "/api/v1/Subscriptions/98765432*"] {
        crayon.faults().add(FaultRule::new("GET", path, forbidden.clone()));
    }
    let expectations = Expectations::default()
        .forbidden(EntityKind::Customer, "98765432")
        .forbidden(EntityKind::Subscription, "98765432")
        .count(EntityKind::Customer, customers)
        .proven([EntityKind::Customer, EntityKind::Product, EntityKind::Subscription, EntityKind::Invoice])
        .secret(crayon.client_secret())
        .secret(crayon.password())
        .wire_calls({
            let crayon = crayon.clone();
            move || crayon.count("*", "*")
        })
        .wire_writes({
            let crayon = crayon.clone();
            move || {
                let reads = ["/connect/token", "/verify", "/getaspost"];
                let of_reads =
                    |path: &str| reads.iter().any(|read| path.to_ascii_lowercase().ends_with(read));
                let requests = crayon.requests();
                requests.iter().filter(|r| r.method != "GET" && !of_reads(&r.path)).count() as u64
            }
        })
        .command(create)
        .command_after(CommandKind::RecordConsent, move |receipts: &[Receipt]| {
            Some(Command::from(RecordConsent::new(made(receipts)?, consent())))
        })
        .command_after(CommandKind::UpdateCustomer, move |receipts: &[Receipt]| {
            let mut update = UpdateCustomer::new(made(receipts)?);
            update.name = Patch::Set("Harbor Renamed Ltd".to_owned());
            Some(Command::from(update))
        })
        .allow_writes();
    let report = conformance::suite(account.provider(), expectations).await;
    report.assert();
}
