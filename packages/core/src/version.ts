/** Written into every artefact. Kept equal to the packages' version by a test. */
export const VERSION = "0.1.0";
