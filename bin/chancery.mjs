#!/usr/bin/env node
/**
 * The command `chancery`. The published package carries built JavaScript, because Node.js strips no types
 * below node_modules; a clone runs its sources, with whatever `npm ci` has yet to bring in installed first.
 */
import { existsSync } from 'node:fs'

if (existsSync(new URL('../scripts/launch.mjs', import.meta.url))) {
  await import('../scripts/launch.mjs')
} else {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 24 || (major === 24 && minor < 7)) {
    process.stderr.write(`chancery: Node.js 24.7 or later is needed and this is ${process.versions.node}\n`)
    process.exit(1)
  }
  await import(new URL('../dist/main.js', import.meta.url).href)
}
