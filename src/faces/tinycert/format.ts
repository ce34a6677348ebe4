import { XMLBuilder } from 'fast-xml-parser'
import type { TinycertAnswer } from './codes.ts'
import type { AlternativeName, Fields } from './reply.ts'

/** How answers are written. Lists are written row by row, so that long ones need no memory. */
export interface Format {
  readonly contentType: string
  object(fields: Fields): string
  error(answer: Pick<TinycertAnswer, 'code' | 'text'>): string
  readonly list: {
    readonly open: string
    readonly separator: string
    readonly close: string
    row(element: string, fields: Fields): string
  }
}

/** The API's own form: an object, or an array of objects. */
export const json: Format = {
  contentType: 'application/json',
  object: jsonObject,
  error: ({ code, text }) => JSON.stringify({ code, text }),
  list: { open: '[', separator: ',', close: ']', row: (_, fields) => jsonObject(fields) },
}

function jsonObject(fields: Fields): string {
  const members = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'object' ? value.map(oneKey) : value,
  ])
  return JSON.stringify(Object.fromEntries(members))
}

function oneKey({ type, value }: AlternativeName): Readonly<Record<string, string>> {
  return { [type]: value }
}

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** An element in the order-keeping form of the library. */
type Node = { readonly [name: string]: readonly Node[] } | { readonly '#text': string | number }

const builder = new XMLBuilder({ preserveOrder: true, suppressEmptyNode: true })
const build = (node: Node): string => builder.build([node])

/**
 * The same answers as XML: `response` with one element for each member, `cert` or `ca` for each entry of a
 * list, one element for each name inside `Alt`; `error` with `code` and `text`.
 */
export const xml: Format = {
  contentType: 'application/xml; charset=utf-8',
  object: (fields) => `${declaration}${build({ response: nodesOf(fields) })}`,
  error: ({ code, text }) => `${declaration}${build({ error: nodesOf({ code, text }) })}`,
  list: {
    open: `${declaration}<response>`,
    separator: '',
    close: '</response>',
    row: (element, fields) => build({ [element]: nodesOf(fields) }),
  },
}

function nodesOf(fields: Fields): readonly Node[] {
  return Object.entries(fields).map(([name, value]) => ({
    [name]: typeof value === 'object' ? value.map(alternativeName) : textNode(value),
  }))
}

function alternativeName({ type, value }: AlternativeName): Node {
  return { [type]: textNode(value) }
}

function textNode(value: string | number): readonly Node[] {
  return value === '' ? [] : [{ '#text': typeof value === 'string' ? xmlText(value) : value }]
}

/** XML 1.0 section 2.2 has no place for these, not even escaped. */
function xmlText(value: string): string {
  return value
    .toWellFormed()
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\u{fffd}')
}
