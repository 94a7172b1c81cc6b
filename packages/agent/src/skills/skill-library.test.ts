import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSkillFixture } from "../../test/skill-fixture.ts";

let fixture: ReturnType<typeof createSkillFixture>;
beforeEach(() => {
  fixture = createSkillFixture();
});
afterEach(() => fixture.close());

async function eligible(...args: Parameters<typeof fixture.library>): Promise<string[]> {
  const { skills } = await fixture.library(...args).status();
  return skills.filter((skill) => skill.eligible).map(({ name }) => name);
}

async function state(name: string, ...args: Parameters<typeof fixture.library>) {
  const { skills } = await fixture.library(...args).status();
  return skills.find((skill) => skill.name === name);
}

describe("places", () => {
  it("count in this order: workspace, managed, bundled, extra, plugin", async () => {
    const places = ["plugin", "extra", "bundled", "state/skills", "workspace/skills"];
    const sources = ["openclaw-plugin", "openclaw-extra", "openclaw-bundled", "openclaw-managed", "openclaw-workspace"];
    for (const [index, place] of places.entries()) {
      fixture.skill(place, "same");
      expect(await state("same")).toMatchObject({ source: sources[index], baseDir: join(fixture.root, place, "same") });
    }
  });

  it("hold skills one folder deeper too, but not inside a skill", async () => {
    fixture.skill("extra/pack", "inner");
    fixture.skill("extra/pack/inner", "nested");
    fixture.skill("extra/node_modules", "dependency");
    expect(await eligible()).toEqual(["inner"]);
  });

  it("of a workspace show nothing that lies outside of it", async () => {
    fixture.skill("elsewhere", "foreign");
    mkdirSync(join(fixture.workspace, "skills"));
    symlinkSync(join(fixture.root, "elsewhere/foreign"), join(fixture.workspace, "skills/foreign"));
    const { skills, problems } = await fixture.library().status();
    expect(skills).toEqual([]);
    expect(problems[0]?.message).toContain("leads out");
  });

  it("report files that cannot be used and go on", async () => {
    fixture.skill("extra", "good");
    fixture.put("extra/none/SKILL.md", "# no front matter");
    fixture.put("extra/mute/SKILL.md", "---\nname: mute\n---\n");
    fixture.put("extra/broken/SKILL.md", "---\nname: [\n---\n");
    fixture.put("extra/up/SKILL.md", "---\nname: ../../up\ndescription: x\n---\n");
    const { skills, problems } = await fixture.library().status();
    expect(skills.map(({ name }) => name)).toEqual(["good"]);
    expect(problems.map(({ filePath, message }) => `${filePath.split("/").at(-2)}: ${message}`).toSorted()).toEqual([
      expect.stringContaining("broken: its front matter is no YAML"),
      "mute: it has no description",
      "none: it does not begin with a front matter between two --- lines",
      "up: its name must be letters, digits, spaces, - _ and ., at most 64 of them",
    ]);
  });
});

describe("front matter", () => {
  it("takes metadata as JSON5 in the text, as text, and as YAML, under today's key and older ones", async () => {
    fixture.skill("extra", "a", "metadata:\n  // why\n  { openclaw: { requires: { bins: ['nope'], }, }, }");
    fixture.skill("extra", "b", `metadata: '{"openclaw":{"requires":{"bins":["nope"]}}}'`);
    fixture.skill(
      "extra",
      "c",
      "metadata:\n  clawdbot:\n    requires:\n      bins: [nope]\nhomepage: https://c.example",
    );
    const { skills } = await fixture.library().status();
    expect(skills.map(({ name, missing }) => [name, missing.bins])).toEqual([
      ["a", ["nope"]],
      ["b", ["nope"]],
      ["c", ["nope"]],
    ]);
    expect(skills[2]?.homepage).toBe("https://c.example");
  });
});

