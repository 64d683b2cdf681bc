//! Creates or changes a customer, takes over an existing tenant, or records the vendor's agreement.
//!
//! ```sh
//! cargo run --example customer -- create --provider pax8 --name NAME --contact-name N --email E --phone P
//!     --street S --city C --region R --postal-code Z --country US [--domain D] --key KEY [--plan] [--json]
//! cargo run --example customer -- update --provider pax8 --customer ID [--name NAME] [--phone P] --key KEY
//! cargo run --example customer -- attach --provider crayon --tenant TENANT [--domain D] --key KEY
//! cargo run --example customer -- consent --provider crayon --customer ID --first-name F --last-name L
//!     --email E --agreed-on 2026-01-31 --key KEY
//! ```
//!
//! Distributors differ: what is missing, or has no place there, is named before anything is sent.

mod customer_flags;
mod write_support;

use chrono::{NaiveDate, NaiveTime};
use clap::{Args, Parser, Subcommand};
use customer_flags::{Details, given};
use provider_core::command::Consent;
use provider_core::{AttachCustomer, Command, CreateCustomer, RecordConsent, UpdateCustomer};
use provider_examples::Exit;
use write_support::WriteFlags;

/// Creates or changes a customer, takes over an existing tenant, or records the vendor's agreement.
#[derive(Parser)]
struct Flags {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Creates a customer.
    Create(Box<Create>),
    /// Changes a customer; what is not named stays as it is.
    Update(Box<Update>),
    /// Takes over a customer who has a tenant already.
    Attach(Attach),
    /// Records that the customer accepted the vendor's agreement.
    Consent(Accept),
}

#[derive(Args)]
struct Create {
    /// The company's name.
    #[arg(long)]
    name: String,
    /// The new tenant's domain.
    #[arg(long)]
    domain: Option<String>,
    /// The distributor's organization of yours that it belongs to.
    #[arg(long)]
    organization: Option<String>,
    #[command(flatten)]
    details: Details,
    #[command(flatten)]
    write: WriteFlags,
}

#[derive(Args)]
struct Update {
    /// The customer's id, as `export --entity customers` shows it.
    #[arg(long)]
    customer: String,
    /// The company's name.
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    details: Details,
    #[command(flatten)]
    write: WriteFlags,
}

#[derive(Args)]
struct Attach {
    /// The tenant's id at the vendor.
    #[arg(long)]
    tenant: String,
    /// The tenant's domain.
    #[arg(long)]
    domain: Option<String>,
    /// The company's name.
    #[arg(long)]
    name: Option<String>,
    /// The distributor's organization of yours that it belongs to.
    #[arg(long)]
    organization: Option<String>,
    /// The invoice profile that it is billed by.
    #[arg(long)]
    invoice_profile: Option<String>,
    #[command(flatten)]
    write: WriteFlags,
}

#[derive(Args)]
struct Accept {
    /// The customer's id, as `export --entity customers` shows it.
    #[arg(long)]
    customer: String,
    /// The first name of who accepted.
    #[arg(long)]
    first_name: String,
    /// The last name.
    #[arg(long)]
    last_name: String,
    /// The e-mail address.
    #[arg(long)]
    email: String,
    /// The phone number.
    #[arg(long)]
    phone: Option<String>,
    /// When it was accepted: a date. The same key needs the same date.
    #[arg(long)]
    agreed_on: NaiveDate,
    #[command(flatten)]
    write: WriteFlags,
}

#[tokio::main]
async fn main() -> Exit {
    let (command, write) = command(Flags::parse().action);
    Exit::of(write_support::run(&write, &command)).await
}

fn command(action: Action) -> (Command, WriteFlags) {
    match action {
        Action::Create(flags) => {
            let mut create = CreateCustomer::new(flags.name);
            create.domain = flags.domain;
            create.organization = flags.organization.map(Into::into);
            flags.details.add_to(&mut create);
            (create.into(), flags.write)
        }
        Action::Update(flags) => {
            let mut update = UpdateCustomer::new(flags.customer);
            update.name = given(flags.name);
            flags.details.change(&mut update);
            (update.into(), flags.write)
        }
        Action::Attach(flags) => {
            let mut attach = AttachCustomer::new(flags.tenant);
            attach.domain = flags.domain;
            attach.name = flags.name;
            attach.organization = flags.organization.map(Into::into);
            attach.invoice_profile = flags.invoice_profile.map(Into::into);
            (attach.into(), flags.write)
        }
        Action::Consent(flags) => {
            let agreed_at = flags.agreed_on.and_time(NaiveTime::MIN).and_utc();
            let mut consent = Consent::new(flags.first_name, flags.last_name, flags.email, agreed_at);
            consent.phone = flags.phone;
            (RecordConsent::new(flags.customer, consent).into(), flags.write)
        }
    }
}
