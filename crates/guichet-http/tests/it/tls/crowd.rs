//! Handshakes that are begun and not ended.

use std::net::SocketAddr;
use std::time::Duration;

use guichet_clock::WorldClock;
use guichet_core::limits;
use guichet_core::time::Clock;
use guichet_http::serve::Settings;
use tokio::io::AsyncReadExt;
use tokio::net::{TcpSocket, TcpStream};

use super::support::{Authority, Client, Place, said};
use super::{ASK, routes};
use crate::service::{Service, received};

async fn service(place: &Place, handshakes: usize, handshake_time: Duration) -> Service {
    let tls = Some(place.slot());
    let settings = Settings { handshakes, handshake_time, tls, ..Settings::default() };
    Service::with(routes(), settings).await
}

/// A connection from another address of this machine, over which nothing is said yet.
pub(super) async fn silent(service: &Service, last: u8) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from(([127, 0, 0, last], 0))).unwrap();
    socket.connect(service.address).await.unwrap()
}

#[tokio::test]
async fn an_address_has_half_of_the_handshakes_and_others_get_in() {
    let authority = Authority::new();
    let place = Place::of(&authority.pair("localhost"));
    let service = service(&place, 4, limits::HANDSHAKE_TIME).await;
    let held = [silent(&service, 2).await, silent(&service, 2).await];
    assert_eq!(received(silent(&service, 2).await).await, "", "it is closed at once");
    let client = Client::of(&authority);
    let mut open = Vec::new();
    // Whoever has ended its handshake counts among them no longer.
    for _ in 0..8 {
        let mut stream = client.connect_over(silent(&service, 3).await).await.unwrap();
        assert!(said(&mut stream, ASK).await.ends_with("here"));
        open.push(stream);
    }
    drop((held, open));
    service.end().await;
}

/// Strangers at several addresses have all places: those who waited longest make place.
#[tokio::test]
async fn who_waits_longest_makes_place_for_who_speaks() {
    let authority = Authority::new();
    let place = Place::of(&authority.pair("localhost"));
    let service = service(&place, 4, Duration::from_secs(600)).await;
    let mut held = Vec::new();
    for last in [2, 2, 3, 3] {
        held.push(silent(&service, last).await);
    }
    let (clock, client) = (WorldClock::real(), Client::of(&authority));
    let before = clock.now();
    let mut stream = client.connect_over(silent(&service, 4).await).await.unwrap();
    assert!(said(&mut stream, ASK).await.ends_with("here"));
    assert!(clock.now().since(before) < 10 * limits::EVICT_AFTER, "soon");
    drop(held);
    service.end().await;
}

#[tokio::test]
async fn a_handshake_that_takes_too_long_is_ended() {
    let authority = Authority::new();
    let place = Place::of(&authority.pair("localhost"));
    let service = service(&place, 4, Duration::from_millis(50)).await;
    assert_eq!(received(silent(&service, 2).await).await, "");
    // The beginning of one as well.
    let mut begun = service.send("\u{16}\u{3}\u{1}").await;
    let mut bytes = Vec::new();
    let _ = begun.read_to_end(&mut bytes).await;
    assert!(bytes.is_empty());
    service.end().await;
}
