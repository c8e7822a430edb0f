//! `guichet project`, `user`, `role`, `quota`, `token`, `operation`, `queue` and `server`: what an
//! administrator asks a service that runs.

pub(crate) mod shown;

use http::Method;
use serde_json::{Value, json};

use crate::Ended;
use crate::cli::admin::{
    AtArgs, ListOperationsArgs, ListServersArgs, OperationCommand, PageArgs, ProjectCommand,
    QueueCommand, QuotaCommand, RevokeArgs, RoleCommand, ServerCommand, SetQuotaArgs, StateArg,
    TokenCommand, UserCommand,
};
use crate::control::{Client, encoded, print, query};

/// How an answer becomes text.
type Table = fn(&Value) -> String;

fn get(at: &AtArgs, path: &str, table: Table) -> anyhow::Result<Ended> {
    ask(at, &Method::GET, path, None, table)
}

fn ask(
    at: &AtArgs,
    method: &Method,
    path: &str,
    body: Option<&Value>,
    table: impl FnOnce(&Value) -> String,
) -> anyhow::Result<Ended> {
    let answer = Client::new(&at.place)?.ask(method, path, body)?;
    print(&answer, at.format, table)?;
    Ok(Ended::Good)
}

/// Which rows of all are asked for.
fn numbers(args: &PageArgs) -> [(&'static str, Option<String>); 2] {
    let number = |number: Option<u64>| number.map(|number| number.to_string());
    [("limit", number(args.limit)), ("offset", number(args.offset))]
}

fn page(args: &PageArgs, path: &str, table: Table) -> anyhow::Result<Ended> {
    let [limit, offset] = numbers(args);
    let query = query(&[limit, offset]);
    get(&args.at, &format!("{path}?{query}"), table)
}

pub(crate) fn project(command: &ProjectCommand) -> anyhow::Result<Ended> {
    match command {
        ProjectCommand::List(args) => page(args, "projects", shown::projects),
        ProjectCommand::Show(args) => {
            get(&args.at, &format!("projects?name={}", encoded(&args.name)), shown::projects)
        }
    }
}

pub(crate) fn user(command: &UserCommand) -> anyhow::Result<Ended> {
    match command {
        UserCommand::List(args) => page(args, "users", shown::users),
        UserCommand::Show(args) => {
            get(&args.at, &format!("users?name={}", encoded(&args.name)), shown::users)
        }
    }
}

pub(crate) fn role(RoleCommand::List(at): &RoleCommand) -> anyhow::Result<Ended> {
    get(at, "roles", shown::roles)
}

pub(crate) fn quota(command: &QuotaCommand) -> anyhow::Result<Ended> {
    let path = |name: &str| format!("quotas/{}", encoded(name));
    match command {
        QuotaCommand::Show(args) => get(&args.at, &path(&args.name), shown::quota),
        QuotaCommand::Delete(args) => {
            ask(&args.at, &Method::DELETE, &path(&args.name), None, shown::quota)
        }
        QuotaCommand::Set(args) => {
            let SetQuotaArgs { of, instances, cores, ram, force } = args;
            let body =
                json!({ "instances": instances, "cores": cores, "ram": ram, "force": force });
            ask(&of.at, &Method::PUT, &path(&of.name), Some(&body), shown::quota)
        }
    }
}

pub(crate) fn token(command: &TokenCommand) -> anyhow::Result<Ended> {
    match command {
        TokenCommand::List(args) => page(args, "tokens", shown::tokens),
        TokenCommand::Revoke(RevokeArgs { user, project, at }) => {
            let query = query(&[("user", user.clone()), ("project", project.clone())]);
            ask(at, &Method::DELETE, &format!("tokens?{query}"), None, |ended| {
                format!("{} tokens ended, and those that were got by them\n", ended["ended"])
            })
        }
    }
}

pub(crate) fn operation(command: &OperationCommand) -> anyhow::Result<Ended> {
    match command {
        OperationCommand::List(args) => {
            let ListOperationsArgs { project, server, state, page } = args;
            let [limit, offset] = numbers(page);
            let query = query(&[
                ("project", project.clone()),
                ("server", server.clone()),
                ("state", state.clone()),
                limit,
                offset,
            ]);
            get(&page.at, &format!("operations?{query}"), shown::operations)
        }
        OperationCommand::Show(args) => {
            let (server, number) = &args.id;
            let path = format!("operations/{}/{number}", encoded(server));
            get(&args.at, &path, |answer| shown::fields(&answer["operation"]))
        }
    }
}

pub(crate) fn queue(command: &QueueCommand) -> anyhow::Result<Ended> {
    match command {
        QueueCommand::List(at) => get(at, "stats", shown::depths),
        QueueCommand::Show(args) => {
            let query = query(&[("limit", args.limit.map(|limit| limit.to_string()))]);
            get(&args.at, &format!("queue?{query}"), shown::operations)
        }
    }
}

pub(crate) fn server(command: &ServerCommand) -> anyhow::Result<Ended> {
    let path = |id: &str| format!("servers/{}", encoded(id));
    match command {
        ServerCommand::List(args) => {
            let ListServersArgs { project, status, marker, limit, at } = args;
            let query = query(&[
                ("project", project.clone()),
                ("status", status.clone()),
                ("marker", marker.clone()),
                ("limit", limit.map(|limit| limit.to_string())),
            ]);
            get(at, &format!("servers?{query}"), shown::servers)
        }
        ServerCommand::Show(args) => {
            get(&args.at, &path(&args.id), |answer| shown::fields(&answer["server"]))
        }
        ServerCommand::Delete(args) => {
            let id = &args.id;
            ask(&args.at, &Method::DELETE, &path(id), None, |_| {
                format!("server {id}: it is going to be deleted\n")
            })
        }
        ServerCommand::ResetState(args) => {
            let (id, at) = (&args.of.id, &args.of.at);
            let state = match args.state {
                StateArg::Active => "active",
                StateArg::Error => "error",
            };
            let path = format!("{}/reset-state", path(id));
            ask(at, &Method::POST, &path, Some(&json!({ "state": state })), |_| {
                format!("server {id}: {state} from now on\n")
            })
        }
    }
}
