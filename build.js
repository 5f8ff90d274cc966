/** `npm run build`, part of every installation. Not tsdown's own command: that warns whoever has the oldest Node we support. */
import { build } from "tsdown";

await build({ logLevel: "warn" });
