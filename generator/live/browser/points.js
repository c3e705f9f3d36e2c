// Settings that are points of a plane or a small drawing: their text, as demos/_run/points.py has it. Python checks it again.

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

export const two = (value) => Math.round(value * 100) / 100 || 0; // to two decimals, and never -0

// A text that read() has given as rows of numbers, and back.
export const pointsIn = (text) => text.split(" ").filter(Boolean).map((word) => word.split(",").map(Number));
export const textOf = (points) => points.map((point) => point.map(two).join(",")).join(" ");

// A text that somebody typed, or that a link carries, as it is kept. Throws a sentence for what cannot be set.
export function read(text, parameter) {
  const words = text.split(/\s+/).filter(Boolean);
  return parameter.kind === "points" ? points(words, parameter) : pixels(words, parameter);
}

function points(words, { x, y, most, groups }) {
  if (words.length > most) throw `At most ${most} points, please, not ${words.length}.`;
  const needed = groups > 1 ? 3 : 2;
  return textOf(
    words.map((word, i) => {
      const parts = word.split(",");
      const wrong = (what) => `Point ${i + 1}: ${what}.`;
      if (parts.length !== needed) throw wrong(`${needed === 3 ? "x, y and group, such as 1,2,0" : "x and y, such as 1,2"}, please`);
      parts.forEach((part, axis) => {
        const value = NUMBER.test(part) ? Number(part) : NaN;
        const [low, high] = [x, y, [0, groups - 1]][axis];
        const fits = Number.isFinite(value) && two(value) >= low && two(value) <= high && (axis < 2 || Number.isInteger(value));
        const name = ["x", "y", "the group"][axis];
        if (!fits) throw wrong(`${name} is ${part.slice(0, 12) || "missing"}, and must be ${axis < 2 ? "a number" : "a whole number"} from ${low} to ${high}`);
      });
      return parts.map(Number);
    }),
  );
}

function pixels(words, { size: [rows, columns] }) {
  if (words.length && words.length !== rows) throw `${rows} rows, please, not ${words.length}.`;
  words.forEach((word, i) => {
    if (word.length !== columns || !/^[0-9]+$/.test(word)) throw `Row ${i + 1}: ${columns} digits from 0 to 9, please.`;
  });
  return words.every((word) => /^0*$/.test(word)) ? "" : words.join(" ");
}
