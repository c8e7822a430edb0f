//! The sample broken on purpose: each time in one way that the test must find.

/// One way.
pub(crate) struct Broken {
    /// What is broken.
    pub(crate) what: &'static str,
    /// What stands in a sound page.
    from: &'static str,
    /// What stands there instead.
    to: &'static str,
    /// What the test must say, among other things.
    pub(crate) says: &'static str,
}

impl Broken {
    /// The page so broken.
    pub(crate) fn page(&self, page: &str) -> String {
        page.replacen(self.from, self.to, 1)
    }
}

/// A page that is played broken on purpose: what drives it must find each.
pub(crate) const PLAYED: &[Broken] = &[
    Broken {
        what: "keys do nothing",
        from: "root.addEventListener(\"keydown\",",
        to: "root.addEventListener(\"nothing\",",
        says: "0 steps, expected 8",
    },
    Broken {
        what: "nobody ever waits",
        from: "hold(place())[1].includes(actor)",
        to: "false",
        says: "expected \"Step 7 of 20 cannot be taken",
    },
    Broken {
        what: "harm that cannot be avoided is not said",
        from: "From here on harm is unavoidable",
        to: "Well",
        says: "expected \"unavoidable\"",
    },
    Broken {
        what: "the link stays as it was",
        from: "history.replaceState(null, \"\", link())",
        to: "undefined",
        says: "the link is",
    },
];

pub(crate) const ALL: &[Broken] = &[
    Broken {
        what: "a chart lacks points",
        from: "data-points=\"",
        to: "data-points=\"7",
        says: "points in its traces, expected 7",
    },
    Broken {
        what: "a chart's data cannot be read",
        from: "id=\"data-curves\"",
        to: "id=\"lost\"",
        says: "not drawn",
    },
    Broken {
        what: "a chart's data are not drawn",
        from: "Plotly.react(element, traces,",
        to: "Plotly.react(element, [],",
        says: "points in its traces",
    },
    Broken {
        what: "a timeline lacks a step",
        from: "data-steps=\"",
        to: "data-steps=\"9",
        says: "rows, expected 9",
    },
    Broken {
        what: "harm is shown by colour alone",
        from: "<strong class=\"sign\">✖ harm</strong>",
        to: "",
        says: "by colour alone",
    },
    Broken {
        what: "a table says that it scrolls, and does not",
        from: "wide.scrollWidth <= wide.clientWidth",
        to: "false",
        says: "says that it scrolls",
    },
    Broken {
        what: "an error on the console",
        from: "<main>",
        to: "<main><script>console.error('on purpose')</script>",
        says: "console: ",
    },
    Broken {
        what: "something is fetched",
        from: "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:\">",
        to: "\"><link rel=\"stylesheet\" href=\"http://127.0.0.1:9/none.css\">",
        says: "asks for http",
    },
    Broken {
        what: "the page is too wide",
        from: "<main>",
        to: "<main><div style=\"width: 3000px\">wide</div>",
        says: "wider than the screen",
    },
    Broken {
        what: "the colours of the day at night, or the other way round",
        from: "<main>",
        to: "<main><style>:root { --paper: #000000 !important }</style>",
        says: "not of the colours asked for",
    },
];

/// What is wrong with a program that is stepped through, and must be found by doing so.
pub(crate) const WALKED: &[Broken] = &[
    Broken {
        what: "a step back that is none",
        from: "if (undone) ahead.unshift(undone.actor);",
        to: "if (undone) steps.push(undone);",
        says: "a step back: ",
    },
    Broken {
        what: "harm that is not told",
        from: "if (shown === at) said.push(",
        to: "if (shown > at) said.push(",
        says: "the end of the shortest way: found",
    },
    Broken {
        what: "a step whose lines are not marked",
        from: "run.has(number) ? \" run\" : \"\"",
        to: "\"\"",
        says: "the last step is on no line",
    },
    Broken {
        what: "a link that leads nowhere",
        from: "^#finding=([1-9]",
        to: "^#found=([1-9]",
        says: "a link: ",
    },
];
