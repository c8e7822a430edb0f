// Lets the reader decide which thread of a program goes next, beside its code. Each element `.walk`
// has its data in the script `data-…` beside it: states that were found by running the program, and
// the steps between them. This script only follows them.
(() => {
  const { written, read, make, capitalised, filled, failed } = game;
  // A thread that waits in a loop could be followed for ever.
  const STEPS_MAX = 1000;

  // The states of a finding, with the texts that their numbers stand for.
  function decoded(finding, texts) {
    const text = (place) => texts[place];
    const rows = finding.rows.map((row) => row.map(text));
    const threads = finding.threads.map(([line, does, known]) => ({ line, does: text(does), known: text(known) }));
    const deeds = finding.deeds.map(([lines, notes]) => ({ lines, notes: notes.map(text) }));
    return finding.states.map(([row, there, turns, harms, sealed]) => ({
      values: rows[row],
      threads: there.map((place) => threads[place]),
      turns: turns.map(([actor, deed, to]) => ({ actor, to, ...deeds[deed] })),
      harms: harms.map(text), sealed: sealed === 1,
    }));
  }

  function start(root) {
    const data = JSON.parse(document.getElementById(`data-${root.id}`).textContent);
    const { words, findings, code } = data;
    const source = new Map(code);
    // What is open, the steps taken, and who takes those that "forward" takes.
    let open = findings[0], steps = [], ahead = [];
    const states = () => (open.decoded ||= decoded(open, data.texts));
    const place = () => (steps.length ? steps[steps.length - 1].to : 0);
    const state = () => states()[place()];
    const turn = (actor) => state().turns.find((it) => it.actor === actor);
    const line = (number) => filled(words.line, { line: number });
    const spoken = ({ lines, notes }) => {
      const [first, last] = [lines[0], lines[lines.length - 1]];
      const where = lines.length > 1 ? [filled(words.lines, { first, last })] : lines.map(line);
      return [...where, ...notes].join(", ");
    };

    const choice = make("select", { id: `${root.id}-finding`, onchange: () => { show(Number(choice.value)); draw(""); } });
    const about = make("div", { class: "about" });
    const listing = make("div", { class: "code", tabindex: "0", role: "region", "aria-label": filled(words.code, { file: data.file }) });
    const turns = make("div", { class: "turns", role: "group", "aria-label": words.next });
    const status = make("p", { class: "now", role: "status", "aria-live": "polite" });
    const tool = (text, sign, key, act) => make(
      "button", { type: "button", "aria-keyshortcuts": key, onclick: act }, make("span", { "aria-hidden": "true" }, `${sign} `), text,
    );
    const tools = make(
      "div", { class: "tools", role: "group", "aria-label": words.tools },
      tool(words.start, "|◀", "Home", first), tool(words.back, "◀", "ArrowLeft", back),
      tool(words.on, "▶", "ArrowRight", on), tool(words.end, "▶|", "End", last),
      tool(words.again, "↺", "r", again), make("button", { type: "button", onclick: copy }, words.copy),
    );
    const cells = make("tbody");
    const harmful = make("ul", { class: "harmed" });
    const list = make("ol");
    const past = make("div", { class: "past", tabindex: "0", role: "region", "aria-label": words.steps }, list);

    // The finding at a place of the list.
    function show(at) {
      open = findings[at];
      [steps, ahead] = [[], [...open.shortest]];
      choice.value = String(at);
      about.replaceChildren(...open.about.map((text) => make("p", {}, text)));
      turns.replaceChildren(...open.actors.map((name, actor) => make(
        "button", { type: "button", class: "turn", "aria-keyshortcuts": String(actor + 1), onclick: () => press(actor) },
        make("span", {}, make("kbd", {}, String(actor + 1)), " ", make("strong", {}, name)), make("span", { class: "next" }),
      )));
    }
    function take(actor) {
      const it = turn(actor);
      if (!it || it.to === undefined) return false;
      steps.push({ ...it, from: place() });
      return true;
    }
    // Why somebody can take no step.
    function refusal(actor) {
      if (turn(actor)) return open.beyond;
      const thread = state().threads[actor];
      return capitalised(filled(words.refused, { who: open.actors[actor], what: thread ? thread.does : words.not_there }));
    }
    function press(actor) {
      if (actor >= open.actors.length) return draw(words.absent);
      if (!take(actor)) return draw(refusal(actor));
      ahead = ahead[0] === actor ? ahead.slice(1) : [];
      draw("");
    }
    // Who goes on where the reader does not say: as shown, then whoever ran last, then whoever can.
    function nextActor() {
      const can = state().turns.filter((it) => it.to !== undefined).map((it) => it.actor);
      const wanted = [ahead[0], steps.length ? steps[steps.length - 1].actor : undefined, can[0]];
      return wanted.find((actor) => can.includes(actor));
    }
    function step() {
      const actor = nextActor();
      if (actor === undefined) return false;
      take(actor);
      ahead = ahead.slice(1);
      return true;
    }
    function on() {
      if (step()) draw("");
      else draw(state().turns.length ? open.beyond : "");
    }
    function back() {
      const undone = steps.pop();
      if (undone) ahead.unshift(undone.actor);
      draw("");
    }
    function first() {
      ahead = [...steps.map(({ actor }) => actor), ...ahead];
      steps = [];
      draw("");
    }
    function last() {
      while (steps.length < STEPS_MAX && step());
      draw(state().turns.length ? open.beyond : "");
    }
    function again() {
      [steps, ahead] = [[], [...open.shortest]];
      draw("");
    }
    function copy() {
      const say = (text) => { status.textContent = text; };
      const copied = navigator.clipboard ? navigator.clipboard.writeText(location.href) : Promise.reject();
      copied.then(() => say(words.copied), () => say(words.in_address));
    }

    const link = () => `#finding=${open.number}&steps=${written(steps, -1)}`;
    function address() {
      try { history.replaceState(null, "", link()); } catch { location.hash = link(); }
    }
    // Opens what a link names; whether all of it is here.
    function opened(text) {
      const found = /^#finding=([1-9]\d?)&steps=([\dx,]*)$/.exec(text);
      const at = found ? findings.findIndex(({ number }) => number === Number(found[1])) : -1;
      if (at < 0) return false;
      show(at);
      for (const actor of read(found[2], Infinity)) {
        if (!take(actor)) return false;
        ahead = ahead[0] === actor ? ahead.slice(1) : [];
      }
      return true;
    }

    // The step after which harm could no longer be avoided, and the one that showed it.
    function harm() {
      const before = states()[0].sealed ? 0 : -1;
      const sealed = before === 0 ? -1 : steps.findIndex(({ to }) => states()[to].sealed);
      const shown = steps.findIndex(({ to }) => states()[to].harms.length > 0);
      return { always: before === 0, sealed, shown, texts: shown < 0 ? [] : states()[steps[shown].to].harms };
    }
    function news({ sealed, shown, texts }) {
      const at = steps.length - 1;
      if (at < 0) return filled(words.begin, { steps: open.shortest.length });
      const said = [filled(words.taken, { step: at + 1, who: open.actors[steps[at].actor], what: spoken(steps[at]) })];
      if (sealed === at && shown !== at) said.push(words.sealed);
      if (shown === at) said.push(filled(words.harm_shows, { what: texts.join(" ") }));
      if (state().turns.length === 0 && shown < 0) said.push(words.ended_sound);
      return said.join(" ");
    }
    function draw(message) {
      const found = harm();
      drawCode();
      drawTurns();
      drawCells();
      drawHarm(found);
      drawSteps(found);
      status.textContent = message || news(found);
    }
    function drawCode() {
      const run = new Set(steps.length ? steps[steps.length - 1].lines : []);
      const at = new Map();
      state().threads.forEach((thread, actor) => {
        if (thread && thread.line) at.set(thread.line, [...(at.get(thread.line) || []), actor]);
      });
      let marked = null, before = null;
      listing.replaceChildren(...code.flatMap(([number, text]) => {
        const there = at.get(number) || [];
        const row = make(
          "div", { class: `line${run.has(number) ? " run" : ""}${there.length ? " at" : ""}` },
          make("span", { class: "number" }, String(number)),
          make("span", { class: "who" }, ...there.map((actor) => make("span", { class: "mark", title: open.actors[actor] }, String(actor + 1)))),
          make("code", {}, text || " "),
        );
        if (run.has(number) || (!marked && there.length)) marked = marked && marked.classList.contains("run") ? marked : row;
        const gap = before !== null && number !== before + 1 ? [make("div", { class: "gap" }, "⋯")] : [];
        before = number;
        return [...gap, row];
      }));
      if (marked) {
        // Within the listing, which is positioned.
        const top = marked.offsetTop;
        const room = listing.clientHeight - 3 * marked.offsetHeight;
        if (top < listing.scrollTop + marked.offsetHeight || top > listing.scrollTop + room) {
          listing.scrollTop = Math.max(0, top - listing.clientHeight / 3);
        }
      }
    }
    function drawTurns() {
      Array.from(turns.children).forEach((button, actor) => {
        const it = turn(actor);
        const thread = state().threads[actor];
        const can = it !== undefined && it.to !== undefined;
        button.setAttribute("aria-disabled", String(!can));
        button.classList.toggle("shown", can && nextActor() === actor && ahead.length > 0);
        button.hidden = !thread && !it;
        button.querySelector(".next").textContent = it && !can ? words.out : thread ? thread.does : words.not_there;
      });
    }
    function drawCells() {
      const then = states()[steps.length ? steps[steps.length - 1].from : place()], now = state();
      const known = (of, actor) => (of.threads[actor] ? of.threads[actor].known : "");
      const rows = [
        ...open.labels.map((label, row) => [label, now.values[row], then.values[row]]),
        ...open.actors.map((name, actor) => [capitalised(name), known(now, actor), known(then, actor)]),
      ].filter(([, value, old]) => value !== "" || old !== "");
      cells.replaceChildren(...rows.map(([name, value, old]) => make(
        "tr", {}, make("th", { scope: "row" }, name),
        make("td", {}, value || words.not_there, ...(value === old ? [] : [" ", make("em", { class: "changed" }, words.changed)])),
      )));
    }
    function drawHarm({ always, sealed, shown, texts }) {
      const items = [];
      if (shown >= 0) items.push(filled(words.shown_at, { step: shown + 1, what: texts.join(" ").replace(/\.$/, "") }));
      if (sealed >= 0 && sealed !== shown) items.unshift(filled(words.sealed_since, { step: sealed + 1 }));
      if (always && shown < 0) items.push(words.sealed);
      harmful.replaceChildren(...(items.length
        ? items.map((text) => make("li", {}, make("strong", { class: "sign" }, "✖ "), text))
        : [make("li", { class: "sound" }, words.sound)]));
    }
    function drawSteps({ sealed, shown }) {
      const columns = Math.max(...steps.map(({ actor }) => actor + 1), Math.min(2, open.actors.length));
      // With more threads than that a column is too narrow for code.
      list.style.setProperty("--actors", String(columns > 3 ? 1 : columns));
      list.replaceChildren(...steps.map(({ actor, lines, notes }, at) => {
        const sign = shown === at ? words.sign_shown : sealed === at ? words.sign_sealed : "";
        const signed = sign ? [make("strong", { class: "sign" }, `✖ ${sign} `)] : [];
        const rows = lines.map((number) => make("span", { class: "ran" }, `${number} `, make("code", {}, (source.get(number) || "").trim())));
        return make(
          "li", { class: sign ? "harm" : "", style: `--actor: ${columns > 3 ? 1 : actor + 1}` },
          make("span", { class: "number" }, String(at + 1)),
          make("span", { class: "step" }, ...signed, make("b", {}, open.actors[actor]), ...rows, ...notes.map((note) => make("span", { class: "ran" }, note))),
        );
      }));
      past.hidden = steps.length === 0;
      past.scrollTop = past.scrollHeight;
    }

    function build() {
      choice.append(...findings.map(({ number, title }, at) => make("option", { value: at }, `${number}. ${title}`)));
      const help = make("p", { class: "keys" }, ...words.keys.split(/\{([^}]+)\}/).map((text, at) => (at % 2 ? make("kbd", {}, text) : text || " ")));
      const field = make("div", { class: "field" }, make("label", { for: choice.id }, words.finding), choice);
      root.querySelector("noscript").remove();
      root.append(findings.length > 1 ? field : make("p", {}, make("strong", {}, `${open.number}. ${open.title}`)));
      root.append(
        about,
        make("div", { class: "board" },
          make("div", { class: "left" }, listing),
          make("div", { class: "right" }, tools, turns, status, harmful,
            make("table", { class: "cells" }, make("caption", {}, words.values), cells), past)),
        help,
      );
    }

    const keys = { ArrowRight: on, ArrowLeft: back, Home: first, End: last, r: again };
    addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      // Lists and what scrolls have these keys for themselves.
      const inside = root.contains(event.target);
      if (event.target.closest && event.target.closest("select, .code, .past")) return;
      if (!inside && (event.key === "Home" || event.key === "End")) return;
      if (/^[1-9]$/.test(event.key)) press(Number(event.key) - 1);
      else if (keys[event.key]) keys[event.key]();
      else return;
      event.preventDefault();
      address();
    });
    root.addEventListener("click", (event) => { if (event.target.closest(".turn, .tools")) address(); });
    root.addEventListener("change", address);
    root.tabIndex = -1;
    build();
    show(0);
    draw("");
    const enter = () => {
      if (!location.hash.startsWith("#finding=")) return;
      const found = opened(location.hash);
      draw(found ? "" : words.bad_link);
      root.scrollIntoView();
      root.focus({ preventScroll: true });
    };
    addEventListener("hashchange", enter);
    enter();
  }

  for (const root of document.querySelectorAll(".walk")) {
    try {
      start(root);
    } catch (error) {
      root.append(failed(root));
      console.error(`walk ${root.id}: ${error}`);
    }
  }
})();
