/**
 * Signs nested parameters in numeric order and writes only the first space of a value as `+`, as the Node client of
 * the API does; `~`, `!`, `*`, `'`, `(` and `)` stay bare.
 */
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import { createInterface } from 'node:readline'

const { TINYCERT_URL, TINYCERT_API_KEY, TINYCERT_CA_FILE } = process.env
const ca = readFileSync(TINYCERT_CA_FILE)
const lookup = (_name, options, done) =>
  options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)

const encode = (text) => encodeURIComponent(text).replace('%20', '+')
const indexOf = (name) => Number(/\[(\d+)\]/.exec(name)?.[1] ?? -1)

function compare([one], [other]) {
  const [head, otherHead] = [one.split('[', 1)[0], other.split('[', 1)[0]]
  if (head !== otherHead) return head < otherHead ? -1 : 1
  return indexOf(one) - indexOf(other)
}

function call(endpoint, parameters) {
  const query = parameters
    .sort(compare)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&')
  const digest = createHmac('sha256', TINYCERT_API_KEY).update(query).digest('hex')
  const body = `${query}&digest=${digest}`
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': Buffer.byteLength(body),
    }
    request(`${TINYCERT_URL}/${endpoint}`, { method: 'POST', headers, ca, lookup }, (answer) => {
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
  const [endpoint, ...rest] = line.split('\t')
  const parameters = Array.from({ length: rest.length / 2 }, (_, at) => [rest[2 * at], rest[2 * at + 1]])
  const [status, body] = await call(endpoint, parameters)
  JSON.parse(body)
  console.log(`${status}\t${body}`)
}
