// Who sits at this machine, as the history of promotions will call them: in the browser and on the command line.
import { userInfo } from 'node:os'

/** The name of the account, as far as it may be a subject; `owner` where there is none. */
export function personName(): string {
  try {
    const name = userInfo().username.replaceAll(/[^\w.:@-]/g, '-')
    return name.slice(0, 100) || 'owner'
  } catch {
    // A process may run under an id that has no account, as in containers.
    return 'owner'
  }
}
