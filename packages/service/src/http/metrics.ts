/** What Prometheus is told, by KServe's names where KServe has one. */
import { Counter, Gauge, Histogram, Registry } from "prom-client";

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export const createMetrics = () => {
  const registers = [new Registry()];
  return {
    registry: registers[0]!,
    predict: new Histogram({
      name: "request_predict_seconds",
      help: "Seconds from a prediction's request to its answer, waiting included",
      labelNames: ["model"],
      buckets: SECONDS,
      registers,
    }),
    explain: new Histogram({
      name: "request_explain_seconds",
      help: "Seconds from an explanation's request to its answer, waiting included",
      labelNames: ["model", "method"],
      buckets: SECONDS,
      registers,
    }),
    requests: new Counter({
      name: "backlit_requests_total",
      help: "Answered requests, by door and status",
      labelNames: ["door", "status"],
      registers,
    }),
    batches: new Histogram({
      name: "backlit_batch_rows",
      help: "Rows that ran together",
      buckets: [1, 2, 4, 8, 16, 32, 64],
      registers,
    }),
    waiting: new Gauge({ name: "backlit_waiting_requests", help: "Requests that wait for a thread", registers }),
  };
};

export type Metrics = ReturnType<typeof createMetrics>;
