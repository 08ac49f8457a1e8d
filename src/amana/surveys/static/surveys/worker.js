// Keeps the tablet's page and all it needs, so that it starts without a network. `SHELL` stands before this text: its
// version changes with anything in it. Answers never come by here: they are sealed and kept by the page itself.
(function (worker) {
  "use strict";
  const PREFIX = "amana-tablet-";
  const KEPT = PREFIX + worker.SHELL.version;

  worker.addEventListener("install", (event) => {
    const fresh = worker.SHELL.files.map((file) => new Request(file, { cache: "reload", credentials: "omit" }));
    event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(fresh)).then(() => worker.skipWaiting()));
  });

  worker.addEventListener("activate", (event) => {
    const outdated = (names) => names.filter((name) => name.indexOf(PREFIX) === 0 && name !== KEPT);
    event.waitUntil(
      caches.keys().then((names) => Promise.all(outdated(names).map((name) => caches.delete(name)))).then(() => worker.clients.claim())
    );
  });

  worker.addEventListener("fetch", (event) => {
    const address = new URL(event.request.url);
    if (event.request.method !== "GET" || address.origin !== worker.location.origin) return;
    if (!worker.SHELL.files.includes(address.pathname)) return;
    event.respondWith(
      caches.open(KEPT).then((cache) => cache.match(address.pathname)).then((found) => found || fetch(event.request))
    );
  });
})(self);
