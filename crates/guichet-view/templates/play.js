// Lets the reader decide who goes next. Each element `.play` has its data in the script `data-…`
// beside it: every state that there is, the steps that lead on from it, and who must wait. This
// script only follows them; it knows nothing of what a step does.
(() => {
  const { decoded, written, read, make, capitalised, filled, failed } = game;

  function start(root) {
    const data = JSON.parse(document.getElementById(`data-${root.id}`).textContent);
    const cases = data.cases.map(([name, from, requests, graph]) => ({ name, from, requests, graph }));
    // What is open: a case under a guard, the steps taken, and those that were undone.
    let open = cases[0], guard = 0, steps = [], undone = [];
    const worker = () => open.requests.length;
    const { words } = data;
    const who = (actor) => (actor === worker() ? words.worker : filled(words.client, { client: actor + 1 }));
    // The same as the subject of a sentence.
    const subject = (actor) => (actor === worker() ? words.the_worker : filled(words.the_client, { client: actor + 1 }));
    const states = () => (open.states ||= open.graph ? decoded(open.graph, data) : []);
    const place = () => (steps.length ? steps[steps.length - 1].to : 0);
    const state = () => states()[place()];
    const hold = (at) => states()[at].holds[guard];
    const move = (actor) => state().moves.find((it) => it.actor === actor);

    // Why somebody can take no step; nothing if it can.
    function obstacle(actor) {
      if (!move(actor)) return actor === worker() ? words.no_job : words.no_request;
      return hold(place())[1].includes(actor) ? data.guards[guard].waits : "";
    }
    function take(actor) {
      if (obstacle(actor)) return false;
      steps.push({ ...move(actor), from: place() });
      return true;
    }
    // The harms on the way so far: each with the step that sealed it, and the one that showed it.
    function harms() {
      return data.harms.map(([name, about], harm) => {
        const sealed = steps.findIndex(({ to }) => hold(to)[2].includes(harm));
        const shown = steps.findIndex(({ to }) => states()[to].broken.some((it) => it.harm === harm));
        const found = shown >= 0 && states()[steps[shown].to].broken.find((it) => it.harm === harm);
        return { name, about, sealed, shown, text: found ? found.text : "" };
      }).filter(({ sealed, shown }) => sealed >= 0 || shown >= 0);
    }

    const starts = make("select", { id: `${root.id}-start`, onchange: chosen });
    const asked = make("select", { id: `${root.id}-requests`, onchange: chosen });
    const guards = make("fieldset", { class: "guards" }, make("legend", {}, words.apart));
    const about = make("p", { class: "about" });
    const turns = make("div", { class: "turns", role: "group", "aria-label": words.next });
    const status = make("p", { class: "now", role: "status", "aria-live": "polite" });
    const cells = make("tbody");
    const harmful = make("ul", { class: "harmed" });
    const tool = (text, key, act) => make(
      "button", { type: "button", "aria-keyshortcuts": key, onclick: act }, make("kbd", {}, key), ` ${text}`,
    );
    const tools = make(
      "div", { class: "tools", role: "group", "aria-label": words.tools },
      tool(words.undo, "u", undo), tool(words.redo, "n", redo), tool(words.restart, "r", restart),
      make("button", { type: "button", onclick: copy }, words.copy),
    );
    const ways = make("div", { class: "ways", role: "group", "aria-label": words.ways });
    const list = make("ol");
    const past = make("div", { class: "past", tabindex: "0", role: "region", "aria-label": words.steps }, list);
    const command = make("p", { class: "command" });
    const tooLarge = make("p", { class: "left-out" });

    function chosen() {
      const from = Number(starts.value);
      show(cases.find((it) => it.from === from && it.requests.join() === asked.value), guard);
      draw("");
    }
    function show(it, under) {
      [open, guard, steps, undone] = [it, under, [], []];
      starts.value = String(open.from);
      asked.value = open.requests.join();
      guards.querySelectorAll("input")[guard].checked = true;
      const buttons = open.requests.map((request, actor) => [String(actor + 1), filled(words.button, { client: actor + 1, request })]);
      turns.replaceChildren(...[...buttons, ["w", words.worker]].map(([key, text], actor) => make(
        "button", { type: "button", class: "turn", "aria-keyshortcuts": key, onclick: () => press(actor) },
        make("span", {}, make("kbd", {}, key), " ", make("strong", {}, text)), make("span", { class: "next" }),
      )));
    }
    // The same steps under another guard, as far as it lets them be taken.
    function guarded(under) {
      const wanted = steps.map(({ actor }) => actor);
      show(open, under);
      if (open.graph) follow(wanted);
    }
    // Takes these steps, and says where that ended if it was not at the last one.
    function follow(actors) {
      for (const actor of actors) {
        const why = actor <= worker() ? obstacle(actor) : words.absent;
        if (why) {
          draw(filled(words.stopped, { step: steps.length + 1, steps: actors.length, who: subject(actor), why }));
          return;
        }
        take(actor);
      }
      draw("");
    }
    function press(actor) {
      if (!open.graph || actor > worker()) return;
      const why = obstacle(actor);
      if (why) return draw(capitalised(filled(words.refused, { who: subject(actor), why })));
      take(actor);
      undone = [];
      draw("");
    }
    function undo() {
      const last = steps.pop();
      if (last) undone.push(last);
      draw(last ? filled(words.undone, { who: subject(last.actor), what: last.text }) : words.not_undone);
    }
    function redo() {
      const next = undone.pop();
      if (next) steps.push(next);
      draw(next ? "" : words.not_redone);
    }
    function restart() {
      undone = [...undone, ...steps.reverse()];
      steps = [];
      draw("");
    }
    function copy() {
      const say = (text) => { status.textContent = text; };
      address();
      const copied = navigator.clipboard ? navigator.clipboard.writeText(location.href) : Promise.reject();
      copied.then(() => say(words.copied), () => say(words.in_address));
    }

    const link = () => `#with=${data.guards[guard].name}&play=${open.name}:${written(steps, worker())}`;
    function address() {
      try { history.replaceState(null, "", link()); } catch { location.hash = link(); }
    }
    // Opens what a link names; whether there is such a case.
    function opened(text) {
      const found = /^#with=([^&]*)&play=([^:]*:[^:]*):(.*)$/.exec(decodeURI(text));
      const it = found && cases.find(({ name }) => name === found[2]);
      const under = found ? data.guards.findIndex(({ name }) => name === found[1]) : -1;
      if (!it || under < 0) return false;
      show(it, under);
      if (open.graph) follow(read(found[3], worker()));
      else draw("");
      return true;
    }

    // What is said of the last step, unless something else is to be said.
    function news(found) {
      const at = steps.length - 1;
      if (at < 0) return words.begin;
      const sentences = [filled(words.taken, { step: at + 1, who: subject(steps[at].actor), what: steps[at].text })];
      for (const { name, sealed, shown, text } of found) {
        if (sealed === at && shown !== at) sentences.push(filled(words.sealed, { kind: name }));
        if (shown === at) sentences.push(filled(words.harm_shows, { what: text }));
      }
      if (state().moves.length === 0) {
        sentences.push(found.length ? words.ended : words.ended_sound);
      }
      return sentences.join(" ");
    }
    function draw(message) {
      about.textContent = `${capitalised(data.starts[open.from][1])}. ${data.guards[guard].about}`;
      root.classList.toggle("too-large", !open.graph);
      const text = `guichet race ${data.guards[guard].flags}--replay '${open.name}:${written(steps, worker()) || "1"}'`;
      command.replaceChildren(`${words.terminal} `, make("code", {}, text));
      command.hidden = open.graph && steps.length === 0;
      tooLarge.textContent = open.graph ? "" : data.left_out;
      if (!open.graph) return;
      const found = harms();
      drawTurns();
      drawCells();
      drawHarms(found);
      drawSteps(found);
      drawWays();
      status.textContent = message || news(found);
    }
    function drawTurns() {
      Array.from(turns.children).forEach((button, actor) => {
        const why = obstacle(actor);
        button.setAttribute("aria-disabled", String(why !== ""));
        button.querySelector(".next").textContent = why || move(actor).text;
      });
    }
    function drawCells() {
      const before = steps.length ? states()[steps[steps.length - 1].from] : state();
      const shown = open.graph.labels.map((label, row) => [label, state().rows[row], before.rows[row]]);
      const { label } = data.guards[guard];
      const holder = (at) => data.texts[hold(at)[0]];
      const from = steps.length ? steps[steps.length - 1].from : 0;
      if (label) shown.unshift([label, holder(place()), holder(from)]);
      cells.replaceChildren(...shown.map(([name, now, then]) => make(
        "tr", {}, make("th", { scope: "row" }, name),
        make("td", {}, now, ...(now === then ? [] : [" ", make("em", { class: "changed" }, words.changed)])),
      )));
    }
    // The name of a harm stands out, wherever in its sentence it is.
    function sealedSince(name, why, at) {
      const sign = make("strong", { class: "sign" }, `✖ ${name}`);
      if (at < 0) return [sign];
      const [before, after] = words.sealed_since.split("{kind}").map((text) => filled(text, { step: at + 1, why }));
      return [before, sign, after];
    }
    function drawHarms(found) {
      const items = found.map(({ name, about: why, sealed, shown, text }) => make(
        "li", {}, ...sealedSince(name, why, sealed === shown ? -1 : sealed),
        shown >= 0 ? ` ${filled(words.shown_at, { step: shown + 1, what: text })}` : "",
      ));
      const canBe = open.graph.ways.some(([under]) => under === guard);
      const sound = canBe ? words.sound_yet : words.sound;
      harmful.replaceChildren(...(items.length ? items : [make("li", { class: "sound" }, sound)]));
    }
    function drawSteps(found) {
      const columns = steps.some(({ actor }) => actor === worker()) ? worker() + 1 : worker();
      list.style.setProperty("--actors", String(columns));
      list.replaceChildren(...steps.map(({ actor, text }, at) => {
        const signs = found.flatMap(({ sealed, shown }) => [
          ...(sealed === at && shown !== at ? [`✖ ${words.sign_sealed}`] : []), ...(shown === at ? [`✖ ${words.sign_shown}`] : []),
        ]);
        const sign = signs.length ? [make("strong", { class: "sign" }, `${signs[0]} `)] : [];
        return make(
          "li", { class: signs.length ? "harm" : "", style: `--actor: ${actor + 1}` },
          make("span", { class: "number" }, String(at + 1)), make("span", { class: "step" }, ...sign, make("b", {}, who(actor)), ` ${text}`),
        );
      }));
      past.hidden = steps.length === 0;
      past.scrollTop = past.scrollHeight;
    }
    function drawWays() {
      const mine = open.graph.ways.filter(([under]) => under === guard);
      const buttons = mine.map(([, , way, text]) => {
        const actors = read(way, worker());
        return make("button", { type: "button", onclick: () => { [steps, undone] = [[], []]; follow(actors); address(); } }, text);
      });
      ways.replaceChildren(...(buttons.length ? buttons : [words.no_way]));
    }

    function build() {
      starts.append(...data.starts.map(([name, what], at) => make("option", { value: at }, `${name}: ${what}`)));
      for (const [count, label] of [[2, words.two_clients], [3, words.three_clients]]) {
        const mine = new Set(cases.map((it) => it.requests).filter((it) => it.length === count).map((it) => it.join()));
        asked.append(make("optgroup", { label }, ...Array.from(mine, (it) => make("option", { value: it }, it.replaceAll(",", ", ")))));
      }
      guards.append(...data.guards.map(({ title }, at) => make(
        "label", {}, make("input", { type: "radio", name: `${root.id}-guard`, value: at, onchange: () => { guarded(at); address(); } }), ` ${title}`,
      )));
      const field = (text, control) => make("div", { class: "field" }, make("label", { for: control.id }, text), control);
      const help = make("p", { class: "keys" }, ...words.keys.split(/\{(\w)\}/).map((text, at) => (at % 2 ? make("kbd", {}, text) : text || " ")));
      root.querySelector("noscript").remove();
      root.append(
        make("div", { class: "choices" }, field(words.start, starts), field(words.requests, asked), guards), about, tooLarge,
        make("div", { class: "board" },
          turns, status, tools,
          make("table", { class: "cells" }, make("caption", {}, words.rows), cells),
          make("div", { class: "course" }, harmful, past), ways),
        help,
        command,
      );
    }

    const keys = { u: undo, n: redo, r: restart };
    root.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !open.graph) return;
      const digit = /^[1-9]$/.test(event.key);
      // A letter in a list chooses from the list; a number leaves it, so that letters are keys again.
      const listed = event.target.closest("select");
      if (listed && !digit) return;
      if (listed) turns.firstElementChild.focus();
      if (digit) press(Number(event.key) - 1 < worker() ? Number(event.key) - 1 : Infinity);
      else if (event.key === "w") press(worker());
      else if (keys[event.key]) keys[event.key]();
      else return;
      event.preventDefault();
      address();
    });
    // A press changes the link; the choice does too.
    root.addEventListener("click", (event) => { if (event.target.closest(".turn, .tools")) address(); });
    root.addEventListener("change", address);
    // So that a click anywhere in it makes it hear keys.
    root.tabIndex = -1;
    build();
    show(open, guard);
    draw("");
    const enter = () => {
      if (!location.hash.startsWith("#with=")) return;
      let found = false;
      try { found = opened(location.hash); } catch { /* No link of ours is written so. */ }
      root.scrollIntoView();
      root.focus({ preventScroll: true });
      if (!found) status.textContent = words.bad_link;
    };
    addEventListener("hashchange", enter);
    enter();
  }

  for (const root of document.querySelectorAll(".play:not(.walk)")) {
    try {
      start(root);
    } catch (error) {
      root.append(failed(root));
      console.error(`play ${root.id}: ${error}`);
    }
  }
})();
