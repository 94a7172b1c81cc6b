export { createFakeClock, type FakeClock, type FakeClockOptions } from "./fake-clock.ts";
export {
  createMemoryStore,
  createTestHost,
  type LogEntry,
  type TestHost,
  type TestHostOptions,
} from "./conformance/test-host.ts";
