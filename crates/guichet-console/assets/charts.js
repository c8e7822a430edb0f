// Charts of the last minutes, drawn by uPlot, in the page's colours.

const HEIGHT = 184;
const COLOURS = ["--one", "--two", "--three", "--four", "--five", "--six"];

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/// Where a value stands between two gaps: no line leads to it, so that a point has to show it.
const alone = (plot, number) => {
  const values = plot.data[number];
  const found = [];
  for (const [at, value] of values.entries()) {
    if (value != null && values[at - 1] == null && values[at + 1] == null) found.push(at);
  }
  return found;
};

/// A chart in an element, with the script's words: `series` are names and, if they have one, the number of their colour.
export class Chart {
  constructor(element, words, series) {
    const { locale } = words;
    Object.assign(this, { element, words, series, data: [[], ...series.map(() => [])] });
    const figure = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3, notation: "compact" });
    this.figure = (value) => (value == null ? "–" : figure.format(value));
    const time = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
    this.time = (seconds) => time.format(new Date(seconds * 1_000));
    this.draw();
    new ResizeObserver(() => {
      if (element.clientWidth !== this.plot.width) this.plot.setSize({ width: element.clientWidth, height: HEIGHT });
    }).observe(element);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  draw() {
    this.plot?.destroy();
    const axis = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 }, font: "12px system-ui, sans-serif" };
    const line = ([name, number], at) => {
      const stroke = colour(COLOURS[(number ?? at) % COLOURS.length]);
      return {
        label: name, stroke, width: 1.75, spanGaps: false,
        points: { show: false, filter: alone, size: 7, width: 0, fill: stroke }, value: (_, value) => this.figure(value),
      };
    };
    this.plot = new uPlot({
      width: this.element.clientWidth || 320, height: HEIGHT,
      legend: { markers: { fill: (_, at) => (at > 0 ? line(this.series[at - 1], at - 1).stroke : "transparent"), width: 0 } },
      cursor: { y: false, drag: { x: false, y: false } },
      scales: { y: { range: (_, __, most) => [0, most > 0 ? most * 1.08 : 1] } },
      axes: [
        { ...axis, size: 32, space: 90, values: (_, marks) => marks.map(this.time) },
        { ...axis, size: 60, ticks: { ...axis.ticks, size: 4 }, values: (_, marks) => marks.map(this.figure) },
      ],
      series: [{ label: this.words.time, value: (_, value) => (value == null ? "" : this.time(value)) }, ...this.series.map(line)],
    }, this.data, this.element);
    this.show();
  }

  /// What it shows from now on: times, then a list of values for each of its series.
  set(data) {
    this.data = data;
    if (!document.hidden) this.plot.setData(data);
    this.show();
  }

  /// Nobody points at it: the legend says how things stand.
  show() {
    const last = this.data[0].length - 1;
    if (last >= 0 && this.plot.cursor.idx == null) this.plot.setLegend({ idx: last });
  }
}
