import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { explainInstallFailure, isInstalled, isNewEnough, SetupError } from '../../scripts/setup.mjs'
import { temporaryFolder } from '../support/tmp.ts'

type Packages = Readonly<Record<string, object>>

const locked: Packages = {
  '': { version: '1.0.0' },
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/b-linux': { version: '2.0.0', integrity: 'sha512-b', optional: true },
}

function clone(t: TestContext, installed: Packages | string | undefined): string {
  const root = temporaryFolder(t, 'clone')
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: locked }))
  mkdirSync(join(root, 'node_modules'))
  if (installed === undefined) return root
  const text = typeof installed === 'string' ? installed : JSON.stringify({ packages: installed })
  writeFileSync(join(root, 'node_modules', '.package-lock.json'), text)
  return root
}

const states: readonly [title: string, installed: Packages | string | undefined, expected: boolean][] = [
  ['what the lock file names', { ...locked }, true],
  ['all but a package for another platform', { 'node_modules/a': { ...locked['node_modules/a'] } }, true],
  ['nothing that npm finished', undefined, false],
  ['a list that was cut short', '{"packages": {', false],
  ['all but a package', { 'node_modules/b-linux': { ...locked['node_modules/b-linux'] } }, false],
  ['another version', { ...locked, 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } }, false],
  ['other contents', { ...locked, 'node_modules/a': { version: '1.0.0', integrity: 'sha512-z' } }, false],
  ['another build for this platform', { ...locked, 'node_modules/b-linux': { version: '2.0.1' } }, false],
]

for (const [title, installed, expected] of states) {
  test(`node_modules with ${title} is ${expected ? 'current' : 'installed anew'}`, (t) => {
    assert.equal(isInstalled(clone(t, installed)), expected)
  })
}

test('a clone without package-lock.json is an error that names the file', (t) => {
  assert.throws(() => isInstalled(temporaryFolder(t)), {
    constructor: SetupError,
    message: /package-lock\.json is missing/,
  })
})

const failures: readonly [said: string, line: RegExp][] = [
  ['npm error code EUSAGE\nnpm error `npm ci` can only install when in sync', /run "npm install"/],
  ['npm error code ENOTFOUND\nnpm error network request failed', /registry cannot be reached: connect/],
  ['npm error code EACCES', /check who owns the folder/],
  ['npm error code ENOSPC', /disk is full/],
  ['npm error code ELIFECYCLE', /npm could not install the packages/],
]

for (const [said, line] of failures) {
  test(`"${said.split('\n')[0]}" is explained before npm's own words`, () => {
    const [first, ...rest] = explainInstallFailure(said).split('\n')
    assert.match(first ?? '', line)
    assert.equal(rest.join('\n'), said)
  })
}

test('Node.js 24.7 is new enough and 24.6 is not', () => {
  const versions = ['20.20.2', '24.6.9', '24.7.0', '24.10.0', '26.0.0']
  assert.deepEqual(versions.map(isNewEnough), [false, false, true, true, true])
})
