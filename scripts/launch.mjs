/** `npm start -- --listen …` and `npm run chancery -- COMMAND …`: the program from its sources. */
import { runProgram } from './program.mjs'

await runProgram('src/main.ts', process.argv.slice(2))
