import { homedir as systemHome, tmpdir } from "node:os";
import { type Paths, resolvePaths } from "../paths/index.ts";
import { checkCombinations } from "./combinations.ts";
import { applyDefaults } from "./defaults.ts";
import { serviceVariables } from "./expected-env.ts";
import type { OpenClawConfig, ResolvedConfig } from "./generated/types.ts";
import { hashOf } from "./hash.ts";
import type { ConfigIssue, Finding } from "./issue.ts";
import { openDocument, readFailure, type ReadFile, readSource, type SourceDocument } from "./loading/document.ts";
import { withConfigEnv, withDotenv, withShellEnv } from "./loading/environment.ts";
import { resolveIncludes } from "./loading/include.ts";
import { Locator } from "./loading/locate.ts";
import type { Environment, LoginShell } from "./loading/shell-env.ts";
import { referencedNames, substitute } from "./loading/substitute.ts";
import type { ConfigManifest } from "./manifest.ts";
import { type ConfigPath, formatPath, isPlain } from "./path.ts";
import { rewriteLegacy } from "./rewrites/rewrite.ts";
import type { Rewrite } from "./rewrites/rule.ts";
import { toValue } from "./source/node.ts";
import { validateConfig } from "./validate.ts";

export interface LoadOptions {
  /** The process's variables. Not changed. */
  env: Environment;
  /** Working directory, whose `.env` is read. */
  cwd: string;
  /** Every channel and plugin that exists. A channel without manifest is an unknown key. */
  manifests: readonly ConfigManifest[];
  /** Where everything is. Default: from `env`, `homedir`, `profile` and `dev`. */
  paths?: Paths;
  homedir?: string;
  profile?: string;
  dev?: boolean;
  /** Overrides `OPENCLAW_STATE_DIR`. */
  stateDir?: string;
  /** Overrides `OPENCLAW_CONFIG_PATH`: the file to read. */
  configPath?: string;
  readFile?: ReadFile;
  /** Runs the login shell for `env.shellEnv`. */
  shell?: LoginShell;
  /** `${NAME}` of a missing variable is a warning, and the text stays. */
  allowMissingEnv?: boolean;
  /** False leaves the schema unasked, which spares a client that only wants an address; `valid` then says little. */
  validate?: boolean;
}

/** A file's text, as it was when it was loaded. */
export interface LoadedFile {
  path: string;
  text: string;
}

export interface LoadedConfig {
  /** Absolute path of the file. */
  path: string;
  exists: boolean;
  /** The file's text; empty when it does not exist. */
  raw: string;
  /** SHA-256 of `raw`, hex: the `baseHash` of writes. */
  hash: string;
  /** The file alone, as data: includes, variables and old spellings untouched. */
  parsed: unknown;
  /** Includes resolved, variables replaced, spellings canonical; no defaults. What was asked for. */
  authored: OpenClawConfig;
  /** `authored` with defaults. Only to be used when `valid`. */
  config: ResolvedConfig;
  /** No issues: the configuration may be used. */
  valid: boolean;
  /** Everything that is wrong, in file order. */
  issues: ConfigIssue[];
  /** Questionable, but usable. */
  warnings: ConfigIssue[];
  /** Older spellings that were read as canonical ones. */
  rewrites: Rewrite[];
  /** Files reached by `$include`, absolute, missing ones too. */
  includes: string[];
  /** Texts of the file and its includes, as read. */
  files: LoadedFile[];
  /** The environment with `.env` files, the `env` section and the login shell added. */
  env: Record<string, string>;
  /** Sentences about `.env` files and the login shell. */
  notes: string[];
  /** Where a value of `authored` is written. */
  locate(path: ConfigPath, atKey?: boolean): { file: string; line: number; column: number };
}

