export * from "../flatward-error.js";
export { startThreads, type Threads } from "./start-threads.js";
