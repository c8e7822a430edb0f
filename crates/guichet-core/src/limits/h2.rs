//! The limits of HTTP/2: what one connection may carry, and what all of them hold.

use std::time::Duration;

use super::limit::Limit;

limits! { H2:
    H2_STREAMS_MAX: u32 = 100, "100 streams",
        "Streams of HTTP/2 that a client may have open over one connection: as many as RFC 9113 asks for at least, so that no client waits without need. A connection is one task, so a hundred requests over one have one turn among the others, and all of them together are bounded by H2_STREAMS_IN_FLIGHT. One past that is refused, to be sent again.";
    H2_STREAMS_IN_FLIGHT: usize = 16_384, "16,384 streams",
        "Streams that are open at once over all connections: as many as there may be connections, of which each has one request in HTTP/1.1, so that HTTP/2 gives nobody more requests under way: at some 8 KiB each, 128 MiB. One address may have half of them, and a quarter is for addresses that have little (H2_STREAMS_LITTLE). Past that a request gets 503.";
    H2_STREAMS_LITTLE: usize = 64, "64 streams",
        "Streams that an address may have, with the one it asks for, to draw on that part: as many as a busy program has, and 64 such addresses have all of theirs.";
    H2_REFUSED_AT_ONCE: usize = 1_024, "1,024 streams",
        "Streams without a place among those in flight whose bodies are read away, so that their clients see the 503 and no reset; one address may have half of them. Past that such a stream is reset behind its answer. A stream without a body is over with its answer, which has none either.";
    H2_REFUSED_MAX: usize = 1_000, "1,000 streams",
        "Streams of one connection that are refused in a row for want of a place: past that it ends once what is under way is answered. A client that comes back when it is asked to has a hundred at once, or a few.";
    H2_TURN: usize = 16, "16 steps",
        "Steps of streams that one connection has before others have a turn: a short answer takes two, so that is 8 requests, 0.4 ms of a core. What was answered in a turn is written at once.";
    H2_STREAM_WINDOW: u32 = 32 * 1024, "32 KiB",
        "Bytes of a body that a client may send before its handler takes them: half of the connection's, so that a stream whose handler is at something else does not stop the others. At 100 ms there and back a body of 1 MiB takes 3 s.";
    H2_CONNECTION_WINDOW: u32 = 65_535, "65,535 bytes",
        "Bytes of bodies that a client may send over one connection before handlers take them: the least that the protocol has. With CONNECTIONS_MAX it is 1 GiB, as what one of HTTP/1.1 reads ahead (HEADERS_MAX); what handlers take counts in BODIES_IN_FLIGHT.";
    H2_FRAME_MAX: u32 = 16_384, "16 KiB",
        "Length of a frame: the least that the protocol has. A frame that is begun has HEADER_TIME to come, and so has a list of headers in several.";
    H2_HEADER_TABLE: u32 = 4_096, "4 KiB",
        "Bytes of headers that a client may name by number, as the protocol has it.";
    H2_HEADERS_FREE: usize = 8 * 1024, "8 KiB",
        "Bytes of memory that a request's headers may take and count nowhere: twenty headers of 100 characters take less. What takes more, up to HEADERS_MAX and HEADERS_COUNT_MAX, counts in BODIES_IN_FLIGHT until the request is answered; past that it is 503.";
    H2_HEADERS_FACTOR: usize = 2, "2 times",
        "Bytes of memory for each byte of headers: they lie in the buffer that they were put together in, which doubles as it grows.";
    H2_HEADER_COST: usize = 192, "192 bytes",
        "Bytes of memory for each header besides: it has a row of a table that doubles as it grows, and two buffers. 94 short ones take 170 bytes each, 46 take 200 (memory of the process, 1,500 streams).";
    H2_PIECE: usize = 16 * 1024, "16 KiB",
        "Bytes of an answer that are given to be sent at once: one frame. So it is seen how a client reads, which has WRITE_TIME for WRITE_PROGRESS_MIN as in HTTP/1.1, be it that it opens no window or reads nothing.";
    H2_SEND_BUFFER: usize = 16 * 1024, "16 KiB",
        "Bytes of one stream's answer that wait to be written, with one piece besides. For answers that are made as they are sent, and count nowhere, that is 32 KiB a stream, and 512 MiB with H2_STREAMS_IN_FLIGHT: half of what HTTP/1.1 holds of them.";
    H2_RESETS_WAITING_MAX: usize = 20, "20 streams",
        "Streams that a client has reset before they were begun: past that its connection is ended. A client that changes its mind does so of a few at once.";
    H2_RESETS_MAX: usize = 128, "128 streams",
        "Streams of one connection that were reset for what was wrong with them, or refused as too many: past that its connection is ended. A client that keeps to the protocol has none.";
    H2_GOODBYE_TIME: Duration = Duration::from_secs(1), "1 s",
        "How long a client that was told that its connection ends may take to say that it knows, if no stream is open: a few round trips.";
}
