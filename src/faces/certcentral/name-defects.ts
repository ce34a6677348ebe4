import type { NameDefect } from '../../core/faults.ts'

const characterDefects: ReadonlySet<NameDefect> = new Set(['character', 'control-character', 'underscore'])

/** Whether a single character is wrong with a name, for which the API has a code. A wildcard may be one, or may not. */
export function isCharacterDefect(defect: NameDefect): boolean {
  return characterDefects.has(defect)
}
