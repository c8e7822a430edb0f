//! Another declaration is taken over by a cloud that runs, all of it or nothing.

mod data;
mod refused;
mod worlds;

use std::sync::Arc;

use guichet_cloud::Cloud;
use guichet_cloud::accounts::{
    AccountError, Caller, Login, Method, NewCredential, Role, Scope, Session, Which,
};
use guichet_cloud::catalogue::Viewer;
use guichet_cloud::config::Declared;
use guichet_cloud::quotas::{Limit, QuotaLimits};
use guichet_cloud::reload::{Reload, ReloadError};
use guichet_cloud::servers::{Networks, NewServers};
use guichet_core::ids::{ProjectId, ServerId};
use guichet_core::server::Server;
use guichet_driver::profile::Profile;

use crate::support::finish;

/// What there is at the start.
const BEFORE: &str = r#"
profile = "instant"

[quota]
instances = 2

[[project]]
name = "one"

[[project]]
name = "two"
quota = { instances = 1 }

[[user]]
name = "ann"
password = "apple"
default_project = "one"
roles = [{ project = "one", role = "admin" }, { project = "two", role = "member" }]

[[user]]
name = "drawn"
roles = [{ project = "two", role = "member" }]

[[flavor]]
name = "small"
id = "1"
vcpus = 1
ram_mib = 512
disk_gib = 10

[[image]]
name = "cirros"
min_disk_gib = 1
min_ram_mib = 0
"#;

/// What is new comes before what there was, and what there was is in another order.
const AFTER: &str = r#"
profile = "instant"

[quota]
instances = 3

[[project]]
name = "new"
description = "It was added."
quota = { instances = 2 }

[[project]]
name = "two"
quota = { instances = 4 }

[[project]]
name = "one"

[[user]]
name = "bob"
password = "banana"
default_project = "new"
roles = [{ project = "new", role = "member" }]

[[user]]
name = "drawn"
roles = [{ project = "two", role = "member" }]

[[user]]
name = "ann"
password = "apple"
default_project = "one"
roles = [{ project = "one", role = "admin" }, { project = "two", role = "member" }]

[[flavor]]
name = "large"
id = "2"
vcpus = 2
ram_mib = 1_024
disk_gib = 20

[[flavor]]
name = "small"
id = "1"
vcpus = 1
ram_mib = 512
disk_gib = 10

[[image]]
name = "debian"
min_disk_gib = 2
min_ram_mib = 0

[[image]]
name = "cirros"
min_disk_gib = 1
min_ram_mib = 0
"#;

fn declared(text: &str) -> Declared {
    Declared::parse(text, "guichet.toml").unwrap_or_else(|error| panic!("{error}"))
}

fn instant() -> Profile {
    Profile::builtin("instant").unwrap()
}

/// A cloud in memory of what there is at the start.
fn opened() -> Arc<Cloud> {
    Cloud::builder(declared(BEFORE)).profile(instant()).seed(1).open().unwrap().cloud
}

fn compared(before: &Declared, text: &str) -> Result<Reload, ReloadError> {
    Reload::of((before, &instant()), (&declared(text), &instant()))
}

/// What a cloud that was opened of `BEFORE` takes over.
async fn reloaded(cloud: &Cloud, text: &str) -> Vec<&'static str> {
    cloud.reload(&compared(&declared(BEFORE), text).unwrap()).await.unwrap()
}

async fn log_in(
    cloud: &Cloud,
    user: &str,
    password: &str,
    project: &str,
) -> Result<(String, Arc<Session>), AccountError> {
    let (user, password) = (Which::Name(user.to_owned()), password.to_owned());
    let scope = Scope::Project(Which::Name(project.to_owned()));
    let methods = vec![Method::Password { user, password }];
    cloud.accounts().log_in(&Login { methods, scope, source: None }).await
}

async fn caller(cloud: &Cloud, user: &str, password: &str, project: &str) -> Caller {
    let (_, session) = log_in(cloud, user, password, project).await.unwrap();
    Caller::of(&session, cloud.new_request()).unwrap()
}

/// The same in another request.
fn again(cloud: &Cloud, caller: &Caller) -> Caller {
    Caller { request: cloud.new_request(), ..*caller }
}

