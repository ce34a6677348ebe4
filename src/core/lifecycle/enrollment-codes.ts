import { hash } from 'node:crypto'
import type { Random } from '../environment.ts'

/** Letters and digits that nobody mistakes for one another. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const length = 16

/** 80 random bits as 16 characters. */
export function newEnrollmentCode(random: Random): string {
  return Array.from(random.bytes(length), (byte) => alphabet.charAt(byte & 31)).join('')
}

/** SHA-256, lower-case hex: what a code is found by, so that nothing of it can be timed. */
export function codeDigest(code: string): string {
  return hash('sha256', code, 'hex')
}
