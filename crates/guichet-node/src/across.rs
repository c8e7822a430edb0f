//! What becomes of a request where there are several cells: which one is asked, and who asks whom about it.
//!
//! ```text
//! request ─▶ way ─▶ one cell ─▶ as if there were no other
//!              ├──▶ another cell than the token's ─▶ its leader asks the token's cell who asks
//!              ├──▶ 404 for who sees all ─▶ the other cells, one after another
//!              └──▶ a list of all cells ─▶ one after another, until the page is full
//! ```
//!
//! Who asks is never told from node to node: whoever leads the cell that answers has asked itself. So what nodes
//! know each other by, which is in the database, makes nobody an administrator.
//!
//! What goes from cell to cell has one of [`limits::ACROSS_AT_ONCE`] places; whoever finds none is told to come
//! back.

use std::pin::Pin;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use guichet_control::nodes::{alive, away, not_ready, ready, unreadable};
use guichet_core::limits;
use guichet_http::cells::{Ask, GoesOn, Introduction, Pages, SAYS, Said, SeesAll, Way};
use guichet_http::origin::{PassedOn, Source};
use http::request::Parts;
use http::{Extensions, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Limited};
use serde_json::{Value, json};

use crate::cell::{Cell, FULL};
use crate::front::Inner;
use crate::headers::Sender;
use crate::question::Question;
use crate::role::Role;
use crate::routes::Routes;

impl Inner {
    /// Has it answered by the cell that it is for.
    pub(crate) async fn routed(&self, routes: &dyn Routes, request: Request) -> Response {
        match request.uri().path() {
            "/healthz" => return alive(),
            "/readyz" => return self.readiness_of_all().await,
            "/metrics" => return self.metrics(request).await,
            _ => {}
        }
        let (parts, body) = request.into_parts();
        let way = routes.way(&parts);
        let request = Request::from_parts(parts, body);
        match way {
            // Few are.
            Way::Body => Box::pin(self.by_body(routes, request)).await,
            way => self.by_way(way, request).await,
        }
    }

    /// Has it answered where it is found out to be for.
    async fn by_way(&self, way: Way, mut request: Request) -> Response {
        match way {
            // What a body says is said by then.
            Way::Any | Way::Body => self.at(self.any(), request).await,
            Way::At(cell) => self.at(cell, request).await,
            Way::Inside(cell, uri) => {
                *request.uri_mut() = uri;
                self.at(cell, request).await
            }
            Way::Introduced { at, by, ask } => {
                introduce(request.extensions_mut(), at, (by, &ask));
                self.at(at, request).await
            }
            Way::OrElsewhere(cell, ask) => self.or_elsewhere((cell, ask), request).await,
            Way::Found(ask) => Box::pin(self.where_found(&ask, request)).await,
            Way::Pages { by, ask, list } => Box::pin(self.pages((by, ask), list, request)).await,
        }
    }

    /// A cell that is led here, if there is one.
    fn any(&self) -> usize {
        let is_led = |cell: &Cell| matches!(&*cell.role.borrow(), Role::Leads(_));
        self.cells.iter().position(is_led).unwrap_or(0)
    }

    /// The answer of a cell: of its leader.
    async fn at(&self, cell: usize, request: Request) -> Response {
        let Some(of) = self.cells.get(cell) else { return away("There is no such cell.") };
        if let Some(leading) = of.leading() {
            return self.led(&leading, request).await;
        }
        Box::pin(self.passed_on(of, request, Sender::Client)).await
    }

    /// The same of a request whose body was read.
    async fn question_at(&self, cell: usize, question: Question) -> Response {
        let Some(of) = self.cells.get(cell) else { return away("There is no such cell.") };
        if let Some(leading) = of.leading() {
            return self.led(&leading, question.into_request()).await;
        }
        Box::pin(self.asked(of, question, Sender::Client)).await
    }

    /// Where its body says.
    async fn by_body(&self, routes: &dyn Routes, request: Request) -> Response {
        let question = match Question::whole(request, limits::BODY_LOGIN_MAX).await {
            Ok(question) => question,
            Err(error) => return unreadable(error),
        };
        let way = routes.by_body(question.body());
        self.by_way(way, question.into_request()).await
    }

    /// At the first cell that has an answer to a question; at the first one if none has.
    async fn where_found(&self, ask: &Ask, request: Request) -> Response {
        let Some(place) = self.across.take(request.extensions()) else { return away(FULL) };
        let found = self.found(ask, request.extensions()).await;
        drop(place);
        match found {
            Ok(cell) => self.at(cell, request).await,
            Err(answer) => answer,
        }
    }

    async fn found(&self, ask: &Ask, asker: &Extensions) -> Result<usize, Response> {
        for cell in 0..self.cells.len() {
            if self.said(cell, ask, asker).await?.is_some() {
                return Ok(cell);
            }
        }
        Ok(0)
    }

    /// At one cell, and if it is not there at the others.
    async fn or_elsewhere(&self, (own, ask): (usize, Ask), request: Request) -> Response {
        let mut question = match Question::repeatable(request).await {
            Ok(question) => question,
            Err(error) => return unreadable(error),
        };
        let Some(mut again) = question.copy() else {
            return self.question_at(own, question).await;
        };
        question.extensions_mut().insert(GoesOn);
        let answer = self.question_at(own, question).await;
        let is_elsewhere = answer.status() == StatusCode::NOT_FOUND
            && answer.extensions().get::<SeesAll>().is_some();
        if !is_elsewhere {
            return answer;
        }
        Box::pin(async move {
            let Some(_until_it_is_answered) = self.across.take(again.extensions()) else {
                return away(FULL);
            };
            let mut others = (0..self.cells.len()).filter(|cell| *cell != own).peekable();
            while let Some(other) = others.next() {
                introduce(again.extensions_mut(), other, (own, &ask));
                if others.peek().is_some() {
                    again.extensions_mut().insert(GoesOn);
                } else {
                    again.extensions_mut().remove::<GoesOn>();
                }
                let Some(question) = again.copy() else { break };
                let there = self.question_at(other, question).await;
                if there.status() != StatusCode::NOT_FOUND {
                    return there;
                }
            }
            answer
        })
        .await
    }

