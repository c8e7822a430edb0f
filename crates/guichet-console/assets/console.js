// What a page of the console does by itself. Each part of it stands where the page has its place.
const followed = document.querySelector("[data-follow]");
if (followed) import("./follow.js").then(({ follow }) => follow(followed));
const overview = document.getElementById("overview");
if (overview) import("./figures.js").then(({ start }) => start(overview));
