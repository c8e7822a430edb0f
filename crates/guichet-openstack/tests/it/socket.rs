//! Over real connections: many clients at once, slow ones, and the end.

mod busy;
mod crowd;
mod manners;
mod statuses;
mod wire;
