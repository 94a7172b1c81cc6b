import type { DoctorCheck, DoctorContext, Finding } from "../check.ts";
import { type ProfilesFile, readProfileFiles, waitingCredentials } from "../stored-credentials.ts";

export const authProfiles: DoctorCheck = {
  id: "auth-profiles",
  group: "models",
  title: "Logins of model providers can be used",
  run: (context) => [
    ...readProfileFiles(context.paths).flatMap((file) => checkFile(file, context)),
    ...waitingCredentials(context.paths).map(({ path, providers }): Finding => ({
      severity: "info",
      message: `${path} of an older installation holds logins for ${providers.join(", ")}.`,
      hint: "They are taken over when a model is first used.",
    })),
  ],
};

function checkFile(
  { path, agentId, problem, profiles, usageStats }: ProfilesFile,
  { clock }: DoctorContext,
): Finding[] {
  if (problem)
    return [
      {
        severity: "error",
        message: `${path} ${problem}, so agent ${agentId} has no logins from it.`,
        hint: "Correct the file, or move it away and log in again.",
      },
    ];
  const now = clock.now();
  return Object.entries(profiles).flatMap(([id, profile]): Finding[] => {
    // The rest of a profile's name is often somebody's address.
    const name = profile?.provider ?? id.split(":")[0];
    const expired =
      profile?.expires !== undefined &&
      profile.expires > 0 &&
      profile.expires <= now &&
      !(profile.type === "oauth" && profile.refresh);
    const { disabledUntil = 0, cooldownUntil = 0, disabledReason, cooldownReason } = usageStats[id] ?? {};
    const until = Math.max(disabledUntil, cooldownUntil);
    const reason = disabledReason ?? cooldownReason;
    return [
      ...(expired
        ? [
            {
              severity: "warning",
              message: `A login for ${name} of agent ${agentId} ended on ${date(profile.expires ?? 0)}.`,
              hint: "Log in again, or put a new key in its place.",
            } as const,
          ]
        : []),
      ...(until > now
        ? [
            {
              severity: "warning",
              message: `A login for ${name} of agent ${agentId} rests until ${date(until)}${reason ? ` (${reason})` : ""}.`,
              hint: "Others are used meanwhile; it comes back by itself.",
            } as const,
          ]
        : []),
    ];
  });
}

const date = (ms: number) => new Date(ms).toISOString();
