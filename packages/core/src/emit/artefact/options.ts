/** What an artefact is asked for, and what it says of itself. */
import type { ModelProto } from "../../onnx/proto.ts";
import type { FloatTensor } from "../../tensor/float.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { ChannelsOf } from "../channel-axes.ts";
import type { LedgerRow } from "../ledger.ts";
import type { MaskOf } from "../mask-inputs.ts";
import type { Along } from "../samples.ts";
import type { Target } from "../target.ts";

export interface EmitOptions {
  readonly target?: Target;
  /** Values whose relevance is an output too, as `relevance@<value>`. */
  readonly layers?: readonly string[];
  readonly ledger?: boolean;
  /** With start \`direct\`: how much evidence there is at the head, as an output. With a reference: the scores between which the explained difference lies. */
  readonly evidence?: boolean;
  /** Class to contrast with, for seed `{ contrast }` (its label already looked up). */
  readonly contrast?: number;
  /** Values whose relevance is multiplied by an input, `mask@<value>`. */
  readonly masks?: readonly MaskOf[];
  /** What goes past a masked value is dropped. */
  readonly only?: boolean;
  /** Values whose channels' scores are outputs: `channels@<value>`, `positions@<value>`. */
  readonly channels?: readonly ChannelsOf[];
  readonly metadata?: Readonly<Record<string, string>>;
  /** Of methods that compare with rows of the data: float32 [M, …] in the shape of the explained value, of several laid end to end; or all inputs of the model by name, as the lowered model takes them. */
  readonly references?: FloatTensor | Readonly<Record<string, Tensor>>;
  /** The quantised model whose floats are explained: its outputs are the artefact's. */
  readonly quantised?: ModelProto;
}

/** Names of what the artefact adds; suffixed where the model already had such a name. */
export interface ArtefactNames {
  /** By explained value. */
  readonly relevance: Readonly<Record<string, string>>;
  readonly layers: Readonly<Record<string, string>>;
  readonly target: string;
  /** Inputs for masks, by value. */
  readonly masks?: Readonly<Record<string, string>>;
  /** By value: float32 [N(, K), C, 4], `CHANNEL_COLUMNS`. */
  readonly channels?: Readonly<Record<string, string>>;
  /** By value: int64 [N(, K), C, 2], `POSITION_COLUMNS`. */
  readonly positions?: Readonly<Record<string, string>>;
  readonly ledger?: string;
  /** float32 [N(, K), 2]: E = Σ|R| and ΣR as relevance leaves the head. */
  readonly evidence?: string;
  /** Of a difference: float32 [N(, K), 2], the explained score at the input and at the reference, or its mean over the background. */
  readonly scores?: string;
  /** Of tree SHAP: float32 [N(, K), columns, columns]. */
  readonly interactions?: string;
  /** Of neuralised models: float32 [N(, K), 2], the model's own score, and the number that is decomposed in its place. */
  readonly decomposed?: string;
  readonly targetInput?: string;
  /** What the floats of a quantised model make of the explained output. */
  readonly float?: string;
  readonly seedInput?: string;
  /** Inputs for DeepLIFT's references, by explained value. */
  readonly references?: Readonly<Record<string, string>>;
}

export interface Artefact {
  readonly model: ModelProto;
  readonly names: ArtefactNames;
  readonly ledgerRows: readonly LedgerRow[];
  /** With a ledger: where the samples lie in the explained values; one that is missing belongs to the whole batch. */
  readonly samples: ReadonlyMap<string, Along>;
}

/** Keys of an artefact's metadata begin with this. */
export const METADATA = "backlit.";
