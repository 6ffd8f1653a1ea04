/*
 * LevelDB tells what went wrong by its message alone. What the machine lacks at the moment says nothing
 * about the files.
 */
const NO_ROOM = /No space left on device|Disk quota exceeded/u;
const OUTAGE =
  /Too many open files|Cannot allocate memory|No space left on device|Disk quota exceeded|Read-only file system|Permission denied|Operation not permitted/u;

/** What a disk that fails to write says, as well as one that cannot read what it holds. */
const DISK_FAILURE = /Input\/output error/u;

/** Whether it says that the disk itself failed: at reading, which may be damage, or at writing, which damages no file. */
export function isDiskFailure(error: unknown): boolean {
  return messagesOf(error).some((message) => DISK_FAILURE.test(message));
}

/** Whether an error of LevelDB, or its cause, says that the machine could not read or write, not that a file is damaged. */
export function isOutage(error: unknown): boolean {
  return messagesOf(error).some((message) => OUTAGE.test(message));
}

/** Whether it says that the disk is full. */
export function isNoRoom(error: unknown): boolean {
  return messagesOf(error).some((message) => NO_ROOM.test(message));
}

function messagesOf(error: unknown): readonly string[] {
  const messages: string[] = [];
  for (let each = error; each instanceof Error; each = each.cause) messages.push(each.message);
  return messages;
}
