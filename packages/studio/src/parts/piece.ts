export { default as Piece } from "./Piece.svelte";
