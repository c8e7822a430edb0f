//! Two cells over one database, at two nodes that each lead one: any takes what is asked of either.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use guichet_scratch::Server;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};

use super::nodes::{Follower, database};
use super::wire::{self, Answer};
use super::{eventually, is_refused};
use crate::support::{Place, flag, guichet};

/// Ann is a member of both cells' projects, and begins in the second; root is an administrator in the first,
/// boss in the second.
const CONFIG: &str = r#"
    profile = "fast"
    [[host]]
    name = "h1"
    vcpus = 64
    ram_mib = 65536
    [[host]]
    name = "h2"
    vcpus = 64
    ram_mib = 65536
    [[flavor]]
    name = "tiny"
    vcpus = 1
    ram_mib = 512
    disk_gib = 1
    [[image]]
    name = "image"
    [[project]]
    name = "web"
    [[project]]
    name = "ci"
    [[user]]
    name = "ann"
    password = "x"
    default_project = "ci"
    roles = [{ project = "web", role = "member" }, { project = "ci", role = "member" }]
    [[user]]
    name = "root"
    password = "x"
    default_project = "web"
    roles = [{ project = "web", role = "admin" }]
    [[user]]
    name = "boss"
    password = "x"
    default_project = "ci"
    roles = [{ project = "ci", role = "admin" }]
    [[cells]]
    name = "east"
    [[cells]]
    name = "west"
    projects = ["ci"]
    hosts = ["h2"]
"#;

const CONTROL: &str = "a-token-of-the-test";

struct Both {
    nodes: [Follower; 2],
    config: PathBuf,
    data: PathBuf,
    place: Place,
}

fn start(config: &Path, data: &Path, log: &Path) -> Follower {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = free.local_addr().expect("an address").to_string();
    drop(free);
    let flags = ["--config", flag(config), "--listen", &address, "--control-token", CONTROL];
    let mut command = guichet("serve", &flags);
    let log = std::fs::File::options().create(true).append(true).open(log).expect("a file");
    command.args(["--data", flag(data)]).stdout(Stdio::null()).stderr(log);
    Follower { child: command.spawn().expect("starts"), address }
}

impl Both {
    fn new(server: &Server) -> Self {
        let (place, data) = (Place::new(), database(server));
        let config = place.path("cloud.toml");
        std::fs::write(&config, CONFIG).expect("written");
        let first = start(&config, &data, &place.path("first.log"));
        eventually("it leads both", || (leads(&first) == ["east", "west"]).then_some(()));
        let second = start(&config, &data, &place.path("second.log"));
        eventually("it follows", || (second.ready()?.status == 200).then_some(()));
        let both = Self { nodes: [first, second], config, data, place };
        both.moved("west");
        let is_so = || leads(&both.nodes[0]) == ["east"] && leads(&both.nodes[1]) == ["west"];
        eventually("each leads one", || is_so().then_some(()));
        both
    }

    fn at(&self, node: usize) -> &str {
        &self.nodes[node].address
    }

    /// Has another node lead a cell.
    fn moved(&self, cell: &str) {
        let url = format!("http://{}", self.at(0));
        let flags = ["move", "--cell", cell, "--url", &url, "--token", CONTROL];
        eventually("it moves", || {
            (super::ran(guichet("cell", &flags)).code == Some(0)).then_some(())
        });
    }
}

/// The cells that a node leads.
fn leads(node: &Follower) -> Vec<String> {
    let Some(ready) = node.ready() else { return Vec::new() };
    let cells = ready.body["cells"].as_array().map_or(&[][..], Vec::as_slice);
    let led = cells.iter().filter(|cell| cell["leader"].is_null() && cell["ready"] == true);
    led.filter_map(|cell| Some(cell["cell"].as_str()?.to_owned())).collect()
}

fn scope(project: &str) -> Value {
    json!({ "project": { "name": project, "domain": { "id": "default" } } })
}

