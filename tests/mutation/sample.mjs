// Which mutants a sample has: one of so many, decided by the mutant's number, the same in each run.
export const isInSample = (mutant, oneOf) => (Math.imul(Number(mutant), 0x9e3779b1) >>> 0) % oneOf === 0
