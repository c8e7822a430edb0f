//! A service on a data directory, and a client of it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};

use super::wire::{self, Answer};
use super::{ended, eventually};
use crate::support::{Ran, flag, guichet};

/// `guichet serve` of the fixed cloud on a free port, not yet started. No quota is in the way.
pub(super) fn serve(dir: &Path, more: &[&str]) -> Command {
    let fixed = ["--dev", "--quota", "unlimited", "--listen", "127.0.0.1:0", "--data", flag(dir)];
    let mut profile = vec!["--profile", "fast"];
    if more.contains(&"--profile") {
        profile.clear();
    }
    guichet("serve", &[&fixed[..], &profile, more].concat())
}

/// `guichet serve` of a declared cloud on a free port, not yet started.
pub(super) fn declared(dir: &Path, config: &Path) -> Command {
    let flags = ["--config", flag(config), "--listen", "127.0.0.1:0", "--data", flag(dir)];
    guichet("serve", &flags)
}

/// A command that may write no file longer than so many KiB.
pub(super) fn limited(command: &Command, kib: u32) -> Command {
    let mut limited = Command::new("bash");
    limited.arg("-c").arg(format!("ulimit -f {kib} && exec \"$0\" \"$@\""));
    limited.arg(command.get_program()).args(command.get_args());
    limited
}

/// A start that is refused.
pub(super) fn refused(dir: &Path, more: &[&str]) -> Ran {
    super::ran(serve(dir, more))
}

/// Where a service is and who asks it.
#[derive(Debug, Clone, Default)]
pub(super) struct Client {
    pub(super) address: String,
    pub(super) token: String,
    flavor: String,
    image: String,
}

impl Client {
    /// Logs in as `demo`.
    fn new(address: &str) -> Self {
        let mut client = Self { address: address.to_owned(), ..Self::default() };
        let answer = client.log_in().expect("an answer");
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.header("x-subject-token").expect("a token").clone_into(&mut client.token);
        client.flavor = client.id_of("/compute/v2.1/flavors", "flavors", "m1.tiny");
        client.image = client.id_of("/image/v2/images", "images", "cirros");
        client
    }

    pub(super) fn log_in(&self) -> Option<Answer> {
        let user = json!({ "name": "demo", "domain": { "id": "default" }, "password": "secret" });
        let identity = json!({ "methods": ["password"], "password": { "user": user } });
        let scope = json!({ "project": { "name": "demo", "domain": { "id": "default" } } });
        let body = json!({ "auth": { "identity": identity, "scope": scope } });
        wire::ask(&self.address, "POST", "/identity/v3/auth/tokens", &[], Some(&body))
    }

    /// Empty if there is none.
    fn id_of(&self, path: &str, list: &str, name: &str) -> String {
        let body = self.get(path).body;
        let found = body[list].as_array().expect("a list").iter().find(|row| row["name"] == name);
        found.and_then(|row| row["id"].as_str()).unwrap_or_default().to_owned()
    }

    /// Any request; `None` if the connection ended without an answer.
    pub(super) fn ask(
        &self,
        method: &str,
        path: &str,
        key: Option<&str>,
        body: Option<&Value>,
    ) -> Option<Answer> {
        let mut headers =
            vec![("x-auth-token", self.token.as_str()), ("openstack-api-version", "compute 2.96")];
        headers.extend(key.map(|key| ("idempotency-key", key)));
        wire::ask(&self.address, method, path, &headers, body)
    }

    pub(super) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, None, None).expect("an answer")
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask("POST", path, None, Some(body)).expect("an answer")
    }

    /// Asks for a server, which carries so many bytes of user data.
    pub(super) fn ask_for(&self, name: &str, key: Option<&str>, bytes: usize) -> Option<Answer> {
        self.ask_with(json!({ "name": name }), key, bytes)
    }

    /// Asks for a server with an address.
    pub(super) fn ask_with(&self, more: Value, key: Option<&str>, bytes: usize) -> Option<Answer> {
        let mut server = more;
        server["flavorRef"] = json!(self.flavor);
        server["imageRef"] = json!(self.image);
        if server["networks"].is_null() {
            server["networks"] = json!("none");
        }
        if bytes > 0 {
            server["user_data"] = json!("Z3Vp".repeat(bytes / 4));
        }
        self.ask("POST", "/compute/v2.1/servers", key, Some(&json!({ "server": server })))
    }

    /// A server that was acknowledged; its id.
    pub(super) fn create(&self, name: &str) -> String {
        id(&self.ask_for(name, None, 0).expect("an answer"))
    }

    /// Asks for something to be done to a server.
    pub(super) fn act(&self, id: &str, action: &Value) -> Answer {
        self.post(&format!("/compute/v2.1/servers/{id}/action"), action)
    }

    pub(super) fn show(&self, id: &str) -> Answer {
        self.get(&format!("/compute/v2.1/servers/{id}"))
    }

    pub(super) fn delete(&self, id: &str) -> Answer {
        self.ask("DELETE", &format!("/compute/v2.1/servers/{id}"), None, None).expect("an answer")
    }

    /// Waits until a server has this status.
    pub(super) fn becomes(&self, id: &str, status: &str) {
        eventually(status, || (self.show(id).body["server"]["status"] == status).then_some(()));
    }

    /// Waits until a server is gone.
    pub(super) fn goes(&self, id: &str) {
        eventually("it is gone", || (self.show(id).status == 404).then_some(()));
    }

    /// Names by ids of all servers there are.
    pub(super) fn servers(&self) -> BTreeMap<String, String> {
        let mut servers = BTreeMap::new();
        let mut path = "/compute/v2.1/servers".to_owned();
        loop {
            let body = self.get(&path).body;
            let page = body["servers"].as_array().expect("a list");
            let text = |value: &Value| value.as_str().expect("a text").to_owned();
            servers.extend(page.iter().map(|row| (text(&row["id"]), text(&row["name"]))));
            match page.last() {
                Some(last) if page.len() == 1_000 => {
                    path = format!("/compute/v2.1/servers?marker={}", text(&last["id"]));
                }
                _ => return servers,
            }
        }
    }

    /// What was done to a server, oldest first, with what came of it.
    pub(super) fn actions(&self, id: &str) -> Vec<(String, String)> {
        let path = format!("/compute/v2.1/servers/{id}/os-instance-actions");
        let body = self.get(&path).body;
        let actions = body["instanceActions"].as_array().expect("a list");
        let mut done: Vec<(String, String)> = actions
            .iter()
            .map(|action| {
                let request = action["request_id"].as_str().expect("an id");
                let events = self.get(&format!("{path}/{request}")).body;
                let event = &events["instanceAction"]["events"][0];
                let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
                (text(&action["action"]), text(&event["result"]))
            })
            .collect();
        done.reverse();
        done
    }
}

