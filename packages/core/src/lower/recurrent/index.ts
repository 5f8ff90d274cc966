/** LSTM, GRU and RNN, unrolled in time. */
import { expanding } from "../pass.ts";
import { GRU } from "./gru.ts";
import { LSTM } from "./lstm.ts";
import { RNN } from "./rnn.ts";

export { batchFirst } from "./batch-first.ts";
export const recurrent = expanding("recurrent", "unrolled in time", { LSTM, GRU, RNN });
