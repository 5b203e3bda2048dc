// `npm run localstack:all`: an emulator of its own on a free port, the shop deployed to it, the story, and everything
// taken down again. For .ci/run: exit code 77 and the reason on the last line where it cannot be tried.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { Command } from 'commander'
import { endWith } from './end-with.ts'
import { findMinistack, installMinistack, startMinistack } from './ministack.ts'
import { folder, root, run, say } from './settings.ts'

const skipped = 77

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

async function main(): Promise<void> {
  let python = findMinistack()
  if (!python) {
    const installed = installMinistack()
    if ('why' in installed) {
      say(installed.why)
      process.exitCode = skipped
      return
    }
    python = installed.python
  }
  // Each function may do what its role says, and nothing else.
  process.env.AUTH ??= 'true'
  const port = await freePort()
  const log = `${folder}/ministack.log`
  const emulator = await startMinistack(python, { port, logPath: log })
  const env = { ...process.env, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` }
  try {
    for (const script of ['deploy', 'story', 'remove']) {
      const args = ['--disable-warning=ExperimentalWarning', `${root}localstack/${script}.ts`]
      const child = spawn(process.execPath, args, { stdio: 'inherit', env, cwd: root })
      endWith(child)
      const status = await new Promise((resolve) => child.on('exit', resolve))
      if (status !== 0)
        throw new Error(`localstack/${script}.ts failed; the emulator's log is .localstack/ministack.log`)
    }
  } finally {
    emulator.kill()
  }
}

const command = new Command('npm run localstack:all --').description(
  'An emulator of its own, the shop deployed to it, the story, and everything taken down again.',
)
run(command, main)
