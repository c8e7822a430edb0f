//! Hosts sized by the load never run out.

use guichet_core::limits;
use guichet_core::server::Size;
use guichet_lab::simulate::scenario::{FLAVORS, HOST, Load, enough_hosts};
use guichet_lab::trace::TraceBody;
use proptest::prelude::*;

use crate::support::{builtin, closed, open, replayed, run, scenario};

/// Runs it as fast as it goes and counts the creates that found no host.
fn without_a_host(load: Load) -> u64 {
    let mut scenario = scenario(load);
    scenario.profile = builtin("instant");
    run(&scenario).summary.failed_by.no_valid_host
}

/// Creates of these sizes, all at once, in this order.
fn creates(sizes: &[(u32, u32)]) -> Load {
    let rows = sizes
        .iter()
        .enumerate()
        .map(|(number, (vcpus, ram_mib))| format!("0,a,red,create,s{number},{vcpus},{ram_mib}\n"));
    replayed(&rows.collect::<String>())
}

#[test]
fn one_host_is_enough_for_a_few_servers() {
    assert_eq!(enough_hosts(&closed(1, 1, "create=1")).count, 1);
    assert_eq!(enough_hosts(&closed(4, 30, "create=1")).count, 1);
    assert_eq!(enough_hosts(&closed(4, 30, "create=1")).capacity, HOST);
    assert_eq!(enough_hosts(&replayed("0,a,red,list,,,\n")).count, 1);
}

#[test]
fn the_default_load_has_as_many_as_its_largest_flavor_needs() {
    let spec = enough_hosts(&closed(64, 10_000, "create=5,reboot=3,delete=2,list=1"));
    let largest = FLAVORS.iter().map(|(_, size)| size.vcpus).max().unwrap_or(1);
    let on_each = (HOST.vcpus / largest) as usize;
    assert!(spec.count >= 10_000 / on_each);
    assert!(spec.count <= 10_000 / on_each * 11 / 10, "{}", spec.count);
}

#[test]
fn the_largest_loads_stay_within_the_limits() {
    for requests in [limits::SERVERS_MAX as u64, limits::REQUESTS_MAX] {
        let spec = enough_hosts(&closed(64, requests, "create=1"));
        assert!(spec.count <= limits::HOSTS_MAX, "{}", spec.count);
        let capacity = spec.count as u64 * u64::from(spec.capacity.vcpus);
        assert!(capacity >= limits::SERVERS_MAX as u64);
    }
    let largest = creates(&[(u32::MAX, u32::MAX); 3]);
    let spec = enough_hosts(&largest);
    assert_eq!(spec.count, 3);
    assert_eq!(spec.capacity, Size { vcpus: u32::MAX, ram_mib: u32::MAX });
}

/// Half of the hosts are out of processors, half out of memory, and what needs both finds none,
/// although the sum of either would have had room.
#[test]
fn creates_that_fill_hosts_in_different_ways_leave_room_for_those_that_need_both() {
    let mut sizes = [(16, 0), (0, 65_536)].repeat(8);
    sizes.push((16, 65_536));
    assert_eq!(without_a_host(creates(&sizes)), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_create_of_a_trace_is_without_a_host(
        sizes in proptest::collection::vec(
            (
                prop::sample::select(vec![0u32, 1, 16, 63, 64, 100, 128, 1_000]),
                prop::sample::select(vec![0u32, 1, 65_536, 262_144, 524_288, 3_000_000]),
            ),
            1..60,
        )
    ) {
        let load = creates(&sizes);
        let spec = enough_hosts(&load);
        prop_assert!(spec.count <= sizes.len());
        prop_assert_eq!(without_a_host(load), 0);
    }

    #[test]
    fn no_random_create_is_without_a_host(
        clients in 1..20usize,
        requests in 1..400u64,
        is_open in any::<bool>(),
        seed in any::<u64>(),
        deletes in 0..3u32,
    ) {
        let mix = format!("create=5,delete={deletes}");
        let load = match is_open {
            true => open(clients, requests, &mix, 1_000.0, ""),
            false => closed(clients, requests, &mix),
        };
        let mut scenario = scenario(load);
        scenario.config.seed = seed;
        prop_assert_eq!(run(&scenario).summary.failed_by.no_valid_host, 0);
    }
}

#[test]
fn a_trace_asks_for_the_sizes_it_says() {
    let load = creates(&[(3, 5), (3, 5), (0, 0)]);
    let Load::Trace { trace, .. } = &load else {
        panic!("a trace");
    };
    assert!(matches!(
        trace.requests[2].body,
        TraceBody::Create { size, .. } if size == Size::default()
    ));
    let catalogue = guichet_lab::simulate::scenario::catalogue(Some(trace));
    let (_, size) = catalogue.flavor_named("trace-3x5").expect("made for the trace");
    assert_eq!((size.vcpus, size.ram_mib), (3, 5));
    assert!(catalogue.flavor_named("trace-0x0").is_some());
    assert_eq!(run(&scenario(load)).summary.servers.active, 3);
}