fn logged_in(address: &str, identity: &Value, scope: Option<Value>) -> Answer {
    let mut auth = json!({ "identity": identity });
    if let Some(scope) = scope {
        auth["scope"] = scope;
    }
    let body = json!({ "auth": auth });
    let path = "/identity/v3/auth/tokens";
    eventually("an answer", || {
        let answer = wire::ask(address, "POST", path, &[], Some(&body))?;
        (answer.status != 503).then_some(answer)
    })
}

fn by_password(name: &str) -> Value {
    json!({ "methods": ["password"], "password": { "user":
        { "name": name, "domain": { "id": "default" }, "password": "x" } } })
}

fn by_token(token: &str) -> Value {
    json!({ "methods": ["token"], "token": { "id": token } })
}

/// The token of a login that is right.
fn token(address: &str, identity: &Value, scope: Option<Value>) -> String {
    let answer = logged_in(address, identity, scope);
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.header("x-subject-token").expect("a token").to_owned()
}

fn ask(address: &str, token: &str, asked: (&str, &str), body: Option<&Value>) -> Answer {
    ask_at("2.96", address, token, asked, body)
}

/// The same by another microversion.
fn ask_at(
    version: &str,
    address: &str,
    token: &str,
    (method, path): (&str, &str),
    body: Option<&Value>,
) -> Answer {
    let version = format!("compute {version}");
    let headers = [("x-auth-token", token), ("openstack-api-version", &*version)];
    eventually("an answer", || {
        let answer = wire::ask(address, method, path, &headers, body)?;
        (answer.status != 503).then_some(answer)
    })
}

fn get(address: &str, token: &str, path: &str) -> Answer {
    ask(address, token, ("GET", path), None)
}

/// Makes a server, and waits until it runs.
fn create(address: &str, token: &str, name: &str) -> String {
    let list = get(address, token, "/compute/v2.1/flavors").body;
    let flavor = list["flavors"][0]["id"].as_str().expect("a flavor").to_owned();
    let list = get(address, token, "/image/v2/images").body;
    let image = list["images"][0]["id"].as_str().expect("an image").to_owned();
    let server =
        json!({ "name": name, "flavorRef": flavor, "imageRef": image, "networks": "none" });
    let body = json!({ "server": server });
    let answer = ask(address, token, ("POST", "/compute/v2.1/servers"), Some(&body));
    let id = super::cloud::id(&answer);
    let path = format!("/compute/v2.1/servers/{id}");
    eventually("it runs", || {
        (get(address, token, &path).body["server"]["status"] == "ACTIVE").then_some(())
    });
    id
}

fn names(answer: &Answer) -> Vec<String> {
    let servers = answer.body["servers"].as_array().unwrap_or_else(|| panic!("{answer:?}"));
    servers.iter().filter_map(|it| Some(it["name"].as_str()?.to_owned())).collect()
}

