//! Tests that need to see inside.
