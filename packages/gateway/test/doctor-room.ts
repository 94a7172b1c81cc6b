import { createHash } from "node:crypto";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Paths, resolvePaths } from "@openclaw/core/paths";
import type { CheckReport, DoctorOptions, DoctorReport, RunDoctorOptions } from "../src/doctor/index.ts";
import { runDoctor } from "../src/doctor/index.ts";
import { channelManifests } from "../src/manifests/index.ts";

/** An installation in a directory of its own, and a doctor who looks at it. */
export interface DoctorRoom {
  readonly dir: string;
  readonly paths: Paths;
  readonly options: DoctorOptions;
  /** Writes a file of the state directory, 0600 below 0700 unless told otherwise. */
  write(name: string, content: string | Buffer, mode?: number): string;
  config(text: string): void;
  readConfig(): string;
  look(more?: Partial<RunDoctorOptions>): Promise<DoctorReport>;
  /** One check's report. */
  check(id: string, more?: Partial<RunDoctorOptions>): Promise<CheckReport>;
  /** Every file and directory with its mode and content: equal trees are equal texts. */
  tree(): string;
  dispose(): void;
}

export function createDoctorRoom(env: Record<string, string> = {}): DoctorRoom {
  const dir = mkdtempSync(join(tmpdir(), "openclaw-doctor-"));
  const stateDir = join(dir, "state");
  mkdirSync(stateDir, { mode: 0o700 });
  const paths = resolvePaths({ env: { OPENCLAW_STATE_DIR: stateDir }, homedir: dir, tmpdir: dir });
  const options: DoctorOptions = {
    paths,
    env: { OPENCLAW_SKIP_LOCAL_MODELS: "1", OPENCLAW_GATEWAY_PORT: "0", ...env },
    cwd: dir,
    homedir: dir,
    manifests: channelManifests,
    version: "1.2.3",
  };

  function write(name: string, content: string | Buffer, mode = 0o600): string {
    const path = join(stateDir, name);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, content);
    chmodSync(path, mode);
    return path;
  }

  function* walk(path: string): Generator<string> {
    const stat = lstatSync(path);
    const content = stat.isFile() ? createHash("sha1").update(readFileSync(path)).digest("hex") : "";
    yield `${path.slice(dir.length)} ${(stat.mode & 0o777).toString(8)} ${content}`;
    if (stat.isDirectory()) for (const name of readdirSync(path).toSorted()) yield* walk(join(path, name));
  }

  const look = (more: Partial<RunDoctorOptions> = {}) => runDoctor({ ...options, ...more });
  return {
    dir,
    paths,
    options,
    write,
    config: (text) => void write("openclaw.json", text),
    readConfig: () => readFileSync(paths.configPath, "utf8"),
    look,
    async check(id, more) {
      const found = (await look(more)).checks.find((check) => check.id === id);
      if (!found) throw new Error(`no check ${id}`);
      return found;
    },
    tree: () => [...walk(dir)].join("\n"),
    dispose: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** A configuration in which nothing is to be found. */
export const HEALTHY = '{ gateway: { mode: "local", auth: { token: "a-token-of-twenty-characters" } } }';