/// Whoever has a project in either cell logs in and makes servers through either node; what one cell has the
/// other has not.
#[test]
fn both_cells_are_reached_through_either_node() {
    let Some(server) = Server::start("both_cells_are_reached_through_either_node") else { return };
    let both = Both::new(&server);
    let mut made = Vec::new();
    for node in 0..2 {
        let at = both.at(node);
        for (cell, project) in ["web", "ci"].into_iter().enumerate() {
            let token = token(at, &by_password("ann"), Some(scope(project)));
            assert_eq!(token.starts_with("c1."), cell == 1, "{token}");
            let name = format!("{project}-{node}");
            made.push((create(at, &token, &name), token, name));
        }
        // Of no project in particular: the user's own.
        assert!(token(at, &by_password("ann"), None).starts_with("c1."));
    }
    for (id, token, name) in &made {
        for node in 0..2 {
            let shown = get(both.at(node), token, &format!("/compute/v2.1/servers/{id}"));
            assert_eq!(shown.body["server"]["name"], **name);
        }
    }
    for (cell, project) in ["web", "ci"].into_iter().enumerate() {
        let listed = get(both.at(0), &made[cell].1, "/compute/v2.1/servers");
        let mut listed = names(&listed);
        listed.sort_unstable();
        assert_eq!(listed, [format!("{project}-0"), format!("{project}-1")]);
    }
    // A member sees nothing of another cell's.
    let path = format!("/compute/v2.1/servers/{}", made[0].0);
    assert_eq!(get(both.at(0), &made[1].1, &path).status, 404);
    // All projects of who asks, whichever cell's token it has.
    let listed = get(both.at(1), &made[0].1, "/identity/v3/auth/projects");
    let projects = listed.body["projects"].as_array().expect("a list");
    let mut projects: Vec<&str> = projects.iter().filter_map(|it| it["name"].as_str()).collect();
    projects.sort_unstable();
    assert_eq!(projects, ["ci", "web"]);
    // One node is gone: the other one leads both, with what was acknowledged and the tokens of before.
    let Both { nodes: [first, second], config, data, place } = both;
    drop(first);
    eventually("it leads both", || (leads(&second) == ["east", "west"]).then_some(()));
    for (id, token, name) in &made {
        let shown = get(&second.address, token, &format!("/compute/v2.1/servers/{id}"));
        assert_eq!(shown.body["server"]["name"], **name);
        assert_eq!(shown.body["server"]["status"], "ACTIVE");
    }
    // Told to stop it finishes in both.
    let id = Pid::from_raw(second.child.id().try_into().expect("small"));
    kill(id, Signal::SIGTERM).expect("it runs");
    let mut second = second;
    assert_eq!(super::ended(&mut second.child), Some(0));
    for cell in ["", "?cell=west"] {
        super::is_sound(Path::new(&format!("{}{cell}", data.display())));
    }
    let whole = super::verify(&data);
    assert!(whole.out.contains("cell=west"), "what else there is is said: {}", whole.out);
    // In another order the cells are not what they were.
    let text = CONFIG.replace("\"east\"", "\"east2\"");
    std::fs::write(&config, text).expect("written");
    let mut third = start(&config, &data, &place.path("third.log"));
    assert_eq!(super::ended(&mut third.child), Some(2));
    let log = std::fs::read_to_string(place.path("third.log")).expect("a log");
    assert!(log.contains("is the cell \"east\""), "{log}");
}

/// Which nodes there are is known at either, and what steers one cell is asked where its name stands in the path.
#[test]
fn what_steers_cells_is_asked_of_either_node() {
    let Some(server) = Server::start("what_steers_cells_is_asked_of_either_node") else { return };
    let both = Both::new(&server);
    let url = format!("http://{}", both.at(1));
    let at = ["--url", &url, "--token", CONTROL];
    let listed = super::ran(guichet("cell", &[&["list"][..], &at].concat()));
    assert!(listed.out.contains("east") && listed.out.contains("west"), "{}", listed.out);
    assert_eq!(listed.out.matches("leads").count(), 2, "{}", listed.out);
    assert_eq!(listed.out.matches("follows").count(), 2, "{}", listed.out);
    // Of each cell what is its own, whoever is asked: each node leads another one.
    for node in 0..2 {
        let url = format!("http://{}", both.at(node));
        let flags = ["list", "--format", "json", "--url", &url, "--token", CONTROL];
        let listed = super::ran(guichet("cell", &flags));
        let listed: Value = serde_json::from_str(&listed.out).expect("JSON");
        for cell in 0..2 {
            let address = format!("http://{}", both.at(cell));
            assert_eq!(listed["cells"][cell]["leader"]["address"], *address, "{listed}");
            assert_eq!(listed["cells"][cell]["epoch"], cell + 1, "{listed}");
        }
    }
    let moved = super::ran(guichet("cell", &[&["move"][..], &at].concat()));
    is_refused(&moved, &["--cell", "east, west"]);
    for (cell, own, other) in
        [("/c/east", "\"h1\"", "\"h2\""), ("/c/1", "\"h2\"", "\"h1\""), ("", "\"h1\"", "\"h2\"")]
    {
        let url = format!("http://{}{cell}", both.at(0));
        let flags = ["list", "--format", "json", "--url", &url, "--token", CONTROL];
        let hosts = super::ran(guichet("host", &flags));
        assert_eq!(hosts.code, Some(0), "{}", hosts.log);
        let is_own = hosts.out.contains(own) && !hosts.out.contains(other);
        assert!(is_own, "{cell}: {}", hosts.out);
    }
}

