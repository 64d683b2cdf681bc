//! One registry for four kinds: forms, what is wrong with what was typed, and the layers around what is built.

use std::collections::BTreeSet;
use std::sync::Arc;

use provider_core::journal::MemoryJournal;
use provider_core::settings::{Authorization, Authorizations, ConnectionSettings, FormInput, SettingsForm};
use provider_core::token::MemoryTokenStore;
use provider_core::{
    ChangeQuantity, CommandKind, Delivery, EntityKind, ErrorKind, IdempotencyKey, NewOrder, NewOrderLine,
    Operation, PlaceOrder, Provider as _, ProviderExt as _, Registry, Services, WriteOptions,
};

use crate::acme::AcmeFactory;
use crate::shop::{CLIENT_SECRET, Shop};

const KINDS: [&str; 4] = ["acme", "crayon", "pax8", "streamone"];

fn registry(shop: &Shop) -> Registry {
    Registry::new()
        .with(crayon_client::CrayonFactory::new())
        .unwrap()
        .with(pax8_client::Pax8Factory::new())
        .unwrap()
        .with(streamone_client::StreamOneFactory::new())
        .unwrap()
        .with(AcmeFactory::new(shop))
        .unwrap()
}

fn form(registry: &Registry, kind: &str) -> SettingsForm {
    registry.factory(kind).unwrap().form().clone()
}

/// What has to be entered: this for every secret, and the same text for everything else.
fn filled(form: &SettingsForm, secret: &str) -> FormInput {
    let required = form.fields.iter().filter(|field| field.required && field.default.is_none());
    required.fold(FormInput::default(), |input, field| {
        let text = if field.secret { secret } else { "20001" };
        input.with(field.key.to_string(), text).repeated(field.key.to_string(), text)
    })
}

fn options() -> WriteOptions {
    WriteOptions::new(IdempotencyKey::derive("tickets", ["4711"]))
}

#[test]
fn kinds_are_known_by_name_and_none_is_taken_twice() {
    let shop = Shop::open();
    let mut registry = registry(&shop);
    assert_eq!(registry.kinds().collect::<Vec<_>>(), KINDS);
    let twice = registry.register(AcmeFactory::new(&shop)).unwrap_err();
    assert!(twice.is_config() && twice.to_string().contains("acme"), "{twice}");
    let unknown = registry.build(&ConnectionSettings::new("nobody", "x"), &Services::default()).unwrap_err();
    assert_eq!((unknown.kind(), unknown.delivery()), (ErrorKind::Config, Delivery::NotSent));
    assert!(KINDS.iter().all(|kind| unknown.to_string().contains(kind)), "{unknown}");
}

#[test]
fn every_form_can_be_drawn_and_names_all_that_is_missing_at_once() {
    let registry = registry(&Shop::open());
    for kind in KINDS {
        let form = form(&registry, kind);
        assert_eq!(form.kind, kind);
        for shared in ["name", "environment", "endpoint", "country", "currency"] {
            assert!(form.get(shared).is_some(), "{kind} has no {shared}");
        }
        for field in &form.fields {
            assert!(!field.label.is_empty() && !field.help.is_empty(), "{kind}: {}", field.key);
            assert!(field.authorization || !field.secret, "{kind}: {} is stored in the open", field.key);
            assert!(field.key == "name" || field.variable.is_some(), "{kind}: {} has no variable", field.key);
        }
        let json = serde_json::to_value(&form).unwrap();
        assert_eq!(json["fields"].as_array().unwrap().len(), form.fields.len());

        let error = form.read(&FormInput::default()).unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::Config, Delivery::NotSent));
        let named: BTreeSet<_> =
            error.violations().iter().map(|violation| violation.field.as_str()).collect();
        let required = form.fields.iter().filter(|field| field.required && field.default.is_none());
        let required: BTreeSet<&str> = required.map(|field| &*field.key).collect();
        assert_eq!(named, required, "{kind}");
    }
}

#[test]
fn what_was_typed_twice_differently_or_into_no_field_is_named_and_not_shown() {
    let form = form(&registry(&Shop::open()), "acme");
    let typed = filled(&form, CLIENT_SECRET).repeated("client_secret", "planted-other").with("colour", "red");
    let error = form.read(&typed).unwrap_err();
    let named: Vec<_> = error.violations().iter().map(|violation| violation.field.as_str()).collect();
    assert_eq!(named, ["client_secret", "colour"]);
    assert!(!format!("{error} {error:?} {typed:?}").contains("planted"));
    let odd =
        filled(&form, CLIENT_SECRET).with("endpoint", "http://api.example.com").with("country", "Nowhere");
    let error = form.read(&odd).unwrap_err();
    let named: Vec<_> = error.violations().iter().map(|violation| violation.field.as_str()).collect();
    assert_eq!(named, ["endpoint", "country"]);
}

