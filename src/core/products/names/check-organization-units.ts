import { oids } from '../../../pki/oids.ts'
import { Fault, type NameDefect } from '../../faults.ts'
import { hasControlCharacter } from '../../policy/names/control-characters.ts'
import { attributeLimits } from '../../policy/names/subject.ts'
import type { OrderName } from './order-name.ts'

const longest = attributeLimits.get(oids.organizationalUnitName) ?? 64

/**
 * Organizational units that say something: at least one letter or digit, nothing that controls a terminal, at most 64
 * characters (RFC 5280 appendix A.1). Checked for every product, although certificates of the public hierarchy do not
 * carry them (case N15).
 * @throws Fault name_refused
 */
export function checkOrganizationUnits(units: readonly OrderName[]): void {
  for (const { value, parameter } of units) {
    const defect = defectOf(value)
    if (defect !== undefined) {
      throw new Fault('name_refused', { parameter, value: value.slice(0, longest), defect })
    }
  }
}

function defectOf(unit: string): NameDefect | undefined {
  // A character takes at most two code units.
  if (unit.length > longest * 2 || [...unit].length > longest) return 'too-long'
  if (hasControlCharacter(unit)) return 'control-character'
  return unit.isWellFormed() && /[\p{L}\p{N}]/u.test(unit) ? undefined : 'character'
}
