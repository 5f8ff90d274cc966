/** What takes a quantised operator to the floats. */
import type { NodeProto } from "../../onnx/proto.ts";
import type { Realm } from "./realm.ts";

/** False leaves the node as it is; its quantised inputs are then computed as integers. */
export type Handler = (node: NodeProto, realm: Realm) => boolean;
export type Handlers = Readonly<Record<string, Handler>>;
