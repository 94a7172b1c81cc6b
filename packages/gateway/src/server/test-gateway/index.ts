export { ALL_SCOPES, type Connected, connectParams, connectTo, type ConnectOptions } from "./connect.ts";
export { createTestDevice, type TestDevice } from "./device.ts";
export { openTestSocket, type TestFrame, type TestSocket } from "./socket.ts";
export { startTestGateway, type TestGateway, type TestGatewayOptions, TOKEN } from "./start.ts";