describe("gates", () => {
  it("ask for all bins, one of anyBins, the environment and the configuration", async () => {
    fixture.program("have");
    fixture.put("bin/plain", "no program");
    const needs = (json: string) => `metadata: { openclaw: { requires: ${json} } }`;
    fixture.skill("extra", "bins", needs("{ bins: ['have', 'plain'] }"));
    fixture.skill("extra", "any", needs("{ anyBins: ['other', 'have'] }"));
    fixture.skill("extra", "none-of", needs("{ anyBins: ['other', 'another'] }"));
    fixture.skill("extra", "env", needs("{ env: ['TOKEN', 'EMPTY'] }"));
    fixture.skill(
      "extra",
      "config",
      needs("{ config: ['tools.web.search.enabled', 'browser.enabled', 'cron.enabled'] }"),
    );
    const library = fixture.library(
      { cron: { enabled: false } },
      { env: { PATH: fixture.bin, TOKEN: "x", EMPTY: "" } },
    );
    const { skills } = await library.status();
    const missing = Object.fromEntries(skills.map(({ name, missing: lacks }) => [name, lacks]));
    expect(missing["bins"]?.bins).toEqual(["plain"]);
    expect(missing["any"]?.anyBins).toEqual([]);
    expect(missing["none-of"]?.anyBins).toEqual(["other", "another"]);
    expect(missing["env"]?.env).toEqual(["EMPTY"]);
    expect(missing["config"]?.config).toEqual(["tools.web.search.enabled", "cron.enabled"]);
    expect(skills.filter((skill) => skill.eligible).map(({ name }) => name)).toEqual(["any"]);
  });

  it("take the platform before always, and always before the rest", async () => {
    fixture.skill("extra", "mac", "metadata: { openclaw: { os: ['macos'], always: true } }");
    fixture.skill("extra", "always", "metadata: { openclaw: { always: true, requires: { bins: ['nope'] } } }");
    expect(await eligible()).toEqual(["always"]);
    expect(await eligible({}, { platform: "darwin" })).toEqual(["always", "mac"]);
    expect(await eligible({}, { nodes: () => ({ platforms: ["darwin"], bins: [] }) })).toEqual(["always", "mac"]);
  });

  it("count programs of connected nodes", async () => {
    fixture.skill("extra", "far", "metadata: { openclaw: { requires: { bins: ['nope'] } } }");
    expect(await eligible({}, { nodes: () => ({ platforms: [], bins: ["nope"] }) })).toEqual(["far"]);
  });

  it("obey enabled: false, and allowBundled for bundled skills alone", async () => {
    fixture.skill("bundled", "first");
    fixture.skill("bundled", "second");
    fixture.skill("extra", "third");
    fixture.skill("extra", "off", "metadata: { openclaw: { always: true } }");
    const skills = {
      allowBundled: ["second"],
      load: { extraDirs: [fixture.extra] },
      entries: { off: { enabled: false } },
    };
    expect(await eligible({ skills })).toEqual(["second", "third"]);
    expect(await state("first", { skills })).toMatchObject({ blockedByAllowlist: true, disabled: false });
    expect(await state("off", { skills })).toMatchObject({ disabled: true });
  });

  it("count the entry's env and apiKey as set", async () => {
    fixture.skill(
      "extra",
      "paid",
      "metadata: { openclaw: { primaryEnv: 'PAID_KEY', requires: { env: ['PAID_KEY', 'PAID_ZONE'] } } }",
    );
    const entries = { paid: { apiKey: "k", env: { PAID_ZONE: "eu" } } };
    expect(await eligible()).toEqual([]);
    expect(await eligible({ skills: { load: { extraDirs: [fixture.extra] }, entries } })).toEqual(["paid"]);
  });
});

describe("the environment of a run", () => {
  const entries = {
    paid: {
      apiKey: "secret",
      env: { ZONE: "eu", SET: "ours", PATH: "/evil", LD_PRELOAD: "/evil.so", NODE_OPTIONS: "-r x" },
    },
    hidden: { env: { HIDDEN: "1" } },
  };

  it("gets what the settings of eligible skills add, unset names only, and never a dangerous one", async () => {
    fixture.skill("extra", "paid", "metadata: { openclaw: { primaryEnv: 'PAID_KEY' } }");
    fixture.skill("extra", "hidden", "metadata: { openclaw: { requires: { bins: ['nope'] } } }");
    const env = { PATH: fixture.bin, SET: "theirs" };
    const library = fixture.library({ skills: { load: { extraDirs: [fixture.extra] }, entries } }, { env });
    expect(library.runEnv("s").variables).toEqual({});
    await library.snapshot("s");
    expect(library.runEnv("s").variables).toEqual({ PAID_KEY: "secret", ZONE: "eu" });
    expect(env).toEqual({ PATH: fixture.bin, SET: "theirs" });
    expect(process.env["PAID_KEY"]).toBeUndefined();
  });
});

