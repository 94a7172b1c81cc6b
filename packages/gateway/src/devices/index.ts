export { deviceMethods, type DeviceMethodsOptions } from "./device-methods.ts";
export { type DeviceAccess, type DeviceStore, type DeviceStoreOptions, openDeviceStore } from "./device-store.ts";
export type {
  DeviceDescription,
  DeviceEvent,
  DeviceToken,
  PairedDevice,
  PairedDeviceView,
  PairingRequest,
} from "./device-types.ts";
export { scopesCover } from "./scope-coverage.ts";
export { secretsEqual } from "./secrets-equal.ts";
