import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Agent, createAgent } from "@openclaw/agent";
import { type ScriptedLlm, callTool, say, startScriptedLlm } from "@openclaw/testkit/llm";
import { type Measure, percentile, timeCommand } from "../measure.ts";
import { modelConfig } from "./turns.ts";

const RUNS = 25;
const TURNS = 100;
const WARM_UP = 10;
const CHUNKS = 5_000;
/** A line of a note, the size of a chunk: 400 tokens of four characters, less the overlap. */
const CHUNK_CHARS = 1_500;
const CHUNKS_A_FILE = 20;

const builtAgent = fileURLToPath(new URL("../../packages/agent/dist/index.js", import.meta.url));

/** What a bot of one's own pays at its start, beyond Node itself. */
export const agentImport: Measure = {
  name: "import of the agent package, over bare Node",
  unit: "ms",
  limit: 60,
  async run() {
    const node = [process.execPath, "--disable-warning=ExperimentalWarning", "--input-type=module", "-e"];
    const bare = () => timeCommand([...node, "0"]);
    const importing = () => timeCommand([...node, `await import(${JSON.stringify(pathToFileURL(builtAgent).href)})`]);
    // In turns, so that whatever else the machine does weighs on both alike.
    const times = { importing: [] as number[], bare: [] as number[] };
    await Promise.all([importing(), bare()]);
    for (let run = 0; run < RUNS; run++) {
      times.bare.push(await bare());
      times.importing.push(await importing());
    }
    return percentile(times.importing, 0.5) - percentile(times.bare, 0.5);
  },
};

/** Until the first words of an answer, less what the model's server takes for them when it is asked without an agent. */
export const firstToken: Measure = {
  name: "first token, over the model's own",
  unit: "ms",
  limit: 5,
  run: () =>
    withAgent(async (agent, llm) => {
      const times = { model: [] as number[], agent: [] as number[] };
      for (let turn = 0; turn < WARM_UP + TURNS; turn++) {
        const model = await rawFirstToken(llm);
        const whole = await agentFirstToken(agent, `agent:main:first-${turn}`);
        if (turn < WARM_UP) continue;
        times.model.push(model);
        times.agent.push(whole);
      }
      return percentile(times.agent, 0.5) - percentile(times.model, 0.5);
    }),
};

/** `memory_search` as the model calls it, arguments checked and result packed. */
export const memorySearch: Measure = {
  name: `memory search over ${CHUNKS} chunks`,
  unit: "ms",
  limit: 30,
  run: () =>
    withAgent(async (agent, llm, workspace) => {
      writeNotes(join(workspace, "memory"));
      const times: number[] = [];
      for (let turn = 0; turn < WARM_UP + TURNS / 2; turn++) {
        llm.enqueue(
          callTool("memory_search", { query: `${word(turn * 7)} ${word(turn * 13)} decision about ${word(turn)}` }),
          say("done"),
        );
        const time = await toolTime(agent, `agent:main:memory-${turn}`);
        // The first one reads the notes; a turn is not held up by it in a gateway, which watches them.
        if (turn >= WARM_UP) times.push(time);
      }
      return percentile(times, 0.5);
    }),
};

async function rawFirstToken(llm: ScriptedLlm): Promise<number> {
  const started = performance.now();
  const response = await fetch(`${llm.baseUrl["openai-completions"]}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "scripted", stream: true, messages: [{ role: "user", content: "hello" }] }),
  });
  let text = "";
  let elapsed = 0;
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk as Uint8Array).toString();
    if (elapsed === 0 && text.includes("hello")) elapsed = performance.now() - started;
  }
  return elapsed;
}

async function agentFirstToken(agent: Agent, sessionKey: string): Promise<number> {
  const started = performance.now();
  const turn = agent.run({ sessionKey, message: { text: "hello" } });
  let elapsed = 0;
  for await (const event of turn)
    if (event.stream === "assistant" && elapsed === 0) elapsed = performance.now() - started;
  const { error } = await turn.result;
  if (error) throw error;
  return elapsed;
}

async function toolTime(agent: Agent, sessionKey: string): Promise<number> {
  const turn = agent.run({ sessionKey, message: { text: "what did we decide?" } });
  let started = 0;
  let elapsed = 0;
  for await (const event of turn) {
    if (event.stream !== "tool") continue;
    if (event.data.phase === "start") started = performance.now();
    if (event.data.phase === "result") {
      elapsed = performance.now() - started;
      // Nothing found is found fast.
      if (event.data.isError || !JSON.stringify(event.data.result).includes("memory/note-"))
        throw new Error(JSON.stringify(event.data.result));
    }
  }
  const { error } = await turn.result;
  if (error) throw error;
  return elapsed;
}

async function withAgent(
  work: (agent: Agent, llm: ScriptedLlm, workspace: string) => Promise<number>,
): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), "bench-agent-"));
  const workspace = join(dir, "workspace");
  const llm = await startScriptedLlm();
  const { agents, models } = modelConfig(llm.baseUrl["openai-completions"]);
  const agent = createAgent({
    stateDir: dir,
    env: { PATH: process.env.PATH },
    config: { models, agents: { defaults: { ...agents.defaults, workspace } } },
  });
  try {
    return await work(agent, llm, workspace);
  } finally {
    await agent.close();
    await llm.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Five thousand chunks about two thousand words. */
function writeNotes(dir: string): void {
  mkdirSync(dir, { recursive: true });
  let next = 0;
  for (let file = 0; file * CHUNKS_A_FILE < CHUNKS; file++) {
    const lines = Array.from({ length: CHUNKS_A_FILE }, () => {
      let line = "";
      while (line.length < CHUNK_CHARS) line += `${word((next = (next * 31 + 17) % 1_000_003))} `;
      return line;
    });
    writeFileSync(join(dir, `note-${String(file).padStart(4, "0")}.md`), lines.join("\n"));
  }
}

const SYLLABLES = ["ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu", "dan", "fer"];
const word = (seed: number) => [seed, seed / 12, seed / 144].map((value) => SYLLABLES[Math.floor(value) % 12]).join("");
