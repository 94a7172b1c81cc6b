export { consoleLine, type ConsoleStyle, type LogRecord } from "./console-line.ts";
export { createLog, type FileLog, type LogOptions, type LogThreshold } from "./create-log.ts";
export { dailyLogPath, pruneDailyLogs } from "./log-path.ts";
export { createRedactor, maskSecret, type Redactor, type RedactorOptions } from "./redactor.ts";
