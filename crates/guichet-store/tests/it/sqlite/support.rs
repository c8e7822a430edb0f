//! A fleet with a journal, and what a journal must know of it: a mirror that takes in the same
//! changes in the plainest way.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use guichet_core::action::{Action, ActionArgs};
use guichet_core::chance::{Chance, Purpose};
use guichet_core::credential::{ApplicationCredential, CredentialRequest, RoleName, SecretDigest};
use guichet_core::details::{Details, Lock, Port};
use guichet_core::fleet::{Changes, Fleet, FleetConfig, Saved, Slot, StateTimes};
use guichet_core::group::{GroupRequest, Policy, ServerGroup};
use guichet_core::ids::{
    ClientId, CredentialId, FlavorId, GroupId, HostId, ImageId, KeyPairId, ProjectId, RequestId,
    ServerId, UserId, WorkerId,
};
use guichet_core::key_pair::{KeyKind, KeyPair, KeyPairRequest};
use guichet_core::limits;
use guichet_core::project::{Host, Project, Quota};
use guichet_core::request::{Act, Create, IdempotencyKey, Request, RequestBody};
use guichet_core::rows::{Claim, Decision, KeyRow, Outcome};
use guichet_core::scheduler::Bounds;
use guichet_core::server::{Failure, Operation, Server, Size};
use guichet_core::time::{Timestamp, VIRTUAL_START};
use guichet_store::journal::sqlite::{self, Names, Opened};
use guichet_store::journal::{Batch, Log};

/// A server's place, image, turn and past.
type MirrorRow = (Arc<Server>, Option<u64>, Vec<Operation>);

#[derive(Debug, Default)]
pub(crate) struct Mirror {
    pub(crate) rows: BTreeMap<Slot, MirrorRow>,
    pub(crate) keys: Vec<KeyRow>,
    pub(crate) credentials: BTreeMap<CredentialId, Arc<ApplicationCredential>>,
    pub(crate) key_pairs: BTreeMap<KeyPairId, Arc<KeyPair>>,
    pub(crate) groups: BTreeMap<GroupId, Arc<ServerGroup>>,
}

impl Mirror {
    fn take(&mut self, changes: &Changes) {
        for forgotten in &changes.forgotten {
            self.rows.remove(&forgotten.slot);
        }
        for (slot, image) in &changes.rows {
            let finished = self.rows.remove(slot).map_or_else(Vec::new, |(.., finished)| finished);
            self.rows.insert(*slot, (Arc::clone(&image.server), image.arrival, finished));
        }
        for (slot, operation) in changes.written_operations() {
            let (.., finished) = self.rows.get_mut(slot).expect("the row of an operation");
            finished.push(operation.clone());
            if finished.len() > limits::OPERATIONS_PER_SERVER_MAX {
                finished.remove(0);
            }
        }
        self.keys.extend(changes.keys.iter().cloned());
        for (id, row) in &changes.credentials {
            match row {
                Some(row) => drop(self.credentials.insert(*id, Arc::clone(row))),
                None => drop(self.credentials.remove(id)),
            }
        }
        for (id, row) in &changes.key_pairs {
            match row {
                Some(row) => drop(self.key_pairs.insert(*id, Arc::clone(row))),
                None => drop(self.key_pairs.remove(id)),
            }
        }
        for (id, row) in &changes.groups {
            match row {
                Some(row) => drop(self.groups.insert(*id, Arc::clone(row))),
                None => drop(self.groups.remove(id)),
            }
        }
    }