/// What a token is good for in another cell is what its own cell says at that moment.
#[test]
fn a_token_is_good_in_another_cell_for_as_long_as_in_its_own() {
    let name = "a_token_is_good_in_another_cell_for_as_long_as_in_its_own";
    let Some(server) = Server::start(name) else { return };
    let both = Both::new(&server);
    for node in 0..2 {
        let at = both.at(node);
        let of_web = token(at, &by_password("ann"), Some(scope("web")));
        // One for a project of the other cell is had by it.
        let of_ci = token(at, &by_token(&of_web), Some(scope("ci")));
        assert!(of_ci.starts_with("c1."), "{of_ci}");
        assert_eq!(get(at, &of_ci, "/compute/v2.1/servers").status, 200);
        // And not back again: nobody could revoke what came of it.
        let back = logged_in(at, &by_token(&of_ci), Some(scope("web")));
        assert_eq!(back.status, 403, "{back:?}");
        assert!(
            back.body["error"]["message"].as_str().is_some_and(|it| it.contains("log in again"))
        );
        // An administrator of one cell asks about a token of the other.
        let boss = token(at, &by_password("boss"), None);
        let headers = [("x-auth-token", boss.as_str()), ("x-subject-token", &of_web)];
        let path = "/identity/v3/auth/tokens";
        let shown = wire::ask(at, "GET", path, &headers, None).expect("an answer");
        assert_eq!(shown.status, 200, "{shown:?}");
        assert_eq!(shown.body["token"]["project"]["name"], "web");
        // It revokes it, and from then on it is worth nothing, wherever it is shown.
        let revoked = wire::ask(at, "DELETE", path, &headers, None).expect("an answer");
        assert_eq!(revoked.status, 204, "{revoked:?}");
        assert_eq!(get(at, &of_web, "/compute/v2.1/servers").status, 401);
        assert_eq!(logged_in(at, &by_token(&of_web), Some(scope("ci"))).status, 401);
        // A stranger's is worth nothing either.
        assert_eq!(logged_in(at, &by_token("c1.guess"), Some(scope("web"))).status, 401);
        assert_eq!(logged_in(at, &by_token("guess"), Some(scope("ci"))).status, 401);
        // Who has no role there gets none.
        let root = token(at, &by_password("root"), None);
        assert_eq!(logged_in(at, &by_token(&root), Some(scope("ci"))).status, 401);
    }
    // A program's credential is found where it is.
    let at = both.at(0);
    for project in ["web", "ci"] {
        let own = token(at, &by_password("ann"), Some(scope(project)));
        let headers = [("x-auth-token", own.as_str()), ("x-subject-token", &own)];
        let shown = wire::ask(at, "GET", "/identity/v3/auth/tokens", &headers, None);
        let user = shown.expect("an answer").body["token"]["user"]["id"].clone();
        let user = user.as_str().expect("an id");
        let path = format!("/identity/v3/users/{user}/application_credentials");
        let body = json!({ "application_credential": { "name": "robot" } });
        let made = ask(at, &own, ("POST", &path), Some(&body));
        assert_eq!(made.status, 201, "{made:?}");
        let made = &made.body["application_credential"];
        let identity = |secret: &Value| {
            json!({ "methods": ["application_credential"],
                "application_credential": { "id": made["id"], "secret": secret } })
        };
        for node in 0..2 {
            let by_it = token(both.at(node), &identity(&made["secret"]), None);
            assert_eq!(by_it.starts_with("c1."), project == "ci");
            let wrong = logged_in(both.at(node), &identity(&json!("guess")), None);
            assert_eq!(wrong.status, 401);
            // It is for its own project alone.
            let other = if project == "ci" { "web" } else { "ci" };
            assert_eq!(logged_in(both.at(node), &by_token(&by_it), Some(scope(other))).status, 401);
        }
    }
}

