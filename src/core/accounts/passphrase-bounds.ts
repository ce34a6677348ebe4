/**
 * What stored argon2id parameters may be, all bounds inclusive: a row that was changed must not make a login cost
 * gigabytes or minutes. Memory in KiB, salt in octets.
 */
export const passphraseBounds = {
  memoryKiB: { least: 8, most: 1_048_576 },
  passes: { least: 1, most: 16 },
  lanes: { least: 1, most: 16 },
  saltLength: { least: 16, most: 64 },
} as const

/** RFC 9106 section 3.1: memory for each lane, in KiB. */
export const LEAST_MEMORY_A_LANE = 8
