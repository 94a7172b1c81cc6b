export { ALL_SCOPES, type Connected, connectParams, type ConnectOptions } from "./connect.ts";
export { createTestDevice } from "./device.ts";
export { openTestSocket, type TestFrame } from "./socket.ts";
export { startTestGateway, type TestGateway, type TestGatewayOptions, TOKEN } from "./start.ts";
