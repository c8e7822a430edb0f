//! What outlives the process: tokens, application credentials, drawn passwords, secrets, and that
//! no address is given out twice.

mod credentials;
mod keeper;
mod keypairs;
mod secrets;
mod stalled;
mod tokens;

use std::pin::Pin;
use std::task::Poll;

use serde_json::{Value, json};

use crate::support::{Answer, TestCloud, by_password};

/// Logs in with the password of `--dev`.
async fn log_in(cloud: &TestCloud, user: &str) -> Answer {
    cloud.ask(&json!({ "identity": by_password(user, "secret") })).await
}

/// Whether a token is good.
async fn is_good(cloud: &TestCloud, token: &str) -> bool {
    match cloud.get("/identity/v3/auth/projects", token).await.code() {
        200 => true,
        401 => false,
        other => panic!("{other}"),
    }
}

/// Makes an application credential.
async fn made(cloud: &TestCloud, user: &str, fields: Value) -> Answer {
    let path = format!("/identity/v3/users/{}/application_credentials", cloud.user_id(user));
    let body = json!({ "application_credential": fields });
    cloud.post(&path, &cloud.token_of(user), &body).await
}

/// Whether a future still waits.
async fn waits<F: Future>(mut future: Pin<&mut F>) -> bool {
    std::future::poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_pending())).await
}

/// 503 with a time to come back in.
fn is_unrecorded(answer: &Answer) {
    assert_eq!(answer.code(), 503, "{}", String::from_utf8_lossy(&answer.bytes));
    assert_eq!(answer.headers["retry-after"], "7");
}
