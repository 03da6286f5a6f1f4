/**
 * {@code sparrow bench voice}: how long a model takes from a spoken question to a spoken answer, stage by stage, and what of the
 * machine each stage uses. {@link sparrow.bench.voice.VoiceBenchmark} measures and reports; {@code VoicePass} is one answer, stage
 * after stage, {@code WholeAnswer} one as {@code sparrow ask} gives it. {@link sparrow.bench.voice.StageMeter} counts the products
 * of the kernels.
 */
package sparrow.bench.voice;