    /// What was read must be what was written, to the last field.
    pub(crate) fn check(&self, saved: &Saved) {
        let found: BTreeMap<Slot, MirrorRow> = saved
            .rows
            .iter()
            .map(|row| (row.slot, (Arc::clone(&row.server), row.arrival, row.finished.clone())))
            .collect();
        assert_eq!(found.len(), saved.rows.len(), "a place is there twice");
        assert_eq!(found, self.rows);
        assert_eq!(saved.keys, self.keys);
        let found: BTreeMap<_, _> =
            saved.credentials.iter().map(|row| (row.id, Arc::clone(row))).collect();
        assert_eq!(found.len(), saved.credentials.len(), "a credential is there twice");
        assert_eq!(found, self.credentials);
        let found: BTreeMap<_, _> =
            saved.key_pairs.iter().map(|row| (row.id, Arc::clone(row))).collect();
        assert_eq!(found.len(), saved.key_pairs.len(), "a key pair is there twice");
        assert_eq!(found, self.key_pairs);
        let found: BTreeMap<_, _> =
            saved.groups.iter().map(|row| (row.id, Arc::clone(row))).collect();
        assert_eq!(found.len(), saved.groups.len(), "a group is there twice");
        assert_eq!(found, self.groups);
    }
}

pub(crate) fn projects() -> Vec<Project> {
    let project = |id: u32| Project {
        id: ProjectId(id),
        name: Arc::from(format!("project-{id}")),
        quota: Quota { instances: Some(2_000_000), ..Quota::default() },
        weight: 1 + id,
    };
    (0..3).map(project).collect()
}

pub(crate) fn names(kind: &str, count: u32) -> Vec<Arc<str>> {
    (0..count).map(|n| Arc::from(format!("{kind}-{n}"))).collect()
}

pub(crate) fn all_names(projects: &[Project]) -> Names<'_> {
    Names {
        projects,
        hosts: names("host", 4),
        flavors: names("flavor", 3),
        images: names("image", 2),
        networks: names("network", 2),
        users: names("user", 3),
    }
}

pub(crate) fn open(dir: &Path) -> Opened {
    sqlite::open(dir, &all_names(&projects())).expect("it opens")
}

pub(crate) struct World {
    pub(crate) fleet: Fleet,
    pub(crate) mirror: Mirror,
    pub(crate) now: Timestamp,
    pub(crate) servers: Vec<(ServerId, ProjectId)>,
    pub(crate) claims: Vec<Claim>,
    drawn: u64,
    creates: u32,
}

impl World {
    pub(crate) fn new() -> Self {
        let host = |id: u32| Host {
            id: HostId(id),
            name: Arc::from(format!("host-{id}")),
            capacity: Size { vcpus: u32::MAX, ram_mib: u32::MAX },
        };
        let mut fleet = Fleet::new(FleetConfig {
            projects: projects(),
            hosts: (0..4).map(host).collect(),
            bounds: Bounds {
                queue: 1_000_000,
                service: 1_000,
                per_host: 1_000,
                per_project: 1_000,
                active: usize::MAX,
            },
            servers_max: limits::SERVERS_MAX,
            workers: 4,
            expected_service: Duration::from_millis(10),
            times: StateTimes { resized: Some(Duration::from_secs(5)), ..StateTimes::default() },
            networks: Vec::new(),
            chance: Chance::new(1),
        });
        fleet.start_journal();
        let now = VIRTUAL_START;
        let (mirror, servers, claims) = (Mirror::default(), Vec::new(), Vec::new());
        Self { fleet, mirror, now, servers, claims, drawn: 0, creates: 0 }
    }

    fn draw(&mut self) -> u128 {
        self.drawn += 1;
        Chance::new(9).wide(Purpose::Ids, 0, self.drawn, 0)
    }

    fn send(&mut self, project: ProjectId, key: Option<u64>, body: RequestBody) -> bool {
        let request = Request {
            id: RequestId::from_bits(self.draw()),
            client: ClientId((self.drawn % 3) as u32),
            project,
            privileged: true,
            key: key.map(|key| IdempotencyKey(Arc::from(format!("key-{key}")))),
            body,
        };
        self.now = self.now.after(Duration::from_micros(7));
        matches!(self.fleet.submit(&request, self.now), Decision::Accepted(_))
    }

