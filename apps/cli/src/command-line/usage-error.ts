import { OpenClawError } from "@openclaw/core";

/** The command line itself was wrong: exit code 2. */
export const usageError = (message: string, hint?: string): OpenClawError =>
  new OpenClawError({ code: "USAGE", message, ...(hint ? { hint } : {}) });
