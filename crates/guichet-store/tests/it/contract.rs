//! The memory store passes the suite.

use std::sync::Arc;

use guichet_store::Store;
use guichet_store::contract::run_all;
use guichet_store::local::LocalStore;

#[test]
fn the_memory_store_keeps_the_contract() {
    run_all(&|config, clock| -> Arc<dyn Store> { Arc::new(LocalStore::new(config, clock)) });
}
