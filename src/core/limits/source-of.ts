/**
 * Who counts as one caller: one host commands a whole IPv6 /64, so that is one source. IPv4 mapped into IPv6 is the
 * IPv4 address.
 */
export function sourceOf(address: string): string {
  const unscoped = address.split('%', 1)[0] ?? address
  if (!unscoped.includes(':')) return unscoped
  const mapped = /^::ffff:([0-9.]+)$/i.exec(unscoped)?.[1]
  if (mapped !== undefined) return mapped
  const [head = '', tail] = unscoped.toLowerCase().split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length
  const groups = [...before, ...Array<string>(Math.max(0, zeros)).fill('0'), ...after]
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}
