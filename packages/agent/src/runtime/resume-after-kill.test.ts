import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { systemClock } from "@openclaw/core";
import { openTranscript } from "@openclaw/core/sessions";
import { callTool, say } from "@openclaw/testkit/llm";
import { expect, test } from "vitest";
import { createAgentFixture, shape } from "../../test/agent-fixture.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("a process killed in the middle of a command loses only that command's result", async () => {
  await using fixture = await createAgentFixture();
  const file = join(fixture.stateDir, "session.jsonl");
  const provider = {
    baseUrl: fixture.llm.baseUrl["openai-completions"],
    apiKey: "k",
    api: "openai-completions",
    models: [{ id: "one" }],
  };
  const config = {
    agents: { defaults: { model: "scripted/one", skipBootstrap: true } },
    models: { providers: { scripted: provider } },
  };
  fixture.llm.enqueue(
    callTool("write", { path: "a.txt", content: "a" }),
    callTool("exec", { command: "touch started; sleep 5" }),
    say("done after all"),
  );
  const child = spawn(
    process.execPath,
    [
      "--conditions=@openclaw/source",
      "--disable-warning=ExperimentalWarning",
      "--input-type=module",
      "-e",
      `import { createAgent } from "@openclaw/agent";
       import { systemClock } from "@openclaw/core";
       import { openTranscript } from "@openclaw/core/sessions";
       const { stateDir, file, config } = JSON.parse(process.argv[1]);
       const transcript = openTranscript({ path: file, sessionId: "s1", cwd: stateDir, clock: systemClock });
       const agent = createAgent({ stateDir, config, env: process.env });
       await agent.run({ message: { text: "go" }, transcript }).result;`,
      JSON.stringify({ stateDir: fixture.stateDir, file, config }),
    ],
    { cwd: root, stdio: ["ignore", "inherit", "inherit"] },
  );
  while (!existsSync(join(fixture.workspace, "started"))) {
    expect(child.exitCode).toBeNull();
    await delay(20);
  }
  child.kill("SIGKILL");
  await once(child, "exit");

  const transcript = openTranscript({ path: file, sessionId: "s1", cwd: fixture.stateDir, clock: systemClock });
  expect(transcript.dropped).toEqual([]);
  expect(shape(transcript)).toEqual(["user", "assistant", "toolResult", "assistant"]);
  const result = await fixture.agent({ config }).run({ transcript }).result;
  expect(result.payloads).toEqual([{ text: "done after all" }]);
  expect(fixture.llm.calls()[2]?.toolResults[0]?.text).toContain("outcome is unknown");
  expect(shape(transcript)).toEqual(["user", "assistant", "toolResult", "assistant", "toolResult", "assistant"]);

  const lines = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.slice(0, 5).map((line) => line["customType"] ?? line["type"])).toEqual([
    "session",
    "model_change",
    "thinking_level_change",
    "model-snapshot",
    "message",
  ]);
  expect(lines[0]).toMatchObject({ version: 3, id: "s1" });
  transcript.close();
}, 30_000);
