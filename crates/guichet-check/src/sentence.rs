//! What is said of a finding or a problem, in sentences.

use serde_json::Value;

use crate::message::{Found, Problem};

impl Problem {
    /// What is wrong with a file, and what to do.
    pub(crate) fn sentence(&self) -> String {
        let there = || match self.there.join(", ") {
            none if none.is_empty() => "none".to_owned(),
            some => some,
        };
        match self.what.as_str() {
            "syntax" => format!("line {}: {}: Python cannot read it", self.line, self.text),
            "python" => format!("Python {} is too old: 3.9 or newer is needed", self.text),
            "no_such_class" => {
                format!("there is no class {}; its classes are: {}", self.name, there())
            }
            "no_class" => format!(
                "no class has methods to create and to delete servers. Name it with --class, and \
                 its methods with --map create=METHOD,delete=METHOD. Its classes are: {}",
                there()
            ),
            "no_method" if self.name.is_empty() => format!(
                "class {} has no method to {} servers that its name would tell: name it with \
                 --map {}=METHOD. It has: {}",
                self.cls,
                self.kind,
                self.kind,
                there()
            ),
            "no_method" => {
                format!("class {} has no method {}. It has: {}", self.cls, self.name, there())
            }
            "import" => format!("line {}: {}, when it was loaded", self.line, self.text),
            "import_ends_not" => "loading it does not end: put what starts clients below \
                                  `if __name__ == \"__main__\":`"
                .to_owned(),
            "refused_module" => format!(
                "line {}: it imports {}, which the check cannot control: threads only",
                self.line, self.name
            ),
            "coroutine" => "its methods are coroutines (`async def`): threads only".to_owned(),
            "create_fails" => format!(
                "line {}: {} with one thread and an empty list: {}",
                self.line, self.call, self.text
            ),
            "grows_not" => format!(
                "{} adds nothing to any list, dict or set of the object, and no method lists the \
                 servers. If a thread does the work, start it in __init__",
                self.call
            ),
            "cannot_call" => format!(
                "how to call {} could not be found out: give its parameters defaults",
                self.call
            ),
            "delete_removes_not" => format!(
                "{} removed no server, whatever it was given (name, id, object, index): if another \
                 method deletes, name it with --map delete=METHOD",
                self.call
            ),
            "memory" => "it used more memory than it may (512 MiB)".to_owned(),
            "recursion" => "it calls itself without an end".to_owned(),
            other => format!("it cannot be checked: {other}"),
        }
    }
}

/// The title of a kind.
pub(crate) fn title(kind: &str) -> &str {
    match kind {
        "lost_server" => "a lost server",
        "too_many_servers" => "more servers than there may be",
        "double_delete" => "one server deleted twice",
        "resurrected" => "a deleted server that is there again",
        "duplicate_id" => "two servers with one id",
        "wrong_count" => "a counter that is wrong",
        "wrong_answer" => "answers that no order of the requests gives",
        "empty_pop" => "a pop from an empty list",
        "uncaught_exception" => "an exception where a refusal is due",
        "deadlock" => "a request that waits for ever",
        "lock_not_released" => "a lock that is never given back",
        "lock_over_sleep" => "a lock held during a sleep",
        "never_ends" => "a request that never ends",
        other => other,
    }
}

impl Found {
    /// What happens, in a sentence or two.
    pub(crate) fn sentence(&self) -> String {
        let details = &self.details;
        let text = |key: &str| details[key].as_str().unwrap_or("?").to_owned();
        let count = || details["count"].to_string();
        match self.kind.as_str() {
            "lost_server" => format!(
                "At the end {} there; one after the other, these requests leave {}.",
                servers_are(&details["count"]),
                alternatives(&details["expected"])
            ),
            "too_many_servers" => format!(
                "At the end {} there; one after the other, these requests leave {}.",
                servers_are(&details["count"]),
                alternatives(&details["expected"])
            ),
            "double_delete" => format!(
                "{} requests were told that they deleted a server, and there was one fewer to \
                 delete.",
                details["deletes"]
            ),
            "resurrected" => format!(
                "{} was deleted, and it is in the list at the end.",
                alternatives(&details["labels"])
            ),
            "duplicate_id" => format!("At the end two of the {} servers have one id.", count()),
            "wrong_count" => counters(&details["counters"]),
            "wrong_answer" => {
                "The servers at the end go with no order of the requests that gives these answers."
                    .to_owned()
            }
            "empty_pop" | "uncaught_exception" => {
                let alone = details["alone"].as_bool().unwrap_or(false);
                let when = if alone { "One client is enough: line" } else { "Line" };
                format!(
                    "{when} {} ends {} with {}. A client should get a refusal.",
                    details["line"],
                    text("call"),
                    text("error")
                )
            }
            "deadlock" => deadlock(self),
            "lock_not_released" => format!(
                "{} is over, and it still has {}: whoever wants it next waits for ever. `with` \
                 gives a lock back whatever happens.",
                text("call"),
                text("lock")
            ),
            "lock_over_sleep" => over_sleep(details),
            "never_ends" => format!(
                "It was stopped after {} instructions: a loop waits for what does not come.",
                details["steps"]
            ),
            _ => String::new(),
        }
    }
}

fn servers_are(count: &Value) -> String {
    match count.as_i64() {
        Some(1) => "1 server is".to_owned(),
        Some(count) => format!("{count} servers are"),
        None => "another number of servers is".to_owned(),
    }
}

/// Values with an "or" between them.
fn alternatives(values: &Value) -> String {
    let values: Vec<String> = (values.as_array().into_iter().flatten())
        .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        .collect();
    values.join(" or ")
}

fn counters(counters: &Value) -> String {
    let sentences: Vec<String> = (counters.as_array().into_iter().flatten())
        .map(|counter| {
            format!(
                "{} is {} at the end; one after the other, these requests make it {}.",
                counter["name"].as_str().unwrap_or("?"),
                counter["value"],
                alternatives(&counter["expected"])
            )
        })
        .collect();
    sentences.join(" ")
}

fn deadlock(found: &Found) -> String {
    let name = |number: &Value| {
        let task = found.tasks.iter().find(|task| Some(task.task) == number.as_u64());
        task.map_or("a thread", |task| task.name.as_str()).to_owned()
    };
    let waiting = found.details["waiting"].as_array().cloned().unwrap_or_default();
    let sentences: Vec<String> = waiting
        .iter()
        .map(|waits| {
            let who = name(&waits["task"]);
            let what = waits["waits_for"].as_str().unwrap_or("?");
            let owner = waits["owners"].as_array().and_then(|owners| owners.first());
            let holder = match owner {
                Some(owner) if *owner == waits["task"] => ", which it has itself".to_owned(),
                Some(owner) => format!(", which {} has", name(owner)),
                None => ", and nobody is left to wake it".to_owned(),
            };
            format!("{} waits in line {} for {what}{holder}.", capital(&who), waits["line"])
        })
        .collect();
    sentences.join(" ")
}

/// With a capital letter at its beginning.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

fn over_sleep(details: &Value) -> String {
    let took = details["took"].as_f64().unwrap_or(0.0);
    let without = details["without"].as_f64().unwrap_or(0.0);
    let times = if without > 0.0 { took / without } else { 0.0 };
    format!(
        "Line {} sleeps and holds {}. {} calls of {} by {} threads take {took:.2} s; if the sleep \
         gave the lock back they would take {without:.2} s. The pool could be {times:.1} times as \
         fast.",
        details["line"],
        details["lock"].as_str().unwrap_or("a lock"),
        details["requests"],
        details["method"].as_str().unwrap_or("?"),
        details["workers"],
    )
}
