import { readFileSync } from "node:fs";

/** Put in by the build; the sources ask their manifest. */
declare const OPENCLAW_VERSION: string | undefined;

/** Version of the installed `openclaw` package. */
export const version: string = typeof OPENCLAW_VERSION === "string" ? OPENCLAW_VERSION : versionOfManifest();

function versionOfManifest(): string {
  return (JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }).version;
}
