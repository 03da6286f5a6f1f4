/**
 * The exit schedule (SPAR-K, section 4.2.1) and the paper's baselines (section 5.2). A
 * {@link sparrow.engine.exit.DepthPolicy} is the policy for one modality: an {@link sparrow.engine.exit.ExitPolicy},
 * whose early units are final, or a {@link sparrow.engine.exit.Speculation}, whose early units are drafts. An
 * {@link sparrow.engine.exit.ExitPlan} contains a policy for text and a policy for speech. An
 * {@link sparrow.engine.exit.Exit} is a layer after which a position may exit. {@link sparrow.engine.exit.SkippedKv}
 * defines how the layers above an exit obtain their keys and values (section 4.2.3).
 *
 * <pre>{@code
 * ExitPlan plan = ExitPlan.speech(DepthPolicy.parse("even:36"));  // SPAR-K: full depth and layer 36 alternate
 * plan.speech().exits(2, 40);                                     // decides the second unit of a chunk: after layer 36
 * DepthPolicy.parse("conf:20,28,36:0.5");                         // exits where the entropy is below 0.5 nats
 * }</pre>
 *
 * <p>Policies and plans are immutable. The package does not decode: {@code sparrow.engine.decode} requests the exits of
 * each position.
 */
package sparrow.engine.exit;
