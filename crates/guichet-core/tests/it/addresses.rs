//! Addresses: one living server each, given out in the step that accepts it.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use guichet_core::action::Action;
use guichet_core::details::Details;
use guichet_core::fleet::FleetConfig;
use guichet_core::ids::{NetworkId, RequestId, ServerId};
use guichet_core::network::{Network, PortRequest};
use guichet_core::project::Quota;
use guichet_core::refusal::Refusal;
use guichet_core::request::RequestBody;
use guichet_core::rows::Decision;

use crate::support::{BLUE, SMALL, World, accepted, config, digest, project, refused};

fn world(counts: &[u32], quota: Quota) -> World {
    let network = |(id, count): (usize, &u32)| Network {
        id: NetworkId(id as u32),
        name: Arc::from(format!("network-{id}")),
        first: Ipv4Addr::new(10, id as u8, 0, 2),
        count: *count,
    };
    World::new(FleetConfig {
        networks: counts.iter().enumerate().map(network).collect(),
        projects: vec![project(0, quota), project(1, Quota::default())],
        ..config()
    })
}

/// Asks for servers that are plugged into these networks, at these addresses.
fn ask(world: &mut World, count: usize, ports: &[(u32, Option<[u8; 4]>)]) -> Decision {
    let RequestBody::Create(mut create) = world.servers(count, count, SMALL) else {
        panic!("not a create");
    };
    let port = |id: &ServerId, (network, fixed): &(u32, Option<[u8; 4]>)| PortRequest {
        id: RequestId::from_bits(id.0.as_u128() ^ u128::from(*network)).0,
        network: NetworkId(*network),
        fixed: fixed.map(Ipv4Addr::from),
    };
    let servers = create.servers.iter();
    create.ports =
        servers.map(|(id, _)| ports.iter().map(|wanted| port(id, wanted)).collect()).collect();
    let details = Details { description: Some(Arc::from("mine")), ..Details::default() };
    let details = Arc::new(details);
    create.details = (0..count).map(|_| Arc::clone(&details)).collect();
    let request = world.request(BLUE, None, RequestBody::Create(create));
    world.send(&request)
}

fn plugged(world: &mut World, count: usize, ports: &[(u32, Option<[u8; 4]>)]) -> Vec<ServerId> {
    let answer = accepted(ask(world, count, ports));
    answer.operations.iter().map(|operation| operation.server).collect()
}

fn addresses(world: &World, server: ServerId) -> Vec<IpAddr> {
    world.server(server).ports().iter().map(|port| port.address).collect()
}

fn delete(world: &mut World, server: ServerId) {
    accepted(world.change(Action::Delete, server));
    world.run_all();
}

#[test]
fn addresses_are_taken_in_turn_and_carry_the_rest_along() {
    let mut world = world(&[10, 10], Quota::default());
    let servers = plugged(&mut world, 2, &[(0, None), (1, None)]);
    let expected: [[IpAddr; 2]; 2] = [
        [[10, 0, 0, 2].into(), [10, 1, 0, 2].into()],
        [[10, 0, 0, 3].into(), [10, 1, 0, 3].into()],
    ];
    for (server, expected) in servers.iter().zip(expected) {
        assert_eq!(addresses(&world, *server), expected);
        let details = world.server(*server).details.as_ref().expect("details");
        assert_eq!(details.description.as_deref(), Some("mine"));
    }
    let macs: std::collections::BTreeSet<_> = servers
        .iter()
        .flat_map(|server| {
            world.server(*server).ports().iter().map(|port| port.mac).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(macs.len(), 4, "each port has a MAC of its own");
}

#[test]
fn a_refused_create_takes_none() {
    let mut world = world(&[10], Quota { instances: Some(1), ..Quota::default() });
    plugged(&mut world, 1, &[(0, None)]);
    for _ in 0..3 {
        let before = digest(&world.fleet);
        assert!(matches!(refused(ask(&mut world, 1, &[(0, None)])), Refusal::OverQuota(_)));
        before.assert_same(&world.fleet);
    }
}

#[test]
fn one_that_was_given_back_is_not_given_out_at_once() {
    let mut world = world(&[3], Quota::default());
    let first = plugged(&mut world, 1, &[(0, None)])[0];
    world.run_all();
    delete(&mut world, first);
    let next: Vec<_> = (0..3).map(|_| plugged(&mut world, 1, &[(0, None)])[0]).collect();
    let given: Vec<_> = next.iter().flat_map(|server| addresses(&world, *server)).collect();
    let expected: [IpAddr; 3] = [[10, 0, 0, 3].into(), [10, 0, 0, 4].into(), [10, 0, 0, 2].into()];
    assert_eq!(given, expected);
}

#[test]
fn an_address_is_never_that_of_a_living_server() {
    let mut world = world(&[4], Quota::default());
    let all = plugged(&mut world, 4, &[(0, None)]);
    world.run_all();
    let before = digest(&world.fleet);
    let network = NetworkId(0);
    assert_eq!(refused(ask(&mut world, 1, &[(0, None)])), Refusal::NoAddress { network });
    before.assert_same(&world.fleet);
    let freed = addresses(&world, all[2]);
    delete(&mut world, all[2]);
    assert_eq!(refused(ask(&mut world, 2, &[(0, None)])), Refusal::NoAddress { network });
    let again = plugged(&mut world, 1, &[(0, None)])[0];
    assert_eq!(addresses(&world, again), freed);
}

#[test]
fn a_fixed_address_must_be_free() {
    let mut world = world(&[10], Quota::default());
    let five = [10, 0, 0, 5];
    let server = plugged(&mut world, 1, &[(0, Some(five))])[0];
    assert_eq!(addresses(&world, server), [IpAddr::from(five)]);
    world.run_all();
    for taken in [five, [10, 0, 0, 1], [10, 0, 0, 12], [10, 9, 0, 5]] {
        let refusal = refused(ask(&mut world, 1, &[(0, Some(taken))]));
        assert_eq!(refusal, Refusal::AddressInUse { address: taken.into() });
    }
    // Twice in one request: the first has it.
    let six = [10, 0, 0, 6];
    let refusal = refused(ask(&mut world, 1, &[(0, Some(six)), (0, Some(six))]));
    assert_eq!(refusal, Refusal::AddressInUse { address: six.into() });
    delete(&mut world, server);
    plugged(&mut world, 1, &[(0, Some(five))]);
}

#[test]
fn a_server_without_a_host_has_its_address_until_it_is_deleted() {
    let mut world = World::new(FleetConfig { hosts: Vec::new(), ..config() });
    let without = plugged_without_host(&mut world);
    delete(&mut world, without);
    assert!(world.fleet.is_empty());
}

fn plugged_without_host(world: &mut World) -> ServerId {
    // No network either: its ports have no addresses to take, and the request says so.
    let network = NetworkId(0);
    assert_eq!(refused(ask(world, 1, &[(0, None)])), Refusal::NoAddress { network });
    plugged(world, 1, &[])[0]
}
