import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Cli, createCli } from "./cli.ts";

let cli: Cli;
beforeEach(() => (cli = createCli()));
afterEach(() => cli.dispose());

const auth = (...args: string[]) => cli.run(["models", "auth", ...args]);
const add = (provider: string, name: string, key: string) =>
  cli.run(["models", "auth", "add", "--provider", provider, "--name", name], { input: `${key}\n` });
const file = () => join(cli.stateDir, "agents", "main", "agent", "auth-profiles.json");

test("a key that is piped in is stored, listed without its secret, ordered, and forgotten", async () => {
  expect(await add("zai", "home", "canary-key-1")).toMatchObject({ code: 0, stdout: "zai:home is stored.\n" });
  expect(await add("z.ai", "work", "canary-key-2")).toMatchObject({ code: 0 });
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect((await auth("order", "zai:work", "zai:home")).stdout).toBe("zai:work\nzai:home\n");
  const list = await auth();
  expect(list.stdout).toMatch(/zai\tzai:work\tapi_key\tin use/);
  expect(list.stdout).toMatch(/zai\tzai:home\tapi_key\tready/);
  const json = JSON.parse((await auth("list", "--json")).stdout) as { providers: { uses: string }[] };
  expect(json.providers[0]).toMatchObject({ provider: "zai", uses: "zai:work", order: { from: "stored" } });
  expect((await auth("order", "--provider", "zai", "--clear")).stderr).toContain("No order is set");
  expect(await auth("remove", "zai:hme")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Did you mean zai:home?") as string,
  });
  expect((await auth("remove", "zai:home")).code).toBe(0);
  expect(readFileSync(file(), "utf8")).not.toContain("canary-key-1");
  expect([list.stdout, list.stderr, JSON.stringify(json)].join("")).not.toContain("canary");
  const status = (await cli.run(["models", "status"])).stdout;
  expect(status).toMatch(/Model\tzai\/glm-4\.7\n/);
  expect(status).toMatch(/Credentials\tzai: zai:work\n/);
});

test("a profile list in the configuration takes a new profile in, and lets it go with the profile", async () => {
  cli.writeConfig(`{
  // mine
  auth: { profiles: { "zai:home": { provider: "zai", mode: "api_key" } }, order: { zai: ["zai:home"] } },
}
`);
  expect((await add("zai", "work", "canary-key-2")).code).toBe(0);
  expect(cli.readConfig()).toMatch(/\/\/ mine[\s\S]*"?zai:work"?/);
  expect((await auth("remove", "zai:work")).code).toBe(0);
  expect(cli.readConfig()).not.toContain("zai:work");
});

test("what is missing or wrong is said in words, and a token may have an end", async () => {
  expect(await auth("add")).toMatchObject({ code: 2, stderr: expect.stringContaining("Which provider") as string });
  expect(await add("zai", "x", "two words here")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("not a key") as string,
  });
  expect(await auth("login", "--provider", "zai")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("Sign-in works for anthropic, openai-codex") as string,
  });
  const token = await cli.run(["models", "auth", "setup-token", "--expires-in", "12h"], {
    input: "sk-ant-oat01-abcdef",
  });
  expect(token).toMatchObject({ code: 0, stdout: "anthropic:default is stored.\n" });
  expect((await auth("--provider", "anthropic")).stdout).toMatch(/anthropic:default\ttoken\tin use\t11 h left/);
});

test("fallbacks are added, moved to the front, removed, and the model that was set stays", async () => {
  const fallbacks = (...args: string[]) => cli.run(["models", "fallbacks", ...args]);
  expect((await fallbacks()).stderr).toContain("There are none");
  await cli.run(["models", "set", "anthropic/claude-opus-4-5"]);
  await cli.run(["models", "aliases", "mini", "openai/gpt-5-mini"]);
  expect((await fallbacks("add", "zai/glm-4.7")).stdout).toBe("zai/glm-4.7\n");
  expect((await fallbacks("add", "mini", "--first")).stdout).toBe("openai/gpt-5-mini\nzai/glm-4.7\n");
  expect((await fallbacks("list", "--json")).stdout).toContain("openai/gpt-5-mini");
  expect((await fallbacks("remove", "zai/glm-4.8")).stderr).toContain("Did you mean zai/glm-4.7?");
  expect((await fallbacks("remove", "mini")).stdout).toBe("zai/glm-4.7\n");
  expect((await fallbacks("clear")).stdout).toContain("There are no fallbacks.");
  expect((await cli.run(["models", "status"])).stdout).toContain("anthropic/claude-opus-4-5");
});
