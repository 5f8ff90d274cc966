export * from "@backlit/core";
