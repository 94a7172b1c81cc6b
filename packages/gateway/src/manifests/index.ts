export { channelManifests } from "./generated/index.js";
