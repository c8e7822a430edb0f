"use strict";
// What the numbers and letters of a played race stand for: its states, and schedules as text.
const game = (() => {
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const MORE = 32;

  // The states of a case: the numbers of each are written one after the other, in the order
  // rows, harms with how many steps, holds, and for each step which one and how much further on.
  function decoded(graph, data) {
    const { texts } = data;
    const written = data.states[graph.states];
    const guarded = data.guarded[graph.guarded];
    const states = [];
    let at = 0;
    const next = () => {
      let number = 0, worth = 1, digit;
      do {
        digit = DIGITS.indexOf(written[at++]);
        number += (digit % MORE) * worth;
        worth *= MORE;
      } while (digit >= MORE);
      return number;
    };
    while (at < written.length) {
      const rows = graph.rows[next()].map((text) => texts[text]);
      const both = next();
      const broken = graph.broken[Math.floor(both / graph.most)].map(([harm, text]) => ({ harm, text: texts[text] }));
      const holds = guarded[next()].map((hold) => data.holds[hold]);
      const moves = Array.from({ length: both % graph.most }, () => {
        const [actor, text] = graph.steps[next()];
        return { actor, text: texts[text], to: states.length + next() };
      });
      states.push({ rows, broken, holds, moves });
    }
    return states;
  }

  // Who took each step, as in a schedule: 1x6,2x10,w.
  function written(steps, worker) {
    const runs = [];
    for (const { actor } of steps) {
      const last = runs[runs.length - 1];
      if (last && last.actor === actor) last.count += 1;
      else runs.push({ actor, count: 1 });
    }
    const name = (actor) => (actor === worker ? "w" : String(actor + 1));
    return runs.map(({ actor, count }) => name(actor) + (count > 1 ? `x${count}` : "")).join(",");
  }
  // And back; what is no schedule ends where it stops being one.
  function read(text, worker) {
    const actors = [];
    for (const run of text.split(",")) {
      const found = /^([1-9]|w)(?:x([1-9]\d{0,2}))?$/.exec(run);
      if (!found) break;
      const actor = found[1] === "w" ? worker : Number(found[1]) - 1;
      for (let count = Number(found[2] || 1); count > 0; count -= 1) actors.push(actor);
    }
    return actors;
  }

  function make(tag, given = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(given)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }
  const capitalised = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  // A sentence with what its braces stand for.
  const filled = (text, given) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in given ? String(given[name]) : whole));

  // What is said of a part that does not start, unless not even that can be read.
  function failed(root) {
    try {
      return JSON.parse(document.getElementById(`data-${root.id}`).textContent).words.failed;
    } catch {
      return "✖";
    }
  }

  return { decoded, written, read, make, capitalised, filled, failed };
})();