    /// A page of a list that goes on from cell to cell.
    async fn pages(
        &self,
        (by, ask): (usize, Ask),
        mut list: Box<dyn Pages>,
        request: Request,
    ) -> Response {
        let Some(_until_it_is_answered) = self.across.take(request.extensions()) else {
            return away(FULL);
        };
        let mut parts = request.into_parts().0;
        let last = self.cells.len() - 1;
        let mut head = None;
        for cell in 0..=last {
            introduce(&mut parts.extensions, cell, (by, &ask));
            let answer = self.at(cell, asking(&parts, list.next())).await;
            if (cell < last || head.is_some()) && list.begins_elsewhere(answer.status()) {
                continue;
            }
            if answer.status() != StatusCode::OK {
                return answer;
            }
            let (of, body) = answer.into_parts();
            let body = Limited::new(body, limits::CELL_ANSWER_MAX).collect().await;
            let Ok(body) = body else {
                return away("The page is too long to be put together: ask for a smaller one.");
            };
            head.get_or_insert(of);
            if !list.take(&body.to_bytes()) {
                break;
            }
        }
        let Some(mut head) = head else { return away("No cell has a page.") };
        head.headers.remove(header::CONTENT_LENGTH);
        Response::from_parts(head, Body::from(list.body()))
    }

    /// What a cell says to a question; none if it has no answer.
    ///
    /// # Errors
    /// It cannot be asked at present: what is answered then.
    pub(crate) fn said<'a>(
        &'a self,
        cell: usize,
        ask: &Ask,
        asker: &Extensions,
    ) -> BoxFuture<'a, Result<Option<Said>, Response>> {
        let mut request = Request::new(Body::empty());
        request.extensions_mut().insert(ask.clone());
        if let Some(client) = Source::of(asker).0 {
            request.extensions_mut().insert(PassedOn(client));
        }
        // In a box: a cell is asked while another one answers.
        Box::pin(async move {
            let answer = self.at(cell, request).await;
            if answer.status() != StatusCode::NO_CONTENT {
                let is_away = answer.status() == StatusCode::SERVICE_UNAVAILABLE;
                return Err(if is_away { answer } else { away("The cell cannot be asked.") });
            }
            let said = answer.headers().get(&SAYS);
            let said = said.and_then(|said| std::str::from_utf8(said.as_bytes()).ok());
            Ok(said.map(|said| Said(Arc::from(said))))
        })
    }

    /// Whether each cell is led here, or passed on to who leads it.
    async fn readiness_of_all(&self) -> Response {
        let mut cells = Vec::with_capacity(self.cells.len());
        let mut is_ready = true;
        for cell in &self.cells {
            let mut shown = match cell.leading() {
                Some(leading) => {
                    let mut asked = Request::new(Body::empty());
                    *asked.uri_mut() = Uri::from_static("/readyz");
                    let (parts, body) = leading.answer(asked).await.into_parts();
                    is_ready &= parts.status == StatusCode::OK;
                    let body = Limited::new(body, limits::CELL_ANSWER_MAX).collect().await;
                    let body = body.map(http_body_util::Collected::to_bytes).unwrap_or_default();
                    serde_json::from_slice(&body).unwrap_or_else(|_| json!({ "ready": false }))
                }
                None => {
                    let role = cell.role.borrow().clone();
                    is_ready &= matches!(role, Role::Follows(_));
                    serde_json::to_value(cell.follows(&role)).unwrap_or_default()
                }
            };
            shown["cell"] = json!(&*cell.name);
            cells.push(shown);
        }
        let body = json!({ "ready": is_ready, "cells": Value::Array(cells) });
        if is_ready { ready(body) } else { not_ready(body) }
    }

    /// The metrics of the cell that the query names; without one of the first that is led here.
    async fn metrics(&self, request: Request) -> Response {
        match self.measured(request.uri()).and_then(Cell::leading) {
            Some(leading) => leading.answer(request).await,
            None => away("Metrics are those of the node that leads the cell."),
        }
    }

    /// The cell whose metrics are asked for.
    pub(crate) fn measured(&self, uri: &Uri) -> Option<&Cell> {
        let named = uri.query().into_iter().flat_map(|query| query.split('&'));
        let named = named.filter_map(|pair| pair.strip_prefix("cell=")).next_back();
        match named {
            Some(name) => self.cells.iter().find(|cell| *cell.name == *name),
            None => self.cells.get(self.any()),
        }
    }
}

/// What takes a while, in a box.
type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Has the cell that answers ask the one that knows who asks, if that is another one.
fn introduce(extensions: &mut Extensions, at: usize, (by, ask): (usize, &Ask)) {
    extensions.remove::<Introduction>();
    if at != by {
        extensions.insert(Introduction { by, ask: ask.clone() });
    }
}

/// The same request without a body, for another address.
fn asking(parts: &Parts, uri: Uri) -> Request {
    let mut request = Request::from_parts(parts.clone(), Body::empty());
    *request.uri_mut() = uri;
    request
}
