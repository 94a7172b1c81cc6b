import { OpenClawError } from "@openclaw/core";
import { type LoadedConfig, formatIssue } from "@openclaw/core/config";

/** Fails with every problem at once when the configuration cannot be used. */
export function assertValidConfig(loaded: LoadedConfig): void {
  if (loaded.valid) return;
  throw new OpenClawError({
    code: "CONFIG_INVALID",
    message: `The configuration cannot be used:\n${loaded.issues.map((issue) => `  ${formatIssue(issue)}`).join("\n")}`,
    hint: "Mend the file and check it with `openclaw config validate`. Nothing was changed.",
    details: { issues: loaded.issues },
  });
}
