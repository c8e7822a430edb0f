//! What is asked of one server.

use std::sync::Arc;

use axum::extract::Path;
use axum::response::Response;
use guichet_cloud::Destination;
use guichet_cloud::catalogue::Viewer;
use guichet_cloud::servers::ServerError;
use guichet_core::action::Action;
use guichet_core::server::Server;
use guichet_http::query::Params;

use crate::form::{Form, given};
use crate::frame::see;
use crate::refusal::of_server;
use crate::server::{named, page};
use crate::signed::Signed;

/// Actions that need nothing but the server, by the word that a button sends.
const PLAIN: [(&str, Action); 6] = [
    ("reboot", Action::RebootSoft),
    ("reboot_hard", Action::RebootHard),
    ("start", Action::Start),
    ("stop", Action::Stop),
    ("confirm_resize", Action::ConfirmResize),
    ("revert_resize", Action::RevertResize),
];

/// `POST /console/servers/{id}/act`.
pub(crate) async fn act(Path(id): Path<String>, Form { signed, fields }: Form) -> Response {
    let Some(server) = named(&signed, &id).filter(|server| !server.is_deleted()) else {
        return signed.missing();
    };
    let word = given(&fields, "do").unwrap_or_default();
    let Some(asked) = ask(&signed, &server, word, &fields).await else {
        return signed.missing();
    };
    match asked {
        Ok(()) => {
            let said = if word == "delete" { "deleted" } else { "asked" };
            see(&format!("/console/servers/{}?said={said}", server.id))
        }
        Err(error) => {
            // As it is by now: what stands in the way may have come about since.
            let server = named(&signed, &id).unwrap_or(server);
            page(&signed, &server, Some(of_server(signed.locale, &error)))
        }
    }
}

/// Asks for what a button says; none if no button of ours says so.
async fn ask(
    signed: &Signed,
    server: &Arc<Server>,
    word: &str,
    fields: &Params,
) -> Option<Result<(), ServerError>> {
    let (cloud, caller) = (&signed.cloud, &signed.caller);
    if let Some((_, action)) = PLAIN.iter().find(|(known, _)| *known == word) {
        return Some(cloud.servers().act(caller, server, *action).await);
    }
    match word {
        "delete" => Some(cloud.servers().delete(caller, server).await),
        "resize" => {
            let id = given(fields, "flavor").unwrap_or_default();
            let Some((flavor, _)) = cloud.catalogue().find_flavor(id, Viewer::from(caller)) else {
                return Some(Err(ServerError::UnknownFlavor));
            };
            Some(cloud.migrate(caller, server, Destination::Flavor(flavor)).await)
        }
        _ => None,
    }
}
