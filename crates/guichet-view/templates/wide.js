"use strict";
// Says below a table that it goes on to the right, as long as it does. The shadow at its edge is of
// the style alone.
(() => {
  const tables = Array.from(document.querySelectorAll(".wide"));
  tables.forEach((wide, at) => {
    const said = wide.nextElementSibling;
    said.id = `scrolls-${at + 1}`;
    const look = () => {
      said.hidden = wide.scrollWidth <= wide.clientWidth;
      if (said.hidden) wide.removeAttribute("aria-describedby");
      else wide.setAttribute("aria-describedby", said.id);
    };
    new ResizeObserver(look).observe(wide);
    look();
  });
})();
