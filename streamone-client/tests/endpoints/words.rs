//! Words are compared without case and separators: no two of one enum may be the same then.

use provider_core::wire::words;
use streamone_client::model::*;

#[test]
fn no_two_words_of_an_enum_are_the_same() {
    macro_rules! check {
        ($($name:ident),+ $(,)?) => {
            const NAMES: &[&str] = &[$(stringify!($name)),+];
            $( words::check::<$name>(&[]).unwrap(); )+
        };
    }
    check!(
        AddOnAlignment,
        BillingMode,
        BillingPeriod,
        CancelTiming,
        CartItemStatus,
        CartPeriod,
        CartStatus,
        CheckedOut,
        CustomerStatus,
        OrderAction,
        OrderStatus,
        PaymentType,
        PhaseType,
        ProductRole,
        ProductType,
        RelativeDateRange,
        ReportCategory,
        ReportModule,
        SubscriptionStatus,
        TemplateAction,
        TemplateVendor,
        TimeUnit,
        UserStatus,
        ValueType
    );
    // Whoever declares another one enters it here.
    let declared: usize = ["model", "model/order", "model/product", "model/report", "model/subscription"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(format!("{}/src/{folder}", env!("CARGO_MANIFEST_DIR"))).unwrap())
        .map(|file| file.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| std::fs::read_to_string(path).unwrap())
        .map(|source| source.lines().filter(|line| line.starts_with("    pub enum ")).count())
        .sum();
    assert_eq!(declared, NAMES.len());
}
