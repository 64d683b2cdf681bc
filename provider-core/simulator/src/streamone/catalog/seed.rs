//! The seeded catalog: seat products with several SKUs and plans, add-ons, one-time and usage products.

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;

use super::providers::{AWS, GCP, GOOGLE, MICROSOFT, SOPHOS};
use super::record::{BookPrice, Period, Plan, Product, Program, Sku};
use crate::engine::prng::Prng;
use crate::streamone::engine::settings::PARTNER;

/// The account that shares its products with the reseller.
pub(crate) const DISTRIBUTOR: u64 = 19_990;
/// Generated products besides the named ones.
const FILLERS: u64 = 24;

/// Every product; prices of the generated ones follow the seed.
pub(crate) fn products(seed: u64, now: DateTime<Utc>) -> Vec<Product> {
    let mut products = vec![
        suite(now),
        voice(now),
        legacy_suite(now),
        perpetual(now),
        azure_plan(now),
        aws_account(now),
        workspace(now),
        google_cloud(now),
        endpoint(now),
        retired(now),
    ];
    products.extend((1..=FILLERS).map(|index| filler(seed, index, now)));
    products
}

fn product(id: &str, name: &str, provider: u64, skus: Vec<Sku>, now: DateTime<Utc>) -> Product {
    Product {
        id: id.to_owned(),
        display_name: name.to_owned(),
        caption: name.to_owned(),
        description: format!("{name} for example companies."),
        kind: "SUBSCRIPTION_PRODUCTS",
        provider,
        category: "Productivity",
        vertical: "AllIndustries",
        postpay: true,
        skus,
        add_ons: Vec::new(),
        owner: Some(DISTRIBUTOR),
        disabled: false,
        program: None,
        revision: 1,
        created: now - TimeDelta::days(600),
        updated: now - TimeDelta::days(40),
    }
}

fn sku(id: &str, name: &str, external_id: &str, plans: Vec<Plan>) -> Sku {
    Sku {
        id: id.to_owned(),
        display_name: name.to_owned(),
        external_id: external_id.to_owned(),
        plans,
        add_ons: Vec::new(),
        disabled: false,
    }
}

/// A plan whose price-book price lies 15 % below the list price and the master price 20 % below it.
fn plan(id: &str, name: &str, external_id: &str, period: Period, term: &'static str, list: Decimal) -> Plan {
    Plan {
        id: id.to_owned(),
        display_name: name.to_owned(),
        external_id: external_id.to_owned(),
        mpn: None,
        period,
        term,
        list,
        book: Some(BookPrice {
            price: (list * Decimal::new(85, 2)).normalize(),
            master: (list * Decimal::new(80, 2)).normalize(),
        }),
        usage: false,
    }
}

