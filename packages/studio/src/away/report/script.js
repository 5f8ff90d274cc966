// Runs in the saved page, without anything else.
const stored = JSON.parse(document.getElementById("data").textContent);
const ends = { 1: [168, 48, 12], [-1]: [24, 78, 180] };

for (const mark of document.querySelectorAll("mark")) {
  const t = Number(mark.dataset.value);
  const [r, g, b] = ends[t < 0 ? -1 : 1];
  mark.style.background = `rgb(${r} ${g} ${b} / ${Math.min(0.6, 0.6 * Math.abs(t))})`;
  if (t < 0) mark.className = "negative";
}

if (stored) {
  const { width, height, limit } = stored;
  const steps = new Int16Array(Uint8Array.from(atob(stored.values), (c) => c.charCodeAt(0)).buffer);
  const sorted = Float32Array.from(steps, Math.abs).sort();
  const whole = sorted.reduce((sum, value) => sum + value, 0);
  const map = document.getElementById("map");
  const [opacity, clip, told] = ["opacity", "clip", "value"].map((id) => document.getElementById(id));
  map.width = width;
  map.height = height;
  const draw = () => {
    const end = sorted[Math.min(sorted.length - 1, Math.floor((clip.value / 100) * sorted.length))] || 1;
    const pixels = new ImageData(width, height);
    steps.forEach((step, i) => {
      const [r, g, b] = ends[step < 0 ? -1 : 1];
      pixels.data.set([r, g, b, 255 * opacity.value * Math.min(1, Math.abs(step) / end) ** 0.7], 4 * i);
    });
    map.getContext("2d").putImageData(pixels, 0, 0);
  };
  opacity.addEventListener("input", draw);
  clip.addEventListener("input", draw);
  map.addEventListener("pointermove", ({ offsetX, offsetY }) => {
    const [x, y] = [Math.floor((offsetX / map.clientWidth) * width), Math.floor((offsetY / map.clientHeight) * height)];
    const step = steps[y * width + x];
    if (step !== undefined)
      told.textContent = `${x}, ${y}: ${((step / 32767) * limit).toExponential(2)} (${((100 * Math.abs(step)) / whole).toFixed(2)} %)`;
  });
  draw();
}
