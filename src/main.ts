import cluster from 'node:cluster'
import { fileURLToPath } from 'node:url'
import { runCommandLine } from './cli/command-line.ts'
import { runLoopProcess } from './server/cluster/loop-process.ts'
import { explainStart } from './server/explain.ts'
import { exitOnUncaught } from './server/last-resort.ts'
import { createLog } from './server/logging.ts'
import { createServices } from './server/services.ts'

/**
 * The program `chancery`: a command line, or one request loop when a serving `chancery` started it as its
 * child. Everything is built and joined below src/server.
 */
// Whatever is written is for its owner alone, unless whoever writes it says otherwise.
process.umask(0o077)

if (cluster.isWorker) {
  runLoopProcess({
    start: async (configuration, processes, reports) => {
      const processName = `serve-${cluster.worker?.id ?? 0}`
      const log = createLog(configuration.logLevel)
      exitOnUncaught(log)
      const { startRequestLoop } = await import('./server/request-loop.ts')
      return startRequestLoop({ configuration, log, processName, processes, reports })
    },
    explain: explainStart,
  })
} else {
  // Whoever read the output has enough of it, as `head` has: what was asked for is done to its end all the same.
  for (const output of [process.stdout, process.stderr]) {
    output.on('error', (error) => {
      if (!('code' in error) || error.code !== 'EPIPE') throw error
    })
  }
  process.exitCode = await runCommandLine(
    process.argv.slice(2),
    createServices(fileURLToPath(import.meta.url)),
  )
}
