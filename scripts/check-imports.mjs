// Enforces scripts/import-rules.mjs over every source file, and refuses import cycles, even of types.
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { violations } from "./import-rules.mjs";

export function checkImports(root) {
  const files = globSync("{packages,apps,extensions}/*/{src,test,scripts}/**/*.{ts,tsx,mjs}", { cwd: root }).filter(
    (file) => !file.includes("node_modules") && !/\/generated\/(?!catalog)/.test(file),
  );
  const errors = [];
  const graph = new Map();
  for (const file of files.toSorted()) {
    const room = file.split("/").slice(0, 2).join("/");
    const imports = readImports(readFileSync(join(root, file), "utf8"));
    errors.push(...violations({ room, file, imports }));
    const edges = [];
    for (const { specifier, dynamic } of imports) {
      if (!specifier.startsWith(".")) continue;
      const target = relative(root, resolve(root, dirname(file), specifier));
      if (!target.startsWith(`${room}/`)) errors.push(`${file}: ${specifier} leaves the package`);
      else if (!dynamic && isFile(join(root, target))) edges.push(target);
    }
    graph.set(file, edges);
  }
  for (const cycle of cycles(graph)) errors.push(`import cycle: ${cycle.join(" -> ")}`);
  return errors;
}

const isFile = (path) => existsSync(path) && statSync(path).isFile();

/** Static (types included) and dynamic import specifiers of one source text. */
export function readImports(source) {
  const code = source.replace(/\/\*[\s\S]*?\*\/|(^|[^:"'`])\/\/[^\n]*/g, "$1");
  const imports = [];
  for (const match of code.matchAll(
    /(?:^|[;\n}])\s*(?:import|export)\b(?!\s*\()([^"'`;]*?\bfrom\s*)?\s*["']([^"'\n]+)["']/g,
  )) {
    imports.push({ specifier: match[2], dynamic: false });
  }
  for (const match of code.matchAll(/\bimport\(\s*["']([^"'\n]+)["']/g))
    imports.push({ specifier: match[1], dynamic: true });
  return imports;
}

/** Every cycle once, found depth first; each as the list of files that closes on its first. */
export function cycles(graph) {
  const found = [];
  const state = new Map();
  const stack = [];
  const visit = (file) => {
    state.set(file, "open");
    stack.push(file);
    for (const next of graph.get(file) ?? []) {
      if (state.get(next) === "open") found.push([...stack.slice(stack.indexOf(next)), next]);
      else if (!state.has(next)) visit(next);
    }
    stack.pop();
    state.set(file, "done");
  };
  for (const file of graph.keys()) if (!state.has(file)) visit(file);
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const errors = checkImports(fileURLToPath(new URL("..", import.meta.url)));
  for (const error of errors) console.error(error);
  console.log(errors.length === 0 ? "imports: ok" : `imports: ${errors.length} violations`);
  process.exit(errors.length === 0 ? 0 : 1);
}