/**
 * Reads, completes and checks the configuration. Never fails because of what the file holds: everything wrong is in
 * `issues`, each with file, line and column. A missing file is a valid, empty configuration.
 */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const homedir = options.homedir ?? systemHome();
  const paths =
    options.paths ??
    resolvePaths({ env: pathEnv(options), homedir, profile: options.profile, dev: options.dev, tmpdir: tmpdir() });
  const path = options.configPath ?? paths.configPath;
  const readFile = options.readFile ?? readSource;
  const dotenv = withDotenv({ env: options.env, cwd: options.cwd, envFile: paths.envFile, readFile });
  const notes = dotenv.warnings;
  const issues: ConfigIssue[] = [];

  const source = readRoot(path, readFile);
  const base = { path, exists: source.exists, raw: source.raw, hash: hashOf(source.raw), notes };
  if (source.issue) issues.push(source.issue);
  if (!source.document) {
    return {
      ...base,
      parsed: undefined,
      authored: {},
      config: applyDefaults({}),
      valid: issues.length === 0,
      issues,
      warnings: [],
      rewrites: [],
      includes: [],
      files: source.exists ? [{ path, text: source.raw }] : [],
      env: dotenv.env,
      locate: () => ({ file: path, line: 1, column: 1 }),
    };
  }
  issues.push(...source.issues);
  const { root } = source.document;

  const included = resolveIncludes(source.document, { readFile, homedir });
  issues.push(...included.issues);
  const locator = new Locator(source.document, included.documents, homedir);
  const files = [...included.documents.values()].map(({ file, text }) => ({ path: file, text }));

  const expected = new Set([
    ...serviceVariables,
    ...options.manifests.flatMap((manifest) => manifest.envVars),
    ...referencedNames(included.value),
  ]);
  const shellEnv = await withShellEnv(withConfigEnv(dotenv.env, included.value), {
    config: included.value,
    expected,
    ...(options.shell && { shell: options.shell }),
  });
  notes.push(...shellEnv.warnings);

  const missing: Finding[] = [];
  const substituted = substitute(included.value, shellEnv.env, (name, at) => {
    missing.push({
      code: "env",
      path: at,
      message: `The variable ${name} is not set or empty.`,
      expected: `${name} in the environment, in ${paths.envFile}, or $\${${name}} for the text itself`,
    });
  });
  const channels = options.manifests.filter((manifest) => manifest.kind === "channel").map((manifest) => manifest.id);
  const { config: authored, rewrites } = rewriteLegacy(substituted, {
    channels,
    rules: options.manifests.flatMap((manifest) => manifest.rewrites),
  });

  const written = (finding: Finding): ConfigIssue => {
    const { path: at, atKey, ...rest } = finding;
    const { file, line, column } = locator.findNearest(asWritten(at, rewrites), atKey);
    return { ...rest, path: formatPath(at), file, line, column };
  };
  const inFile = (finding: Finding): ConfigIssue => {
    const { file, line, column } = locator.findNearest(finding.path);
    return {
      code: finding.code,
      path: formatPath(finding.path),
      message: finding.message,
      ...(finding.expected && { expected: finding.expected }),
      file,
      line,
      column,
    };
  };
  const warnings: ConfigIssue[] = [];
  (options.allowMissingEnv ? warnings : issues).push(...missing.map(inFile));
  if (options.validate !== false) issues.push(...(await validateConfig(authored, options.manifests)).map(written));
  const combined = options.validate === false ? { findings: [], warnings: [] } : checkCombinations(authored);
  issues.push(...combined.findings.map(written));
  warnings.push(...combined.warnings.map(written));

  const usable = isPlain(authored) ? (authored as OpenClawConfig) : {};
  return {
    ...base,
    get parsed() {
      return toValue(root);
    },
    authored: usable,
    config: applyDefaults(usable, options.manifests),
    valid: issues.length === 0,
    issues: sorted(issues, path),
    warnings: sorted(warnings, path),
    rewrites,
    includes: included.includes,
    files,
    env: shellEnv.env,
    locate(at, atKey) {
      const { file, line, column } = locator.findNearest(asWritten(at, rewrites), atKey);
      return { file, line, column };
    },
  };
}

function pathEnv({ env, stateDir, configPath }: LoadOptions): Environment {
  return {
    ...env,
    ...(stateDir !== undefined && { OPENCLAW_STATE_DIR: stateDir }),
    ...(configPath !== undefined && { OPENCLAW_CONFIG_PATH: configPath }),
  };
}

interface RootSource {
  exists: boolean;
  raw: string;
  document?: SourceDocument;
  issue?: ConfigIssue;
  issues: ConfigIssue[];
}

function readRoot(path: string, readFile: ReadFile): RootSource {
  let raw: string;
  try {
    raw = readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { exists: false, raw: "", issues: [] };
    return {
      exists: true,
      raw: "",
      issues: [],
      issue: { code: "file", path: "", message: readFailure(error, path), file: path, line: 1, column: 1 },
    };
  }
  const opened = openDocument(path, raw);
  return "issue" in opened
    ? { exists: true, raw, issues: [], issue: opened.issue }
    : { exists: true, raw, document: opened.document, issues: opened.issues };
}

/** The path as the file spells it, for a path in canonical spelling. */
function asWritten(path: ConfigPath, rewrites: readonly Rewrite[]): ConfigPath {
  let current = path;
  for (const { fromPath, toPath } of rewrites.toReversed()) {
    if (
      toPath.length > 0 &&
      toPath.length <= current.length &&
      toPath.every((step, index) => step === current[index])
    ) {
      current = [...fromPath, ...current.slice(toPath.length)];
    }
  }
  return current;
}

/** The first file first, each in line order. */
function sorted(issues: ConfigIssue[], first: string): ConfigIssue[] {
  return issues.toSorted(
    (a, b) =>
      Number(b.file === first) - Number(a.file === first) ||
      a.file.localeCompare(b.file) ||
      a.line - b.line ||
      a.column - b.column,
  );
}
