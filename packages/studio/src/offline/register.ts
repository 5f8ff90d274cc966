/** Visits without a network, where the browser and the address allow it. */

export const keepOffline = (): void => {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  // Private windows refuse.
  navigator.serviceWorker.register(new URL("offline.js", document.baseURI)).catch(() => {});
};
