/**
 * What {@code sparrow bench voice} measures: how long a model takes from a spoken question to a spoken answer, stage by
 * stage, and what of the machine each stage uses. Start with {@link VoiceBenchmark}, {@link VoiceSettings} and {@link
 * VoiceReport}; {@code VoicePass} is one answer, stage after stage, {@code WholeAnswer} one as {@code sparrow ask} gives
 * it. {@link StageMeter} counts the products of the kernels.
 */
package sparrow.bench.voice;