    pub(crate) fn create(&mut self, count: usize, key: Option<u64>, with_details: bool) {
        self.creates += 1;
        let project = ProjectId(self.creates % 3);
        let servers: Vec<ServerId> = (0..count).map(|_| ServerId::from_bits(self.draw())).collect();
        let details = if with_details {
            servers.iter().map(|id| Arc::new(details(id.0.as_u64_pair().0))).collect()
        } else {
            Vec::new()
        };
        let body = RequestBody::Create(Create {
            servers: servers.iter().map(|id| (*id, Arc::from(format!("web-{id}")))).collect(),
            min_count: 1,
            size: Size { vcpus: 1, ram_mib: 512 },
            flavor: FlavorId((self.drawn % 3) as u32),
            image: ImageId((self.drawn % 2) as u32),
            details,
            hosts: None,
            most_in_group: None,
            body_digest: None,
            ports: Vec::new(),
        });
        if self.send(project, key, body) {
            self.servers.extend(servers.into_iter().map(|id| (id, project)));
        }
    }

    pub(crate) fn change(&mut self, action: Action, pick: usize, key: Option<u64>) {
        if let Some((server, project)) = self.servers.get(pick % self.servers.len().max(1)) {
            let (server, project) = (*server, *project);
            let size = Size { vcpus: (pick % 5) as u32, ram_mib: 512 };
            let resize = ActionArgs::Resize { flavor: FlavorId((pick % 3) as u32), size };
            let args = (action == Action::Resize).then(|| Arc::new(resize));
            self.send(project, key, RequestBody::Act(Act { action, server, args }));
        }
    }

    pub(crate) fn make_credential(&mut self, user: u32, name: &str) -> bool {
        let row = ApplicationCredential {
            id: CredentialId::from_bits(self.draw()),
            user: UserId(user),
            project: ProjectId(user % 3),
            name: Arc::from(name),
            description: (user > 0).then(|| Arc::from("naïve \"text\"\n\u{0}")),
            roles: vec![RoleName(Arc::from("admin")), RoleName(Arc::from("reader"))],
            secret: SecretDigest(Arc::from(format!("$digest${}", self.drawn))),
            is_unrestricted: self.drawn.is_multiple_of(2),
            created: self.now,
            expires: (user > 1).then(|| self.now.after(Duration::from_secs(1))),
        };
        let request = CredentialRequest::Create(Arc::new(row));
        self.fleet.credential(&request, self.now).is_ok()
    }

    pub(crate) fn delete_credential(&mut self, pick: usize) {
        let table = self.fleet.credentials();
        let picked = table.rows().nth(pick % table.len().max(1)).cloned();
        if let Some(row) = picked {
            let request = CredentialRequest::Delete { user: row.user, id: row.id };
            self.fleet.credential(&request, self.now).expect("it is there");
        }
    }

    pub(crate) fn make_key_pair(&mut self, user: u32, name: &str) -> bool {
        let is_ssh = self.drawn.is_multiple_of(2);
        let row = KeyPair {
            id: KeyPairId::from_bits(self.draw()),
            user: UserId(user),
            name: Arc::from(name),
            kind: if is_ssh { KeyKind::Ssh } else { KeyKind::X509 },
            public_key: Arc::from(format!("naïve \"key\"\n{}", self.drawn)),
            fingerprint: Arc::from("00:11"),
            created: self.now,
        };
        self.fleet.key_pair(&KeyPairRequest::create(Arc::new(row)), self.now).is_ok()
    }

    pub(crate) fn delete_key_pair(&mut self, pick: usize) {
        let table = self.fleet.key_pairs();
        let picked = table.rows().nth(pick % table.len().max(1)).cloned();
        if let Some(row) = picked {
            let (user, name) = (row.user, Arc::clone(&row.name));
            let request = KeyPairRequest::Delete { user, name, id: None };
            self.fleet.key_pair(&request, self.now).expect("it is there");
        }
    }

