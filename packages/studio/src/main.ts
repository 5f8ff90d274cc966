/** The page begins here: the whole of it, or the one piece that another page shows in a frame. */
import { mount } from "svelte";
import { keepOffline } from "./offline/register.ts";
import { App } from "./parts/index.ts";

const target = document.querySelector("#app")!;
const piece = new URLSearchParams(location.search).get("piece");
if (piece === null) mount(App, { target });
else void import("./parts/piece.ts").then(({ Piece }) => mount(Piece, { target, props: { piece } }));
keepOffline();
