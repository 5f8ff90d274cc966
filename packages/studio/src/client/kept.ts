/** Models that the browser keeps for the next visit. */

const OURS = /^backlit-models-/;

/** 0 where the browser keeps none. */
export const keptBytes = async (): Promise<number> => {
  try {
    let sum = 0;
    for (const name of (await caches.keys()).filter((one) => OURS.test(one))) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) sum += (await (await cache.match(request))?.blob())?.size ?? 0;
    }
    return sum;
  } catch {
    return 0;
  }
};

export const forget = async (): Promise<void> => {
  for (const name of (await caches.keys()).filter((one) => OURS.test(one))) await caches.delete(name);
};
