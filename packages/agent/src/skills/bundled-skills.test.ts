import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { silentLog } from "@openclaw/core";
import { createFakeClock } from "@openclaw/testkit";
import { describe, expect, it } from "vitest";
import { bundledSkillsDir } from "./bundled-dir.ts";
import { createSkillLibrary } from "./skill-library.ts";

const dir = bundledSkillsDir() ?? "";
const library = createSkillLibrary({
  config: {},
  workspace: "/nonexistent/workspace",
  stateDir: "/nonexistent/state",
  env: { PATH: "/nonexistent" },
  platform: "linux",
  clock: createFakeClock(),
  log: silentLog,
});

describe("bundled skills", () => {
  it("are a dozen or more, all readable, named after their folder", async () => {
    const { skills, problems } = await library.status();
    expect(problems).toEqual([]);
    expect(skills.length).toBeGreaterThanOrEqual(12);
    expect(skills.map(({ name }) => name).toSorted()).toEqual(readdirSync(dir).toSorted());
    for (const { name, baseDir, source } of skills)
      expect([basename(baseDir), source]).toEqual([name, "openclaw-bundled"]);
  });

  it("say in one line what they are for, and are read in a minute", async () => {
    const { skills } = await library.status();
    for (const { name, description } of skills) {
      expect([name, description.length > 30 && description.length <= 110]).toEqual([name, true]);
      expect([name, readFileSync(join(dir, name, "SKILL.md"), "utf8").length < 2600]).toEqual([name, true]);
    }
  });

  it("are hidden where their programs are missing; those that need none are always there", async () => {
    const { skills } = await library.status();
    expect(skills.filter(({ eligible }) => eligible).map(({ name }) => name)).toEqual([
      "skill-creator",
      "todo-notes",
      "weather",
    ]);
    expect(skills.find(({ name }) => name === "images")?.missing.anyBins).toEqual(["magick", "convert"]);
  });

  it("cost less than 2,200 characters of prompt when all are there", async () => {
    const { skills } = await library.status();
    const all = createSkillLibrary({
      config: {},
      workspace: "/nonexistent/workspace",
      stateDir: "/nonexistent/state",
      env: {},
      platform: "linux",
      nodes: () => ({ platforms: [], bins: skills.flatMap(({ needs }) => [...needs.bins, ...needs.anyBins]) }),
      clock: createFakeClock(),
      log: silentLog,
    });
    const snapshot = await all.snapshot("s");
    all.close();
    expect(snapshot.skills).toHaveLength(skills.length);
    expect(snapshot.prompt.length).toBeLessThan(2200);
  });
});
