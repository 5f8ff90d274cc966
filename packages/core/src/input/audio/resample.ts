/**
 * Another rate by a windowed sinc: y(t) = Σ_n x(n) h(t − n/f), h(t) = 2 c sinc(2 c t) cos²(π c t / z) within |t| ≤ z / (2 c)…, c the lower of both
 * Nyquist frequencies times the roll-off, z the zero crossings kept. Smith, Digital Audio Resampling (2002), with the window, width and roll-off that
 * torchaudio takes by default.
 */
const [CROSSINGS, ROLL_OFF] = [6, 0.99];

/** Float32 of ⌈length · to / from⌉ samples. Rates are whole numbers a second. */
export const resampleSound = (samples: Float32Array, from: number, to: number): Float32Array => {
  if (from === to) return samples;
  const divisor = gcd(from, to);
  const [source, target] = [from / divisor, to / divisor];
  const base = Math.min(source, target) * ROLL_OFF;
  const width = Math.ceil((CROSSINGS * source) / base);
  // One kernel for every place a sample of the result may have between samples of the source.
  const kernels = Array.from({ length: target }, (_, phase) =>
    Float32Array.from({ length: 2 * width + source }, (_, k) => {
      const t = Math.max(-CROSSINGS, Math.min(CROSSINGS, ((k - width) / source - phase / target) * base));
      const window = Math.cos((t * Math.PI) / CROSSINGS / 2) ** 2;
      return (t === 0 ? 1 : Math.sin(t * Math.PI) / (t * Math.PI)) * window * (base / source);
    }),
  );
  return Float32Array.from({ length: Math.ceil((samples.length * target) / source) }, (_, i) => {
    const kernel = kernels[i % target]!;
    const start = Math.floor(i / target) * source - width;
    let sum = 0;
    for (let k = Math.max(0, -start); k < kernel.length && start + k < samples.length; k++)
      sum += kernel[k]! * samples[start + k]!;
    return sum;
  });
};

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
