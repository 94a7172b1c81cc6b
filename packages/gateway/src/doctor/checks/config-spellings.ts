import { formatPath, getAt, writeConfigFile } from "@openclaw/core/config";
import type { DoctorCheck, Finding } from "../check.ts";
import { spellAnew } from "../spell-anew.ts";

export const configSpellings: DoctorCheck = {
  id: "config-spellings",
  group: "configuration",
  title: "Every key has its present name",
  run({ loaded, paths, homedir, manifests, version, clock }) {
    if (loaded.rewrites.length === 0 || loaded.parsed === undefined) return [];
    const elsewhere = new Set(
      loaded.rewrites
        .map(({ fromPath }) => fromPath)
        .filter((path) => getAt(loaded.parsed, path) === undefined)
        .map(formatPath),
    );
    const fix = {
      summary: `Writes the present names into ${loaded.path}; comments stay, and a backup is kept.`,
      async apply() {
        const stamp = { version, now: clock.now() };
        const text = await spellAnew(loaded, {
          env: loaded.env,
          cwd: paths.stateDir,
          homedir,
          manifests,
          paths,
          configPath: loaded.path,
          stamp,
        });
        writeConfigFile({ path: loaded.path, text, baseHash: loaded.hash });
      },
    };
    return loaded.rewrites.map(({ message, from, fromPath }): Finding => {
      const { file, line, column } = loaded.locate(fromPath);
      const place = `${file}:${line}:${column} ${message}`;
      return elsewhere.has(from)
        ? { severity: "warning", message: place, hint: "It comes from an included file: change it there by hand." }
        : { severity: "warning", message: place, fix };
    });
  },
};
