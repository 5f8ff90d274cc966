/** What stands at the same place in another input of the data: as natural as the data, with the other's evidence in it. */
import { fail } from "../../errors.ts";
import { sampleOf, widthOf } from "../../tensor/float.ts";
import { type Imputer, snapshot } from "./imputer.ts";

export const patches: Imputer = {
  card: {
    name: "patches",
    form: "patches",
    what: "the values at the same place in another input of the data, one drawn at random for each sample and repeat, never the sample itself",
    source: "marginal (interventional) imputation with one draw: Lundberg and Lee 2017, eq. 11",
    random: true,
  },
  prepare: (_, { x, id, others, stream }) => {
    const fitting =
      others === undefined || widthOf(others.x) !== widthOf(x) ? [] : others.ids.flatMap((other, m) => (other === id ? [] : [m]));
    if (fitting.length === 0)
      throw fail("BadInput", {
        what: "imputer 'patches'",
        why: "there is no other input of this size to take values from",
        fix: "give more samples of one size, or take zero, mean or blur",
      });
    return snapshot(sampleOf(others!.x, fitting[stream().below(fitting.length)]!).slice());
  },
};
