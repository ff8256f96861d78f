/** What can go wrong between the widget and the service. */
import type { ProblemAnswer, ProblemFault } from './types';

/** The service could not be reached, or could not answer for now: worth asking again. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';

  constructor(
    message: string,
    /** Seconds that the service asks to wait; null where it says nothing. */
    readonly retryAfterS: number | null = null,
    /** 429: more questions than allowed. */
    readonly busy = false,
  ) {
    super(message);
  }
}

/** The service understood and says no: asking the same again gives the same. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(readonly problem: ProblemAnswer) {
    super(problem.detail || problem.title);
  }

  get status(): number {
    return this.problem.status;
  }

  get faults(): readonly ProblemFault[] {
    return this.problem.errors ?? [];
  }

  /** What was wrong with one parameter. */
  fault(parameter: string): ProblemFault | undefined {
    return this.faults.find((fault) => fault.parameter === parameter);
  }
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
