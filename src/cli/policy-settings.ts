import { parseCents } from '../core/finance/money.ts'
import { type AccountPolicy, approvalSteps, paymentMethods } from '../core/identity/account-policy.ts'
import type { PolicyChanges } from '../core/identity/change-policy.ts'
import { normaliseHostName } from '../core/policy/names/host-name.ts'
import { defaultNameLimits } from '../core/policy/names/name-rules.ts'
import { products } from '../core/products/catalogue.ts'

/** The change a value asks for; undefined when the setting cannot have it. */
type ReadPolicy = (value: string, policy: AccountPolicy) => PolicyChanges | undefined

type Flag = {
  [Name in keyof AccountPolicy]: AccountPolicy[Name] extends boolean ? Name : never
}[keyof AccountPolicy]

const flag =
  (member: Flag): ReadPolicy =>
  (value) =>
    value === 'on' || value === 'off' ? { [member]: value === 'on' } : undefined

/** How an account orders, as `chancery account set` calls it. */
export const policySettings: ReadonlyMap<string, ReadPolicy> = new Map<string, ReadPolicy>([
  ['approvals', (value) => found(approvalSteps, value, (approvals) => ({ approvals }))],
  ['ct', flag('certificateTransparency')],
  ['ct.per-order', flag('ctChoicePerOrder')],
  ['ca.private', flag('privateCa')],
  ['ca.default', flag('privateCaDefault')],
  ['domains.locking', flag('domainLocking')],
  ['domains.protected', (value) => lists(value, hostName, (protectedNames) => ({ protectedNames }))],
  ['caa.required', flag('caaRequired')],
  ['products.disabled', (value) => lists(value, product, (disabledProducts) => ({ disabledProducts }))],
  ['orders.revoked-with-certificate', flag('revokesOrderWithItsCertificate')],
  ['orders.end-dates', flag('customExpirationDates')],
  ['subaccounts', flag('subaccounts')],
  ['payment.methods', (value) => lists(value, paymentMethod, (methods) => ({ paymentMethods: methods }))],
  ['payment.credit', (value) => credit(value)],
  ['payment.currency', (value) => (/^[A-Z]{3}$/.test(value) ? { currency: value } : undefined)],
])

const pricePrefix = 'price.'

/** The setting of a name, such as `ct` or `price.ssl_basic`; undefined when there is none. */
export function policySettingOf(name: string): ReadPolicy | undefined {
  if (!name.startsWith(pricePrefix)) return policySettings.get(name)
  const priced = product(name.slice(pricePrefix.length))
  return priced === undefined ? undefined : (value, { prices }) => price(priced, value, prices)
}

/** What can be set, for help and errors. */
export const policySettingNames: readonly string[] = [...policySettings.keys(), `${pricePrefix}<product>`]

function price(name: string, value: string, prices: AccountPolicy['prices']): PolicyChanges | undefined {
  const centsPerYear = parseCents(value)
  if (centsPerYear === undefined) return undefined
  const others = prices.filter((each) => each.product !== name)
  return { prices: centsPerYear === 0 ? others : [...others, { product: name, centsPerYear }] }
}

function credit(value: string): PolicyChanges | undefined {
  if (value === 'unlimited') return { creditLimit: null }
  const creditLimit = parseCents(value)
  return creditLimit === undefined ? undefined : { creditLimit }
}

function found<Value extends string>(
  values: readonly Value[],
  text: string,
  change: (value: Value) => PolicyChanges,
): PolicyChanges | undefined {
  const value = values.find((each) => each === text)
  return value === undefined ? undefined : change(value)
}

/** Values with commas between them; nothing: none. */
function lists<Value>(
  text: string,
  read: (part: string) => Value | undefined,
  change: (values: readonly Value[]) => PolicyChanges,
): PolicyChanges | undefined {
  const parts = text === '' ? [] : text.split(',').map((part) => read(part.trim()))
  const values = parts.filter((part) => part !== undefined)
  return values.length === parts.length ? change([...new Set(values)]) : undefined
}

const product = (text: string) => products.find(({ nameId }) => nameId === text)?.nameId

const paymentMethod = (text: string) => paymentMethods.find((each) => each === text)

function hostName(text: string): string | undefined {
  const result = normaliseHostName(text, { labels: defaultNameLimits.labels, underscores: false })
  return 'value' in result ? result.value : undefined
}
