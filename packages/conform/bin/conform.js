#!/usr/bin/env node
// `backlit conform`, for those who have no clone: the same command, with this package beside it.
process.argv.splice(2, 0, "conform");
await import("backlit/cli");
