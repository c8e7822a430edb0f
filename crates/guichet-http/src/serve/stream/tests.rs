use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio_util::task::TaskTracker;

use super::super::link::Stage;
use super::super::pace::OneByOne;
use super::super::settings::Settings;
use super::super::table::Table;
use super::*;
use crate::origin::Parser;

/// What the system holds of an answer.
const HELD: usize = 64 * 1024;

/// A stream whose other end is the client's.
fn pair() -> (Stream<DuplexStream, OneByOne>, DuplexStream) {
    let settings = Settings::default();
    let table = Arc::new(Table::new(&settings, Parser::new(TaskTracker::new())));
    let place = table.try_place([127, 0, 0, 1].into()).unwrap();
    let (ours, client) = duplex(HELD);
    let pace = OneByOne::new(Arc::clone(&place.link), &settings);
    (Stream::new(ours, pace, settings.write_time), client)
}

/// Reads so many bytes every three seconds while a long answer is written: how the writing ends,
/// and how long it took.
async fn reading(each: usize) -> (Result<(), io::ErrorKind>, Duration) {
    let (mut stream, mut client) = pair();
    let link = Arc::clone(&stream.pace.link);
    link.on_request();
    let before = link.now();
    let answer = vec![b'x'; 16 * HELD];
    let reads = async {
        let mut bytes = vec![0; each];
        loop {
            let _ = client.read(&mut bytes).await;
            tokio::time::sleep(Duration::from_secs(3)).await;
        }
    };
    let written = tokio::select! {
        written = stream.write_all(&answer) => written,
        () = reads => unreachable!("it reads on and on"),
    };
    assert_eq!(stream.is_stuck(), written.is_err());
    (written.map_err(|error| error.kind()), link.now().since(before))
}

#[tokio::test(start_paused = true)]
async fn a_byte_every_few_seconds_is_not_reading() {
    let (written, took) = reading(1).await;
    assert_eq!((written, took), (Err(io::ErrorKind::TimedOut), limits::WRITE_TIME));
}

/// Slow is not hostile: this one takes minutes, and has all of it.
#[tokio::test(start_paused = true)]
async fn who_reads_slowly_but_reads_has_all_of_it() {
    let least_each = limits::WRITE_PROGRESS_MIN.div_ceil(6);
    let (written, took) = reading(least_each).await;
    assert_eq!(written, Ok(()));
    assert!(took > 10 * limits::WRITE_TIME, "{took:?}");
}

/// Takes all that is written, and never has it sent: as what is encrypted for a client that reads
/// nothing.
struct NeverSent;

impl AsyncWrite for NeverSent {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Pending
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Pending
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_never_sent_is_given_up_as_what_is_never_taken() {
    for ends in [false, true] {
        let (stream, _client) = pair();
        let link = Arc::clone(&stream.pace.link);
        let settings = Settings::default();
        let pace = OneByOne::new(Arc::clone(&link), &settings);
        let mut stream = Stream::new(NeverSent, pace, settings.write_time);
        link.on_request();
        let before = link.now();
        stream.write_all(b"answer").await.unwrap();
        let sent = if ends { stream.shutdown().await } else { stream.flush().await };
        assert_eq!(sent.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert_eq!(link.now().since(before), limits::WRITE_TIME);
        assert!(stream.is_stuck());
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_written_begins_the_idle_time() {
    let (mut stream, mut client) = pair();
    let link = Arc::clone(&stream.pace.link);
    client.write_all(b"GET").await.unwrap();
    let mut bytes = [0; 3];
    stream.read_exact(&mut bytes).await.unwrap();
    assert_eq!(link.stage(), Stage::Head);
    link.on_request();
    tokio::time::sleep(2 * limits::IDLE_TIME).await;
    assert_eq!(link.waits_since(), None, "it is the client that waits");
    stream.flush().await.unwrap();
    assert_eq!(link.stage(), Stage::Work, "there is no answer yet");
    link.on_answer();
    stream.flush().await.unwrap();
    let before = link.now();
    assert_eq!((link.stage(), link.waits_since()), (Stage::Idle, Some(before)));
    let error = stream.read_exact(&mut bytes).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    assert_eq!(link.now().since(before), limits::IDLE_TIME);
}
