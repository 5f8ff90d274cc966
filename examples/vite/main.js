/** The page through Vite: it finds the modules and gives the files their names. */
import * as ort from "onnxruntime-web/wasm";
import images from "../../data/digits/images.npy?url";
import model from "../../models/digits/model.onnx?url";
import { explainDigit } from "../browser/explain.js";

const result = await explainDigit(ort, { model, images }, document.querySelector("canvas"));
document.querySelector("output").value = result.digit;
globalThis.result = result;
