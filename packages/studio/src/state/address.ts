/** What the page's address says: what is open, how it is explained, how it is drawn. Never what an input contains. */
import { COLOUR_NAMES, type Look, MODES, USUAL_LOOK } from "../draw/look.ts";
import type { Chosen, Edits } from "../shown/chosen.ts";

export interface Address {
  /** What `backlit studio MODEL` was given. */
  readonly given: boolean;
  readonly example?: string;
  /** Places on this site. */
  readonly model?: string;
  readonly input?: string;
  readonly text?: string;
  readonly chosen: Chosen;
  readonly look: Partial<Look>;
}

const OPENED = ["open", "example", "model", "input", "text"] as const;

export const readAddress = (search: string): Address => {
  const asked = new URLSearchParams(search);
  const said = (name: string) => asked.get(name) ?? undefined;
  const [example, model, input, text, target] = ["example", "model", "input", "text", "target"].map(said);
  return {
    given: asked.has("open"),
    ...(example !== undefined && { example }),
    ...(model !== undefined && { model }),
    ...(input !== undefined && { input }),
    ...(text !== undefined && { text }),
    chosen: { way: said("way") ?? "", edits: editsIn(said), ...(target !== undefined && { target }) },
    look: lookIn(said),
  };
};

type Said = (name: string) => string | undefined;

const editsIn = (said: Said): Edits => {
  const [gamma, epsilon] = [numberIn(said("gamma")), numberIn(said("epsilon"))];
  return {
    ...(gamma !== undefined && { gamma }),
    ...(epsilon !== undefined && { epsilon }),
    ...nodesIn(said("rules")),
  };
};

/** An address that somebody broke says nothing of rules. */
const nodesIn = (text: string | undefined): Pick<Edits, "nodes"> => {
  try {
    const nodes: unknown = JSON.parse(text ?? "null");
    return nodes !== null && typeof nodes === "object" ? { nodes: nodes as NonNullable<Edits["nodes"]> } : {};
  } catch {
    return {};
  }
};

const lookIn = (said: Said): Partial<Look> => {
  const [mode, colours] = [said("mode"), said("colours")];
  const [opacity, clip, smooth] = ["opacity", "clip", "smooth"].map((name) => numberIn(said(name)));
  return {
    ...(MODES.includes(mode as Look["mode"]) && { mode: mode as Look["mode"] }),
    ...(COLOUR_NAMES.includes(colours as Look["colours"]) && { colours: colours as Look["colours"] }),
    ...(opacity !== undefined && { opacity: Math.max(0, Math.min(1, opacity)) }),
    ...(clip !== undefined && { clip: Math.max(90, Math.min(100, clip)) }),
    ...(smooth !== undefined && { smooth: Math.max(0, Math.min(10, smooth)) }),
    ...(said("dots") === "0" && { dots: false }),
    ...(said("stripes") === "0" && { stripes: false }),
  };
};

const numberIn = (text: string | undefined): number | undefined =>
  text === undefined || text === "" || !Number.isFinite(Number(text)) ? undefined : Number(text);

/** The query of an address; `open`: what of an address says what is open, empty for files of the visitor's own. */
export const queryOf = (
  open: Readonly<Record<string, string>>,
  { way, target, edits }: Chosen,
  look: Look,
  usual: Look = USUAL_LOOK,
): string => {
  const query = new URLSearchParams(Object.entries(open).filter(([name]) => OPENED.some((own) => own === name)));
  const set = (name: string, value: unknown, usual?: unknown) => {
    if (value !== undefined && value !== "" && value !== usual) query.set(name, String(value));
  };
  set("way", way);
  set("target", target);
  set("gamma", edits.gamma);
  set("epsilon", edits.epsilon);
  if (Object.keys(edits.nodes ?? {}).length > 0) set("rules", JSON.stringify(edits.nodes));
  set("mode", look.mode, USUAL_LOOK.mode);
  set("colours", look.colours, usual.colours);
  set("opacity", look.opacity, USUAL_LOOK.opacity);
  set("clip", look.clip, USUAL_LOOK.clip);
  set("smooth", look.smooth, USUAL_LOOK.smooth);
  set("dots", look.dots ? undefined : "0");
  set("stripes", look.stripes ? undefined : "0");
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
};
