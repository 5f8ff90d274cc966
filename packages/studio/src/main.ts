/** The page begins here. */
import { mount } from "svelte";
import { App } from "./parts/index.ts";

mount(App, { target: document.querySelector("#app")! });
