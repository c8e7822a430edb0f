// The log as it happens: the newest in front, so many lines at most. What comes faster than it is drawn is let go.

/// Lines that are shown, and that wait to be drawn.
const LINES = 200;

export class Log {
  /// `listen` is told what is looked for whenever that changes.
  constructor(words, listen) {
    const at = (id) => document.getElementById(id);
    Object.assign(this, { words, listen, rows: at("log-rows"), left: at("log-missed"), pause: at("log-pause"), form: at("log-filter") });
    Object.assign(this, { waiting: [], drawing: false, paused: false, count: 0 });
    this.number = new Intl.NumberFormat(words.locale, { maximumSignificantDigits: 3 });
    this.pause.addEventListener("click", () => this.stop(!this.paused));
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.begin(); });
    this.form.elements.kind.addEventListener("change", () => this.begin());
    at("log-panel").hidden = false;
  }

  /// Listens for what the form says.
  begin() {
    this.rows.replaceChildren();
    this.waiting = [];
    this.count = 0;
    this.left.textContent = "";
    const fields = [...new FormData(this.form)].map(([name, value]) => [name, value.trim()]);
    this.listen(Object.fromEntries(fields.filter(([, value]) => value !== "")));
  }

  stop(paused) {
    this.paused = paused;
    this.pause.setAttribute("aria-pressed", paused);
    this.pause.textContent = paused ? this.words.go : this.words.pause;
  }

  missed(entries) {
    this.count += entries;
    this.left.textContent = this.words.missed.replace("0", this.number.format(this.count));
  }

  add(entry) {
    if (this.paused || document.hidden) return;
    this.waiting.push(entry);
    if (this.waiting.length > LINES) this.missed(this.waiting.splice(0, this.waiting.length - LINES).length);
    if (this.drawing) return;
    this.drawing = true;
    requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.drawing = false;
    const box = this.rows.closest(".log");
    const [before, isAtTop] = [box.scrollHeight, box.scrollTop === 0];
    this.rows.prepend(...this.waiting.reverse().map((entry) => this.row(entry)));
    this.waiting = [];
    while (this.rows.children.length > LINES) this.rows.lastChild.remove();
    // Whoever reads further down stays there.
    if (!isAtTop) box.scrollTop += box.scrollHeight - before;
  }

  row(entry) {
    const row = document.createElement("tr");
    const cell = (content, kind) => {
      const made = document.createElement("td");
      if (content !== null && content !== undefined) made.append(content);
      if (kind) made.className = kind;
      row.append(made);
    };
    cell(entry.at.slice(11, 23));
    const kind = this.words.kinds[entry.kind] ?? entry.kind;
    cell(entry.reason ? this.words.why.replace("0", kind).replace("1", entry.reason) : kind, entry.kind);
    cell(entry.action);
    cell(entry.server && this.link(entry.server));
    cell(entry.project_name);
    const took = entry.service_ms ?? entry.wait_ms;
    cell(took == null ? "" : `${this.number.format(took)} ms`, "figure");
    cell(entry.request && this.request(entry.request));
    return row;
  }

  link(server) {
    const link = document.createElement("a");
    link.href = `/console/servers/${encodeURIComponent(server)}`;
    link.textContent = server.slice(0, 8);
    return link;
  }

  request(id) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = id.slice(0, 12);
    button.title = id;
    button.addEventListener("click", () => { this.form.elements.request.value = id; this.begin(); });
    return button;
  }
}
