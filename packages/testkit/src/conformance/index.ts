export type { ConformanceCase } from "./conformance-case.ts";
export { CASES, describeChannel, type DescribeChannelOptions } from "./describe-channel.ts";
export type { AnyHarness, ChannelHarness, PlatformSide, SeenMessage, SendFailure, Written } from "./harness.ts";
export { createMemoryStore, createTestHost, type LogEntry, type TestHost, type TestHostOptions } from "./test-host.ts";
