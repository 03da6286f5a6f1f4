/**
 * {@code sparrow bench voice}: the time from a spoken question to a spoken answer by stage, and how much of the
 * machine's capacity each stage uses. {@link sparrow.bench.voice.VoiceBenchmark} measures and reports.
 * {@code VoicePass} is an answer whose stages run one after another, and {@code WholeAnswer} is an answer computed as
 * in {@code sparrow ask}. {@link sparrow.bench.voice.StageMeter} counts the products of the kernels.
 */
package sparrow.bench.voice;