/// The plans of a new-commerce SKU. Longer commitments are cheaper, annual payment is twelve monthly ones.
fn new_commerce_plans(name: &str, external_id: &str, number: u64, annual_commit: Decimal) -> Vec<Plan> {
    let monthly_commit = annual_commit * Decimal::new(12, 1);
    let terms: [(&str, Period, &'static str, char, Decimal); 4] = [
        ("Monthly---Annual-Commit", Period::Monthly, "P1Y", 'M', annual_commit),
        ("Annual---Annual-Commit", Period::Annual, "P1Y", 'A', annual_commit * Decimal::from(12)),
        ("Monthly---Monthly-Commit", Period::Monthly, "P1M", 'M', monthly_commit),
        ("Monthly---Triennial-Commit", Period::Monthly, "P3Y", 'M', annual_commit),
    ];
    terms
        .into_iter()
        .zip(number..)
        .map(|((id, period, term, cycle, list), number)| Plan {
            mpn: Some(format!("{external_id}:{term}:{cycle}")),
            ..plan(&format!("{id}-n{number}"), name, &format!("EXMP0OFFER{number:03}"), period, term, list)
        })
        .collect()
}

fn suite(now: DateTime<Utc>) -> Product {
    let standard = new_commerce_plans("Example Suite Standard", "EXMP0TTC0AAA:0001", 1, Decimal::new(125, 1));
    let premium =
        new_commerce_plans("Example Suite Premium", "EXMP0TTC0AAA:0002", 5, Decimal::new(638_452_759, 7));
    let mut skus = vec![
        sku("Example-Suite-Standard", "Example Suite Standard", "EXMP0TTC0AAA:0001", standard),
        sku("Example-Suite-Premium", "Example Suite Premium", "EXMP0TTC0AAA:0002", premium),
    ];
    // One plan that the catalog shows although the reseller's price book lacks it.
    if let Some(plan) = skus.last_mut().and_then(|sku| sku.plans.last_mut()) {
        plan.book = None;
    }
    product("ExampleSuiteNCE-demo", "Example Suite NCE", MICROSOFT, skus, now)
}

fn voice(now: DateTime<Utc>) -> Product {
    let base = new_commerce_plans("Example Voice", "EXMP0TTC0CCC:0001", 11, Decimal::new(8, 0));
    let calling = new_commerce_plans("Example Calling Minutes", "EXMP0TTC0DDD:0001", 15, Decimal::new(45, 1));
    let mut main = sku("Example-Voice", "Example Voice", "EXMP0TTC0CCC:0001", base);
    main.add_ons = vec!["Example-Calling-Minutes".to_owned()];
    let add_on = sku("Example-Calling-Minutes", "Example Calling Minutes", "EXMP0TTC0DDD:0001", calling);
    Product {
        add_ons: vec![add_on],
        category: "Communication",
        program: Some(Program { name: "Example Growth".to_owned(), partner: PARTNER.to_owned() }),
        ..product("ExampleVoiceNCE-demo", "Example Voice NCE", MICROSOFT, vec![main], now)
    }
}

/// Shares a display name with the new-commerce product, as live catalogs do.
fn legacy_suite(now: DateTime<Utc>) -> Product {
    let monthly = plan(
        "Monthly-n69",
        "Example Suite Standard",
        "EXMP-LEGACY-0069",
        Period::Monthly,
        "P1M",
        Decimal::new(13, 0),
    );
    let skus =
        vec![sku("Example-Suite-Standard-legacy", "Example Suite Standard", "EXMP-LEGACY-01", vec![monthly])];
    product("ExampleSuite-legacy", "Example Suite", MICROSOFT, skus, now)
}

fn perpetual(now: DateTime<Utc>) -> Product {
    let once = plan(
        "OneTime-n21",
        "Example Server 2026",
        "EXMP0TTC0EEE:0001:ONE",
        Period::OneTime,
        "P1M",
        Decimal::new(89_900, 2),
    );
    let skus = vec![sku("Example-Server-2026", "Example Server 2026", "EXMP0TTC0EEE:0001", vec![once])];
    Product {
        category: "Servers",
        postpay: false,
        ..product("ExampleServer-perpetual", "Example Server (perpetual)", MICROSOFT, skus, now)
    }
}

fn azure_plan(now: DateTime<Utc>) -> Product {
    let usage = Plan {
        usage: true,
        ..plan(
            "Usage-n31",
            "Example Azure plan",
            "EXMP0TTC0FFF:0001:USE",
            Period::Monthly,
            "P1M",
            Decimal::ZERO,
        )
    };
    let skus = vec![sku("Example-Azure-Plan", "Example Azure plan", "EXMP0TTC0FFF:0001", vec![usage])];
    Product {
        category: "Infrastructure",
        ..product("ExampleAzurePlan-demo", "Example Azure plan", MICROSOFT, skus, now)
    }
}

fn aws_account(now: DateTime<Utc>) -> Product {
    let usage = Plan {
        usage: true,
        ..plan("Usage-n41", "Example AWS account", "EXMP-AWS-USE", Period::Monthly, "P1M", Decimal::ZERO)
    };
    let skus = vec![sku("Example-AWS-Account", "Example AWS account", "EXMP-AWS", vec![usage])];
    Product {
        kind: "CLOUD_REBILLING_PRODUCT",
        category: "Infrastructure",
        ..product("ExampleAwsAccount", "Example AWS account", AWS, skus, now)
    }
}

fn workspace(now: DateTime<Utc>) -> Product {
    let flexible = plan(
        "Monthly-Flexible-n51",
        "Example Workspace Starter",
        "EXMP-GWS-1-FLEX",
        Period::Monthly,
        "P1M",
        Decimal::new(72, 1),
    );
    let annual = plan(
        "Annual-Plan-n52",
        "Example Workspace Starter",
        "EXMP-GWS-1-YEAR",
        Period::Monthly,
        "P1Y",
        Decimal::new(6, 0),
    );
    let skus = vec![sku(
        "Example-Workspace-Starter",
        "Example Workspace Starter",
        "EXMP-GWS-1",
        vec![flexible, annual],
    )];
    product("ExampleWorkspace", "Example Workspace", GOOGLE, skus, now)
}

fn google_cloud(now: DateTime<Utc>) -> Product {
    let usage = Plan {
        usage: true,
        ..plan("Usage-n55", "Example GCP project", "EXMP-GCP-USE", Period::Monthly, "P1M", Decimal::ZERO)
    };
    let skus = vec![sku("Example-GCP-Project", "Example GCP project", "EXMP-GCP", vec![usage])];
    Product {
        kind: "CLOUD_REBILLING_PRODUCT",
        category: "Infrastructure",
        ..product("ExampleGcpProject", "Example GCP project", GCP, skus, now)
    }
}

fn endpoint(now: DateTime<Utc>) -> Product {
    let monthly = plan(
        "Monthly-n61",
        "Example Endpoint Protection",
        "EXMP-SPH-1",
        Period::Monthly,
        "P1M",
        Decimal::new(39, 1),
    );
    let skus = vec![sku("Example-Endpoint", "Example Endpoint Protection", "EXMP-SPH", vec![monthly])];
    Product {
        category: "Security",
        vertical: "Healthcare",
        owner: None,
        ..product("ExampleEndpoint", "Example Endpoint Protection", SOPHOS, skus, now)
    }
}

fn retired(now: DateTime<Utc>) -> Product {
    let monthly =
        plan("Monthly-n71", "Example Backup 2019", "EXMP-BKP-19", Period::Monthly, "P1M", Decimal::new(2, 0));
    let mut backup = sku("Example-Backup-2019", "Example Backup 2019", "EXMP-BKP", vec![monthly]);
    backup.disabled = true;
    Product {
        category: "Security",
        owner: None,
        disabled: true,
        ..product("ExampleBackup-2019", "Example Backup 2019", SOPHOS, vec![backup], now)
    }
}

fn filler(seed: u64, index: u64, now: DateTime<Utc>) -> Product {
    let mut prng = Prng::keyed(seed, "streamone/product", index);
    let cents = i64::try_from(prng.between(200, 9_000)).unwrap_or(200);
    let name = format!("Example App {index:02}");
    let external = format!("EXMP0APP0{index:02}0:0001");
    let plans = new_commerce_plans(&name, &external, 100 + index * 4, Decimal::new(cents, 2));
    let skus = vec![sku(&format!("Example-App-{index:02}"), &name, &external, plans)];
    product(&format!("ExampleApp{index:02}NCE-demo"), &format!("{name} NCE"), MICROSOFT, skus, now)
}
