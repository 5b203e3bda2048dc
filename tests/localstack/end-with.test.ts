// What scripts start ends with them: told by a signal, or by the end of the script.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** A script with a child that never ends by itself; `then`: what the script does when the child is there. */
async function script(then: string, child = 'setInterval(() => {}, 1e3)') {
  const source = `
    import { spawn } from 'node:child_process'
    import { endWith } from '${resolve('localstack/end-with.ts')}'
    const child = spawn(process.execPath, ['-e', ${JSON.stringify(`${child};console.log('there')`)}], { stdio: ['ignore', 'pipe', 'inherit'] })
    endWith(child)
    child.stdout.once('data', () => { console.log(child.pid); ${then} })
  `
  const running = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said] = await once(running.stdout, 'data')
  return { running, ended: once(running, 'exit'), childPid: Number(said) }
}

const gone = (pid: number) => expect.poll(() => isThere(pid), { timeout: 20_000 }).toBe(false)

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s ends both', async (signal) => {
  const { running, ended, childPid } = await script('')
  expect(isThere(childPid)).toBe(true)
  running.kill(signal)
  await Promise.all([ended, gone(childPid)])
})

test('a child that does not listen is made to end by the second signal', async () => {
  const { running, ended, childPid } = await script('', "process.on('SIGTERM', () => {});setInterval(() => {}, 1e3)")
  running.kill('SIGTERM')
  await new Promise((done) => setImmediate(done))
  expect(isThere(childPid)).toBe(true)
  // Signals of one kind that come together count once.
  await expect.poll(() => running.kill('SIGINT') && isThere(childPid), { timeout: 20_000 }).toBe(false)
  await ended
})

test('the end of the script ends its child', async () => {
  const { ended, childPid } = await script('process.exit(3)')
  expect((await ended)[0]).toBe(3)
  await gone(childPid)
})
