import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { silentLog } from "@openclaw/core";
import type { OpenClawConfig } from "@openclaw/core/config";
import { createFakeClock } from "@openclaw/testkit";
import { createSkillLibrary, type SkillLibrary, type SkillLibraryOptions } from "../src/skills/index.ts";

/** An installation on disk with places for skills; programs are found only in its own `bin`. */
export function createSkillFixture() {
  const root = mkdtempSync(join(tmpdir(), "skills-"));
  const dirs = {
    workspace: join(root, "workspace"),
    stateDir: join(root, "state"),
    bundled: join(root, "bundled"),
    extra: join(root, "extra"),
    plugin: join(root, "plugin"),
    bin: join(root, "bin"),
  };
  for (const dir of Object.values(dirs)) mkdirSync(dir);
  const clock = createFakeClock();
  const open: SkillLibrary[] = [];
  const put = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  return {
    ...dirs,
    root,
    clock,
    put,
    /** A skill whose front matter has these further lines. */
    skill: (place: string, name: string, lines = "", description = `About ${name}`) =>
      put(`${place}/${name}/SKILL.md`, `---\nname: ${name}\ndescription: ${description}\n${lines}\n---\n# ${name}\n`),
    program(name: string, script = "exit 0") {
      put(`bin/${name}`, `#!/bin/sh\n${script}\n`);
      chmodSync(join(dirs.bin, name), 0o755);
    },
    library(config: OpenClawConfig = {}, options: Partial<SkillLibraryOptions> = {}): SkillLibrary {
      const library = createSkillLibrary({
        config: { ...config, skills: { load: { extraDirs: [dirs.extra] }, ...config.skills } },
        workspace: dirs.workspace,
        stateDir: dirs.stateDir,
        bundledDir: dirs.bundled,
        pluginDirs: [dirs.plugin],
        env: { PATH: dirs.bin },
        platform: "linux",
        clock,
        log: silentLog,
        ...options,
      });
      open.push(library);
      return library;
    },
    close() {
      for (const library of open) library.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
