/**
 * Preloaded into the program: its clock runs ahead of the machine's by as many milliseconds as a file says, looked at
 * again and again.
 */
import { readFileSync } from 'node:fs'

const file = process.env.MOVED_CLOCK_FILE ?? ''
const machineTime = Date.now
let aheadMs = 0

function look(): void {
  aheadMs = Number(readFileSync(file, 'utf8'))
}

look()
setInterval(look, 20).unref()
Date.now = () => machineTime() + aheadMs
