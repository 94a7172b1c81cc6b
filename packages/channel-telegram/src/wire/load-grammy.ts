import { createRequire } from "node:module";
import type * as Grammy from "grammy";

/**
 * The platform library, when an account is opened. It is CommonJS: requiring it spares the 6 MB that `import` spends on
 * finding out its export names.
 */
export function loadGrammy(): typeof Grammy {
  return createRequire(import.meta.url)("grammy");
}
