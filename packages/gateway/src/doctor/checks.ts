import type { DoctorCheck } from "./check.ts";
import { authProfiles } from "./checks/auth-profiles.ts";
import { channelAccounts } from "./checks/channel-accounts.ts";
import { configSpellings } from "./checks/config-spellings.ts";
import { configValid } from "./checks/config-valid.ts";
import { diskSpace } from "./checks/disk-space.ts";
import { dmPolicy } from "./checks/dm-policy.ts";
import { execApprovals } from "./checks/exec-approvals.ts";
import { gatewayAuth } from "./checks/gateway-auth.ts";
import { gatewayLock } from "./checks/gateway-lock.ts";
import { gatewayMode } from "./checks/gateway-mode.ts";
import { gatewayPort } from "./checks/gateway-port.ts";
import { lastKnownGood } from "./checks/last-known-good.ts";
import { legacyState } from "./checks/legacy-state.ts";
import { legacyWhatsapp } from "./checks/legacy-whatsapp.ts";
import { models } from "./checks/models.ts";
import { nodeVersion } from "./checks/node-version.ts";
import { permissions } from "./checks/permissions.ts";
import { sessions } from "./checks/sessions.ts";
import { stateDir } from "./checks/state-dir.ts";
import { store } from "./checks/store.ts";
import { workspace } from "./checks/workspace.ts";

/** Every check, in the order in which it is run and reported: what others build on comes first. */
export const doctorChecks: readonly DoctorCheck[] = [
  nodeVersion,
  diskSpace,
  stateDir,
  permissions,
  configValid,
  configSpellings,
  lastKnownGood,
  gatewayMode,
  gatewayAuth,
  gatewayLock,
  gatewayPort,
  channelAccounts,
  dmPolicy,
  models,
  authProfiles,
  legacyState,
  legacyWhatsapp,
  sessions,
  store,
  execApprovals,
  workspace,
];