/// Administrators see the servers of all cells: one that is asked for, and all of them, page by page.
#[test]
fn administrators_see_all_cells() {
    let Some(server) = Server::start("administrators_see_all_cells") else { return };
    let both = Both::new(&server);
    let at = both.at(0);
    let mut ids = Vec::new();
    for (project, count) in [("web", 3), ("ci", 4)] {
        let own = token(at, &by_password("ann"), Some(scope(project)));
        for n in 0..count {
            ids.push(create(at, &own, &format!("{project}-{n}")));
        }
    }
    let expected = ["web-2", "web-1", "web-0", "ci-3", "ci-2", "ci-1", "ci-0"];
    for node in 0..2 {
        let at = both.at(node);
        for name in ["root", "boss"] {
            let admin = token(at, &by_password(name), None);
            for id in &ids {
                let shown = get(at, &admin, &format!("/compute/v2.1/servers/{id}"));
                assert_eq!((shown.status, &shown.body["server"]["id"]), (200, &json!(id)));
            }
            let none = "/compute/v2.1/servers/00000000-0000-4000-8000-000000000000";
            assert_eq!(get(at, &admin, none).status, 404);
            let all = get(at, &admin, "/compute/v2.1/servers/detail?all_tenants=1");
            assert_eq!(names(&all), expected);
            for limit in 1..=8 {
                let mut listed = Vec::new();
                let mut path = format!("/compute/v2.1/servers?all_tenants=1&limit={limit}");
                loop {
                    let page = get(at, &admin, &path);
                    assert!(names(&page).len() <= limit);
                    listed.extend(names(&page));
                    let next = page.body["servers_links"][0]["href"].as_str();
                    let Some(next) = next else { break };
                    let (_, query) = next.split_once("/servers?").expect("a query");
                    assert!(query.contains(&format!("limit={limit}")), "{query}");
                    path = format!("/compute/v2.1/servers?{query}");
                }
                assert_eq!(listed, expected, "{limit} at a time");
            }
            let wrong = get(at, &admin, "/compute/v2.1/servers?all_tenants=1&marker=nobody");
            assert_eq!(wrong.status, 400);
            let hosts = get(at, &admin, "/compute/v2.1/os-hypervisors").body;
            assert_eq!(hosts["hypervisors"].as_array().map(Vec::len), Some(2), "{hosts}");
            let projects = get(at, &admin, "/identity/v3/projects").body;
            assert_eq!(projects["projects"].as_array().map(Vec::len), Some(2), "{projects}");
        }
        // Whoever is none sees its own alone, and is told so.
        let ann = token(at, &by_password("ann"), None);
        assert_eq!(get(at, &ann, "/compute/v2.1/servers?all_tenants=1").status, 403);
        assert_eq!(names(&get(at, &ann, "/compute/v2.1/servers")).len(), 4);
    }
    // And act on them.
    let root = token(at, &by_password("root"), None);
    let path = format!("/compute/v2.1/servers/{}", ids[6]);
    let action = json!({ "os-stop": null });
    let stopped = ask(both.at(0), &root, ("POST", &format!("{path}/action")), Some(&action));
    assert_eq!(stopped.status, 202, "{stopped:?}");
    let is_off = || get(at, &root, &path).body["server"]["status"] == "SHUTOFF";
    eventually("it stops", || is_off().then_some(()));
    assert_eq!(ask(both.at(1), &root, ("DELETE", &path), None).status, 204);
    eventually("it is gone", || (get(at, &root, &path).status == 404).then_some(()));
}

