//! The limits of the console: who is signed in to it, and what its pages show at once.

use std::time::Duration;

use super::limit::Limit;

limits! { CONSOLE:
    CONSOLE_SESSIONS_MAX: usize = 1_000, "1,000 sessions",
        "Browsers that are signed in to the console at once: at some 300 bytes each 300 KB. Past it the one that was used least lately is signed out, of the user who has most.";
    CONSOLE_SESSIONS_PER_USER_MAX: usize = 32, "32 sessions",
        "Browsers in which one user is signed in: a user's desks and phones, and not a script's thousand. The one that was used least lately is signed out for another.";
    CONSOLE_IDLE: Duration = Duration::from_secs(8 * 3_600), "8 h",
        "How long nobody may open a page with a session of the console before it ends: a working day. It ends with its token at the latest.";
    CONSOLE_LOGINS_PER_MIN: u32 = 30, "30 a minute",
        "Tries to sign in from one address, beside the queue in which passwords are hashed: an office behind one address signs in, and whoever tries words finds none.";
    CONSOLE_LOGIN_BUCKETS: usize = 1_024, "1,024 buckets",
        "Where tries are counted, by a hash of the address: 8 KiB, whoever tries.";
    CONSOLE_FORM_MAX: usize = 16 * 1024, "16 KiB",
        "A form that the console is sent: a few names of 255 characters.";
    CONSOLE_SERVERS_SHOWN: usize = 50, "50 servers",
        "Servers on one page of the console's list: two screens.";
    CONSOLE_HOSTS_SHOWN: usize = 200, "200 hosts",
        "Hosts on the console's page of hosts; a name narrows them down.";
    CONSOLE_STUCK_SHOWN: usize = 10, "10 servers",
        "Servers of a host that is being emptied and cannot be moved, on the console's page of hosts; the API shows more.";
    CONSOLE_WORLDS_SHOWN: usize = 200, "200 worlds",
        "Worlds on the console's page of worlds, the latest of all that there are.";
    CONSOLE_LINES_SHOWN: usize = 200, "200 lines",
        "Lines of a machine's console on the page of its server: the last two boots.";
    CONSOLE_CHOICES_MAX: usize = 500, "500 choices",
        "Flavors or images in one list of a form: some 50 KB of a page.";
}

const _: () = assert!(CONSOLE_SESSIONS_PER_USER_MAX < CONSOLE_SESSIONS_MAX);
