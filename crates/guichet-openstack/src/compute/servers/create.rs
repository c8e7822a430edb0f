//! `POST /servers`.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::State;
use axum::response::Response;
use guichet_core::details::{Details, Port};
use guichet_core::ids::{FlavorId, ImageId, ServerId};
use guichet_core::limits;
use guichet_core::request::{Create, IdempotencyKey, Request, RequestBody};
use guichet_engine::ServerManager;
use guichet_http::body::Json;
use guichet_store::Query;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::ask::{Asked, Networks};
use super::fields::links;
use crate::cloud::Cloud;
use crate::config::DeclaredNetwork;
use crate::http::answer;
use crate::http::gate::Caller;
use crate::http::problem::Problem;

/// The header under which a repeat of a create is known (the IETF's draft "The Idempotency-Key
/// HTTP Header Field").
const KEY: &str = "idempotency-key";

/// `POST /servers`: 202 as soon as it is decided.
pub(super) async fn create(
    State(cloud): State<Arc<Cloud>>,
    caller: Caller,
    headers: HeaderMap,
    Json(body): Json,
) -> Result<Response, Problem> {
    let asked = Asked::read(&cloud, &caller, &body)?;
    let key = key(&headers)?;
    caller.must_write("os_compute_api:servers:create")?;
    // Only a key makes a repeat of it.
    let said = key.is_some().then(|| Sha256::digest(body.to_string()).into());
    let request = request(&cloud, &caller, &asked, key, said)?;
    let ack = cloud.manager.submit(&request).await?;
    // A repeat has the first one's server, whatever was drawn for this one.
    let id = ack.server();
    let base = &caller.context.base;
    if asked.reservation {
        let reservation = cloud.manager.any_server(id).map(|s| super::fields::reservation(&s));
        return answer::with_status(
            StatusCode::ACCEPTED,
            &json!({ "reservation_id": reservation }),
        );
    }
    let disk = if asked.disk_config_auto { "AUTO" } else { "MANUAL" };
    let password = asked.admin_pass.unwrap_or_else(|| admin_pass(&cloud.secret, id));
    let mut response = answer::with_status(
        StatusCode::ACCEPTED,
        &json!({ "server": {
            "id": id.0, "links": links(base, id), "OS-DCF:diskConfig": disk,
            "security_groups": [{ "name": "default" }], "adminPass": password,
        } }),
    )?;
    let location = HeaderValue::from_str(&base.link(&format!("/compute/v2.1/servers/{}", id.0)));
    if let Ok(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

fn key(headers: &HeaderMap) -> Result<Option<IdempotencyKey>, Problem> {
    let Some(value) = headers.get(KEY) else {
        return Ok(None);
    };
    let key =
        value.to_str().map_err(|_| Problem::bad_request("The Idempotency-Key is no text."))?;
    Ok(Some(IdempotencyKey(Arc::from(key.trim()))))
}

/// The request as the manager takes it.
fn request(
    cloud: &Cloud,
    caller: &Caller,
    asked: &Asked,
    key: Option<IdempotencyKey>,
    said: Option<[u8; 32]>,
) -> Result<Request, Problem> {
    let (_, ids) = cloud.manager.draw_ids(caller.user(), asked.max_count);
    let flavor = &cloud.declared.flavors[asked.flavor];
    let image = &cloud.declared.images[asked.image];
    if flavor.size.ram_mib < image.min_ram_mib {
        return Err(Problem::bad_request("Flavor's memory is too small for requested image."));
    }
    if flavor.disk_gib > 0 && flavor.disk_gib < image.min_disk_gib {
        return Err(Problem::bad_request("Flavor's disk is too small for requested image."));
    }
    let mut details = Vec::with_capacity(ids.len());
    for _ in &ids {
        details.push(Arc::new(carried(cloud, asked)?));
    }
    if details.iter().all(|details| **details == Details::default()) {
        details.clear();
    }
    let name = |place: usize| match asked.max_count {
        1 => Arc::clone(&asked.name),
        _ => Arc::from(format!("{}-{}", asked.name, place + 1)),
    };
    let servers = ids.into_iter().enumerate().map(|(place, id)| (id, name(place)));
    Ok(Request {
        id: caller.context.request,
        client: caller.user(),
        project: caller.project,
        privileged: caller.is_admin(),
        key,
        body: RequestBody::Create(Create {
            servers: servers.collect(),
            min_count: asked.min_count,
            size: flavor.size,
            flavor: FlavorId(asked.flavor as u32),
            image: ImageId(asked.image as u32),
            details,
            body_digest: said,
            ports: Vec::new(),
        }),
    })
}

/// What one of the servers carries: all alike, but for its addresses.
fn carried(cloud: &Cloud, asked: &Asked) -> Result<Details, Problem> {
    let networks = match &asked.networks {
        Networks::Auto if cloud.declared.networks.is_empty() => Vec::new(),
        Networks::Auto => vec![(0, None)],
        Networks::These(list) => list.clone(),
    };
    let ports = networks.into_iter().map(|(place, fixed)| port(cloud, place, fixed));
    Ok(Details {
        description: asked.description.clone(),
        metadata: asked.metadata.clone(),
        tags: asked.tags.clone(),
        key_name: None,
        hostname: asked.hostname.clone(),
        availability_zone: asked.availability_zone.clone(),
        user_data: asked.user_data.clone(),
        config_drive: asked.config_drive,
        disk_config_auto: asked.disk_config_auto,
        access_ipv4: asked.access_ipv4,
        access_ipv6: asked.access_ipv6,
        ports: ports.collect::<Result<_, _>>()?,
        lock: None,
    })
}

/// A port with the next address of its network, or the one that was asked for.
fn port(cloud: &Cloud, place: usize, fixed: Option<IpAddr>) -> Result<Port, Problem> {
    let network = &cloud.declared.networks[place];
    let number = cloud.ports.fetch_add(1, Ordering::Relaxed);
    let address = match fixed {
        None => IpAddr::V4(nth_address(network, number)),
        Some(IpAddr::V4(address)) if is_in(network, address) => IpAddr::V4(address),
        Some(other) => {
            return Err(Problem::bad_request(format!(
                "Fixed IP {other} is not a valid ip address for network {}.",
                network.id
            )));
        }
    };
    let [.., a, b, c] = number.to_be_bytes();
    let id = Uuid::new_v5(&network.id, &number.to_be_bytes());
    Ok(Port { id, network: place as u32, address, mac: [0xfa, 0x16, 0x3e, a, b, c] })
}

/// The number of the first port that a manager's servers have not: one behind the highest of theirs,
/// so that no new port has an address, a MAC or an id of one there is before the numbers of an
/// uninterrupted process would have come to that. A MAC has the last 24 bits of its port's number.
pub(crate) fn first_port(manager: &ServerManager) -> u64 {
    let mut query = Query { limit: Some(limits::PAGE_MAX), ..Query::default() };
    let mut first = 0;
    loop {
        let page = manager.servers(&query);
        let details = page.servers.iter().filter_map(|server| server.details.as_ref());
        for port in details.flat_map(|details| &details.ports) {
            let [.., a, b, c] = port.mac;
            first = first.max(u64::from(u32::from_be_bytes([0, a, b, c])) + 1);
        }
        match page.next {
            Some(next) => query.after = Some(next),
            None => return first,
        }
    }
}

const fn size(network: &DeclaredNetwork) -> u32 {
    1 << (32 - network.prefix as u32)
}

/// The `number`-th address for a machine: the network's own, its gateway's and its broadcast's
/// are left out; when all were given out it begins anew.
fn nth_address(network: &DeclaredNetwork, number: u64) -> Ipv4Addr {
    let usable = u64::from(size(network)) - 3;
    Ipv4Addr::from_bits(network.base.to_bits() + 2 + (number % usable) as u32)
}

fn is_in(network: &DeclaredNetwork, address: Ipv4Addr) -> bool {
    let offset = address.to_bits().wrapping_sub(network.base.to_bits());
    (2..size(network) - 1).contains(&offset)
}

/// The password of a server's administrator: a function of the instance's secret and the server,
/// so that a repeated create says the same and nothing is kept.
fn admin_pass(secret: &[u8; 32], server: ServerId) -> String {
    const LETTERS: &[u8; 56] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz2345678";
    /// As long as Nova's.
    const LENGTH: usize = 12;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("a key of any length is taken");
    mac.update(server.0.as_bytes());
    let digest = mac.finalize().into_bytes();
    // Two bytes a letter, so that none is noticeably likelier than another.
    let letter = |pair: &[u8]| {
        let number = usize::from(pair[0]) << 8 | usize::from(pair[1]);
        char::from(LETTERS[number % LETTERS.len()])
    };
    digest.chunks_exact(2).take(LENGTH).map(letter).collect()
}
