//! Hypervisors by version, and who may see them.

use serde_json::{Value, json};

use crate::support::{Bench, Who, column};

const LIST: &str = "/compute/v2.1/os-hypervisors";

/// The id of the first one at this version.
async fn first_id(bench: &Bench, minor: u16) -> Value {
    bench.body(Who::Admin, minor, LIST).await["hypervisors"][0]["id"].clone()
}

#[tokio::test]
async fn hypervisors_are_for_administrators() {
    let bench = Bench::new();
    for path in ["", "/detail", "/statistics", "/1", "/1/uptime", "/host/search", "/host/servers"] {
        let path = format!("{LIST}{path}");
        assert_eq!(bench.status(Who::Member, 1, &path).await, 403, "{path}");
    }
}

#[tokio::test]
async fn the_brief_list_has_numbers_then_uuids() {
    let bench = Bench::new();
    for minor in [1, 36, 47, 52, 53, 61, 75, 88, 96] {
        let body = bench.body(Who::Admin, minor, LIST).await;
        let row = &body["hypervisors"][0];
        assert_eq!(
            *row,
            json!({
                "id": row["id"], "hypervisor_hostname": "host-0001", "state": "up",
                "status": "enabled",
            })
        );
        if minor < 53 {
            assert_eq!(row["id"], 1);
        } else {
            assert_eq!(row["id"].as_str().map(str::len), Some(36));
        }
    }
}

#[tokio::test]
async fn details_lose_what_is_used_in_2_88() {
    let bench = Bench::new();
    bench.servers(0, 3).await;
    for minor in [1, 27, 28, 36, 53, 61, 75, 87, 88, 96] {
        let body = bench.body(Who::Admin, minor, &format!("{LIST}/detail")).await;
        let row = &body["hypervisors"][0];
        let used = row["vcpus_used"].clone();
        let mut expected = json!({
            "id": row["id"], "hypervisor_hostname": "host-0001", "state": "up",
            "status": "enabled", "host_ip": "127.0.0.1", "hypervisor_type": "guichet",
            "hypervisor_version": 1,
            "service": { "id": row["service"]["id"], "host": "host-0001", "disabled_reason": null },
        });
        if minor >= 88 {
            expected["uptime"] = row["uptime"].clone();
            assert!(row["uptime"].as_str().is_some_and(|text| text.contains(" up ")));
        } else {
            let ram = used.as_u64().expect("a number") * 512;
            let rest = json!({
                "vcpus": 64, "vcpus_used": used, "memory_mb": 262_144, "memory_mb_used": ram,
                "free_ram_mb": 262_144 - ram, "running_vms": used,
                "cpu_info": if minor < 28 { json!("{}") } else { json!({}) },
                "current_workload": 0, "local_gb": 0, "local_gb_used": 0, "free_disk_gb": 0,
                "disk_available_least": 0,
            });
            let rest = rest.as_object().expect("an object").clone();
            expected.as_object_mut().expect("an object").extend(rest);
        }
        assert_eq!(*row, expected, "2.{minor}");
        let id = row["id"].as_str().map_or_else(|| row["id"].to_string(), str::to_owned);
        let one = bench.body(Who::Admin, minor, &format!("{LIST}/{id}")).await;
        assert_eq!(one, json!({ "hypervisor": row }), "2.{minor}");
    }
}

#[tokio::test]
async fn sums_are_over_all_and_gone_in_2_88() {
    let bench = Bench::new();
    bench.servers(0, 3).await;
    let path = format!("{LIST}/statistics");
    let expected = json!({ "hypervisor_statistics": {
        "count": 2, "vcpus": 128, "vcpus_used": 3, "memory_mb": 524_288, "memory_mb_used": 1536,
        "free_ram_mb": 522_752, "running_vms": 3, "current_workload": 0, "local_gb": 0,
        "local_gb_used": 0, "free_disk_gb": 0, "disk_available_least": 0,
    }});
    assert_eq!(bench.body(Who::Admin, 1, &path).await, expected);
    assert_eq!(bench.body(Who::Admin, 87, &path).await, expected);
    assert_eq!(bench.status(Who::Admin, 88, &path).await, 404);
    assert_eq!(bench.status(Who::Admin, 87, &format!("{LIST}/1/uptime")).await, 404);
    let one = bench.body(Who::Admin, 1, &format!("{LIST}/1/uptime")).await;
    assert!(one["hypervisor"]["uptime"].as_str().is_some_and(|text| text.contains(" up ")));
    assert_eq!(bench.status(Who::Admin, 88, &format!("{LIST}/1/uptime")).await, 404);
}

