/**
 * Stores orders of a new account in an installation, made when there is none, and prints the account's API key:
 * `node bench/seed-orders.ts --data FOLDER [--database-url URL] [--orders 1000000] [--email ADDRESS]`.
 * No server may run over the installation meanwhile.
 */
import { parseArgs } from 'node:util'
import { seedOrders } from './lists/seed.ts'

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    'database-url': { type: 'string' },
    orders: { type: 'string', default: '1000000' },
    email: { type: 'string', default: 'orders@bench.example' },
  },
})
const count = Number(values.orders)
if (values.data === undefined || !Number.isSafeInteger(count) || count < 1) {
  process.stderr.write('--data FOLDER is needed, and --orders takes a number\n')
  process.exit(2)
}
const databaseUrl = values['database-url']
const start = performance.now()
const { apiKey, accountId } = await seedOrders(
  {
    dataFolder: values.data,
    processName: 'seed-orders',
    email: values.email,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
  },
  count,
)
const seconds = Math.round((performance.now() - start) / 1_000)
process.stdout.write(`account ${accountId}: ${count} orders in ${seconds} s\n${apiKey}\n`)
