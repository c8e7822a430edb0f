//! Connections: a bounded number at once and from each address, each with its time-outs, all ended
//! at shutdown.

mod connection;
mod exchange;
mod framing;
#[cfg(feature = "tls")]
mod h2;
#[cfg_attr(not(feature = "tls"), path = "serve/no_handshake.rs")]
mod handshake;
mod link;
mod local;
mod outgoing;
mod pace;
mod settings;
mod stream;
mod table;
mod unread;
mod wire;

use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use guichet_clock::Stopwatch;
use guichet_clock::flood::Flood;
use guichet_core::limits;
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use self::exchange::{App, HangUp, PassedBack};
pub use self::local::serve_local;
pub use self::settings::Settings;

use self::connection::{Ends, linger};
use self::handshake::{Handshakes, Turn};
use self::table::{NoPlace, Place, Table};
use self::wire::Wire;
use crate::connections::NotServed;
use crate::origin::Parser;

/// Serves until `stop` is cancelled; then takes no new connection, lets each finish the request it is
/// at, for [`limits::CLOSE_TIME`] at most, and returns when all are gone.
pub async fn serve(listener: TcpListener, app: App, stop: CancellationToken) {
    serve_with(listener, app, stop, Settings::default()).await;
}

/// As [`serve()`], with other bounds.
pub async fn serve_with(
    listener: TcpListener,
    app: App,
    stop: CancellationToken,
    settings: Settings,
) {
    // Connections have it from the listener. Where the system has an answer of its own to how much
    // it holds, a slow client is only noticed later.
    let _ = SockRef::from(&listener).set_send_buffer_size(limits::SEND_BUFFER);
    let ends = Ends { stop, close: CancellationToken::new() };
    let door = Door::new(app, settings, ends);
    loop {
        let accepted = tokio::select! {
            biased;
            () = door.ends.stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((tcp, address)) => {
                tokio::select! {
                    biased;
                    () = door.ends.stop.cancelled() => break,
                    places = door.places(address.ip()) => match places {
                        Ok(places) => door.open(tcp, places),
                        Err(_) => door.refuse(tcp),
                    },
                }
            }
            Err(error) => door.pause_after(&error).await,
        }
    }
    drop(listener);
    door.close().await;
}

/// Where connections come in.
struct Door {
    app: App,
    settings: Arc<Settings>,
    ends: Ends,
    table: Arc<Table>,
    /// None if connections are plain.
    handshakes: Option<Arc<Handshakes>>,
    /// Connections, refused ones too, and bodies that are parsed.
    tasks: TaskTracker,
    /// For refused connections that read their answer; each one's task gives its permit back.
    refusals: Arc<Semaphore>,
    watch: Stopwatch,
    refused: Flood,
    failed: Flood,
}

impl Door {
    fn new(app: App, settings: Settings, ends: Ends) -> Self {
        let tasks = TaskTracker::new();
        let parser = Parser::new(tasks.clone());
        let handshakes = Handshakes::new(&settings, &parser);
        let table = Table::new(&settings, parser);
        Self {
            app,
            settings: Arc::new(settings),
            ends,
            table: Arc::new(table),
            handshakes,
            tasks,
            refusals: Arc::new(Semaphore::new(limits::REFUSED_AT_ONCE)),
            watch: Stopwatch::start(),
            refused: Flood::new(),
            failed: Flood::new(),
        }
    }

    /// A place for a connection, and one for its handshake if it has one.
    async fn places(&self, address: IpAddr) -> Result<(Place, Option<Turn>), NoPlace> {
        let place = self.table.place(address).await?;
        match &self.handshakes {
            Some(handshakes) => Ok((place, Some(handshakes.turn(address).await?))),
            None => Ok((place, None)),
        }
    }

    fn open(&self, tcp: TcpStream, (place, turn): (Place, Option<Turn>)) {
        let (app, ends) = (self.app.clone(), self.ends.clone());
        let settings = Arc::clone(&self.settings);
        let open = settings.counted.opening();
        self.tasks.spawn(async move {
            // Answers are small and wanted at once; where the system refuses they come a little
            // later.
            let _ = tcp.set_nodelay(true);
            let wire = match turn {
                // A handshake is large, and soon over.
                Some(turn) => Box::pin(turn.open(tcp, &place.link, &ends, &settings)).await,
                None => Some(Wire::Plain(tcp)),
            };
            match wire {
                #[cfg(feature = "tls")]
                Some(wire) if wire.is_h2() => {
                    // Larger than one of HTTP/1.1, which is not to pay for it.
                    Box::pin(h2::run(wire, &place, app, ends, &settings)).await;
                }
                Some(wire) => connection::run(wire, &place, app, ends, &settings).await,
                None => {}
            }
            drop(open);
        });
    }

    /// Says that the address has its share. A connection whose system does not take the answer at
    /// once, or that comes when many are being refused, is closed without one.
    fn refuse(&self, tcp: TcpStream) {
        self.settings.counted.count(NotServed::Share);
        if let Some(not_shown) = self.refused.count(&self.watch) {
            tracing::warn!(not_shown, "a connection was refused: its address has its share");
        }
        if self.handshakes.is_some() {
            // It would not understand an answer.
            return;
        }
        let Ok(permit) = Arc::clone(&self.refusals).try_acquire_owned() else { return };
        let close = self.ends.close.clone();
        self.tasks.spawn(async move {
            let _ = tcp.writable().await;
            if tcp.try_write(TOO_MANY.as_bytes()).is_ok() {
                let _ = close.run_until_cancelled(linger(tcp)).await;
            }
            drop(permit);
        });
    }

    /// Out of file descriptors or memory: trying again at once would only spin. Any other error is
    /// of the one connection that is gone.
    async fn pause_after(&self, error: &io::Error) {
        self.settings.counted.count(NotServed::NotAccepted);
        if let Some(not_shown) = self.failed.count(&self.watch) {
            tracing::warn!(%error, not_shown, "a connection could not be accepted");
        }
        let of_the_connection = matches!(
            error.kind(),
            io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
        );
        if !of_the_connection {
            tokio::time::sleep(limits::ACCEPT_PAUSE).await;
        }
    }

    /// Waits for all that was begun; whoever does not end in time is ended.
    async fn close(self) {
        self.tasks.close();
        if tokio::time::timeout(self.settings.close_time, self.tasks.wait()).await.is_err() {
            let connections = self.tasks.len();
            tracing::info!(connections, "closed connections whose clients did not end them");
            self.ends.close.cancel();
            self.tasks.wait().await;
        }
    }
}

/// The answer for a connection past its address's share, before anything was read from it.
const TOO_MANY: &str = "HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 1\r\n\
    content-type: text/plain; charset=utf-8\r\ncontent-length: 60\r\n\r\n\
    Too many connections from this address; close some of them.\n";

#[cfg(test)]
mod tests {
    use super::TOO_MANY;

    #[test]
    fn the_ready_answer_says_its_length() {
        let (head, body) = TOO_MANY.split_once("\r\n\r\n").unwrap();
        assert!(head.ends_with(&format!("content-length: {}", body.len())), "{}", body.len());
    }
}
