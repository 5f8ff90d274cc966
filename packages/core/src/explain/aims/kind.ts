/** What a kind of target is: how its words read, and which places they name in a sample's own values. */
import type { Aim } from "../../oracle/aim.ts";
import type { LoadedModel } from "../loaded.ts";
import type { Scene } from "./scene.ts";

/** A target whose words are understood. */
export interface Request {
  /** The value it explains, where the words alone decide that. Errors: BadTarget. */
  output?(lit: LoadedModel): string | undefined;
  /** One list a map: an aim for each sample. Errors: BadTarget. */
  find(scene: Scene): Promise<readonly (readonly Aim[])[]>;
  /** The same step by step, a list each, where it has steps. Errors: BadTarget. */
  perStep?(scene: Scene): Promise<readonly (readonly Aim[])[]>;
  /** It stands for several maps, if only for one by chance. */
  readonly several?: true;
}

export interface TargetKind {
  /** How it is written, for messages. */
  readonly form: string;
  /** Undefined for words of another kind. Errors: BadTarget. */
  read(text: string): Request | undefined;
}
