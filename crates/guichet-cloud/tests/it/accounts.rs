//! Logging in, and application credentials, with no HTTP.

use guichet_cloud::Cloud;
use guichet_cloud::accounts::{
    AccountError, Login, Method, NewCredential, Role, Scope, Session, Which,
};

use crate::support::dev;

fn by_password(name: &str, password: &str, scope: Scope) -> Login {
    Login {
        methods: vec![Method::Password {
            user: Which::Name(name.to_owned()),
            password: password.to_owned(),
        }],
        scope,
        source: None,
    }
}

fn user(cloud: &Cloud, name: &str) -> usize {
    cloud.accounts().directory().find_user(Which::Name(name)).unwrap()
}

fn credential(name: &str) -> NewCredential<'_> {
    NewCredential {
        name,
        description: None,
        secret: None,
        expires_at: None,
        roles: Vec::new(),
        is_unrestricted: false,
    }
}

#[tokio::test]
async fn a_login_gives_a_token_until_it_is_revoked() {
    let cloud = dev();
    let accounts = cloud.accounts();
    let login = by_password("demo", "secret", Scope::Default);
    let (token, session) = accounts.log_in(&login).await.unwrap();
    assert_eq!(session.user, user(&cloud, "demo"));
    assert!(session.scope().is_some());
    assert_eq!(accounts.session(&token), Some(session));
    accounts.revoke(&token).await.unwrap();
    assert!(accounts.session(&token).is_none());
}

#[tokio::test]
async fn whatever_is_wrong_with_a_login_is_one_error() {
    let cloud = dev();
    for login in [
        by_password("demo", "guessed", Scope::Default),
        by_password("nobody", "secret", Scope::Default),
        by_password("demo", "secret", Scope::Elsewhere),
        by_password("demo", "secret", Scope::Project(Which::Name("none".to_owned()))),
        Login {
            methods: vec![Method::Token("none".to_owned())],
            scope: Scope::Default,
            source: None,
        },
        Login { methods: vec![Method::Unsupported], scope: Scope::Default, source: None },
        Login { methods: Vec::new(), scope: Scope::Default, source: None },
    ] {
        let refused = cloud.accounts().log_in(&login).await;
        assert_eq!(refused.unwrap_err(), AccountError::Unauthorized);
    }
}

#[tokio::test]
async fn a_credential_logs_in_for_its_project_and_does_not_manage_others() {
    let cloud = dev();
    let (accounts, demo) = (cloud.accounts(), user(&cloud, "demo"));
    let session = Session::new(demo, Some((0, Role::Member)));
    let (made, secret) = accounts.create_credential(&session, credential("ci")).await.unwrap();
    assert_eq!((made.project, &made.roles[..]), (0, &[Role::Member, Role::Reader][..]));
    let login = Login {
        methods: vec![Method::Credential { id: made.id.to_string(), secret: secret.to_string() }],
        scope: Scope::Default,
        source: None,
    };
    let (token, restricted) = accounts.log_in(&login).await.unwrap();
    let again = accounts.create_credential(&restricted, credential("more")).await;
    assert_eq!(again.unwrap_err(), AccountError::Forbidden);
    let taken = accounts.create_credential(&session, credential("ci")).await;
    let name = "ci".to_owned();
    assert_eq!(taken.unwrap_err(), AccountError::CredentialNameTaken { name });
    let greater = NewCredential { roles: vec![Role::Admin], ..credential("root") };
    let refused = accounts.create_credential(&session, greater).await;
    assert_eq!(refused.unwrap_err(), AccountError::Forbidden);
    accounts.delete_credential(&session, demo, &made.id).await.unwrap();
    assert!(accounts.session(&token).is_none() && accounts.credentials_of(demo).is_empty());
    let gone = accounts.delete_credential(&session, demo, &made.id).await;
    assert_eq!(gone, Err(AccountError::NoSuchCredential));
}
