/**
 * The exit schedule (SPAR-K, section 4.2.1) and the policies that it is compared with (5.2). An {@link
 * sparrow.engine.exit.ExitPolicy} is a rule for one modality, an {@link sparrow.engine.exit.ExitPlan} has one for text and one for
 * speech, and an {@link sparrow.engine.exit.Exit} is one layer at which a position may exit. {@link sparrow.engine.exit.SkippedKv} says
 * how the layers above an exit get their keys and values.
 *
 * <pre>{@code
 * ExitPlan plan = ExitPlan.speech(DepthPolicy.parse("even:36"));  // SPAR-K: full depth and layer 36 in turn
 * plan.speech().exits(2, 40);                                     // second position of a chunk: exits after layer 36
 * DepthPolicy.parse("conf:20,28,36:0.5");                         // exits where the entropy is below 0.5 nats
 * }</pre>
 *
 * <p>Policies and plans are immutable values that print as the notation they are parsed from. The package does not decode: {@code
 * sparrow.engine.decode} asks it for the exits of each position.
 */
package sparrow.engine.exit;
