import { accessSync, constants, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type TProperties, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import { parseDocument } from 'yaml'
import { StartError } from '../start-error.ts'
import { nearest } from './nearest.ts'
import { type Setting, settings } from './settings.ts'

/** Most bytes of a configuration file that are read. */
const largestFile = 1 << 20

/** The texts given for each setting in a file, by the setting's place in it: `limits.body`. */
export type FileValues = ReadonlyMap<string, readonly string[]>

/** The keys of one section; a section below it is a map again. */
type Section = Map<string, TSchema | Section>

const places: readonly string[] = Object.values<Setting<unknown>>(settings).flatMap(({ file }) => file ?? [])
const fileSchema: TSchema = objectOf(sections())

function sections(): Section {
  const root: Section = new Map()
  for (const { file, type } of Object.values<Setting<unknown>>(settings)) {
    if (file === undefined) continue
    const keys = file.split('.')
    const last = keys.pop() ?? ''
    keys.reduce(sectionIn, root).set(last, type.fileSchema)
  }
  return root
}

function sectionIn(parent: Section, key: string): Section {
  const found = parent.get(key)
  if (found instanceof Map) return found
  const made: Section = new Map()
  parent.set(key, made)
  return made
}

function objectOf(section: Section): TSchema {
  const properties: TProperties = {}
  for (const [key, value] of section) {
    properties[key] = Type.Optional(value instanceof Map ? objectOf(value) : value)
  }
  return Type.Object(properties, { additionalProperties: false })
}

/**
 * Reads a configuration file.
 *
 * @returns undefined when there is no file and none was asked for
 * @throws StartError in one line, naming the file and the key
 */
export function readConfigurationFile(file: string, mustExist: boolean): FileValues | undefined {
  const source = readSource(file, mustExist)
  if (source === undefined) return undefined
  const document = parseDocument(source, { uniqueKeys: true, strict: true })
  const [problem] = document.errors
  if (problem !== undefined) throw new StartError(`${file}: ${problem.message.split('\n')[0]}`)
  const content: unknown = document.toJS({ maxAliasCount: 0 }) ?? {}
  refuseUnsound(file, content)
  const values = new Map<string, readonly string[]>()
  collect(content, '', values)
  return values
}

function readSource(file: string, mustExist: boolean): string | undefined {
  try {
    const bytes = readFileSync(file)
    if (bytes.length > largestFile) throw new StartError(`${file}: larger than ${largestFile} bytes`)
    return bytes.toString('utf8')
  } catch (error) {
    if (error instanceof StartError) throw error
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    // That the data folder itself cannot be used is told where it is opened.
    if (!mustExist && (code === 'ENOENT' || code === 'ENOTDIR' || !isReachable(dirname(file))))
      return undefined
    throw new StartError(`configuration file ${file} cannot be read (${String(code)})`, { cause: error })
  }
}

function isReachable(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}

function refuseUnsound(file: string, content: unknown): void {
  for (const error of Value.Errors(fileSchema, content)) {
    const place = error.instancePath.slice(1).replaceAll('/', '.')
    // A member beyond the schema is reported by itself, as one that no schema takes.
    if (error.keyword === 'boolean') throw new StartError(unknownKey(file, place))
    throw new StartError(
      `${file}: ${place === '' ? 'the file' : `"${place}"`} has the wrong form (${error.message})`,
    )
  }
}

function unknownKey(file: string, key: string): string {
  const meant = nearest(key, places) ?? nearestByLastPart(key)
  const hint = meant === undefined ? 'docs/configuration.md lists the keys' : `did you mean "${meant}"?`
  return `${file}: unknown key "${key.slice(0, 80)}"; ${hint}`
}

/** Finds a key that stands in another section. */
function nearestByLastPart(key: string): string | undefined {
  const lastPart = (place: string) => place.slice(place.lastIndexOf('.') + 1)
  const meant = nearest(lastPart(key), places.map(lastPart))
  return places.find((place) => lastPart(place) === meant)
}

function collect(value: unknown, place: string, into: Map<string, readonly string[]>): void {
  if (Array.isArray(value)) into.set(place, value.map(String))
  else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      collect(member, place === '' ? key : `${place}.${key}`, into)
    }
  } else into.set(place, [String(value)])
}
