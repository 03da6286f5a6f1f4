/**
 * Judges of replies: by comparison with reference answers, which needs nothing, or by a language model that is asked.
 * Start with {@link Judges#open} and {@link Judge}; it gives a {@link Verdict}. A reply that cannot be judged is
 * counted, not thrown: one broken answer of a service must not end a run of hours.
 */
package sparrow.study.judge;
