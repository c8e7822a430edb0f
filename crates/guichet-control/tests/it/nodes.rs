//! What a node answers by whether it leads.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use guichet_cloud::data::Term;
use guichet_control::nodes::leading_app;
use guichet_core::limits;
use guichet_http::serve::{App, HangUp};
use http::{Method, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tokio::sync::Notify;
use tower::util::BoxCloneSyncService;
use tower::{ServiceExt, service_fn};

/// An app that answers 202 to everything: at once, or once it is told.
fn answering(told: Option<std::sync::Arc<Notify>>) -> App {
    BoxCloneSyncService::new(service_fn(move |_: Request| {
        let told = told.clone();
        async move {
            if let Some(told) = told {
                told.notified().await;
            }
            Ok::<_, Infallible>(StatusCode::ACCEPTED.into_response())
        }
    }))
}

async fn ask(app: &App, method: Method, path: &str) -> Response {
    let request = Request::builder().method(method).uri(path).body(Body::empty());
    let Ok(answer) = app.clone().oneshot(request.unwrap()).await;
    answer
}

fn hangs_up(answer: &Response) -> bool {
    answer.extensions().get::<HangUp>().is_some()
}

async fn body(answer: Response) -> Value {
    serde_json::from_slice(&answer.into_body().collect().await.unwrap().to_bytes()).unwrap()
}

/// A term that holds for the time of a lease.
fn held() -> Term {
    let term = Term::new();
    term.extend(term.now());
    term
}

#[tokio::test]
async fn who_leads_answers() {
    let app = leading_app(answering(None), held());
    for (method, path) in [(Method::GET, "/x"), (Method::POST, "/x"), (Method::GET, "/readyz")] {
        assert_eq!(ask(&app, method, path).await.status(), StatusCode::ACCEPTED);
    }
}

/// PostgreSQL is away for long: a read is 503, and nothing is said of a write.
#[tokio::test(start_paused = true)]
async fn what_cannot_be_known_is_not_answered() {
    let term = held();
    term.suspend();
    let app = leading_app(answering(None), term);
    let read = ask(&app, Method::GET, "/x").await;
    assert_eq!(read.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(read.headers()[header::RETRY_AFTER], "1");
    assert!(!hangs_up(&read));
    assert!(hangs_up(&ask(&app, Method::POST, "/x").await));
    // Health is asked for that very reason.
    assert_eq!(ask(&app, Method::GET, "/healthz").await.status(), StatusCode::ACCEPTED);
    let ready = ask(&app, Method::GET, "/readyz").await;
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(body(ready).await["ready"], false);
}

/// It is back in time: who asked is answered late.
#[tokio::test(start_paused = true)]
async fn who_waits_is_answered_when_it_is_known_again() {
    let term = held();
    term.suspend();
    let app = leading_app(answering(None), term.clone());
    let back = async {
        tokio::time::sleep(limits::TERM_PATIENCE / 2).await;
        term.extend(term.now());
    };
    let (answer, ()) = tokio::join!(ask(&app, Method::POST, "/x"), back);
    assert_eq!(answer.status(), StatusCode::ACCEPTED);
    assert!(!hangs_up(&answer));
}

/// A write that waits for the disk while PostgreSQL is away does not wait for ever.
#[tokio::test(start_paused = true)]
async fn a_write_that_is_not_decided_is_hung_up_on() {
    let term = held();
    term.suspend();
    let app = leading_app(answering(Some(Default::default())), term);
    assert!(hangs_up(&ask(&app, Method::POST, "/x").await));
}

/// Another node leads: who waits is let go at once, who comes is told to come back.
#[tokio::test(start_paused = true)]
async fn a_term_that_is_over_answers_nothing_more() {
    let term = held();
    let app = leading_app(answering(Some(Default::default())), term.clone());
    let over = async {
        tokio::time::sleep(Duration::from_millis(10)).await;
        term.end();
    };
    // Long before anybody runs out of patience.
    let all =
        async { tokio::join!(ask(&app, Method::POST, "/x"), ask(&app, Method::GET, "/x"), over) };
    let (write, read, ()) = tokio::time::timeout(Duration::from_secs(1), all).await.unwrap();
    assert!(hangs_up(&write));
    assert!(!hangs_up(&read) && read.status() == StatusCode::SERVICE_UNAVAILABLE);
    let late = ask(&app, Method::POST, "/x").await;
    assert!(!hangs_up(&late) && late.status() == StatusCode::SERVICE_UNAVAILABLE);
    // An answer of PostgreSQL that was on its way brings nothing back.
    term.extend(term.now());
    assert!(!term.holds());
}
