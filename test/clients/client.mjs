/**
 * Signs nested parameters in numeric order and writes only the first space of a value as `+`, as the Node client of
 * the API does; `~`, `!`, `*`, `'`, `(` and `)` stay bare.
 */
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import { createInterface } from 'node:readline'

const base = process.env.TINYCERT_URL ?? ''
const apiKey = process.env.TINYCERT_API_KEY ?? ''
const ca = readFileSync(process.env.TINYCERT_CA_FILE ?? '')

/** @type {import('node:net').LookupFunction} */
const lookup = (_name, options, done) => {
  if (options.all) done(null, [{ address: '127.0.0.1', family: 4 }])
  else done(null, '127.0.0.1', 4)
}

/** @param {string} text */
const encode = (text) => encodeURIComponent(text).replace('%20', '+')
/** @param {string} name */
const indexOf = (name) => Number(/\[(\d+)\]/.exec(name)?.[1] ?? -1)

/**
 * @param {readonly [string, string]} one
 * @param {readonly [string, string]} other
 */
function compare([one], [other]) {
  const [head = '', otherHead = ''] = [one.split('[', 1)[0], other.split('[', 1)[0]]
  if (head !== otherHead) return head < otherHead ? -1 : 1
  return indexOf(one) - indexOf(other)
}

/**
 * @param {string} endpoint
 * @param {(readonly [string, string])[]} parameters
 * @returns {Promise<[number | undefined, string]>}
 */
function call(endpoint, parameters) {
  const query = parameters
    .sort(compare)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&')
  const digest = createHmac('sha256', apiKey).update(query).digest('hex')
  const body = `${query}&digest=${digest}`
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': Buffer.byteLength(body),
    }
    request(`${base}/${endpoint}`, { method: 'POST', headers, ca, lookup }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part) => {
        text += part
      })
      answer.on('end', () => resolve([answer.statusCode, text]))
    })
      .on('error', reject)
      .end(body)
  })
}

for await (const line of createInterface({ input: process.stdin })) {
  const [endpoint = '', ...rest] = line.split('\t')
  /** @type {(readonly [string, string])[]} */
  const parameters = []
  for (let at = 0; at < rest.length; at += 2) parameters.push([rest[at] ?? '', rest[at + 1] ?? ''])
  const [status, body] = await call(endpoint, parameters)
  JSON.parse(body)
  console.log(`${status}\t${body}`)
}
