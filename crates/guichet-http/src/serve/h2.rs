//! One connection over which HTTP/2 was agreed on, from its first byte to its end.
//!
//! It is one task, as one of HTTP/1.1 is, whatever runs over it: who asks for a hundred things over one
//! connection has one turn, and with the connection everything ends that runs over it.
//!
//! ```text
//! bytes ─▶ frames   a frame that is begun comes to its end in time
//!            ▼
//!         (library)   windows, lists of headers, resets and streams, within limits
//!            ▼
//!         exchange ─▶ asked     the request as one of HTTP/1.1 says it
//!            │    ─▶ streams    one more is open: of this connection, of this address
//!            ▼
//!         bodies    what comes, and what is sent in pieces: who waits for whom
//! ```
//!
//! What is bounded by the library: streams of one connection, windows, lists of headers with their
//! continuations, streams that are reset before they are begun, those that are reset for what is wrong
//! with them, small frames of data. What it sends for a ping or for settings is sent before it reads on.
//! What is not, is bounded here: how long a frame takes to come, a connection without a stream, a client
//! that opens no window for an answer, how many streams an address has, and one that is refused and asks on.

mod asked;
mod bodies;
mod exchange;
mod frames;
mod lent;
mod rounds;
mod streams;
mod tasks;

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use guichet_core::limits;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;

use self::frames::ByFrames;
use self::lent::Lent;
use self::rounds::{Look, Rounds};
use self::streams::{Due, Streams};
use self::tasks::{Begin, Tasks};
use super::connection::{Ends, linger};
use super::exchange::App;
use super::settings::Settings;
use super::stream::{Alarm, Stream};
use super::table::Place;
use super::wire::Wire;

/// How a connection came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Either side ended it, or it broke.
    Served,
    /// Its client does not read.
    Stuck,
    /// There is nothing to say to its client any more.
    Gone,
}

/// What is next with it.
enum Step {
    /// It ends.
    End(End),
    /// No more streams are taken: it ends with the last one.
    Leave,
}

/// Serves a connection to its end. What goes wrong with it is its client's affair.
pub(super) async fn run(wire: Wire, place: &Place, app: App, ends: Ends, settings: &Settings) {
    let link = &place.link;
    let streams = Streams::new(Arc::clone(link), settings);
    let pace = ByFrames::new(Arc::clone(&streams), settings);
    let (stream, owner) = Lent::new(Stream::new(wire, pace, settings.write_time));
    let (mut tasks, rounds) = (Tasks::default(), Rounds::new());
    let begin = tasks.begin();
    let service = service_fn(|request| exchange::answer(app.clone(), (&streams, &begin), request));
    let mut serving = builder(begin.clone()).serve_connection(TokioIo::new(stream), service);
    let (mut alarm, mut is_leaving) = (Alarm::default(), false);
    let end = loop {
        let step = tokio::select! {
            biased;
            () = poll_fn(|context| poll(Pin::new(&mut serving), (&mut tasks, &rounds), context)) => {
                Step::End(End::Served)
            }
            () = ends.close.cancelled() => return,
            () = link.evicted() => match link.waits_since() {
                Some(_) => {
                    // It is told, if its system takes that at once.
                    Pin::new(&mut serving).graceful_shutdown();
                    poll_fn(|context| {
                        let _ = poll(Pin::new(&mut serving), (&mut tasks, &rounds), context);
                        Poll::Ready(())
                    })
                    .await;
                    Step::End(End::Gone)
                }
                // Something has come after all: it is answered.
                None => {
                    link.stay();
                    Step::Leave
                }
            },
            () = ends.stop.cancelled(), if !is_leaving => Step::Leave,
            due = poll_fn(|context| streams.poll_due(&mut alarm, context)) => match due {
                Due::Idle | Due::Refused => Step::Leave,
                Due::Stuck => Step::End(End::Stuck),
                Due::Gone => Step::End(End::Gone),
            },
        };
        match step {
            Step::End(end) => break end,
            Step::Leave if is_leaving => {}
            Step::Leave => {
                is_leaving = true;
                streams.leave();
                Pin::new(&mut serving).graceful_shutdown();
            }
        }
    };
    drop((serving, tasks));
    let Some(stream) = owner.take_back() else { return };
    let (is_stuck, is_late) = (end == End::Stuck || stream.is_stuck(), stream.is_late());
    let tcp = stream.into_inner().into_tcp();
    if is_stuck {
        // The system forgets what it holds for this client, and the client hears of it.
        let _ = tcp.set_zero_linger();
    } else if end == End::Served && !is_late {
        // What its client still sends, be it that a window is open, would take back what was answered.
        tokio::select! {
            biased;
            () = ends.close.cancelled() => {}
            () = link.evicted() => {}
            () = linger(tcp) => {}
        }
    }
}

/// What the library holds a connection to. Nothing that matters is left to what it would do otherwise.
fn builder(begin: Begin) -> http2::Builder<Begin> {
    let mut builder = http2::Builder::new(begin);
    builder
        .max_concurrent_streams(limits::H2_STREAMS_MAX)
        .adaptive_window(false)
        .initial_stream_window_size(limits::H2_STREAM_WINDOW)
        .initial_connection_window_size(limits::H2_CONNECTION_WINDOW)
        .max_frame_size(limits::H2_FRAME_MAX)
        .max_header_list_size(HEADER_LIST_MAX)
        .header_table_size(limits::H2_HEADER_TABLE)
        .max_send_buf_size(limits::H2_SEND_BUFFER)
        .max_pending_accept_reset_streams(limits::H2_RESETS_WAITING_MAX)
        .max_local_error_reset_streams(limits::H2_RESETS_MAX)
        .keep_alive_interval(None);
    builder
}

/// The same as for HTTP/1.1.
#[expect(clippy::cast_possible_truncation, reason = "the assertion below says that it is not cut")]
const HEADER_LIST_MAX: u32 = limits::HEADERS_MAX as u32;
const _: () = assert!(HEADER_LIST_MAX as usize == limits::HEADERS_MAX);

/// Ready once the connection is over: a turn for it, and for some of what runs over it.
fn poll<S: Future>(
    mut serving: Pin<&mut S>,
    (tasks, rounds): (&mut Tasks, &Rounds),
    context: &mut Context<'_>,
) -> Poll<()> {
    tasks.begin_turn(limits::H2_TURN);
    rounds.poll(limits::H2_TURN, context, |context| {
        if serving.as_mut().poll(context).is_ready() {
            return Look::Over;
        }
        if tasks.is_over() {
            return Look::Later;
        }
        // What is answered is sent in the next round.
        if tasks.poll_some(context) { Look::Again } else { Look::Waits }
    })
}
