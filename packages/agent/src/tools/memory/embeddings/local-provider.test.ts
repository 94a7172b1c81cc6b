import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog, systemClock } from "@openclaw/core";
import { createFakeClock } from "@openclaw/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { installLocalModel } from "../../../../test/local-model.ts";
import { createMemoryTools, type MemoryAnswer } from "../index.ts";
import { chooseProviders } from "./choose-provider.ts";
import { findLocalProvider } from "./local-provider.ts";

let root: string;
let stateDir: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "local-embed-"));
  stateDir = join(root, "state");
  installLocalModel(stateDir);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

it("is not there without its packages, and the first choice with them", () => {
  const options = { env: { OPENAI_API_KEY: "k" }, clock: systemClock, fetch: globalThis.fetch };
  const settings = { provider: "auto" as const, fallback: "none" as const, remote: {} };
  const empty = join(root, "empty");
  const chosen = (over: Partial<Parameters<typeof chooseProviders>[0]>) =>
    chooseProviders({ ...options, settings, stateDir, ...over }).map((provider) => {
      provider.close();
      return provider.id;
    });
  expect(findLocalProvider({ stateDir: empty, clock: systemClock })).toBeUndefined();
  expect(chosen({ stateDir: empty })).toEqual(["openai"]);
  expect(chosen({})).toEqual(["local"]);
  expect(chosen({ settings: { ...settings, provider: "local" }, env: {}, stateDir: empty })).toEqual([]);
});

it("answers paraphrased questions from notes, without key or network", async () => {
  const workspace = join(root, "workspace");
  mkdirSync(join(workspace, "memory"), { recursive: true });
  const notes = [
    "The spare key is under the blue flower pot at Anna's place.",
    "Dentist appointment with Dr Okafor on 3 December at 9:30.",
    "Hotel in Lisbon: Rua Augusta 12, booked until the 14th.",
    "The wifi password is on the fridge.",
    "Paul is allergic to peanuts.",
    "Decided to use PostgreSQL instead of MySQL for the inventory project.",
    "The plumber, Mr Silva, comes on Thursday mornings only.",
    "The cat is called Ada and eats only dry food.",
  ];
  for (const [index, text] of notes.entries())
    writeFileSync(join(workspace, "memory", `2026-11-0${index + 1}.md`), `${text}\n`);
  const memory = createMemoryTools({
    stateDir,
    clock: systemClock,
    log: silentLog,
    fetch: () => Promise.reject(new Error("no network")),
  });
  const context = {
    toolCallId: "1",
    agentId: "main",
    sessionKey: "s",
    workspace,
    signal: new AbortController().signal,
    update: () => {},
    log: silentLog,
  };
  const ask = async (query: string) => (await memory.tools[0].execute({ query }, context)).details as MemoryAnswer;

  // The first question starts the model, and is answered from words meanwhile.
  for (let answer = await ask("pet"); answer.mode !== "hybrid" || answer.dirty; answer = await ask("pet"))
    expect(answer.note ?? answer.dirty).toBeTruthy();
  const questions: [string, number][] = [
    ["where can I find an extra key to the flat", 0],
    ["when do I have to see someone about my teeth", 1],
    ["where am I sleeping in Portugal", 2],
    ["what food must Paul avoid", 4],
    ["which database did we choose", 5],
    ["when can somebody fix the pipes", 6],
    ["what is my pet's name", 7],
  ];
  for (const [question, index] of questions) {
    const { results, provider, mode } = await ask(question);
    expect([question, mode, provider, results[0]?.snippet]).toEqual([question, "hybrid", "local", notes[index]]);
  }
  for (const question of ["what is the capital of Mongolia", "how do I boil an egg"])
    expect((await ask(question)).results).toEqual([]);
  memory.close();
}, 120_000);

it("lets a question go before a queue of notes, and frees the model after five idle minutes", async () => {
  const clock = createFakeClock();
  const provider = findLocalProvider({ stateDir, clock });
  if (!provider) throw new Error("the packages are installed");
  const order: string[] = [];
  const notes = provider.embed(["one", "two", "three", "four", "x ".repeat(900)], "document").then((vectors) => {
    order.push("notes");
    return vectors;
  });
  const question = provider.embed(["a question"], "query").then(() => order.push("question"));
  const [vectors] = await Promise.all([notes, question]);
  expect(order).toEqual(["question", "notes"]);
  for (const vector of vectors) expect([vector.length, Math.hypot(...vector)]).toEqual([384, expect.closeTo(1, 4)]);
  expect(clock.pending()).toEqual([clock.now() + 5 * 60_000]);
  await clock.advance(5 * 60_000);
  const [again] = await provider.embed(["one"], "query");
  expect(again).toEqual(vectors[0]);
  const waiting = provider.embed(["two"], "document");
  provider.close();
  await expect(waiting).rejects.toThrow("the local model was stopped");
}, 120_000);
