/** The page begins here. */
import { mount } from "svelte";
import { keepOffline } from "./offline/register.ts";
import { App } from "./parts/index.ts";

mount(App, { target: document.querySelector("#app")! });
keepOffline();
