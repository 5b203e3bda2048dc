// Which subscriptions a replay is for; the same on every bus.
import { KramError } from '../../base/errors.ts'

export const replayRefused = (pointer: string, message: string): KramError =>
  new KramError('invalid', 'replay_refused', message, { detail: { issues: [{ pointer, message }] } })

/**
 * Those that were asked for, each once; all that take replays when none was named.
 * @throws KramError invalid `replay_refused` for one that there is not, or that takes no replays
 */
export function replayTargets<Subscription extends { name: string; takesReplays: boolean }>(
  subscriptions: readonly Subscription[],
  asked: readonly string[] | undefined,
): Subscription[] {
  if (asked === undefined) return subscriptions.filter(({ takesReplays }) => takesReplays)
  const targets = asked.map((name, at) => {
    const subscription = subscriptions.find((known) => known.name === name)
    if (!subscription) throw replayRefused(`/subscriptions/${at}`, `There is no subscription ${name}.`)
    if (subscription.takesReplays) return subscription
    throw replayRefused(`/subscriptions/${at}`, `${name} takes no replays: it acts on events.`)
  })
  return [...new Set(targets)]
}
