// The overview: samples come once a second in the stream; hosts and statuses are asked for now and then.
import { Chart } from "./charts.js";
import { Log } from "./log.js";
import { open } from "./stream.js";

/// Seconds that charts show, and how often the rest is asked for.
const WINDOW = 300;
const ASK_MS = 5_000;

const OUTCOMES = ["accepted", "refused", "succeeded", "failed", "cancelled"];
const ACTIONS = ["create", "reboot", "delete", "start", "stop"];
const PERCENTILES = ["p50", "p95", "p99"];

const element = (name, text, attributes = {}) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

/// How often a sample has what is asked for, in a second.
const rate = (sample, of) => of(sample) / Math.max(sample.seconds, 0.001);
const sum = (rows, fits) => rows.reduce((all, row) => (fits(row) ? all + row.count : all), 0);
const outcome = (sample, name) => (name === "refused"
  ? sum(sample.refused ?? [], () => true)
  : sum(sample.operations ?? [], (row) => row.outcome === name));
const isAction = (row, name) => row.action === name || (name === "reboot" && row.action === "reboot_hard");
const action = (sample, name) => sum(sample.operations ?? [], (row) => row.outcome === "accepted"
  && (name === null ? !ACTIONS.some((known) => isAction(row, known)) : isAction(row, name)));

