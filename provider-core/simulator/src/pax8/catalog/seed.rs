//! The seeded catalog: one product of every kind that an integration meets, and any number of plain ones.

use rust_decimal::Decimal;

use super::record::{Commitment, Needed, Price, Product, Question, Rate};
use crate::engine::prng::Prng;
use crate::pax8::engine::table::Table;

/// Places of the seeded products in the table.
pub(crate) mod place {
    pub(crate) const SUITE: usize = 0;
    pub(crate) const BASE: usize = 1;
    pub(crate) const SHIELD: usize = 2;
    pub(crate) const STORAGE: usize = 3;
    pub(crate) const BACKUP: usize = 4;
    pub(crate) const MIGRATION: usize = 5;
    pub(crate) const SUPPORT: usize = 6;
}

/// Places of the suite's commitments.
pub(crate) const MONTHLY_COMMITMENT: usize = 0;
pub(crate) const YEARLY_COMMITMENT: usize = 1;

const NEW_TENANT: &str = "No, create one";
const OLD_TENANT: &str = "Yes, use the existing tenant";

/// The products of `seed`.
pub(crate) fn seeded(seed: u64) -> Table<Product> {
    let mut table = Table::default();
    for product in
        [suite(seed), base(seed), shield(seed), storage(seed), backup(seed), migration(seed), support(seed)]
    {
        table.push(product);
    }
    table
}

/// Adds `count` plain products with a monthly and an annual price.
pub(crate) fn extend(table: &mut Table<Product>, seed: u64, count: usize) {
    for _ in 0..count {
        let place = table.len();
        let number = u64::try_from(place).unwrap_or(u64::MAX);
        let mut prng = Prng::keyed(seed, "pax8/extra-product", number);
        let cents = i64::try_from(prng.between(200, 9_000)).unwrap_or(200);
        let vendor = prng.word(&["ExampleSoft", "Example Networks", "Example Security"]);
        table.push(Product {
            name: format!("{vendor} Service {place:05}"),
            vendor,
            sku: format!("EXT-{place:05}"),
            vendor_sku: format!("EXT{place:05}"),
            prices: vec![flat("Monthly", None, money(cents)), flat("Annual", None, money(cents * 11))],
            ..plain(prng.uuid())
        });
    }
}

