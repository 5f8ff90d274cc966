/** The family of class activation maps. */
import { ablationCam } from "./cam-ablation.ts";
import { eigenCam } from "./cam-eigen.ts";
import { gradCam } from "./cam-grad.ts";
import { gradCamPlusPlus } from "./cam-grad-plus-plus.ts";
import { guidedGradCam } from "./cam-guided.ts";
import { hiresCam } from "./cam-hires.ts";
import { layerCam } from "./cam-layer-cam.ts";
import { cam } from "./cam-pooled.ts";
import { scoreCam } from "./cam-score.ts";
import { xgradCam } from "./cam-xgrad.ts";

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
