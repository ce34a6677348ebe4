import { type Command, InvalidArgumentError } from 'commander'
import type { AccountId } from '../../core/brand.ts'
import { recordDeposit } from '../../core/finance/deposit.ts'
import { type Cents, formatCents, parseCents } from '../../core/finance/money.ts'
import { type Options, objectNumber, parseAccountId, withInstallation, withStore } from '../command.ts'
import { facts } from '../output.ts'
import type { Services } from '../services.ts'

interface Given extends Options {
  readonly container?: number
  readonly note?: string
}

/** `chancery account deposit` */
export function accountDeposit(parent: Command, services: Services): void {
  const command = parent
    .command('deposit')
    .description('money of an account has arrived: it pays what is unpaid, the rest is balance')
    .argument('<account>', 'its number', parseAccountId)
    .argument('<amount>', 'such as 250 or 99.50, in the currency of the account', amount)
    .option(
      '--container <NUMBER>',
      'division that it belongs to; the whole account when absent',
      objectNumber,
    )
    .option('--note <TEXT>', 'what the ledger says of it')
  withStore(command, services).action((id: AccountId, cents: Cents, options: Given) =>
    withInstallation(services, options, false, async ({ engine, caller, output }) => {
      const { container: containerId, note = '' } = options
      const deposit = { accountId: id, cents, note, ...(containerId !== undefined && { containerId }) }
      const { balance, unpaid } = await recordDeposit(engine, deposit, caller)
      output.result(
        { account_id: id, balance: formatCents(balance), unpaid: formatCents(unpaid) },
        facts([
          ['account', id],
          ['balance', formatCents(balance)],
          ['unpaid', formatCents(unpaid)],
        ]),
      )
    }),
  )
}

function amount(text: string): Cents {
  const cents = parseCents(text)
  if (cents === undefined || cents === 0)
    throw new InvalidArgumentError('It must be an amount, such as 99.50.')
  return cents
}
