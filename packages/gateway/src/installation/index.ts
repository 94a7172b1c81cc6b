export { type ChannelListing, listChannels } from "./list-channels.ts";
export { inspectSkills, type InspectSkillsOptions, type SkillsReport } from "../skills/inspect-skills.ts";
export { installSkill, type InstallSkillOptions } from "../skills/install-skill.ts";
export { type Explanation, type ExplainOptions, type ExplainedStep, explainMessage } from "./explain-message.ts";
export { inspectModels, type InspectOptions, type ModelReport } from "./inspect-models.ts";
export { instanceOwner, type InstanceOwner } from "./instance-owner.ts";
export {
  type LoginInteraction,
  type ModelAuth,
  openModelAuth,
  type ProfileStatus,
  type ProviderAuthStatus,
} from "./model-auth.ts";
export { portHolder, type PortHolder } from "./port-holder.ts";
export { prepareWorkspace } from "./prepare-workspace.ts";
export { tailFile, type TailOptions, type TailResult } from "./tail-file.ts";
