// Replays of EventBridge's own archive: a range of time, sent again to the rules that take replays.
import {
  CancelReplayCommand,
  DescribeReplayCommand,
  type EventBridgeClient,
  type ReplayState,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge'
import { KramError } from '../../base/errors.ts'
import { toInstant } from '../../base/time.ts'
import type { Bus, ReplayRequest, ReplayStatus } from '../../ports/bus.ts'
import type { Clock } from '../../ports/clock.ts'
import { nameOf, type Patience, patiently, unavailable } from '../aws.ts'
import { timeRange } from '../time-range.ts'
import { replayRefused, replayTargets } from './replay-targets.ts'

export type ReplayOptions = {
  busArn: string
  archiveArn: string
  /** Every subscription with the ARN of its rule. */
  subscriptions: readonly { name: string; takesReplays: boolean; ruleArn: string }[]
}

type Options = { replays: () => ReplayOptions; client: EventBridgeClient; patience: Patience; clock: Clock }

const notFound = (name: string) => new KramError('not_found', 'replay_not_found', `There is no replay ${name}.`)

const states: Record<ReplayState, ReplayStatus['state']> = {
  STARTING: 'running',
  RUNNING: 'running',
  CANCELLING: 'running',
  COMPLETED: 'completed',
  CANCELLED: 'cancelled',
  FAILED: 'failed',
}

const statusOf = (name: string, State: ReplayState | undefined, reason: string | undefined): ReplayStatus => ({
  name,
  state: State === undefined ? 'running' : states[State],
  ...(reason ? { message: reason } : {}),
})

/** The rules to replay to; EventBridge would take those that refuse replays, and they would drop every event. */
function ruleArns(subscriptions: ReplayOptions['subscriptions'], asked: readonly string[] | undefined): string[] {
  const targets = replayTargets(subscriptions, asked)
  // No filter would mean every rule.
  if (targets.length === 0) throw replayRefused('/subscriptions', 'No subscription takes replays.')
  return targets.map(({ ruleArn }) => ruleArn)
}

function checkFlags({ pattern, rate }: ReplayRequest): void {
  const instead = 'the log in S3 can do it: kram rebuild, or kram replay with --type or --rate'
  if (pattern) throw replayRefused('/pattern', `EventBridge replays whole ranges of time, not a pattern; ${instead}.`)
  if (rate !== undefined) throw replayRefused('/rate', `EventBridge replays at its own rate; ${instead}.`)
}

export function createEventBridgeReplays(options: Options): Pick<Bus, 'replay' | 'replayStatus' | 'cancelReplay'> {
  const { replays, client, patience, clock } = options

  /** Asks EventBridge; `name` is the replay that may not be there. */
  const ask = async <T>(name: string, request: () => Promise<T>): Promise<T> => {
    // No other name can be a replay's, and EventBridge would call it a wrong request.
    if (!/^[\w.-]{1,64}$/.test(name)) throw notFound(name)
    try {
      return await patiently(patience, request)
    } catch (error) {
      if (nameOf(error) === 'ResourceNotFoundException') throw notFound(name)
      if (nameOf(error) === 'LimitExceededException') {
        throw new KramError('limit', 'too_many_replays', 'Too many replays are running: let one end, or cancel it.')
      }
      if (error instanceof KramError || nameOf(error) === 'IllegalStatusException') throw error
      throw unavailable('bus_unavailable', 'The bus', error)
    }
  }

  const replayStatus = async (name: string): Promise<ReplayStatus> => {
    const answer = await ask(name, () => client.send(new DescribeReplayCommand({ ReplayName: name })))
    return statusOf(name, answer.State, answer.StateReason)
  }

  return {
    async replay(request) {
      const { takenFrom, takenTo } = timeRange(request)
      checkFlags(request)
      const { busArn, archiveArn, subscriptions } = replays()
      const FilterArns = ruleArns(subscriptions, request.subscriptions)
      const stamp = toInstant(clock.now()).replace(/[^0-9]/g, '')
      const name = `${busArn.split('/').at(-1)?.slice(0, 36)}-${stamp}-${Math.floor(patience.random.next() * 1e6)}`
      const command = new StartReplayCommand({
        ReplayName: name,
        EventSourceArn: archiveArn,
        EventStartTime: new Date(takenFrom),
        // What is to come cannot be replayed.
        EventEndTime: new Date(Math.max(Math.min(takenTo, clock.now()), takenFrom + 1)),
        Destination: { Arn: busArn, FilterArns },
      })
      try {
        const { State, StateReason } = await ask(name, () => client.send(command))
        return statusOf(name, State, StateReason)
      } catch (error) {
        // The answer to our own first request was lost: the name is of this moment and chance.
        if (error instanceof KramError && nameOf(error.cause) === 'ResourceAlreadyExistsException') {
          return await replayStatus(name)
        }
        throw error
      }
    },
    replayStatus,
    async cancelReplay(name) {
      try {
        const command = new CancelReplayCommand({ ReplayName: name })
        const { State, StateReason } = await ask(name, () => client.send(command))
        return statusOf(name, State, StateReason)
      } catch (error) {
        // It has ended, and stays as it is.
        if (nameOf(error) === 'IllegalStatusException') return await replayStatus(name)
        throw error
      }
    },
  }
}
