//! What OpenStack clients read to find a cloud: `clouds.yaml`, or the environment.

use std::fmt::Write;
use std::sync::Arc;

use guichet_cloud::accounts::Role;
use guichet_cloud::config::{Declared, DeclaredUser};

use crate::domain::DOMAIN_NAME;

/// One cloud for each user, at `base_url` (such as `http://127.0.0.1:8774`). The first user that is
/// no administrator has the cloud `guichet`, the others `guichet-<name>`. `passwords` are those
/// drawn at start, by user; a user with neither these nor a declared one has a line that says so.
/// `cacert` is the file of the authority to check the service by, if it is none that everybody knows.
pub fn clouds_yaml(
    declared: &Declared,
    passwords: &[(Arc<str>, String)],
    base_url: &str,
    cacert: Option<&str>,
) -> String {
    let first = first(declared);
    let mut yaml =
        String::from("# For OpenStack clients: ~/.config/openstack/clouds.yaml\nclouds:\n");
    for (position, user) in declared.users.iter().enumerate() {
        let cloud =
            if position == first { "guichet".into() } else { format!("guichet-{}", user.name) };
        let cloud = Cloud { name: &cloud, user, password: password(user, passwords), cacert };
        // Writing to a string cannot fail.
        let _ = cloud.write(&mut yaml, declared, base_url.trim_end_matches('/'));
    }
    yaml
}

/// The same for one user, the first that is no administrator, as variables of the environment.
pub fn environment(declared: &Declared, base_url: &str) -> Vec<(&'static str, String)> {
    let auth_url = format!("{}/identity", base_url.trim_end_matches('/'));
    let mut variables = vec![
        ("OS_AUTH_URL", auth_url),
        ("OS_IDENTITY_API_VERSION", "3".to_owned()),
        ("OS_REGION_NAME", declared.region.to_string()),
        ("OS_USER_DOMAIN_NAME", DOMAIN_NAME.to_owned()),
    ];
    let Some(user) = declared.users.get(first(declared)) else { return variables };
    variables.push(("OS_USERNAME", user.name.to_string()));
    if let Some(password) = password(user, &[]) {
        variables.push(("OS_PASSWORD", password.to_owned()));
    }
    if let Some(project) = project(user, declared) {
        variables.push(("OS_PROJECT_NAME", project.to_owned()));
        variables.push(("OS_PROJECT_DOMAIN_NAME", DOMAIN_NAME.to_owned()));
    }
    variables
}

/// The position of the first user that is no administrator.
fn first(declared: &Declared) -> usize {
    let plain = |user: &DeclaredUser| user.grants.iter().all(|(_, role)| *role < Role::Admin);
    declared.users.iter().position(plain).unwrap_or(0)
}

/// A user's password: drawn now, or declared.
fn password<'a>(user: &'a DeclaredUser, drawn: &'a [(Arc<str>, String)]) -> Option<&'a str> {
    let drawn = drawn.iter().find(|(name, _)| *name == user.name);
    drawn.map(|(_, password)| password).or(user.password.as_ref()).map(String::as_str)
}

/// The name of the project that a user works for.
fn project<'a>(user: &DeclaredUser, declared: &'a Declared) -> Option<&'a str> {
    let granted = user.grants.first().map(|(project, _)| *project);
    let project = user.default_project.or(granted)?;
    declared.projects.get(project).map(|project| &*project.name)
}

struct Cloud<'a> {
    name: &'a str,
    user: &'a DeclaredUser,
    password: Option<&'a str>,
    cacert: Option<&'a str>,
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
        if let Some(project) = project(user, declared) {
            writeln!(yaml, "      project_name: {}", quoted(project))?;
            writeln!(yaml, "      project_domain_name: {}", quoted(DOMAIN_NAME))?;
        }
        writeln!(yaml, "      user_domain_name: {}", quoted(DOMAIN_NAME))?;
        if let Some(cacert) = self.cacert {
            writeln!(yaml, "    cacert: {}", quoted(cacert))?;
        }
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
