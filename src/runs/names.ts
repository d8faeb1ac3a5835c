// Names of runs: a time that sorts and two words that a person can remember and say. The words are shared with the Python
// package, which names the runs that it makes itself.
import words from "./nameWords.json";

/** `brave-otter`. */
export function randomName(random: () => number = Math.random): string {
  return `${pick(words.adjectives, random)}-${pick(words.animals, random)}`;
}

/** `20261123-215301`, in local time. */
export function timeStamp(time: Date): string {
  const two = (part: number): string => String(part).padStart(2, "0");
  const day = `${String(time.getFullYear()).padStart(4, "0")}${two(time.getMonth() + 1)}${two(time.getDate())}`;
  return `${day}-${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}`;
}

function pick(words: readonly string[], random: () => number): string {
  return words[Math.floor(random() * words.length)] ?? "plain";
}