export const start = (root) => {
  const words = JSON.parse(root.dataset.words);
  const at = (id) => document.getElementById(id);
  const number = new Intl.NumberFormat(words.locale, { maximumSignificantDigits: 3 });
  const whole = new Intl.NumberFormat(words.locale);
  const time = (ms) => (ms == null ? "–" : ms < 1_000 ? `${number.format(ms)} ms` : `${number.format(ms / 1_000)} s`);
  let samples = [], stats = null, charts = null, close = null;

  const bars = (id, rows) => {
    const list = element("dl", undefined, { class: "bars" });
    for (const { name, note, value, most, text, isPart } of rows) {
      const row = element("div");
      const label = element("dt"), bar = element("dd");
      label.append(element("b", name));
      if (note) label.append(" ", element("span", note, { class: "soft" }));
      bar.append(element("meter", undefined, { min: 0, max: Math.max(most, 1), high: Math.max(most, 1) * (isPart ? 1 : 0.9), value, "aria-label": `${name}: ${text}` }));
      row.append(label, bar, element("dd", text, { class: "figure" }));
      list.append(row);
    }
    at(id).replaceChildren(list);
    at(`${id}-panel`).hidden = rows.length === 0;
  };

  const tiles = () => {
    const last = samples.at(-1);
    if (!last || !stats) return;
    const rows = [];
    if (last.operations) {
      rows.push([words.requests, number.format(rate(last, (it) => outcome(it, "accepted") + outcome(it, "refused")))]);
    }
    const isAll = Boolean(stats.hosts);
    rows.push([words.running, whole.format(last.in_flight), isAll ? stats.permits.service : stats.permits.per_project]);
    rows.push([words.waiting, whole.format(last.waiting), stats.queue.bound]);
    const oldest = Math.max(...last.projects.map((it) => it.oldest_s ?? 0), 0);
    rows.push([words.oldest, oldest > 0 ? time(oldest * 1_000) : "–"]);
    if (last.operations) {
      rows.push([words.wait95, time(last.wait?.p95_ms)], [words.service95, time(last.service?.p95_ms)]);
      rows.push([words.servers, whole.format(last.servers)]);
    }
    const shown = rows.map(([name, value, most]) => {
      const tile = element("li"), figure = element("b", value);
      if (most !== undefined && most < 1_000_000_000) figure.append(element("small", ` / ${whole.format(most)}`));
      tile.append(element("span", name), figure);
      return tile;
    });
    at("tiles").replaceChildren(...shown);
  };

  const projects = () => {
    const last = samples.at(-1);
    if (!last || !stats) return;
    const rows = last.projects.map((it) => ({
      name: it.name, value: it.waiting, most: stats.queue.bound,
      note: [`${words.running} ${whole.format(it.in_flight)}`, it.oldest_s ? `${words.oldest} ${time(it.oldest_s * 1_000)}` : ""].filter(Boolean).join(" · "),
      text: `${whole.format(it.waiting)} / ${whole.format(stats.queue.bound)}`,
    }));
    if (last.other_projects) {
      const { projects: count, waiting, in_flight: running } = last.other_projects;
      rows.push({ name: `${words.other} (${whole.format(count)})`, value: waiting, most: stats.queue.bound, note: `${words.running} ${whole.format(running)}`, text: whole.format(waiting) });
    }
    bars("projects", rows);
  };

  const rest = () => {
    const statuses = stats.servers ?? [];
    const all = statuses.reduce((count, it) => count + it.count, 0);
    bars("statuses", statuses.filter((it) => it.count > 0).map((it) => ({
      name: it.status, value: it.count, most: all, isPart: true, text: whole.format(it.count),
    })));
    bars("hosts", (stats.hosts?.fullest ?? []).slice(0, 12).map((it) => {
      const isByMemory = it.ram_used_mib / Math.max(it.ram_mib, 1) > it.vcpus_used / Math.max(it.vcpus, 1);
      const [used, most, unit] = isByMemory ? [it.ram_used_mib, it.ram_mib, "MiB"] : [it.vcpus_used, it.vcpus, "vCPU"];
      return { name: it.name, note: words.hosts[it.state] ?? words.hosts[it.status] ?? "", value: used, most, text: `${whole.format(used)} / ${whole.format(most)} ${unit}` };
    }));
  };

  const draw = () => {
    const last = samples.at(-1);
    if (!last) return;
    if (!charts) {
      at("charts").hidden = false;
      const chart = (id, series) => [id, new Chart(at(id), words, series)];
      // A project's own users see what is theirs: of the rest there is no chart.
      if (last.operations === null) for (const id of ["outcome", "action", "wait", "service"]) at(id).closest("figure").hidden = true;
      charts = Object.fromEntries([
        ...(last.operations === null ? [] : [
          chart("outcome", OUTCOMES.map((name, n) => [words.kinds[name], [0, 1, 3, 4, 5][n]])),
          chart("action", [...ACTIONS.map((name, n) => [name, n]), [words.other, 5]]),
          chart("wait", PERCENTILES.map((name, n) => [name, [3, 2, 1][n]])),
          chart("service", PERCENTILES.map((name, n) => [name, [3, 2, 1][n]])),
        ]),
        chart("queue", [[words.waiting, 0]]),
        chart("workers", [[words.running, 3]]),
      ]);
    }
    const end = Date.parse(last.at) / 1_000;
    samples = samples.filter((it) => Date.parse(it.at) / 1_000 > end - WINDOW);
    const times = samples.map((it) => Date.parse(it.at) / 1_000);
    const lines = (names, of) => [times, ...names.map((name) => samples.map((it) => of(it, name)))];
    charts.outcome?.set(lines(OUTCOMES, (it, name) => rate(it, (one) => outcome(one, name))));
    charts.action?.set(lines([...ACTIONS, null], (it, name) => rate(it, (one) => action(one, name))));
    for (const id of ["wait", "service"]) charts[id]?.set(lines(PERCENTILES, (it, name) => it[id]?.[`${name}_ms`] ?? null));
    charts.queue.set(lines(["waiting"], (it, name) => it[name]));
    charts.workers.set(lines(["in_flight"], (it, name) => it[name]));
  };

  const ask = async (since) => {
    const answer = await fetch(`/guichet/v1/stats${since === undefined ? "" : `?since=${since}`}`);
    if (!answer.ok) return;
    stats = await answer.json();
    if (since !== undefined) samples = stats.samples;
    draw();
    tiles();
    projects();
    rest();
  };
  const asked = (since) => ask(since).catch(() => { /* the stream says that there is no connection */ });

  const log = new Log(words, (parameters) => {
    close?.();
    close = open(parameters, {
      open: () => asked(0),
      stats: (sample) => {
        if (samples.length > 0 && sample.number <= samples.at(-1).number) return;
        samples.push(sample);
        if (document.hidden) return;
        draw();
        tiles();
        projects();
      },
      log: (entry) => log.add(entry),
      dropped: ({ entries }) => log.missed(entries),
    }, (state) => {
      at("live").dataset.live = state;
      at("live").textContent = words.live[state];
    });
  });
  log.begin();
  setInterval(() => { if (!document.hidden) asked(); }, ASK_MS);
};
