import { execFile } from "node:child_process";
import { promisify } from "node:util";

export interface ImportEffects {
  /** Environment variables that were read. */
  environment: string[];
  /** Handles that keep running: timers, sockets, children. */
  resources: string[];
  /** Of the given packages, those that were loaded. */
  libraries: string[];
}

/** Runs in a fresh process; what Node itself reads or holds before the import does not count. */
const PROBE = `
  import { registerHooks } from "node:module";
  const [url, ...lazy] = process.argv.slice(1);
  const loaded = [];
  registerHooks({ load: (id, context, next) => (loaded.push(id), next(id, context)) });
  const read = new Set();
  // Read by Node itself while it loads modules.
  const ofNode = /^(NODE_|WATCH_REPORT_DEPENDENCIES$)/;
  const real = process.env;
  process.env = new Proxy(real, {
    get: (target, key) => (read.add(String(key)), Reflect.get(target, key)),
    has: (target, key) => (read.add(String(key)), Reflect.has(target, key)),
    ownKeys: (target) => (read.add("*"), Reflect.ownKeys(target)),
  });
  const before = process.getActiveResourcesInfo();
  await import(url);
  process.env = real;
  const resources = process.getActiveResourcesInfo().filter((name) => !before.includes(name));
  const libraries = lazy.filter((name) => loaded.some((id) => id.includes("/node_modules/" + name + "/")));
  process.stdout.write(JSON.stringify({ environment: [...read].filter((name) => !ofNode.test(name)), resources, libraries }), () => process.exit(0));
`;

/** Imports a module in a process of its own and tells what that did. */
export async function inspectImport(url: string, lazy: readonly string[]): Promise<ImportEffects> {
  const flags = ["--no-warnings", "--conditions=@openclaw/source", "--input-type=module", "--eval", PROBE];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, "--", url, ...lazy]);
  const effects: ImportEffects = JSON.parse(stdout);
  return effects;
}