/// Whichever of them is asked for, in whichever way, by an administrator of either cell.
#[test]
fn administrators_find_hosts_and_projects_of_all_cells() {
    let name = "administrators_find_hosts_and_projects_of_all_cells";
    let Some(server) = Server::start(name) else { return };
    let both = Both::new(&server);
    let hypervisors = "/compute/v2.1/os-hypervisors";
    for (node, user) in [(0, "root"), (1, "root"), (0, "boss"), (1, "boss")] {
        let at = both.at(node);
        let admin = token(at, &by_password(user), None);
        let get_at = |version, path: &str| ask_at(version, at, &admin, ("GET", path), None);
        let (mut hosts, mut path) = (Vec::new(), format!("{hypervisors}?limit=1"));
        while hosts.len() < 9 {
            let page = get_at("2.40", &path).body;
            hosts.extend(page["hypervisors"].as_array().expect("a list").iter().cloned());
            let Some(next) = page["hypervisors_links"][0]["href"].as_str() else { break };
            path = next[next.find("/compute").expect("a path")..].to_owned();
        }
        let names: Vec<&Value> = hosts.iter().map(|host| &host["hypervisor_hostname"]).collect();
        assert_eq!(names, ["h1", "h2"], "each once");
        for host in &hosts {
            let (name, id) = (host["hypervisor_hostname"].as_str().expect("a name"), &host["id"]);
            let shown = get_at("2.40", &format!("{hypervisors}/{id}")).body;
            assert_eq!(shown["hypervisor"]["hypervisor_hostname"], name);
            let found =
                get_at("2.53", &format!("{hypervisors}?hypervisor_hostname_pattern={name}"));
            assert_eq!(found.body["hypervisors"][0]["hypervisor_hostname"], name, "{found:?}");
            let found = get_at("2.1", &format!("{hypervisors}/{name}/search"));
            assert_eq!(found.body["hypervisors"][0]["id"], *id, "{found:?}");
            for action in ["disable", "enable"] {
                let body = json!({ "host": name, "binary": "nova-compute" });
                let path = format!("/compute/v2.1/os-services/{action}");
                let done = ask_at("2.1", at, &admin, ("PUT", &path), Some(&body));
                assert_eq!(done.status, 200, "{done:?}");
            }
        }
        assert_eq!(get_at("2.1", &format!("{hypervisors}/none/search")).status, 404);
        let sums = get_at("2.1", &format!("{hypervisors}/statistics")).body;
        assert_eq!(sums["hypervisor_statistics"]["count"], 2, "{sums}");
        let projects = get_at("2.1", "/identity/v3/projects").body;
        for project in projects["projects"].as_array().expect("a list") {
            let id = project["id"].as_str().expect("an id");
            let limits = get_at("2.1", &format!("/compute/v2.1/limits?tenant_id={id}"));
            assert_eq!(limits.status, 200, "{limits:?}");
        }
    }
}

#[test]
fn cells_without_a_database_are_refused() {
    let place = Place::new();
    let config = place.path("cloud.toml");
    std::fs::write(&config, CONFIG).expect("written");
    for more in [&[][..], &["--data", flag(&place.path("data"))][..]] {
        let flags = [&["--config", flag(&config), "--listen", "127.0.0.1:0"], more].concat();
        is_refused(&super::ran(guichet("serve", &flags)), &["[[cells]]", "--data postgres://"]);
    }
    let flags = ["--data", "postgres://me@127.0.0.1:1/cloud?cell=west", "--listen", "127.0.0.1:0"];
    is_refused(&super::ran(guichet("serve", &flags)), &["cell=", "[[cells]]"]);
}
