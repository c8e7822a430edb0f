//! What stands in the way of a start.

use guichet_engine::{Model, ServerManager, StartError};

use crate::support::with_model;

#[test]
fn without_a_runtime_there_is_an_error_and_no_panic() {
    for model in Model::ALL {
        let builder = ServerManager::builder().config(with_model(model, 2, 1));
        let error = builder.start().expect_err("there is no runtime");
        assert!(matches!(error, StartError::NoRuntime), "{error}");
        assert!(error.to_string().contains("start the manager inside one"), "{error}");
    }
}
