// `npm run localstack:test`: the story on the shop that is deployed, through the emulator's API Gateway, EventBridge,
// Lambda, DynamoDB, SQS and S3. Ends with what held; exit code 1 at the first thing that did not.
import { Command } from 'commander'
import { prepareEnvironment, readDeployed, run, say } from './settings.ts'
import { createShopApi } from './shop-api.ts'
import { adminPage } from './story-admin.ts'
import { order, promoInForce } from './story-promos.ts'
import { replay } from './story-replay.ts'
import { everyReadingRoute } from './story-routes.ts'
import { deadLetter, firstShop, type Scene, sampleShop, tableAway, theLog, whoMay } from './story-steps.ts'

const steps: [title: string, step: (scene: Scene) => Promise<void>][] = [
  ['Who may do what', whoMay],
  ['The admin page', adminPage],
  ['The sample shop', sampleShop],
  ['Customer, product, purchase, over HTTP', firstShop],
  ['What was lost is replayed', replay],
  ['A promotion, tested, published, in force', promoInForce],
  ['An order', order],
  ['A dead letter, and its redrive', deadLetter],
  ['The table is taken away and brought back', tableAway],
  ['The log in S3', theLog],
  ['Every route that reads', everyReadingRoute],
]

async function main(): Promise<void> {
  prepareEnvironment()
  const deployed = readDeployed()
  const scene: Scene = {
    shop: createShopApi(deployed),
    deployed,
    mark: Date.now().toString(36),
  }
  const began = Date.now()
  for (const [i, [title, step]] of steps.entries()) {
    const started = Date.now()
    say(`${i + 1}. ${title}`)
    await step(scene)
    say(`   (${((Date.now() - started) / 1000).toFixed(1)} s)`)
  }
  say(`All ${steps.length} parts of the story held, in ${((Date.now() - began) / 1000).toFixed(0)} s.`)
}

const command = new Command('npm run localstack:test --').description(
  'Plays the story on the shop that npm run localstack:deploy put up.',
)
run(command, main)
