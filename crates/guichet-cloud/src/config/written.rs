//! A declared cloud as the text of a configuration, without passwords.

use std::fmt::Write as _;
use std::num::NonZeroU32;
use std::time::Duration;

use guichet_core::project::{Host, Quota};
use guichet_engine::config;
use toml::Value;

use super::declared::{Declared, DeclaredCell, DeclaredUser};
use crate::accounts::Project;
use crate::catalogue::{Flavor, Image, Network};

/// The number of something, or that it has no limit.
fn most(limit: Option<u64>) -> String {
    limit.map_or_else(|| "\"unlimited\"".to_owned(), |most| most.to_string())
}

/// A text, quoted as TOML does.
fn text(text: &str) -> String {
    Value::from(text).to_string()
}

/// Lines of `key = value`.
struct Lines(String);

impl Lines {
    fn section(&mut self, name: &str) {
        let _ = write!(self.0, "\n{name}\n");
    }

    fn set(&mut self, key: &str, value: impl std::fmt::Display) {
        let _ = writeln!(self.0, "{key} = {value}");
    }
}

impl Declared {
    /// The text of a configuration which declares this cloud. Passwords are not in it: a comment
    /// stands where one is.
    pub fn to_toml(&self) -> String {
        let mut lines = Lines(String::new());
        lines.set("region", text(&self.region));
        lines.set("zone", text(&self.zone));
        lines.set("driver", text(&self.driver));
        lines.set("profile", text(&self.profile));
        lines.set("workers", self.workers);
        lines.set("queue", self.queue);
        lines.set("servers_max", self.servers_max);
        self.write_bounds(&mut lines);
        write_hosts(&mut lines, &self.hosts);
        for project in &self.projects {
            write_project(&mut lines, project);
        }
        for user in &self.users {
            write_user(&mut lines, user, &self.projects);
        }
        for flavor in &self.flavors {
            write_flavor(&mut lines, flavor);
        }
        for image in &self.images {
            write_image(&mut lines, image);
        }
        for network in &self.networks {
            write_network(&mut lines, network);
        }
        for cell in &self.cells {
            write_cell(&mut lines, cell, self);
        }
        lines.0
    }

    fn write_bounds(&self, lines: &mut Lines) {
        lines.section("[times]");
        let seconds = |time: Option<Duration>| most(time.map(|time| time.as_secs()));
        lines.set("verify_resize_s", seconds(self.times.verify_resize));
        lines.set("shelved_s", seconds(self.times.shelved));
        lines.set("soft_deleted_s", seconds(self.times.soft_deleted));
        lines.section("[quota]");
        lines.set("instances", most(self.default_quota.instances));
        lines.set("cores", most(self.default_quota.cores));
        lines.set("ram_mib", most(self.default_quota.ram_mib));
        lines.section("[limits]");
        let rate = |rate: Option<NonZeroU32>| most(rate.map(|rate| rate.get().into()));
        lines.set("compute_per_s", rate(self.rates.compute_per_s));
        lines.set("identity_per_min", rate(self.rates.identity_per_min));
    }
}

/// Hosts alike in one section, others each in its own.
fn write_hosts(lines: &mut Lines, hosts: &[Host]) {
    if let Some(first) = hosts.first()
        && config::hosts(hosts.len(), first.capacity) == hosts
    {
        lines.section("[hosts]");
        lines.set("count", hosts.len());
        lines.set("vcpus", first.capacity.vcpus);
        lines.set("ram_mib", first.capacity.ram_mib);
        return;
    }
    if hosts.is_empty() {
        lines.section("[hosts]");
        lines.set("count", 0);
    }
    for host in hosts {
        lines.section("[[host]]");
        lines.set("name", text(&host.name));
        lines.set("vcpus", host.capacity.vcpus);
        lines.set("ram_mib", host.capacity.ram_mib);
    }
}

fn write_project(lines: &mut Lines, project: &Project) {
    let Quota { instances, cores, ram_mib } = project.quota;
    lines.section("[[project]]");
    lines.set("name", text(&project.name));
    if !project.description.is_empty() {
        lines.set("description", text(&project.description));
    }
    lines.set("weight", project.weight);
    let (instances, cores, ram_mib) = (most(instances), most(cores), most(ram_mib));
    lines.set(
        "quota",
        format_args!("{{ instances = {instances}, cores = {cores}, ram_mib = {ram_mib} }}"),
    );
}

