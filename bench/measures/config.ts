import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Measure, median, timeCommand } from "../measure.ts";

const RUNS = 15;
const LINES = 2_000;

/** A fresh process that loads the packages, then reads, completes and checks a long configuration: the part of a start it is. */
export const configCold: Measure = {
  name: "configuration of 2,000 lines, cold",
  unit: "x node",
  limit: 3,
  run: async ({ nodeMs }) =>
    (await withFile((configPath) => {
      const [core, manifests] = ["core/dist/config/index.js", "gateway/dist/manifests/index.js"].map((file) =>
        JSON.stringify(packageFile(file)),
      );
      const options = `env: {}, cwd: "/", homedir: "/", manifests: channelManifests, configPath: ${JSON.stringify(configPath)}`;
      const program = `const { loadConfig } = await import(${core}); const { channelManifests } = await import(${manifests});
        const { valid } = await loadConfig({ ${options} }); process.exit(valid ? 0 : 1);`;
      return median(RUNS, () => timeCommand([process.execPath, "--input-type=module", "-e", program]));
    })) / nodeMs,
};

/** The same in a process that runs: what a gateway pays for each change of the file. */
export const configWarm: Measure = {
  name: "configuration of 2,000 lines, warm",
  unit: "x node",
  limit: 0.5,
  run: async ({ nodeMs }) =>
    (await withFile(async (path) => {
      const { loadConfig } = (await built("core/dist/config/index.js")) as Core;
      const { channelManifests } = (await built("gateway/dist/manifests/index.js")) as Gateway;
      const once = async () => {
        const started = performance.now();
        const { valid, issues } = await loadConfig({
          env: {},
          cwd: tmpdir(),
          homedir: tmpdir(),
          manifests: channelManifests,
          configPath: path,
        });
        if (!valid) throw new Error(`the configuration to measure with is not valid: ${JSON.stringify(issues[0])}`);
        return performance.now() - started;
      };
      // The compiler needs some runs before it has seen enough.
      await median(RUNS, once);
      return median(RUNS, once);
    })) / nodeMs,
};

interface Core {
  loadConfig(options: Record<string, unknown>): Promise<{ valid: boolean; issues: readonly unknown[] }>;
}
interface Gateway {
  channelManifests: readonly unknown[];
}

/** A package as it is published. */
const built = (file: string): Promise<unknown> => import(packageFile(file));
const packageFile = (file: string) => new URL(`../../packages/${file}`, import.meta.url).href;

async function withFile(work: (path: string) => Promise<number>): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), "openclaw-bench-"));
  const path = join(dir, "openclaw.json");
  writeFileSync(path, longConfig(), { mode: 0o600 });
  try {
    return await work(path);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Agents, bindings and groups as people write them, one key a line, with comments. */
function longConfig(): string {
  const agents = Array.from({ length: 60 }, (_, index) => ({
    id: `agent-${index}`,
    name: `Agent ${index}`,
    workspace: `~/agents/${index}`,
    model: { primary: "anthropic/claude-opus-4-5", fallbacks: ["openai/gpt-5.2"] },
    identity: { name: `Name ${index}`, emoji: "🦊" },
    tools: { allow: ["read", "write"], deny: ["exec"] },
  }));
  const bindings = agents.map(({ id }, index) => ({
    agentId: id,
    match: { channel: "telegram", peer: { kind: "group", id: `-100${index}` } },
  }));
  const groups = Object.fromEntries(
    agents.map((_, index) => [`-100${index}`, { requireMention: index % 2 === 0, systemPrompt: "Be brief." }]),
  );
  const config = {
    gateway: { mode: "local", auth: { mode: "token", token: "bench-token-of-some-length" } },
    agents: { defaults: { model: { primary: "anthropic/claude-opus-4-5" } }, list: agents },
    bindings,
    channels: { telegram: { botToken: "123:bench", dmPolicy: "pairing", groups } },
  };
  const lines = JSON.stringify(config, null, 2)
    .replaceAll(/"([A-Za-z]\w*)":/g, "$1:")
    .split("\n");
  const notes = Array.from({ length: Math.max(0, LINES - lines.length) }, (_, index) => `  // note ${index}`);
  return [...lines.slice(0, 1), ...notes, ...lines.slice(1)].join("\n");
}
