// Every bound in one place, each with its reason. Sizes in bytes unless the name says otherwise.

export const limits = {
  /** HTTP bodies: well under API Gateway's 10 MB, and parsing stays under a millisecond. */
  bodyBytes: 64 * 1024,
  /** Deeper JSON than any schema of ours has is an attack or a mistake. */
  jsonDepth: 16,
  /** Levels of a line of `kram rules run` and `kram promos evaluate`: conditions ten deep, with room for facts. */
  lineDepth: 64,
  /** EventBridge: 1 MB for one PutEvents entry and request; the rest is for the entry's own fields. */
  eventBytes: 1_000_000,
  /** Of an event that no rule knows, as text in its item; a larger one is in the archive. */
  unknownEventBytes: 200 * 1024,
  /** EventBridge: entries in one PutEvents request. */
  publishEntries: 10,
  /** EventBridge: characters of an event pattern. */
  patternChars: 2_048,
  /** EventBridge: rules that the $or fields of one pattern multiply to. */
  patternCombinations: 1_000,
  /** Steps of one path of a pattern; an event may spell a path in ways that grow with the square of them. */
  patternSteps: 200,
  /** Beginnings of one wildcard that a text may match at once: the least that EventBridge is known to refuse. */
  wildcardComplexity: 11,
  /** Levels of an event that a pattern is matched against: Jackson, which EventBridge parses with, stops there. */
  eventDepth: 1_000,
  /** DynamoDB: actions in one TransactWriteItems. */
  writeOps: 100,
  /** DynamoDB: all items of one TransactWriteItems together. */
  writeBytes: 4 * 1024 * 1024,
  /** DynamoDB: keys in one BatchGetItem. */
  getKeys: 100,
  /** DynamoDB: one item. */
  itemBytes: 400 * 1024,
  /** DynamoDB: nesting of an attribute, 32 levels with the item's own. */
  itemDepth: 31,
  /** DynamoDB: a partition key. */
  partitionKeyBytes: 2_048,
  /** DynamoDB: a sort key. */
  sortKeyBytes: 1_024,
  /** DynamoDB: what one page of a query reads at most. */
  pageBytes: 1024 * 1024,
  /** Ids of customers, products, events: they become keys (DynamoDB: 1,024 bytes for a sort key). */
  idChars: 128,
  /** Ids of events and vouchers, made of other ids; in UTF-8 (3 bytes a unit) they still fit a sort key with a time. */
  eventIdChars: 300,
  /** Event types and the areas that send them: EventBridge allows 128 characters of detail-type. */
  eventTypeChars: 64,
  nameChars: 200,
  addressChars: 1_000,
  /** Attributes of a product, on which promotions filter. */
  attributes: 100,
  attributeNameChars: 100,
  attributeChars: 500,
  /** All attributes of a product as JSON: they are copied into every price and every purchase. */
  attributesChars: 20_000,
  /** A kind of goods (`chleb`): a day's statistics of a customer have one counter for each, in one item. */
  productTypeChars: 64,
  attributeListEntries: 50,
  groups: 50,
  quantity: 10_000,
  /** 10 million currency units: times the largest quantity it still fits a safe integer. */
  priceMinor: 1_000_000_000,
  cartLines: 200,
  /** Promo codes entered with one order. */
  orderCodes: 50,
  /** Promo configs: far more than people write, few enough that checking one takes no time. */
  promoActions: 20,
  promoConditions: 50,
  filterTests: 100,
  /** Values in one list of a filter or condition, as of SKUs on sale. */
  filterValues: 1_000,
  /** Codes of one promo that lie in its config: letters of one campaign, not a printed run of single ones. */
  promoCodes: 1_000,
  promoTexts: 2_000,
  hintChars: 500,
  /** An order's redemptions are written in the order's own transaction, which has `writeOps` actions. */
  limitedPromosPerOrder: 20,
  /** Promos in one set: one rule each (`rules`). */
  promos: 20_000,
  /**
   * Shards of a limit: as many as its parts are worth having. All of them are levelled in one write of `writeOps`; 64
   * take a million orders a minute, two write units each, below a partition's 1,000 units a second.
   */
  meterShards: [1, 8, 64],
  /** The least part of a limit that a shard is worth: uses, and 1,000 currency units of a budget. */
  shardUses: 100,
  shardBudgetMinor: 100_000,
  /**
   * Milliseconds for which counters that were read are not read again: so long that a million orders a minute, and ten
   * checkouts for each, read no shard above a partition's 3,000 units a second (docs/scale.md).
   */
  counterMs: 3_000,
  /** Counters that a process remembers: some 10 MB if all have the most shards. */
  rememberedCounters: 500,
  /** Rows that the embedded table keeps in mind, as text: as much as SQLite's own cache of pages. Parsed, some 60 MB. */
  keptRowsChars: 16 * 1024 * 1024,
  /** One of them: larger items are rarely asked for twice. */
  keptRowChars: 4_096,
  /** Promotions whose counters an evaluation knows from the start, when they made a difference lately. */
  tellingPromos: 100,
  /** An order as text, whole: in an outbox item (DynamoDB: 400 KB) and an event (EventBridge: 1 MB). */
  orderBytes: 380 * 1024,
  /** Times a placing order is evaluated anew because limits are found spent: each time at least one is left out. */
  usageRounds: 10,
  /** Promotions that a customer was shown, as an order names them: more than anybody reads. */
  promoIds: 1_000,
  /** Times an order is begun anew because others took from the same limits between: each time somebody got on. */
  orderTries: 50,
  /** Days of one answer of statistics: a quarter of a year. */
  statisticsDays: 92,
  /** Promotions that one request pauses: each is a save of its own. */
  pausedPromos: 100,
  /** Goods that are counted for the catalogue's attributes, and values that are told of one: a form shows no more. */
  countedProducts: 5_000,
  countedAttributes: 100,
  countedValues: 50,
  /** Of one promo: a save each minute for two years. Its digits are those of the sort key. */
  promoVersions: 999_999,
  /** Why a promo was changed, or an event discarded: a sentence or two. */
  reasonChars: 500,
  /**
   * Steps of applying actions to lines and units, a microsecond or two each: 250 promos on every line of the largest
   * cart. All hints of an answer together have as many once more.
   */
  promoSteps: 50_000,
  /** Hints that anyone reads: of a tool, and of a customer who waits. */
  hints: 10,
  hintsShown: 3,
  /** Promos near to an order, the nearest first, that are looked at for hints; of each it costs some microseconds. */
  hintCandidates: 100,
  hintCandidatesShown: 8,
  /** Hints are tried on the changed cart before they are shown, each for the price of an evaluation: so many at most. */
  hintTries: 30,
  hintTriesShown: 4,
  /** Of a promo with alternatives, how many are tried after the first one came to nothing; each counts as a try. */
  hintWays: 3,
  /** Promos that did not apply, as a customer is told of them: the nearest. */
  refusedShown: 10,
  /** A page of a listing. */
  pageItems: 100,
  /** A page of what a store lists: unless another is asked for, and at most. */
  storePageItems: 100,
  storePageMost: 1_000,
  /** What is kept of the message of a failure. */
  failureChars: 1_000,
  /** Opaque page tokens, as callers hand them back. */
  pageTokenChars: 2_000,
  /** Events in one POST /events: what 64 KiB hold of small ones. */
  postedEvents: 200,
  /** Events that one page of GET /events looks at, so that a pattern that nothing matches costs a bounded time. */
  scannedEvents: 10_000,
  /** Idempotency-Key and x-correlation-id: UUIDs and the like, with room for prefixes. */
  requestIdChars: 128,
  /** A bearer token of ours has about 250 characters; API Gateway takes headers of 10 KB in all. */
  tokenChars: 2_048,
  /** A token of the embedded run lasts this long at most: nobody can take one back. */
  tokenSeconds: 30 * 24 * 60 * 60,
  /** The link to the admin page: long enough to be opened, too short to be found later in a scrollback. */
  adminLinkSeconds: 10 * 60,
  /** Being signed in to the admin page of the embedded run: a long working day. */
  adminSessionSeconds: 12 * 60 * 60,
  /** How far ahead of our clock an event may claim to be: clocks drift, but not by more. */
  futureMs: 5 * 60 * 1000,
  /** An outbox item this old was missed by the relay; the sweeper sends it. */
  outboxAgeMs: 60 * 1000,
  /** Outbox items in one sweep: what a function of a minute's patience gets done. */
  sweepItems: 10_000,
  /** Times a read-modify-write is begun anew because somebody else wrote between: more is not a race but a fault. */
  writeTries: 20,
  /** How long one turn (lib/app/turns.ts) may keep others waiting: longer than functions behind HTTP have in all. */
  turnMs: 12_000,
  /** Events a second that a replay may ask for: more than any table takes. */
  replayRate: 100_000,
  /** Events that lie aside and that one request sends again or discards, each in a write of its own. */
  asideChanged: 500,
  /** Dead letters are sent again, with backoff, for this long. */
  redriveMs: 14 * 24 * 60 * 60 * 1000,
  /** A redrive stops beginning new ones after this long; its function has twice the time. */
  redriveRunMs: 60 * 1000,
  /** Events of dead letters up to this size lie in the table; larger ones in the store of objects. */
  deadLetterEventBytes: 200 * 1024,
  /** One line of a JSONL command: eight of the largest events. */
  lineChars: 8 * 1024 * 1024,
  /** Rules in one base: twice the 10,000 that checkout is measured with. */
  rules: 20_000,
  /** Of any one rule, nested ones counted: more than an editor could read. */
  ruleConditions: 64,
  /** Of any one rule, nested ones counted. */
  ruleTests: 256,
  /** Of any one rule, nested ones counted: some for each of its tests and values. */
  ruleExpressions: 2_000,
  /** Variables of a rule: sets of them are kept as bits of an integer. */
  ruleVariables: 30,
  /** Conditions, tests and expressions within each other. */
  ruleDepth: 10,
  /** Facts that one rule inserts per match, and values within one such fact. */
  ruleTemplates: 20,
  ruleTemplateValues: 500,
  /** Values of one `in`. */
  ruleListEntries: 1_000,
  ruleTextChars: 1_000,
  pathSteps: 8,
  /** Facts given to one session: the largest cart fifty times over. */
  sessionFacts: 10_000,
  /** Steps of one evaluation, a few nanoseconds each: thirty times what 10,000 promotions and 100 lines take. */
  ruleSteps: 1_000_000,
  /** Facts whose matches a rule base remembers: some 4 MB. */
  memoEntries: 8_192,
  /** What such a fact may be known by; a longer key, as who sends a request may choose it, is not kept. */
  memoKeyChars: 256,
  /** Matches shown in one explanation. */
  explainedMatches: 100,
  /** Faults named in one refusal. */
  issues: 20,
} as const