#[tokio::test]
async fn a_hypervisors_name_is_not_its_id() {
    let bench = Bench::new();
    for minor in [1, 53, 88] {
        let answer = bench.get(Who::Admin, minor, &format!("{LIST}/host-0001")).await;
        assert_eq!(answer.status, 404);
        assert_eq!(answer.message(), "Hypervisor with ID 'host-0001' could not be found.");
    }
    assert_eq!(bench.status(Who::Admin, 53, &format!("{LIST}/1")).await, 404);
}

#[tokio::test]
async fn names_are_searched_by_path_then_by_parameter() {
    let bench = Bench::new();
    let hosts = async |minor, path: &str| {
        let body = bench.body(Who::Admin, minor, &format!("{LIST}{path}")).await;
        column(&body["hypervisors"], "hypervisor_hostname")
    };
    assert_eq!(hosts(52, "/0002/search").await, ["host-0002"]);
    assert_eq!(hosts(53, "?hypervisor_hostname_pattern=0002").await, ["host-0002"]);
    for (minor, path, status) in [
        (52, "/nothing/search", 404),
        (53, "/0002/search", 404),
        (53, "/0002/servers", 404),
        (53, "?hypervisor_hostname_pattern=nothing", 404),
        (53, "?hypervisor_hostname_pattern=host&limit=1", 400),
        (52, "?hypervisor_hostname_pattern=nothing", 200),
        (53, "?color=red", 400),
        (52, "?color=red", 200),
        (53, "?with_servers=maybe", 400),
    ] {
        let found = bench.status(Who::Admin, minor, &format!("{LIST}{path}")).await;
        assert_eq!(found, status, "{path} at 2.{minor}");
    }
}

#[tokio::test]
async fn servers_are_shown_where_they_are_asked_for() {
    let bench = Bench::new();
    let id = bench.servers(0, 1).await[0];
    let expected = json!([{ "name": format!("s-{id}"), "uuid": id }]);
    let shown = async |minor, path: &str| {
        let body = bench.body(Who::Admin, minor, &format!("{LIST}{path}")).await;
        let rows = body["hypervisors"].as_array().expect("a list").clone();
        rows.iter().map(|row| row.get("servers").cloned()).collect::<Vec<_>>()
    };
    assert_eq!(shown(52, "/host/servers").await, [Some(expected.clone()), None]);
    assert_eq!(shown(53, "?with_servers=true").await, [Some(expected.clone()), None]);
    assert_eq!(shown(75, "?with_servers=1").await, [Some(expected.clone()), Some(json!([]))]);
    assert_eq!(shown(75, "").await, [None, None]);
    let first = first_id(&bench, 88).await;
    let path = format!("{LIST}/{}?with_servers=1", first.as_str().expect("a UUID"));
    let one = bench.body(Who::Admin, 88, &path).await;
    assert_eq!(one["hypervisor"]["servers"], expected);
}

#[tokio::test]
async fn pages_of_hypervisors_begin_in_2_33() {
    let bench = Bench::new();
    let body = bench.body(Who::Admin, 32, &format!("{LIST}?limit=1")).await;
    assert_eq!(body["hypervisors"].as_array().map(Vec::len), Some(2));
    for minor in [33, 53, 88] {
        let mut path = format!("{LIST}?limit=1");
        for host in ["host-0001", "host-0002"] {
            let body = bench.body(Who::Admin, minor, &path).await;
            assert_eq!(column(&body["hypervisors"], "hypervisor_hostname"), [host]);
            let href = body["hypervisors_links"][0]["href"].as_str().expect("a link");
            path = href.strip_prefix("http://cloud").expect("our own").to_owned();
        }
        assert_eq!(bench.body(Who::Admin, minor, &path).await, json!({ "hypervisors": [] }));
    }
    assert_eq!(bench.status(Who::Admin, 53, &format!("{LIST}?marker=1")).await, 400);
}
