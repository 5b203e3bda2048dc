// The queue of both failure paths -> dead letters in the table. While the table is away, messages stay in the queue;
// what is no message of either path is put aside as an object, so that it is not lost and holds nothing up.
import { recordFailed } from '../lib/app/dead-letters.ts'
import { readDeadLetterMessage } from '../lib/lambda/dead-letter-message.ts'
import { writeMetric } from '../lib/lambda/emf.ts'
import { plainFunction } from '../lib/lambda/event-function.ts'
import { createLog, errorFields } from '../lib/lambda/log.ts'
import { queueMessages, sendBack } from '../lib/lambda/queue-batch.ts'

const log = createLog({ function: 'record-dead-letter' })

export const handler = plainFunction(
  ['table', 'objects', 'clock', 'random', 'functions'],
  async ({ functions, ...deps }, batch) => {
    const failed: string[] = []
    for (const message of queueMessages(batch)) {
      try {
        const letter = readDeadLetterMessage(message, functions)
        if (letter) {
          await recordFailed(deps, letter)
          writeMetric('DeadLettersRecorded', 1)
        } else {
          log.error('unreadable dead letter', { message_id: message.id })
          await deps.objects.put(`dead-letters/unreadable/${message.id}.txt`, new TextEncoder().encode(message.body))
        }
      } catch (error) {
        log.warn('stays in the queue', { message_id: message.id, ...errorFields(error) })
        failed.push(message.id)
      }
    }
    return sendBack(failed)
  },
)
