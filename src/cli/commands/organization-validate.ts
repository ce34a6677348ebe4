import { type Command, InvalidArgumentError } from 'commander'
import { parseDay } from '../../core/days.ts'
import { type ValidationType, validationTypes } from '../../core/organizations/organization.ts'
import { validateOrganization } from '../../core/organizations/validate-organization.ts'
import { type Options, objectNumber, withInstallation, withStore } from '../command.ts'
import { facts, instant } from '../output.ts'
import type { Services } from '../services.ts'

interface Given extends Options {
  readonly type?: readonly ValidationType[]
  readonly until?: number
}

const dayMs = 86_400_000

/** `chancery organization validate` */
export function organizationValidate(parent: Command, services: Services): void {
  const command = parent
    .command('validate')
    .description(
      'say that an organization was checked: certificates may name it, and orders that waited go on',
    )
    .argument('<organization>', 'its number', objectNumber)
    .option(
      '--type <TYPE>',
      `what for, repeatable: ${validationTypes.join(', ')}; what waits when absent`,
      addType,
    )
    .option(
      '--until <DAY>',
      'the last UTC day it holds, YYYY-MM-DD; as long as the rules allow when absent',
      endOfDay,
    )
  withStore(command, services).action((id: number, options: Given) =>
    withInstallation(services, options, false, async ({ engine, caller, output }) => {
      const { type: types = [], until } = options
      const approval = { types, ...(until !== undefined && { until }) }
      const {
        organization,
        types: validated,
        woken,
      } = await validateOrganization(engine, id, approval, caller)
      const validations = organization.validations.filter(({ type }) => validated.includes(type))
      const shown = validations.map(({ type, validatedUntil }) => ({
        type,
        validated_until: instant(validatedUntil ?? 0),
      }))
      output.result(
        { organization_id: id, account_id: organization.accountId, validations: shown, orders: woken.length },
        facts([
          ['organization', `${id} ${organization.name}`],
          ...shown.map((each) => [each.type, `until ${each.validated_until}`] as const),
          ['orders that go on', woken.length],
        ]),
      )
    }),
  )
}

function addType(text: string, before: readonly ValidationType[] = []): readonly ValidationType[] {
  const type = validationTypes.find((each) => each === text)
  if (type === undefined) throw new InvalidArgumentError(`It must be one of ${validationTypes.join(', ')}.`)
  return [...before, type]
}

/** The instant after a UTC day. */
function endOfDay(text: string): number {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || parseDay(text) === undefined) {
    throw new InvalidArgumentError('It must be a day, YYYY-MM-DD.')
  }
  return Date.parse(`${text}T00:00:00Z`) + dayMs
}
