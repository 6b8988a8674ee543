// A band in memory that threads share.

export { pushBulge, reflectBlock, reflectColumn } from "./band";
