/** The model and its data lie beside the example, in the clone. */
export default {
  base: "./",
  build: { target: "es2022", emptyOutDir: true },
  server: { fs: { allow: ["../.."] } },
};
