// A process that raises the object `counter` so many times by compare and set. Arguments: root, times.
import { createDirectoryObjects } from '../../lib/adapters/objects/directory.ts'

const [root = '', times = '0'] = process.argv.slice(2)
const objects = createDirectoryObjects({ root })

for (let done = 0; done < Number(times); ) {
  const object = await objects.get('counter')
  if (object === 'not_modified') throw new Error('asked for no ETag')
  const count = object === undefined ? 0 : Number(Buffer.from(object.bytes).toString())
  const condition = object === undefined ? ({ ifAbsent: true } as const) : { ifMatch: object.etag }
  const answer = await objects.put('counter', Buffer.from(String(count + 1)), condition)
  if (answer !== 'refused') done++
}
