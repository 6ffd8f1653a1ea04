/** A Likeness server inside another program, and inside tests. */
export { ConfigError } from './config/config-error.ts';
export { loadConfig, type Config, type LogLevel } from './config/config.ts';
export { startServer, type RunningServer, type StartOptions } from './start-server.ts';
