import { parentPort, workerData } from 'node:worker_threads'
import { BoundStatement, type Statement } from '../statement.ts'
import { SqliteConnection, StatementFailed } from './connection.ts'

/** A thread that reads: each message is a statement, and is answered by what became of it. It ends with its process. */

/** A statement on its way to the thread. */
export interface ReadTask {
  readonly statement: Statement
  readonly values: readonly unknown[]
}

/** How it ended. `errcode`: the engine's, absent for any other error. */
export type ReadAnswer =
  | { readonly result: unknown }
  | { readonly error: { readonly message: string; readonly errcode?: number } }

const { path } = workerData as { readonly path: string }
let connection: SqliteConnection | undefined

parentPort?.on('message', (task: ReadTask) => parentPort?.postMessage(answer(task)))

function answer({ statement, values }: ReadTask): ReadAnswer {
  try {
    connection ??= new SqliteConnection(path, 'reader')
    return { result: connection.run(new BoundStatement(statement, values)) }
  } catch (error) {
    const cause = error instanceof StatementFailed ? error.cause : error
    if (!(cause instanceof Error)) return { error: { message: String(cause) } }
    const { message } = cause
    if (!('errcode' in cause) || typeof cause.errcode !== 'number') return { error: { message } }
    return { error: { message, errcode: cause.errcode } }
  }
}