#[tokio::test]
async fn every_kind_is_built_without_a_call_and_refuses_to_write_without_a_journal() {
    let shop = Shop::open();
    let registry = registry(&shop);
    let services = Services::default().with_token_store(Arc::new(MemoryTokenStore::default()));
    for kind in KINDS {
        let form = form(&registry, kind);
        let settings = form.read(&filled(&form, CLIENT_SECRET)).unwrap();
        let provider = registry.build(&settings, &services).unwrap();
        assert_eq!((provider.info().kind.as_str(), provider.info().connection.as_str()), (kind, "20001"));
        let capabilities = provider.capabilities();
        assert!(capabilities.support(Operation::List(EntityKind::Customer)).is_supported(), "{kind}");
        if kind != "acme" {
            let ordering = Operation::Execute(CommandKind::PlaceOrder);
            assert!(capabilities.support(ordering).is_supported(), "{kind}");
        }
        let order = NewOrder::new("customer-1").line(NewOrderLine::new("product-1", 5));
        let error = provider.place_order(PlaceOrder::new(order), options()).await.unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::Refused, Delivery::NotSent), "{kind}");
        assert!(error.to_string().contains("Services::with_journal"), "{error}");
        assert!(error.to_string().contains("without_journal"), "{error}");
        assert!(!format!("{provider:?} {settings:?}").contains(CLIENT_SECRET), "{kind}");
    }
    assert_eq!(shop.calls(), 0);
}

#[tokio::test]
async fn the_sandbox_reads_and_writes_nothing() {
    let shop = Shop::open();
    let registry = registry(&shop);
    let form = form(&registry, "acme");
    let services = Services::default().with_journal(Arc::new(MemoryJournal::default()));
    let typed = filled(&form, CLIENT_SECRET).with("name", "Main");
    for (environment, writes) in [("sandbox", 0), ("production", 1)] {
        let settings = form.read(&typed.clone().with("environment", environment)).unwrap();
        let provider = registry.build(&settings, &services).unwrap();
        assert_eq!(provider.customer("A-1").await.unwrap().name, "Example Bakery");
        let written = provider.change_quantity(ChangeQuantity::new("S-1", 15), options()).await;
        match written {
            Ok(receipt) => assert!(!receipt.replayed),
            Err(error) => {
                assert!(error.is_refused() && error.delivery() == Delivery::NotSent, "{error}");
            }
        }
        assert_eq!(shop.writes(), writes, "{environment}");
        provider.close().await.unwrap();
    }
}

#[test]
fn settings_are_stored_without_secrets_and_resolved_from_where_those_are() {
    let shop = Shop::open();
    let registry = registry(&shop);
    let inline = ConnectionSettings::new("acme", "Main").with_secret("client_secret", CLIENT_SECRET);
    let refused = serde_json::to_string(&inline).unwrap_err().to_string();
    assert!(refused.contains("with_stored_authorization") && !refused.contains("planted"), "{refused}");
    assert!(!format!("{inline:?}").contains("planted"));

    let settings = ConnectionSettings::new("acme", "Main").with_stored_authorization("acme-main");
    let saved = serde_json::to_string(&settings).unwrap();
    assert_eq!(serde_json::from_str::<ConnectionSettings>(&saved).unwrap(), settings);
    let unresolved = registry.build(&settings, &Services::default()).unwrap_err();
    assert!(unresolved.is_config(), "{unresolved}");

    let mut kept = Authorizations::default();
    kept.insert("acme-main", Authorization::new("acme").with("client_secret", CLIENT_SECRET));
    kept.insert("pax8-main", Authorization::new("pax8").with("client_id", "1"));
    assert_eq!(kept.names("acme").collect::<Vec<_>>(), ["acme-main"]);
    let resolved = settings.clone().resolve(&kept).unwrap();
    assert_eq!(registry.build(&resolved, &Services::default()).unwrap().info().connection, "Main");
    for name in ["pax8-main", "nowhere"] {
        let error = settings.clone().with_stored_authorization(name).resolve(&kept).unwrap_err();
        assert!(error.is_config(), "{error}");
    }
}
