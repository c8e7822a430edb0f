// Runs inside a report. Returns how much was drawn, and a sentence for everything that is wrong.
const problems = [];
const charts = Array.from(document.querySelectorAll(".chart"));
const timelines = Array.from(document.querySelectorAll(".timeline"));
let points = 0;

const channels = (colour) => (colour.match(/[\d.]+/g) || []).slice(0, 3).map(Number);
const luminance = (colour) => {
  const [r, g, b] = channels(colour).map((value) => {
    const part = value / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one, other) => {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};

const paper = getComputedStyle(document.body).backgroundColor;
const isDark = luminance(paper) < 0.2;
if (isDark !== matchMedia("(prefers-color-scheme: dark)").matches) {
  problems.push(`the page is ${paper}, not of the colours asked for`);
}
if (!document.title || !["en", "fr"].includes(document.documentElement.lang) || document.querySelectorAll("h1").length !== 1) {
  problems.push("title, language or heading is missing");
}
// What is too wide makes a phone show the page smaller, and `innerWidth` larger: this one stays.
const room = document.documentElement.clientWidth;
if (document.documentElement.scrollWidth > room) {
  const wide = Array.from(document.body.querySelectorAll("*"))
    .filter((element) => element.getBoundingClientRect().right > room + 1 && !element.closest(".wide, svg"))
    .map((element) => element.id || element.className || element.tagName);
  problems.push(`wider than the screen: ${document.documentElement.scrollWidth} of ${room} px (${wide.slice(0, 3)})`);
}

for (const chart of charts) {
  const wrong = (what) => problems.push(`chart ${chart.id}: ${what}`);
  if (!chart.classList.contains("js-plotly-plot") || !chart._fullData) {
    wrong("not drawn");
    continue;
  }
  const expected = chart.dataset.points ? chart.dataset.points.split(",").map(Number) : [];
  const found = chart._fullData.map((trace) => trace._length || 0);
  points += found.reduce((sum, count) => sum + count, 0);
  if (expected.join() !== found.join()) {
    wrong(`has ${found.join()} points in its traces, expected ${expected.join()}`);
  }
  const full = expected.filter((count) => count > 0).length;
  const drawn = chart.querySelectorAll(".scatterlayer .trace, .barlayer .trace");
  if (drawn.length < full) wrong(`${drawn.length} of ${full} traces are in the picture`);
  for (const trace of drawn) {
    const marks = Array.from(trace.querySelectorAll("path"));
    if (!marks.some((path) => (path.getAttribute("d") || "").length > 4)) wrong("a trace without a mark");
  }
  const box = chart.querySelector(".main-svg").getBoundingClientRect();
  if (box.width < 250 || box.height < 150) wrong(`is ${box.width} × ${box.height} px`);
  if (box.right > room + 1) wrong("is wider than the screen");
  const texts = Array.from(chart.querySelectorAll("svg text"));
  for (const text of texts) {
    if (/NaN|undefined|Infinity/.test(text.textContent)) wrong(`says ${text.textContent}`);
  }
  const label = chart.querySelector(".xtick text, .ytick text");
  if (full > 0 && !label) wrong("has no labels on its axes");
  if (label && contrast(getComputedStyle(label).fill, paper) < 4) wrong("its labels are hard to read");
  if (full > 1 && chart._fullLayout.showlegend && !chart.querySelector(".legend .legendtoggle")) {
    wrong("has no legend to choose from");
  }
  const zooms = chart._fullLayout.dragmode === "zoom" || chart.querySelector(".modebar-btn[data-attr=zoom]");
  if (!zooms || !chart.querySelector(".nsewdrag")) wrong("cannot be zoomed");
  const curve = expected.findIndex((count) => count > 0);
  if (curve >= 0) {
    Plotly.Fx.hover(chart, [{ curveNumber: curve, pointNumber: 0 }]);
    if (!chart.querySelector(".hoverlayer *")) wrong("says nothing when pointed at");
    Plotly.Fx.unhover(chart);
  }
}

// A table that goes on to the right says so: by a shadow, by a line of text, and to who listens.
document.querySelectorAll(".wide").forEach((table, at) => {
  const said = table.nextElementSibling;
  const scrolls = table.scrollWidth > table.clientWidth;
  const shown = said.classList.contains("scrolls") && said.getBoundingClientRect().height > 10;
  if (scrolls !== shown) problems.push(`table ${at + 1}: ${scrolls ? "scrolls and does not say so" : "says that it scrolls"}`);
  if (scrolls && table.getAttribute("aria-describedby") !== said.id) problems.push(`table ${at + 1}: does not name what it says`);
  if (!getComputedStyle(table).backgroundImage.includes("gradient")) problems.push(`table ${at + 1}: has no shadow`);
});

for (const timeline of timelines) {
  const rows = Array.from(timeline.querySelectorAll("tbody tr"));
  const title = timeline.querySelector("h3").textContent;
  if (rows.length !== Number(timeline.dataset.steps)) {
    problems.push(`timeline ${title}: ${rows.length} rows, expected ${timeline.dataset.steps}`);
  }
  if (rows.some((row) => row.getBoundingClientRect().height < 10 || !row.querySelector(".done"))) {
    problems.push(`timeline ${title}: a row without its step`);
  }
  for (const row of timeline.querySelectorAll(".harm")) {
    const sign = row.querySelector(".sign");
    if (!sign || !/\p{L}/u.test(sign.textContent)) problems.push(`timeline ${title}: harm shown by colour alone`);
  }
}

return { charts: charts.length, points, timelines: timelines.length, problems };
