// A stream of events, opened anew when it ends. What it says about itself goes to `tell`.

const AGAIN_MS = 3_000;
const FULL_MS = 15_000;

/// Opens `/guichet/v1/events` with these parameters. `on` is a function for each event by its name.
/// Gives back what closes it.
export const open = (parameters, on, tell = () => {}) => {
  const address = `/guichet/v1/events?${new URLSearchParams(parameters)}`;
  let source, timer, closed = false;
  const begin = () => {
    tell("connecting");
    source = new EventSource(address);
    source.addEventListener("open", () => { tell("on"); on.open?.(); });
    for (const [name, does] of Object.entries(on)) {
      if (name !== "open") source.addEventListener(name, (event) => does(JSON.parse(event.data)));
    }
    source.addEventListener("error", () => {
      // By itself a browser opens one again that broke off, and none that was refused.
      if (source.readyState !== EventSource.CLOSED) return tell("lost");
      source.close();
      if (closed) return;
      tell("lost");
      clearTimeout(timer);
      timer = setTimeout(ask, AGAIN_MS);
    });
  };
  // Why it was refused a stream does not say: a look at what needs no place does.
  const ask = async () => {
    try {
      const answer = await fetch("/guichet/v1/stats", { headers: { accept: "application/json" } });
      if (answer.status === 401 || answer.status === 403) return location.reload();
      if (!answer.ok) return void (timer = setTimeout(ask, AGAIN_MS));
      tell("full");
      timer = setTimeout(begin, FULL_MS * Math.random());
    } catch {
      timer = setTimeout(ask, AGAIN_MS);
    }
  };
  begin();
  return () => { closed = true; clearTimeout(timer); source.close(); };
};
