/** An engine in a process of its own: `main.ts DATA NAME [DATABASE-URL]`; takes tasks from its parent. */
import { openInstallation } from './installation.ts'
import { issueFor } from './issue.ts'
import { orderFor } from './orders.ts'
import { buildCrl, fill, revoke } from './revocations.ts'
import type { Answer, Figures, Task } from './task.ts'

const [dataFolder = '', processName = '', databaseUrl] = process.argv.slice(2)
const installation = await openInstallation({
  dataFolder,
  processName,
  ...(databaseUrl === undefined ? {} : { databaseUrl }),
})
// It has a parent and a channel to it: see bench/engine/engine-process.ts.
process.on('message', (task: Task) => {
  carryOut(task).then(
    (figures) => answer({ done: true, figures }),
    (error: unknown) =>
      answer({ done: false, reason: error instanceof Error ? String(error.stack) : String(error) }),
  )
})
process.on('disconnect', () => void installation.close().then(() => process.exit(0)))
answer({ done: true, figures: {} })

function answer(message: Answer): void {
  process.send?.(message)
}

function carryOut(task: Task): Promise<Figures> {
  switch (task.kind) {
    case 'issue':
      return issueFor(installation, task)
    case 'order':
      return orderFor(installation, task)
    case 'fill':
      return fill(installation, task)
    case 'revoke':
      return revoke(installation, task)
    case 'publish-crl':
      return buildCrl(installation)
  }
}
