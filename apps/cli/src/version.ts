import { readFileSync } from "node:fs";

/** Put in by the build; the sources ask their manifest. */
declare const __OPENCLAW_VERSION__: string | undefined;

/** Version of the installed `openclaw` package. */
export const version: string = typeof __OPENCLAW_VERSION__ === "string" ? __OPENCLAW_VERSION__ : versionOfManifest();

function versionOfManifest(): string {
  return (JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }).version;
}
