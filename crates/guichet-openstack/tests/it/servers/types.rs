//! Our answers, read by another client's own types: strict structs made from OpenStack's API
//! description, one for each microversion. A field that is missing, or of another kind, fails the
//! whole answer there. (Its type of an update's answer is left out: that one wants a truth value
//! for `config_drive`, which Nova writes as a text.)

use openstack_types::compute::v2::{
    availability_zone, flavor, hypervisor, limit, quota_set, server, service,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::bench::{Bench, Client};

/// Fails with the type's own words if it cannot read a value.
fn read<T: DeserializeOwned>(value: &Value, what: &str) {
    if let Err(error) = serde_json::from_value::<T>(value.clone()) {
        panic!("{what}: {error}\n{value:#}");
    }
}

/// Reads what stands at `path` of an answer, or each row of it, at each of the versions.
macro_rules! reads {
    ($client:expr, $path:expr, $place:literal, $( $minor:literal => $kind:ty, )*) => {
        $({
            let client = $client.at($minor);
            let body = client.body(&$path).await;
            let what = format!("{} at 2.{}", $path, $minor);
            let value = body.pointer($place).unwrap_or_else(|| panic!("{what}: {body}"));
            match value {
                Value::Array(rows) => {
                    assert!(!rows.is_empty(), "{what}");
                    rows.iter().for_each(|row| read::<$kind>(row, &what));
                }
                value => read::<$kind>(value, &what),
            }
        })*
    };
}

/// A server with something of everything, ACTIVE; and one that failed.
async fn servers(bench: &Bench, client: &Client<'_>) -> String {
    let full = json!({
        "networks": [{ "uuid": bench.network() }], "metadata": { "a": "b" }, "tags": ["t"],
        "description": "d", "accessIPv4": "192.0.2.1", "accessIPv6": "2001:db8::1",
        "config_drive": true, "user_data": "aGk=",
    });
    let id = client.active(&full).await;
    let lock = client.act(&id, &json!({ "lock": { "locked_reason": "mine" } })).await;
    assert_eq!(lock.code(), 202);
    id
}

#[tokio::test]
async fn a_server_is_read_at_each_version() {
    use server::response as of;
    let bench = Bench::new();
    let client = bench.client("demo").at(96);
    let id = servers(&bench, &client).await;
    for who in ["demo", "admin"] {
        let client = bench.client(who);
        reads! { client, format!("/servers/{id}"), "/server",
            1 => of::get_20::ServerResponse,
            3 => of::get_23::ServerResponse,
            9 => of::get_29::ServerResponse,
            16 => of::get_216::ServerResponse,
            19 => of::get_219::ServerResponse,
            26 => of::get_226::ServerResponse,
            47 => of::get_247::ServerResponse,
            63 => of::get_263::ServerResponse,
            69 => of::get_269_a::ServerResponse,
            71 => of::get_271_a::ServerResponse,
            73 => of::get_273_a::ServerResponse,
            90 => of::get_290_a::ServerResponse,
            96 => of::get_296_a::ServerResponse,
        }
    }
}

#[tokio::test]
async fn lists_of_servers_are_read_at_each_version() {
    use server::response as of;
    let bench = Bench::new();
    let client = bench.client("demo").at(96);
    servers(&bench, &client).await;
    reads! { client, "/servers", "/servers",
        1 => of::list_21::ServerResponse,
        96 => of::list_269_a::ServerResponse,
    }
    reads! { client, "/servers/detail", "/servers",
        1 => of::list_detailed_21::ServerResponse,
        3 => of::list_detailed_23::ServerResponse,
        9 => of::list_detailed_29::ServerResponse,
        16 => of::list_detailed_216::ServerResponse,
        19 => of::list_detailed_219::ServerResponse,
        26 => of::list_detailed_226::ServerResponse,
        47 => of::list_detailed_247::ServerResponse,
        63 => of::list_detailed_263::ServerResponse,
        73 => of::list_detailed_273_a::ServerResponse,
        90 => of::list_detailed_290_a::ServerResponse,
        96 => of::list_detailed_296_a::ServerResponse,
    }
}

#[tokio::test]
async fn answers_to_requests_are_read() {
    use server::response as of;
    let bench = Bench::new();
    let client = bench.client("demo").at(96);
    let created = client.ask(&json!({ "networks": "none" })).await.json();
    read::<of::create_b::ServerResponse>(&created["server"], "create");
    let reserve = json!({ "networks": "none", "return_reservation_id": true });
    read::<of::create_a::ServerResponse>(&client.ask(&reserve).await.json(), "reservation");
    let id = created["server"]["id"].as_str().unwrap();
    use server::instance_action::response as action;
    client.until(id, "ACTIVE").await;
    let path = format!("/servers/{id}/os-instance-actions");
    reads! { client, path, "/instanceActions",
        1 => action::list_21::InstanceActionResponse,
        58 => action::list_258::InstanceActionResponse,
    }
    let actions = client.body(&path).await;
    let request = actions["instanceActions"][0]["request_id"].as_str().unwrap();
    reads! { client, format!("{path}/{request}"), "/instanceAction",
        51 => action::get_251::InstanceActionResponse,
        58 => action::get_258::InstanceActionResponse,
        62 => action::get_262::InstanceActionResponse,
        84 => action::get_284::InstanceActionResponse,
    }
}

#[tokio::test]
async fn what_stands_around_servers_is_read_too() {
    let bench = Bench::new();
    let client = bench.client("admin");
    let project = bench.test.cloud.accounts().directory().projects()[0].id.clone();
    reads! { client, "/flavors/detail", "/flavors",
        1 => flavor::response::list_detailed_20::FlavorResponse,
        55 => flavor::response::list_detailed_255::FlavorResponse,
        61 => flavor::response::list_detailed_261::FlavorResponse,
    }
    reads! { client, "/limits", "/limits",
        1 => limit::response::list_21::LimitResponse,
        36 => limit::response::list_236::LimitResponse,
        39 => limit::response::list_239::LimitResponse,
        57 => limit::response::list_257::LimitResponse,
    }
    reads! { client, format!("/os-quota-sets/{project}"), "/quota_set",
        1 => quota_set::response::get_20::QuotaSetResponse,
        36 => quota_set::response::get_236::QuotaSetResponse,
        57 => quota_set::response::get_257::QuotaSetResponse,
    }
    reads! { client, "/os-hypervisors/detail", "/hypervisors",
        53 => hypervisor::response::list_detailed_253::HypervisorResponse,
        88 => hypervisor::response::list_detailed_288::HypervisorResponse,
    }
    reads! { client, "/os-services", "/services",
        1 => service::response::list_20::ServiceResponse,
        11 => service::response::list_211::ServiceResponse,
        53 => service::response::list_253::ServiceResponse,
    }
    reads! { client, "/os-availability-zone", "/availabilityZoneInfo",
        1 => availability_zone::response::list::AvailabilityZoneResponse,
    }
}
