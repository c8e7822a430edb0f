//! Having routes answer a request, and not for ever.

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use guichet_core::limits;
use tower::Service as _;

/// The answer took longer than [`limits::ANSWER_TIME`]. What was asked for may still be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the answer took longer than {} s", limits::ANSWER_TIME.as_secs())]
pub struct Late;

/// The answer of these routes. They are called as they are, without a layer around them: one costs
/// every request a few allocations.
///
/// # Errors
/// It took too long.
pub async fn answer(mut routes: Router, request: Request) -> Result<Response, Late> {
    let answering = tokio::time::timeout(limits::ANSWER_TIME, routes.call(request));
    let Ok(answer) = answering.await.map_err(|_| Late)?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_never_comes_is_not_waited_for() {
        let routes = Router::new()
            .route("/now", get(|| async {}))
            .route("/never", get(std::future::pending::<()>));
        let ask = |path: &str| {
            let request = Request::builder().uri(path).body(Body::empty()).unwrap();
            answer(routes.clone(), request)
        };
        assert_eq!(ask("/now").await.unwrap().status(), 200);
        assert_eq!(ask("/none").await.unwrap().status(), 404);
        assert_eq!(ask("/never").await.unwrap_err(), Late);
    }
}
