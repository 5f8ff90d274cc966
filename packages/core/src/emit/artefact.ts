/**
 * The artefact: the canonical forward graph and the backward walk as one ordinary ONNX model. All inputs and outputs of the
 * original, and `relevance`, `explained_target`, and on request `relevance@value`, `ledger`, the inputs `target` and `seed`.
 */
import type { Canonical } from "../canonize/index.ts";
import { flowOf } from "../compiled/index.ts";
import { Builder } from "../graph/builder.ts";
import { DataType, type ModelProto } from "../onnx/proto.ts";
import { clampedPart } from "../ops/index.ts";
import { canonicalJson, type Plan } from "../plan/index.ts";
import { absorbPads } from "./absorb-pads.ts";
import { checkAsked, checkSource } from "./artefact/check.ts";
import { forwardOf, nodesIn, valuesIn } from "./artefact/forward.ts";
import { Maps } from "./artefact/maps.ts";
import { modelOf } from "./artefact/model.ts";
import type { Artefact, ArtefactNames, EmitOptions } from "./artefact/options.ts";
import { apartIn, walksOf } from "./artefact/walks.ts";
import { COLUMNS } from "./ledger.ts";
import { logitsOf } from "./logits.ts";
import { maskInputs } from "./mask-inputs.ts";
import { neuralisedFlows } from "./neuralised/index.ts";
import { Ports } from "./ports.ts";
import { quantisedBeside } from "./quantised.ts";
import { referenceOf } from "./reference-input.ts";
import { layoutsOf } from "./samples.ts";
import { rankedBy, startOf } from "./start.ts";
import { backgroundOf, shapleyFlows } from "./trees/index.ts";

/**
 * Writes the backward pass into the graph: the single walk from the start to what is explained, seeds, targets, ledger. `plan` is
 * a plan of the same canonical graph. Errors: BadModel for an artefact; BadTarget; BadRecipe for what cannot be asked together.
 */
export const emitArtefact = (source: ModelProto, canonical: Canonical, plan: Plan, options: EmitOptions = {}): Artefact => {
  checkSource(source);
  checkAsked(options, plan, canonical);
  const { graph, facts, carrier } = canonical;
  const taken = [...valuesIn(graph), ...nodesIn(graph).map((node) => node.name)]; // nodes of one name are refused
  const exact = options.quantised && quantisedBeside(options.quantised, graph, taken);
  const g = new Builder(facts, [...taken, ...(exact?.nodes.flatMap((node) => [...node.output, node.name]) ?? [])]);
  const forward = forwardOf(graph);
  g.know(forward);
  for (const name of plan.unbounded) g.unbounded.add(name);
  const ports = new Ports(g, valuesIn(graph));

  const difference = flowOf(plan.recipe) === "difference" ? referenceOf(ports, plan, graph) : undefined;
  const at = (value: string) => logitsOf(g, plan, difference === undefined ? value : clampedPart(g, value));
  const twin = difference && at(difference.reference.of(plan.start)).flat;
  const logits = { ...at(plan.start), ...(twin !== undefined && { twin }) };
  const start = startOf(ports, logits, plan, { ...options, ranked: exact && rankedBy(g, plan, exact) });
  const { masks = [], channels = [], only = false } = options;
  const masked = maskInputs(ports, masks, { facts, samples: plan.samples, carrier });

  const layouts = layoutsOf(graph, facts, plan);
  const reference = difference?.reference;
  const background = flowOf(plan.recipe) === "shapley" ? backgroundOf(g, plan, graph, options.references) : undefined;
  const trees = background && shapleyFlows({ g, graph, plan, logits, background }, start.directions);
  const neural = plan.neuralised && neuralisedFlows({ g, plan, logits }, start.directions);
  const played = (trees ?? neural) && {
    at: (trees ?? neural!).map((one) => one.at),
    ledgers: options.ledger ? (neural?.map((one) => one.ledger) ?? []) : [],
    evidence: [],
  };
  const asked = {
    ...{ ledger: options.ledger === true, evidence: options.evidence === true, flat: logits.flat, layouts, reference },
    masks: masks.length > 0 ? { factors: masked.factors, only } : undefined,
  };
  const kept = [
    ...plan.explained,
    ...(options.layers ?? []).map(carrier),
    ...[...masks, ...channels].map(({ value }) => carrier(value)),
  ];
  const lean = difference ? plan : absorbPads(plan, facts, new Set(kept));
  const walks = played ?? walksOf(g, lean, start, asked);

  const maps = new Maps(ports, { plan, start, walks, layouts, reference }, options.target);
  const portOf = (name: string) => (plan.explained.length > 1 ? `relevance:${name}` : "relevance");
  const relevance = Object.fromEntries(plan.explained.map((name) => [name, maps.relevance(portOf(name), name)]));
  const watched = [...new Set(options.layers ?? [])];
  const layers = Object.fromEntries(watched.map((name) => [name, maps.relevance(`relevance@${name}`, carrier(name))]));
  const scored = channels.map((of) => maps.channels(of, carrier(of.value)));
  const axes = start.chosen !== undefined && logits.axes.length > 1 ? [logits.axes.length] : [];
  const target = start.explained
    ? ports.output("explained_target", start.explained, DataType.INT64, [null, ...maps.top, ...axes])
    : "";
  const rows = walks.ledgers[0]?.rows ?? [];
  const finished = walks.ledgers.map((writer) => writer.finish());
  const ledger = finished.length > 0 && maps.rows("ledger", finished, [rows.length, COLUMNS.length]);
  const evidence = walks.evidence.length > 0 && maps.rows("evidence", walks.evidence, [2]);
  const known = (trees?.map(({ scores }) => scores) ?? start.scores).filter((one) => one !== undefined);
  const scores = options.evidence && known.length > 0 && maps.rows("scores", known, [2]);
  const pairs = trees?.flatMap((one) => one.interactions ?? []) ?? [];
  const players = plan.trees?.players ?? 0;
  const instead = options.evidence ? neural?.map((one) => one.scores) : undefined;
  const decomposed = instead && maps.rows("decomposed", instead, [2]);
  const interactions = pairs.length > 0 && maps.rows("interactions", pairs, [players, players]);

  const names: ArtefactNames = {
    relevance,
    layers,
    target,
    ...(masks.length > 0 && { masks: masked.inputs }),
    ...(scored.length > 0 && {
      channels: Object.fromEntries(scored.map(({ value, scores }) => [value, scores])),
      positions: Object.fromEntries(scored.map(({ value, positions }) => [value, positions])),
    }),
    ...(ledger && { ledger }),
    ...(evidence && { evidence }),
    ...(scores && { scores }),
    ...(interactions && { interactions }),
    ...(decomposed && { decomposed }),
    ...(start.chosen?.input && { targetInput: start.chosen.input.name }),
    ...(start.seedInput && { seedInput: start.seedInput }),
    ...(exact && options.evidence && { float: exact.floatOf(plan.output) }),
    ...(difference && Object.keys(difference.inputs).length > 0 && { references: difference.inputs }),
  };
  const metadata = {
    ...options.metadata,
    "backlit.recipe": canonicalJson(plan.recipe),
    "backlit.names": canonicalJson(names),
    ...(rows.length > 0 && { "backlit.ledger": JSON.stringify(rows) }),
  };
  return {
    model: modelOf(source, {
      graph,
      forward,
      ports,
      exact,
      float: exact?.floatOf(plan.output),
      metadata,
      layouts: difference ? undefined : layouts,
    }),
    names,
    ledgerRows: rows,
    samples: apartIn(walks, layouts, plan.explained),
  };
};
