"use strict";
// Draws the charts. Each element `.chart` has its data in the script `data-…` beside it: traces
// that say what they are, and for each its kind and its place in the palette. Looks are made
// here: they go by the reader's colour scheme, screen and pointer.
(() => {
  const themes = {
    light: {
      ink: "#1b1f24", soft: "#59636e", line: "#e4e7eb", paper: "#ffffff", raised: "#ffffff",
      palette: ["#0072b2", "#d98200", "#00896b", "#b8578f", "#4ba3d9", "#c8480a", "#6b5fb5", "#7d7416"],
    },
    dark: {
      ink: "#e7eaee", soft: "#a3adb8", line: "#2b3239", paper: "#14171b", raised: "#1c2127",
      palette: ["#4aa8ea", "#f0b13c", "#35c69c", "#e497c5", "#9bd4fb", "#ff8a4c", "#aba0ee", "#c9bd55"],
    },
  };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const coarse = matchMedia("(pointer: coarse)").matches;
  // What a page of A4 or Letter has room for, in CSS pixels.
  const PRINTED_WIDTH = 660;
  const NARROW = 560;
  let printing = false;
  // The language of the report: what is said in it, and how it writes numbers.
  const { lang } = document.documentElement;
  const words = JSON.parse(document.getElementById("chart-words").textContent);
  const mark = (kind) => new Intl.NumberFormat(lang).formatToParts(12345.6).find((part) => part.type === kind).value;
  const separators = mark("decimal") + mark("group");

  const faded = (colour, alpha) => {
    const part = (at) => parseInt(colour.slice(at, at + 2), 16);
    return `rgba(${part(1)}, ${part(3)}, ${part(5)}, ${alpha})`;
  };

  // Whole numbers whole, others with three digits that matter.
  const shown = (value) =>
    (Number.isInteger(value) ? value : Number(value.toPrecision(3))).toLocaleString(lang);

  // Curves differ in their points too, not in colour alone; where one lies on another, the points
  // of both are seen, one around the other.
  const symbols = [
    "circle", "square-open", "diamond-open", "triangle-up-open", "triangle-down-open", "hexagon-open",
    "star-open", "pentagon-open",
  ];

  function dressed(trace, [kind, place], theme) {
    const colour = theme.palette[place % theme.palette.length];
    const line = { ...trace.line, color: colour };
    switch (kind) {
      case "bar":
        return {
          ...trace, marker: { color: colour }, textposition: "outside", cliponaxis: false,
          text: trace.y.map((value) => (value === null ? "" : shown(value))),
        };
      case "layer":
        return { ...trace, line, fillcolor: faded(colour, 0.72) };
      case "span":
        // A span is from, middle, to and a gap.
        return { ...trace, line, hovertext: trace.hovertext.flatMap((text) => [text, text, text, ""]) };
      case "mark":
        return { ...trace, marker: { color: theme.ink, size: 9, symbol: "circle-open", line: { width: 2 } } };
      default: {
        const error = trace.error_y && { ...trace.error_y, color: faded(colour, 0.65), thickness: 1.5, width: 4 };
        const symbol = symbols[place % symbols.length];
        const size = (trace.x.length > 60 ? 3 : 6) + 1.5 * (place % symbols.length);
        const marker = { color: colour, symbol, size, line: { width: 1.5, color: colour } };
        return { ...trace, line, marker, ...(error && { error_y: error }) };
      }
    }
  }

  // How many tenfolds the values on an axis reach over: of many only the tens are labelled.
  function tens(chart, name) {
    const values = chart.plot.data.flatMap((trace) => trace[name]).filter((value) => value > 0);
    const most = values.reduce((one, other) => Math.max(one, other), 1);
    return Math.log10(most / values.reduce((one, other) => Math.min(one, other), most));
  }

  function layout(chart, element, theme) {
    const given = chart.plot.layout;
    const width = printing ? PRINTED_WIDTH : element.clientWidth;
    const narrow = width < NARROW;
    const axis = (of, name, more) => ({
      ...of, automargin: true, gridcolor: theme.line, zerolinecolor: theme.line, linecolor: theme.line,
      tickfont: { color: theme.soft }, separatethousands: true, exponentformat: "none", fixedrange: false,
      title: { ...(of && of.title), font: { color: theme.soft, size: 12 }, standoff: 10 },
      ...(of && of.type === "log" && { tickformat: ",~r", dtick: tens(chart, name) > 4.5 ? 1 : "D2" }),
      ...more,
    });
    const spans = chart.kind === "spans";
    const named = chart.plot.data.filter((trace) => trace.showlegend !== false).length;
    // On paper two charts fit a page; on a phone the legend takes lines of its own.
    const high = Number(element.dataset.height) * (printing && !spans ? 0.8 : 1);
    const height = Math.round(high + (narrow && !printing && named > 1 ? 12 * named - 40 : 0));
    element.style.minHeight = `${height}px`;
    const unified = chart.kind === "curves" || chart.kind === "layers";
    const small = narrow ? 11 : 12;
    const linear = chart.kind !== "bars" && !(given.xaxis && given.xaxis.type === "log");
    return {
      ...given,
      uirevision: "kept", separators,
      width, height,
      margin: { l: narrow ? 36 : 56, r: 12, t: 30, b: 40, pad: 0 },
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: getComputedStyle(document.body).fontFamily, size: small, color: theme.ink },
      xaxis: axis(given.xaxis, "x", { showgrid: chart.kind !== "bars", zeroline: false, ...(linear && { rangemode: "nonnegative" }) }),
      yaxis: axis(given.yaxis, "y", spans ? { showgrid: false, zeroline: false, tickfont: { color: theme.soft, size: 10 } } : { zeroline: true }),
      annotations: (given.annotations || []).map((note) => ({
        ...note, font: { color: theme.ink, size: small }, bgcolor: faded(theme.paper, 0.85), borderpad: 3,
        arrowcolor: theme.soft, arrowwidth: 1, arrowhead: 0, xanchor: note.ax < 0 ? "right" : "left",
      })),
      showlegend: named > 1,
      legend: {
        orientation: "h", x: 0, xanchor: "left", yref: "container", y: 0, yanchor: "bottom",
        font: { color: theme.ink }, bgcolor: "rgba(0,0,0,0)", traceorder: "normal", itemsizing: spans ? "trace" : "constant",
      },
      hovermode: unified ? "x unified" : "closest",
      hoverlabel: { bgcolor: theme.raised, bordercolor: theme.line, font: { color: theme.ink, size: 12 } },
      dragmode: coarse ? false : "zoom",
      modebar: { bgcolor: "rgba(0,0,0,0)", color: theme.soft, activecolor: theme.ink },
      bargap: 0.25, bargroupgap: 0.06,
    };
  }

  // One that cannot be drawn says so in its place, and on the console; the others are drawn.
  function failed(element, error) {
    const said = document.createElement("p");
    said.className = "failed";
    said.textContent = words.failed;
    element.replaceChildren(said);
    console.error(`chart ${element.id}: ${error}`);
    return null;
  }

  const charts = Array.from(document.querySelectorAll(".chart"), (element) => {
    try {
      return { element, ...JSON.parse(document.getElementById(`data-${element.id}`).textContent) };
    } catch (error) {
      return failed(element, error);
    }
  }).filter((chart) => chart !== null);

  function draw(chart) {
    const theme = dark.matches && !printing ? themes.dark : themes.light;
    const { element } = chart;
    const traces = chart.plot.data.map((trace, at) => dressed(trace, chart.styles[at], theme));
    const config = {
      // A finger scrolls the page, so zooming has buttons there, always in sight.
      displaylogo: false, displayModeBar: coarse ? true : "hover",
      modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
      toImageButtonOptions: { format: "svg", filename: element.id },
      locale: "page", locales: { page: { dictionary: words.library, format: {} } },
    };
    try {
      const drawn = Plotly.react(element, traces, layout(chart, element, theme), config);
      return drawn.catch((error) => failed(element, error));
    } catch (error) {
      return failed(element, error);
    }
  }
  const drawAll = () => Promise.all(charts.map(draw));

  dark.addEventListener("change", drawAll);
  addEventListener("beforeprint", () => { printing = true; drawAll(); });
  addEventListener("afterprint", () => { printing = false; drawAll(); });
  let width = innerWidth, waiting = 0;
  addEventListener("resize", () => {
    if (innerWidth === width || printing) return;
    width = innerWidth;
    clearTimeout(waiting);
    waiting = setTimeout(drawAll, 100);
  });
  drawAll().then(() => { document.documentElement.dataset.drawn = "yes"; });
})();
