/** How npm's own ways of starting the program call themselves. */
const events = new Set(['start', 'chancery', 'npx'])
const pauseMs = 250

/**
 * Has this process end in order when npm is told to end. npm hands a signal to the shell that it started, which dies
 * and tells nobody: without this the program would be left behind. `exec` in the script is no way, because on Windows
 * there is none.
 */
export function endWithNpm() {
  if (!events.has(process.env.npm_lifecycle_event ?? '')) return
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, pauseMs)
  watch.unref()
}
