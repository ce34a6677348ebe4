import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser'
import { type BodyMembers, isMembers } from '../json-values.ts'
import { refuse } from './refusal.ts'
import type { Value } from './reply.ts'

/** An element in the order-keeping form of the library. */
type Node = { readonly [name: string]: readonly Node[] } | { readonly '#text': string }

const builder = new XMLBuilder({ preserveOrder: true, suppressEmptyNode: true })
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  trimValues: false,
  // References are read below: the library knows none by number, and CDATA, which has none, has to be told from text.
  processEntities: false,
  cdataPropName: '#cdata',
})

const deepest = 16
const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'

/**
 * An object as an XML document. Members are elements; a list is an element with one child for each value, named by
 * the singular: `<dns_names><dns_name>a.example</dns_name></dns_names>`.
 *
 * @param root name of the outermost element
 */
export function xmlOf(root: string, value: Value): string {
  // XML 1.0 section 2.11: a carriage return that is written as it is would be read as a line feed.
  return `${declaration}${builder.build(nodesFor(root, value)).replaceAll('\r', '&#13;')}`
}

function nodesFor(name: string, value: Value | undefined): readonly Node[] {
  if (value === undefined) return []
  return [{ [elementName(name)]: contentOf(name, value) }]
}

function contentOf(name: string, value: Value): readonly Node[] {
  if (Array.isArray(value)) return value.flatMap((each: Value) => nodesFor(singular(name), each))
  if (value === null || value === '') return []
  if (typeof value !== 'object') return [{ '#text': plainText(String(value)) }]
  return Object.entries(value).flatMap(([member, inner]) => nodesFor(member, inner))
}

/** XML 1.0 section 2.3; member names such as domains in a map need not be names there. */
function elementName(name: string): string {
  return name.replace(/[^\w.-]/g, '_').replace(/^(?![a-z_])/i, '_')
}

/** XML 1.0 section 2.2 has no place for these, not even escaped. */
function plainText(value: string): string {
  return value
    .toWellFormed()
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\u{fffd}')
}

/** What one value of a list is called. */
export function singular(plural: string): string {
  if (plural.endsWith('ies')) return `${plural.slice(0, -3)}y`
  if (/(ss|x|ch|sh)es$/.test(plural)) return plural.slice(0, -2)
  return plural.endsWith('s') ? plural.slice(0, -1) : 'item'
}

/**
 * Reads an XML body into the members of its outermost element, whatever that is called. A repeated element is a list,
 * and so is one whose only children are named by its singular or `item`. All values are texts. Document type
 * declarations are refused, so no entity is defined by a caller.
 *
 * @throws Refusal bad_request_format
 */
export function readXml(text: string): BodyMembers {
  if (/<!DOCTYPE/i.test(text) || XMLValidator.validate(text) !== true) throw refuse('bad_request_format')
  const [root, ...others] = elementsOf(parse(text))
  if (root === undefined || others.length > 0) throw refuse('bad_request_format')
  const [, children] = root
  const value = readContent('', children, 0)
  if (isMembers(value)) return value
  if (value === '') return {}
  throw refuse('bad_request_format')
}

function parse(text: string): unknown {
  try {
    return parser.parse(text)
  } catch (error) {
    throw refuse('bad_request_format', undefined, error)
  }
}

type Element = readonly [name: string, children: readonly unknown[]]

/** The elements among nodes in the library's form. */
function elementsOf(nodes: unknown): readonly Element[] {
  if (!Array.isArray(nodes)) return []
  return nodes.flatMap((node: unknown): readonly Element[] => {
    if (typeof node !== 'object' || node === null) return []
    return Object.entries(node).flatMap(([name, children]: [string, unknown]): readonly Element[] =>
      Array.isArray(children) && name !== '#cdata' ? [[name, children]] : [],
    )
  })
}

function readContent(name: string, children: readonly unknown[], depth: number): Value {
  if (depth > deepest) throw refuse('bad_request_format')
  const elements = elementsOf(children)
  if (elements.length === 0) return textOf(children)
  const [first] = elements
  const inner = first?.[0] ?? ''
  const isList =
    (inner === singular(name) || inner === 'item') && elements.every(([other]) => other === inner)
  if (isList) return elements.map((element) => readContent(...element, depth + 1))
  const members: Record<string, Value> = Object.create(null)
  for (const [member, content] of elements) {
    const value = readContent(member, content, depth + 1)
    const before = Object.hasOwn(members, member) ? members[member] : undefined
    if (before === undefined) members[member] = value
    else if (Array.isArray(before)) before.push(value)
    else members[member] = [before, value]
  }
  return members
}

/** @throws Refusal bad_request_format */
function textOf(nodes: readonly unknown[]): string {
  return nodes.map(pieceOf).join('').trim()
}

function pieceOf(node: unknown): string {
  if (typeof node !== 'object' || node === null) return ''
  if ('#text' in node) return withCharacters(String(node['#text']))
  return '#cdata' in node && Array.isArray(node['#cdata']) ? node['#cdata'].map(plainPieceOf).join('') : ''
}

function plainPieceOf(node: unknown): string {
  return typeof node === 'object' && node !== null && '#text' in node ? String(node['#text']) : ''
}

function withCharacters(text: string): string {
  return text.includes('&') ? text.replace(/&([^;]*);?/g, (_, name: string) => characterFor(name)) : text
}

const predefined: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** What a reference stands for (XML 1.0 sections 4.1 and 4.6): a character by its number, or one of the five names. */
function characterFor(name: string): string {
  if (Object.hasOwn(predefined, name)) return predefined[name] ?? ''
  const [, hex, decimal] = /^#(?:x([\dA-Fa-f]{1,8})|(\d{1,8}))$/.exec(name) ?? []
  const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
  const character = point <= 0x10ffff ? String.fromCodePoint(point) : ''
  if (character === '' || plainText(character) !== character) throw refuse('bad_request_format')
  return character
}
