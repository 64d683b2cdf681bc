//! Forms, validation, authorizations stored apart, and the registry.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic is a failed test")]

use std::sync::Arc;

use provider_core::info::Environment;
use provider_core::journal::MemoryJournal;
use provider_core::settings::{
    Authorization, AuthorizationSource, Authorizations, Field, FieldKind, FormInput, SettingsForm,
};
use provider_core::{
    Command, ConnectionSettings, ErrorKind, IdempotencyKey, MemoryProvider, Provider, ProviderFactory,
    Registry, Result, Services, SuspendSubscription, WriteOptions,
};
use secrecy::ExposeSecret as _;

#[derive(Debug)]
struct Factory(SettingsForm);

fn form() -> SettingsForm {
    SettingsForm::new("acme", "Acme Distribution", "https://api.example.com")
        .field(
            Field::new("client_id", "Client ID", FieldKind::Text).credential().vendor_label("Application ID"),
        )
        .field(Field::new("client_secret", "Client secret", FieldKind::Text).secret())
        .field(Field::new("password", "Password", FieldKind::Text).secret().entered_twice())
        .field(Field::new("self_service", "Self service allowed", FieldKind::Flag).default_value("no"))
        .field(Field::new("organization", "Organization", FieldKind::Choice).optional().discovered())
        .variables("ACME")
}

impl ProviderFactory for Factory {
    fn form(&self) -> &SettingsForm {
        &self.0
    }

    fn build(&self, settings: &ConnectionSettings, _: &Services) -> Result<Arc<dyn Provider>> {
        settings.secret("client_secret")?;
        Ok(Arc::new(MemoryProvider::new(settings.name.clone())))
    }
}

fn complete() -> ConnectionSettings {
    ConnectionSettings::new("acme", "main")
        .with_secret("client_id", "id")
        .with_secret("client_secret", "planted-secret")
        .with_secret("password", "planted-password")
}

fn fields(error: &provider_core::Error) -> Vec<&str> {
    error.violations().iter().map(|v| v.field.as_str()).collect()
}

#[test]
fn everything_that_is_wrong_is_named_at_once() {
    let settings = ConnectionSettings::new("acme", " ")
        .with_endpoint("http://api.example.com")
        .with_value("self_service", "perhaps")
        .with_value("colour", "red");
    let error = form().validate(&settings).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert_eq!(
        fields(&error),
        ["name", "endpoint", "client_id", "client_secret", "password", "self_service", "colour"]
    );
    assert!(error.to_string().contains("endpoint: must start with https://"), "{error}");
    assert!(form().validate(&complete()).is_ok());
}

#[test]
fn addresses_are_https_or_this_machine() {
    for (endpoint, fine) in [
        ("https://api.example.com", true),
        ("https://api.example.com/prefix", true),
        ("http://127.0.0.1:8080", true),
        ("http://localhost:8080", true),
        ("http://[::1]:8080", true),
        ("http://127.0.0.1.example.com", false),
        ("http://localhost.example.com", false),
        ("http://127.0.0.1@example.com", false),
        ("https://user:secret@example.com", false),
        ("ftp://example.com", false),
        ("example.com", false),
        ("https://", false),
    ] {
        let checked = form().validate(&complete().with_endpoint(endpoint));
        assert_eq!(checked.is_ok(), fine, "{endpoint}: {checked:?}");
    }
}

#[test]
fn a_typed_form_becomes_settings() {
    let input = FormInput::default()
        .with("name", " Main ")
        .with("environment", "Sandbox")
        .with("country", "Norway")
        .with("currency", "euro")
        .with("client_id", "id")
        .with("client_secret", "s")
        .with("password", " with blanks ")
        .repeated("password", " with blanks ");
    let settings = form().read(&input).unwrap();
    assert_eq!(settings.name, "Main");
    assert_eq!(settings.environment, Environment::Sandbox);
    assert_eq!(settings.endpoint.as_deref(), Some("https://api.example.com"));
    assert_eq!(settings.country.unwrap().as_str(), "NO");
    assert_eq!(settings.currency.unwrap().as_str(), "EUR");
    assert_eq!(settings.flag("self_service").unwrap(), Some(false));
    let password = settings.secret("password").unwrap();
    assert_eq!(secrecy::ExposeSecret::expose_secret(&password), " with blanks ");
    assert!(form().validate(&settings).is_ok());
}

