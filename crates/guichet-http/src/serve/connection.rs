//! One connection from its first byte to its end.

use std::sync::Arc;

use guichet_core::limits;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use super::exchange::{self, App};
use super::pace::OneByOne;
use super::settings::Settings;
use super::stream::Stream;
use super::table::Place;
use super::wire::Wire;

/// What ends a connection from outside.
#[derive(Debug, Clone)]
pub(super) struct Ends {
    /// It finishes the request it is at.
    pub(super) stop: CancellationToken,
    /// It ends now.
    pub(super) close: CancellationToken,
}

/// Serves a connection to its end. What goes wrong with it is its client's affair.
pub(super) async fn run(wire: Wire, place: &Place, app: App, ends: Ends, settings: &Settings) {
    let link = &place.link;
    let service = service_fn(|request| exchange::answer(app.clone(), Arc::clone(link), request));
    let pace = OneByOne::new(Arc::clone(link), settings);
    let stream = Stream::new(wire, pace, settings.write_time);
    let mut serving = http1::Builder::new()
        // The stream has time-outs of its own.
        .header_read_timeout(None)
        .max_buf_size(limits::HEADERS_MAX)
        // A buffer grows in steps, past that size too: this is what headers are held to.
        .max_header_size(limits::HEADERS_MAX)
        // That they are HEADERS_COUNT_MAX at most it says itself; a test holds it to that.
        // Who has sent all it has to send may say so, and still reads: its answer may be of something that is
        // done. What nobody reads fails when it is written.
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service);
    let mut is_leaving = false;
    let ended = loop {
        tokio::select! {
            biased;
            ended = &mut serving => break ended,
            () = ends.close.cancelled() => return,
            () = link.evicted() => {
                if link.waits_since().is_some() {
                    return;
                }
                // Something has come after all: it is answered.
                link.stay();
                std::pin::Pin::new(&mut serving).graceful_shutdown();
            }
            () = ends.stop.cancelled(), if !is_leaving => {
                is_leaving = true;
                std::pin::Pin::new(&mut serving).graceful_shutdown();
            }
        }
    };
    let is_unread = link.is_unread() || ended.is_err_and(|error| error.is_parse());
    let stream = serving.into_parts().io.into_inner();
    let is_stuck = stream.is_stuck();
    let tcp = stream.into_inner().into_tcp();
    if is_stuck {
        // The system forgets what it holds for this client, and the client hears of it.
        let _ = tcp.set_zero_linger();
    } else if is_unread {
        tokio::select! {
            biased;
            () = ends.close.cancelled() => {}
            () = link.evicted() => {}
            () = linger(tcp) => {}
        }
    }
}

/// Closes a connection whose client may still be sending: were it closed at once, the system would
/// take back what was answered. So it is read from until the client has seen the end, or enough.
pub(super) async fn linger(mut tcp: TcpStream) {
    if tcp.shutdown().await.is_err() {
        return;
    }
    let reading = async {
        let mut left = limits::LINGER_MAX;
        let mut bytes = [0; 4_096];
        while let Ok(read @ 1..) = tcp.read(&mut bytes).await {
            left = left.saturating_sub(read);
            if left == 0 {
                break;
            }
        }
    };
    // Past that it is closed in any case.
    let _ = tokio::time::timeout(limits::LINGER_TIME, reading).await;
}
