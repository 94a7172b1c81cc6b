import { OpenClawError } from "../../error.ts";
import { openDocument, readSource, type SourceDocument } from "../loading/document.ts";
import { includeNames, includePath } from "../loading/include.ts";
import { hashOf } from "../hash.ts";
import type { LoadedConfig } from "../load.ts";
import { type ConfigPath, formatPath, getAt } from "../path.ts";
import { type ConfigEdit, editConfig } from "../source/edit.ts";
import { entryOf, type SourceNode } from "../source/node.ts";
import { assertUnchanged, writeConfigFile, type WriteResult } from "./write-file.ts";

export interface PlannedFile {
  path: string;
  /** The whole new text. */
  text: string;
  /** The text the plan was made from. */
  before: string;
}

export interface PlanOptions {
  homedir: string;
  /** Written to `meta.lastTouchedVersion` and `meta.lastTouchedAt`. */
  stamp?: { version: string; now: number };
}

/**
 * Works out the new texts of the files that a change of the loaded configuration touches: a value that stands in an
 * included file is changed there. A change of an older spelling becomes the canonical one. Nothing is written.
 *
 * Fails with `CONFIG_INCLUDED`, naming the file, when it is not certain which file is meant.
 */
export function planEdits(
  loaded: LoadedConfig,
  edits: readonly ConfigEdit[],
  { homedir, stamp }: PlanOptions,
): PlannedFile[] {
  const documents = new Map(loaded.files.map(({ path, text }) => [path, text]));
  const before = new Map(documents);
  if (!loaded.exists) documents.set(loaded.path, "");
  const apply = (edit: ConfigEdit) => {
    const { file, path } = targetOf(loaded.path, edit.path, documents, homedir, edit.value === undefined);
    documents.set(file, editConfig(documents.get(file) ?? "", [{ path, value: edit.value }]));
  };
  for (const edit of edits) for (const single of withOldSpelling(edit, loaded)) apply(single);
  const changed = [...documents].filter(([path, text]) => text !== (before.get(path) ?? ""));
  if (changed.length > 0 && stamp && documents.has(loaded.path)) {
    apply({ path: ["meta", "lastTouchedVersion"], value: stamp.version });
    apply({ path: ["meta", "lastTouchedAt"], value: new Date(stamp.now).toISOString() });
  }
  return [...documents]
    .filter(([path, text]) => text !== (before.get(path) ?? ""))
    .map(([path, text]) => ({ path, text, before: before.get(path) ?? "" }));
}

/** Writes what was planned, each file with its backups. Refuses all when any of them changed since it was read. */
export function writePlan(files: readonly PlannedFile[]): WriteResult[] {
  for (const { path, before } of files) assertUnchanged(path, hashOf(before));
  return files.map(({ path, text, before }) => writeConfigFile({ path, text, baseHash: hashOf(before) }));
}

/** A canonical key that the file still spells the old way: the old spelling goes, so that it does not come back. */
function withOldSpelling(edit: ConfigEdit, { rewrites, parsed }: LoadedConfig): ConfigEdit[] {
  const old = rewrites.filter(
    ({ fromPath, toPath }) =>
      toPath.length > 0 && formatPath(toPath) === formatPath(edit.path) && getAt(parsed, fromPath) !== undefined,
  );
  return [edit, ...old.map(({ fromPath }) => ({ path: fromPath, value: undefined }))];
}

function targetOf(
  rootFile: string,
  path: ConfigPath,
  documents: ReadonlyMap<string, string>,
  homedir: string,
  removal: boolean,
): { file: string; path: ConfigPath } {
  let file = rootFile;
  let node: SourceNode | undefined = parse(file, documents)?.root;
  let start = 0;
  for (let depth = 0; depth <= path.length; depth++) {
    const include: SourceNode | undefined = node?.kind === "object" ? entryOf(node, "$include")?.value : undefined;
    const step = path[depth];
    const own = node?.kind === "object" && step !== undefined ? entryOf(node, String(step)) : undefined;
    if (include && !own) {
      const target = chooseInclude(include, file, path.slice(depth), documents, homedir, path, removal, node!);
      file = target.file;
      node = target.root;
      start = depth;
      depth--;
      continue;
    }
    if (step === undefined || !node) break;
    node = node.kind === "array" ? node.items[Number(step)] : own?.value;
  }
  return { file, path: path.slice(start) };
}

function chooseInclude(
  include: SourceNode,
  file: string,
  rest: ConfigPath,
  documents: ReadonlyMap<string, string>,
  homedir: string,
  path: ConfigPath,
  removal: boolean,
  node: SourceNode,
): SourceDocument {
  const files = (includeNames(include) ?? []).map((name) => includePath(name, file, homedir));
  const opened = files.flatMap((name) => parse(name, documents) ?? []);
  const alone = node.kind === "object" && node.entries.length === 1;
  if (rest.length === 0 && !(files.length === 1 && alone && !removal)) throw ambiguous(path, files);
  if (files.length === 1 && opened[0]) return opened[0];
  const holders = opened.filter(
    (document) => document.root.kind === "object" && entryOf(document.root, String(rest[0])),
  );
  if (holders.length === 1) return holders[0]!;
  throw ambiguous(path, holders.length > 1 ? holders.map((document) => document.file) : files);
}

function ambiguous(path: ConfigPath, files: readonly string[]): OpenClawError {
  return new OpenClawError({
    code: "CONFIG_INCLUDED",
    message: `${formatPath(path) || "This section"} comes from ${files.join(" and ")} by $include.`,
    hint: files.length === 1 ? `Change ${files[0]} by hand.` : "Change the right one of these files by hand.",
    details: { files },
  });
}

function parse(file: string, documents: ReadonlyMap<string, string>): SourceDocument | undefined {
  const text = documents.get(file) ?? readSource(file);
  if (text.trim() === "") return undefined;
  const opened = openDocument(file, text);
  return "document" in opened ? opened.document : undefined;
}