fn write_user(lines: &mut Lines, user: &DeclaredUser, projects: &[Project]) {
    let name = |place: usize| projects.get(place).map(|project| text(&project.name));
    lines.section("[[user]]");
    lines.set("name", text(&user.name));
    if user.password.is_some() {
        lines.0.push_str("# password = … (declared, not shown)\n");
    }
    if let Some(project) = user.default_project.and_then(name) {
        lines.set("default_project", project);
    }
    let grants = user.grants.iter().filter_map(|(place, role)| {
        Some(format!("  {{ project = {}, role = \"{}\" }},\n", name(*place)?, role.as_str()))
    });
    let grants: String = grants.collect();
    lines.set("roles", format_args!("[\n{grants}]"));
}

fn write_flavor(lines: &mut Lines, flavor: &Flavor) {
    lines.section("[[flavor]]");
    lines.set("name", text(&flavor.name));
    lines.set("id", text(&flavor.id));
    lines.set("vcpus", flavor.size.vcpus);
    lines.set("ram_mib", flavor.size.ram_mib);
    lines.set("disk_gib", flavor.disk_gib);
    let beside = [("ephemeral_gib", flavor.ephemeral_gib), ("swap_mib", flavor.swap_mib)];
    for (key, number) in beside.into_iter().filter(|(_, number)| *number > 0) {
        lines.set(key, number);
    }
    if !flavor.is_public {
        lines.set("public", false);
    }
    if let Some(description) = &flavor.description {
        lines.set("description", text(description));
    }
    if !flavor.extra_specs.is_empty() {
        let specs = flavor.extra_specs.iter();
        let specs: Vec<String> =
            specs.map(|(key, value)| format!("{} = {}", text(key), text(value))).collect();
        lines.set("extra_specs", format_args!("{{ {} }}", specs.join(", ")));
    }
}

fn write_image(lines: &mut Lines, image: &Image) {
    lines.section("[[image]]");
    lines.set("name", text(&image.name));
    lines.set("id", text(&image.id.to_string()));
    lines.set("min_disk_gib", image.min_disk_gib);
    lines.set("min_ram_mib", image.min_ram_mib);
    lines.set("size", image.size);
}

fn write_network(lines: &mut Lines, network: &Network) {
    lines.section("[[network]]");
    lines.set("name", text(&network.name));
    lines.set("id", text(&network.id.to_string()));
    lines.set("cidr", text(&format!("{}/{}", network.base, network.prefix)));
}

fn write_cell(lines: &mut Lines, cell: &DeclaredCell, of: &Declared) {
    let list = |names: Vec<String>| format!("[{}]", names.join(", "));
    let projects = cell.projects.iter().filter_map(|place| of.projects.get(*place));
    let hosts = cell.hosts.iter().filter_map(|place| of.hosts.get(*place));
    lines.section("[[cells]]");
    lines.set("name", text(&cell.name));
    lines.set("projects", list(projects.map(|project| text(&project.name)).collect()));
    lines.set("hosts", list(hosts.map(|host| text(&host.name)).collect()));
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../../../examples/guichet.toml");
    const ODD: &str = "
        [[host]]\nname = 'a \"b\\'\nvcpus = 3\nram_mib = 5
        [[project]]\nname = 'é\"'\nquota = { cores = 0 }
        [[flavor]]\nname = 'f'\nvcpus = 1\nram_mib = 1\ndisk_gib = 0\npublic = false\nswap_mib = 7
        extra_specs = { 'hw:cpu' = 'a b', x = '' }
        [[user]]\nname = 'nobody'\npassword = 'hunter2'
        ";

    #[test]
    fn what_is_written_declares_the_same_cloud_without_its_passwords() {
        let texts = [Declared::default_text(), EXAMPLE, "[hosts]\ncount = 0", ODD];
        for source in texts {
            let mut declared = Declared::parse(source, "mine").unwrap();
            let written = declared.to_toml();
            assert!(!written.contains("hunter2"), "{written}");
            declared.users.iter_mut().for_each(|user| user.password = None);
            let again = Declared::parse(&written, "written").unwrap();
            assert_eq!(again, declared, "{written}");
        }
    }
}
