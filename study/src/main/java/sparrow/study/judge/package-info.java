/**
 * Judges of replies: reference answers, which require no model, or a language model. Start with {@link Judges#open} and
 * {@link Judge}, which returns a {@link Verdict}. A reply that cannot be judged is counted, and no exception is thrown,
 * so that one invalid answer from a service does not stop a run of several hours.
 */
package sparrow.study.judge;
