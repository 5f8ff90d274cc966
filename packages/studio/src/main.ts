/** The page begins here. */
import { mount } from "svelte";
import { App } from "./parts/index.ts";
import "./page.css";

mount(App, { target: document.querySelector("#app")! });
