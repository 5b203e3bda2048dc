import { WriteStream } from 'node:tty'
import { expect, test, vi } from 'vitest'
import { startProgress } from '../../lib/cli/progress.ts'

/** A stream that says whether it is a terminal and keeps what is written to it. */
function stream(isTTY: boolean): { stream: WriteStream; written: () => string } {
  const fake = Object.create(WriteStream.prototype)
  const write = vi.fn(() => true)
  Object.assign(fake, { isTTY, columns: 80, write })
  return { stream: fake, written: () => write.mock.calls.flat().join('') }
}

test('a terminal sees a bar with what and how many, and gets its cursor back', async () => {
  const terminal = stream(true)
  const progress = await startProgress('customers', 5, terminal.stream)
  progress.advance(5)
  progress.stop()
  expect(terminal.written()).toContain('customers')
  expect(terminal.written()).toContain('5/5')
  expect(terminal.written().lastIndexOf('\u001b[?25h')).toBeGreaterThan(terminal.written().lastIndexOf('\u001b[?25l'))
})

test.each([
  ['a pipe', false, 5],
  ['a terminal when there is nothing to do', true, 0],
])('%s sees nothing', async (_, isTTY, total) => {
  const pipe = stream(isTTY)
  const progress = await startProgress('customers', total, pipe.stream)
  progress.advance(total)
  progress.stop()
  expect(pipe.written()).toBe('')
})