#[test]
fn what_was_typed_differently_twice_is_refused_without_showing_it() {
    let input = FormInput::default()
        .with("name", "Main")
        .with("country", "Atlantis")
        .with("client_id", "id")
        .with("client_secret", "s")
        .with("password", "planted-one")
        .repeated("password", "planted-two");
    let error = form().read(&input).unwrap_err();
    assert_eq!(fields(&error), ["country", "password"]);
    for text in [format!("{error:?}"), error.to_string(), format!("{input:?}")] {
        assert!(!text.contains("planted"), "{text}");
    }
}

#[test]
fn an_authorization_may_be_stored_apart() {
    let mut stored = Authorizations::default();
    let mut authorization = Authorization::new("acme");
    for (key, value) in [("client_id", "id"), ("client_secret", "planted-secret"), ("password", "p")] {
        authorization = authorization.with(key, value);
    }
    stored.insert("shared", authorization);
    stored.insert("other", Authorization::new("pax8"));
    assert_eq!(stored.names("acme").collect::<Vec<_>>(), ["shared"]);

    let settings = ConnectionSettings::new("acme", "main").with_stored_authorization("shared");
    assert!(form().validate(&settings).is_ok(), "checked when it is resolved");
    assert_eq!(settings.secret("client_id").unwrap_err().kind(), ErrorKind::Config);
    let resolved = settings.clone().resolve(&stored).unwrap();
    assert!(resolved.secret("client_secret").is_ok());
    assert!(!format!("{resolved:?}").contains("planted"));

    for name in ["missing", "other"] {
        let settings = ConnectionSettings::new("acme", "main").with_stored_authorization(name);
        assert!(settings.resolve(&stored).unwrap_err().to_string().contains(name));
    }
}

#[test]
fn who_picks_a_stored_authorization_types_no_credentials() {
    let typed = FormInput::default().with("name", "main");
    let error = form().read(&typed).unwrap_err();
    assert_eq!(fields(&error), ["client_id", "client_secret", "password"]);
    let settings = form().read(&typed.stored_authorization("shared")).unwrap();
    assert_eq!(settings.authorization, AuthorizationSource::Stored("shared".to_owned()));
    // What is edited again goes on naming it.
    let again = form().read_over(&form().fill(&settings), &settings).unwrap();
    assert_eq!(again, settings);
}

#[test]
fn settings_are_read_from_configuration() {
    let json = r#"{"name":"main","kind":"acme","environment":"sandbox","country":"NO","currency":"NOK",
        "values":{"self_service":true,"organization":"7"},
        "authorization":{"inline":{"kind":"acme","values":{"client_secret":"planted-secret"}}}}"#;
    let settings: ConnectionSettings = serde_json::from_str(json).unwrap();
    assert_eq!(settings.environment, Environment::Sandbox);
    assert_eq!(settings.flag("self_service").unwrap(), Some(true));
    assert_eq!(settings.text("organization"), Some("7"));
    assert!(!format!("{settings:?}").contains("planted"));
    let stored: ConnectionSettings =
        serde_json::from_str(r#"{"name":"m","kind":"acme","authorization":{"stored":"shared"}}"#).unwrap();
    assert!(stored.optional_secret("client_id").is_err());
}

#[test]
fn forms_are_data() {
    let json = serde_json::to_value(form()).unwrap();
    let fields = json["fields"].as_array().unwrap();
    let field = |key: &str| fields.iter().find(|f| f["key"] == key).unwrap().clone();
    assert_eq!(field("client_id")["vendor_labels"][0], "Application ID");
    assert_eq!(field("password")["entered_twice"], true);
    assert_eq!(field("organization")["discovered"], true);
    assert_eq!(field("endpoint")["variable"], "ACME_BASE_URL");
    assert_eq!(field("endpoint")["default"], "https://api.example.com");
}

