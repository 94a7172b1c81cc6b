import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { callTool, say } from "@openclaw/testkit/llm";
import { expect, it } from "vitest";
import { createAgentFixture } from "../../test/agent-fixture.ts";

it("a turn is told of the session's skills, and its commands get their variables and programs", async () => {
  await using fixture = await createAgentFixture();
  const { llm, stateDir, workspace } = fixture;
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(stateDir, path)), { recursive: true });
    writeFileSync(join(stateDir, path), text);
  };
  put(
    "skills/radio/SKILL.md",
    "---\nname: radio\ndescription: Play the radio\nmetadata: { openclaw: { primaryEnv: RADIO_KEY, requires: { bins: [radio] } } }\n---\n",
  );
  put(
    "skills/absent/SKILL.md",
    "---\nname: absent\ndescription: Not here\nmetadata: { openclaw: { requires: { bins: [no-such-program] } } }\n---\n",
  );
  put("tools/radio/radio", "#!/bin/sh\necho jazz on $RADIO_ZONE\n");
  chmodSync(join(stateDir, "tools/radio/radio"), 0o755);
  const provider = {
    baseUrl: llm.baseUrl["openai-completions"],
    apiKey: "k",
    api: "openai-completions",
    models: [{ id: "one" }],
  };
  const agent = fixture.agent({
    env: { PATH: process.env["PATH"], OPENCLAW_SKIP_LOCAL_MODELS: "1", KEPT: "theirs" },
    config: {
      agents: { defaults: { model: "scripted/one", skipBootstrap: true, workspace } },
      models: { providers: { scripted: provider } },
      skills: { entries: { radio: { apiKey: "canary", env: { RADIO_ZONE: "FM", KEPT: "ours" } } } },
    },
  });
  llm.enqueue(
    callTool("exec", { command: 'radio; test "$RADIO_KEY" = canary && echo "$KEPT"' }),
    say("On air."),
    say("Nothing."),
  );
  const result = await agent.run("play something").result;

  expect(result).toMatchObject({ status: "ok", payloads: [{ text: "On air." }] });
  const [first, second] = llm.calls();
  expect(first?.system).toContain("## Skills\n");
  expect(first?.system).toContain(
    `<available_skills dir="${join(stateDir, "skills")}">\n- radio: Play the radio\n</available_skills>`,
  );
  expect(first?.system).not.toContain("absent");
  expect(first?.system).not.toContain("canary");
  expect(second?.toolResults[0]?.text).toContain("jazz on FM\ntheirs");
  expect(result.promptReport).toMatchObject({
    skills: { entries: expect.arrayContaining([{ name: "radio", blockChars: 23 }]) as unknown },
  });
  expect(process.env["RADIO_ZONE"]).toBeUndefined();

  await agent.run({ message: { text: "again" }, sessionKey: "agent:main:other", skills: ["weather"] }).result;
  expect(llm.calls()[2]?.system).toContain("- weather: ");
  expect(llm.calls()[2]?.system).not.toContain("- radio: ");
});
