//! Making servers.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use guichet_cloud::catalogue::Viewer;
use guichet_cloud::servers::{CreateError, Networks, NewServers};
use guichet_core::limits;
use guichet_core::request::IdempotencyKey;
use guichet_http::query::Params;
use guichet_locale::text;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::figure::Share;
use crate::form::{Form, given};
use crate::frame::{Choice, Frame, Here, see, shown};
use crate::notice::Notice;
use crate::refusal::of_create;
use crate::server::{flavors, quota};
use crate::sessions::secret;
use crate::signed::Signed;

#[derive(Template)]
#[template(path = "create.html")]
struct Page {
    frame: Frame,
    quota: Vec<Share>,
    flavors: Vec<Choice>,
    images: Vec<Choice>,
    networks: Vec<Choice>,
    name: String,
    count: String,
    /// The name of this request: sent twice, it makes servers once.
    key: String,
    most: usize,
}

/// `GET /console/servers/new`.
pub(crate) async fn show(signed: Signed) -> Response {
    page(&signed, &Params::default(), None)
}

fn page(signed: &Signed, fields: &Params, notice: Option<Notice>) -> Response {
    let catalogue = signed.cloud.catalogue();
    let viewer = Viewer::from(&signed.caller);
    let chosen = |name: &str, value: &str| given(fields, name) == Some(value);
    let mut flavors = flavors(signed, None);
    flavors.iter_mut().for_each(|it| it.is_chosen = chosen("flavor", &it.value));
    let images = catalogue.images(viewer).into_iter().take(limits::CONSOLE_CHOICES_MAX);
    let images = images.map(|image| Choice {
        is_chosen: chosen("image", &image.id.to_string()),
        value: image.id.to_string(),
        name: image.name.to_string(),
    });
    let networks = catalogue.networks().iter().take(limits::CONSOLE_CHOICES_MAX);
    let networks = networks.map(|network| Choice {
        is_chosen: chosen("network", &network.id.to_string()),
        value: network.id.to_string(),
        name: network.name.to_string(),
    });
    let title = text!(signed.locale, "console-create-title");
    let page = Page {
        frame: signed.frame(title, Here::Servers, notice),
        quota: quota(signed, signed.locale, signed.caller.project),
        flavors,
        images: images.collect(),
        networks: networks.collect(),
        name: given(fields, "name").unwrap_or_default().to_owned(),
        count: given(fields, "count").unwrap_or("1").to_owned(),
        // Without random bytes there is no key, and a form that is sent twice makes servers twice.
        key: secret().unwrap_or_default(),
        most: limits::SERVERS_PER_REQUEST_MAX,
    };
    shown(&page, page.frame.notice.as_ref())
}

/// `POST /console/servers/new`.
pub(crate) async fn create(Form { signed, fields }: Form) -> Response {
    let made = match read(&signed, &fields) {
        Ok(new) => signed.cloud.servers().create(&signed.caller, &new).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(id) => see(&format!("/console/servers/{id}?said=created")),
        Err(error) => page(&signed, &fields, Some(of_create(signed.locale, &error))),
    }
}

fn read(signed: &Signed, fields: &Params) -> Result<NewServers, CreateError> {
    let catalogue = signed.cloud.catalogue();
    let viewer = Viewer::from(&signed.caller);
    let flavor = given(fields, "flavor").and_then(|id| catalogue.find_flavor(id, viewer));
    let (flavor, _) = flavor.ok_or(CreateError::UnknownFlavor)?;
    let image = given(fields, "image").and_then(|id| Uuid::parse_str(id).ok());
    let image = image.and_then(|id| catalogue.find_image(id, viewer));
    let (image, _) = image.ok_or(CreateError::UnknownImage)?;
    let mut new = NewServers::one(fields.get("name").unwrap_or_default(), flavor, image);
    let most = limits::SERVERS_PER_REQUEST_MAX;
    let count = given(fields, "count").map_or(Ok(1), str::parse).ok().filter(|count| *count > 0);
    new.max_count = count.ok_or(CreateError::TooMany { most })?;
    new.min_count = new.max_count;
    if let Some(id) = given(fields, "network") {
        let found = Uuid::parse_str(id).ok().and_then(|id| catalogue.find_network(id));
        let (number, _) = found.ok_or(CreateError::UnknownNetwork)?;
        new.networks = Networks::These(vec![(number, None)]);
    }
    let key = given(fields, "key");
    new.key = key.map(|key| IdempotencyKey(Arc::from(key)));
    new.body_digest = key.is_some().then(|| Sha256::digest(fields.to_string()).into());
    Ok(new)
}