    pub(crate) fn make_group(&mut self, project: u32, max_per_host: u32) -> bool {
        let (policy, has_rules) = match max_per_host {
            0 => (Policy::SoftAffinity, false),
            1 => (Policy::AntiAffinity { max_per_host: 1 }, false),
            max_per_host => (Policy::AntiAffinity { max_per_host }, true),
        };
        let row = ServerGroup {
            id: GroupId::from_bits(self.draw()),
            project: ProjectId(project),
            user: UserId(project),
            name: Arc::from("naïve \"group\""),
            policy,
            has_rules,
            created: self.now,
        };
        self.fleet.change_group(&GroupRequest::create(Arc::new(row)), self.now).is_ok()
    }

    pub(crate) fn delete_group(&mut self, pick: usize) {
        let table = self.fleet.groups();
        let picked = table.rows().nth(pick % table.len().max(1)).cloned();
        if let Some(row) = picked {
            let request = GroupRequest::Delete { project: row.project, id: row.id };
            self.fleet.change_group(&request, self.now).expect("it is there");
        }
    }

    pub(crate) fn claim(&mut self) -> bool {
        let claimed = self.fleet.claim(WorkerId(1 + (self.drawn % 5) as u32), self.now);
        let is_some = claimed.is_some();
        self.claims.extend(claimed.map(|(_, claim)| claim));
        is_some
    }

    pub(crate) fn finish(&mut self, pick: usize, end: u8) {
        if self.claims.is_empty() {
            return;
        }
        let claim = self.claims.swap_remove(pick % self.claims.len());
        let outcome = match end {
            0 => Outcome::Succeeded,
            other => Outcome::Failed {
                kind: Failure::Driver,
                transient: other == 1,
                message: Arc::from("It \"failed\": naïve ☃"),
            },
        };
        self.now = self.now.after(Duration::from_micros(11));
        self.fleet.finish(&claim, &outcome, self.now);
    }

    pub(crate) fn pass(&mut self, by: Duration) {
        self.now = self.now.after(by);
        while self.fleet.expire(self.now).is_some() {}
    }

    /// What is to be written next; the mirror knows it.
    pub(crate) fn batch(&mut self) -> Batch {
        let mut changes = Changes::default();
        self.fleet.swap_changes(&mut changes);
        self.mirror.take(&changes);
        Batch { changes, records: Vec::new(), names: Vec::new(), at: self.now }
    }

    /// It is written.
    pub(crate) fn publish(&mut self, batch: &Batch) {
        self.fleet.publish(&batch.changes.rows);
        self.fleet.publish_rest(&batch.changes);
    }

    pub(crate) fn write(&mut self, log: &mut dyn Log) {
        let batch = self.batch();
        log.write(&batch).expect("it is written");
        self.publish(&batch);
        log.tidy().expect("tidy");
    }

    /// Creates servers and settles all of them.
    pub(crate) fn fill(&mut self, log: &mut dyn Log, count: usize) {
        let mut left = count;
        while left > 0 {
            let some = left.min(100);
            self.create(some, None, false);
            self.write(log);
            while self.claim() {}
            while !self.claims.is_empty() {
                self.finish(0, 0);
            }
            left -= some;
        }
        self.write(log);
    }
}

pub(crate) fn details(seed: u64) -> Details {
    let text = |what: &str| -> Arc<str> { Arc::from(format!("{what} {seed} ☃ \" \\")) };
    Details {
        description: Some(text("description")),
        metadata: BTreeMap::from([(text("a"), text("b"))]),
        tags: BTreeSet::from([text("tag")]),
        access_ipv6: Some("2001:db8::1".parse().expect("an address")),
        access_ipv4: Some([192, 0, 2, (seed % 250) as u8].into()),
        ports: vec![Port {
            id: ServerId::from_bits(u128::from(seed)).0,
            network: (seed % 2) as u32,
            address: [10, 0, 0, (seed % 250) as u8].into(),
            mac: [2, 0, 0, 0, 0, (seed % 250) as u8],
        }],
        lock: Some(Lock { by_admin: seed.is_multiple_of(2), reason: Some(text("why")) }),
        ..Details::default()
    }
}