#[tokio::test]
async fn the_registry_builds_and_layers() {
    let registry = Registry::default().with(Factory(form())).unwrap();
    assert!(Registry::default().with(Factory(form())).unwrap().register(Factory(form())).is_err());
    assert_eq!(registry.kinds().collect::<Vec<_>>(), ["acme"]);
    let unknown = registry.build(&ConnectionSettings::new("nobody", "x"), &Services::default()).unwrap_err();
    assert!(unknown.to_string().contains("known are: acme"), "{unknown}");
    let missing = registry.build(&ConnectionSettings::new("acme", "x"), &Services::default()).unwrap_err();
    assert_eq!(fields(&missing), ["client_id", "client_secret", "password"]);

    let command: Command = SuspendSubscription::new("s").into();
    let options = WriteOptions::new(IdempotencyKey::derive("t", ["1"]));
    let sandbox = complete().with_environment(Environment::Sandbox);
    let provider = registry.build(&sandbox, &Services::default()).unwrap();
    let error = provider.execute(&command, &options).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Refused, provider_core::Delivery::NotSent));

    let journal = MemoryJournal::default();
    let services = Services::default().with_journal(Arc::new(journal));
    let provider = registry.build(&complete(), &services).unwrap();
    assert!(provider.inner().is_some(), "journaled");
    assert!(provider.journal().is_some(), "journaled");
    let provider = registry.build(&complete(), &Services::default()).unwrap();
    let error = provider.execute(&command, &options).await.unwrap_err();
    assert!(error.message().contains("Services::with_journal"), "{error}");
    let provider = registry.build(&complete(), &Services::default().without_journal()).unwrap();
    assert!(provider.inner().is_none(), "bare");
}

#[test]
fn what_was_saved_is_filled_into_the_form_without_its_secrets() {
    let form = form();
    let saved = complete();
    let shown = form.fill(&saved);
    for secret in ["client_secret", "password"] {
        assert!(shown.value(secret).is_none(), "{secret}");
    }
    // Nothing was touched: the settings stay what they were, secrets included.
    assert_eq!(form.read_over(&shown, &saved).unwrap(), form.read_over(&shown, &saved).unwrap());
    assert_eq!(form.read_over(&shown, &saved).unwrap().authorization, saved.authorization);
    // One secret is replaced, the other stays.
    let changed = shown.clone().with("client_secret", "second");
    let changed = form.read_over(&changed, &saved).unwrap();
    assert_eq!(changed.secret("client_secret").unwrap().expose_secret(), "second");
    assert_eq!(
        changed.secret("password").unwrap().expose_secret(),
        saved.secret("password").unwrap().expose_secret()
    );
    // One that is typed once where twice is asked for is refused.
    let once = shown.with("password", "typed once");
    let error = form.read_over(&once, &saved).unwrap_err();
    assert!(error.violations().iter().any(|violation| violation.field == "password"), "{error}");
}

#[test]
fn settings_are_saved_only_without_secrets() {
    let apart = ConnectionSettings::new("acme", "main").with_stored_authorization("acme-1");
    let text = serde_json::to_string(&apart).unwrap();
    assert_eq!(serde_json::from_str::<ConnectionSettings>(&text).unwrap(), apart);
    let shown = form().fill(&apart);
    assert_eq!(form().read_over(&shown, &apart).unwrap().authorization, apart.authorization);

    let refused = serde_json::to_string(&complete()).unwrap_err().to_string();
    assert!(refused.contains("authorization") && refused.contains("with_stored_authorization"), "{refused}");
    assert_ne!(complete(), complete().with_secret("password", "another"));
}

#[test]
fn a_form_offers_every_known_country_and_currency() {
    let form = form();
    for (key, code, name, least) in
        [("country", "NO", "Norway", 240), ("currency", "NOK", "Norwegian Krone", 140)]
    {
        let field = form.get(key).unwrap();
        assert!(field.choices.len() >= least, "{key}: {}", field.choices.len());
        let choice = field.choices.iter().find(|choice| choice.value == code).unwrap();
        assert_eq!(choice.label, name);
        // Each of them is taken as it stands.
        for choice in &field.choices {
            let mut settings = ConnectionSettings::new("acme", "Main").with_secret("token", "secret");
            match key {
                "country" => settings.country = choice.value.parse().ok(),
                _ => settings.currency = choice.value.parse().ok(),
            }
            let told = form.validate(&settings).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(!told.contains(key), "{}: {told}", choice.value);
        }
    }
}