fn money(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

/// A quarter more than what the partner pays.
fn retail(buy: Decimal) -> Decimal {
    (buy * Decimal::new(125, 2)).round_dp(2)
}

fn per_unit(buy: Decimal, from: u32, to: Option<u32>) -> Rate {
    Rate { buy, retail: retail(buy), from, to, flat: false }
}

fn flat(billing_term: &'static str, commitment: Option<usize>, buy: Decimal) -> Price {
    Price { billing_term, commitment, kind: "Flat", rates: vec![per_unit(buy, 1, None)] }
}

fn id(seed: u64, name: &str) -> String {
    Prng::keyed(seed, name, 0).uuid()
}

fn plain(id: String) -> Product {
    Product {
        id,
        name: String::new(),
        vendor: "ExampleSoft",
        short_description: "A service for small businesses",
        description: "<p>A service for small businesses, billed per user.</p>",
        sku: String::new(),
        vendor_sku: String::new(),
        unit: "User",
        requires_commitment: false,
        manual: false,
        usage: false,
        prices: Vec::new(),
        commitments: Vec::new(),
        parents: Vec::new(),
        questions: Vec::new(),
    }
}

fn suite(seed: u64) -> Product {
    // New commerce lets nobody out of a term but in its first days or at its renewal, however short the term is.
    let commitment = |name: &str, term, months| Commitment {
        id: id(seed, name),
        term,
        months,
        auto_renew: true,
        allow_increase: true,
        allow_decrease: false,
        allow_cancel: false,
        cancel_fee: true,
    };
    Product {
        name: "ExampleSoft Suite Premium [New Commerce Experience]".to_owned(),
        short_description: "Office suite with device management",
        description: "Mail, documents and device management for up to 300 users.",
        sku: "EXS-SUI-PRM-C100".to_owned(),
        vendor_sku: "EXS0LCHC:0002".to_owned(),
        requires_commitment: true,
        commitments: vec![
            commitment("pax8/commitment/monthly", "Monthly", 1),
            commitment("pax8/commitment/1-year", "1-Year", 12),
            commitment("pax8/commitment/3-year", "3-Year", 36),
        ],
        prices: vec![
            flat("Monthly", Some(MONTHLY_COMMITMENT), money(2112)),
            flat("Monthly", Some(YEARLY_COMMITMENT), money(1760)),
            Price {
                billing_term: "Annual",
                commitment: Some(YEARLY_COMMITMENT),
                kind: "Volume",
                rates: vec![per_unit(money(21_120), 1, Some(49)), per_unit(money(20_500), 50, None)],
            },
            flat("3-Year", Some(2), money(59_900)),
        ],
        questions: suite_questions(),
        ..plain(id(seed, "pax8/product/suite"))
    }
}

fn suite_questions() -> Vec<Question> {
    vec![
        Question {
            key: "exCustExists",
            label: "Does the customer already have a tenant?",
            description: "",
            kind: "Single-Value",
            choices: &[NEW_TENANT, OLD_TENANT],
            needed: Needed::Always,
            unique: false,
        },
        Question {
            key: "exDomain",
            label: "Tenant prefix",
            description: "First label only, without the suffix",
            kind: "Input",
            choices: &[],
            needed: Needed::If("exCustExists", NEW_TENANT),
            unique: true,
        },
        Question {
            key: "exTenantId",
            label: "Tenant id",
            description: "Id of the existing tenant",
            kind: "Input",
            choices: &[],
            needed: Needed::If("exCustExists", OLD_TENANT),
            unique: false,
        },
        Question {
            key: "exRegions",
            label: "Regions",
            description: "",
            kind: "Multi-Value",
            choices: &["us-east", "us-west"],
            needed: Needed::Never,
            unique: false,
        },
    ]
}

fn base(seed: u64) -> Product {
    Product {
        name: "ExampleSoft Base".to_owned(),
        short_description: "Base plan",
        description: "Mail and calendar, without a commitment.",
        sku: "EXS-BAS-C100".to_owned(),
        vendor_sku: "EXS0LCHB:0001".to_owned(),
        prices: vec![
            flat("Monthly", None, money(480)),
            flat("Annual", None, money(5_280)),
            flat("Trial", None, Decimal::ZERO),
        ],
        ..plain(id(seed, "pax8/product/base"))
    }
}

/// The add-on: it needs the suite or the base plan as its parent.
fn shield(seed: u64) -> Product {
    Product {
        name: "ExampleSoft Shield Add-on".to_owned(),
        short_description: "Mail protection for a suite or base plan",
        description: "Filters links and attachments. Needs a plan to protect.",
        sku: "EXS-SHD-ADD-C100".to_owned(),
        vendor_sku: "EXS0LCHS:0003".to_owned(),
        prices: vec![flat("Monthly", None, money(165))],
        parents: vec![place::SUITE, place::BASE],
        ..plain(id(seed, "pax8/product/shield"))
    }
}

/// The usage product: its price tells nothing but the unit.
fn storage(seed: u64) -> Product {
    Product {
        name: "Example Storage".to_owned(),
        short_description: "Object storage, billed by use",
        description: "Billed in arrears by gigabyte and day.",
        sku: "EXS-STO-USE-C100".to_owned(),
        vendor_sku: "EXS0STOR:0001".to_owned(),
        unit: "GB",
        usage: true,
        prices: vec![Price {
            billing_term: "Monthly",
            commitment: None,
            kind: "Mark-Up",
            rates: vec![Rate { buy: Decimal::ZERO, retail: Decimal::ZERO, from: 0, to: None, flat: false }],
        }],
        ..plain(id(seed, "pax8/product/storage"))
    }
}

fn backup(seed: u64) -> Product {
    Product {
        name: "Example Backup".to_owned(),
        vendor: "Example Networks",
        short_description: "Backup of servers and workstations",
        description: "Daily image backup with a year of retention.",
        sku: "EXN-BKP-DEV-C100".to_owned(),
        vendor_sku: "BKP-100".to_owned(),
        unit: "Device",
        prices: vec![
            Price {
                billing_term: "Monthly",
                commitment: None,
                kind: "Tiered",
                rates: vec![
                    per_unit(money(900), 1, Some(10)),
                    per_unit(money(750), 11, Some(50)),
                    per_unit(money(600), 51, None),
                ],
            },
            flat("2-Year", None, money(16_800)),
        ],
        ..plain(id(seed, "pax8/product/backup"))
    }
}

fn migration(seed: u64) -> Product {
    Product {
        name: "Example Mailbox Migration".to_owned(),
        vendor: "Example Networks",
        short_description: "Moves mailboxes once",
        description: "A project at a fixed price for up to 50 mailboxes.",
        sku: "EXN-MIG-ONE-C100".to_owned(),
        vendor_sku: "MIG-050".to_owned(),
        unit: "Each",
        prices: vec![Price {
            billing_term: "One-Time",
            commitment: None,
            kind: "Flat",
            rates: vec![Rate { flat: true, ..per_unit(money(45_000), 1, Some(50)) }],
        }],
        ..plain(id(seed, "pax8/product/migration"))
    }
}

/// Provisioned by a person, so that its subscriptions stay `PendingManual`.
fn support(seed: u64) -> Product {
    Product {
        name: "Example Priority Support".to_owned(),
        vendor: "Example Security",
        short_description: "Telephone support around the clock",
        description: "A named contact, set up by hand.",
        sku: "EXC-SUP-PRI-C100".to_owned(),
        vendor_sku: "SUP-247".to_owned(),
        manual: true,
        prices: vec![flat("Monthly", None, money(1_250))],
        ..plain(id(seed, "pax8/product/support"))
    }
}
