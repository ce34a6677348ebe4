import type { Route } from './route.ts'

/** Everything that is served, one line for each noun. */
export const routes: readonly Route[] = []
