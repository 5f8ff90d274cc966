// Keeps the page's files. What the network has comes first; what was kept is for when there is none.
const KEPT = "backlit-page-1";
const FILES = __FILES__;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(KEPT)
      // A full disk costs offline visits, nothing else.
      .then((cache) => Promise.all(FILES.map((file) => cache.add(file).catch(() => {}))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("backlit-page-") && name !== KEPT);
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(old(names).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin || /\/open(\.json|\/)/.test(pathname)) return;
  const known = () => caches.open(KEPT).then((cache) => cache.match(request, { ignoreSearch: search !== "" }));
  event.respondWith(fetch(request).catch(async (error) => (await known()) ?? Promise.reject(error)));
});
