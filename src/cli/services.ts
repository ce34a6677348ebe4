import type { Caller } from '../core/audit/caller.ts'
import type { ErrorCatalogue } from '../core/catalogue.ts'
import type { Engine } from '../core/engine.ts'
import type { MasterKeyHolder } from '../core/keys/master-key.ts'
import type { Sealer } from '../core/keys/sealer.ts'

/** One setting as a command-line option. */
export interface SettingOption {
  /** Without dashes. */
  readonly flag: string
  /** Placeholder of its value; undefined for a switch. */
  readonly argument: string | undefined
  readonly repeatable: boolean
  readonly help: string
}

/** Values of the setting options of one command, by flag. */
export type SettingFlags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

/** The data folder and its store, open for one command. */
export interface Installation {
  readonly engine: Engine
  readonly sealer: Sealer & MasterKeyHolder
  /** Absolute path of the data folder. */
  readonly data: string
  close(): Promise<void>
}

/** What the commands need of the rest of the program; src/main.ts puts it together. */
export interface Services {
  readonly version: string
  /** Options of `serve`. */
  readonly serveOptions: readonly SettingOption[]
  /** Options of every command that opens the store. */
  readonly storeOptions: readonly SettingOption[]
  /** Options of commands that look at other people's DNS and files. */
  readonly outsideOptions: readonly SettingOption[]
  readonly catalogues: readonly ErrorCatalogue[]
  /** Serves until it is told to stop; the exit status. */
  serve(flags: SettingFlags): Promise<number>
  /** @param create whether an installation is made where there is none */
  open(flags: SettingFlags, create: boolean): Promise<Installation>
  /** Writes a sealed copy of the store into a new file; its size in bytes. */
  backup(flags: SettingFlags, file: string, caller: Caller): Promise<number>
  /** Puts such a copy into an empty place. */
  restore(flags: SettingFlags, file: string, caller: Caller): Promise<void>
  /** One line for an error that is no fault and no bug, such as a folder that cannot be read. */
  explain(error: unknown): string | undefined
}
