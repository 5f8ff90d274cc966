/** The family of class activation maps. */
import { ablationCam } from "./ablation.ts";
import { eigenCam } from "./eigen.ts";
import { gradCam } from "./grad.ts";
import { gradCamPlusPlus } from "./grad-plus-plus.ts";
import { guidedGradCam } from "./guided.ts";
import { hiresCam } from "./hires.ts";
import { layerCam } from "./layer-cam.ts";
import { cam } from "./pooled.ts";
import { scoreCam } from "./score.ts";
import { xgradCam } from "./xgrad.ts";

export const camMethods = [
  cam,
  gradCam,
  gradCamPlusPlus,
  hiresCam,
  xgradCam,
  layerCam,
  scoreCam,
  ablationCam,
  eigenCam,
  guidedGradCam,
];
