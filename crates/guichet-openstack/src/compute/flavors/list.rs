//! Lists of flavors: what is filtered, in which order, which page.

use std::cmp::Ordering;
use std::sync::Arc;

use axum::Json;
use guichet_cloud::Cloud;
use guichet_cloud::catalogue::Flavor;
use guichet_http::links::Base;
use guichet_http::query::Params;
use serde_json::{Value, json};

use super::super::links;
use super::shape::{brief as brief_row, full};
use crate::http::gate::{Caller, In};
use crate::http::paging::Paging;
use crate::http::problem::Problem;
use crate::http::query::{CheckedParams, wrong};
use crate::http::truth::truth;
use crate::http::version::Version;

/// What Nova knows here.
const KNOWN: &[&str] =
    &["limit", "marker", "is_public", "minRam", "minDisk", "sort_key", "sort_dir"];

/// `GET /flavors`.
pub(super) async fn brief(
    In(cloud): In,
    caller: Caller,
    params: Params,
) -> Result<Json<Value>, Problem> {
    page(&cloud, &caller, &params, "flavors", brief_row)
}

/// `GET /flavors/detail`.
pub(super) async fn detail(
    In(cloud): In,
    caller: Caller,
    params: Params,
) -> Result<Json<Value>, Problem> {
    page(&cloud, &caller, &params, "flavors/detail", full)
}

fn page(
    cloud: &Cloud,
    caller: &Caller,
    params: &Params,
    path: &str,
    row: fn(&Flavor, &Base, Version) -> Value,
) -> Result<Json<Value>, Problem> {
    let (base, version) = (&caller.context.base, caller.version());
    params.only(version, KNOWN)?;
    let paging = Paging::of(params)?;
    let mut flavors = wanted(cloud, caller, params)?;
    let order = order(params)?;
    // By id where the key says nothing: pages need one order.
    flavors.sort_by(|one, other| order(one, other).then_with(|| one.id.cmp(&other.id)));
    let flavors = paging.of_rows(flavors, |flavor| flavor.id.as_ref().to_owned())?;
    let last = flavors.last().map(|flavor| &*flavor.id);
    let next = paging.links(params, flavors.len(), last, |query| links::list(base, path, query));
    let rows: Vec<Value> = flavors.iter().map(|flavor| row(flavor, base, version)).collect();
    let mut body = json!({ "flavors": rows });
    if let Some(next) = next {
        body["flavors_links"] = next;
    }
    Ok(Json(body))
}

/// The flavors that the caller sees and asks for.
fn wanted(cloud: &Cloud, caller: &Caller, params: &Params) -> Result<Vec<Arc<Flavor>>, Problem> {
    let is_public = is_public(params, caller)?;
    let ram_mib = least(params, "minRam")?;
    let disk_gib = least(params, "minDisk")?;
    let is_wanted = |flavor: &Arc<Flavor>| {
        is_public.is_none_or(|wanted| flavor.is_public == wanted)
            && i64::from(flavor.size.ram_mib) >= ram_mib
            && i64::from(flavor.disk_gib) >= disk_gib
    };
    Ok(cloud.catalogue().flavors((&caller.who).into()).into_iter().filter(is_wanted).collect())
}

/// Only administrators choose: `None` is all, and public ones are what is shown unless they say
/// otherwise. Others are shown what they see, whatever they ask for.
fn is_public(params: &Params, caller: &Caller) -> Result<Option<bool>, Problem> {
    match params.get("is_public") {
        _ if !caller.is_admin() => Ok(None),
        None => Ok(Some(true)),
        Some(word) if word.eq_ignore_ascii_case("none") => Ok(None),
        Some(word) => truth(word)
            .map(Some)
            .ok_or_else(|| Problem::bad_request(format!("Invalid is_public filter [{word}]"))),
    }
}

/// The least a flavor must have; 0 if nothing was asked.
fn least(params: &Params, name: &str) -> Result<i64, Problem> {
    match params.get(name) {
        None => Ok(0),
        Some(word) => word
            .trim()
            .parse()
            .map_err(|_| Problem::bad_request(format!("Invalid {name} filter [{word}]"))),
    }
}

type Order = Box<dyn Fn(&Flavor, &Flavor) -> Ordering>;

/// The order asked for; by id from the least if none was.
fn order(params: &Params) -> Result<Order, Problem> {
    params.check_directions()?;
    type Compare = fn(&Flavor, &Flavor) -> Ordering;
    let key = params.get("sort_key").unwrap_or("flavorid");
    let compare: Compare = match key {
        "flavorid" | "id" => |one, other| one.id.cmp(&other.id),
        "name" => |one, other| one.name.cmp(&other.name),
        "description" => |one, other| one.description.cmp(&other.description),
        "memory_mb" => |one, other| one.size.ram_mib.cmp(&other.size.ram_mib),
        "vcpus" => |one, other| one.size.vcpus.cmp(&other.size.vcpus),
        "root_gb" => |one, other| one.disk_gib.cmp(&other.disk_gib),
        "ephemeral_gb" => |one, other| one.ephemeral_gib.cmp(&other.ephemeral_gib),
        "swap" => |one, other| one.swap_mib.cmp(&other.swap_mib),
        "is_public" => |one, other| one.is_public.cmp(&other.is_public),
        // The same for all.
        "created_at" | "updated_at" | "disabled" | "rxtx_factor" | "vcpu_weight" => {
            |_, _| Ordering::Equal
        }
        _ => return Err(wrong("sort_key", key)),
    };
    match params.get("sort_dir").unwrap_or("asc") {
        "desc" => Ok(Box::new(move |one, other| compare(other, one))),
        _ => Ok(Box::new(compare)),
    }
}
