//! Settings from variables, forms and files.

use std::collections::BTreeMap;
use std::sync::Arc;

use provider_core::info::Environment;
use provider_core::settings::FormInput;
use provider_core::token::MemoryTokenStore;
use provider_core::{
    CommandKind, ConnectionSettings, ErrorKind, Operation, ProviderFactory as _, Registry, Services,
};
use streamone_client::{StreamOneConfig, StreamOneFactory};

fn read(set: &[(&str, &str)]) -> provider_core::Result<Option<StreamOneConfig>> {
    let set: BTreeMap<_, _> = set.iter().copied().collect();
    StreamOneConfig::from_vars(|name| set.get(name).map(|value| (*value).to_owned()))
}

#[test]
fn no_variable_is_no_connection() {
    assert!(read(&[]).unwrap().is_none());
    assert!(read(&[("PROVIDER_TOKEN_DIR", "x"), ("PAX8_CLIENT_ID", "x")]).unwrap().is_none());
}

#[test]
fn what_is_set_but_blank_is_refused_by_name() {
    for name in ["STREAMONE_ENVIRONMENT", "STREAMONE_API_KEY", "PROVIDER_TOKEN_KEY", "PROVIDER_TOKEN_DIR"] {
        let error = read(&[("STREAMONE_ACCOUNT_ID", "1"), ("STREAMONE_REFRESH_TOKEN", "t"), (name, " ")])
            .unwrap_err();
        assert_eq!(error.violations()[0].field, name, "{error}");
    }
}

#[test]
fn half_of_the_variables_is_an_error_that_names_all_that_are_missing() {
    for (set, missing) in [
        (vec![("STREAMONE_ACCOUNT_ID", "1")], vec!["STREAMONE_REFRESH_TOKEN"]),
        (
            vec![("STREAMONE_BASE_URL", "https://ion.example.com")],
            vec!["STREAMONE_ACCOUNT_ID", "STREAMONE_REFRESH_TOKEN"],
        ),
        (
            vec![("STREAMONE_API_KEY", "k")],
            vec!["STREAMONE_ACCOUNT_ID", "STREAMONE_REFRESH_TOKEN", "STREAMONE_API_SECRET"],
        ),
        (
            vec![
                ("STREAMONE_ACCOUNT_ID", "1"),
                ("STREAMONE_REFRESH_TOKEN", "t"),
                ("STREAMONE_API_SECRET", "s"),
            ],
            vec!["STREAMONE_API_KEY"],
        ),
    ] {
        let error = read(&set).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        for name in missing {
            assert!(error.to_string().contains(name), "{name}: {error}");
            assert!(error.violations().iter().any(|v| v.field == name), "{name}: {error:?}");
        }
    }
}

#[test]
fn every_variable_is_read() {
    let config = read(&[
        ("STREAMONE_ACCOUNT_ID", " 20001 "),
        ("STREAMONE_REFRESH_TOKEN", "t"),
        ("STREAMONE_API_KEY", "k"),
        ("STREAMONE_API_SECRET", "s"),
        ("STREAMONE_BASE_URL", "https://ion.example.com/prefix"),
        ("STREAMONE_ENVIRONMENT", "Sandbox"),
        ("STREAMONE_COUNTRY", "Norway"),
        ("STREAMONE_CURRENCY", "nok"),
        ("PROVIDER_TOKEN_DIR", "tokens"),
    ])
    .unwrap()
    .unwrap();
    assert_eq!(config.account_id, "20001");
    assert_eq!(config.environment, Environment::Sandbox);
    assert_eq!(config.country.unwrap().as_str(), "NO");
    assert_eq!(config.currency.unwrap().as_str(), "NOK");
    assert_eq!(config.token_dir.unwrap().to_str(), Some("tokens"));
}

#[test]
fn wrong_values_are_named_together() {
    let error = read(&[
        ("STREAMONE_ACCOUNT_ID", "1"),
        ("STREAMONE_REFRESH_TOKEN", "t"),
        ("STREAMONE_BASE_URL", "http://ion.example.com"),
        ("STREAMONE_ENVIRONMENT", "staging"),
        ("STREAMONE_CURRENCY", "shells"),
    ])
    .unwrap_err();
    for name in ["STREAMONE_BASE_URL", "STREAMONE_ENVIRONMENT", "STREAMONE_CURRENCY"] {
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[test]
fn a_file_gives_the_same_settings_with_its_defaults() {
    let config: StreamOneConfig =
        serde_json::from_str(r#"{"account_id":"20001","refresh_token":"t","environment":"sandbox"}"#)
            .unwrap();
    assert_eq!((config.name.as_str(), config.base_url.as_str()), ("streamone", "https://ion.tdsynnex.com"));
    assert_eq!(config.environment, Environment::Sandbox);
}

#[test]
fn the_form_says_where_everything_is_found() {
    let factory = StreamOneFactory::new();
    let form = factory.form();
    assert_eq!(form.kind, "streamone");
    for (key, variable, secret) in [
        ("account_id", "STREAMONE_ACCOUNT_ID", false),
        ("refresh_token", "STREAMONE_REFRESH_TOKEN", true),
        ("api_key", "STREAMONE_API_KEY", true),
        ("api_secret", "STREAMONE_API_SECRET", true),
    ] {
        let field = form.get(key).unwrap();
        assert_eq!(field.variable.as_deref(), Some(variable));
        assert_eq!(field.secret, secret);
        assert!(field.authorization && field.where_to_find.contains("Settings") && !field.help.is_empty());
    }
    assert_eq!(form.get("currency").unwrap().variable.as_deref(), Some("STREAMONE_CURRENCY"));
}

#[tokio::test]
async fn a_registry_builds_what_was_typed_and_the_sandbox_sends_nothing() {
    let form = StreamOneFactory::new().form().clone();
    let typed = FormInput::default()
        .with("name", "ION")
        .with("environment", "sandbox")
        .with("account_id", "20001")
        .with("refresh_token", "t");
    let settings = form.read(&typed).unwrap();
    let services = Services::default().with_token_store(Arc::new(MemoryTokenStore::default()));
    let registry = Registry::default().with(StreamOneFactory::new()).unwrap();
    let provider = registry.build(&settings, &services).unwrap();
    assert_eq!(provider.info().account.as_deref(), Some("20001"));
    let place = Operation::Execute(CommandKind::PlaceOrder);
    assert!(!provider.capabilities().support(place).is_supported());
    let connected = StreamOneConfig::from_settings(&settings).unwrap().connect(&services).unwrap();
    assert_eq!(connected.capabilities(), provider.capabilities());
}

#[test]
fn half_a_key_pair_and_a_missing_token_are_refused_by_name() {
    let services = Services::default();
    let factory = StreamOneFactory::new();
    let settings = ConnectionSettings::new("streamone", "ION").with_secret("account_id", "20001");
    assert!(factory.build(&settings, &services).unwrap_err().to_string().contains("refresh_token"));
    let half = settings.with_secret("refresh_token", "t").with_secret("api_key", "k");
    let error = factory.build(&half, &services).unwrap_err();
    assert!(error.to_string().contains("api_secret"), "{error}");
}