describe("a snapshot", () => {
  it("lists name, description and place of eligible skills for the model, in few characters", async () => {
    fixture.skill("extra", "alpha");
    fixture.skill("extra", "quiet", "disable-model-invocation: true");
    fixture.put("extra/folder/SKILL.md", "---\nname: other name\ndescription: |\n  Two\n  lines <b>\n---\n");
    fixture.skill("bundled", "long", "", "x".repeat(900));
    const { prompt, skills, resolvedSkills } = await fixture.library().snapshot("s");
    expect(prompt).toContain(
      `<available_skills dir="${fixture.extra}">\n- alpha: About alpha\n- other name (folder/SKILL.md): Two lines b\n</available_skills>`,
    );
    expect(prompt).not.toContain("quiet");
    expect(prompt.length).toBeLessThan(800);
    expect(skills.map(({ name }) => name)).toEqual(["alpha", "long", "other name", "quiet"]);
    expect(resolvedSkills[3]).toMatchObject({ name: "quiet", disableModelInvocation: true, source: "openclaw-extra" });
  });

  it("stays within 6,000 characters for hundreds of skills", async () => {
    for (let index = 0; index < 300; index++) fixture.skill("extra", `skill-${index}`, "", "words ".repeat(40));
    expect((await fixture.library().snapshot("s")).prompt.length).toBeLessThan(6_400);
  });

  it("is empty without skills, and holds only those of the agent and the chat", async () => {
    expect((await fixture.library().snapshot("s")).prompt).toBe("");
    for (const name of ["a", "b", "c"]) fixture.skill("extra", name);
    const library = fixture.library({}, { only: ["a", "b"] });
    expect((await library.snapshot("s")).skills.map(({ name }) => name)).toEqual(["a", "b"]);
    expect((await library.snapshot("s", ["b", "c"])).skills.map(({ name }) => name)).toEqual(["b"]);
  });

  it("stays the same until the watcher has seen a change and 250 ms of quiet", async () => {
    fixture.skill("extra", "first");
    const library = fixture.library();
    const before = await library.snapshot("s");
    fixture.skill("extra", "second");
    fixture.skill("workspace/skills", "third");
    await vi.waitFor(() => expect(fixture.clock.pending()).toHaveLength(1));
    await fixture.clock.advance(200);
    expect(await library.snapshot("s")).toBe(before);
    // Further events may still arrive, each of which begins the quiet time anew.
    await vi.waitFor(async () => {
      await fixture.clock.advance(250);
      expect(library.version()).toBeGreaterThan(0);
    });
    const after = await library.snapshot("s");
    expect(after.skills.map(({ name }) => name)).toEqual(["first", "second", "third"]);
    expect(after.version).toBeGreaterThan(before.version);
  });

  it("sees a changed file of a known skill", async () => {
    fixture.skill("extra", "first");
    const library = fixture.library();
    await library.snapshot("s");
    writeFileSync(join(fixture.extra, "first/SKILL.md"), "---\nname: first\ndescription: changed\n---\n");
    await vi.waitFor(async () => {
      await fixture.clock.advance(250);
      expect((await library.snapshot("s")).prompt).toContain("first: changed");
    });
  });

  it("without a watcher is made anew for each session only", async () => {
    fixture.skill("extra", "first");
    const library = fixture.library({ skills: { load: { extraDirs: [fixture.extra], watch: false } } });
    await library.snapshot("one");
    rmSync(join(fixture.extra, "first"), { recursive: true });
    expect((await library.snapshot("one")).skills).toHaveLength(1);
    expect((await library.snapshot("two")).skills).toHaveLength(0);
    expect(fixture.clock.pending()).toEqual([]);
  });
});
