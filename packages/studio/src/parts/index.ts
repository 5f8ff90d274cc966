import "./page.css";

export { default as App } from "./App.svelte";
