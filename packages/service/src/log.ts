/** Lines of JSON on standard output. */
import { type Logger, pino } from "pino";

/** Errors with their stack, everything else as it is. `quiet`: only errors. */
export const logger = (quiet = false): Logger =>
  pino({ level: quiet ? "error" : "info", base: null, serializers: { error: pino.stdSerializers.err } });
