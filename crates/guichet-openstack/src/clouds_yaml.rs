//! `clouds.yaml`: what OpenStack clients read to find a cloud.

use std::fmt::Write;
use std::sync::Arc;

use guichet_cloud::accounts::Role;
use guichet_cloud::config::{Declared, DeclaredUser};

use crate::domain::DOMAIN_NAME;

/// One cloud for each user, at `base_url` (such as `http://127.0.0.1:8774`). The first user that is
/// no administrator has the cloud `guichet`, the others `guichet-<name>`. `passwords` are those
/// drawn at start, by user; a user with neither these nor a declared one has a line that says so.
pub fn clouds_yaml(
    declared: &Declared,
    passwords: &[(Arc<str>, String)],
    base_url: &str,
) -> String {
    let plain = |user: &DeclaredUser| user.grants.iter().all(|(_, role)| *role < Role::Admin);
    let first = declared.users.iter().position(plain).unwrap_or(0);
    let mut yaml =
        String::from("# For OpenStack clients: ~/.config/openstack/clouds.yaml\nclouds:\n");
    for (position, user) in declared.users.iter().enumerate() {
        let cloud =
            if position == first { "guichet".into() } else { format!("guichet-{}", user.name) };
        let drawn = passwords.iter().find(|(name, _)| *name == user.name);
        let password = drawn.map(|(_, password)| password).or(user.password.as_ref());
        let cloud = Cloud { name: &cloud, user, password: password.map(String::as_str) };
        // Writing to a string cannot fail.
        let _ = cloud.write(&mut yaml, declared, base_url.trim_end_matches('/'));
    }
    yaml
}

struct Cloud<'a> {
    name: &'a str,
    user: &'a DeclaredUser,
    password: Option<&'a str>,
}

impl Cloud<'_> {
    fn write(&self, yaml: &mut String, declared: &Declared, base: &str) -> std::fmt::Result {
        let user = self.user;
        writeln!(yaml, "  {}:", key(self.name))?;
        writeln!(yaml, "    auth:")?;
        writeln!(yaml, "      auth_url: {}", quoted(&format!("{base}/identity")))?;
        writeln!(yaml, "      username: {}", quoted(&user.name))?;
        match self.password {
            Some(password) => writeln!(yaml, "      password: {}", quoted(password))?,
            None => writeln!(yaml, "      # password: drawn at start and shown then")?,
        }
        let granted = user.grants.first().map(|(project, _)| *project);
        let project = user.default_project.or(granted);
        if let Some(project) = project.and_then(|number| declared.projects.get(number)) {
            writeln!(yaml, "      project_name: {}", quoted(&project.name))?;
            writeln!(yaml, "      project_domain_name: {}", quoted(DOMAIN_NAME))?;
        }
        writeln!(yaml, "      user_domain_name: {}", quoted(DOMAIN_NAME))?;
        writeln!(yaml, "    region_name: {}", quoted(&declared.region))?;
        writeln!(yaml, "    identity_api_version: \"3\"")
    }
}

/// A name as it is if that is safe, else quoted.
fn key(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if name.bytes().all(plain) { name.to_owned() } else { quoted(name) }
}

/// A JSON string is a YAML string.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
