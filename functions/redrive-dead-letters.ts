// Each minute, and when somebody asks -> dead letters that are due go to their functions again.
import { redriveDue } from '../lib/app/dead-letters.ts'
import { plainFunction } from '../lib/lambda/event-function.ts'
import { readFailure } from '../lib/lambda/invocation-error.ts'

export const handler = plainFunction(['table', 'objects', 'clock', 'random', 'functions'], async (deps) =>
  redriveDue({ ...deps, readFailure }),
)
