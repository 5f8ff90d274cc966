/** The atlas of concepts as plain data. */
import type { Mode } from "@backlit/core";

/** Of the page: the channels with the largest statistic; 24 unless asked. */
export interface AtlasAsked {
  readonly channels?: number;
}

export interface AtlasTile {
  readonly sample: number;
  readonly value: number;
  /** Of the explained class. */
  readonly label?: string;
  /** Data URIs; absent for inputs that are no pictures. */
  readonly picture?: string;
  readonly map?: string;
  /** Nothing of the decision comes through the channel. */
  readonly still?: true;
}

export interface AtlasChannel {
  readonly channel: number;
  /** Largest first. */
  readonly tiles: Readonly<Partial<Record<Mode, readonly AtlasTile[]>>>;
}

export interface Atlas {
  /** Relevance is told as a share of the layer's. */
  readonly share: boolean;
  readonly values: Readonly<Record<string, readonly AtlasChannel[]>>;
}
