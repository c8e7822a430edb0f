//! What is sent over a socket or as a request, and what comes of it.

mod body;
mod serve;
