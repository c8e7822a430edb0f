//! What stands in the way of a request about servers, in Nova's words. Matches without a rest: a
//! new error of the application must be given its status here.

use guichet_cloud::catalogue::TooSmall;
use guichet_cloud::servers::values::ValueError;
use guichet_cloud::servers::{CreateError, NotVisible, SearchError, ServerError};
use guichet_core::ids::ServerId;
use http::StatusCode;

use crate::http::paging::unknown;
use crate::http::problem::Problem;

/// The problem of a request about one server; `rule` is the policy that a reader lacks.
pub(in crate::compute) fn of_server(error: ServerError, rule: &str) -> Problem {
    let text = error.to_string();
    match error {
        ServerError::Forbidden => Problem::policy(rule),
        ServerError::NotFound(ServerId(id)) => Problem::no_instance(&id.to_string()),
        ServerError::NotReady(ServerId(id)) => {
            Problem::new(StatusCode::CONFLICT, format!("Instance {id} is not ready"))
        }
        ServerError::UnknownFlavor => Problem::bad_request("Invalid flavorRef provided."),
        ServerError::SameFlavor => {
            Problem::bad_request("When resizing, instances must change flavor!")
        }
        ServerError::UnknownImage => Problem::bad_request("Can not find requested image"),
        ServerError::TooManyImages => {
            Problem::new(StatusCode::FORBIDDEN, format!("No more: {text}."))
        }
        // Without the host's name, which is not for everybody.
        ServerError::HostDown => {
            Problem::new(StatusCode::CONFLICT, "Service is unavailable at this time.")
        }
        ServerError::HostInUse(name) => {
            Problem::bad_request(format!("Compute service of {name} is still in use."))
        }
        ServerError::UnknownHost(name) => {
            Problem::bad_request(format!("Compute host {name} could not be found."))
        }
        ServerError::TooSmall(what) => too_small(what),
        ServerError::DiskShrinks { is_gone: true } => {
            Problem::bad_request("Resize to zero disk flavor is not allowed.")
        }
        ServerError::DiskShrinks { is_gone: false } => {
            Problem::bad_request("Server disk was unable to be resized because: it cannot shrink")
        }
        ServerError::Refused(refusal) => refusal.into(),
    }
}

fn too_small(what: TooSmall) -> Problem {
    Problem::bad_request(match what {
        TooSmall::Memory => "Flavor's memory is too small for requested image.",
        TooSmall::Disk => "Flavor's disk is too small for requested image.",
    })
}

/// The problem of a list that was to begin behind this marker; `rule` is the policy that lets one
/// see other projects.
pub(in crate::compute) fn of_search(
    error: SearchError,
    marker: Option<&str>,
    rule: &str,
) -> Problem {
    match error {
        SearchError::UnknownMarker => unknown(marker.unwrap_or_default()),
        SearchError::NotVisible(NotVisible) => Problem::policy(rule),
    }
}

/// The problem of a create.
pub(super) fn of_create(error: CreateError) -> Problem {
    match error {
        CreateError::Forbidden => Problem::policy("os_compute_api:servers:create"),
        CreateError::UnknownFlavor => Problem::bad_request("Invalid flavorRef provided."),
        CreateError::ManyNetworks => Problem::new(
            StatusCode::CONFLICT,
            "Multiple possible networks found, use a Network ID to be more specific.",
        ),
        CreateError::UnknownImage => Problem::bad_request("Can not find requested image"),
        CreateError::UnknownNetwork => Problem::bad_request("Network could not be found."),
        CreateError::UnknownZone => {
            Problem::bad_request("The requested availability zone is not available")
        }
        CreateError::HostForbidden => Problem::policy("os_compute_api:servers:create:forced_host"),
        CreateError::UnknownHost(name) => {
            Problem::bad_request(format!("Compute host {name} could not be found."))
        }
        CreateError::TooSmall(what) => too_small(what),
        CreateError::ForeignAddress { address, network } => Problem::bad_request(format!(
            "Fixed IP {address} is not a valid ip address for network {network}."
        )),
        CreateError::CountsReversed { .. } => {
            Problem::bad_request("min_count must be <= max_count")
        }
        CreateError::TooMany { most } => {
            Problem::bad_field("max_count", &format!("Expected {most} at most."))
        }
        CreateError::Invalid { field, problem } => Problem::bad_field(field, of_value(problem)),
        CreateError::Refused(refusal) => refusal.into(),
    }
}

/// What is wrong with a value, as a sentence.
pub(in crate::compute) const fn of_value(error: ValueError) -> &'static str {
    match error {
        ValueError::Blank => "It is blank.",
        ValueError::BlankEnds => "It begins or ends with a blank.",
        ValueError::Unprintable => "It has a character in it that does not print.",
        ValueError::TooLong => "It is too long.",
        ValueError::TagLength => "A tag has 1 to 60 characters.",
        ValueError::TagSeparator => "A tag has no '/' and no ','.",
        ValueError::MetadataName => {
            "A name has 1 to 255 letters, digits, '-', '_', ':', '.' and blanks."
        }
        ValueError::Hostname => "It is no hostname.",
        ValueError::Base64 => "It is not base64.",
    }
}
