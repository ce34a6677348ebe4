import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Scope } from '../../test/support/tmp.ts'
import type { Answer, Figures, Task } from './task.ts'

/** An engine in a process of its own, as one request loop of `serve` is. */
export interface EngineProcess {
  readonly processId: number
  /** One task at a time. @throws Error with what the process said */
  run(task: Task): Promise<Figures>
}

export interface EngineProcessOptions {
  readonly dataFolder: string
  readonly databaseUrl?: string
}

let started = 0

/** Starts an engine over a data folder that other processes may use too, and waits until it is ready. */
export async function startEngine(scope: Scope, options: EngineProcessOptions): Promise<EngineProcess> {
  started += 1
  const args = [options.dataFolder, `bench-${started}`]
  const child = fork(
    join(import.meta.dirname, 'main.ts'),
    options.databaseUrl === undefined ? args : [...args, options.databaseUrl],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  )
  const ended = once(child, 'exit')
  scope.after(async () => {
    if (child.connected) child.disconnect()
    await ended
  })
  await nextAnswer(child)
  return {
    processId: child.pid ?? -1,
    async run(task) {
      child.send(task)
      return nextAnswer(child)
    },
  }
}

function nextAnswer(child: ChildProcess): Promise<Figures> {
  return new Promise((resolve, reject) => {
    const end = () => reject(new Error('an engine process ended before its time'))
    child.once('exit', end)
    child.once('message', (message: Answer) => {
      child.removeListener('exit', end)
      if (message.done) resolve(message.figures)
      else reject(new Error(message.reason))
    })
  })
}
