//! Whatever is asked, nothing falls over.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::support::{Bench, DEMO, Who};

const PATHS: &[&str] = &[
    "/compute/v2.1/flavors",
    "/compute/v2.1/flavors/detail",
    "/compute/v2.1/limits",
    "/compute/v2.1/os-quota-sets/{}",
    "/compute/v2.1/os-quota-sets/{}/detail",
    "/compute/v2.1/os-hypervisors",
    "/compute/v2.1/os-hypervisors/detail",
    "/compute/v2.1/os-hypervisors/{}",
    "/compute/v2.1/os-services",
    "/compute/v2.1/os-keypairs",
    "/compute/v2.1/os-server-groups",
    "/compute/v2.1/os-simple-tenant-usage",
    "/compute/v2.1/os-simple-tenant-usage/{}",
    "/image/v2/images",
    "/image/v2/images/{}",
    "/network/v2.0/networks",
    "/network/v2.0/subnets",
    "/network/v2.0/ports",
    "/network/v2.0/ports/{}",
    "/network/v2.0/security-groups",
    "/network/v2.0/quotas/{}",
];

const NAMES: &[&str] = &[
    "limit",
    "marker",
    "sort_key",
    "sort_dir",
    "sort",
    "is_public",
    "minRam",
    "minDisk",
    "reserved",
    "tenant_id",
    "user_id",
    "host",
    "with_servers",
    "hypervisor_hostname_pattern",
    "start",
    "end",
    "detailed",
    "id",
    "name",
    "status",
    "visibility",
    "size_min",
    "size_max",
    "os_hidden",
    "created_at",
    "device_id",
    "fixed_ips",
    "fields",
    "tags",
    "page_reverse",
    "%00",
];

const VALUES: &[&str] = &[
    "",
    "0",
    "1",
    "-1",
    "2",
    "1000000",
    "99999999999999999999999",
    "true",
    "None",
    "asc",
    "desc",
    "name",
    "id",
    "in:",
    "in:a,,b",
    "x:y:z",
    "%ff",
    "%",
    "%25",
    "+",
    "a=b",
    "=",
    "2026-01-01T00:00:00",
    "9999-12-31T23:59:59.999999",
    "-9999-01-01T00:00:00",
    "1970-01-01 00:00:00",
    "00000000-0000-0000-0000-000000000000",
    "\u{e9}",
];

fn asked() -> impl Strategy<Value = (String, Vec<(&'static str, String)>)> {
    let text = prop_oneof![
        4 => select(VALUES).prop_map(str::to_owned),
        1 => "[ -~]{0,12}".prop_map(|text| text),
    ];
    let path = (select(PATHS), prop_oneof![Just(DEMO.to_owned()), "[a-z0-9%.-]{1,12}"])
        .prop_map(|(path, id)| path.replace("{}", &id));
    (path, vec((select(NAMES), text), 0..5))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn random_queries_never_give_5xx(
        (path, query) in asked(),
        minor in 1u16..=96,
        who in select(&[Who::Reader, Who::Member, Who::Admin, Who::Alt][..]),
    ) {
        let query: Vec<String> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let uri = format!("{path}?{}", query.join("&"));
        // What is no address at all never reaches a router.
        prop_assume!(uri.parse::<axum::http::Uri>().is_ok());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let status = runtime.block_on(async {
            let bench = Bench::new();
            bench.servers(0, 2).await;
            bench.status(who, minor, &uri).await
        });
        prop_assert!(status < 500, "{uri} at 2.{minor}: {status}");
    }
}