/// A server of the flavor and image of these names.
async fn create(
    cloud: &Cloud,
    caller: &Caller,
    flavor: &str,
    image: &str,
) -> Result<ServerId, String> {
    let id = |name: &str| {
        let found = cloud.catalogue().flavors(Viewer::Admin).into_iter();
        found.filter(|flavor| *flavor.name == *name).map(|flavor| flavor.id.clone()).next().unwrap()
    };
    let (flavor, _) = cloud.catalogue().find_flavor(&id(flavor), Viewer::Admin).unwrap();
    let images = cloud.catalogue().images(Viewer::Admin);
    let image = images.iter().find(|it| *it.name == *image).unwrap().id;
    let (image, _) = cloud.catalogue().find_image(image, Viewer::Admin).unwrap();
    let networks = Networks::These(vec![(0, None)]);
    let new = NewServers { networks, ..NewServers::one("a", flavor, image) };
    let caller = again(cloud, caller);
    let made = cloud.servers().create(&caller, &new).await.map_err(|error| error.to_string())?;
    finish(cloud, made).await;
    Ok(made)
}

/// A server, whoever owns it.
fn find(cloud: &Cloud, id: ServerId) -> Option<Arc<Server>> {
    let mut projects = (0..).map(ProjectId).take(cloud.accounts().directory().projects().len());
    projects.find_map(|project| cloud.manager().server(project, id))
}

/// Who the rows of a server name, in words.
fn words(cloud: &Cloud, id: ServerId) -> [String; 4] {
    let directory = cloud.accounts().directory();
    let server = find(cloud, id).unwrap();
    let named = |name: Option<&Arc<str>>| name.map(ToString::to_string).unwrap_or_default();
    [
        named(directory.owner(server.project).map(|it| &it.name)),
        named(directory.client(server.created_by).map(|it| &it.name)),
        named(cloud.catalogue().flavor(server.flavor).map(|it| it.name.clone()).as_ref()),
        named(cloud.catalogue().image(server.image).map(|it| it.name.clone()).as_ref()),
    ]
}

#[tokio::test]
async fn what_is_new_can_be_used_at_once_and_what_there_was_keeps_its_place() {
    let cloud = opened();
    let ann = caller(&cloud, "ann", "apple", "one").await;
    let old = create(&cloud, &ann, "small", "cirros").await.unwrap();
    let changed = reloaded(&cloud, AFTER).await;
    assert_eq!(changed, ["[quota]", "[[project]]", "[[user]]", "[[flavor]]", "[[image]]"]);
    assert_eq!(words(&cloud, old), ["one", "ann", "small", "cirros"]);

    let bob = caller(&cloud, "bob", "banana", "new").await;
    let made = create(&cloud, &bob, "large", "debian").await.unwrap();
    assert_eq!(words(&cloud, made), ["new", "bob", "large", "debian"]);
    let directory = cloud.accounts().directory();
    assert_eq!(directory.owner(bob.project).unwrap().description, "It was added.");
    // Its own quota, of two.
    create(&cloud, &bob, "small", "cirros").await.unwrap();
    create(&cloud, &bob, "small", "cirros").await.unwrap_err();
    // What ann could do she can do still, by the token that she had.
    create(&cloud, &ann, "large", "cirros").await.unwrap();
    assert_eq!(cloud.servers().operations(made).len(), 1);
}

#[tokio::test]
async fn quotas_are_as_declared_now_where_nobody_wrote_others() {
    let cloud = opened();
    let ann = caller(&cloud, "ann", "apple", "one").await;
    let limit = |project: u32| cloud.manager().usage(ProjectId(project)).unwrap().1.instances;
    assert_eq!([limit(0), limit(1)], [Some(2), Some(1)]);
    let written = QuotaLimits { instances: Some(Limit::Most(7)), ..Default::default() };
    let two = ProjectId(1);
    cloud.quotas().set(&ann, two, written, true).await.unwrap();
    reloaded(&cloud, AFTER).await;
    assert_eq!([limit(0), limit(1), limit(2)], [Some(3), Some(7), Some(2)]);
    cloud.quotas().reset(&again(&cloud, &ann), two).await.unwrap();
    assert_eq!(limit(1), Some(4));
}

#[tokio::test]
async fn another_password_is_the_only_one_from_then_on_and_a_drawn_one_ends() {
    let opened = Cloud::builder(declared(BEFORE)).profile(instant()).open().unwrap();
    let (cloud, drawn) = (opened.cloud, opened.drawn.now[0].1.clone());
    let (token, _) = log_in(&cloud, "ann", "apple", "one").await.unwrap();
    log_in(&cloud, "drawn", &drawn, "two").await.unwrap();
    let with = BEFORE
        .replace("\"apple\"", "\"avocado\"")
        .replace("name = \"drawn\"", "name = \"drawn\"\npassword = \"date\"");
    assert_eq!(reloaded(&cloud, &with).await, ["[[user]]"]);
    for (user, password, project) in [("ann", "apple", "one"), ("drawn", &*drawn, "two")] {
        let refused = log_in(&cloud, user, password, project).await.unwrap_err();
        assert_eq!(refused, AccountError::Unauthorized, "{user}");
    }
    log_in(&cloud, "ann", "avocado", "one").await.unwrap();
    log_in(&cloud, "drawn", "date", "two").await.unwrap();
    assert!(cloud.accounts().session(&token).is_some(), "as over a restart");
    cloud.accounts().hash_declared().await;
    log_in(&cloud, "ann", "avocado", "one").await.unwrap();
}

