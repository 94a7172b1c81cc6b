import { choice, int, section, type Annotations } from "./dsl.ts";

/** Soft bounds of one streamed block. */
export const blockChunk = (
  description: string,
  defaults: { minChars?: number; maxChars?: number; breakPreference?: "paragraph" } = {},
) =>
  section(description, {
    minChars: int("A block is sent no shorter.", { ...given(defaults.minChars), minimum: 1, unit: "characters" }),
    maxChars: int("A block is cut no longer.", { ...given(defaults.maxChars), minimum: 1, unit: "characters" }),
    breakPreference: choice(
      ["paragraph", "newline", "sentence"],
      "Where to cut first.",
      given<"paragraph" | "newline" | "sentence">(defaults.breakPreference),
    ),
  });

/** Joining of streamed blocks before they are sent. */
export const blockCoalesce = (description: string, idleMs?: number) =>
  section(description, {
    minChars: int("Blocks are joined up to at least this.", { minimum: 1, unit: "characters" }),
    maxChars: int("Joined blocks are no longer than this.", { minimum: 1, unit: "characters" }),
    idleMs: int("Silence after which joined blocks are sent.", { ...given(idleMs), minimum: 0, unit: "ms" }),
  });

export const humanDelay = (description: string, base: boolean) =>
  section(description, {
    mode: choice(["off", "natural", "custom"], "natural waits 800 to 2500 ms.", base ? { default: "off" } : {}),
    minMs: int("Shortest pause of mode custom.", { minimum: 0, unit: "ms" }),
    maxMs: int("Longest pause of mode custom.", { minimum: 0, unit: "ms" }),
  });

function given<T>(value: T | undefined): Annotations<T> {
  return value === undefined ? {} : { default: value };
}
