import { readFileSync } from "node:fs";

/** Both `src/` and `dist/` stand beside the package's manifest. */
const manifest = new URL("../package.json", import.meta.url);

/** Version of the installed `openclaw` package. */
export const version: string = (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