#[tokio::test]
async fn a_lesser_role_ends_the_tokens_for_that_project_and_a_greater_one_none() {
    let cloud = opened();
    let accounts = cloud.accounts();
    let (in_one, session) = log_in(&cloud, "ann", "apple", "one").await.unwrap();
    let (in_two, _) = log_in(&cloud, "ann", "apple", "two").await.unwrap();
    let by_token = |token: &str| Login {
        methods: vec![Method::Token(token.to_owned())],
        scope: Scope::Project(Which::Name("two".to_owned())),
        source: None,
    };
    // It ends with the one that it was got by.
    let (child, _) = accounts.log_in(&by_token(&in_one)).await.unwrap();
    let credential = NewCredential {
        name: "ci",
        description: None,
        secret: None,
        expires_at: None,
        roles: Vec::new(),
        is_unrestricted: false,
    };
    let (made, secret) = accounts.create_credential(&session, credential).await.unwrap();
    let by_credential = Login {
        methods: vec![Method::Credential { id: made.id.to_string(), secret }],
        scope: Scope::Default,
        source: None,
    };
    let (of_credential, _) = accounts.log_in(&by_credential).await.unwrap();

    let lesser = BEFORE
        .replace(
            "{ project = \"one\", role = \"admin\" }",
            "{ project = \"one\", role = \"reader\" }",
        )
        .replace("role = \"member\" }]\n\n[[user]]", "role = \"admin\" }]\n\n[[user]]");
    assert_eq!(reloaded(&cloud, &lesser).await, ["[[user]]"]);
    for token in [&in_one, &child, &of_credential] {
        assert!(accounts.session(token).is_none());
    }
    assert!(accounts.session(&in_two).is_some());
    let (_, session) = log_in(&cloud, "ann", "apple", "one").await.unwrap();
    assert_eq!(session.project.unwrap().1, Role::Reader);
    let (_, session) = accounts.log_in(&by_credential).await.unwrap();
    assert_eq!(session.project.unwrap().1, Role::Reader);
    let reader = Caller::of(&session, cloud.new_request()).unwrap();
    create(&cloud, &reader, "small", "cirros").await.unwrap_err();

    let none = lesser.replace("{ project = \"one\", role = \"reader\" }, ", "");
    let none = none.replace("default_project = \"one\"\n", "");
    let reload = compared(&declared(&lesser), &none).unwrap();
    cloud.reload(&reload).await.unwrap();
    let refused = log_in(&cloud, "ann", "apple", "one").await.unwrap_err();
    assert_eq!(refused, AccountError::Unauthorized);
    assert_eq!(accounts.log_in(&by_credential).await.unwrap_err(), AccountError::Unauthorized);
}

#[tokio::test]
async fn the_next_reload_goes_by_what_the_one_before_declares() {
    let cloud = opened();
    let first = compared(&declared(BEFORE), AFTER).unwrap();
    cloud.reload(&first).await.unwrap();
    let names: Vec<&str> = first.declared().projects.iter().map(|it| &*it.name).collect();
    assert_eq!(names, ["one", "two", "new"]);
    let same = compared(first.declared(), AFTER).unwrap();
    assert!(cloud.reload(&same).await.unwrap().is_empty());
    let more = AFTER.replace("[[user]]\nname = \"bob\"", "[[project]]\nname = \"more\"\n\n[[user]]\nname = \"cid\"\npassword = \"cherry\"\nroles = [{ project = \"more\", role = \"member\" }]\n\n[[user]]\nname = \"bob\"");
    cloud.reload(&compared(first.declared(), &more).unwrap()).await.unwrap();
    let cid = caller(&cloud, "cid", "cherry", "more").await;
    let made = create(&cloud, &cid, "large", "debian").await.unwrap();
    assert_eq!(words(&cloud, made), ["more", "cid", "large", "debian"]);
    let bob = caller(&cloud, "bob", "banana", "new").await;
    assert_eq!(bob.project.index(), 2);
    assert!(matches!(cloud.manager().usage(cid.project), Some((usage, _)) if usage.instances == 1));
    let unknown = Caller { project: ProjectId(4), ..again(&cloud, &cid) };
    let refused = create(&cloud, &unknown, "large", "debian").await.unwrap_err();
    assert!(refused.contains("no such project"), "{refused}");
}
