// The thread that writes rows of the embedded table which were decided elsewhere, on a connection of its own. Started by
// writer.ts; `workerData` is the table's path.
import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '../../base/assert.ts'
import { type PackedRows, rowsIn, writePacked } from './decided-rows.ts'
import { openTableFile } from './sqlite-file.ts'
import { type Mark, markOf } from './sqlite-rows.ts'

/** After so many rows, in some milliseconds, the log's pages go to the file; SQLite's own 4,000 pages take 30 and more. */
const checkpointRows = 1_000

/** A transaction: the mark that it must find, the one that it leaves, and its rows. */
export type Decided = PackedRows & { expects: Mark; leaves: number }

assert(parentPort, 'this is a thread')
const port = parentPort
const { db, statements } = openTableFile(String(workerData))
const begin = db.prepare('BEGIN IMMEDIATE')
const end = db.prepare('COMMIT')
// Waits for nobody: what is being read meanwhile stays in the log until the next time.
const checkpoint = db.prepare('PRAGMA wal_checkpoint(PASSIVE)')

/** Whether it is on the disk; else nothing of it is. */
function write({ expects, leaves, ...rows }: Decided): boolean {
  try {
    begin.run()
    if (markOf(statements) === expects && writePacked(statements, rows)) {
      statements.leaveMark.run(leaves)
      end.run()
      return true
    }
  } catch {
    // Whoever asked tries it themselves, and meets the same error if it is still there.
  }
  if (db.isTransaction) db.exec('ROLLBACK')
  return false
}

let rowsInLog = 0

// When what was written is answered, while the next group is evaluated: the checkpoint inside a COMMIT would hold up both.
function checkpointAfter(rows: number): void {
  rowsInLog += rows
  if (rowsInLog < checkpointRows) return
  rowsInLog = 0
  try {
    checkpoint.get()
  } catch {
    // All of it is in the log, and stays there until the next time.
  }
}

port.on('message', (decided: Decided) => {
  port.postMessage(write(decided))
  checkpointAfter(rowsIn(decided))
})
port.postMessage('ready')