/// The id in the answer to a create.
pub(super) fn id(answer: &Answer) -> String {
    assert_eq!(answer.status, 202, "{answer:?}");
    answer.body["server"]["id"].as_str().expect("an id").to_owned()
}

/// A service as a process.
pub(super) struct Cloud {
    child: Child,
    /// Kept open: a service whose output nobody may read is not what is tested.
    _out: BufReader<ChildStdout>,
    /// What it said of the directory when it started.
    pub(super) held: String,
    log: PathBuf,
    pub(super) client: Client,
}

impl Cloud {
    /// Starts it and logs in. What it logs goes to a file beside the directory.
    pub(super) fn start(dir: &Path, more: &[&str]) -> Self {
        Self::of(serve(dir, more), &dir.with_extension("log"))
    }

    /// The same with a command of one's own.
    pub(super) fn of(mut command: Command, log: &Path) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.stderr(File::create(log).expect("a file")).spawn().expect("starts");
        let mut out = BufReader::new(child.stdout.take().expect("it has an output"));
        let mut address = String::new();
        let held = loop {
            let mut line = String::new();
            if out.read_line(&mut line).expect("text") == 0 {
                let code = ended(&mut child);
                panic!("it ended ({code:?}): {}", fs::read_to_string(log).unwrap_or_default());
            }
            if let Some((_, found)) = line.trim().split_once("listening on http://") {
                found.clone_into(&mut address);
            } else if line.contains("servers are kept in ") {
                break line;
            }
        };
        // Made before it is asked anything: it is ended whatever becomes of that.
        let mut cloud =
            Self { child, _out: out, held, log: log.to_owned(), client: Client::default() };
        cloud.client = Client::new(&address);
        cloud
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Stops it, and waits until each of its threads has: one that runs goes on for a moment.
    pub(super) fn pause(&self) {
        self.tell(Signal::SIGSTOP);
        let tasks = format!("/proc/{}/task", self.child.id());
        // The state comes behind the name, which is in brackets (proc(5), `stat`).
        let stops = |task: fs::DirEntry| {
            let stat = fs::read_to_string(task.path().join("stat")).unwrap_or_default();
            stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with('T'))
        };
        eventually("it has stopped", || {
            let mut tasks = fs::read_dir(&tasks).ok()?;
            tasks.all(|task| task.is_ok_and(&stops)).then_some(())
        });
    }

    pub(super) fn tell(&self, signal: Signal) {
        let id = i32::try_from(self.child.id()).expect("a process id");
        kill(Pid::from_raw(id), signal).expect("it is there");
    }

    /// Waits for its end; the exit code and what it logged.
    pub(super) fn end(mut self) -> (Option<i32>, String) {
        let code = ended(&mut self.child);
        (code, self.logged())
    }

    /// Whether it has ended.
    pub(super) fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("it is ours").is_some()
    }

    /// What it logged so far.
    pub(super) fn logged(&self) -> String {
        fs::read_to_string(&self.log).expect("a log")
    }

    /// What kill -9 does.
    pub(super) fn kill(self) {
        self.tell(Signal::SIGKILL);
        let (code, _) = self.end();
        assert_eq!(code, None);
    }

    /// What SIGTERM does to one with nothing to finish.
    pub(super) fn stop(self) {
        self.tell(Signal::SIGTERM);
        let (code, log) = self.end();
        assert_eq!(code, Some(0), "{log}");
    }
}

impl Drop for Cloud {
    /// A test that fails leaves no process behind.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
