/** Numbers, true and false, lists of numbers (`-1,-1,-1`), JSON, or the text itself. */
export const literal = (text: string): unknown => {
  const numbers = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (numbers.every(Number.isFinite)) return numbers.length === 1 ? numbers[0] : numbers;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
