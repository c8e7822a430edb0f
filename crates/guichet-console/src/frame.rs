//! What is around every page: who is signed in, where one can go, in which language.

use askama::Template;
use axum::response::{IntoResponse, Response};
use guichet_cloud::Cloud;
use guichet_cloud::accounts::Caller;
use guichet_locale::{Locale, text};
use http::{StatusCode, header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::assets;
use crate::notice::Notice;

/// Which entry of the menu a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Here {
    Overview,
    Servers,
    Hosts,
    Faults,
    Clock,
    Worlds,
    Elsewhere,
}

/// An entry of the menu, or of a list to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    /// Where it leads, or what is sent for it.
    pub(crate) value: String,
    /// What it is called.
    pub(crate) name: String,
    /// Whether it is the one that is chosen.
    pub(crate) is_chosen: bool,
}

/// Who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Who {
    pub(crate) user: String,
    pub(crate) project: String,
    /// The projects in which the user has a role.
    pub(crate) projects: Vec<Choice>,
    pub(crate) csrf: String,
    pub(crate) is_admin: bool,
    pub(crate) may_write: bool,
}

/// What is around a page.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) locale: Locale,
    pub(crate) title: String,
    pub(crate) here: Here,
    pub(crate) who: Option<Who>,
    /// The address of the page, where one comes back to in another language.
    pub(crate) address: String,
    pub(crate) notice: Option<Notice>,
}

impl Frame {
    /// Where a script or style lies.
    pub(crate) fn asset(&self, name: &str) -> String {
        assets::path(name)
    }

    /// The address of the page, as a part of another.
    pub(crate) fn way_back(&self) -> String {
        utf8_percent_encode(&self.address, NON_ALPHANUMERIC).to_string()
    }

    /// The project that the user works in.
    pub(crate) fn project_name(&self) -> &str {
        self.who.as_ref().map_or("", |who| &who.project)
    }

    /// What forms have in them.
    pub(crate) fn csrf(&self) -> &str {
        self.who.as_ref().map_or("", |who| &who.csrf)
    }

    /// Whether the user may change what is its project's.
    pub(crate) fn may_write(&self) -> bool {
        self.who.as_ref().is_some_and(|who| who.may_write)
    }

    /// Whether the user is an administrator.
    pub(crate) fn is_admin(&self) -> bool {
        self.who.as_ref().is_some_and(|who| who.is_admin)
    }

    /// The menu.
    pub(crate) fn menu(&self) -> Vec<Choice> {
        let locale = self.locale;
        let all = [
            (Here::Overview, "/console/", text!(locale, "console-menu-overview")),
            (Here::Servers, "/console/servers", text!(locale, "console-menu-servers")),
            (Here::Hosts, "/console/hosts", text!(locale, "console-menu-hosts")),
            (Here::Faults, "/console/faults", text!(locale, "console-menu-faults")),
            (Here::Clock, "/console/clock", text!(locale, "console-menu-clock")),
            (Here::Worlds, "/console/worlds", text!(locale, "console-menu-worlds")),
        ];
        let shown = if self.is_admin() { all.len() } else { 2 };
        let entry = |(here, address, name): (Here, &str, String)| Choice {
            value: address.to_owned(),
            name,
            is_chosen: here == self.here,
        };
        all.into_iter().take(shown).map(entry).collect()
    }

    /// The page in the other languages.
    pub(crate) fn languages(&self) -> Vec<Choice> {
        let other = |locale: Locale| Choice {
            value: locale.code().to_owned(),
            name: match locale {
                Locale::English => "English".to_owned(),
                Locale::French => "Français".to_owned(),
            },
            is_chosen: locale == self.locale,
        };
        Locale::ALL.into_iter().map(other).collect()
    }
}

impl Who {
    /// Whoever asks.
    pub(crate) fn of(cloud: &Cloud, caller: &Caller, csrf: &str) -> Self {
        let directory = cloud.accounts().directory();
        let own = directory.projects_of(caller.user).filter_map(|at| directory.project(at));
        let present = directory.owner(caller.project).map(|project| &*project.name);
        let choice = |project: &guichet_cloud::accounts::Project| Choice {
            value: project.id.to_string(),
            name: project.name.to_string(),
            is_chosen: Some(&*project.name) == present,
        };
        Self {
            user: cloud.accounts().user_name(caller.user).to_string(),
            project: present.unwrap_or_default().to_owned(),
            projects: own.map(choice).collect(),
            csrf: csrf.to_owned(),
            is_admin: caller.is_admin(),
            may_write: caller.may_write(),
        }
    }
}

/// A page as an answer; its status is that of what it says above all else.
pub(crate) fn shown(page: &impl Template, notice: Option<&Notice>) -> Response {
    let status = notice.map_or(StatusCode::OK, |notice| notice.status);
    match page.render() {
        Ok(page) => {
            (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a page of the console could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    frame: Frame,
}

/// A page that says what stands in the way, and nothing else.
pub(crate) fn problem(mut frame: Frame, notice: Notice) -> Response {
    frame.title = text!(frame.locale, "console-problem-title");
    frame.notice = Some(notice);
    let page = ProblemPage { frame };
    shown(&page, page.frame.notice.as_ref())
}

/// The same for whoever may not be signed in.
pub(crate) fn outside(locale: Locale, notice: Notice) -> Response {
    let frame = Frame {
        locale,
        title: String::new(),
        here: Here::Elsewhere,
        who: None,
        address: "/console/".to_owned(),
        notice: None,
    };
    problem(frame, notice)
}

/// Sends the browser to another page, which it asks for anew.
pub(crate) fn see(address: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, address.to_owned())]).into_response()
}
